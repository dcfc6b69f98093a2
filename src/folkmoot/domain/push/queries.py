"""Reads of subscriptions."""

from typing import Any

import sqlalchemy as sa

from folkmoot.domain.auth.tables import users
from folkmoot.domain.oauth.tables import tokens
from folkmoot.domain.push.model import Candidate, Subscription, SubscriptionNotFound
from folkmoot.domain.push.tables import push_keys, push_subscriptions
from folkmoot.domain.relationships.tables import follows
from folkmoot.kit.db import Id, Tx, param, rows, values, within

_s = push_subscriptions.c
_one: Any = sa.literal_column("1")
_sender = param("sender_id", Id)

_BY_ID = rows(
    sa.select(push_subscriptions)
    .select_from(push_subscriptions.join(tokens, tokens.c.id == _s.token_id))
    .where(_s.id == param("id")),
    Subscription,
)
_BY_TOKEN = rows(
    sa.select(push_subscriptions).where(_s.token_id == param("token_id")), Subscription
)
_CANDIDATES = rows(
    sa.select(
        _s.id,
        _s.account_id,
        _s.policy,
        _s.alerts,
        sa.exists(
            sa.select(_one).where(
                follows.c.follower_id == _s.account_id, follows.c.followed_id == _sender
            )
        ),
        sa.exists(
            sa.select(_one).where(
                follows.c.follower_id == _sender, follows.c.followed_id == _s.account_id
            )
        ),
    )
    .select_from(
        push_subscriptions.join(tokens, tokens.c.id == _s.token_id).join(
            users, users.c.account_id == _s.account_id
        )
    )
    .where(within(_s.account_id, "ids"), users.c.disabled_at.is_(None)),
    Candidate,
)
_KEY = values(sa.select(push_keys.c.private_key).where(push_keys.c.id == param("id")), str)


def find_subscription(tx: Tx, subscription_id: int) -> Subscription | None:
    """The subscription of an id, while its token is good."""
    return tx.first(_BY_ID, id=subscription_id)


def get_subscription(tx: Tx, token_id: int) -> Subscription:
    """The subscription of a token; SubscriptionNotFound when it has none."""
    found = tx.first(_BY_TOKEN, token_id=token_id)
    if found is None:
        raise SubscriptionNotFound
    return found


def list_candidates(tx: Tx, ids: list[int], *, sender_id: int) -> list[Candidate]:
    """The subscriptions of these members, and how each stands to a sender."""
    return tx.all(_CANDIDATES, ids=ids, sender_id=sender_id)


def find_vapid_key(tx: Tx) -> str:
    """The private key the server signs with, from the settings or made before; else empty."""
    return tx.settings.secrets.vapid_private_key or tx.first(_KEY, id=1) or ""
