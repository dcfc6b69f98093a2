from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from authenticator import Authenticator
from folkmoot.domain.accounts.actions import remove_account
from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import find_account_by_name, get_account
from folkmoot.domain.auth.actions import request_password_reset
from folkmoot.domain.auth.model import PermissionMissing, User
from folkmoot.domain.auth.queries import find_user_by_login, get_user
from folkmoot.domain.factors import actions as factors
from folkmoot.domain.oauth import actions as oauth
from folkmoot.domain.registration import actions
from folkmoot.domain.registration.model import (
    Form,
    InvitationInvalid,
    InvitationNotFound,
    NothingToDecide,
    SignUpInvalid,
    UsesInvalid,
)
from folkmoot.domain.registration.queries import find_invitation, list_invitations
from folkmoot.domain.sessions import actions as sessions
from folkmoot.domain.sessions.model import Visit
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Page, Tx


@pytest.fixture
def users(db: Database, join: Any) -> Any:
    def make(name: str, role: str = "member") -> User:
        return db.read_now(get_user, int(join(name, role=role).id))

    return make


def test_members_invite_few_and_the_team_many(db: Database, users: Any) -> None:
    ada, admin = users("ada"), users("ann", "administrator")
    for wrong in (0, 11):
        with pytest.raises(UsesInvalid):
            db.write_now(lambda tx, uses=wrong: actions.make_invitation(tx, ada, max_uses=uses))
    db.write_now(lambda tx: actions.make_invitation(tx, admin, max_uses=100))
    mine = db.write_now(lambda tx: actions.make_invitation(tx, ada, note="for Bo"))
    assert db.read_now(list_invitations, ada.account_id, Page()) == [mine]
    with pytest.raises(InvitationNotFound):
        db.write_now(actions.revoke_invitation, users("eve"), mine.id)
    db.write_now(actions.revoke_invitation, admin, mine.id)
    assert db.read_now(find_invitation, mine.code) is None


def test_an_invitation_runs_out(db: Database, users: Any) -> None:
    made = db.write_now(actions.make_invitation, users("ada"))

    def later(tx: Tx) -> Any:
        tx.now += 7 * clock.DAY
        return find_invitation(tx, made.code)

    assert db.read_now(find_invitation, f" {made.code} ") == made
    assert db.read_now(later) is None


def sign_up(tx: Tx) -> AccountId:
    form = Form(username="cora", email="cora@example.test")
    return actions.sign_up(tx, form, "hash", visit=Visit()).account_id


def test_only_the_team_decides_and_once(db: Database, users: Any) -> None:
    account_id = db.write_now(sign_up)
    with pytest.raises(PermissionMissing):
        db.write_now(actions.approve_sign_up, users("ada"), account_id)
    rex = users("rex", "reviewer")
    db.write_now(actions.approve_sign_up, rex, account_id)
    with pytest.raises(NothingToDecide):
        db.write_now(actions.reject_sign_up, rex, account_id, "")


def test_what_was_never_confirmed_goes_away(db: Database, run_jobs: Any) -> None:
    db.write_now(sign_up)

    def later(tx: Tx, days: int) -> int:
        tx.now += days * clock.DAY
        return actions.sweep_unconfirmed(tx)

    assert db.write_now(later, 6) == 0
    assert db.write_now(later, 8) == 1
    assert db.read_now(find_user_by_login, "cora") is None
    assert db.read_now(find_account_by_name, "cora") is None
    run_jobs()


def test_the_owner_is_a_member_whose_role_rests(db: Database) -> None:
    account, user = db.write_now(
        lambda tx: actions.create_owner(
            tx, "olga", email="olga@localhost", password_hash="hash", display_name="Olga"
        )
    )
    assert (account.display_name, account.pending, user.role) == ("Olga", False, "owner")
    assert user.second_factor_at is None


def test_two_who_want_the_same_name_get_it_once(db: Database) -> None:
    def attempt(number: int) -> str:
        form = Form(username="cora", email=f"cora{number}@example.test")
        try:
            db.write_now(actions.sign_up, form, "hash", visit=Visit())
        except SignUpInvalid as refused:
            return refused.sentence
        return "in"

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(attempt, range(8)))
    taken = "Validation failed: Username has already been taken"
    assert sorted(outcomes) == [taken] * 7 + ["in"]


def test_an_invitation_for_one_lets_one_in(db: Database, users: Any) -> None:
    code = db.write_now(actions.make_invitation, users("ada")).code

    def attempt(number: int) -> bool:
        form = Form(username=f"c{number}", email=f"c{number}@example.test", invitation=code)
        try:
            db.write_now(actions.sign_up, form, "hash", visit=Visit())
        except InvitationInvalid:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(8))) == 1


def test_what_is_removed_leaves_nothing_behind(db: Database, users: Any, letters: Any) -> None:
    ada = users("ada")
    device = Authenticator()

    def live(tx: Tx) -> None:
        account = get_account(tx, ada.account_id)
        actions.make_invitation(tx, ada)
        factors.begin_totp(tx, ada, account)
        begun = factors.begin_passkey(tx, ada, account)
        factors.finish_passkey(tx, ada, begun.id, device.make(begun.options), "")
        factors.begin_second_step(tx, ada.account_id)
        sessions.start_session(tx, ada, visit=Visit())
        request_password_reset(tx, ada.email)
        app = oauth.register_app(tx, name="Kite", redirect_uris=["kite://back"]).app
        oauth.issue_code(tx, ada.account_id, oauth.Asked(app, "kite://back", ["read"], ""))

    db.write_now(live)
    letters()
    mine = [
        "users",
        "letter_links",
        "totp_secrets",
        "recovery_codes",
        "passkeys",
        "passkey_users",
        "challenges",
        "sessions",
        "sign_ins",
        "invitations",
        "oauth_codes",
        "tokens",
    ]

    def left(tx: Tx) -> dict[str, int]:
        where = f"WHERE account_id = {ada.account_id}"
        found = {name: tx.script(f"SELECT count(*) FROM {name} {where}")[0][0] for name in mine}
        return {name: count for name, count in found.items() if count}

    assert set(db.read_now(left)) == set(mine)
    db.write_now(remove_account, ada.account_id)
    assert db.read_now(left) == {}
