"""Sign-ups and invitations as values, and what is wrong with a form."""

import hashlib
import ipaddress
import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NewType

import msgspec

from folkmoot.domain.accounts.model import MAX_USERNAME, USERNAME, AccountId
from folkmoot.domain.auth.model import (
    EmailBlocked,
    EmailInvalid,
    PasswordInvalid,
    Role,
    check_password,
    parse_email,
    parse_new_email,
)
from folkmoot.kit import clock
from folkmoot.kit.errors import Forbidden, Invalid, NotFound
from folkmoot.kit.settings import Settings

InvitationId = NewType("InvitationId", int)
BlockId = NewType("BlockId", int)

MAX_REASON = 500
MAX_REFUSAL = 2_000
MAX_MEMBER_USES = 10
MAX_TEAM_USES = 1_000
MAX_NOTE = 100
MAX_COMMENT = 500
# A network is blocked for a time: addresses change hands.
BLOCK_LASTS = 90 * clock.DAY
BLOCK_AT_MOST = 366 * clock.DAY
# So many addresses at once, by the length of the prefix: no whole country by a slip.
WIDEST = {4: 12, 6: 24}
_HASH = re.compile(r"[0-9a-f]{64}")

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


class BlockNotFound(NotFound):
    """Record not found"""


class BlockInvalid(Invalid):
    """This cannot be blocked"""


class AlreadyBlocked(Invalid):
    """This is blocked already"""


class NetworkRefused(Forbidden):
    """Nobody can sign up from your network until {until}; write to the operator if that is wrong"""


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with one field: the code that clients know, and words after its label."""

    field: str
    code: str
    description: str


EMAIL_BLOCKED = Fault("email", "ERR_BLOCKED", "is at a provider that is not accepted here")
ADDRESS_BLOCKED = Fault("email", "ERR_BLOCKED", "is not accepted here")
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


class Members(StrEnum):
    """Which members a list is of."""

    ANY = "any"
    ACTIVE = "active"
    PENDING = "pending"
    DISABLED = "disabled"
    LIMITED = "limited"
    SUSPENDED = "suspended"
    SCREENED = "screened"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the team looks for among the members; what is empty does not matter."""

    members: Members = Members.ANY
    username: str = ""
    display_name: str = ""
    email: str = ""
    invited_by: int = 0
    roles: tuple[Role, ...] = ()


class BlockKind(StrEnum):
    """From what nobody signs up any more."""

    EMAIL_DOMAIN = "email-domain"
    EMAIL = "email"
    NETWORK = "network"


class Severity(StrEnum):
    """What a blocked network does to a sign-up."""

    APPROVAL = "approval"  # it waits for the team, whatever the way in is
    REFUSAL = "refusal"


class Block(msgspec.Struct, frozen=True):
    """A row of sign_up_blocks, in the table's order. `what` is a domain, the hash of an address,
    or a network; those lifted are kept, as the record of who blocked what, why and until when.
    """

    id: BlockId
    kind: str
    what: str
    severity: str
    comment: str
    created_at: int
    created_by: AccountId | None
    expires_at: int | None
    ended_at: int | None
    ended_by: AccountId | None


def canonical_hash(email: str) -> str:
    """The SHA-256 under which an address is blocked however it is spelt: letters in lower case,
    without dots and what follows a plus left of the @, as Mastodon does it. EmailInvalid.
    """
    local, _, domain = parse_email(email).key.rpartition("@")
    plain = local.partition("+")[0].replace(".", "")
    return hashlib.sha256(f"{plain}@{domain}".encode()).hexdigest()


def check_hash(text: str) -> str:
    """A hash of an address, in lower case; BlockInvalid."""
    text = text.strip().lower()
    if not _HASH.fullmatch(text):
        raise BlockInvalid("Canonical email hash must be 64 hexadecimal digits", field="email")
    return text


def check_domain(text: str) -> str:
    """A domain of e-mail addresses as it is blocked; BlockInvalid."""
    try:
        return parse_email(f"x@{text.strip()}").domain
    except EmailInvalid as error:
        raise BlockInvalid("Domain is not a valid domain name", field="domain") from error


def check_network(text: str) -> str:
    """A network such as 192.0.2.0/24, as wide as it may be; BlockInvalid."""
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError as error:
        wrong = "IP must be an address or a network, such as 192.0.2.0/24"
        raise BlockInvalid(wrong, field="ip") from error
    if network.prefixlen < WIDEST[network.version]:
        least = f"/{WIDEST[4]}, or /{WIDEST[6]} of IPv6"
        raise BlockInvalid(f"IP is too many addresses at once: at most {least}", field="ip")
    return str(network)


def networks_of(address: str) -> list[str]:
    """Every network that can be blocked and holds an address; none for what is no address."""
    try:
        ip: Any = ipaddress.ip_address(address)
    except ValueError:
        return []
    ip = getattr(ip, "ipv4_mapped", None) or ip
    widths = range(WIDEST[ip.version], ip.max_prefixlen + 1)
    return [str(ipaddress.ip_network((ip, width), strict=False)) for width in widths]


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
        return [EMAIL_BLOCKED]
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
