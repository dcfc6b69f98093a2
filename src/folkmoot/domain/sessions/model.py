"""Sessions and sign-ins as values, and when sign-ins are too many."""

from enum import StrEnum
from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.auth.model import Role, User
from folkmoot.domain.factors.model import Factor
from folkmoot.kit import clock
from folkmoot.kit.errors import Forbidden, NotFound, TooMany

SessionId = NewType("SessionId", int)

STEP_LIFE = 10 * clock.MINUTE
STEP_TRIES = 5
# How long after signing in somebody may change how they sign in.
FRESH_FOR = clock.HOUR
# Wrong tries at one account, from wherever, until only addresses it is known from may go on.
GUARD_WINDOW = 30 * clock.MINUTE
GUARD_TRIES = 20
MAX_USER_AGENT = 300


class Method(StrEnum):
    """How somebody signed in or tried to."""

    PASSWORD = "password"  # noqa: S105 - the names of ways, no secrets
    PASSKEY = "passkey"
    PASSWORD_TOTP = "password+totp"  # noqa: S105
    PASSWORD_PASSKEY = "password+passkey"  # noqa: S105
    PASSWORD_RECOVERY = "password+recovery"  # noqa: S105
    SIGN_UP = "sign-up"


SECOND_STEP = {
    Factor.TOTP: Method.PASSWORD_TOTP,
    Factor.PASSKEY: Method.PASSWORD_PASSKEY,
    Factor.RECOVERY: Method.PASSWORD_RECOVERY,
}


class CredentialsWrong(Forbidden):
    """That e-mail address or user name and that password do not belong together"""


class FactorWrong(Forbidden):
    """That did not fit: try again, or take another way"""


class SignInExpired(Forbidden):
    """This sign-in took too long or too many tries: begin again"""


class TooManySignIns(TooMany):
    """Too many wrong tries: wait half an hour, or choose a new password by e-mail"""


class SignInStale(Forbidden):
    """This needs a fresh sign-in: sign in once more, and come back"""


class SessionNotFound(NotFound):
    """Record not found"""


class Login(msgspec.Struct, frozen=True):
    """Who may be meant by a sign-in, for the password to be checked outside the transaction."""

    user: User | None

    @property
    def password_hash(self) -> str | None:
        return self.user.password_hash if self.user else None


class Visit(msgspec.Struct, frozen=True):
    """From where somebody comes."""

    address: str = ""
    user_agent: str = ""


class Session(msgspec.Struct):
    """A browser that is signed in, as its member sees it."""

    id: SessionId
    address: str
    user_agent: str
    method: str
    created_at: int
    last_used_at: int
    expires_at: int


class Started(msgspec.Struct, frozen=True):
    """A sign-in that began: the cookie's value, shown once, and how its second step can be done.

    Without `factors` it is complete.
    """

    token: str
    session_id: SessionId
    account_id: AccountId
    factors: tuple[Factor, ...] = ()


class Step(msgspec.Struct):
    """A sign-in between its two steps."""

    session_id: SessionId
    account_id: AccountId
    tries: int


class Viewer(msgspec.Struct, frozen=True):
    """Who looks at a page: a member by a session. `role` is the role in effect.

    With `factor_missing` the member holds a role that rests until a second factor is enrolled.
    """

    session_id: SessionId
    account_id: AccountId
    role: Role
    factor_missing: bool


class SignIn(msgspec.Struct):
    """A row of sign_ins, in the table's order."""

    id: int
    account_id: AccountId
    address: str
    user_agent: str
    method: str
    succeeded: bool
    created_at: int
