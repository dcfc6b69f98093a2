"""Makes the secrets an instance begins with."""

import base64
import os


def fresh_secrets() -> dict[str, str]:
    """Values for the section `secrets` of a new settings file."""
    return {
        "secret_key": _base64url(os.urandom(32)),
        "vapid_private_key": _base64url(_p256_private_key()),
    }


def _p256_private_key() -> bytes:
    """The raw private value, as RFC 8292's tools exchange it."""
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value.to_bytes(32)


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
