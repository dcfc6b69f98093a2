"""`folkmoot db copy`, from the demo village on SQLite to the database of the run."""

import asyncio
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from conftest import Client
from folkmoot import wiring
from folkmoot.cli import main as cli
from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.domain.search.queries import search_posts
from folkmoot.kit.db import Page, Tx
from folkmoot.kit.settings import Settings
from folkmoot.kit.settings_sources import load
from folkmoot.kit.text import parse_query

PAGES: tuple[tuple[str, dict[str, object]], ...] = (
    ("/api/v1/timelines/public", {"limit": 40}),
    ("/api/v1/accounts/lookup", {"acct": "wren"}),
    ("/api/v1/directory", {"limit": 80, "order": "new"}),
    ("/api/v1/custom_emojis", {}),
    ("/@wren", {}),
)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.folkmoot, arguments)


@pytest.fixture
def village(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings file of a village on SQLite."""
    monkeypatch.setenv("FOLKMOOT_CONFIG", "")
    file = tmp_path / "village" / "folkmoot.toml"
    made = run("demo", "--into", str(file))
    assert made.exit_code == 0, made.output
    return file


def look(settings: Settings, loop: asyncio.AbstractEventLoop) -> list[str]:
    """What visitors and a member see of an instance."""
    app = wiring.build_app(settings)
    visitor = Client(wiring.build_asgi(app), loop)
    seen = [visitor.get(path, **params) for path, params in PAGES]
    assert [answer.status_code for answer in seen] == [200] * len(PAGES)
    found = app.db.read_now(find, "bread")
    app.db.close()
    assert found
    return [*(answer.text for answer in seen), str(found)]


def find(tx: Tx, words: str) -> list[int]:
    wren = find_account_by_name(tx, "wren")
    assert wren is not None
    return [*search_posts(tx, parse_query(words), Page(), viewer_id=wren.id)]


def test_a_copied_village_looks_as_before(
    village: Path, settings: Settings, loop: asyncio.AbstractEventLoop
) -> None:
    before = load(village).settings
    seen = look(before, loop)
    copied = run("--config", str(village), "db", "copy", "--to", settings.database.url)
    assert copied.exit_code == 0, copied.output
    assert "posts are in the new index" in copied.output
    assert look(msgspec.structs.replace(before, database=settings.database), loop) == seen
    again = run("--config", str(village), "db", "copy", "--to", settings.database.url)
    assert again.exit_code == 1
    assert "copy into an empty database" in again.output


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("mysql://nobody@127.0.0.1/x", "postgresql://user:password@host/name"),
        ("postgresql://nobody@127.0.0.1:1/x", "cannot be reached"),
    ],
)
def test_a_target_that_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, sentence: str
) -> None:
    monkeypatch.setenv("FOLKMOOT_CONFIG", "")
    file = tmp_path / "folkmoot.toml"
    file.write_text(f'[database]\nurl = "sqlite:///{tmp_path}/here.db"\n')
    behind = run("--config", str(file), "db", "copy", "--to", f"sqlite:///{tmp_path}/there.db")
    assert "run `folkmoot db migrate` first" in behind.output
    assert run("--config", str(file), "db", "migrate").exit_code == 0
    refused = run("--config", str(file), "db", "copy", "--to", target)
    assert refused.exit_code in (1, 2)
    assert sentence in refused.output
    assert "Traceback" not in refused.output
