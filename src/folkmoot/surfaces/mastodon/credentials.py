"""One's own: /api/v1/accounts/verify_credentials, /api/v1/preferences"""

import msgspec

from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.posts.model import Visibility
from folkmoot.surfaces.mastodon.entities.credential_account import CredentialAccount, present_self
from folkmoot.surfaces.mastodon.entities.status import VISIBILITIES
from folkmoot.surfaces.mastodon.operations import Call, Router

router = Router("accounts")


class Preferences(msgspec.Struct):
    """How one's statuses start out, and how one wants to read."""

    visibility: str = msgspec.field(name="posting:default:visibility")
    sensitive: bool = msgspec.field(name="posting:default:sensitive")
    language: str | None = msgspec.field(name="posting:default:language")
    quote_policy: str = msgspec.field(name="posting:default:quote_policy")
    expand_media: str = msgspec.field(name="reading:expand:media")
    expand_spoilers: bool = msgspec.field(name="reading:expand:spoilers")
    autoplay_gifs: bool = msgspec.field(name="reading:autoplay:gifs", default=False)


@router.get(
    "/api/v1/accounts/verify_credentials",
    scope="profile read:accounts",
    returns=CredentialAccount,
)
def verify(call: Call) -> CredentialAccount:
    """One's own account."""
    return present_self(call.app, call.tx, call.me.account_id)


@router.get("/api/v1/preferences", scope="read:accounts", returns=Preferences)
def preferences(call: Call) -> Preferences:
    """One's own preferences."""
    user = get_user(call.tx, call.me.account_id)
    return Preferences(
        visibility=VISIBILITIES[Visibility(user.default_visibility)],
        sensitive=user.default_sensitive,
        language=user.default_language or None,
        quote_policy=user.default_quote_policy,
        expand_media=user.expand_media,
        expand_spoilers=user.expand_spoilers,
    )
