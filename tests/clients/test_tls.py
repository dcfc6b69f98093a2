"""Over TLS on loopback: web clients insist on https. Served by the server itself, and behind a
proxy that ends the encryption."""

from __future__ import annotations

import shutil
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import trustme
from tests.clients.conftest import PLAIN
from tests.clients.live import Live, free_port, serve
from tests.clients.people import PASSWORD, Person
from tests.clients.test_masto_js import STORIES, tell

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [pytest.mark.clients, pytest.mark.sqlite]


class Papers:
    """A certificate for loopback and the authority that signed it, as files."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        issued = authority.issue_cert("localhost", "127.0.0.1")
        self.authority = folder / "authority.pem"
        self.cert = folder / "cert.pem"
        self.key = folder / "key.pem"
        authority.cert_pem.write_to_path(str(self.authority))
        issued.private_key_pem.write_to_path(str(self.key))
        for link in issued.cert_chain_pems:
            link.write_to_path(str(self.cert), append=True)

    def context(self) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.cert, self.key)
        return made


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return Papers(tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="module")
def live(
    papers: Papers,
    tmp_path_factory: pytest.TempPathFactory,
    fresh_database: Callable[[Path], str],
) -> Iterator[Live]:
    """A server that serves TLS itself."""
    folder = tmp_path_factory.mktemp("tls")
    own = {"server": {"tls_cert": str(papers.cert), "tls_key": str(papers.key)}}
    with serve(
        folder,
        fresh_database(folder),
        host="localhost",
        scheme="https",
        more={**PLAIN, **own},
        authority=papers.authority,
    ) as running:
        yield running


def test_masto_js(live: Live, ada: Person, bo: Person, tmp_path: Path) -> None:
    assert tell(live, {"ada": ada, "bo": bo}, tmp_path) == STORIES


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_browser_signs_in_and_out(live: Live) -> None:
    from playwright.sync_api import sync_playwright

    Person(live, "cy").sign_up()
    with sync_playwright() as play:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = play.chromium.launch(executable_path=CHROMIUM, args=arguments)
        context = browser.new_context(base_url=live.url, ignore_https_errors=True)
        context.set_default_timeout(15_000)
        _sign_in(context.new_page(), "cy")
        secret = [c for c in context.cookies() if c["httpOnly"]]
        assert secret
        assert all(c["secure"] and c["name"].startswith("__Host-") for c in secret)
        page = context.pages[0]
        page.click(".corner .menu > summary")
        page.click(".corner .menu-list button")
        page.wait_for_url("**/")
        assert page.is_visible("text=You are signed out.")
        page.goto("/home")
        assert "/auth/sign-in" in page.url
        browser.close()


def _sign_in(page: Page, name: str) -> None:
    page.goto("/auth/sign-in")
    page.fill("#f-login", name)
    page.fill("#f-password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/home")


@contextmanager
def ending_tls(papers: Papers, port: int, to_port: int) -> Iterator[None]:
    """A proxy as operators put in front: speaks TLS at one port, hands on what is in it."""
    context = papers.context()
    with socket.create_server(("127.0.0.1", port)) as listener:
        is_open = True

        def accept() -> None:
            while is_open:
                try:
                    plain, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=carry, args=(plain,), daemon=True).start()

        def carry(plain: socket.socket) -> None:
            try:
                outside = context.wrap_socket(plain, server_side=True)
                inside = socket.create_connection(("127.0.0.1", to_port))
            except OSError:
                plain.close()
                return
            back = threading.Thread(target=pour, args=(inside, outside), daemon=True)
            back.start()
            pour(outside, inside)

        threading.Thread(target=accept, daemon=True).start()
        yield
        is_open = False
        listener.shutdown(socket.SHUT_RDWR)


def pour(source: socket.socket, target: socket.socket) -> None:
    """Hands on until either end is closed, and closes the other."""
    with suppress(OSError):
        while chunk := source.recv(65_536):
            target.sendall(chunk)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def test_behind_a_proxy_everything_is_said_in_https(
    papers: Papers, tmp_path: Path, fresh_database: Callable[[Path], str]
) -> None:
    outer, inner = free_port(), free_port()
    address = {"server": {"base_url": f"https://localhost:{outer}"}}
    with (
        ending_tls(papers, outer, inner),
        serve(
            tmp_path,
            fresh_database(tmp_path),
            port=inner,
            more={**PLAIN, **address},
            authority=papers.authority,
        ) as running,
    ):
        there = Live(
            f"https://localhost:{outer}",
            running.config,
            running.pid,
            running.environ,
            papers.authority,
        )
        with httpx.Client(base_url=there.url, verify=there.verify()) as client:
            instance = client.get("/api/v2/instance").json()
            assert instance["configuration"]["urls"]["streaming"] == f"wss://localhost:{outer}"
            found = client.get("/.well-known/oauth-authorization-server").json()
            assert {found["issuer"], found["token_endpoint"].rpartition("/oauth")[0]} == {there.url}
        people = {name: Person(there, name).sign_up() for name in ("ada", "bo")}
        kept = [c for c in people["ada"].cookies.jar if c.name.startswith("__Host-")]
        assert kept
        assert all(c.secure for c in kept)
        assert tell(there, people, tmp_path) == STORIES
        people["ada"].sign_out()
        assert people["ada"].open("/home").url.path == "/auth/sign-in"
