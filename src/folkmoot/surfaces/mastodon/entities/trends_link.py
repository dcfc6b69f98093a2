"""Trends::Link, read and built for a page of them."""

from collections import defaultdict

import msgspec

from folkmoot.domain.cards.queries import list_cards
from folkmoot.domain.discovery.model import WINDOW_DAYS, DayUse
from folkmoot.domain.discovery.queries import list_link_use
from folkmoot.kit.clock import DAY, day_start
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.account import present_accounts
from folkmoot.surfaces.mastodon.entities.preview_card import LinkUse, TrendsLink, build_card


def present_links(app: App, tx: Tx, card_ids: list[int]) -> list[TrendsLink]:
    """The entities of those of the links that still have a card, in their order."""
    cards = list_cards(tx, card_ids)
    authors = [card.author_account_id for card in cards.values() if card.author_account_id]
    people = present_accounts(app, tx, authors)
    uses: defaultdict[int, list[DayUse]] = defaultdict(list)
    for use in list_link_use(tx, card_ids):
        uses[use.subject_id].append(use)
    found = []
    for card_id in card_ids:
        card = cards.get(card_id)  # type: ignore[call-overload]
        if card is not None:
            entity = build_card(app, card, people.get(card.author_account_id))
            shared = msgspec.structs.asdict(entity)
            found.append(TrendsLink(**shared, history=_history(uses[card_id], tx.now)))
    return found


def _history(uses: list[DayUse], now: int) -> list[LinkUse]:
    """One entry for each of the last days, today first."""
    by_day = {use.day: use for use in uses}
    days = [day_start(now) - back * DAY for back in range(WINDOW_DAYS)]
    return [
        LinkUse(
            day=str(day // 1_000),
            accounts=str(by_day[day].accounts if day in by_day else 0),
            uses=str(by_day[day].uses if day in by_day else 0),
        )
        for day in days
    ]
