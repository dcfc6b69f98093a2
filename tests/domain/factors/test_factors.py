import json
from typing import Any

import pytest
from pyotp import TOTP

from authenticator import Authenticator
from folkmoot.domain.accounts.model import Account, AccountId
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.actions import set_role
from folkmoot.domain.auth.model import Permission, Role, SecondFactorMissing, User, may, require
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.factors import actions
from folkmoot.domain.factors.model import (
    TOTP_STEP,
    Ceremony,
    CodeWrong,
    Factor,
    FactorFirst,
    FactorNeeded,
    NotBegun,
    PasskeyKnown,
    PasskeyNotFound,
    PasskeyRefused,
    matching_step,
)
from folkmoot.domain.factors.queries import find_totp, get_factors
from folkmoot.kit import clock
from folkmoot.kit.crypto import SealBroken, derive, open_sealed
from folkmoot.kit.db import Database, Tx
from folkmoot.kit.settings import Settings


class Door:
    """Ada's factors, each call a transaction of its own, at a moment that can be moved."""

    def __init__(self, db: Database, account_id: AccountId) -> None:
        self.db = db
        self.id = account_id
        self.later = 0

    def do(self, action: Any, *args: Any) -> Any:
        def work(tx: Tx) -> Any:
            tx.now += self.later
            return action(tx, *args)

        return self.db.write_now(work)

    @property
    def user(self) -> User:
        return self.db.read_now(get_user, self.id)

    @property
    def account(self) -> Account:
        return self.db.read_now(get_account, self.id)

    def code(self, secret: str) -> str:
        at = clock.now() + self.later
        return str(TOTP(secret).generate_otp(at // TOTP_STEP))

    def enrol_totp(self) -> tuple[str, list[str]]:
        secret = self.do(actions.begin_totp, self.user, self.account).secret
        return secret, self.do(actions.confirm_totp, self.user, self.code(secret))

    def enrol_passkey(self, device: Authenticator, name: str = "Phone") -> list[str]:
        begun = self.do(actions.begin_passkey, self.user, self.account)
        made = device.make(begun.options)
        codes: list[str] = self.do(actions.finish_passkey, self.user, begun.id, made, name)
        return codes

    def prove(self, device: Authenticator, *, alone: bool = False) -> AccountId | None:
        begun: Ceremony = (
            self.do(actions.begin_passkey_sign_in)
            if alone
            else self.do(actions.begin_second_step, self.id)
        )
        whose = None if alone else self.id
        found: AccountId | None = self.do(
            actions.check_passkey, begun.id, device.prove(begun.options), whose
        )
        return found


@pytest.fixture
def door(db: Database, ada: Any) -> Door:
    return Door(db, AccountId(int(ada.id)))


def test_the_arithmetic_is_that_of_the_standard() -> None:
    """RFC 6238, appendix B, of whose eight digits the last six are shown here."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert matching_step(secret, "287082", 59_000) == 1
    assert matching_step(secret, "081 804", 1_111_111_109_000) == 37_037_036
    assert matching_step(secret, "081804", 1_111_111_109_000 + 29_000) == 37_037_036
    assert matching_step(secret, "081804", 1_111_111_109_000 + 31_000) is None
    assert matching_step(secret, "", 59_000) is None


def test_an_app_counts_once_it_showed_a_code(door: Door, db: Database) -> None:
    setup = door.do(actions.begin_totp, door.user, door.account)
    assert setup.uri.startswith("otpauth://totp/Folkmoot:ada%40127.0.0.1%3A8080?secret=")
    assert door.do(actions.find_begun_totp, door.user, door.account) == setup
    with pytest.raises(CodeWrong):
        door.do(actions.confirm_totp, door.user, "000000")
    assert not db.read_now(get_factors, door.id).totp
    codes = door.do(actions.confirm_totp, door.user, door.code(setup.secret))
    assert len(codes) == 10
    assert db.read_now(get_factors, door.id).methods == (Factor.TOTP, Factor.RECOVERY)
    with pytest.raises(NotBegun):
        door.do(actions.begin_totp, door.user, door.account)


def test_a_code_works_once(door: Door) -> None:
    secret, _ = door.enrol_totp()
    assert not door.do(actions.check_totp, door.id, door.code(secret))
    door.later = TOTP_STEP
    assert door.do(actions.check_totp, door.id, door.code(secret))
    assert not door.do(actions.check_totp, door.id, door.code(secret))
    door.later = 0
    assert not door.do(actions.check_totp, door.id, door.code(secret))


def test_the_secret_is_sealed(door: Door, db: Database, settings: Settings) -> None:
    secret, _ = door.enrol_totp()
    kept = db.read_now(find_totp, door.id)
    assert kept is not None
    assert secret not in kept.sealed
    for key, owner in ((settings.secrets.secret_key, "2"), ("A" * 43, str(door.id))):
        with pytest.raises(SealBroken):
            open_sealed(derive(key, "second factor secrets"), kept.sealed, bound_to=owner)


def test_recovery_codes_work_once_and_can_be_renewed(
    door: Door, db: Database, letters: Any
) -> None:
    with pytest.raises(FactorFirst):
        door.do(actions.renew_recovery_codes, door.user)
    _, codes = door.enrol_totp()
    spelt = codes[0].upper().replace("-", " ")
    assert door.do(actions.check_recovery_code, door.user, spelt)
    assert not door.do(actions.check_recovery_code, door.user, codes[0])
    assert db.read_now(get_factors, door.id).recovery_left == 9
    assert any("recovery code was used" in letter["Subject"] for letter in letters())
    fresh = door.do(actions.renew_recovery_codes, door.user)
    assert not door.do(actions.check_recovery_code, door.user, codes[1])
    assert door.do(actions.check_recovery_code, door.user, fresh[0])


def test_a_passkey_is_a_second_step_and_a_whole_sign_in(door: Door, db: Database) -> None:
    device = Authenticator()
    assert len(door.enrol_passkey(device)) == 10
    (kept,) = db.read_now(get_factors, door.id).passkeys
    assert (kept.name, kept.last_used_at) == ("Phone", None)
    assert door.prove(device) == door.id
    assert door.prove(device, alone=True) == door.id
    (used,) = db.read_now(get_factors, door.id).passkeys
    assert used.last_used_at is not None
    assert used.sign_count == device.count
    door.do(actions.rename_passkey, door.user, kept.id, "Old phone")
    assert db.read_now(get_factors, door.id).passkeys[0].name == "Old phone"


def test_a_passkey_alone_must_have_verified_its_user(door: Door) -> None:
    device = Authenticator(verifies=False)
    door.enrol_passkey(device)
    assert door.prove(device) == door.id
    assert door.prove(device, alone=True) is None


def test_a_passkey_of_another_site_or_device_is_refused(door: Door, bo: Any) -> None:
    with pytest.raises(PasskeyRefused):
        door.enrol_passkey(Authenticator("https://evil.test"))
    mine, other = Authenticator(), Authenticator()
    door.enrol_passkey(mine)
    with pytest.raises(PasskeyKnown):
        door.enrol_passkey(mine)
    other.rp_id, other.credential_id = mine.rp_id, mine.credential_id
    assert door.prove(other) is None
    bos = Door(door.db, AccountId(int(bo.id)))
    assert bos.prove(mine) is None


def test_a_challenge_is_answered_once_in_time_and_for_its_end(door: Door) -> None:
    device = Authenticator()
    door.enrol_passkey(device)
    begun = door.do(actions.begin_second_step, door.id)
    assert door.do(actions.check_passkey, begun.id, device.prove(begun.options), None) is None
    assert door.do(actions.check_passkey, begun.id, device.prove(begun.options), door.id)
    assert not door.do(actions.check_passkey, begun.id, device.prove(begun.options), door.id)
    late = door.do(actions.begin_second_step, door.id)
    door.later = 10 * 60 * 1_000
    assert not door.do(actions.check_passkey, late.id, device.prove(late.options), door.id)
    door.do(actions.sweep_challenges)


def test_an_older_count_betrays_a_copied_device(door: Door) -> None:
    device = Authenticator()
    door.enrol_passkey(device)
    assert door.prove(device) == door.id
    device.count = 0
    assert door.prove(device) is None


@pytest.mark.parametrize(
    "garbage",
    ["", "{", "[]", "null", "{}", '{"rawId": 7}', '{"rawId": "\\u0000"}', '{"rawId": "****"}'],
)
def test_garbage_is_no_passkey(door: Door, garbage: str) -> None:
    begun = door.do(actions.begin_second_step, door.id)
    assert door.do(actions.check_passkey, begun.id, garbage, door.id) is None
    enrol = door.do(actions.begin_passkey, door.user, door.account)
    with pytest.raises(PasskeyRefused):
        door.do(actions.finish_passkey, door.user, enrol.id, garbage, "")


def test_mangled_proofs_are_refused(door: Door) -> None:
    device = Authenticator()
    door.enrol_passkey(device)
    for field in ("clientDataJSON", "authenticatorData", "signature"):
        begun = door.do(actions.begin_second_step, door.id)
        proof = json.loads(device.prove(begun.options))
        for mangled in ("", "AAAA", 5, None):
            proof["response"][field] = mangled
            assert not door.do(actions.check_passkey, begun.id, json.dumps(proof), door.id)


def test_a_role_rests_until_there_is_a_factor(door: Door, db: Database, letters: Any) -> None:
    door.do(set_role, None, door.user, Role.ADMINISTRATOR)
    assert not may(door.user, Permission.MANAGE_RULES)
    with pytest.raises(SecondFactorMissing):
        require(door.user, Permission.MANAGE_RULES)
    (told,) = letters()
    assert "/settings/security" in told.get_content()
    secret, _ = door.enrol_totp()
    require(door.user, Permission.MANAGE_RULES)
    with pytest.raises(FactorNeeded):
        door.do(actions.remove_totp, door.user)
    device = Authenticator()
    assert door.enrol_passkey(device) == []
    door.do(actions.remove_totp, door.user)
    with pytest.raises(FactorNeeded):
        door.do(actions.remove_passkey, door.user, db.read_now(get_factors, door.id).passkeys[0].id)
    with pytest.raises(PasskeyNotFound):
        door.do(actions.remove_passkey, door.user, 1)
    door.do(actions.reset_factors, door.user)
    assert not may(door.user, Permission.MANAGE_RULES)
    assert secret


def test_without_a_role_the_last_factor_can_go_and_takes_the_codes_along(
    door: Door, db: Database
) -> None:
    door.enrol_totp()
    door.do(actions.remove_totp, door.user)
    left = db.read_now(get_factors, door.id)
    assert (left.methods, door.user.second_factor_at) == ((), None)
