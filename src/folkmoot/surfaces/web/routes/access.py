"""/auth/…: signing in and out, with its second step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from folkmoot.domain.auth.model import AccountNotConfirmed
from folkmoot.domain.factors import actions as factors
from folkmoot.domain.factors.model import ChallengeId, Factor
from folkmoot.domain.factors.queries import get_factors
from folkmoot.domain.leaving.queries import find_leaver
from folkmoot.domain.sessions import actions as sessions
from folkmoot.domain.sessions import queries
from folkmoot.domain.sessions.model import (
    STEP_LIFE,
    CredentialsWrong,
    FactorWrong,
    SignInExpired,
    Started,
    Step,
)
from folkmoot.domain.sessions.model import Visit as Origin
from folkmoot.kit.clock import SECOND
from folkmoot.kit.ids import parse_id
from folkmoot.kit.passwords import hash_password, is_outdated, verify_password
from folkmoot.surfaces.web import cookies
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.access import MailSentPage, SecondFactorPage, SignInPage
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.readers import find_suspended_reader, session_token
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.domain.factors.model import Ceremony
    from folkmoot.domain.sessions.model import Login
    from folkmoot.kit.db import Tx
    from folkmoot.kit.errors import Refusal

router = Router()


def origin(visit: Visit) -> Origin:
    """From where somebody comes, for the record of sign-ins."""
    agent = visit.incoming.headers.get(b"user-agent", b"").decode("latin-1")
    return Origin(visit.incoming.address, agent)


def admit(visit: Visit, started: Started, *, default: str = "/home") -> Answer:
    """Gives the browser its session and leads to where it wanted to go."""
    answer = redirect(visit, visit.return_to(default))
    _give(visit, answer, cookies.SESSION, started.token, cookies.LONGEST_S)
    _give(visit, answer, cookies.STEP, "", 0)
    return answer


def _give(visit: Visit, answer: Answer, name: str, value: str, age_s: int) -> None:
    kept = cookies.secret_name(name, secure=visit.secure)
    answer.cookies.append(cookies.set_cookie(kept, value, secure=visit.secure, max_age_s=age_s))


def _sign_in_page(visit: Visit, form: Form) -> Answer:
    page = SignInPage(
        frame=frame(visit),
        form=form,
        return_to=visit.return_to(""),
        application=visit.query("application") or None,
    )
    return show(visit, page)


@router.get("/auth/sign-in")
def ask_sign_in(visit: Visit) -> Answer:
    """The door. Who is in already goes on, unless an application asks for the password anew."""
    if visit.reader and visit.query("again") != "1":
        return redirect(visit, visit.return_to())
    if visit.reader is None and find_leaver(visit.tx, session_token(visit.app, visit.incoming)):
        return redirect(visit, "/auth/leaving", **_carried(visit))
    suspended = find_suspended_reader(visit.app, visit.tx, visit.incoming)
    if suspended is not None and visit.query("again") != "1":
        return redirect(visit, "/auth/suspended")
    return _sign_in_page(visit, Form())


def _sign_in_again(visit: Visit, refusal: Refusal) -> Answer:
    return _sign_in_page(visit, form_of(visit, refusal, "login"))


@router.post("/auth/sign-in", members=False, rate="sign_ins", again=_sign_in_again)
async def sign_in(visit: Visit) -> Answer:
    """The first step: name and password. The password is checked outside any transaction."""
    db, password = visit.app.db, visit.field("password")
    login: Login = await db.read(queries.find_login, visit.field("login"), visit.incoming.address)
    right = await verify_password(login.password_hash, password)
    outdated = right and login.password_hash and is_outdated(login.password_hash)
    new_hash = await hash_password(password) if outdated else ""
    try:
        started = await db.write(
            sessions.begin_sign_in,
            login,
            password_right=right,
            visit=origin(visit),
            new_hash=new_hash,
        )
    except AccountNotConfirmed:
        email = login.user.email if login.user else ""
        return await visit.look(lambda seen: _unconfirmed(seen, email))
    if started is None:
        raise CredentialsWrong
    if not started.factors:
        return admit(visit, started)
    answer = redirect(visit, "/auth/second-factor", **_carried(visit))
    _give(visit, answer, cookies.STEP, started.token, STEP_LIFE // SECOND)
    return answer


def _carried(visit: Visit) -> dict[str, str]:
    return {"return_to": there} if (there := visit.return_to("")) else {}


def _unconfirmed(visit: Visit, email: str) -> Answer:
    return show(visit, MailSentPage(frame=frame(visit), email=email, why="confirm"))


class Begun(msgspec.Struct, frozen=True):
    """A ceremony as the script takes it: the challenge's name, and the browser's options."""

    challenge: str
    options: msgspec.Raw


def present_ceremony(ceremony: Ceremony) -> Answer:
    """A ceremony's options as JSON."""
    begun = Begun(str(ceremony.id), msgspec.Raw(ceremony.options.encode()))
    return Answer(msgspec.json.encode(begun), headers=[("content-type", "application/json")])


def challenge_of(visit: Visit) -> ChallengeId:
    """The challenge that a form with a credential names."""
    return ChallengeId(parse_id(visit.field("challenge")))


@router.post("/auth/sign-in/passkey/options", members=False, rate="sign_ins")
def begin_passkey(visit: Visit) -> Answer:
    """Options for signing in by a passkey alone."""
    return present_ceremony(factors.begin_passkey_sign_in(visit.tx))


@router.post("/auth/sign-in/passkey", members=False, rate="sign_ins", again=_sign_in_again)
async def sign_in_by_passkey(visit: Visit) -> Answer:
    """Signs in by a passkey alone."""
    started = await visit.app.db.write(
        sessions.sign_in_with_passkey,
        challenge_of(visit),
        visit.field("credential"),
        visit=origin(visit),
    )
    if started is None:
        raise FactorWrong
    return admit(visit, started)


def _step_token(visit: Visit) -> str:
    return visit.incoming.cookies.get(cookies.secret_name(cookies.STEP, secure=visit.secure), "")


def _find_step(tx: Tx, token: str) -> Step:
    found = queries.find_step(tx, token)
    if found is None:
        raise SignInExpired
    return found


def _second_step(visit: Visit, form: Form) -> Answer:
    step = _find_step(visit.tx, _step_token(visit))
    methods = get_factors(visit.tx, step.account_id).methods
    asked = visit.field("method") or visit.query("method")
    method = next((known for known in methods if known == asked), methods[0])
    page = SecondFactorPage(
        frame=frame(visit),
        method=method.value,
        methods=tuple(known.value for known in methods),
        form=form,
        return_to=visit.return_to(""),
    )
    return show(visit, page)


@router.get("/auth/second-factor")
def ask_second_factor(visit: Visit) -> Answer:
    """Asks for the second step, by the handiest means or the one chosen."""
    if queries.find_step(visit.tx, _step_token(visit)) is None:
        return redirect(visit, "/auth/sign-in", **_carried(visit))
    return _second_step(visit, Form())


def _second_again(visit: Visit, refusal: Refusal) -> Answer:
    if queries.find_step(visit.tx, _step_token(visit)) is None:
        return _sign_in_page(visit, Form(problem=refusal.sentence))
    return _second_step(visit, Form(problem=refusal.sentence))


@router.post("/auth/second-factor/passkey/options", members=False, rate="sign_ins")
def begin_second_passkey(visit: Visit) -> Answer:
    """Options for the second step by a passkey."""
    step = _find_step(visit.tx, _step_token(visit))
    return present_ceremony(factors.begin_second_step(visit.tx, step.account_id))


@router.post("/auth/second-factor", members=False, rate="sign_ins", again=_second_again)
async def second_factor(visit: Visit) -> Answer:
    """The second step. A wrong try is counted, so it is committed before it is refused."""
    db, token, method = visit.app.db, _step_token(visit), visit.field("method")
    came = origin(visit)
    if method == Factor.PASSKEY:
        started = await db.write(
            sessions.finish_with_passkey,
            token,
            challenge_of(visit),
            visit.field("credential"),
            visit=came,
        )
    else:
        recovery = method == Factor.RECOVERY
        finish = sessions.finish_with_recovery_code if recovery else sessions.finish_with_totp
        started = await db.write(finish, token, visit.field("code"), visit=came)
    if started is None:
        raise FactorWrong
    return admit(visit, started)


@router.post("/auth/sign-out", members=False)
def sign_out(visit: Visit) -> Answer:
    """Ends this session; with an address to return to, for somebody else to sign in."""
    sessions.sign_out(visit.tx, session_token(visit.app, visit.incoming))
    return _left(visit, "signed-out")


@router.post("/auth/sign-out-everywhere")
def sign_out_everywhere(visit: Visit) -> Answer:
    """Ends every session and every application's access."""
    sessions.sign_out_everywhere(visit.tx, visit.me.account.id)
    return _left(visit, "signed-out-everywhere")


def _left(visit: Visit, notice: str) -> Answer:
    there = visit.return_to("")
    answer = (
        redirect(visit, "/auth/sign-in", return_to=there)
        if there
        else redirect(visit, "/", notice=notice)
    )
    _give(visit, answer, cookies.SESSION, "", 0)
    return answer
