"""/api/v1/domain_blocks"""

from typing import Annotated, Any

import msgspec

from folkmoot.domain.boundaries import actions
from folkmoot.domain.boundaries.queries import list_domain_blocks
from folkmoot.surfaces.mastodon.operations import (
    NEEDED,
    Answer,
    Call,
    PageParams,
    Router,
    link_header,
)

router = Router("domain_blocks")


class DomainParams(msgspec.Struct):
    """A domain."""

    domain: Annotated[str, NEEDED] = ""


@router.get("/api/v1/domain_blocks", scope="read:blocks follow", returns=list[str])
def list_blocked(call: Call, params: PageParams) -> Answer:
    """The domains one blocks."""
    page = params.page(100, 200)
    rows = list_domain_blocks(call.tx, call.me.account_id, page)
    headers = link_header(
        call,
        first=rows[0].id if rows else None,
        last=rows[-1].id if rows else None,
        full=len(rows) >= page.limit,
        newer="since_id",
    )
    return Answer([row.domain for row in rows], headers=headers)


@router.post("/api/v1/domain_blocks", scope="write:blocks follow", returns=dict[str, Any])
def block(call: Call, params: DomainParams) -> dict[str, Any]:
    """Hides everybody of a domain."""
    actions.block_domain(call.tx, call.me.account_id, params.domain)
    return {}


@router.delete("/api/v1/domain_blocks", scope="write:blocks follow", returns=dict[str, Any])
def unblock(call: Call, params: DomainParams) -> dict[str, Any]:
    """Hides a domain no longer."""
    actions.unblock_domain(call.tx, call.me.account_id, params.domain)
    return {}
