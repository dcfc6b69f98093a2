"""Carrying messages to push services, and forgetting subscriptions nobody can use."""

import asyncio
from collections.abc import Callable

import msgspec
import structlog

from folkmoot.domain.notifications.model import Listed, NotificationNotFound
from folkmoot.domain.notifications.queries import find_notification, get_notification
from folkmoot.domain.push import actions, queries
from folkmoot.domain.push.model import (
    LIFE_S,
    Message,
    encrypt,
)
from folkmoot.kit import clock
from folkmoot.kit.context import Context
from folkmoot.kit.db import Tx
from folkmoot.kit.ids import time_of

log = structlog.get_logger("push")

Present = Callable[[Tx, Listed, str], bytes]
"""Makes the payload of a notification, with the client's access token, in a surface's language."""

_TIMEOUT_S = 10.0
_MAX_ANSWER = 64 * 1024
_GONE = frozenset({404, 410})
# Refusals that pass: the service is busy, or did not get all of the message.
_TRY_AGAIN = frozenset({408, 425, 429})


class Delivery(msgspec.Struct, frozen=True):
    """The payload of the job that wakes one client for one notification."""

    subscription_id: int
    notification_id: int


class Sweep(msgspec.Struct):
    """The payload of the job that removes what belongs to ended tokens."""


class PushRefused(Exception):
    """The push service would not take the message now"""


async def deliver(context: Context, delivery: Delivery, *, present: Present) -> None:
    """Encrypts and posts one message. What is no longer of use is dropped."""
    from folkmoot.kit.http import AddressRefused, UrlRefused

    message = await context.db.read(_prepare, delivery, present)
    if message is None:
        return
    ready = await asyncio.to_thread(message)
    try:
        answer = await context.http.post(
            ready.endpoint,
            body=ready.body,
            content_type="application/octet-stream",
            headers=ready.headers,
            max_bytes=_MAX_ANSWER,
            timeout_s=_TIMEOUT_S,
        )
    except (AddressRefused, UrlRefused) as refused:
        log.info("push endpoint refused", reason=str(refused))
        await context.db.write(actions.remove_subscription, delivery.subscription_id)
        return
    if answer.status in _GONE:
        await context.db.write(actions.remove_subscription, delivery.subscription_id)
    elif answer.status in _TRY_AGAIN or answer.status >= 500:
        raise PushRefused(str(answer.status))
    elif not answer.is_ok:
        log.warning("push message rejected", status=answer.status, reason=answer.text()[:200])


def _prepare(tx: Tx, delivery: Delivery, present: Present) -> Callable[[], Message] | None:
    """What makes the message, outside the transaction; None when there is nothing to tell."""
    subscription = queries.find_subscription(tx, delivery.subscription_id)
    found = find_notification(tx, delivery.notification_id)
    vapid_key = queries.find_vapid_key(tx)
    if subscription is None or found is None or not vapid_key:
        return None
    if time_of(found.id) < tx.now - LIFE_S * clock.SECOND:
        return None
    try:
        listed = get_notification(tx, found.account_id, found.id)
    except NotificationNotFound:
        return None
    payload = present(tx, listed, actions.open_access_token(tx, subscription))
    contact, now = _contact(tx), tx.now
    return lambda: encrypt(subscription, payload, vapid_key=vapid_key, contact=contact, now=now)


def _contact(tx: Tx) -> str:
    email = tx.settings.instance.contact_email
    return f"mailto:{email}" if email else tx.settings.server.base_url


async def sweep(context: Context, job: Sweep) -> None:
    await context.db.write(actions.sweep)
