"""Writes of cards."""

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.domain.cards.events import CardChanged, LinkLed
from folkmoot.domain.cards.model import Card, CardId, Found, card_key, may_sign_for
from folkmoot.domain.cards.queries import (
    find_card,
    find_card_by_key,
    find_linked_card,
    list_linking_ids,
)
from folkmoot.domain.cards.tables import card_links, cards
from folkmoot.domain.media.actions import erase_files
from folkmoot.kit import jobs
from folkmoot.kit.db import Moment, Tx, command, insert_all, param
from folkmoot.kit.ids import new_id

_INSERT = insert_all(cards, or_ignore=True)
_KNOWN = (
    *("url", "kind", "title", "description", "author_name", "author_url", "provider_name"),
    *("provider_url", "embed_url", "width", "height", "image", "image_description", "blurhash"),
    *("language", "published_at", "target"),
)
_STORE = command(
    sa.update(cards)
    .where(cards.c.id == param("card_id"))
    .values(
        state=param("new_state"),
        author_account_id=param("new_author_account_id"),
        fetched_at=param("at", Moment),
        **{name: param(f"new_{name}") for name in _KNOWN},
    )
)
_GIVE_UP = command(
    sa.update(cards)
    .where(cards.c.id == param("card_id"))
    .values(
        state=sa.case((cards.c.state == param("ready", sa.Text), cards.c.state), else_="none"),
        fetched_at=param("at", Moment),
    )
)
_FORGET_AUTHOR = command(
    sa.update(cards).where(cards.c.id == param("card_id")).values(author_account_id=sa.null())
)
_DELETE = command(sa.delete(cards).where(cards.c.id == param("card_id")))
_LINK = insert_all(card_links)
_UNLINK = command(sa.delete(card_links).where(card_links.c.post_id == param("post_id")))


class CardToFetch(msgspec.Struct, frozen=True):
    """The payload of the job that asks a page for its card."""

    card_id: int


def link_post(tx: Tx, post_id: int, *, url: str, author_id: AccountId) -> CardId | None:
    """Ties a post to the card of a link; the card's id if it can be shown already. Otherwise a
    CardChanged says when it can."""
    card = _ensure_card(tx, url)
    before = find_linked_card(tx, post_id)
    if before != card.id:
        if before is not None:
            unlink_post(tx, post_id)
        tx.run(_LINK, post_id=post_id, card_id=card.id, author_id=author_id)
    if card.is_stale(tx.now):
        _ask(tx, card)
    return card.id if card.state == "ready" else None


def unlink_post(tx: Tx, post_id: int) -> None:
    """Unties a post from its card, which goes with the last one."""
    card_id = find_linked_card(tx, post_id)
    if card_id is None:
        return
    tx.run(_UNLINK, post_id=post_id)
    if not list_linking_ids(tx, card_id):
        card = find_card(tx, card_id)
        if card is not None:
            erase_files(tx, [card.image])
        tx.run(_DELETE, card_id=card_id)


def store_card(tx: Tx, card_id: int, found: Found) -> None:
    """Keeps what a page said of itself, and announces it."""
    card = find_card(tx, card_id)
    if card is None:  # nothing links to it any more
        erase_files(tx, [found.image])
        return
    if card.image != found.image:
        erase_files(tx, [card.image])
    known = {f"new_{name}": getattr(found, name) for name in _KNOWN}
    author_id = _author_of(tx, found)
    tx.run(
        _STORE,
        card_id=card.id,
        at=tx.now,
        new_state="ready",
        new_author_account_id=author_id,
        **known,
    )
    _announce(tx, card.id)
    if found.target not in ("", card.target):
        tx.announce(LinkLed(tuple(list_linking_ids(tx, card.id))))


def give_up_card(tx: Tx, card_id: int) -> None:
    """Notes that a page gave no card; what it gave before stays."""
    tx.run(_GIVE_UP, card_id=card_id, at=tx.now, ready="ready")


def forget_author(tx: Tx, card_id: CardId) -> None:
    """Names no account as a page's author any more."""
    tx.run(_FORGET_AUTHOR, card_id=card_id)
    _announce(tx, card_id)


def _announce(tx: Tx, card_id: CardId) -> None:
    tx.announce(CardChanged(card_id, tuple(list_linking_ids(tx, card_id))))


def _ensure_card(tx: Tx, url: str) -> Card:
    key = card_key(url)
    card = find_card_by_key(tx, key)
    if card is not None:
        return card
    made = Card(
        id=CardId(new_id()),
        key=key,
        url=url,
        state="pending",
        kind="link",
        title="",
        description="",
        author_name="",
        author_url="",
        author_account_id=None,
        provider_name="",
        provider_url="",
        embed_url="",
        width=0,
        height=0,
        image="",
        image_description="",
        blurhash="",
        language="",
        published_at=None,
        created_at=tx.now,
        fetched_at=None,
        target="",
    )
    if tx.insert(_INSERT, made):
        _ask(tx, made)
        return made
    return find_card_by_key(tx, key) or made


def _ask(tx: Tx, card: Card) -> None:
    jobs.enqueue(tx, "cards.fetch", CardToFetch(card.id), unique_key=f"card:{card.id}")


def _author_of(tx: Tx, found: Found) -> AccountId | None:
    """The account a page names as its author, if that account has said the page may."""
    username, _, domain = found.creator.partition("@")
    if not username:
        return None
    account = find_account_by_name(tx, username, "" if domain == tx.settings.domain else domain)
    if account is None or account.suspended_at is not None:
        return None
    domains = msgspec.json.decode(account.attribution_domains, type=list[str])
    return account.id if may_sign_for(domains, found.url) else None
