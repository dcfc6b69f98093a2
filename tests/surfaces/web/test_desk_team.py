"""Who is on the team: an owner gives roles and takes them back, told and on record."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest

from folkmoot.domain.accounts.actions import remove_account
from folkmoot.domain.auth import queries
from folkmoot.domain.auth.actions import save_user
from folkmoot.domain.auth.model import Role
from folkmoot.domain.sessions.model import FRESH_FOR
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Page, Tx
from plans import check_page_plan
from surfaces.web.browser import Browser
from surfaces.web.conftest import Counted

HERE = "/desk/team"
Letters = Callable[[], list[EmailMessage]]


def user_called(db: Database, name: str) -> Any:
    found = db.read_now(queries.find_user_by_login, name)
    assert found is not None
    return found


def prove(tx: Tx, name: str) -> None:
    user = queries.find_user_by_login(tx, name)
    assert user is not None
    save_user(tx, user, second_factor_at=tx.now)


@pytest.fixture
def olga(at_home: Callable[..., Browser], db: Database) -> Browser:
    """The owner."""
    made = at_home("olga", Role.OWNER)
    db.write_now(prove, "olga")
    return made


def test_a_role_is_given_told_and_on_record(
    olga: Browser, member: Any, letters: Letters, db: Database
) -> None:
    member("kit")
    olga.open(HERE)
    letters()
    olga.submit(HERE, username="kit", role="reviewer", why="Knows the rules <b>well</b>")
    assert "They are told, and it is on record." in olga.page.text
    assert "Knows the rules &lt;b&gt;well&lt;/b&gt;" in olga.page.text
    assert "Rests: no second factor" in olga.page.text
    assert user_called(db, "kit").role == Role.REVIEWER
    (told,) = letters()
    assert (told["To"], "a reviewer" in told["Subject"]) == ("kit@example.test", True)
    assert "Knows the rules <b>well</b>" in told.get_content()
    assert "second factor" in told.get_content()


def test_a_role_is_taken_back_with_a_reason(
    olga: Browser, member: Any, letters: Letters, db: Database
) -> None:
    _, kit = member("kit", Role.REVIEWER)
    db.write_now(prove, "kit")
    olga.open(HERE)
    where = f"{HERE}/{kit.account_id}"
    olga.submit(where, role="member", why=" ")
    assert olga.page.status_code == 422
    assert "Say why" in olga.page.text
    letters()
    olga.submit(where, role="member", why="Has moved away")
    assert user_called(db, "kit").role == Role.MEMBER
    (told,) = letters()
    assert "Has moved away" in told.get_content()
    assert "second factor" not in told.get_content()
    (change,) = db.read_now(queries.list_role_changes, Page())
    assert (change.before, change.after, change.why) == ("reviewer", "member", "Has moved away")
    assert change.by_id == user_called(db, "olga").account_id
    gone = olga.post(where, csrf=olga.form(HERE)["fields"]["csrf"], role="owner", why="Again")
    assert gone.status_code == 404  # is not on the team any more


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"username": "nobody", "role": "reviewer", "why": "x"}, "Nobody here has that user name"),
        ({"username": "kit", "role": "queen", "why": "x"}, "Please choose a role"),
        ({"username": "kit", "role": "reviewer", "why": "x" * 501}, "up to 500 characters"),
    ],
)
def test_what_is_wrong_is_said(
    olga: Browser, member: Any, fields: dict[str, str], said: str
) -> None:
    member("kit")
    olga.open(HERE)
    olga.submit(HERE, **fields)
    assert olga.page.status_code == 422
    assert said in olga.page.text


def test_the_last_owner_stays(olga: Browser, db: Database) -> None:
    olga.open(HERE)
    number = user_called(db, "olga").account_id
    olga.submit(f"{HERE}/{number}", role="member", why="Enough")
    assert "There must be an owner" in olga.page.text
    assert user_called(db, "olga").role == Role.OWNER


def test_giving_roles_needs_a_fresh_sign_in(
    olga: Browser, member: Any, db: Database, monkeypatch: Any
) -> None:
    member("kit")
    olga.open(HERE)
    later = clock.now() + FRESH_FOR + clock.MINUTE
    monkeypatch.setattr(clock, "now", lambda: later)
    olga.submit(HERE, username="kit", role="owner", why="Trust me")
    assert "sign in once more" in olga.page.text
    assert user_called(db, "kit").role == Role.MEMBER


def test_who_is_gone_leaves_no_name(olga: Browser, member: Any, db: Database) -> None:
    account, _ = member("kit")
    olga.open(HERE)
    olga.submit(HERE, username="kit", role="reviewer", why="Asked")
    db.write_now(remove_account, account.id)
    assert "kit" not in olga.open(HERE).text
    assert db.read_now(queries.list_role_changes, Page()) == []


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
def test_others_of_the_team_give_no_roles(
    at_home: Callable[..., Browser], db: Database, role: Role
) -> None:
    rex = at_home("rex", role)
    db.write_now(prove, "rex")
    assert rex.open(HERE).status_code == 403
    assert HERE not in rex.open("/desk").text
    token = rex.form("/desk/keys")["fields"]["csrf"]
    assert rex.post(HERE, csrf=token, username="rex", role="owner", why="x").status_code == 403


def test_the_page_costs_the_same_however_long(
    olga: Browser, member: Any, counted: Counted, db: Database
) -> None:
    seen = []
    for name in ("kit", "noor", "sam"):
        member(name)
        olga.open(HERE)
        olga.submit(HERE, username=name, role="reviewer", why="Asked")
        seen.append(counted(olga, HERE))
    assert seen[0] == seen[1] == seen[2]
    db.read_now(lambda tx: check_page_plan(tx, queries._ROLE_CHANGES))
