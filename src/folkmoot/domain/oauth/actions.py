"""Writes of applications, codes and tokens."""

import secrets
from urllib.parse import urlsplit

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.auth.actions import note_activity
from folkmoot.domain.auth.model import Role
from folkmoot.domain.oauth import queries
from folkmoot.domain.oauth.model import (
    CODE_LIFE,
    MAX_APP_NAME,
    MAX_REDIRECT_URIS,
    MAX_URI,
    AppId,
    AppInvalid,
    Application,
    ClientInvalid,
    ClientUnauthorised,
    GrantInvalid,
    RequestInvalid,
    ResponseUnsupported,
    ScopeInvalid,
    Token,
    check_challenge,
    is_redirect_uri,
    parse_scopes,
    proves,
    within_scopes,
    without_admin,
)
from folkmoot.domain.oauth.queries import hash_token
from folkmoot.domain.oauth.tables import applications, codes, tokens
from folkmoot.kit.db import Moment, Tx, command, insert_all, param, rows
from folkmoot.kit.ids import new_id
from folkmoot.kit.uses import Uses

_INSERT_APP = insert_all(applications)
_INSERT_CODE = insert_all(codes)
_INSERT_TOKEN = insert_all(tokens)


class Registered(msgspec.Struct, frozen=True):
    """A new application and its secret, which is shown only once."""

    app: Application
    client_secret: str


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """An authorisation request as it came (RFC 6749, 4.1.1; RFC 7636, 4.3)."""

    response_type: str = ""
    client_id: str = ""
    redirect_uri: str = ""
    scope: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""


class Asked(msgspec.Struct, frozen=True):
    """A valid authorisation request: what a member is to consent to."""

    app: Application
    redirect_uri: str
    scopes: list[str]
    challenge: str


class _Code(msgspec.Struct):
    hash: str
    app_id: AppId
    account_id: AccountId
    redirect_uri: str
    scopes: str
    challenge: str
    expires_at: int
    token_id: int | None


class _Owned(msgspec.Struct):
    id: int
    app_id: AppId


_CODE = rows(sa.select(codes).where(codes.c.hash == param("hash")), _Code)
# The condition on token_id lets only one of two exchanges at once win, on either database.
_SPEND_CODE = command(
    sa.update(codes)
    .where(codes.c.hash == param("hash"), codes.c.token_id.is_(None))
    .values(token_id=param("new_token_id"))
)
_TOKEN = rows(sa.select(tokens.c.id, tokens.c.app_id).where(tokens.c.hash == param("hash")), _Owned)
_REVOKE = command(sa.delete(tokens).where(tokens.c.id == param("id")))
_REVOKE_APP = command(
    sa.delete(tokens).where(
        tokens.c.account_id == param("account_id"), tokens.c.app_id == param("app_id")
    )
)
_FORGET_CODES_OF_APP = command(
    sa.delete(codes).where(
        codes.c.account_id == param("account_id"), codes.c.app_id == param("app_id")
    )
)
_REVOKE_ALL = command(sa.delete(tokens).where(tokens.c.account_id == param("account_id")))
_FORGET_CODES = command(sa.delete(codes).where(codes.c.account_id == param("account_id")))
_SWEEP_CODES = command(sa.delete(codes).where(codes.c.expires_at < param("now")))
_USED = command(
    sa.update(tokens).where(tokens.c.id == param("id")).values(last_used_at=param("at", Moment))
)


def register_app(
    tx: Tx,
    *,
    name: str,
    redirect_uris: list[str],
    scopes: str = "",
    website: str = "",
    known: tuple[str, str] | None = None,
) -> Registered:
    """Registers a client; AppInvalid says what is wrong with the registration. `known` is the id
    and secret that a test suite expects, instead of fresh ones.
    """
    name = name.strip()
    if not name:
        raise AppInvalid("Application name can't be blank")
    if len(name) > MAX_APP_NAME:
        raise AppInvalid(f"Application name is too long (maximum is {MAX_APP_NAME} characters)")
    client_id, secret = known or (secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    app = Application(
        id=AppId(new_id()),
        client_id=client_id,
        client_secret_hash=hash_token(secret),
        name=name,
        website=_checked_website(website),
        redirect_uris=" ".join(_checked_uris(redirect_uris)),
        scopes=" ".join(_checked_scopes(scopes)),
        created_at=tx.now,
    )
    tx.insert(_INSERT_APP, app)
    return Registered(app, secret)


def _checked_uris(texts: list[str]) -> list[str]:
    uris = list(dict.fromkeys(uri for text in texts for uri in text.split()))
    if not uris:
        raise AppInvalid("Redirect URI can't be blank")
    if len(uris) > MAX_REDIRECT_URIS or not all(is_redirect_uri(uri) for uri in uris):
        raise AppInvalid("Redirect URI must be an absolute URI.")
    return uris


def _checked_scopes(scopes: str) -> list[str]:
    try:
        return parse_scopes(scopes) or ["read"]
    except ScopeInvalid as error:
        raise AppInvalid("Scopes doesn't match configured on the server.") from error


def _checked_website(website: str) -> str:
    website = website.strip()
    try:
        fits = not website or urlsplit(website).scheme in ("http", "https")
    except ValueError:
        fits = False
    if not fits or len(website) > MAX_URI:
        raise AppInvalid("Website is invalid")
    return website


def check_request(tx: Tx, request: Request, role: Role = Role.MEMBER) -> Asked:
    """What an authorisation request asks of a member, whose `role` in effect decides on `admin:`.

    A RequestInvalid or ClientInvalid with the fact `told_here=True` must be shown to the person,
    as the address to answer is not to be trusted (RFC 6749, 4.1.2.1); of every other refusal the
    application is told at `redirect_uri`.
    """
    app = queries.find_app(tx, request.client_id)
    if app is None:
        raise ClientInvalid("The application is not known here", told_here=True)
    if request.redirect_uri not in app.redirect_uris.split():
        raise RequestInvalid(
            "The address to return to is not one the application registered", told_here=True
        )
    if request.response_type != "code":
        raise ResponseUnsupported
    check_challenge(request.code_challenge, request.code_challenge_method)
    scopes = parse_scopes(request.scope) or ["read"]
    if not within_scopes(scopes, app.scopes):
        raise ScopeInvalid
    if role is Role.MEMBER:
        scopes = without_admin(scopes)
    if not scopes:
        raise ScopeInvalid("These scopes need a role, with a second factor enrolled")
    return Asked(app, request.redirect_uri, scopes, request.code_challenge)


def issue_code(tx: Tx, account_id: AccountId, asked: Asked) -> str:
    """A code for an application that a member let in; it works once, for ten minutes."""
    code = secrets.token_urlsafe(32)
    tx.run(
        _INSERT_CODE,
        hash=hash_token(code),
        app_id=asked.app.id,
        account_id=account_id,
        redirect_uri=asked.redirect_uri,
        scopes=" ".join(asked.scopes),
        challenge=asked.challenge,
        expires_at=tx.now + CODE_LIFE,
        token_id=None,
    )
    return code


def exchange_code(
    tx: Tx, app: Application, *, code: str, redirect_uri: str, code_verifier: str = ""
) -> Token | None:
    """The token for a code; GrantInvalid when the code is not this application's or ran out.

    None when the code had been used before: then the token it gave is revoked, and that must be
    committed, so it is an outcome and no refusal.
    """
    found = tx.first(_CODE, hash=hash_token(code))
    if found is None or found.app_id != app.id or found.expires_at <= tx.now:
        raise GrantInvalid
    if found.token_id is not None:
        tx.run(_REVOKE, id=found.token_id)
        return None
    if found.redirect_uri != redirect_uri or not proves(code_verifier, found.challenge):
        raise GrantInvalid
    token_id = new_id()
    if not tx.run(_SPEND_CODE, hash=found.hash, new_token_id=token_id):
        raise GrantInvalid
    return _issue(tx, token_id, app.id, found.account_id, found.scopes, None)


def grant_app_token(tx: Tx, app: Application, *, scope: str) -> Token:
    """A token that speaks for the application itself (RFC 6749, 4.4)."""
    return _issue(tx, new_id(), app.id, None, _asked_of(app, scope), None)


def grant_member_token(
    tx: Tx, app: Application, account_id: AccountId, *, scope: str, role: Role = Role.MEMBER
) -> Token:
    """A token for a member whom this server itself knows to be the one: at sign-up, in tests."""
    scopes = _asked_of(app, scope)
    if role is Role.MEMBER:
        scopes = " ".join(without_admin(scopes.split()))
    return _issue(tx, new_id(), app.id, account_id, scopes, None)


def _asked_of(app: Application, scope: str) -> str:
    scopes = parse_scopes(scope) or ["read"]
    if not within_scopes(scopes, app.scopes):
        raise ScopeInvalid
    return " ".join(scopes)


def issue_token(
    tx: Tx, app_id: int, *, account_id: AccountId | None, scopes: str, token: str | None = None
) -> str:
    """A new bearer token for an application, for a member or for itself; shown only once."""
    return _issue(tx, new_id(), app_id, account_id, scopes, token).access_token


def _issue(
    tx: Tx,
    token_id: int,
    app_id: int,
    account_id: AccountId | None,
    scopes: str,
    token: str | None,
) -> Token:
    made = token or secrets.token_urlsafe(32)
    tx.run(
        _INSERT_TOKEN,
        id=token_id,
        hash=hash_token(made),
        app_id=app_id,
        account_id=account_id,
        scopes=scopes,
        created_at=tx.now,
        last_used_at=None,
    )
    return Token(made, scopes, tx.now)


def revoke_token(tx: Tx, app: Application, token: str) -> None:
    """Ends a token of this application; one that is unknown is revoked already (RFC 7009, 2.2)."""
    found = tx.first(_TOKEN, hash=hash_token(token))
    if found is None:
        return
    if found.app_id != app.id:
        raise ClientUnauthorised
    end_token(tx, found.id)


def end_token(tx: Tx, token_id: int) -> None:
    """Ends a token; streams that it opened are cut."""
    tx.run(_REVOKE, id=token_id)
    tx.signal("token", token_id)


def revoke_app(tx: Tx, account_id: AccountId, app_id: int) -> None:
    """Ends every token and code that an application has of a member."""
    tx.run(_REVOKE_APP, account_id=account_id, app_id=app_id)
    tx.run(_FORGET_CODES_OF_APP, account_id=account_id, app_id=app_id)
    tx.signal("tokens", account_id)


def revoke_everything(tx: Tx, account_id: AccountId) -> None:
    """Ends every token and code that any application has of a member."""
    tx.run(_REVOKE_ALL, account_id=account_id)
    tx.run(_FORGET_CODES, account_id=account_id)
    tx.signal("tokens", account_id)


def note_uses(tx: Tx, uses: Uses) -> None:
    """Writes down, for each token's id, when it was used, and that its member was active then."""
    tx.many(_USED, [{"id": token_id, "at": at} for token_id, (_, at) in uses.items()])
    note_activity(tx, {AccountId(owner): at for owner, at in uses.values() if owner})


def sweep_codes(tx: Tx) -> None:
    """Forgets codes that ran out."""
    tx.run(_SWEEP_CODES, now=tx.now)
