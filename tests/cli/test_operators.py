"""What operators do by commands: policy, emoji, announcements."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from folkmoot.cli import main as cli
from folkmoot.kit.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    file = tmp_path / "folkmoot.toml"
    database, media = settings.database.url, settings.media.folder
    file.write_text(f'[database]\nurl = "{database}"\n[media]\nfolder = "{media}"\n')
    monkeypatch.setenv("FOLKMOOT_CONFIG", "")

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(cli.folkmoot, ["--config", str(file), *words])

    return invoke


def test_rules_are_added_reworded_and_retired(run: Run) -> None:
    assert "Do not harass people." in run("policy", "rules").output
    added = run(
        "policy", "add-rule", "spam", "No adverts.", "--translation", "de", "Keine Werbung."
    )
    assert added.exit_code == 0, added.output
    assert "No adverts." in run("policy", "rules").output
    assert run("policy", "reword-rule", "3", "Be kind.", "--from", "tomorrow").exit_code == 0
    assert "Be kind." not in run("policy", "rules").output
    assert "Be kind." in run("policy", "rules", "--all").output
    assert run("policy", "retire-rule", "1").exit_code == 0
    assert "threaten" not in run("policy", "rules").output


def test_a_rule_cannot_reach_back(run: Run) -> None:
    result = run("policy", "add-rule", "spam", "No adverts.", "--from", "2020-01-01")
    assert result.exit_code == 1
    assert "before the day it is published" in result.output


def test_documents_are_published_in_versions(run: Run, tmp_path: Path) -> None:
    assert "# Terms of service" in run("policy", "show", "terms").output
    file = tmp_path / "terms.md"
    file.write_text("# Be good\n")
    assert "in force from" in run("policy", "publish", "terms", str(file)).output
    assert run("policy", "show", "terms").output.strip() == "# Be good"
    assert len(run("policy", "versions", "terms").output.splitlines()) == 2
    assert "published already" in run("policy", "publish", "terms", str(file)).output


def test_emoji_come_and_go(run: Run, settings: Settings, tmp_path: Path) -> None:
    picture = tmp_path / "tree.png"
    Image.new("RGBA", (64, 64), "green").save(picture)
    result = run("emoji", "add", str(picture), "tree", "--category", "wood")
    assert result.exit_code == 0, result.output
    assert ":tree:\twood" in run("emoji", "list").output
    files = [path for path in settings.media.folder.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert "of this name already" in run("emoji", "add", str(picture), "tree").output
    assert run("emoji", "remove", "tree").exit_code == 0
    assert not [path for path in settings.media.folder.rglob("*") if path.is_file()]


def test_announcements_come_and_go(run: Run) -> None:
    published = run("announce", "publish", "Moot on Friday", "--ends", "tomorrow")
    assert published.exit_code == 0, published.output
    number = published.output.removeprefix("Published as ").strip(".\n")
    assert "Moot on Friday" in run("announce", "list").output
    assert run("announce", "withdraw", number).exit_code == 0
    assert run("announce", "list").output == ""
    assert run("announce", "publish", "x", "--ends", "someday").exit_code == 2


def test_the_categories_are_those_of_the_domain() -> None:
    from folkmoot.cli.policy import CATEGORIES, KINDS
    from folkmoot.domain.policy.model import Category, Kind

    assert tuple(Category) == CATEGORIES
    assert tuple(Kind) == KINDS
