"""Reads of cards."""

from collections.abc import Iterable

import sqlalchemy as sa

from folkmoot.domain.cards.model import Card, CardId, card_key
from folkmoot.domain.cards.tables import card_links, cards
from folkmoot.kit.db import Tx, param, rows, values, within

_BY_KEY = rows(sa.select(cards).where(cards.c.key == param("key")), Card)
_BY_IDS = rows(sa.select(cards).where(within(cards.c.id, "ids")), Card)
_LINKED = values(
    sa.select(card_links.c.post_id)
    .where(card_links.c.card_id == param("card_id"))
    .order_by(card_links.c.post_id),
    int,
)
_OF_POST = values(
    sa.select(card_links.c.card_id).where(card_links.c.post_id == param("post_id")), CardId
)
_BY_AUTHOR = values(
    sa.select(cards.c.id).where(cards.c.author_account_id == param("account_id")), CardId
)


def find_card_by_key(tx: Tx, key: str) -> Card | None:
    """The card of a normalised link."""
    return tx.first(_BY_KEY, key=key)


def find_card(tx: Tx, card_id: int) -> Card | None:
    """The card of an id, shown or not."""
    return tx.first(_BY_IDS, ids=[card_id])


def list_cards(tx: Tx, ids: list[int]) -> dict[CardId, Card]:
    """The cards that exist among these ids."""
    return {card.id: card for card in tx.all(_BY_IDS, ids=ids)} if ids else {}


_TARGETS = values(
    sa.select(cards.c.target).where(
        within(cards.c.key, "keys"), cards.c.target != param("nowhere")
    ),
    str,
)


def list_targets(tx: Tx, urls: Iterable[str]) -> list[str]:
    """Where links to other domains than these are known to lead."""
    keys = sorted({card_key(url) for url in urls})
    return tx.all(_TARGETS, keys=keys, nowhere="") if keys else []


def list_linking_ids(tx: Tx, card_id: CardId) -> list[int]:
    """The posts that link to a card's page, oldest first."""
    return tx.all(_LINKED, card_id=card_id)


def find_linked_card(tx: Tx, post_id: int) -> CardId | None:
    """The card, shown or not, of a post's link."""
    return tx.first(_OF_POST, post_id=post_id)


def list_ids_by_author(tx: Tx, account_id: int) -> list[CardId]:
    """The cards of pages that name an account as their author."""
    return tx.all(_BY_AUTHOR, account_id=account_id)


_IMAGES = values(sa.select(cards.c.image).where(within(cards.c.id, "ids")), str)


def list_images(tx: Tx, ids: list[int]) -> set[str]:
    """The keys of the pictures that these cards show."""
    return set(tx.all(_IMAGES, ids=ids))
