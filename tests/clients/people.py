"""People at a browser without scripts: they sign up, sign in and out, and let applications in."""

import re
from collections.abc import Callable
from typing import Any

import httpx
from tests.clients.live import Live

from surfaces.web.browser import Browser

PASSWORD = "seven quiet herons"


class Person(Browser):
    """Somebody with a browser of their own, at a running server."""

    def __init__(self, live: Live, name: str) -> None:
        super().__init__(None, None, live.url)  # type: ignore[arg-type]  # asks a real server
        self.name = name
        self._client = httpx.Client(base_url=live.url, verify=live.verify())

    def _send(self, method: str, address: str, **more: Any) -> httpx.Response:
        response = self._client.request(method, address, **more)
        self.cookies = self._client.cookies
        return response

    def sign_up(self) -> "Person":
        self.open("/auth/sign-up")
        self.submit(
            "/auth/sign-up",
            username=self.name,
            email=f"{self.name}@example.test",
            password=PASSWORD,
            agreement="1",
        )
        assert self.page.url.path == "/home", self.page.text
        return self

    def sign_in(self) -> None:
        self.submit("/auth/sign-in", login=self.name, password=PASSWORD)

    def sign_out(self) -> None:
        self.open("/home")
        self.submit("/auth/sign-out")

    def let_in(self, address: str, *, named: str) -> str:
        """Opens the address an application gave, reads who asks, says yes; the code to carry."""
        self.open(address)
        assert named in self.page.text
        assert "It would be able to" in self.page.text
        self.submit("/oauth/authorize", decision="allow")
        found = re.search(r'id="code">([^<]+)<', self.page.text)
        assert found, self.page.text
        return found[1]


def until(condition: Callable[[], Any]) -> Any:
    """What the condition gives as soon as it gives something; a failure after ten seconds."""
    import time

    give_up = time.monotonic() + 10
    while not (found := condition()):
        assert time.monotonic() < give_up, "nothing came"
        time.sleep(0.02)
    return found
