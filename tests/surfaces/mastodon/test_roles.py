"""Who works for the service shows it, as long as the role is in effect."""

from typing import Any

from conftest import Client, Member
from folkmoot.domain.auth import queries
from folkmoot.domain.auth.actions import disable_user, enable_user, save_user, set_role
from folkmoot.domain.auth.model import Role, User
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.factors.actions import reset_factors
from folkmoot.kit.db import Database, Tx
from plans import check_plan

REVIEWER = [{"id": "1", "name": "Reviewer", "color": ""}]


def roles(client: Client, member: Member) -> Any:
    return client.get(f"/api/v1/accounts/{member.id}").json()["roles"]


def change(db: Database, member: Member, act: Any, *args: Any) -> None:
    def do(tx: Tx) -> None:
        user: User = get_user(tx, member.account.id)
        act(tx, user, *args)

    db.write_now(do)


def appoint(tx: Tx, user: User, role: Role) -> None:
    set_role(tx, None, user, role)


def enrol(tx: Tx, user: User) -> None:
    save_user(tx, user, second_factor_at=tx.now)


def test_a_role_shows_while_it_is_in_effect(ada: Member, visitor: Client, db: Database) -> None:
    assert roles(visitor, ada) == []
    change(db, ada, appoint, Role.REVIEWER)
    assert roles(visitor, ada) == []
    change(db, ada, enrol)
    assert roles(visitor, ada) == REVIEWER
    change(db, ada, appoint, Role.ADMINISTRATOR)
    assert [role["name"] for role in roles(visitor, ada)] == ["Administrator"]
    change(db, ada, disable_user)
    assert roles(visitor, ada) == []
    change(db, ada, enable_user)
    change(db, ada, reset_factors)
    assert roles(visitor, ada) == []
    change(db, ada, appoint, Role.MEMBER)
    assert roles(visitor, ada) == []


def test_it_shows_wherever_the_account_does(ada: Member, visitor: Client, db: Database) -> None:
    status = ada.post("/api/v1/statuses", status="Hello").json()
    change(db, ada, appoint, Role.REVIEWER)
    change(db, ada, enrol)
    shown = visitor.get(f"/api/v1/statuses/{status['id']}").json()
    assert shown["account"]["roles"] == REVIEWER
    own = ada.get("/api/v1/accounts/verify_credentials").json()
    assert own["roles"] == REVIEWER
    bits = {"permissions": "65564", "highlighted": True, "collection_limit": 10}
    assert own["role"] == REVIEWER[0] | bits
    assert '<span class="label label-good">Reviewer</span>' in visitor.get("/@ada").text


def test_reading_roles_reads_no_other_members(ada: Member, db: Database) -> None:
    db.read_now(lambda tx: check_plan(tx, queries._ROLES, ids=[ada.account.id]))
