"""/settings/security: password, address, second factors, sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.auth import actions as auth
from folkmoot.domain.auth.model import AlreadyConfirmed, PasswordWrong
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.factors import actions as factors
from folkmoot.domain.factors.model import PasskeyNotFound
from folkmoot.domain.factors.queries import get_factors
from folkmoot.domain.sessions import actions as sessions
from folkmoot.domain.sessions import queries
from folkmoot.domain.sessions.model import Method, SessionNotFound
from folkmoot.kit.passwords import verify_password
from folkmoot.surfaces.web.devices import name_device
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.settings import (
    Passkey,
    RecoveryCodesPage,
    SecurityPage,
    Session,
    SignIn,
    SignInsPage,
    TotpPage,
)
from folkmoot.surfaces.web.routes.access import challenge_of, present_ceremony
from folkmoot.surfaces.web.routes.joining import hash_checked
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.domain.auth.model import User
    from folkmoot.domain.factors.model import TotpSetup
    from folkmoot.kit.db import Tx
    from folkmoot.kit.errors import Refusal
    from folkmoot.surfaces.web.visits import Reader

router = Router()

HERE = "/settings/security"
_RECORDS = 50


def _page(visit: Visit, *, password: Form | None = None, email: Form | None = None) -> Answer:
    me = visit.me
    user = get_user(visit.tx, me.account.id)
    known = get_factors(visit.tx, me.account.id)
    page = SecurityPage(
        frame=frame(visit),
        totp=known.totp,
        passkeys=tuple(
            Passkey(id=str(p.id), name=p.name, created_at=p.created_at, used_at=p.last_used_at)
            for p in known.passkeys
        ),
        recovery_left=known.recovery_left,
        sessions=tuple(
            Session(
                id=str(s.id),
                device=name_device(s.user_agent),
                address=s.address,
                seen_at=s.last_used_at,
                created_at=s.created_at,
                current=s.id == me.session_id,
            )
            for s in queries.list_sessions(visit.tx, me.account.id)
        ),
        password_form=password or Form(),
        email=user.email,
        email_form=email or Form(),
        unconfirmed_email=user.new_email or None,
        required=me.factor_missing,
    )
    return show(visit, page)


@router.get(HERE, members=True)
def security(visit: Visit) -> Answer:
    """How the member proves who they are, and where they are signed in."""
    if not queries.is_fresh(visit.tx, visit.me.session_id):
        return redirect(visit, "/auth/sign-in", again="1", return_to=HERE)
    return _page(visit)


async def me_by_password(visit: Visit, field: str) -> User:
    """The member, who has stated the present password; PasswordWrong."""
    user: User = await visit.app.db.read(get_user, visit.me.account.id)
    if not await verify_password(user.password_hash, visit.field(field)):
        raise PasswordWrong(field=field)
    return user


def _password_again(visit: Visit, refusal: Refusal) -> Answer:
    return _page(visit, password=form_of(visit, refusal, "current", "password"))


@router.post(f"{HERE}/password", rate="sign_ins", again=_password_again)
async def change_password(visit: Visit) -> Answer:
    """Sets another password; every session but this one ends."""
    user = await me_by_password(visit, "current")
    hashed = await hash_checked(visit, visit.field("password"), visit.me.account.username)
    await visit.app.db.write(
        auth.set_password, user, hashed, everything=False, keep_session_id=visit.me.session_id
    )
    return redirect(visit, HERE, notice="password-changed")


def _email_again(visit: Visit, refusal: Refusal) -> Answer:
    return _page(visit, email=form_of(visit, refusal, "email", "current"))


@router.post(f"{HERE}/email", rate="sign_ins", again=_email_again)
async def change_email(visit: Visit) -> Answer:
    """Sends a letter to the new address; until it is confirmed, the old one stays."""
    user = await me_by_password(visit, "current")
    await visit.app.db.write(auth.change_email, user, visit.field("email").strip())
    return redirect(visit, HERE, notice="letter-sent")


@router.post(f"{HERE}/email/again", rate="password_resets")
def send_again(visit: Visit) -> Answer:
    """Sends the letter to the new address once more."""
    try:
        auth.resend_confirmation(visit.tx, get_user(visit.tx, visit.me.account.id))
    except AlreadyConfirmed:
        return redirect(visit, HERE)
    return redirect(visit, HERE, notice="letter-sent")


def _totp_page(visit: Visit, setup: TotpSetup, form: Form) -> Answer:
    spaced = " ".join(setup.secret[i : i + 4] for i in range(0, len(setup.secret), 4))
    return show(visit, TotpPage(frame=frame(visit), secret=spaced, uri=setup.uri, form=form))


@router.post(f"{HERE}/totp/begin")
def begin_totp(visit: Visit) -> Answer:
    """Makes the secret for an authenticator app, and shows it on the next page."""
    queries.check_fresh(visit.tx, visit.me.session_id)
    factors.begin_totp(visit.tx, get_user(visit.tx, visit.me.account.id), visit.me.account)
    return redirect(visit, f"{HERE}/totp")


@router.get(f"{HERE}/totp", members=True)
def show_totp(visit: Visit) -> Answer:
    """The secret that waits for its first code."""
    user = get_user(visit.tx, visit.me.account.id)
    setup = factors.find_begun_totp(visit.tx, user, visit.me.account)
    if setup is None:
        return redirect(visit, HERE)
    return _totp_page(visit, setup, Form())


def _totp_again(visit: Visit, refusal: Refusal) -> Answer:
    user = get_user(visit.tx, visit.me.account.id)
    setup = factors.find_begun_totp(visit.tx, user, visit.me.account)
    if setup is None:
        return redirect(visit, HERE)
    return _totp_page(visit, setup, Form(errors={"code": refusal.sentence}))


@router.post(f"{HERE}/totp", rate="sign_ins", again=_totp_again)
async def confirm_totp(visit: Visit) -> Answer:
    """Takes the app into use by its first code."""
    codes = await visit.app.db.write(_confirm_totp, visit.me.account.id, visit.field("code"))
    return await _with_codes(visit, codes, "totp-added")


def _confirm_totp(tx: Tx, account_id: int, code: str) -> list[str]:
    return factors.confirm_totp(tx, get_user(tx, account_id), code)


async def _with_codes(visit: Visit, codes: list[str], notice: str) -> Answer:
    """Recovery codes, shown this once if there are new ones."""
    if not codes:
        return redirect(visit, HERE, notice=notice)
    return await visit.look(
        lambda seen: show(seen, RecoveryCodesPage(frame=frame(seen), codes=tuple(codes)))
    )


@router.post(f"{HERE}/totp/remove")
def remove_totp(visit: Visit) -> Answer:
    """Takes the authenticator app out of use."""
    queries.check_fresh(visit.tx, visit.me.session_id)
    factors.remove_totp(visit.tx, get_user(visit.tx, visit.me.account.id))
    return redirect(visit, HERE, notice="totp-removed")


@router.post(f"{HERE}/recovery")
async def renew_recovery(visit: Visit) -> Answer:
    """New recovery codes; the old ones stop working."""
    codes = await visit.app.db.write(_renew_recovery, visit.me)
    return await _with_codes(visit, codes, "saved")


def _renew_recovery(tx: Tx, me: Reader) -> list[str]:
    queries.check_fresh(tx, me.session_id)
    return factors.renew_recovery_codes(tx, get_user(tx, me.account.id))


@router.post(f"{HERE}/passkeys/options")
def begin_passkey(visit: Visit) -> Answer:
    """Options for the browser to make a passkey with."""
    queries.check_fresh(visit.tx, visit.me.session_id)
    user = get_user(visit.tx, visit.me.account.id)
    return present_ceremony(factors.begin_passkey(visit.tx, user, visit.me.account))


@router.post(f"{HERE}/passkeys")
async def add_passkey(visit: Visit) -> Answer:
    """Keeps the passkey that the browser made."""
    codes = await visit.app.db.write(_finish_passkey, visit.me.account.id, visit)
    return await _with_codes(visit, codes, "passkey-added")


def _finish_passkey(tx: Tx, account_id: int, visit: Visit) -> list[str]:
    return factors.finish_passkey(
        tx,
        get_user(tx, account_id),
        challenge_of(visit),
        visit.field("credential"),
        visit.field("name"),
    )


@router.post(f"{HERE}/passkeys/{{id}}/remove")
def remove_passkey(visit: Visit) -> Answer:
    """Takes a passkey out of use."""
    if not (number := visit.part()):
        raise PasskeyNotFound
    queries.check_fresh(visit.tx, visit.me.session_id)
    factors.remove_passkey(visit.tx, get_user(visit.tx, visit.me.account.id), number)
    return redirect(visit, HERE, notice="passkey-removed")


_WAYS = {
    Method.PASSWORD: "by password",
    Method.PASSKEY: "by passkey",
    Method.PASSWORD_TOTP: "by password and authenticator app",
    Method.PASSWORD_PASSKEY: "by password and passkey",
    Method.PASSWORD_RECOVERY: "by password and recovery code",
    Method.SIGN_UP: "by signing up",
}


@router.get(f"{HERE}/sign-ins", members=True)
def sign_ins(visit: Visit) -> Answer:
    """The record of sign-ins, and of tries that failed."""
    found = queries.list_sign_ins(visit.tx, visit.me.account.id, stretch(visit, limit=_RECORDS))
    page = SignInsPage(
        frame=frame(visit),
        sign_ins=tuple(
            SignIn(
                at=one.created_at,
                device=name_device(one.user_agent),
                address=one.address,
                way=_WAYS[Method(one.method)],
                worked=one.succeeded,
            )
            for one in found
        ),
        days=visit.app.settings.retention.sign_in_days,
        pager=pager(visit, [one.id for one in found], limit=_RECORDS),
    )
    return show(visit, page)


@router.post(f"{HERE}/sessions/{{id}}/end")
def end_session(visit: Visit) -> Answer:
    """Signs another browser out."""
    if not (number := visit.part()):
        raise SessionNotFound
    sessions.end_session(visit.tx, visit.me.account.id, number)
    return redirect(visit, HERE, notice="session-ended")


@router.post(f"{HERE}/sessions/end-others")
def end_other_sessions(visit: Visit) -> Answer:
    """Signs every other browser out."""
    sessions.end_other_sessions(visit.tx, visit.me.account.id, visit.me.session_id)
    return redirect(visit, HERE, notice="signed-out-elsewhere")
