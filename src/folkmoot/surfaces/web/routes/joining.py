"""/auth/…: signing up, confirming an address, choosing a new password."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth import actions as auth
from folkmoot.domain.auth.model import AlreadyConfirmed, LetterKind, check_password, parse_email
from folkmoot.domain.auth.queries import find_link, find_user_by_email
from folkmoot.domain.registration import actions, queries
from folkmoot.domain.registration.model import Form as SignUp
from folkmoot.domain.registration.model import SignUpInvalid, check_form
from folkmoot.domain.sessions import actions as sessions
from folkmoot.kit import clock
from folkmoot.kit.errors import Invalid
from folkmoot.kit.passwords import hash_password
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.access import (
    ConfirmedPage,
    ConfirmPage,
    ForgottenPage,
    MailSentPage,
    NewPasswordPage,
    SignUpPage,
)
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.presenting import present_person
from folkmoot.surfaces.web.routes.about import present_rules
from folkmoot.surfaces.web.routes.access import admit, origin
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.domain.auth.model import User
    from folkmoot.kit.errors import Refusal

router = Router()

_FIELDS = ("username", "email", "password", "reason", "age", "agreement")


def _sign_up_page(visit: Visit, form: Form) -> Answer:
    code = visit.field("invitation") or visit.query("invitation")
    invitation = queries.find_invitation(visit.tx, code) if code else None
    inviter = get_account(visit.tx, invitation.account_id) if invitation else None
    registration = visit.app.settings.registration
    page = SignUpPage(
        frame=frame(visit),
        rules=present_rules(visit),
        form=form,
        invitation=invitation.code if invitation else None,
        invited_by=present_person(visit.app, inviter) if inviter else None,
        minimum_age=registration.min_age or None,
        reason_asked=registration.mode == "approval" and invitation is None,
        reason_required=registration.reason_required,
        return_to=visit.return_to(""),
    )
    return show(visit, page)


@router.get("/auth/sign-up")
def ask_sign_up(visit: Visit) -> Answer:
    """The form by which one becomes a member."""
    return redirect(visit, "/home") if visit.reader else _sign_up_page(visit, Form())


def _sign_up_again(visit: Visit, refusal: Refusal) -> Answer:
    form = form_of(visit, refusal, *_FIELDS)
    if "date_of_birth" in refusal.facts.get("details", {}):
        form.errors["age"] = "You need to be old enough to join."
    return _sign_up_page(visit, form)


@router.post("/auth/sign-up", members=False, rate="sign_ups", again=_sign_up_again)
async def sign_up(visit: Visit) -> Answer:
    """Makes the account. What takes long is done outside the transaction."""
    form = SignUp(
        username=visit.field("username").strip().removeprefix("@"),
        email=visit.field("email").strip(),
        password=visit.field("password"),
        agreement=visit.ticked("agreement"),
        reason=visit.field("reason"),
        age_confirmed=visit.ticked("age"),
        invitation=visit.field("invitation"),
        locale=visit.language,
    )
    db, settings = visit.app.db, visit.app.settings
    faults = await asyncio.to_thread(check_form, form, settings, today=clock.now())
    faults += await db.read(queries.look_over, form)
    if faults:
        raise SignUpInvalid(faults)
    hashed = await hash_password(form.password)
    user: User = await db.write(actions.sign_up, form, hashed, visit=origin(visit))
    return await _welcome(visit, user)


async def _welcome(visit: Visit, user: User) -> Answer:
    """On to what is still to do: to confirm, to wait, or nothing."""
    waiting = user.approved_at is None
    if user.confirmed_at is None:
        return await visit.look(
            lambda seen: show(
                seen,
                MailSentPage(frame=frame(seen), email=user.email, why="confirm", approval=waiting),
            )
        )
    if waiting:
        return await visit.look(lambda seen: _confirmed(seen, awaiting_approval=True))
    started = await visit.app.db.write(sessions.start_session, user, visit=origin(visit))
    return admit(visit, started)


def _confirmed(visit: Visit, *, worked: bool = True, awaiting_approval: bool = False) -> Answer:
    page = ConfirmedPage(frame=frame(visit), worked=worked, awaiting_approval=awaiting_approval)
    return show(visit, page)


@router.post("/auth/confirmation/again", members=False, rate="password_resets")
def confirm_again(visit: Visit) -> Answer:
    """Sends the letter anew, to whoever waits for it; tells nobody whether somebody does."""
    email = visit.field("email")
    user = find_user_by_email(visit.tx, parse_email(email).key)
    if user is not None:
        with suppress(AlreadyConfirmed):
            auth.resend_confirmation(visit.tx, user)
    return redirect(visit, "/auth/confirmation", email=email)


@router.get("/auth/confirmation")
def letter_sent(visit: Visit) -> Answer:
    """Says that a letter is on its way."""
    page = MailSentPage(frame=frame(visit), email=visit.query("email"), why="confirm")
    return show(visit, page)


@router.get("/auth/confirmation/{key}")
def ask_confirmation(visit: Visit) -> Answer:
    """Asks for one more press of a button: programs that look into letters open links, too."""
    key = visit.incoming.params["key"]
    link = find_link(visit.tx, key, LetterKind.CONFIRM, LetterKind.NEW_EMAIL)
    if link is None:
        return _confirmed(visit, worked=False)
    return show(visit, ConfirmPage(frame=frame(visit), key=key, email=link.email))


def _not_confirmed(visit: Visit, refusal: Refusal) -> Answer:
    return _confirmed(visit, worked=False)


@router.post("/auth/confirmation/{key}", members=False, again=_not_confirmed)
def confirm(visit: Visit) -> Answer:
    """Takes the address as confirmed."""
    user = auth.confirm_email(visit.tx, visit.incoming.params["key"])
    waiting = "1" if user.approved_at is None else "0"
    return redirect(visit, "/auth/confirmed", waiting=waiting)


@router.get("/auth/confirmed")
def confirmed(visit: Visit) -> Answer:
    """Says that the address is confirmed, and what comes next."""
    return _confirmed(visit, awaiting_approval=visit.query("waiting") == "1")


@router.get("/auth/password-reset")
def ask_reset(visit: Visit) -> Answer:
    """Asks for the address to which the link for a new password goes."""
    return show(visit, ForgottenPage(frame=frame(visit)))


@router.post("/auth/password-reset", members=False, rate="password_resets")
def request_reset(visit: Visit) -> Answer:
    """Sends the link, if somebody has this address."""
    email = visit.field("email").strip()
    auth.request_password_reset(visit.tx, email)
    return redirect(visit, "/auth/password-reset/sent", email=email)


@router.get("/auth/password-reset/{key}")
def ask_new_password(visit: Visit) -> Answer:
    """Asks for the new password, by the key from the letter."""
    key = visit.incoming.params["key"]
    if key == "sent":
        page = MailSentPage(frame=frame(visit), email=visit.query("email"), why="reset")
        return show(visit, page)
    known = find_link(visit.tx, key, LetterKind.PASSWORD) is not None
    return show(visit, NewPasswordPage(frame=frame(visit), token=key, expired=not known))


def _new_password_again(visit: Visit, refusal: Refusal) -> Answer:
    page = NewPasswordPage(
        frame=frame(visit),
        token=visit.incoming.params["key"],
        form=form_of(visit, refusal, "password"),
        expired=not isinstance(refusal, Invalid),
    )
    return show(visit, page)


@router.post(
    "/auth/password-reset/{key}", members=False, rate="password_resets", again=_new_password_again
)
async def set_new_password(visit: Visit) -> Answer:
    """Sets the password and signs out everywhere."""
    hashed = await hash_checked(visit, visit.field("password"))
    await visit.app.db.write(auth.reset_password, visit.incoming.params["key"], hashed)
    return redirect(visit, "/auth/sign-in", notice="password-changed")


async def hash_checked(visit: Visit, password: str, *known: str) -> str:
    """The hash of a password that will do; PasswordInvalid of another."""
    testing = visit.app.settings.testing.enabled
    await asyncio.to_thread(check_password, password, known=known, testing=testing)
    return await hash_password(password)
