"""Second factors as values, and the arithmetic of codes."""

import hashlib
import hmac
import re
import secrets
from enum import StrEnum
from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.kit import clock
from folkmoot.kit.errors import Forbidden, Invalid, NotFound

PasskeyId = NewType("PasskeyId", int)
ChallengeId = NewType("ChallengeId", int)

TOTP_STEP = 30 * clock.SECOND
# One step of thirty seconds to either side, for clocks that are not quite right.
_TOTP_DRIFT = 1
RECOVERY_CODES = 10
_RECOVERY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_RECOVERY_CHARS = 16
CHALLENGE_LIFE = 5 * clock.MINUTE
MAX_PASSKEYS = 20
MAX_PASSKEY_NAME = 60


class Factor(StrEnum):
    """By which means the second step of a sign-in can be done."""

    TOTP = "totp"
    PASSKEY = "passkey"
    RECOVERY = "recovery"


class Purpose(StrEnum):
    """What a challenge was made for; it is good for nothing else."""

    ENROL = "enrol"
    SECOND_STEP = "second_step"
    SIGN_IN = "sign_in"


class CodeWrong(Invalid):
    """That code does not fit: look whether your device's clock is right, and take the next code"""


class NotBegun(Invalid):
    """Begin anew: nothing was prepared, or it has run out"""


class PasskeyRefused(Invalid):
    """That passkey could not be checked: try again"""


class PasskeyKnown(Invalid):
    """That passkey is already known here"""


class TooManyPasskeys(Invalid):
    """There are as many passkeys as an account may have: remove one first"""


class PasskeyNotFound(NotFound):
    """Record not found"""


class FactorNeeded(Forbidden):
    """Your role needs a second factor: add another before you remove the last one"""


class FactorFirst(Forbidden):
    """Recovery codes stand in for a second factor: add an authenticator app or a passkey first"""


class TotpSetup(msgspec.Struct, frozen=True):
    """What an authenticator app needs: the address for its camera, the secret to type."""

    secret: str
    uri: str


class Passkey(msgspec.Struct):
    """A row of passkeys, in the table's order. Ids and keys are base64url."""

    id: PasskeyId
    account_id: AccountId
    credential_id: str
    public_key: str
    sign_count: int
    name: str
    created_at: int
    last_used_at: int | None


class Ceremony(msgspec.Struct, frozen=True):
    """A WebAuthn ceremony begun: `options` is JSON for the browser, `id` names the challenge."""

    id: ChallengeId
    options: str


class Factors(msgspec.Struct, frozen=True):
    """What a member has enrolled."""

    totp: bool
    passkeys: list[Passkey]
    recovery_left: int

    @property
    def methods(self) -> tuple[Factor, ...]:
        """The means of the second step that are at hand, the handiest first."""
        return tuple(
            factor
            for factor, there in (
                (Factor.PASSKEY, bool(self.passkeys)),
                (Factor.TOTP, self.totp),
                (Factor.RECOVERY, self.recovery_left > 0),
            )
            if there
        )


def matching_step(secret: str, code: str, at: int) -> int | None:
    """The time step around a moment whose code this is (RFC 6238), or None."""
    from pyotp import TOTP

    digits = re.sub(r"\s", "", code)
    step = at // TOTP_STEP
    totp = TOTP(secret)
    found = None
    for near in range(step - _TOTP_DRIFT, step + _TOTP_DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(near).encode(), digits.encode()):
            found = near
    return found


def new_recovery_codes() -> list[str]:
    """Codes of 79 random bits, in groups that can be read out."""
    return [
        "-".join(
            "".join(secrets.choice(_RECOVERY_ALPHABET) for _ in range(4))
            for _ in range(_RECOVERY_CHARS // 4)
        )
        for _ in range(RECOVERY_CODES)
    ]


def hash_recovery_code(code: str) -> str:
    """How a code is kept; spaces, dashes and letter case do not matter."""
    return hashlib.sha256(re.sub(r"[\s-]", "", code).lower().encode()).hexdigest()
