"""/oauth/authorize: where a member lets an application in (RFC 6749, 4.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from folkmoot.domain.auth.model import Role
from folkmoot.domain.oauth import actions, queries
from folkmoot.domain.oauth.actions import Asked, Request
from folkmoot.domain.oauth.model import OUT_OF_BAND, OAuthRefusal
from folkmoot.surfaces.web.dispatch import content_policy
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.access import ConsentPage, OutOfBandPage
from folkmoot.surfaces.web.pages.errors import error_page
from folkmoot.surfaces.web.scopes import describe_scopes
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, redirect

if TYPE_CHECKING:
    from collections.abc import Callable

router = Router()

_CARRIED = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
)


def _request(read: Callable[[str], str]) -> Request:
    return Request(
        response_type=read("response_type"),
        client_id=read("client_id"),
        redirect_uri=read("redirect_uri"),
        scope=read("scope"),
        code_challenge=read("code_challenge"),
        code_challenge_method=read("code_challenge_method"),
    )


def _told(visit: Visit, request: Request, state: str, refusal: OAuthRefusal) -> Answer:
    """Tells the person, or the application where its address is to be trusted."""
    if refusal.facts.get("told_here"):
        page = error_page(frame(visit, forms=False), 400, f"{refusal.sentence}.")
        return show(visit, page, status=400)
    told = {"error": refusal.code, "error_description": refusal.sentence}
    return _back(visit, request.redirect_uri, state, told)


def _back(visit: Visit, redirect_uri: str, state: str, told: dict[str, str]) -> Answer:
    """Back to the application, with what it is to learn added to its own address."""
    if redirect_uri == OUT_OF_BAND:
        page = error_page(frame(visit, forms=False), 403, told.get("error_description"))
        return show(visit, page, status=403)
    parts = urlsplit(redirect_uri)
    query = parse_qsl(parts.query, keep_blank_values=True) + list(told.items())
    # RFC 9207: an application that speaks with several servers learns which one answers.
    query.append(("iss", visit.app.base_url))
    if state:
        query.append(("state", state))
    return Answer(
        status=303,
        headers=[
            ("location", urlunsplit(parts._replace(query=urlencode(query)))),
            # The page this was sent from allowed this address only.
            ("content-security-policy", _policy(visit, redirect_uri)),
        ],
    )


def _policy(visit: Visit, redirect_uri: str) -> str:
    """Browsers hold `form-action` against the redirect after the form, so it names where to."""
    parts = urlsplit(redirect_uri)
    if parts.scheme in ("http", "https"):
        there = f"{parts.scheme}://{parts.netloc}"
    else:
        there = "" if redirect_uri == OUT_OF_BAND else f"{parts.scheme}:"
    return content_policy(visit.app, form_action=f"'self' {there}".strip())


@router.get("/oauth/authorize")
def ask_consent(visit: Visit) -> Answer:
    """Asks the member whether an application may come in, and says what it could do."""
    request = _request(visit.query)
    state = visit.query("state")
    try:
        asked = actions.check_request(visit.tx, request, _role(visit))
    except OAuthRefusal as refusal:
        return _told(visit, request, state, refusal)
    if visit.reader is None or visit.query("force_login") in ("true", "1"):
        return _to_the_door(visit, asked)
    return show_consent(visit, request, state, asked)


def _role(visit: Visit) -> Role:
    return Role(visit.reader.role) if visit.reader else Role.OWNER


def _to_the_door(visit: Visit, asked: Asked) -> Answer:
    """To sign in first, and then back here; once only where a new sign-in was asked for."""
    kept = {name: visit.query(name) for name in _CARRIED if visit.query(name)}
    there = "/oauth/authorize?" + urlencode(kept)
    address = f"/auth/sign-in?return_to={quote(there, safe='')}"
    query = {"application": asked.app.name}
    if visit.reader is not None:
        query["again"] = "1"
    return redirect(visit, address, **query)


def show_consent(visit: Visit, request: Request, state: str, asked: Asked) -> Answer:
    """The page that asks."""
    out_of_band = asked.redirect_uri == OUT_OF_BAND
    page = ConsentPage(
        frame=frame(visit),
        application=asked.app.name,
        website=asked.app.website or None,
        redirect_to=None if out_of_band else _place_of(asked.redirect_uri),
        permissions=describe_scopes(asked.scopes),
        fields=tuple((name, visit.query(name)) for name in _CARRIED if visit.query(name)),
        return_to=f"{visit.incoming.path}?{visit.incoming.raw_query}",
        known=queries.has_consented(
            visit.tx, visit.me.account.id, asked.app.id, list(asked.scopes)
        ),
    )
    answer = show(visit, page)
    answer.headers.append(("content-security-policy", _policy(visit, asked.redirect_uri)))
    return answer


def _place_of(redirect_uri: str) -> str:
    parts = urlsplit(redirect_uri)
    return parts.netloc or f"the application on this device ({parts.scheme}:)"


@router.post("/oauth/authorize")
async def decide(visit: Visit) -> Answer:
    """The member's answer: a code for the application, or its refusal."""
    request, state = _request(visit.field), visit.field("state")
    allowed = visit.field("decision") == "allow"
    role, account_id = _role(visit), visit.me.account.id
    try:
        asked: Asked = await visit.app.db.read(actions.check_request, request, role)
    except OAuthRefusal as refusal:
        told = refusal
        return await visit.look(lambda seen: _told(seen, request, state, told))
    if not allowed:
        denied = {"error": "access_denied", "error_description": "The member said no"}
        return await visit.look(lambda seen: _back(seen, asked.redirect_uri, state, denied))
    code: str = await visit.app.db.write(actions.issue_code, account_id, asked)
    if asked.redirect_uri != OUT_OF_BAND:
        return _back(visit, asked.redirect_uri, state, {"code": code})
    return await visit.look(
        lambda seen: show(
            seen, OutOfBandPage(frame=frame(seen), application=asked.app.name, code=code)
        )
    )
