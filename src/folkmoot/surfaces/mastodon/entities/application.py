"""Application, CredentialApplication and Token."""

from typing import Any

import msgspec

from folkmoot.domain.oauth.actions import Registered
from folkmoot.domain.oauth.model import Application as DomainApplication
from folkmoot.domain.oauth.model import Token as DomainToken
from folkmoot.surfaces.app import App


class Application(msgspec.Struct, kw_only=True):
    """A registered client."""

    id: str
    name: str
    website: str | None
    scopes: list[str]
    redirect_uris: list[str]
    redirect_uri: str
    vapid_key: str


class CredentialApplication(Application, kw_only=True):
    """A client with the credentials it was just given; 0 means that they do not expire."""

    client_id: str
    client_secret: str
    client_secret_expires_at: int = 0


class Token(msgspec.Struct):
    """A bearer token; `created_at` in seconds."""

    access_token: str
    token_type: str
    scope: str
    created_at: int


def build_application(app: App, application: DomainApplication) -> Application:
    """The entity of an application."""
    return Application(**_shared(app, application))


def build_registered(app: App, registered: Registered) -> CredentialApplication:
    """The entity of an application that was just registered."""
    return CredentialApplication(
        **_shared(app, registered.app),
        client_id=registered.app.client_id,
        client_secret=registered.client_secret,
    )


def build_token(token: DomainToken) -> Token:
    """The entity of a token."""
    return Token(token.access_token, "Bearer", token.scopes, token.created_at // 1_000)


def _shared(app: App, application: DomainApplication) -> dict[str, Any]:
    uris = application.redirect_uris.split()
    return {
        "id": str(application.id),
        "name": application.name,
        "website": application.website or None,
        "scopes": application.scopes.split(),
        "redirect_uris": uris,
        "redirect_uri": "\n".join(uris),
        "vapid_key": app.vapid_key,
    }
