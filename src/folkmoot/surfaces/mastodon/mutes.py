"""/api/v1/mutes"""

import msgspec

from folkmoot.domain.boundaries.queries import list_mutes
from folkmoot.kit.clock import iso
from folkmoot.surfaces.mastodon.entities.account import Account, present_accounts
from folkmoot.surfaces.mastodon.operations import Answer, Call, PageParams, Router, link_header

router = Router("mutes")


class MutedAccount(Account, kw_only=True):
    """A muted profile, and when the mute ends."""

    mute_expires_at: str | None = None


@router.get("/api/v1/mutes", scope="read:mutes follow", returns=list[MutedAccount])
def list_muted(call: Call, params: PageParams) -> Answer:
    """Whom one mutes."""
    page = params.page(40, 80)
    rows = list_mutes(call.tx, call.me.account_id, page)
    headers = link_header(
        call,
        first=rows[0].id if rows else None,
        last=rows[-1].id if rows else None,
        full=len(rows) >= page.limit,
        newer="since_id",
    )
    accounts = present_accounts(call.app, call.tx, [row.account_id for row in rows])
    muted = [
        _with_end(bytes(accounts[row.account_id]), row.expires_at)
        for row in rows
        if row.account_id in accounts
    ]
    return Answer(b"[" + b",".join(muted) + b"]", headers=headers)


def _with_end(account: bytes, expires_at: int | None) -> bytes:
    """The encoded account with one more field."""
    end = msgspec.json.encode(iso(expires_at) if expires_at else None)
    return account[:-1] + b',"mute_expires_at":' + end + b"}"
