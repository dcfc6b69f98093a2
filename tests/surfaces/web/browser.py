"""A browser without scripts: keeps cookies, follows redirects, fills in forms."""

from __future__ import annotations

import asyncio
from html.parser import HTMLParser
from typing import Any

import httpx

BASE = "http://127.0.0.1:8080"


class _Forms(HTMLParser):
    """The forms of a page with what stands in their fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._inside: dict[str, Any] | None = None
        self._area: str | None = None
        self._select: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = {"action": given["action"], "method": given["method"], "fields": {}}
            self.forms.append(self._inside)
        if self._inside is None:
            return
        fields, name = self._inside["fields"], given.get("name")
        if tag == "input" and name and given.get("type") not in ("submit", "file"):
            ticks = given.get("type") in ("checkbox", "radio")
            if not ticks or "checked" in given:
                fields[name] = given.get("value") or ""
        elif tag == "textarea" and name:
            self._area = name
            fields[name] = ""
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select:
            first = self._select not in fields
            if first or "selected" in given:
                fields[self._select] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area and self._inside:
            self._inside["fields"][self._area] += data.removeprefix("\n")


def forms_of(html: str) -> list[dict[str, Any]]:
    """The forms of a page: `action`, `method`, `fields` with what stands in them."""
    return _Forms(html).forms


class Browser:
    """`page` is what is open now."""

    def __init__(self, asgi: Any, loop: asyncio.AbstractEventLoop, base: str = BASE) -> None:
        self._asgi = asgi
        self._loop = loop
        self._base = base
        self.cookies = httpx.Cookies()
        self.page: httpx.Response = httpx.Response(204)

    def _send(self, method: str, address: str, **more: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self._asgi, raise_app_exceptions=False)
            async with httpx.AsyncClient(
                transport=transport, base_url=self._base, cookies=self.cookies
            ) as client:
                response = await client.request(method, address, **more)
                self.cookies = client.cookies
                return response

        return self._loop.run_until_complete(send())

    def open(self, address: str, *, follow: bool = True) -> httpx.Response:
        self.page = self._send("GET", address)
        return self._follow() if follow else self.page

    def _follow(self) -> httpx.Response:
        while self.page.status_code in (302, 303):
            there = self.page.headers["location"]
            if there.startswith("http") and not there.startswith(self._base):
                break
            self.page = self._send("GET", there)
        return self.page

    def form(self, action: str) -> dict[str, Any]:
        forms = forms_of(self.page.text)
        found = [form for form in forms if form["action"].split("?")[0] == action]
        assert found, f"no form {action} among {[form['action'] for form in forms]}"
        return found[0]

    def submit(
        self,
        where: str,
        /,
        *,
        follow: bool = True,
        files: Any = None,
        headers: Any = None,
        **fields: Any,
    ) -> httpx.Response:
        """Fills in the form with this action, on the open page, and sends it."""
        form = self.form(where)
        data = {**form["fields"], **fields}
        given = {"Origin": self._base, "Referer": str(self.page.url), **(headers or {})}
        self.page = self._send("POST", form["action"], data=data, files=files, headers=given)
        return self._follow() if follow else self.page

    def press(self, form: str, button: str, **fields: Any) -> httpx.Response:
        """Sends a form of the open page to where one of its buttons leads."""
        data = {**self.form(form)["fields"], **fields}
        headers = {"Origin": self._base, "Referer": str(self.page.url)}
        self.page = self._send("POST", button, data=data, headers=headers)
        return self._follow()

    def post(self, address: str, **fields: Any) -> httpx.Response:
        """Sends fields without a form, as somebody else's page would."""
        return self._send("POST", address, data=fields)
