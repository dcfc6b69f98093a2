from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from folkmoot.cli import main as cli
from folkmoot.domain.auth.actions import save_user
from folkmoot.domain.auth.model import User
from folkmoot.domain.auth.queries import find_user_by_login
from folkmoot.kit.db import Database
from folkmoot.kit.passwords import verify_now
from folkmoot.kit.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    file = tmp_path / "folkmoot.toml"
    database, secret = settings.database.url, settings.secrets.secret_key
    file.write_text(f'[database]\nurl = "{database}"\n[secrets]\nsecret_key = "{secret}"\n')
    monkeypatch.setenv("FOLKMOOT_CONFIG", "")

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(cli.folkmoot, ["--config", str(file), "account", *words])

    return invoke


@pytest.fixture
def cora(run: Run, db: Database) -> Callable[[], User]:
    made = run("create", "cora", "--email", "cora@example.test")
    assert made.exit_code == 0, made.output

    def look() -> User:
        found = db.read_now(find_user_by_login, "cora")
        assert found
        return found

    return look


def test_a_member_is_made_with_a_password_shown_once(run: Run, db: Database) -> None:
    made = run("create", "cora", "--email", "cora@example.test", "--role", "owner")
    assert "takes effect once a second factor" in made.output
    password = made.output.splitlines()[0].rpartition(" ")[2]
    found = db.read_now(find_user_by_login, "cora")
    assert found
    assert verify_now(found.password_hash, password)
    listed = run("list").output
    assert "cora@example.test" in listed
    assert "no second factor" in listed
    again = run("create", "Cora", "--email", "other@example.test")
    assert (again.exit_code, "already been taken" in again.output) == (1, True)


def test_a_forgotten_password_is_replaced(run: Run, cora: Callable[[], User]) -> None:
    said = run("reset-password", "cora@example.test").output
    assert verify_now(cora().password_hash, said.rpartition(" ")[2].strip())
    missing = run("reset-password", "nobody")
    assert (missing.exit_code, "Nobody here" in missing.output) == (1, True)


def test_those_who_wait_are_let_in_or_turned_away(
    run: Run, db: Database, cora: Callable[[], User]
) -> None:
    db.write_now(
        lambda tx: save_user(tx, cora(), approved_at=None, confirmed_at=None, reason="To knit")
    )
    assert "not confirmed" in run("list", "--pending").output
    run("confirm", "cora")
    assert "To knit" in run("list", "--pending").output
    run("approve", "cora")
    assert "cora" not in run("list", "--pending").output
    assert run("reject", "cora", "--reason", "No").exit_code == 1
    db.write_now(lambda tx: save_user(tx, cora(), approved_at=None))
    assert run("reject", "cora", "--reason", "No").exit_code == 0
    assert db.read_now(find_user_by_login, "cora") is None


def test_roles_and_doors(run: Run, cora: Callable[[], User]) -> None:
    assert "once a second factor" in run("role", "cora", "reviewer").output
    assert cora().role == "reviewer"
    run("disable", "cora")
    assert cora().disabled_at is not None
    assert "disabled" in run("list").output
    run("enable", "cora")
    assert cora().disabled_at is None
    assert run("reset-factors", "cora").exit_code == 0
    address = run("invite", "cora", "--uses", "3").output.strip()
    assert "/auth/sign-up?invitation=" in address
    assert run("invite", "cora", "--uses", "5000").exit_code == 1


def test_an_archive_is_packed_for_its_member(
    run: Run, cora: Callable[[], User], letters: Callable[[], list[EmailMessage]]
) -> None:
    for _ in range(2):
        assert run("export", "cora").exit_code == 0
        (letter,) = letters()
        assert letter["to"] == "cora@example.test"
        assert "packed" in letter["subject"]


def test_an_account_is_deleted_kept_and_its_name_freed(
    run: Run, cora: Callable[[], User], run_jobs: Callable[[], None], db: Database
) -> None:
    assert run("delete", "cora", "--yes").exit_code == 0
    assert run("keep", "cora").exit_code == 0
    assert run("keep", "cora").exit_code != 0
    assert run("delete", "cora", "--now", "--yes").exit_code == 0
    run_jobs()
    assert db.read_now(find_user_by_login, "cora") is None
    again = ("create", "cora", "--email", "cora@example.test")
    assert "already been taken" in run(*again).output
    assert "No deleted account" in run("free-name", "clara").output
    assert run("free-name", "cora").output == "Free.\n"
    assert run(*again).exit_code == 0
