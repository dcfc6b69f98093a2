"""/api/v1/blocks"""

from folkmoot.domain.boundaries.queries import list_blocks
from folkmoot.surfaces.mastodon.accounts import answer_accounts
from folkmoot.surfaces.mastodon.entities.account import Account
from folkmoot.surfaces.mastodon.operations import Answer, Call, PageParams, Router

router = Router("blocks")


@router.get("/api/v1/blocks", scope="read:blocks follow", returns=list[Account])
def list_blocked(call: Call, params: PageParams) -> Answer:
    """Whom one blocks."""
    page = params.page(40, 80)
    return answer_accounts(call, list_blocks(call.tx, call.me.account_id, page), page.limit)
