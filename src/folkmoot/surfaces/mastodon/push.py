"""/api/v1/push/subscription"""

from typing import Any

import msgspec

from folkmoot.domain.push import actions, queries
from folkmoot.domain.push.model import Policy, Subscription
from folkmoot.kit.crypto import vapid_public_key
from folkmoot.surfaces.mastodon.entities.notification import KINDS
from folkmoot.surfaces.mastodon.entities.web_push import WebPushSubscription, build_subscription
from folkmoot.surfaces.mastodon.operations import Call, Router

router = Router("push")

_PATH = "/api/v1/push/subscription"


class Keys(msgspec.Struct):
    """The client's public key and its secret (RFC 8291), in base64."""

    p256dh: str
    auth: str


class SubscriptionParams(msgspec.Struct):
    """Where the client wants to be woken."""

    endpoint: str
    keys: Keys
    standard: bool = False


class DataParams(msgspec.Struct, frozen=True):
    """What wakes the client: types of notifications, and from whom."""

    alerts: dict[str, bool | str | int] | None = None
    policy: Policy | None = None


class CreateParams(msgspec.Struct):
    """A new subscription."""

    subscription: SubscriptionParams
    data: DataParams = DataParams()


class UpdateParams(msgspec.Struct):
    """What wakes the client from now on."""

    data: DataParams = DataParams()
    policy: Policy | None = None


@router.post(_PATH, scope="push", returns=WebPushSubscription)
def subscribe(call: Call, params: CreateParams) -> WebPushSubscription:
    """Wakes this client by web push; one subscription for each token."""
    made = actions.subscribe(
        call.tx,
        call.me.account_id,
        token_id=call.me.token_id,
        access_token=call.incoming.token or "",
        endpoint=params.subscription.endpoint,
        p256dh=params.subscription.keys.p256dh,
        auth=params.subscription.keys.auth,
        standard=params.subscription.standard,
        policy=params.data.policy or Policy.ALL,
        kinds=_kinds(params.data) or frozenset(),
    )
    actions.ensure_vapid_key(call.tx)
    return _present(call, made)


@router.get(_PATH, scope="push", returns=WebPushSubscription, refuses=(404,))
def show(call: Call) -> WebPushSubscription:
    """This token's subscription."""
    return _present(call, queries.get_subscription(call.tx, call.me.token_id))


@router.put(_PATH, scope="push", returns=WebPushSubscription, refuses=(404,))
def update(call: Call, params: UpdateParams) -> WebPushSubscription:
    """Changes what wakes this client."""
    found = queries.get_subscription(call.tx, call.me.token_id)
    kinds = _kinds(params.data)
    changed = actions.change_subscription(
        call.tx,
        found,
        policy=params.data.policy or params.policy or Policy(found.policy),
        kinds=found.kinds if kinds is None else kinds,
    )
    return _present(call, changed)


@router.delete(_PATH, scope="push")
def unsubscribe(call: Call) -> dict[str, Any]:
    """Wakes this client no longer."""
    actions.unsubscribe(call.tx, call.me.token_id)
    return {}


_YES = frozenset({True, "1", "true", "on", "yes"})


def _kinds(data: DataParams) -> frozenset[str] | None:
    if data.alerts is None:
        return None
    return frozenset(
        KINDS[name] for name, wanted in data.alerts.items() if wanted in _YES and name in KINDS
    )


def _present(call: Call, subscription: Subscription) -> WebPushSubscription:
    key = vapid_public_key(queries.find_vapid_key(call.tx))
    return build_subscription(subscription, key)
