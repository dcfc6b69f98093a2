from typing import Any

import pytest

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.domain.auth.model import PermissionMissing, User
from folkmoot.domain.auth.queries import find_user_by_login, get_user
from folkmoot.domain.registration import actions
from folkmoot.domain.registration.model import (
    Form,
    InvitationNotFound,
    NothingToDecide,
    UsesInvalid,
)
from folkmoot.domain.registration.queries import find_invitation, list_invitations
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
