"""Sign-ups and invitations as values, and what is wrong with a form."""

from datetime import UTC, date, datetime
from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import MAX_USERNAME, USERNAME, AccountId
from folkmoot.domain.auth.model import (
    EmailBlocked,
    EmailInvalid,
    PasswordInvalid,
    check_password,
    parse_new_email,
)
from folkmoot.kit.errors import Forbidden, Invalid, NotFound
from folkmoot.kit.settings import Settings

InvitationId = NewType("InvitationId", int)

MAX_REASON = 500
MAX_REFUSAL = 2_000
MAX_MEMBER_USES = 10
MAX_TEAM_USES = 1_000
MAX_NOTE = 100

# Names that would pass for the service itself, or stand in the way of its addresses.
_RESERVED = """
    abuse account accounts admin administrator admins anonymous api appeal appeals auth
    billing contact editor everyone folkmoot help helpdesk hostmaster info instance legal mail
    mailer_daemon me mod moderation moderator moderators mods news no_reply nobody noreply
    notice notices oauth official operator operators owner postmaster press privacy review
    reviewer reviewers root rules security service settings staff status support sysadmin
    system team terms trust undefined user users webmaster www
"""
RESERVED = frozenset(_RESERVED.split())


class SignUpsClosed(Forbidden):
    """Nobody can sign up here at present"""


class InvitationNeeded(Forbidden):
    """Signing up here needs an invitation"""


class InvitationInvalid(Invalid):
    """This invitation does not exist, has run out or was used up"""


class InvitationNotFound(NotFound):
    """Record not found"""


class UsesInvalid(Invalid):
    """An invitation can be for one up to {most} people"""


class NothingToDecide(Invalid):
    """This sign-up does not wait for a decision"""


class ReasonNeeded(Invalid):
    """Say why, for the person to read: nobody is turned away without a reason"""


class ReasonTooLong(Invalid):
    """The reason is too long: up to {limit} characters"""


class SignUpInvalid(Invalid):
    """What was typed into the form cannot be taken; `details` says it for each field."""

    def __init__(self, faults: "list[Fault]") -> None:
        details: dict[str, list[dict[str, str]]] = {}
        for fault in faults:
            told = {"error": fault.code, "description": fault.description}
            details.setdefault(fault.field, []).append(told)
        sentences = ", ".join(f"{_LABELS[fault.field]} {fault.description}" for fault in faults)
        super().__init__(f"Validation failed: {sentences}")
        self.facts = {"details": details}
        self.faults = faults


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with one field: the code that clients know, and words after its label."""

    field: str
    code: str
    description: str


NAME_TAKEN = Fault("username", "ERR_TAKEN", "has already been taken")

_LABELS = {
    "username": "Username",
    "email": "E-mail address",
    "password": "Password",
    "agreement": "Agreement to the rules",
    "reason": "Reason",
    "date_of_birth": "Date of birth",
    "invite_code": "Invitation",
}


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody fills in to sign up.

    The age is either told by a date, which is looked at and not kept, or confirmed by a tick.
    """

    username: str = ""
    email: str = ""
    password: str = ""
    agreement: bool = False
    reason: str = ""
    locale: str = "en"
    date_of_birth: str = ""
    age_confirmed: bool = False
    invitation: str = ""
    app_id: int | None = None


class Invitation(msgspec.Struct):
    """A row of invitations, in the table's order."""

    id: InvitationId
    account_id: AccountId
    code: str
    note: str
    max_uses: int
    uses: int
    created_at: int
    expires_at: int

    def is_good(self, now: int) -> bool:
        """Whether somebody can still sign up with it."""
        return self.uses < self.max_uses and self.expires_at > now


def check_reason(reason: str) -> str:
    """Why somebody is turned away, trimmed; ReasonNeeded, ReasonTooLong."""
    reason = reason.strip()
    if not reason:
        raise ReasonNeeded(field="reason")
    if len(reason) > MAX_REFUSAL:
        raise ReasonTooLong(field="reason", limit=MAX_REFUSAL)
    return reason


def check_form(form: Form, settings: Settings, *, today: int) -> list[Fault]:
    """What is wrong with a form without looking at who exists. Takes milliseconds, for the
    password: not for the event loop.
    """
    faults = _check_username(form.username, settings)
    faults += _check_email(form.email, settings)
    faults += _check_password(form, settings)
    if not form.agreement:
        faults.append(Fault("agreement", "ERR_ACCEPTED", "must be accepted"))
    faults += _check_age(form, settings.registration.min_age, today)
    return faults + _check_reason(form, settings)


def _check_username(username: str, settings: Settings) -> list[Fault]:
    if not username:
        return [Fault("username", "ERR_BLANK", "can't be blank")]
    faults = []
    if not USERNAME.fullmatch(username):
        what = "must contain only letters, numbers and underscores"
        faults.append(Fault("username", "ERR_INVALID", what))
    if len(username) > MAX_USERNAME:
        what = f"is too long (maximum is {MAX_USERNAME} characters)"
        faults.append(Fault("username", "ERR_TOO_LONG", what))
    mine = {name.lower() for name in settings.registration.reserved_names}
    if not settings.testing.enabled and username.lower() in RESERVED | mine:
        faults.append(Fault("username", "ERR_RESERVED", "is reserved"))
    return faults


def _check_email(email: str, settings: Settings) -> list[Fault]:
    if not email.strip():
        return [Fault("email", "ERR_BLANK", "can't be blank")]
    try:
        parse_new_email(email, settings.registration.blocked_email_domains)
    except EmailInvalid:
        return [Fault("email", "ERR_INVALID", "is invalid")]
    except EmailBlocked:
        return [Fault("email", "ERR_BLOCKED", "is at a provider that is not accepted here")]
    return []


def _check_password(form: Form, settings: Settings) -> list[Fault]:
    if not form.password:
        return [Fault("password", "ERR_BLANK", "can't be blank")]
    try:
        check_password(
            form.password, known=(form.username, form.email), testing=settings.testing.enabled
        )
    except PasswordInvalid as wrong:
        told = wrong.sentence.removeprefix("Password ")
        return [Fault("password", str(wrong.facts["error"]), told)]
    return []


def _check_age(form: Form, min_age: int, today: int) -> list[Fault]:
    if not min_age or form.age_confirmed:
        return []
    if not form.date_of_birth:
        return [Fault("date_of_birth", "ERR_BLANK", "can't be blank")]
    try:
        born = date.fromisoformat(form.date_of_birth.strip()[:10])
    except ValueError:
        return [Fault("date_of_birth", "ERR_INVALID", "must be a date such as 1990-12-31")]
    now = datetime.fromtimestamp(today / 1_000, UTC).date()
    age = now.year - born.year - ((now.month, now.day) < (born.month, born.day))
    if age < min_age:
        return [Fault("date_of_birth", "ERR_BELOW_LIMIT", "is below the age limit")]
    return []


def _check_reason(form: Form, settings: Settings) -> list[Fault]:
    if len(form.reason) > MAX_REASON:
        what = f"is too long (maximum is {MAX_REASON} characters)"
        return [Fault("reason", "ERR_TOO_LONG", what)]
    registration = settings.registration
    asked = registration.mode == "approval" and registration.reason_required
    if asked and not form.invitation and not form.reason.strip() and not settings.testing.enabled:
        return [Fault("reason", "ERR_BLANK", "can't be blank")]
    return []
