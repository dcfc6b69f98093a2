"""Follow-ups of accounts: whether the pages that a profile claims link back to it (rel=me)."""

import structlog

from folkmoot.domain.accounts.actions import note_verified
from folkmoot.domain.accounts.model import VERIFY, PagesToVerify, claims_page, decode_fields
from folkmoot.domain.accounts.queries import find_account
from folkmoot.kit import clock, jobs
from folkmoot.kit.context import Context
from folkmoot.kit.db import Tx
from folkmoot.kit.errors import Refusal
from folkmoot.kit.pagemeta import links_back
from folkmoot.kit.text import sole_url

log = structlog.get_logger("accounts")

_MAX_BYTES = 2 * 1024 * 1024
_PAGES = ("text/html", "application/xhtml+xml")
# A page is often made to link back only after the profile names it.
_AGAIN_AFTER = (5 * clock.MINUTE, clock.HOUR, clock.DAY)


async def verify_pages(context: Context, payload: PagesToVerify) -> None:
    """Fetches each claimed page; those that do not link back are looked at again later."""
    account = await context.db.read(find_account, payload.account_id)
    if account is None:
        return
    claimed = [f.value for f in decode_fields(account) if claims_page(context.settings, f)]
    verified = {value for value in claimed if await _confirms(context, value, account.url)}
    if verified:
        await context.db.write(note_verified, account.id, verified)
    if len(verified) < len(claimed) and payload.tries < len(_AGAIN_AFTER):
        await context.db.write(_try_again, payload)


async def _confirms(context: Context, value: str, profile_url: str) -> bool:
    url = sole_url(value)
    if url is None:
        return False
    try:
        response = await context.http.get(url, types=_PAGES, max_bytes=_MAX_BYTES)
        response.require_ok()
    except Refusal as failure:
        log.info("claimed page not read", url=url, why=str(failure))
        return False
    return links_back(response.body, {profile_url}, base_url=response.url)


def _try_again(tx: Tx, payload: PagesToVerify) -> None:
    again = PagesToVerify(payload.account_id, payload.tries + 1)
    jobs.enqueue(tx, VERIFY, again, at=tx.now + _AGAIN_AFTER[payload.tries])
