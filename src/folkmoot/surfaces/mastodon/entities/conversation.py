"""Conversation."""

from collections.abc import Sequence
from itertools import chain

import msgspec

from folkmoot.domain.conversations.model import Conversation as DomainConversation
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.account import Account, present_accounts
from folkmoot.surfaces.mastodon.entities.encoded import encoded
from folkmoot.surfaces.mastodon.entities.status import Status, present_statuses


class Conversation(msgspec.Struct):
    """A direct thread with the same participants, and the last that was said in it."""

    id: str
    unread: bool
    accounts: list[Account]
    last_status: Status | None


def present_conversations(
    app: App, tx: Tx, viewer_id: int, found: Sequence[DomainConversation]
) -> list[Conversation]:
    """The entities; notes to oneself name oneself."""
    people = {c.id: c.participant_ids or [c.account_id] for c in found}
    accounts = present_accounts(app, tx, chain.from_iterable(people.values()))
    statuses = present_statuses(app, tx, viewer_id, [c.last_post_id for c in found])
    return [
        Conversation(
            id=str(c.id),
            unread=c.unread,
            accounts=[encoded(accounts[i]) for i in people[c.id] if i in accounts],
            last_status=encoded(statuses[c.last_post_id]) if c.last_post_id in statuses else None,
        )
        for c in found
    ]
