from typing import Any

import pytest
from pyotp import TOTP

from authenticator import Authenticator
from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth import actions as auth
from folkmoot.domain.auth.model import AccountDisabled, AccountNotConfirmed, Role, User
from folkmoot.domain.auth.queries import find_user_by_login, get_user
from folkmoot.domain.factors import actions as factors
from folkmoot.domain.factors.model import TOTP_STEP, Factor
from folkmoot.domain.sessions import actions
from folkmoot.domain.sessions.model import (
    GUARD_TRIES,
    STEP_TRIES,
    Login,
    Method,
    SessionNotFound,
    SignInExpired,
    Started,
    TooManySignIns,
    Viewer,
    Visit,
)
from folkmoot.domain.sessions.queries import (
    find_login,
    find_viewer,
    list_sessions,
    list_sign_ins,
)
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Page, Tx
from folkmoot.kit.passwords import hash_now, verify_now

HOME = Visit("192.0.2.1", "Firefox")
AWAY = Visit("203.0.113.9", "curl")
PASSWORD = "a lantern over wet stones"
HASHED = hash_now(PASSWORD)


class Door:
    """Signs Ada in, as a surface does it."""

    def __init__(self, db: Database, account_id: AccountId) -> None:
        self.db = db
        self.id = account_id

    @property
    def user(self) -> User:
        return self.db.read_now(get_user, self.id)

    def try_password(
        self, password: str, visit: Visit = HOME, login: str = "ada"
    ) -> Started | None:
        found = self.db.read_now(find_login, login, visit.address)
        right = verify_now(found.password_hash, password)
        return self.db.write_now(actions.begin_sign_in, found, password_right=right, visit=visit)

    def sign_in(self, visit: Visit = HOME) -> Started:
        started = self.try_password(PASSWORD, visit)
        assert started is not None
        return started

    def viewer(self, token: str) -> Viewer | None:
        return self.db.read_now(find_viewer, token)

    def enrol_totp(self) -> str:
        def work(tx: Tx) -> str:
            user = get_user(tx, self.id)
            secret = factors.begin_totp(tx, user, get_account(tx, self.id)).secret
            factors.confirm_totp(tx, user, TOTP(secret).generate_otp(tx.now // TOTP_STEP - 1))
            return secret

        return self.db.write_now(work)


@pytest.fixture
def door(db: Database, ada: Any) -> Door:
    door = Door(db, AccountId(int(ada.id)))
    db.write_now(lambda tx: auth.save_user(tx, door.user, password_hash=HASHED, password_set_at=0))
    return door


@pytest.mark.parametrize(
    "login", ["ada", "@Ada", "ADA@example.test", " ada@example.test ", "ada@127.0.0.1:8080"]
)
def test_one_signs_in_by_address_or_name(door: Door, login: str) -> None:
    started = door.try_password(PASSWORD, login=login)
    assert started is not None
    assert started.factors == ()
    viewer = door.viewer(started.token)
    assert viewer == Viewer(started.session_id, door.id, Role.MEMBER, False)
    assert door.viewer("guess") is None


def test_what_is_wrong_stays_untold(door: Door) -> None:
    assert door.try_password("guess") is None
    assert door.try_password(PASSWORD, login="nobody") is None
    assert door.try_password("", login="nobody@example.test") is None
    (tried,) = door.db.read_now(list_sign_ins, door.id, Page())
    assert (tried.method, tried.succeeded, tried.address) == (Method.PASSWORD, False, "192.0.2.1")


def test_without_a_password_nobody_gets_in(db: Database, bo: Any) -> None:
    found = db.read_now(find_login, "bo", "")
    assert not verify_now(found.password_hash, "")
    assert not verify_now(None, "nobody's password")


def test_a_closed_account_is_told_only_to_who_knows_the_password(door: Door) -> None:
    started = door.sign_in()
    door.db.write_now(auth.disable_user, door.user)
    assert door.viewer(started.token) is None
    assert door.try_password("guess") is None
    with pytest.raises(AccountDisabled):
        door.sign_in()
    door.db.write_now(auth.enable_user, door.user)
    assert door.viewer(started.token) is None
    door.db.write_now(lambda tx: auth.save_user(tx, door.user, confirmed_at=None))
    with pytest.raises(AccountNotConfirmed):
        door.sign_in()


def test_the_second_step_by_an_app(door: Door) -> None:
    secret = door.enrol_totp()
    started = door.sign_in()
    assert started.factors == (Factor.TOTP, Factor.RECOVERY)
    assert door.viewer(started.token) is None

    def finish(code: str) -> Started | None:
        return door.db.write_now(actions.finish_with_totp, started.token, code, visit=HOME)

    assert finish("000000") is None
    finished = finish(TOTP(secret).generate_otp(clock.now() // TOTP_STEP))
    assert finished is not None
    assert door.viewer(finished.token) is not None
    assert door.viewer(started.token) is None
    with pytest.raises(SignInExpired):
        finish("000000")
    methods = [s.method for s in door.db.read_now(list_sign_ins, door.id, Page()) if s.succeeded]
    assert methods == [Method.PASSWORD_TOTP]


def test_the_second_step_by_a_recovery_code(door: Door) -> None:
    door.enrol_totp()
    codes = door.db.write_now(lambda tx: factors.renew_recovery_codes(tx, door.user))
    started = door.sign_in()

    def finish(token: str, code: str) -> Started | None:
        return door.db.write_now(actions.finish_with_recovery_code, token, code, visit=HOME)

    assert finish(started.token, "aaaa-aaaa-aaaa-aaaa") is None
    assert finish(started.token, codes[3]) is not None
    assert finish(door.sign_in().token, codes[3]) is None


def test_the_second_step_bears_few_tries(door: Door) -> None:
    secret = door.enrol_totp()
    started = door.sign_in()

    def finish(code: str) -> Started | None:
        return door.db.write_now(actions.finish_with_totp, started.token, code, visit=HOME)

    for _ in range(STEP_TRIES):
        assert finish("000000") is None
    with pytest.raises(SignInExpired):
        finish(TOTP(secret).generate_otp(clock.now() // TOTP_STEP))


def test_a_passkey_as_second_step_and_alone(door: Door) -> None:
    device = Authenticator()

    def enrol(tx: Tx) -> None:
        begun = factors.begin_passkey(tx, door.user, get_account(tx, door.id))
        factors.finish_passkey(tx, door.user, begun.id, device.make(begun.options), "Phone")

    door.db.write_now(enrol)
    started = door.sign_in()
    begun = door.db.write_now(factors.begin_second_step, door.id)
    finished = door.db.write_now(
        actions.finish_with_passkey,
        started.token,
        begun.id,
        device.prove(begun.options),
        visit=HOME,
    )
    assert finished is not None
    assert door.viewer(finished.token) is not None

    alone = door.db.write_now(factors.begin_passkey_sign_in)
    signed_in = door.db.write_now(
        actions.sign_in_with_passkey, alone.id, device.prove(alone.options), visit=HOME
    )
    assert signed_in is not None
    assert door.viewer(signed_in.token) is not None
    again = door.db.write_now(
        actions.sign_in_with_passkey, alone.id, device.prove(alone.options), visit=HOME
    )
    assert again is None


def test_many_wrong_tries_close_the_door_to_strangers_alone(door: Door, letters: Any) -> None:
    door.sign_in(HOME)
    for _ in range(GUARD_TRIES):
        assert door.try_password("guess", AWAY) is None
    with pytest.raises(TooManySignIns):
        door.sign_in(AWAY)
    assert door.sign_in(HOME)
    door.db.write_now(auth.request_password_reset, "ada@example.test")
    letters()
    door.db.write_now(lambda tx: auth.set_password(tx, door.user, HASHED, everything=True))
    assert door.sign_in(AWAY)


def test_a_sign_in_from_a_new_place_is_told(door: Door, letters: Any) -> None:
    door.sign_in(HOME)
    door.sign_in(HOME)
    assert letters() == []
    door.sign_in(AWAY)
    (told,) = letters()
    assert "203.0.113.9" in told.get_content()


def test_sessions_are_listed_and_ended(door: Door, bo: Any) -> None:
    one, two, three = door.sign_in(), door.sign_in(AWAY), door.sign_in()
    shown = door.db.read_now(list_sessions, door.id)
    assert {s.id for s in shown} == {one.session_id, two.session_id, three.session_id}
    with pytest.raises(SessionNotFound):
        door.db.write_now(actions.end_session, AccountId(int(bo.id)), one.session_id)
    door.db.write_now(actions.end_session, door.id, one.session_id)
    assert door.viewer(one.token) is None
    door.db.write_now(actions.end_other_sessions, door.id, two.session_id)
    assert [s.id for s in door.db.read_now(list_sessions, door.id)] == [two.session_id]
    door.db.write_now(actions.sign_out, two.token)
    assert door.viewer(two.token) is None


def test_signing_out_everywhere_ends_applications_too(door: Door, ada: Any) -> None:
    started = door.sign_in()
    assert ada.get("/api/v1/accounts/verify_credentials").status_code == 200
    door.db.write_now(actions.sign_out_everywhere, door.id)
    assert door.viewer(started.token) is None
    assert ada.get("/api/v1/accounts/verify_credentials").status_code == 401


def test_a_changed_password_keeps_one_browser_and_a_reset_none(door: Door, ada: Any) -> None:
    here, there = door.sign_in(), door.sign_in()

    def change(tx: Tx) -> None:
        auth.set_password(tx, door.user, HASHED, everything=False, keep_session_id=here.session_id)

    door.db.write_now(change)
    assert door.viewer(here.token) is not None
    assert door.viewer(there.token) is None
    assert ada.get("/api/v1/accounts/verify_credentials").status_code == 200
    door.db.write_now(lambda tx: auth.set_password(tx, door.user, HASHED, everything=True))
    assert door.viewer(here.token) is None
    assert ada.get("/api/v1/accounts/verify_credentials").status_code == 401


def test_use_prolongs_a_session_and_the_sweep_ends_it(door: Door) -> None:
    started = door.sign_in()
    days = door.db.settings.retention.session_days

    def at(tx: Tx, day: int) -> Viewer | None:
        tx.now += day * clock.DAY
        actions.sweep(tx)
        return find_viewer(tx, started.token)

    assert door.db.write_now(at, days - 1)
    used_at = clock.now() + (days - 1) * clock.DAY
    door.db.write_now(actions.note_uses, {started.session_id: (door.id, used_at)})
    assert door.user.last_active_at == used_at
    assert door.db.write_now(at, days + 5)
    assert door.db.write_now(at, 2 * days + 5) is None
    assert door.db.read_now(list_sessions, door.id) == []


def test_an_outdated_hash_is_made_anew(door: Door) -> None:
    found = door.db.read_now(find_login, "ada", "")
    assert isinstance(found, Login)
    door.db.write_now(
        actions.begin_sign_in, found, password_right=True, visit=HOME, new_hash="newer"
    )
    user = door.db.read_now(find_user_by_login, "ada")
    assert user is not None
    assert user.password_hash == "newer"
