"""/api/v1/endorsements"""

from folkmoot.domain.relationships.queries import list_endorsements
from folkmoot.surfaces.mastodon.accounts import answer_accounts
from folkmoot.surfaces.mastodon.entities.account import Account
from folkmoot.surfaces.mastodon.operations import Answer, Call, PageParams, Router

router = Router("endorsements")


@router.get("/api/v1/endorsements", scope="read:accounts", returns=list[Account])
def list_own(call: Call, params: PageParams) -> Answer:
    """Whom one features on one's profile."""
    page = params.page(40, 80)
    me = call.me.account_id
    return answer_accounts(call, list_endorsements(call.tx, me, page, viewer_id=me), page.limit)
