"""A visit to a page: what came in, who came, and what goes back. Routes are plain functions.

`router.get` runs one in a reading transaction, `router.post` in a writing one; an `async def`
has none and asks `visit.app.db` itself, for what hashes passwords or uses the network.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlencode

import msgspec

from folkmoot.kit.errors import Forbidden, Refusal
from folkmoot.kit.ids import parse_id
from folkmoot.kit.text import normalise_language
from folkmoot.surfaces.web import cookies
from folkmoot.surfaces.web.forms import Sent
from folkmoot.surfaces.web.pages.frame import Form

if TYPE_CHECKING:
    from folkmoot.domain.accounts.model import Account
    from folkmoot.domain.auth.model import Permission
    from folkmoot.kit.db import Tx
    from folkmoot.surfaces.app import App


_UNQUOTED = "/?#[]@!$&'()*+,;=:%~-._"


class SignInNeeded(Refusal):
    """This page belongs to a member. Sign in to see it."""


class NotFromHere(Forbidden):
    """This form was not sent from this site, or the page was open too long. Please try again."""


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """What of a request pages look at."""

    method: str
    path: str
    query: dict[str, list[str]]
    raw_query: str
    headers: dict[bytes, bytes]
    cookies: dict[str, str]
    address: str
    params: dict[str, str]
    sent: Sent = Sent()


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """A member who is signed in: which session, which account, and what role they hold. One who is
    `suspended` is met on a few pages only."""

    session_id: int
    account: Account
    role: str
    staff: bool
    factor_missing: bool = False
    suspended: bool = False


class Visit:
    """One request for a page."""

    __slots__ = ("app", "incoming", "keeping", "reader", "tx")

    def __init__(self, app: App, incoming: Incoming, reader: Reader | None, tx: Tx | None) -> None:
        self.app = app
        self.incoming = incoming
        self.reader = reader
        # None only in async routes, which have no business with it.
        self.tx: Tx = tx  # type: ignore[assignment]
        # Set-Cookie headers that go with the answer whatever it is.
        self.keeping: list[str] = []

    def end_transaction(self) -> None:
        """For async routes, once the visitor has been let in."""
        self.tx = None  # type: ignore[assignment]

    async def look(self, build: Callable[[Visit], Answer]) -> Answer:
        """For async routes: builds an answer in a reading transaction."""

        def work(tx: Tx) -> Answer:
            self.tx = tx
            return build(self)

        try:
            return await self.app.db.read(work)
        finally:
            self.end_transaction()

    @property
    def viewer_id(self) -> int:
        """The member who visits, or 0."""
        return self.reader.account.id if self.reader else 0

    @property
    def me(self) -> Reader:
        """Who visits, on pages that need a member."""
        if self.reader is None:
            raise SignInNeeded
        return self.reader

    @property
    def secure(self) -> bool:
        return self.app.settings.server.secure

    @property
    def language(self) -> str:
        """The language that the visitor's browser puts first, in which letters are written if it
        is one of those that ship; English from a browser that says nothing."""
        said = self.incoming.headers.get(b"accept-language", b"").decode("latin-1")
        return normalise_language(said.split(",")[0].split(";")[0].strip()) or "en"

    def query(self, name: str, default: str = "") -> str:
        """The last value of a name in the address."""
        return self.incoming.query.get(name, [default])[-1]

    def field(self, name: str, default: str = "") -> str:
        """The last value of a form's field."""
        return self.incoming.sent.fields.get(name, [default])[-1]

    def ticked(self, name: str) -> bool:
        return self.field(name) == "1"

    def number(self, name: str) -> int | None:
        """A number in the address, if there is one that could be an id."""
        return parse_id(self.query(name)) or None

    def part(self, name: str = "id") -> int:
        """A number in the address's path; 0, which is nobody's id, when it can be none."""
        return parse_id(self.incoming.params[name])

    def chosen(self, name: str) -> list[str]:
        """All values of a form's field."""
        return self.incoming.sent.fields.get(name, [])

    def typed(self, *names: str) -> dict[str, str]:
        """What was typed into these fields, to show it again."""
        return {name: self.field(name) for name in names}

    @property
    def seed(self) -> str:
        """The random cookie that this visitor's form tokens are made of, if they have one."""
        kept = self.incoming.cookies
        for name in (cookies.SESSION, cookies.VISITOR):
            if seed := kept.get(cookies.secret_name(name, secure=self.secure)):
                return seed
        return ""

    def form_token(self) -> str:
        """The token for the forms of this page; a visitor without a cookie is given one."""
        if self.seed:
            return cookies.form_token(self.seed)
        seed = cookies.new_seed()
        name = cookies.secret_name(cookies.VISITOR, secure=self.secure)
        self.keeping.append(cookies.set_cookie(name, seed, secure=self.secure))
        return cookies.form_token(seed)

    def return_to(self, default: str = "/home") -> str:
        """Where to go afterwards: an address on this server that the form or link named."""
        wanted = self.field("return_to") or self.query("return_to")
        return wanted if is_local(wanted) else default


def is_local(address: str) -> bool:
    """Whether an address is a path on this server, however browsers bend it."""
    if not address.startswith("/") or any(c in address for c in "\\\r\n\t\0"):
        return False
    return not address.startswith("//")


class Answer:
    """What goes back: HTML, or whatever the headers say. `ready`: not to be packed any more.
    `stream` is for what is too long to hold: it is sent as it comes, instead of the body."""

    __slots__ = ("body", "cookies", "headers", "ready", "status", "stream")

    def __init__(
        self,
        body: bytes = b"",
        status: int = 200,
        headers: Sequence[tuple[str, str]] = (),
        cookies: Sequence[str] = (),
        ready: bool = False,
        stream: AsyncIterator[bytes] | None = None,
    ) -> None:
        self.body = body
        self.stream = stream
        self.ready = ready
        self.status = status
        self.headers = list(headers)
        self.cookies = list(cookies)


def redirect(visit: Visit, address: str, *, notice: str = "", **query: str) -> Answer:
    """On to another page by GET; `notice` is the key of a sentence shown there."""
    # A header holds no letters beyond ASCII: those of a tag's or person's name are written out.
    address = quote(address, safe=_UNQUOTED)
    if query:
        address += ("&" if "?" in address else "?") + urlencode(query)
    answer = Answer(status=303, headers=[("location", address)])
    if notice:
        kept = cookies.set_cookie(cookies.NOTICE, notice, secure=visit.secure, max_age_s=60)
        answer.cookies.append(kept)
    return answer


def form_of(visit: Visit, refusal: Refusal, *names: str) -> Form:
    """The form as it was typed, with the refusal beside the field it names, or above all."""
    field = str(refusal.facts.get("field", ""))
    details = refusal.facts.get("details")
    errors = {field: refusal.sentence} if field in names else {}
    if isinstance(details, dict):
        errors |= {name: _sentence(found) for name, found in details.items() if name in names}
    return Form(
        values=visit.typed(*names), errors=errors, problem=None if errors else refusal.sentence
    )


def _sentence(found: Any) -> str:
    first = found[0] if isinstance(found, list) and found else found
    text = first.get("description", "") if isinstance(first, dict) else str(first)
    return text[:1].upper() + text[1:] if text else "This is not right."


Handler = Callable[..., Any]
Again = Callable[[Visit, Refusal], Answer]


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A method on an address. `again` shows the form once more when it was refused. A `large`
    form may hold an archive; it is read only from members. `permission` is what a role must allow
    before the function is called at all; `suspended`: members whose account is suspended are let in
    as well."""

    method: Literal["GET", "POST"]
    path: str
    function: Handler
    is_async: bool
    bare: bool
    members: bool
    checked: bool
    rate: str
    again: Again | None
    large: bool = False
    pictures: int = 2
    permission: Permission | None = None
    suspended: bool = False


class Router:
    """Collects the routes of one file."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def file(self, path: str) -> Callable[[Handler], Handler]:
        """What is the same for everybody and needs neither the database nor who asks."""
        return self._add("GET", path, members=False, bare=True)

    def get(
        self,
        path: str,
        *,
        members: bool = False,
        rate: str = "",
        permission: Permission | None = None,
        suspended: bool = False,
    ) -> Callable[[Handler], Handler]:
        """A page; `members` sends visitors to the door first, and so does a `permission`, which
        a member's role must hold; `suspended` lets members in whose account is suspended."""
        return self._add(
            "GET",
            path,
            members=members,
            rate=rate,
            permission=permission,
            suspended=suspended,
        )

    def post(
        self,
        path: str,
        *,
        members: bool = True,
        checked: bool = True,
        rate: str = "",
        again: Again | None = None,
        large: bool = False,
        pictures: int = 2,
        permission: Permission | None = None,
        suspended: bool = False,
    ) -> Callable[[Handler], Handler]:
        """What a form does. `checked` asks for the form's token; `rate` counts against a limit of
        `settings.rate_limits` as well; the form may be as large as so many pictures, or, if
        `large`, as an archive. `permission` is what the member's role must hold."""
        return self._add(
            "POST",
            path,
            members=members,
            checked=checked,
            rate=rate,
            again=again,
            large=large,
            pictures=pictures,
            permission=permission,
            suspended=suspended,
        )

    def _add(
        self,
        method: Literal["GET", "POST"],
        path: str,
        *,
        members: bool,
        bare: bool = False,
        checked: bool = False,
        rate: str = "",
        again: Again | None = None,
        large: bool = False,
        pictures: int = 2,
        permission: Permission | None = None,
        suspended: bool = False,
    ) -> Callable[[Handler], Handler]:
        def register(function: Handler) -> Handler:
            self.routes.append(
                Route(
                    method=method,
                    path=path,
                    function=function,
                    is_async=inspect.iscoroutinefunction(function),
                    bare=bare,
                    members=members or permission is not None,
                    checked=checked,
                    rate=rate,
                    again=again,
                    large=large,
                    pictures=pictures,
                    permission=permission,
                    suspended=suspended,
                )
            )
            return function

        return register
