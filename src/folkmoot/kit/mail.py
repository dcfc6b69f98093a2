"""Sends letters by SMTP, or without an SMTP server writes them to a folder and says where.

A letter is text, with HTML beside it where that helps. Sending is meant for jobs: it may take
long, and `MailFailed` says whether trying again makes sense.
"""

import asyncio
import os
import secrets
import ssl
import time
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import structlog

from folkmoot.kit.settings import Settings

log = structlog.get_logger("mail")


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be said to whom. `unsubscribe_url` is for letters that one may decline: it
    takes a POST without sign-in (RFC 8058)."""

    to: str
    subject: str
    text: str
    html: str = ""
    language: str = ""
    unsubscribe_url: str = ""


class MailFailed(Exception):
    """The letter could not be sent"""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Mailer:
    """Sends in the name of this server. `tls`: whom to trust, instead of the system's store."""

    def __init__(self, settings: Settings, *, tls: ssl.SSLContext | None = None) -> None:
        self._settings = settings.mail
        self._host = urlsplit(settings.server.base_url).hostname or "localhost"
        sender = settings.mail.sender or f"noreply@{self._host}"
        self._sender = _address(sender, settings.instance.title)
        self._tls = tls

    async def send(self, letter: Letter) -> str:
        """Sends a letter and returns its Message-ID. Raises MailFailed."""
        try:
            message = self.compose(letter)
        except (ValueError, IndexError) as error:
            raise MailFailed(f"not a letter that can be sent: {error}", permanent=True) from error
        if self._settings.host:
            await self._send_by_smtp(message)
        else:
            file = await asyncio.to_thread(_write, self._settings.folder, message)
            log.info("mail written to a file, as no SMTP server is set", file=str(file))
        return str(message["Message-ID"])

    def compose(self, letter: Letter) -> EmailMessage:
        """The message with all its headers. Raises ValueError for what fits no header."""
        message = EmailMessage(policy=SMTP)
        message["From"] = self._sender
        message["To"] = _address(letter.to)
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = make_msgid(domain=self._host)
        if self._settings.reply_to:
            message["Reply-To"] = _address(self._settings.reply_to)
        # RFC 3834: no auto-responder shall answer, and none of ours be mistaken for a person.
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        if letter.unsubscribe_url:
            message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(letter.text)
        if letter.html:
            message.add_alternative(letter.html, subtype="html")
        if letter.language:  # last, since setting the content takes such headers away
            message["Content-Language"] = letter.language
        return message

    async def greet(self) -> None:
        """Connects and signs in to the SMTP server, sending nothing. Raises MailFailed."""
        import aiosmtplib

        try:
            client = aiosmtplib.SMTP(**self._connection())
            async with client:
                await client.noop()
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _failure(error) from error

    async def _send_by_smtp(self, message: EmailMessage) -> None:
        import aiosmtplib

        try:
            await aiosmtplib.send(message, **self._connection())
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _failure(error) from error

    def _connection(self) -> dict[str, Any]:
        settings = self._settings
        return {
            "hostname": settings.host,
            "port": settings.port,
            "username": settings.user or None,
            "password": settings.password or None,
            "use_tls": settings.tls == "tls",
            "start_tls": settings.tls == "starttls",
            "tls_context": self._tls,
            "timeout": settings.timeout_s,
            "local_hostname": self._host,
        }


def _address(text: str, name: str = "") -> Address:
    """An address as a header takes it. Raises ValueError when it is none."""
    given, plain = parseaddr(text)
    if "@" not in plain or any(mark in text for mark in "\r\n"):
        raise ValueError("not an e-mail address")
    return Address(given or name, addr_spec=plain)


def _failure(error: Exception) -> MailFailed:
    """SMTP's 5xx is final for this letter (RFC 5321, 4.2.1); all else may pass. Refused sign-in
    counts as passing, since the operator can mend it without the letter being at fault."""
    import aiosmtplib

    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        codes = [refused.code for refused in error.recipients]
        return MailFailed("recipient refused", permanent=all(code >= 500 for code in codes))
    final = isinstance(error, aiosmtplib.SMTPResponseException) and not isinstance(
        error, aiosmtplib.SMTPAuthenticationError
    )
    permanent = final and getattr(error, "code", 0) >= 500
    return MailFailed(str(error) or type(error).__name__, permanent=permanent)


def _write(folder: Path, message: EmailMessage) -> Path:
    """Writes under a name that sorts by time; whole or not at all, readable by its owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem = f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{secrets.token_hex(4)}"
    partial, file = folder / f".{stem}.part", folder / f"{stem}.eml"
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(message.as_bytes())
    partial.rename(file)
    return file
