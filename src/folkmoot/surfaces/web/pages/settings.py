"""A member's own affairs: profile, security, applications, data, the end of the account."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from folkmoot.surfaces.web.pages.frame import Form, Page, Pager, Person

Place = Literal[
    "profile",
    "preferences",
    "filters",
    "blocks",
    "security",
    "applications",
    "decisions",
    "reports",
    "invitations",
    "data",
    "account",
]


class SettingsPage(Page, frozen=True, kw_only=True):
    """What the settings pages share: the place one is at."""

    place: ClassVar[Place]


class ProfileSettingsPage(SettingsPage, frozen=True, kw_only=True):
    """How others see the member. Field rows are in the form as field_name_1, field_value_1…"""

    template: ClassVar[str] = "pages/settings_profile.html"
    place: ClassVar[Place] = "profile"

    form: Form
    avatar_url: str
    has_avatar: bool = False
    header_url: str | None = None
    field_rows: int = 4
    bio_limit: int = 500
    name_limit: int = 30
    home_url: str = ""


class PreferencesPage(SettingsPage, frozen=True, kw_only=True):
    """How the member's posts start out, and which language letters to them speak."""

    template: ClassVar[str] = "pages/settings_preferences.html"
    place: ClassVar[Place] = "preferences"

    form: Form
    languages: tuple[tuple[str, str], ...] = ()
    letters: tuple[tuple[str, str], ...] = ()


class Passkey(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey of the member's."""

    id: str
    name: str
    created_at: int
    used_at: int | None = None


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A browser that is signed in."""

    id: str
    device: str
    address: str
    seen_at: int
    created_at: int
    current: bool = False


class SecurityPage(SettingsPage, frozen=True, kw_only=True):
    """Password, second factor, sessions. `required` where a role demands the second factor."""

    template: ClassVar[str] = "pages/settings_security.html"
    place: ClassVar[Place] = "security"

    totp: bool
    passkeys: tuple[Passkey, ...]
    recovery_left: int
    sessions: tuple[Session, ...]
    password_form: Form = Form()
    email: str = ""
    email_form: Form = Form()
    unconfirmed_email: str | None = None
    required: bool = False


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the record: who came, or tried to, from where and how."""

    at: int
    device: str
    address: str
    way: str
    worked: bool


class SignInsPage(SettingsPage, frozen=True, kw_only=True):
    """The record of sign-ins and of tries that failed."""

    template: ClassVar[str] = "pages/settings_sign_ins.html"
    place: ClassVar[Place] = "security"

    sign_ins: tuple[SignIn, ...]
    days: int
    pager: Pager = Pager()


class TotpPage(SettingsPage, frozen=True, kw_only=True):
    """Setting up an authenticator app: the code to scan, the secret to type, the proof."""

    template: ClassVar[str] = "pages/settings_totp.html"
    place: ClassVar[Place] = "security"

    secret: str
    uri: str
    form: Form = Form()


class RecoveryCodesPage(SettingsPage, frozen=True, kw_only=True):
    """New recovery codes, shown this once."""

    template: ClassVar[str] = "pages/settings_recovery.html"
    place: ClassVar[Place] = "security"

    codes: tuple[str, ...]


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """An application the member let in."""

    id: str
    name: str
    website: str | None
    granted_at: int
    used_at: int | None
    permissions: tuple[str, ...]


class ApplicationsPage(SettingsPage, frozen=True, kw_only=True):
    """The applications that may act for the member."""

    template: ClassVar[str] = "pages/settings_applications.html"
    place: ClassVar[Place] = "applications"

    applications: tuple[Application, ...]


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation: by whom where it is another's, for how many, until when."""

    id: str
    url: str
    note: str
    uses: int
    max_uses: int
    expires_at: int
    good: bool
    by: Person | None = None


class InvitationsPage(SettingsPage, frozen=True, kw_only=True):
    """The member's invitations, or everybody's for who manages them."""

    template: ClassVar[str] = "pages/settings_invitations.html"
    place: ClassVar[Place] = "invitations"

    invitations: tuple[Invitation, ...]
    days: int
    most: int
    manages: bool = False
    everybody: bool = False
    form: Form = Form()
    pager: Pager = Pager()


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """An archive that is packed, or something that is brought in, under way or done."""

    id: str
    name: str
    state: Literal["waiting", "checked", "running", "done", "failed", "gone"]
    started_at: int
    done: int = 0
    total: int = 0
    failed: int = 0
    problem: str | None = None
    url: str | None = None
    bytes: int | None = None
    until: int | None = None

    @property
    def share(self) -> int:
        return min(100, round(100 * self.done / self.total)) if self.total else 0

    @property
    def going(self) -> bool:
        return self.state in ("waiting", "running")


class DataFile(msgspec.Struct, frozen=True):
    """A list that can be had at once, as a CSV file."""

    name: str
    url: str
    rows: int


class DataPage(SettingsPage, frozen=True, kw_only=True):
    """Taking everything along."""

    template: ClassVar[str] = "pages/settings_data.html"
    place: ClassVar[Place] = "data"

    files: tuple[DataFile, ...]
    exports: tuple[Transfer, ...] = ()
    may_export_at: int | None = None
    kept_days: int = 7


class ImportsPage(SettingsPage, frozen=True, kw_only=True):
    """Bringing something in: what, and what becomes of what is here."""

    template: ClassVar[str] = "pages/settings_imports.html"
    place: ClassVar[Place] = "data"

    kinds: tuple[tuple[str, str], ...]
    imports: tuple[Transfer, ...] = ()
    form: Form = Form()


class Failure(msgspec.Struct, frozen=True):
    """A line or post that could not be brought in, and why."""

    what: str
    reason: str


class ImportPage(SettingsPage, frozen=True, kw_only=True):
    """One thing that is brought in: what is in it, how far it has come, what failed. `facts` are
    what was found in it, as pairs of words and numbers."""

    template: ClassVar[str] = "pages/settings_import.html"
    place: ClassVar[Place] = "data"

    transfer: Transfer
    file_name: str
    replaces: bool = False
    facts: tuple[tuple[str, str], ...] = ()
    failures: tuple[Failure, ...] = ()
    may_begin: bool = False
    may_resume: bool = False


class DeletionPage(SettingsPage, frozen=True, kw_only=True):
    """The end of the account. It can be undone for `days`; 0: not."""

    template: ClassVar[str] = "pages/settings_deletion.html"
    place: ClassVar[Place] = "account"

    username: str
    days: int
    form: Form = Form()


class AccountPage(SettingsPage, frozen=True, kw_only=True):
    """Moving here, moving away, and the end of all sessions. `moved_to` once one has moved."""

    template: ClassVar[str] = "pages/settings_account.html"
    place: ClassVar[Place] = "account"

    aliases: tuple[tuple[str, str], ...] = ()
    alias_form: Form = Form()
    moved_to: Person | None = None
    move_form: Form = Form()
