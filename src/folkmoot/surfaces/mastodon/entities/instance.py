"""Instance and V1::Instance: what a client must know before it does anything."""

from collections.abc import Iterable
from typing import Any

import msgspec

from folkmoot import __version__
from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.domain.discovery.model import Usage
from folkmoot.domain.media.model import READABLE_TYPES
from folkmoot.domain.policy.model import Rule as DomainRule
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.account import Account, present_account
from folkmoot.surfaces.mastodon.entities.encoded import encoded
from folkmoot.surfaces.mastodon.entities.rule import Rule, build_rule
from folkmoot.surfaces.mastodon.entities.service_card import ServiceCard, build_service_card
from folkmoot.surfaces.mastodon.operations import NOT_OFFERED, Operation

# Clients compare these three numbers with the version that brought a method.
VERSION = f"4.6.0 (compatible; Folkmoot {__version__})"

# The versions of Mastodon's API and the operations that make them. A version is claimed only
# when everything up to it is there, since clients switch features on by this number.
_API_VERSIONS = (
    (1, ("GET /api/v2/instance",)),
    (2, ("GET /api/v2/notifications", "GET /api/v2/notifications/{group_key}/accounts")),
    (3, ("GET /api/v1/instance/terms_of_service", "DELETE /api/v1/profile/avatar")),
    (4, ("DELETE /api/v1/media/{id}", "GET /api/v1/timelines/link")),
    (5, ("POST /api/v2/filters", "PUT /api/v2/filters/{id}")),
    (6, ("GET /api/v1/statuses/{id}/quotes",)),
    (7, ("POST /api/v1/statuses/{id}/quotes/{quoting_status_id}/revoke",)),
    (8, ("GET /api/v1/accounts/{id}/endorsements",)),
    (9, ("GET /api/v1/profile", "PATCH /api/v1/profile")),
    (
        10,
        (
            "POST /api/v1/collections",
            "GET /api/v1/collections/{id}",
            "PATCH /api/v1/collections/{id}",
            "DELETE /api/v1/collections/{id}",
            "POST /api/v1/collections/{collection_id}/items",
            "DELETE /api/v1/collections/{collection_id}/items/{id}",
            "GET /api/v1/accounts/{account_id}/collections",
        ),
    ),
)


class Icon(msgspec.Struct):
    """The instance's icon in one size."""

    src: str
    size: str


class Thumbnail(msgspec.Struct):
    """A picture that stands for the instance."""

    url: str
    description: str
    blurhash: str | None
    versions: dict[str, str]


class UsageUsers(msgspec.Struct):
    """How many members were active within four weeks."""

    active_month: int


class UsageEntity(msgspec.Struct):
    """How much the instance is used."""

    users: UsageUsers


class Registrations(msgspec.Struct):
    """Who may sign up."""

    enabled: bool
    approval_required: bool
    reason_required: bool | None
    message: str | None
    min_age: int | None
    url: str | None


class Contact(msgspec.Struct):
    """Whom to ask."""

    email: str
    account: Account | None


class Instance(msgspec.Struct):
    """The instance. `service_card` is Folkmoot's own."""

    domain: str
    title: str
    version: str
    source_url: str
    description: str
    wrapstodon: str | None
    usage: UsageEntity
    thumbnail: Thumbnail
    icon: list[Icon]
    languages: list[str]
    configuration: dict[str, Any]
    registrations: Registrations
    api_versions: dict[str, int]
    contact: Contact
    rules: list[Rule]
    service_card: ServiceCard


class V1Stats(msgspec.Struct):
    """Counts of the instance."""

    user_count: int
    status_count: int
    domain_count: int


class V1Instance(msgspec.Struct):
    """The instance, in the form of version 1; clients count on every field."""

    uri: str
    title: str
    short_description: str
    description: str
    email: str
    version: str
    urls: dict[str, str]
    stats: V1Stats
    thumbnail: str | None
    languages: list[str]
    registrations: bool
    approval_required: bool
    invites_enabled: bool
    configuration: dict[str, Any]
    contact_account: Account | None
    rules: list[Rule]


def api_version(operations: Iterable[Operation]) -> int:
    """The highest version of Mastodon's API of which every operation is here."""
    there = {f"{o.method} {o.path}" for o in operations if o.scope != NOT_OFFERED}
    reached = 0
    for version, needed in _API_VERSIONS:
        if not there.issuperset(needed):
            break
        reached = version
    return reached


def streaming_url(app: App) -> str:
    """Where streams are opened: ws for http, wss for https."""
    return "ws" + app.base_url.removeprefix("http")


def build_instance(app: App, tx: Tx, rules: list[DomainRule], usage: Usage) -> Instance:
    """The entity of version 2."""
    instance = app.settings.instance
    icon = app.base_url + "/static/icon-512.png"
    return Instance(
        domain=app.settings.domain,
        title=instance.title,
        version=VERSION,
        source_url=instance.source_url,
        description=instance.short_description,
        wrapstodon=None,
        usage=UsageEntity(UsageUsers(usage.active_month)),
        thumbnail=Thumbnail(icon, f"The sign of {instance.title}", None, {"@1x": icon}),
        icon=[
            Icon(f"{app.base_url}/static/{name}-{size}.png", f"{size}x{size}")
            for name, size in (("touch", 180), ("icon", 192), ("icon", 512))
        ],
        languages=list(instance.languages),
        configuration=_configuration(app),
        registrations=_registrations(app),
        api_versions={"mastodon": api_version(app.operations)},
        contact=Contact(instance.contact_email, _contact_account(app, tx)),
        rules=[build_rule(rule, instance.languages) for rule in rules],
        service_card=build_service_card(app, tx),
    )


def build_v1_instance(app: App, tx: Tx, rules: list[DomainRule], usage: Usage) -> V1Instance:
    """The entity of version 1."""
    instance = app.settings.instance
    mode = app.settings.registration.mode
    shared = _configuration(app)
    kept = ("accounts", "statuses", "media_attachments", "polls")
    return V1Instance(
        uri=app.settings.domain,
        title=instance.title,
        short_description=instance.short_description,
        description=instance.description or instance.short_description,
        email=instance.contact_email,
        version=VERSION,
        urls={"streaming_api": streaming_url(app)},
        stats=V1Stats(usage.members, usage.posts, domain_count=0),
        thumbnail=app.base_url + "/static/icon-512.png",
        languages=list(instance.languages),
        registrations=mode in ("open", "approval"),
        approval_required=mode == "approval",
        invites_enabled=mode != "closed",
        configuration={name: shared[name] for name in kept},
        contact_account=_contact_account(app, tx),
        rules=[build_rule(rule, instance.languages) for rule in rules],
    )


def _contact_account(app: App, tx: Tx) -> Account | None:
    name = app.settings.instance.contact_account
    account = find_account_by_name(tx, name) if name else None
    return None if account is None else encoded(present_account(app, tx, account))


def _registrations(app: App) -> Registrations:
    registration = app.settings.registration
    enabled = registration.mode in ("open", "approval")
    by_approval = registration.mode == "approval"
    return Registrations(
        enabled=enabled,
        approval_required=by_approval,
        reason_required=registration.reason_required if by_approval else None,
        message=None if enabled else _closed(registration.mode),
        min_age=registration.min_age or None,
        url=None,
    )


def _closed(mode: str) -> str:
    if mode == "invitation":
        return "<p>New members join by invitation.</p>"
    return "<p>This server takes no new members at the moment.</p>"


def _configuration(app: App) -> dict[str, Any]:
    limits, media = app.settings.limits, app.settings.media
    everybody = {"local": "public", "remote": "public"}
    return {
        "urls": {
            "streaming": streaming_url(app),
            "status": None,
            "about": f"{app.base_url}/about",
            "privacy_policy": f"{app.base_url}/privacy",
            "terms_of_service": f"{app.base_url}/terms",
        },
        "vapid": {"public_key": app.vapid_key},
        "accounts": {
            "max_display_name_length": limits.display_name_chars,
            "max_note_length": limits.bio_chars,
            "max_avatar_description_length": limits.alt_chars,
            "max_header_description_length": limits.alt_chars,
            "max_featured_tags": limits.featured_tags,
            "max_pinned_statuses": limits.pinned_posts,
            "max_profile_fields": limits.profile_fields,
            "profile_field_name_limit": limits.profile_field_chars,
            "profile_field_value_limit": limits.profile_field_chars,
        },
        "statuses": {
            "max_characters": limits.post_chars,
            "max_media_attachments": limits.attachments,
            "characters_reserved_per_url": limits.link_chars,
        },
        "media_attachments": {
            "supported_mime_types": list(READABLE_TYPES),
            "description_limit": limits.alt_chars,
            "image_size_limit": media.image_bytes,
            "image_matrix_limit": media.image_pixels,
            "video_size_limit": media.video_bytes,
            "video_frame_rate_limit": media.video_frame_rate,
            "video_matrix_limit": media.video_pixels,
        },
        "polls": {
            "max_options": limits.poll_options,
            "max_characters_per_option": limits.poll_option_chars,
            "min_expiration": limits.poll_min_s,
            "max_expiration": limits.poll_max_s,
        },
        "translation": {"enabled": False},
        "timelines_access": {
            "live_feeds": everybody,
            "hashtag_feeds": everybody,
            "trending_link_feeds": everybody,
        },
        "limited_federation": False,
    }
