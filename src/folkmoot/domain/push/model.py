"""Subscriptions as values, what makes one valid, and a message as it goes out."""

import os
from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import urlsplit

import http_ece
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid01, Vapid02

from folkmoot.domain.accounts.model import AccountId
from folkmoot.kit import clock
from folkmoot.kit.crypto import decode_key, encode_key
from folkmoot.kit.errors import Invalid, NotFound

MAX_ENDPOINT = 2_048
# How long the push service keeps a message for a client that is asleep; older ones tell nothing.
LIFE_S = 2 * 24 * 3_600
_SIGNED_FOR_S = 12 * 3_600
_AUTH_BYTES = 16


class SubscriptionNotFound(NotFound):
    """Record not found"""


class SubscriptionInvalid(Invalid):
    """The push subscription cannot be used: {why}"""


class Policy(StrEnum):
    """Whose notifications wake the client."""

    ALL = "all"
    FOLLOWED = "followed"
    FOLLOWER = "follower"
    NONE = "none"


class Subscription(msgspec.Struct):
    """A row of push_subscriptions, in the table's order.

    `standard` tells whether the client reads RFC 8291's aes128gcm or only the draft before it.
    """

    id: int
    token_id: int
    account_id: AccountId
    endpoint: str
    p256dh: str
    auth: str
    standard: bool
    policy: str
    alerts: str
    access_token: str
    created_at: int

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(self.alerts.split())


class Candidate(msgspec.Struct):
    """A subscription of somebody who was told, and how they stand to who told."""

    id: int
    account_id: AccountId
    policy: str
    alerts: str
    follows: bool
    followed: bool

    def wants(self, kind: str) -> bool:
        """Whether a notification of a kind should wake the client."""
        if self.policy == Policy.FOLLOWED and not self.follows:
            return False
        if self.policy == Policy.FOLLOWER and not self.followed:
            return False
        return self.policy != Policy.NONE and f" {kind} " in self.alerts


class Message(msgspec.Struct, frozen=True):
    """An encrypted message, ready to be posted to an endpoint."""

    endpoint: str
    body: bytes
    headers: dict[str, str]


def pack_kinds(kinds: Iterable[str]) -> str:
    """Kinds as one text in which ` mention ` can be looked for."""
    return f" {' '.join(sorted(kinds))} "


def check_endpoint(endpoint: str) -> str:
    """The endpoint itself when it is an address on the web; SubscriptionInvalid otherwise."""
    try:
        parts = urlsplit(endpoint)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable or len(endpoint) > MAX_ENDPOINT:
        raise SubscriptionInvalid(why="the endpoint is no address on the web")
    return endpoint


def check_keys(p256dh: str, auth: str) -> tuple[str, str]:
    """The client's public key and its secret as base64url; SubscriptionInvalid when they are not
    what RFC 8291 asks for. Either alphabet of base64 is read, with or without padding.
    """
    try:
        point, secret = (decode_key(text.translate(_URL_ALPHABET)) for text in (p256dh, auth))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as error:
        raise SubscriptionInvalid(why="p256dh is no P-256 public key") from error
    if len(secret) != _AUTH_BYTES:
        raise SubscriptionInvalid(why="auth is not 16 bytes in base64")
    return encode_key(point), encode_key(secret)


_URL_ALPHABET = str.maketrans("+/", "-_")


def encrypt(
    subscription: Subscription, payload: bytes, *, vapid_key: str, contact: str, now: int
) -> Message:
    """The message of a payload for a subscription, signed with the server's private key.

    `contact` is a mailto: or https: address of who runs the server. SubscriptionInvalid when the
    endpoint's origin cannot be signed for.
    """
    ours = ec.generate_private_key(ec.SECP256R1())
    salt = os.urandom(16)
    version = "aes128gcm" if subscription.standard else "aesgcm"
    body = http_ece.encrypt(
        payload,
        salt=salt,
        private_key=ours,
        dh=decode_key(subscription.p256dh),
        auth_secret=decode_key(subscription.auth),
        version=version,
    )
    headers = {"Content-Encoding": version, "TTL": str(LIFE_S), "Urgency": "normal"}
    claims = {
        "aud": origin_of(subscription.endpoint),
        "exp": now // clock.SECOND + _SIGNED_FOR_S,
        "sub": contact,
    }
    headers |= _signature(subscription, claims, vapid_key, _point(ours))
    if not subscription.standard:
        headers["Encryption"] = f"salt={encode_key(salt)}"
    return Message(subscription.endpoint, body, headers)


def _signature(
    subscription: Subscription, claims: dict[str, object], vapid_key: str, our_point: bytes
) -> dict[str, str]:
    scheme = Vapid02 if subscription.standard else Vapid01
    signer = scheme.from_raw(vapid_key.encode())
    signer.conf = {"no-strict": True}  # loopback addresses are no valid contact to py_vapid
    crypto_key = None if subscription.standard else f"dh={encode_key(our_point)}"
    signed: dict[str, str] = signer.sign(claims, crypto_key)
    return signed


def origin_of(url: str) -> str:
    """The origin of an address, as a token's audience (RFC 8292, 2)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
