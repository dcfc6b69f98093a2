import base64
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from folkmoot.cli import main as cli
from folkmoot.cli.init import full_address
from folkmoot.domain.auth.model import Role
from folkmoot.domain.auth.queries import find_user_by_email
from folkmoot.kit.db import Database
from folkmoot.kit.db.schema import is_current
from folkmoot.kit.passwords import verify_now
from folkmoot.kit.settings_sources import load


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOLKMOOT_CONFIG", "")
    return tmp_path / "new/folkmoot.toml"


def init(file: Path, *arguments: str, answers: str | None = None) -> Result:
    return CliRunner().invoke(
        cli.folkmoot, ["--config", str(file), "init", *arguments], input=answers
    )


OWNER = ("--owner", "wren", "--email", "Wren@Folk.example", "--yes")


def test_it_asks_what_it_must_and_sets_up_the_rest(file: Path) -> None:
    result = init(file, answers="folk.example\n\nwren\nwren@folk.example\n")
    assert result.exit_code == 0, result.output
    settings = load(file, {}).settings
    assert settings.server.base_url == "https://folk.example"
    assert settings.instance.title == "folk.example"
    assert is_current(settings)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for secret in (settings.secrets.secret_key, settings.secrets.vapid_private_key):
        assert len(base64.urlsafe_b64decode(secret + "=")) == 32
        assert secret not in result.output


def test_the_owner_can_sign_in_with_the_password_it_prints(file: Path) -> None:
    result = init(file, "--base-url", "folk.example", *OWNER)
    [line] = [line for line in result.output.splitlines() if "signs in" in line]
    password = line.split()[-1]
    db = Database(load(file, {}).settings)
    try:
        user = db.read_now(find_user_by_email, "wren@folk.example")
    finally:
        db.close()
    assert user is not None
    assert user.role == Role.OWNER
    assert user.email == "Wren@folk.example"
    assert verify_now(user.password_hash, password)
    assert password not in file.read_text()


@pytest.mark.parametrize(
    ("address", "port"),
    [("127.0.0.1:9123", 9123), ("folk.example:8443", 8080), ("localhost", 8080)],
)
def test_it_listens_where_this_machine_looks_for_it(file: Path, address: str, port: int) -> None:
    init(file, "--base-url", address, *OWNER)
    assert load(file, {}).settings.server.port == port


def test_two_instances_share_no_secret(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other/folkmoot.toml"
    for each in (file, other):
        assert init(each, "--base-url", "folk.example", *OWNER).exit_code == 0
    assert load(file, {}).settings.secrets != load(other, {}).settings.secrets


def test_it_never_touches_a_file_that_exists(file: Path) -> None:
    assert init(file, "--base-url", "folk.example", *OWNER).exit_code == 0
    before = file.read_bytes()
    result = init(file, "--base-url", "other.example", *OWNER)
    assert result.exit_code == 1
    assert "exists already" in result.output
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--base-url", "https://folk.example/path"], "server.base_url"),
        (["--base-url", "localhost:99999"], "server.base_url"),
        (["--base-url", "folk.example", "--database", "mysql://x"], "database.url"),
        ([], "give it as an option"),
        (["--base-url", "folk.example", "--owner", "no spaces"], "sername"),
        (["--base-url", "folk.example", "--email", "nobody"], "mail"),
    ],
)
def test_what_cannot_work_leaves_nothing_behind(
    file: Path, arguments: list[str], reason: str
) -> None:
    result = init(file, *OWNER, *arguments)
    assert result.exit_code != 0
    assert reason in result.output
    assert not file.exists()


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("folk.example", "https://folk.example"),
        ("Folk.Example/", "https://folk.example"),
        ("http://folk.example", "http://folk.example"),
        ("localhost:3000", "http://localhost:3000"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_a_domain_is_enough(given: str, address: str) -> None:
    assert full_address(given) == address
