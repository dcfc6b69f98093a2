"""Profile: one's own profile as it was typed."""

import msgspec

from folkmoot.domain.accounts.model import AccountId, decode_fields, decode_list
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.tags.queries import list_featured_tags
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.account import Field
from folkmoot.surfaces.mastodon.entities.featured_tag import FeaturedTag, build_featured_tags


class Profile(msgspec.Struct, kw_only=True):
    """One's own profile, every part of it as it can be changed."""

    id: str
    display_name: str
    note: str
    fields: list[Field]
    avatar: str | None
    avatar_static: str | None
    avatar_description: str
    header: str | None
    header_static: str | None
    header_description: str
    locked: bool
    bot: bool
    hide_collections: bool
    discoverable: bool
    indexable: bool
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    attribution_domains: list[str]
    featured_tags: list[FeaturedTag]


def present_profile(app: App, tx: Tx, account_id: AccountId) -> Profile:
    """A member's own profile."""
    account = get_account(tx, account_id)
    return Profile(
        id=str(account.id),
        display_name=account.display_name,
        note=account.note,
        fields=[
            Field(f.name, f.value, iso(f.verified_at) if f.verified_at else None)
            for f in decode_fields(account)
        ],
        avatar=app.media_url(account.avatar),
        avatar_static=app.media_url(account.avatar_static),
        avatar_description=account.avatar_description,
        header=app.media_url(account.header),
        header_static=app.media_url(account.header_static),
        header_description=account.header_description,
        locked=account.locked,
        bot=account.bot,
        hide_collections=account.hide_collections,
        discoverable=account.discoverable,
        indexable=account.indexable,
        show_media=account.show_media,
        show_media_replies=account.show_media_replies,
        show_featured=account.show_featured,
        attribution_domains=decode_list(account.attribution_domains),
        featured_tags=build_featured_tags(account, list_featured_tags(tx, account.id)),
    )
