"""Keys for separate purposes from one secret; sealing of what only the server may read."""

import base64
import binascii
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
_MIN_SECRET_BYTES = 32


class SecretKeyMissing(Exception):
    """secrets.secret_key is not set to 32 bytes in base64url: `folkmoot init` makes one"""


class SealBroken(Exception):
    """What was sealed was changed, or sealed with another key or for another use"""


def decode_key(text: str) -> bytes:
    """Bytes of base64url, with or without padding. Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def encode_key(key: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode()


@lru_cache(maxsize=64)
def derive(secret_key: str, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose (HKDF, RFC 5869); knowing it tells nothing of others."""
    try:
        secret = decode_key(secret_key)
    except ValueError as error:
        raise SecretKeyMissing from error
    if len(secret) < _MIN_SECRET_BYTES:
        raise SecretKeyMissing
    kdf = HKDF(hashes.SHA256(), length=32, salt=None, info=b"folkmoot " + purpose.encode())
    return kdf.derive(secret)


def seal(key: bytes, plain: bytes, *, bound_to: str = "") -> str:
    """Encrypted text (AES-256-GCM) that opens only with the same key and `bound_to`."""
    nonce = os.urandom(_NONCE_BYTES)
    return encode_key(nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode()))


def open_sealed(key: bytes, sealed: str, *, bound_to: str = "") -> bytes:
    """What was sealed. Raises SealBroken."""
    try:
        raw = decode_key(sealed)
        return AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], bound_to.encode())
    except (ValueError, InvalidTag) as error:
        raise SealBroken from error


def link_key(secret_key: str, purpose: str, subject: str) -> str:
    """The secret half of an address: 128 bits, as text. Derived, so that it can be written into
    any number of letters about the same subject and is never stored.
    """
    digest = hmac.digest(derive(secret_key, purpose), subject.encode(), "sha256")
    return encode_key(digest[:16])


def vapid_public_key(private_key: str) -> str:
    """The public half of a raw P-256 key, uncompressed (RFC 8292, 3.2); empty for none."""
    if not private_key:
        return ""
    secret = int.from_bytes(decode_key(private_key))
    public = ec.derive_private_key(secret, ec.SECP256R1()).public_key()
    return encode_key(
        public.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
    )
