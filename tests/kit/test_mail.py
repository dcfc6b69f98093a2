import asyncio
import email
import email.policy
import ssl
import stat
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from folkmoot.kit.mail import Letter, Mailer, MailFailed
from folkmoot.kit.settings import Instance, Mail, Server, Settings

LETTER = Letter(
    to="张三 <zhang@example.org>",
    subject="Welcome 欢迎",
    text="Hello 你好\nhttps://folk.example/confirm?token=1\n",
    html="<p>Hello 你好</p>",
    language="zh",
    unsubscribe_url="https://folk.example/unsubscribe/abc",
)


class Postbox:
    """What the server of the test received; it refuses who is called nobody or later."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such mailbox"
        if address.startswith("later"):
            return "450 mailbox busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, _server: Any, _session: Any, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append(parsed(content))
        return "250 OK"


class LocalServer(Controller):
    """Listens on whatever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def parsed(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def right_password(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and data == LoginPassword(b"folk", b"right")
    return AuthResult(success=right, handled=right)


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def server(postbox: Postbox, authority: trustme.CA) -> Iterator[Controller]:
    """An SMTP server that wants STARTTLS and a sign-in."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    controller = LocalServer(
        postbox,
        hostname="127.0.0.1",
        port=0,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=right_password,
    )
    yield from running(controller)


@pytest.fixture
def plain_server(postbox: Postbox) -> Iterator[Controller]:
    yield from running(LocalServer(postbox, hostname="127.0.0.1", port=0))


def running(controller: Controller) -> Iterator[Controller]:
    controller.start()
    yield controller
    controller.stop()


def mailer(mail: Mail, tls: ssl.SSLContext | None = None) -> Mailer:
    server = Server(base_url="https://folk.example:8443")
    return Mailer(Settings(server=server, instance=Instance(title="Folk Moot"), mail=mail), tls=tls)


def by_smtp(controller: Controller, **more: Any) -> Mail:
    return Mail(host="127.0.0.1", port=controller.port, timeout_s=5, **more)


def test_a_letter_arrives_by_starttls_with_sign_in(
    server: Controller, postbox: Postbox, trusting: ssl.SSLContext
) -> None:
    settings = by_smtp(server, user="folk", password="right")
    sending = mailer(settings, trusting)
    asyncio.run(sending.greet())
    identifier = asyncio.run(sending.send(LETTER))
    [letter] = postbox.letters
    assert letter["Message-ID"] == identifier
    assert identifier.endswith("@folk.example>")
    assert letter["From"] == "Folk Moot <noreply@folk.example>"
    assert letter["To"].addresses[0].display_name == "张三"
    assert letter["Subject"] == "Welcome 欢迎"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] == "<https://folk.example/unsubscribe/abc>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Date"].datetime.utcoffset() is not None
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == LETTER.text.splitlines()
    assert "<p>Hello 你好</p>" in html.get_content()


def test_a_wrong_password_may_be_mended(server: Controller, trusting: ssl.SSLContext) -> None:
    settings = by_smtp(server, user="folk", password="wrong")
    with pytest.raises(MailFailed, match="invalid") as raised:
        asyncio.run(mailer(settings, trusting).send(LETTER))
    assert not raised.value.permanent
    assert "wrong" not in str(raised.value)


def test_an_unknown_certificate_is_refused(server: Controller, postbox: Postbox) -> None:
    settings = by_smtp(server, user="folk", password="right")
    with pytest.raises(MailFailed, match=r"(?i)certificate") as raised:
        asyncio.run(mailer(settings).send(LETTER))
    assert not raised.value.permanent
    assert postbox.letters == []


@pytest.mark.parametrize(("name", "permanent"), [("nobody", True), ("later", False)])
def test_a_refusal_says_whether_to_try_again(
    plain_server: Controller, name: str, permanent: bool
) -> None:
    settings = by_smtp(plain_server, tls="none")
    letter = Letter(to=f"{name}@example.org", subject="x", text="x")
    with pytest.raises(MailFailed) as raised:
        asyncio.run(mailer(settings).send(letter))
    assert raised.value.permanent is permanent


def test_nobody_listening_is_worth_another_try() -> None:
    with pytest.raises(MailFailed) as raised:
        asyncio.run(mailer(Mail(host="127.0.0.1", port=9, timeout_s=2)).greet())
    assert not raised.value.permanent


def test_without_a_server_letters_are_files_for_their_owner(tmp_path: Path) -> None:
    folder = tmp_path / "var/mail"
    settings = Mail(folder=folder, sender="Moot <moot@folk.example>", reply_to="team@folk.example")
    identifier = asyncio.run(mailer(settings).send(LETTER))
    [file] = folder.iterdir()
    assert file.suffix == ".eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    letter = parsed(file.read_bytes())
    assert letter["Message-ID"] == identifier
    assert letter["From"] == "Moot <moot@folk.example>"
    assert letter["Reply-To"] == "team@folk.example"


@pytest.mark.parametrize(
    "letter",
    [
        Letter(to="no address", subject="x", text="x"),
        Letter(to="ann@example.org\r\nBcc: all@example.org", subject="x", text="x"),
        Letter(to="ann@example.org", subject="x\r\nBcc: all@example.org", text="x"),
        Letter(to="@", subject="x", text="x"),
    ],
)
def test_no_header_can_be_smuggled_in(tmp_path: Path, letter: Letter) -> None:
    with pytest.raises(MailFailed) as raised:
        asyncio.run(mailer(Mail(folder=tmp_path)).send(letter))
    assert raised.value.permanent
    assert list(tmp_path.iterdir()) == []
