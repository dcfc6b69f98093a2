"""Letters: those with a link, and those that only tell something."""

import structlog

from folkmoot.domain.auth.actions import make_link, sweep_links
from folkmoot.domain.auth.model import LetterKind, LetterOrder, Notice, Sweep
from folkmoot.kit.context import Context
from folkmoot.kit.mail import Letter, MailFailed

log = structlog.get_logger("auth")

# Where the links lead: pages of the web surface.
_PATHS = {
    LetterKind.CONFIRM: "/auth/confirmation/",
    LetterKind.NEW_EMAIL: "/auth/confirmation/",
    LetterKind.PASSWORD: "/auth/password-reset/",
}
_SUBJECTS = {
    LetterKind.CONFIRM: "Confirm your e-mail address",
    LetterKind.NEW_EMAIL: "Confirm your new e-mail address",
    LetterKind.PASSWORD: "Choose a new password",
}
_TEXTS = {
    LetterKind.CONFIRM: """Welcome to {title}!

Open this address to confirm that your e-mail reaches you. It works for seven days.

{url}

If you did not sign up at {host}, do nothing: the account goes away by itself.
""",
    LetterKind.NEW_EMAIL: """Somebody with an account at {title} wants letters sent here.

If that is you, open this address to confirm it. It works for seven days.

{url}

If it is not, do nothing, and nothing changes.
""",
    LetterKind.PASSWORD: """Somebody asked for a new password for your account at {title}.

If that was you, open this address to choose one. It works once, for an hour.

{url}

If it was not, do nothing: your password stays as it is.
""",
}


async def send_letter(context: Context, order: LetterOrder) -> None:
    """Makes the link and sends it; run twice, it sends two letters whose links both work."""
    key = await context.db.write(make_link, order)
    settings = context.settings
    title = settings.instance.title
    url = f"{settings.server.base_url}{_PATHS[order.kind]}{key}"
    text = _TEXTS[order.kind].format(title=title, url=url, host=settings.domain)
    subject = f"{_SUBJECTS[order.kind]} · {title}"
    await _send(context, Letter(to=order.email, subject=subject, text=text, language="en"))


async def send_notice(context: Context, notice: Notice) -> None:
    """Sends a letter that was composed when it was enqueued."""
    letter = Letter(to=notice.to, subject=notice.subject, text=notice.text, language="en")
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
