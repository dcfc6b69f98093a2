"""WebPushSubscription, and the message that wakes a client."""

import html
import re

import msgspec

from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.notifications.model import Listed
from folkmoot.domain.posts.queries import get_post
from folkmoot.domain.push.model import Subscription
from folkmoot.domain.words.model import say
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.notification import TYPES

_TAG = re.compile(r"<[^>]+>")
_BREAK = re.compile(r"<br ?/?>|</p>")
_BODY_CHARS = 140


class WebPushSubscription(msgspec.Struct, kw_only=True):
    """Where a client wants to be woken, and for what."""

    id: str
    endpoint: str
    standard: bool
    alerts: dict[str, bool]
    policy: str
    server_key: str


class PushMessage(msgspec.Struct, kw_only=True):
    """What wakes a client: enough to show, and where to ask for more."""

    access_token: str
    preferred_locale: str
    notification_id: str
    notification_type: str
    icon: str
    title: str
    body: str


def build_subscription(subscription: Subscription, server_key: str) -> WebPushSubscription:
    """The entity of a subscription."""
    kinds = subscription.kinds
    return WebPushSubscription(
        id=str(subscription.id),
        endpoint=subscription.endpoint,
        standard=subscription.standard,
        alerts={name: kind in kinds for kind, name in TYPES.items()},
        policy=subscription.policy,
        server_key=server_key,
    )


def present_push(app: App, tx: Tx, found: Listed, access_token: str) -> bytes:
    """The encoded message of a notification."""
    sender = get_account(tx, found.from_id)
    name = sender.display_name or sender.username
    locale = get_user(tx, found.account_id).locale
    if found.post_id is not None:
        post = get_post(tx, found.post_id)
        body = post.spoiler_text or plain_text(post.html)
    else:
        body = plain_text(sender.note_html)
    return msgspec.json.encode(
        PushMessage(
            access_token=access_token,
            preferred_locale=locale,
            notification_id=str(found.id),
            notification_type=TYPES[found.kind],
            icon=app.avatar_url(sender.id, sender.avatar_static),
            title=say(locale, f"push.{found.kind}", name=name),
            body=body if len(body) <= _BODY_CHARS else body[: _BODY_CHARS - 1] + "…",
        )
    )


def plain_text(markup: str) -> str:
    """The text of HTML that this server made."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", markup))).strip()
