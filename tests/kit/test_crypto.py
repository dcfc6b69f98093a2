import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from folkmoot.kit import crypto
from folkmoot.kit.fresh_secrets import fresh_secrets

SECRET = fresh_secrets()["secret_key"]


def test_what_is_sealed_opens_with_the_same_key_and_use_alone() -> None:
    key = crypto.derive(SECRET, "one")
    sealed = crypto.seal(key, b"plain", bound_to="7")
    assert sealed != crypto.seal(key, b"plain", bound_to="7")
    assert crypto.open_sealed(key, sealed, bound_to="7") == b"plain"
    changed = sealed[:-2] + ("A" if sealed[-2] != "A" else "B") + sealed[-1]
    for other, text, bound in (
        (crypto.derive(SECRET, "two"), sealed, "7"),
        (key, sealed, "8"),
        (key, changed, "7"),
        (key, "", "7"),
        (key, "***", "7"),
    ):
        with pytest.raises(crypto.SealBroken):
            crypto.open_sealed(other, text, bound_to=bound)


@pytest.mark.parametrize("secret", ["", "short", "not base64url!", "ä"])
def test_without_a_secret_key_nothing_is_derived(secret: str) -> None:
    with pytest.raises(crypto.SecretKeyMissing):
        crypto.derive(secret, "one")


def test_the_public_key_of_web_push_belongs_to_the_private_one() -> None:
    private = fresh_secrets()["vapid_private_key"]
    point = base64.urlsafe_b64decode(crypto.vapid_public_key(private) + "=")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    secret = int.from_bytes(crypto.decode_key(private))
    assert ec.derive_private_key(secret, ec.SECP256R1()).public_key() == public
    assert crypto.vapid_public_key("") == ""
