"""Users (the private half of a local account), roles and what a role may do."""

import re
from enum import StrEnum

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.words.model import language_for, say, tag_of
from folkmoot.kit import clock
from folkmoot.kit.crypto import derive, open_sealed, seal
from folkmoot.kit.errors import Forbidden, Invalid, NotFound
from folkmoot.kit.settings import Settings

MIN_PASSWORD = 10
MIN_PASSWORD_TESTING = 8
MAX_PASSWORD = 1_024
MAX_EMAIL = 254
MAX_WHY_CHARS = 500
# zxcvbn's guesses grow with the square of the length; nobody guesses what is longer.
_JUDGED_CHARS = 64
_FAIR_SCORE = 2
_OWN_CHARS = 5

# What the HTML standard takes for the part before the @: ASCII, without quoting.
_LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class Role(StrEnum):
    """What a member may do beside posting; each role holds the permissions of those before it."""

    MEMBER = "member"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"
    OWNER = "owner"


class Permission(StrEnum):
    """What a role allows, by name."""

    INVITE = "invite"
    SEE_DASHBOARD = "see_dashboard"
    REVIEW_REPORTS = "review_reports"
    SEE_AUDIT_LOG = "see_audit_log"
    DECIDE_SIGN_UPS = "decide_sign_ups"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_INVITATIONS = "manage_invitations"
    MANAGE_RULES = "manage_rules"
    MANAGE_ANNOUNCEMENTS = "manage_announcements"
    MANAGE_EMOJI = "manage_emoji"
    MANAGE_TRENDS = "manage_trends"
    MANAGE_BLOCKS = "manage_blocks"
    MANAGE_SETTINGS = "manage_settings"
    MANAGE_ROLES = "manage_roles"


_BY_ROLE: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: frozenset({Permission.INVITE}),
    Role.REVIEWER: frozenset(
        {
            Permission.INVITE,
            Permission.SEE_DASHBOARD,
            Permission.REVIEW_REPORTS,
            Permission.SEE_AUDIT_LOG,
            Permission.DECIDE_SIGN_UPS,
        }
    ),
    Role.ADMINISTRATOR: frozenset(set(Permission) - {Permission.MANAGE_ROLES}),
    Role.OWNER: frozenset(Permission),
}


class UserNotFound(NotFound):
    """Record not found"""


class AccountNotConfirmed(Forbidden):
    """Your login is missing a confirmed e-mail address"""


class AccountNotApproved(Forbidden):
    """Your login is currently pending approval"""


class AccountDisabled(Forbidden):
    """Your login is currently disabled"""


class AccountSuspended(Forbidden):
    """Your account is suspended. Sign in at {url} to read why, and to contest it"""


class PermissionMissing(Forbidden):
    """This action is not allowed: your role does not include it"""


class SecondFactorMissing(Forbidden):
    """This needs your role, which takes effect once you add a second factor under security"""


class EmailInvalid(Invalid):
    """This is not an e-mail address that mail can be sent to"""


class EmailTaken(Invalid):
    """This e-mail address is already in use"""


class EmailBlocked(Invalid):
    """This e-mail provider is not accepted here"""


class AlreadyConfirmed(Forbidden):
    """This method is only available while the e-mail is awaiting confirmation"""


class PasswordWrong(Forbidden):
    """That is not your present password"""


class PasswordInvalid(Invalid):
    """This password cannot be used"""


class LinkExpired(Forbidden):
    """This link has run out: it was used before, or it is too old"""


class OwnerNeeded(Forbidden):
    """There must be an owner: give the role to somebody else first"""


class WhyNeeded(Invalid):
    """Say why, in up to 500 characters: they read it, and it stays on record"""


class User(msgspec.Struct):
    """A row of users, in the table's order.

    `new_email` waits for its confirmation; `second_factor_at` is when the first of the present
    second factors was enrolled.
    """

    account_id: AccountId
    email: str
    email_key: str
    new_email: str
    password_hash: str
    password_set_at: int
    role: str
    locale: str
    created_at: int
    confirmed_at: int | None
    approved_at: int | None
    disabled_at: int | None
    second_factor_at: int | None
    app_id: int | None
    invitation_id: int | None
    reason: str
    default_visibility: int
    default_sensitive: bool
    default_language: str
    default_quote_policy: str
    expand_media: str
    expand_spoilers: bool
    last_active_at: int | None
    filters_rev: int


class RoleChange(msgspec.Struct, frozen=True):
    """A row of role_changes, in the table's order. `by_id` is None for the operator at the command
    line, and for somebody who is gone.
    """

    id: int
    account_id: AccountId
    before: str
    after: str
    by_id: AccountId | None
    why: str
    created_at: int


class Held(msgspec.Struct):
    """A role and who holds it."""

    account_id: AccountId
    role: str


class DayCount(msgspec.Struct, frozen=True):
    """How many there were on a day, which is given by its midnight."""

    day: int
    count: int


class Seen(msgspec.Struct, frozen=True):
    """How many signed up on a day and were seen last on another, which is None for never; days are
    given by their midnight."""

    joined: int
    last: int | None
    count: int


class LetterKind(StrEnum):
    """What the link in a letter is for."""

    CONFIRM = "confirm"
    NEW_EMAIL = "new_email"
    PASSWORD = "password"  # noqa: S105 - no password


class LetterOrder(msgspec.Struct, frozen=True):
    """A job: send a letter with a link to a member. Address and key are found when it is sent."""

    account_id: AccountId
    kind: LetterKind


class Addressee(msgspec.Struct, frozen=True):
    """Somebody without an account who gets a letter, and in which language."""

    email: str
    locale: str


class Notice(msgspec.Struct, frozen=True):
    """A letter that only tells something. `letter` is its name in the catalogue."""

    letter: str
    to: str
    subject: str
    text: str
    language: str = "en"


class SealedNotice(msgspec.Struct, frozen=True):
    """A job: send a Notice. It is sealed, because jobs that failed are kept for a while."""

    sealed: str


def seal_notice(settings: Settings, notice: Notice) -> SealedNotice:
    key = derive(settings.secrets.secret_key, "letters")
    return SealedNotice(seal(key, msgspec.json.encode(notice)))


def open_notice(settings: Settings, sealed: SealedNotice) -> Notice:
    key = derive(settings.secrets.secret_key, "letters")
    return msgspec.json.decode(open_sealed(key, sealed.sealed), type=Notice)


def compose_notice(
    settings: Settings, letter: str, /, *, to: str, locale: str, **facts: object
) -> Notice:
    """One of the catalogue's letters, in the language of a locale; what all letters know need
    not be given."""
    title, language = settings.instance.title, language_for(locale)
    common = {"title": title, "host": settings.domain, "base_url": settings.server.base_url}
    subject = say(language, f"letters.{letter}.subject", **common, **facts)
    return Notice(
        letter=letter,
        to=to,
        subject=f"{subject} · {title}",
        text=say(language, f"letters.{letter}.text", **common, **facts),
        language=tag_of(language),
    )


class Sweep(msgspec.Struct, frozen=True):
    """A job: forget what ran out."""


class Member(msgspec.Struct):
    """What the team sees of a member in a list."""

    account_id: AccountId
    username: str
    email: str
    role: str
    created_at: int
    confirmed_at: int | None
    approved_at: int | None
    disabled_at: int | None
    second_factor_at: int | None
    last_active_at: int | None
    reason: str


LINK_LIFE: dict[LetterKind, int] = {
    LetterKind.CONFIRM: 7 * clock.DAY,
    LetterKind.NEW_EMAIL: 7 * clock.DAY,
    LetterKind.PASSWORD: clock.HOUR,
}


class Link(msgspec.Struct):
    """A row of letter_links: the single-use key in a letter, kept as its hash."""

    hash: str
    account_id: AccountId
    kind: str
    email: str
    expires_at: int


class Email(msgspec.Struct, frozen=True):
    """An address as written, and the key under which it is unique."""

    address: str
    key: str

    @property
    def domain(self) -> str:
        return self.key.rpartition("@")[2]


def role_in_effect(role: Role, second_factor_at: int | None) -> Role:
    """A role above member is worth nothing until a second factor is enrolled."""
    return role if second_factor_at is not None else Role.MEMBER


def permissions_of(role: Role) -> frozenset[Permission]:
    """What a role allows."""
    return _BY_ROLE[role]


def may(user: User, permission: Permission) -> bool:
    """Whether a user may do something now."""
    return permission in permissions_of(role_in_effect(Role(user.role), user.second_factor_at))


def require(user: User, permission: Permission) -> None:
    """SecondFactorMissing or PermissionMissing unless the user may do something now."""
    if may(user, permission):
        return
    if permission in permissions_of(Role(user.role)):
        raise SecondFactorMissing
    raise PermissionMissing


def parse_email(text: str) -> Email:
    """An address with its domain in ASCII (IDNA); EmailInvalid when mail cannot go there.

    The key folds case, also left of the @: no provider of today tells them apart.
    """
    local, at, domain = text.strip().rpartition("@")
    if not at or len(text) > MAX_EMAIL or not _LOCAL_PART.fullmatch(local):
        raise EmailInvalid(field="email")
    if local.startswith(".") or local.endswith(".") or ".." in local:
        raise EmailInvalid(field="email")
    try:
        ascii_domain = domain.encode("idna").decode().lower()
    except UnicodeError as error:
        raise EmailInvalid(field="email") from error
    labels = ascii_domain.split(".")
    if ascii_domain != "localhost" and len(labels) < 2:
        raise EmailInvalid(field="email")
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise EmailInvalid(field="email")
    return Email(f"{local}@{ascii_domain}", f"{local.casefold()}@{ascii_domain}")


def parse_new_email(text: str, blocked: tuple[str, ...]) -> Email:
    """`parse_email` for an address that somebody wants to begin to use; also EmailBlocked."""
    email = parse_email(text)
    if is_blocked_domain(email.domain, blocked):
        raise EmailBlocked(field="email")
    return email


def is_blocked_domain(domain: str, blocked: tuple[str, ...]) -> bool:
    """Whether a domain or one above it stands in a list."""
    return any(domain == entry or domain.endswith(f".{entry}") for entry in blocked)


def check_password(password: str, *, known: tuple[str, ...] = (), testing: bool = False) -> None:
    """PasswordInvalid, with a sentence of what is wrong, unless a password is long enough and
    hard to guess. `known` are words a stranger would try: name, address. Takes some milliseconds.
    """
    least = MIN_PASSWORD_TESTING if testing else MIN_PASSWORD
    if len(password) < least:
        raise PasswordInvalid(
            f"Password is too short: take at least {least} characters",
            field="password",
            error="ERR_TOO_SHORT",
        )
    if len(password) > MAX_PASSWORD:
        raise PasswordInvalid(
            f"Password is too long: take at most {MAX_PASSWORD} characters",
            field="password",
            error="ERR_TOO_LONG",
        )
    if not testing:
        _check_guessing(password, known)


def _check_guessing(password: str, known: tuple[str, ...]) -> None:
    from zxcvbn import zxcvbn  # its word lists are slow to load

    words = [part for text in known for part in (text, *re.split(r"\W+", text)) if len(part) > 2]
    rest = password.lower()
    for word in words:
        rest = rest.replace(word.lower(), "")
    if len(rest) < _OWN_CHARS:
        raise PasswordInvalid(
            "Password is too easy to guess: it is made of your name or address",
            field="password",
            error="ERR_INVALID",
        )
    judged = zxcvbn(password[:_JUDGED_CHARS], user_inputs=words)
    if judged["score"] >= _FAIR_SCORE:
        return
    why = judged["feedback"]["warning"].rstrip(".")
    raise PasswordInvalid(
        "Password is too easy to guess" + (f": {why[0].lower()}{why[1:]}" if why else ""),
        field="password",
        error="ERR_INVALID",
    )
