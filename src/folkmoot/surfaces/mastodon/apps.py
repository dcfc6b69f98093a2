"""/api/v1/apps"""

from typing import Annotated

import msgspec

from folkmoot.domain.oauth import actions, queries
from folkmoot.domain.oauth.model import AppNotFound
from folkmoot.surfaces.mastodon.entities.application import (
    Application,
    CredentialApplication,
    build_application,
    build_registered,
)
from folkmoot.surfaces.mastodon.errors import Unauthorised
from folkmoot.surfaces.mastodon.operations import (
    APP,
    NEEDED,
    Call,
    Router,
)

router = Router("apps")


class AppParams(msgspec.Struct):
    """A client's registration; URIs as a list, or in one text separated by spaces or lines."""

    client_name: Annotated[str, NEEDED] = ""
    redirect_uris: Annotated[str | list[str], NEEDED] = ""
    scopes: str = "read"
    website: str | None = None


@router.post("/api/v1/apps", returns=CredentialApplication, rate="apps")
def register(call: Call, params: AppParams) -> CredentialApplication:
    """Registers an application."""
    uris = params.redirect_uris
    made = actions.register_app(
        call.tx,
        name=params.client_name,
        redirect_uris=[uris] if isinstance(uris, str) else uris,
        scopes=params.scopes,
        website=params.website or "",
    )
    return build_registered(call.app, made)


@router.get("/api/v1/apps/verify_credentials", auth=APP, returns=Application)
def verify(call: Call) -> Application:
    """The application that a token belongs to."""
    try:
        return build_application(call.app, queries.get_app(call.tx, call.me.app_id))
    except AppNotFound as error:
        raise Unauthorised from error
