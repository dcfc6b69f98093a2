"""Admin::Tag, and links as the team sees them."""

import msgspec

from folkmoot.domain.cards.queries import list_cards
from folkmoot.domain.tags.model import Tag as DomainTag
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.preview_card import TrendsLink
from folkmoot.surfaces.mastodon.entities.tag import Tag, present_tags
from folkmoot.surfaces.mastodon.entities.trends_link import present_links


class AdminTag(Tag, kw_only=True, omit_defaults=True):
    """A tag and whether it may trend. Every tag can be used here."""

    trendable: bool
    usable: bool
    requires_review: bool


class AdminTrendsLink(TrendsLink, kw_only=True):
    """A link and whether it may trend."""

    id: str
    requires_review: bool


def present_admin_tags(
    app: App, tx: Tx, tags: list[DomainTag], allowed: set[int]
) -> list[AdminTag]:
    """The entities of tags in their order, without anybody's marks."""
    shown = present_tags(app, tx, 0, tags)
    return [
        AdminTag(
            **msgspec.structs.asdict(one),
            trendable=tag.id in allowed,
            usable=True,
            requires_review=tag.id not in allowed,
        )
        for tag, one in zip(tags, shown, strict=True)
    ]


def present_admin_links(
    app: App, tx: Tx, card_ids: list[int], allowed: set[int]
) -> list[AdminTrendsLink]:
    """The entities of links in their order."""
    known = list_cards(tx, card_ids)
    ids = [card_id for card_id in card_ids if card_id in known]
    return [
        AdminTrendsLink(
            **msgspec.structs.asdict(one), id=str(card_id), requires_review=card_id not in allowed
        )
        for card_id, one in zip(ids, present_links(app, tx, ids), strict=True)
    ]
