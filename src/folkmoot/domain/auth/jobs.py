"""Letters: those with a link, and those that only tell something."""

import structlog

from folkmoot.domain.auth.actions import make_link, sweep_links
from folkmoot.domain.auth.model import (
    LetterKind,
    LetterOrder,
    Notice,
    SealedNotice,
    Sweep,
    UserNotFound,
    compose_notice,
    open_notice,
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
    key, email, locale = begun
    url = f"{context.settings.server.base_url}{_PATHS[order.kind]}{key}"
    await _send(
        context, compose_notice(context.settings, order.kind, to=email, locale=locale, url=url)
    )


def _begin(tx: Tx, order: LetterOrder) -> tuple[str, str, str] | None:
    """The key of the letter's link, and to whom it goes in which locale; None for who has gone or
    has confirmed another address meanwhile.
    """
    try:
        user = get_user(tx, order.account_id)
    except UserNotFound:
        return None
    email = user.new_email if order.kind == LetterKind.NEW_EMAIL else user.email
    return (make_link(tx, order, email), email, user.locale) if email else None


async def send_notice(context: Context, sealed: SealedNotice) -> None:
    """Sends a letter that was composed when it was enqueued."""
    await _send(context, open_notice(context.settings, sealed))


async def _send(context: Context, notice: Notice) -> None:
    """Gives up on an address that is refused for good; for all else the job is tried again."""
    letter = Letter(
        to=notice.to, subject=notice.subject, text=notice.text, language=notice.language
    )
    try:
        await context.mailer.send(letter)
    except MailFailed as failed:
        if not failed.permanent:
            raise
        log.warning("letter refused for good", letter=notice.letter, reason=str(failed))


async def sweep(context: Context, payload: Sweep) -> None:
    """Forgets links that ran out."""
    await context.db.write(sweep_links)
