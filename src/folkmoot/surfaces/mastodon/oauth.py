"""/oauth (but for the pages of consent) and the metadata of RFC 8414."""

import base64
import binascii
from typing import Annotated, Any
from urllib.parse import unquote_plus

import msgspec

from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.model import Role, role_in_effect
from folkmoot.domain.auth.queries import find_user_by_login
from folkmoot.domain.oauth import actions
from folkmoot.domain.oauth.model import (
    SCOPES,
    Application,
    ClientInvalid,
    GrantInvalid,
    GrantUnsupported,
    RequestInvalid,
)
from folkmoot.domain.oauth.model import Token as DomainToken
from folkmoot.domain.oauth.queries import authenticate_app
from folkmoot.domain.sessions.actions import check_open
from folkmoot.kit.db import Tx
from folkmoot.kit.passwords import verify_password
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.application import Token, build_token
from folkmoot.surfaces.mastodon.errors import present_refusal
from folkmoot.surfaces.mastodon.operations import (
    NEEDED,
    Answer,
    Call,
    Incoming,
    Router,
)

router = Router("oauth")

# RFC 6749, 5.1: nothing on the way may keep an answer that holds a token.
_NO_STORE = [("cache-control", "no-store"), ("pragma", "no-cache")]


class TokenParams(msgspec.Struct):
    """The parameters of every grant that is offered."""

    grant_type: Annotated[str, NEEDED] = ""
    client_id: str = ""
    client_secret: str = ""
    code: str = ""
    redirect_uri: str = ""
    code_verifier: str = ""
    scope: str = ""
    username: str = ""
    password: str = ""


class RevokeParams(msgspec.Struct):
    """The token to end, and whose it is."""

    token: Annotated[str, NEEDED] = ""
    token_type_hint: str = ""
    client_id: str = ""
    client_secret: str = ""


class UserInfo(msgspec.Struct):
    """OpenID Connect's claims of a member."""

    iss: str
    sub: str
    name: str
    preferred_username: str
    profile: str
    picture: str


@router.post("/oauth/token", returns=Token, rate="sign_ins", refuses=(401,))
async def token(call: Call, params: TokenParams) -> Answer:
    """A token, for a code or for the application itself."""
    client_id, client_secret = _credentials(call.incoming, params.client_id, params.client_secret)
    grant = _grants(call.app).get(params.grant_type)
    try:
        if not params.grant_type:
            raise RequestInvalid("grant_type is missing")
        if grant is None:
            raise GrantUnsupported
        if grant is _grant_for_password:
            await _check_password(call, params)
        made = await call.app.db.write(_grant, grant, client_id, client_secret, params)
        if made is None:
            raise GrantInvalid
    except ClientInvalid as refusal:
        status, error = present_refusal(refusal)
        return Answer(error, status, [*_NO_STORE, ("www-authenticate", 'Basic realm="OAuth"')])
    return Answer(build_token(made), headers=_NO_STORE)


def _grant(
    tx: Tx, grant: Any, client_id: str, client_secret: str, params: TokenParams
) -> DomainToken | None:
    made: DomainToken | None = grant(tx, authenticate_app(tx, client_id, client_secret), params)
    return made


def _grant_for_code(tx: Tx, app: Application, params: TokenParams) -> DomainToken | None:
    if not params.code:
        raise RequestInvalid("code is missing")
    return actions.exchange_code(
        tx,
        app,
        code=params.code,
        redirect_uri=params.redirect_uri,
        code_verifier=params.code_verifier,
    )


def _grant_for_app(tx: Tx, app: Application, params: TokenParams) -> DomainToken:
    return actions.grant_app_token(tx, app, scope=params.scope)


def _grant_for_password(tx: Tx, app: Application, params: TokenParams) -> DomainToken:
    user = find_user_by_login(tx, params.username)
    if user is None:
        raise GrantInvalid
    check_open(user)
    role = role_in_effect(Role(user.role), user.second_factor_at)
    return actions.grant_member_token(tx, app, user.account_id, scope=params.scope, role=role)


async def _check_password(call: Call, params: TokenParams) -> None:
    user = await call.app.db.read(find_user_by_login, params.username)
    if not await verify_password(user.password_hash if user else None, params.password):
        raise GrantInvalid


def _grants(app: App) -> dict[str, Any]:
    """RFC 6749's grants by name. That of a password, which the standard has since dropped, is
    there for test suites of clients alone: it knows no second factor and no record.
    """
    offered: dict[str, Any] = {
        "authorization_code": _grant_for_code,
        "client_credentials": _grant_for_app,
    }
    if app.settings.testing.enabled:
        offered["password"] = _grant_for_password
    return offered


@router.post("/oauth/revoke", refuses=(401,))
def revoke(call: Call, params: RevokeParams) -> dict[str, Any]:
    """Ends a token (RFC 7009)."""
    client_id, client_secret = _credentials(call.incoming, params.client_id, params.client_secret)
    app = authenticate_app(call.tx, client_id, client_secret)
    if not params.token:
        raise RequestInvalid("token is missing")
    actions.revoke_token(call.tx, app, params.token)
    return {}


@router.get("/oauth/userinfo", scope="profile read:accounts", returns=UserInfo)
def userinfo(call: Call) -> UserInfo:
    """Who one is, in the words of OpenID Connect."""
    account = get_account(call.tx, call.me.account_id)
    return UserInfo(
        iss=call.app.base_url,
        sub=account.uri,
        name=account.display_name,
        preferred_username=account.username,
        profile=account.url,
        picture=call.app.avatar_url(account.id, account.avatar),
    )


@router.get("/.well-known/oauth-authorization-server")
def metadata(call: Call) -> dict[str, Any]:
    """What the authorisation server offers, and where (RFC 8414)."""
    base = call.app.base_url
    return {
        "issuer": base,
        "service_documentation": "https://docs.joinmastodon.org/",
        "authorization_endpoint": f"{base}/oauth/authorize",
        "token_endpoint": f"{base}/oauth/token",
        "app_registration_endpoint": f"{base}/api/v1/apps",
        "revocation_endpoint": f"{base}/oauth/revoke",
        "userinfo_endpoint": f"{base}/oauth/userinfo",
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": list(_grants(call.app)),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }


def _credentials(incoming: Incoming, client_id: str, client_secret: str) -> tuple[str, str]:
    """The client's own, from the header (RFC 6749, 2.3.1) or else from the body."""
    kind, _, encoded = incoming.headers.get(b"authorization", b"").partition(b" ")
    if kind.lower() != b"basic":
        return client_id, client_secret
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ClientInvalid from error
    return unquote_plus(name), unquote_plus(secret)
