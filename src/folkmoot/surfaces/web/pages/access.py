"""The doors: signing up and in, confirming, the second factor, a new password, consent."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from folkmoot.surfaces.web.pages.frame import Form, Page, Person


class Rule(msgspec.Struct, frozen=True):
    """A rule of the server and what it means."""

    text: str
    hint: str = ""


class SignUpPage(Page, frozen=True, kw_only=True):
    """Becoming a member. Which of the four ways is open stands in the frame's site."""

    template: ClassVar[str] = "pages/sign_up.html"

    rules: tuple[Rule, ...]
    form: Form = Form()
    invitation: str | None = None
    invited_by: Person | None = None
    minimum_age: int | None = None
    reason_asked: bool = False
    reason_required: bool = True
    return_to: str = ""


class MailSentPage(Page, frozen=True, kw_only=True):
    """A letter is on its way: to confirm an address, or to choose a new password."""

    template: ClassVar[str] = "pages/mail_sent.html"

    email: str
    why: Literal["confirm", "reset"]
    approval: bool = False


class ConfirmPage(Page, frozen=True, kw_only=True):
    """One more press of a button, by which an address is confirmed."""

    template: ClassVar[str] = "pages/confirm.html"

    key: str
    email: str


class ConfirmedPage(Page, frozen=True, kw_only=True):
    """The address is confirmed, or the link no longer works."""

    template: ClassVar[str] = "pages/confirmed.html"

    worked: bool
    awaiting_approval: bool = False


class SignInPage(Page, frozen=True, kw_only=True):
    """Signing in with a password, or with a passkey where scripts run."""

    template: ClassVar[str] = "pages/sign_in.html"

    form: Form = Form()
    return_to: str = ""
    application: str | None = None


class SecondFactorPage(Page, frozen=True, kw_only=True):
    """The second step of signing in, by whichever means the member has set up."""

    template: ClassVar[str] = "pages/second_factor.html"

    method: Literal["totp", "passkey", "recovery"]
    methods: tuple[Literal["totp", "passkey", "recovery"], ...]
    form: Form = Form()
    return_to: str = ""


class LeavingPage(Page, frozen=True, kw_only=True):
    """Who signed in to an account on its way out: it can be kept until a moment."""

    template: ClassVar[str] = "pages/leaving.html"

    username: str
    due_at: int
    return_to: str = ""
    form: Form = Form()


class ForgottenPage(Page, frozen=True, kw_only=True):
    """Asking for a letter that lets one choose a new password."""

    template: ClassVar[str] = "pages/forgotten.html"

    form: Form = Form()


class NewPasswordPage(Page, frozen=True, kw_only=True):
    """Choosing a new password with the token from the letter."""

    template: ClassVar[str] = "pages/new_password.html"

    token: str
    form: Form = Form()
    expired: bool = False


class Permission(msgspec.Struct, frozen=True):
    """One thing an application would be able to do, in plain words."""

    text: str
    icon: str
    grave: bool = False


class ConsentPage(Page, frozen=True, kw_only=True):
    """An application asks; `fields` are the request's own parameters, carried along."""

    template: ClassVar[str] = "pages/consent.html"

    application: str
    website: str | None
    redirect_to: str | None
    permissions: tuple[Permission, ...]
    fields: tuple[tuple[str, str], ...]
    return_to: str = "/"
    known: bool = False


class OutOfBandPage(Page, frozen=True, kw_only=True):
    """A code to carry by hand into an application that has no address of its own."""

    template: ClassVar[str] = "pages/out_of_band.html"

    application: str
    code: str
