"""A passkey device in software (WebAuthn level 3): makes credentials and proves them."""

import base64
import hashlib
import json
import os
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

_USER_PRESENT, _USER_VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Authenticator:
    """One device with one credential; `verifies` whether it asks its owner for a PIN."""

    def __init__(self, origin: str = "http://127.0.0.1:8080", *, verifies: bool = True) -> None:
        self.origin = origin
        self.verifies = verifies
        self.credential_id = os.urandom(32)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.count = 0
        self.handle = ""
        self.rp_id = ""

    def make(self, options: str) -> str:
        """`navigator.credentials.create`: the answer as JSON."""
        asked = json.loads(options)
        self.rp_id = asked["rp"]["id"]
        self.handle = asked["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id
        data = self._data(_ATTESTED) + attested + cbor2.dumps(cose)
        statement = {"fmt": "none", "attStmt": {}, "authData": data}
        return self._answer(
            {
                "clientDataJSON": base64url(self._client("webauthn.create", asked)),
                "attestationObject": base64url(cbor2.dumps(statement)),
                "transports": ["internal"],
            }
        )

    def prove(self, options: str) -> str:
        """`navigator.credentials.get`: the answer as JSON."""
        asked = json.loads(options)
        client, data = self._client("webauthn.get", asked), self._data(0)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": base64url(client),
                "authenticatorData": base64url(data),
                "signature": base64url(signed),
                "userHandle": self.handle,
            }
        )

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": asked["challenge"], "origin": self.origin}
        return json.dumps(said | {"crossOrigin": False}).encode()

    def _data(self, flags: int) -> bytes:
        self.count += 1
        flags |= _USER_PRESENT | (_USER_VERIFIED if self.verifies else 0)
        rp_hash = hashlib.sha256(self.rp_id.encode()).digest()
        return rp_hash + bytes([flags]) + self.count.to_bytes(4)

    def _answer(self, response: dict[str, Any]) -> str:
        shown = base64url(self.credential_id)
        return json.dumps(
            {"id": shown, "rawId": shown, "type": "public-key", "response": response}
            | {"clientExtensionResults": {}, "authenticatorAttachment": "platform"}
        )
