"""Writes of subscriptions."""

import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.oauth.tables import tokens
from folkmoot.domain.push import queries
from folkmoot.domain.push.model import (
    Policy,
    Subscription,
    check_endpoint,
    check_keys,
    pack_kinds,
)
from folkmoot.domain.push.tables import push_keys, push_subscriptions
from folkmoot.kit.crypto import derive, open_sealed, seal
from folkmoot.kit.db import Tx, command, insert_all, param
from folkmoot.kit.fresh_secrets import fresh_secrets
from folkmoot.kit.ids import new_id

_s = push_subscriptions.c
_INSERT = insert_all(push_subscriptions)
_UNSUBSCRIBE = command(sa.delete(push_subscriptions).where(_s.token_id == param("token_id")))
_CHANGE = command(
    sa.update(push_subscriptions)
    .where(_s.id == param("of_id"))
    .values(policy=param("new_policy"), alerts=param("new_alerts"))
)
_DELETE = command(sa.delete(push_subscriptions).where(_s.id == param("id")))
_FORGET = command(sa.delete(push_subscriptions).where(_s.account_id == param("account_id")))
_SWEEP = command(
    sa.delete(push_subscriptions).where(
        ~sa.exists(sa.select(sa.literal_column("1")).where(tokens.c.id == _s.token_id))
    )
)
_KEEP_KEY = insert_all(push_keys, or_ignore=True)
_SEALED_FOR = "push access token"


def subscribe(
    tx: Tx,
    account_id: AccountId,
    *,
    token_id: int,
    access_token: str,
    endpoint: str,
    p256dh: str,
    auth: str,
    standard: bool,
    policy: Policy,
    kinds: frozenset[str],
) -> Subscription:
    """A token's new subscription in place of the one it had; SubscriptionInvalid says why not."""
    point, secret = check_keys(p256dh, auth)
    subscription = Subscription(
        id=new_id(),
        token_id=token_id,
        account_id=account_id,
        endpoint=check_endpoint(endpoint),
        p256dh=point,
        auth=secret,
        standard=standard,
        policy=policy,
        alerts=pack_kinds(kinds),
        access_token=seal(_key(tx), access_token.encode(), bound_to=str(token_id)),
        created_at=tx.now,
    )
    unsubscribe(tx, token_id)
    tx.insert(_INSERT, subscription)
    return subscription


def open_access_token(tx: Tx, subscription: Subscription) -> str:
    """The token of the client that subscribed, which it wants to be reminded of."""
    sealed, bound_to = subscription.access_token, str(subscription.token_id)
    return open_sealed(_key(tx), sealed, bound_to=bound_to).decode()


def _key(tx: Tx) -> bytes:
    return derive(tx.settings.secrets.secret_key, _SEALED_FOR)


def change_subscription(
    tx: Tx, subscription: Subscription, *, policy: Policy, kinds: frozenset[str]
) -> Subscription:
    """Chooses anew what wakes the client."""
    subscription.policy, subscription.alerts = policy, pack_kinds(kinds)
    tx.run(_CHANGE, of_id=subscription.id, new_policy=policy, new_alerts=subscription.alerts)
    return subscription


def unsubscribe(tx: Tx, token_id: int) -> None:
    """Removes a token's subscription, if it has one."""
    tx.run(_UNSUBSCRIBE, token_id=token_id)


def remove_subscription(tx: Tx, subscription_id: int) -> None:
    """Removes a subscription that its push service knows no longer."""
    tx.run(_DELETE, id=subscription_id)


def forget_account(tx: Tx, account_id: int) -> None:
    """Removes a member's subscriptions."""
    tx.run(_FORGET, account_id=account_id)


def sweep(tx: Tx) -> None:
    """Removes the subscriptions of tokens that have ended."""
    tx.run(_SWEEP)


def ensure_vapid_key(tx: Tx) -> str:
    """The private key the server signs with; made once where neither settings nor database have
    one, so that clients can count on it.
    """
    found = queries.find_vapid_key(tx)
    if not found:
        tx.run(_KEEP_KEY, id=1, private_key=fresh_secrets()["vapid_private_key"])
    return found or queries.find_vapid_key(tx)
