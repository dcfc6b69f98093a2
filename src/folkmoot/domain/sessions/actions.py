"""Signs in and out. A wrong try is written down, so it is an outcome (None) and no refusal,
which would undo the record.
"""

import secrets

import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.auth.actions import note_activity, refresh_hash, send_notice
from folkmoot.domain.auth.model import (
    AccountDisabled,
    AccountNotApproved,
    AccountNotConfirmed,
    User,
)
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.factors import actions as factors
from folkmoot.domain.factors.model import ChallengeId, Factor
from folkmoot.domain.factors.queries import get_factors
from folkmoot.domain.sessions import queries
from folkmoot.domain.sessions.events import SignedOutEverywhere
from folkmoot.domain.sessions.model import (
    MAX_USER_AGENT,
    SECOND_STEP,
    STEP_LIFE,
    STEP_TRIES,
    Login,
    Method,
    SessionId,
    SessionNotFound,
    SignInExpired,
    Started,
    Visit,
)
from folkmoot.domain.sessions.tables import sessions, sign_ins
from folkmoot.kit import clock
from folkmoot.kit.db import Moment, Tx, command, insert_all, param
from folkmoot.kit.ids import new_id
from folkmoot.kit.uses import Uses

_INSERT = insert_all(sessions)
_RECORD = insert_all(sign_ins)
_TRIED = command(
    sa.update(sessions)
    .where(sessions.c.id == param("session_id"))
    .values(tries=sessions.c.tries + sa.literal_column("1"))
)
# A new token for the second half, so that one learned in the first half is worth nothing.
_ADMIT = command(
    sa.update(sessions)
    .where(sessions.c.id == param("session_id"), sessions.c.admitted_at.is_(None))
    .values(
        hash=param("new_hash"),
        method=param("new_method"),
        admitted_at=param("now", Moment),
        last_used_at=param("now", Moment),
        expires_at=param("until", Moment),
    )
)
_END = command(
    sa.delete(sessions).where(
        sessions.c.id == param("session_id"), sessions.c.account_id == param("account_id")
    )
)
_END_BY_TOKEN = command(sa.delete(sessions).where(sessions.c.hash == param("hash")))
_END_OTHERS = command(
    sa.delete(sessions).where(
        sessions.c.account_id == param("account_id"), sessions.c.id != param("keep_id")
    )
)
_USED = command(
    sa.update(sessions)
    .where(sessions.c.id == param("session_id"))
    .values(last_used_at=param("at", Moment), expires_at=param("until", Moment))
)
_FORGET_SIGN_INS = command(sa.delete(sign_ins).where(sign_ins.c.account_id == param("account_id")))
_SWEEP = command(sa.delete(sessions).where(sessions.c.expires_at <= param("now")))
_SWEEP_SIGN_INS = command(sa.delete(sign_ins).where(sign_ins.c.created_at <= param("before")))


def begin_sign_in(
    tx: Tx, login: Login, *, password_right: bool, visit: Visit, new_hash: str = ""
) -> Started | None:
    """The first step: a session, complete unless a second factor is enrolled.

    The password was checked outside, against `login.password_hash` (a decoy for nobody); the
    caller also brings `new_hash` when the old one is outdated. None: wrong, tell nobody what.
    AccountDisabled, AccountNotConfirmed, AccountNotApproved only to who knows the password.
    """
    user = login.user and get_user(tx, login.user.account_id)
    # Between the check and now the password may have been changed.
    if user is None or not password_right or user.password_hash != login.password_hash:
        if user is not None:
            record(tx, user.account_id, Method.PASSWORD, visit, succeeded=False)
        return None
    check_open(user)
    if new_hash:
        refresh_hash(tx, user, new_hash)
    if user.second_factor_at is None:
        return _start(tx, user, Method.PASSWORD, visit)
    methods = get_factors(tx, user.account_id).methods
    token, session_id = _insert(tx, user, Method.PASSWORD, visit, admitted=False)
    return Started(token, session_id, user.account_id, methods)


def check_open(user: User) -> None:
    """AccountDisabled, AccountNotConfirmed or AccountNotApproved unless the user may come in."""
    if user.disabled_at is not None:
        raise AccountDisabled
    if user.confirmed_at is None:
        raise AccountNotConfirmed
    if user.approved_at is None:
        raise AccountNotApproved


def finish_with_totp(tx: Tx, token: str, code: str, *, visit: Visit) -> Started | None:
    """The second step by an authenticator app; None when the code is wrong. SignInExpired."""
    step, user = _step(tx, token)
    right = factors.check_totp(tx, user.account_id, code)
    return _finish(tx, step, user, Factor.TOTP, visit, right=right)


def finish_with_recovery_code(tx: Tx, token: str, code: str, *, visit: Visit) -> Started | None:
    """The second step by a recovery code, which is used up; None when it is wrong."""
    step, user = _step(tx, token)
    right = factors.check_recovery_code(tx, user, code)
    return _finish(tx, step, user, Factor.RECOVERY, visit, right=right)


def finish_with_passkey(
    tx: Tx, token: str, challenge_id: ChallengeId, credential: str, *, visit: Visit
) -> Started | None:
    """The second step by a passkey that answered `factors.begin_second_step`; None if wrong."""
    step, user = _step(tx, token)
    owner = factors.check_passkey(tx, challenge_id, credential, user.account_id)
    return _finish(tx, step, user, Factor.PASSKEY, visit, right=owner is not None)


def sign_in_with_passkey(
    tx: Tx, challenge_id: ChallengeId, credential: str, *, visit: Visit
) -> Started | None:
    """The whole sign-in by a passkey that answered `factors.begin_passkey_sign_in`."""
    owner = factors.check_passkey(tx, challenge_id, credential, None)
    if owner is None:
        return None
    user = get_user(tx, owner)
    check_open(user)
    return _start(tx, user, Method.PASSKEY, visit)


def start_session(tx: Tx, user: User, *, visit: Visit) -> Started:
    """Signs somebody in at the end of signing up in the browser."""
    check_open(user)
    return _start(tx, user, Method.SIGN_UP, visit)


def _step(tx: Tx, token: str) -> tuple[SessionId, User]:
    found = queries.find_step(tx, token)
    if found is None or found.tries >= STEP_TRIES:
        raise SignInExpired
    user = get_user(tx, found.account_id)
    check_open(user)
    return found.session_id, user


def _finish(
    tx: Tx, session_id: SessionId, user: User, factor: Factor, visit: Visit, *, right: bool
) -> Started | None:
    method = SECOND_STEP[factor]
    if not right:
        tx.run(_TRIED, session_id=session_id)
        record(tx, user.account_id, method, visit, succeeded=False)
        return None
    token = secrets.token_urlsafe(32)
    if not tx.run(
        _ADMIT,
        session_id=session_id,
        new_hash=queries.hash_session(token),
        new_method=method,
        now=tx.now,
        until=_until(tx, tx.now),
    ):
        raise SignInExpired
    record(tx, user.account_id, method, visit, succeeded=True)
    return Started(token, session_id, user.account_id)


def _start(tx: Tx, user: User, method: Method, visit: Visit) -> Started:
    _tell_of_new_place(tx, user, method, visit)
    token, session_id = _insert(tx, user, method, visit, admitted=True)
    record(tx, user.account_id, method, visit, succeeded=True)
    return Started(token, session_id, user.account_id)


def _tell_of_new_place(tx: Tx, user: User, method: Method, visit: Visit) -> None:
    """Whoever has only a password learns of sign-ins from addresses not seen before."""
    if method is not Method.PASSWORD or not queries.has_signed_in(tx, user.account_id):
        return
    if queries.is_known_address(tx, user.account_id, visit.address):
        return
    send_notice(
        tx,
        user,
        "new_place",
        address=visit.address,
        at=clock.iso(tx.now),
        device=visit.user_agent[:MAX_USER_AGENT],
    )


def _insert(
    tx: Tx, user: User, method: Method, visit: Visit, *, admitted: bool
) -> tuple[str, SessionId]:
    token = secrets.token_urlsafe(32)
    session_id = SessionId(new_id())
    tx.run(
        _INSERT,
        id=session_id,
        hash=queries.hash_session(token),
        account_id=user.account_id,
        address=visit.address,
        user_agent=visit.user_agent[:MAX_USER_AGENT],
        method=method,
        tries=0,
        created_at=tx.now,
        admitted_at=tx.now if admitted else None,
        last_used_at=tx.now,
        expires_at=_until(tx, tx.now) if admitted else tx.now + STEP_LIFE,
    )
    return token, session_id


def _until(tx: Tx, used_at: int) -> int:
    return used_at + tx.settings.retention.session_days * clock.DAY


def record(tx: Tx, account_id: AccountId, method: Method, visit: Visit, *, succeeded: bool) -> None:
    """Writes a sign-in or a failed try into the record that its member can read."""
    tx.run(
        _RECORD,
        id=new_id(),
        account_id=account_id,
        address=visit.address,
        user_agent=visit.user_agent[:MAX_USER_AGENT],
        method=method,
        succeeded=succeeded,
        created_at=tx.now,
    )


def sign_out(tx: Tx, token: str) -> None:
    """Ends the session of a cookie, complete or not."""
    tx.run(_END_BY_TOKEN, hash=queries.hash_session(token))


def end_session(tx: Tx, account_id: AccountId, session_id: int) -> None:
    """Ends one of a member's sessions; SessionNotFound."""
    if not tx.run(_END, session_id=session_id, account_id=account_id):
        raise SessionNotFound


def end_other_sessions(tx: Tx, account_id: AccountId, keep_id: int = 0) -> None:
    """Ends all of a member's sessions but one."""
    tx.run(_END_OTHERS, account_id=account_id, keep_id=keep_id)


def sign_out_everywhere(tx: Tx, account_id: AccountId) -> None:
    """Ends all that is open of a member: every browser, and every application's tokens."""
    end_other_sessions(tx, account_id)
    tx.announce(SignedOutEverywhere(account_id))


def note_uses(tx: Tx, uses: Uses) -> None:
    """Writes down, for each session's id, when it was used, which prolongs it."""
    tx.many(
        _USED,
        [
            {"session_id": session_id, "at": at, "until": _until(tx, at)}
            for session_id, (_, at) in uses.items()
        ],
    )
    note_activity(tx, {AccountId(owner): at for owner, at in uses.values()})


def forget_sessions(tx: Tx, account_id: AccountId) -> None:
    """Removes everything this room holds of an account."""
    end_other_sessions(tx, account_id)
    tx.run(_FORGET_SIGN_INS, account_id=account_id)


def sweep(tx: Tx) -> None:
    """Forgets sessions that ran out and sign-ins beyond their time."""
    tx.run(_SWEEP, now=tx.now)
    before = tx.now - tx.settings.retention.sign_in_days * clock.DAY
    tx.run(_SWEEP_SIGN_INS, before=before)
