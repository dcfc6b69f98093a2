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
    secret = settings.secrets.secret_key
    file.write_text(
        f'[database]\nurl = "{database}"\n[media]\nfolder = "{media}"\n'
        f'[secrets]\nsecret_key = "{secret}"\n'
    )
    monkeypatch.setenv("FOLKMOOT_CONFIG", "")

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(cli.folkmoot, ["--config", str(file), *words])

    return invoke


def test_rules_are_shown_edited_checked_and_published(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(run("policy", "show").output)
    assert "No rule would change." in run("policy", "check", str(file)).output
    assert "version 1 already" in run("policy", "publish", str(file)).output
    file.write_text(file.read_text().replace("Do not harass people", "Leave people alone"))
    assert "harassment-1: changed\n" in run("policy", "check", str(file)).output
    published = run("policy", "publish", str(file), "--note", "Kinder words.")
    assert published.exit_code == 0, published.output
    assert "Published as version 2. In force from " in published.output
    assert "Leave people alone" in run("policy", "show").output
    assert "Do not harass people" in run("policy", "show", "--version", "1").output
    assert "no such version" in run("policy", "show", "--version", "3").output
    newest, first = run("policy", "versions").output.splitlines()
    assert newest.startswith("2\tIn force from ")
    assert first.endswith("accepted by 0 of 0")


def test_what_is_wrong_with_rules_is_said_with_its_place(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    rules = run("policy", "show").output.replace('code = "hate-1"', 'code = "opinion-1"')
    file.write_text(rules)
    line = rules[: rules.index('code = "opinion-1"')].count("\n")
    for verb in ("check", "publish"):
        result = run("policy", verb, str(file))
        assert result.exit_code == 1
        assert f"line {line}, rule 2 (opinion-1): its code should be hate-" in result.output
    assert run("policy", "publish").exit_code == 2
    file.write_bytes(b"\xff")
    assert "This is not text in UTF-8" in run("policy", "check", str(file)).output


def test_versions_cannot_reach_back(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "terms.md"
    file.write_text("# Be good\n")
    words = ("policy", "publish", "--terms", str(file), "--effective-from")
    result = run(*words, "2020-01-01")
    assert result.exit_code == 1
    assert "the earliest day is" in result.output


def test_documents_are_published_in_versions(run: Run, tmp_path: Path) -> None:
    assert "# Terms of service" in run("policy", "show", "terms").output
    file = tmp_path / "terms.md"
    file.write_text("# Be good\n")
    assert "In force from" in run("policy", "publish", "--terms", str(file)).output
    assert run("policy", "show", "terms").output == "# Be good\n"
    assert "# Privacy policy" in run("policy", "show", "privacy").output
    assert len(run("policy", "versions").output.splitlines()) == 2


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


def test_the_texts_are_those_of_the_domain() -> None:
    from folkmoot.cli.policy import TEXTS
    from folkmoot.domain.policy.model import Kind

    assert ("rules", *Kind) == TEXTS
