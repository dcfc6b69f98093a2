"""Letters: those with a link, and those that only tell something."""

import structlog

from folkmoot.domain.auth.actions import make_link, sweep_links
from folkmoot.domain.auth.model import (
    LetterKind,
    LetterOrder,
    Notice,
    Sweep,
    UserNotFound,
    compose_notice,
)
from folkmoot.domain.auth.queries import get_user
from folkmoot.kit.context import Context
from folkmoot.kit.db import Tx
from folkmoot.kit.mail import Letter, MailFailed

log = structlog.get_logger("auth")

# Where the links lead: pages of the web surface.
_PATHS = {
    LetterKind.CONFIRM: "/auth/confirmation/",
    LetterKind.NEW_EMAIL: "/auth/confirmation/",
    LetterKind.PASSWORD: "/auth/password-reset/",
}


async def send_letter(context: Context, order: LetterOrder) -> None:
    """Makes the link and sends it; run twice, it sends two letters whose links both work."""
    begun = await context.db.write(_begin, order)
    if begun is None:
        return
    key, locale = begun
    url = f"{context.settings.server.base_url}{_PATHS[order.kind]}{key}"
    notice = compose_notice(context.settings, order.kind, to=order.email, locale=locale, url=url)
    await send_notice(context, notice)


def _begin(tx: Tx, order: LetterOrder) -> tuple[str, str] | None:
    """The key of the letter's link, and the locale of whom it is for; None for who has gone."""
    try:
        user = get_user(tx, order.account_id)
    except UserNotFound:
        return None
    return make_link(tx, order), user.locale


async def send_notice(context: Context, notice: Notice) -> None:
    """Sends a letter that was composed when it was enqueued."""
    letter = Letter(
        to=notice.to, subject=notice.subject, text=notice.text, language=notice.language
    )
    await _send(context, letter)


async def _send(context: Context, letter: Letter) -> None:
    """Gives up on an address that is refused for good; for all else the job is tried again."""
    try:
        await context.mailer.send(letter)
    except MailFailed as failed:
        if not failed.permanent:
            raise
        log.warning("letter refused for good", subject=letter.subject, reason=str(failed))


async def sweep(context: Context, payload: Sweep) -> None:
    """Forgets links that ran out."""
    await context.db.write(sweep_links)
