"""Every language says the same things, with the same facts in them, and says all that is asked."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import folkmoot
from folkmoot.domain.auth.model import LetterKind, Role
from folkmoot.domain.notifications.model import Kind
from folkmoot.domain.policy import actions as policy
from folkmoot.domain.policy.model import Stage
from folkmoot.domain.words.model import DEFAULT, LANGUAGES, catalogue, language_for, say, tag_of

SOURCE = Path(folkmoot.__file__).parent


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {DEFAULT}))
def test_every_language_is_complete(language: str) -> None:
    ours, theirs = catalogue(DEFAULT), catalogue(language)
    assert theirs.keys() == ours.keys()
    for key, text in ours.items():
        assert theirs[key].strip(), key
        # A letter may leave out facts that all letters have, such as the server's name.
        common = {"title", "host", "base_url"} if key.startswith("letters.") else set()
        assert places(theirs[key]) - common == places(text) - common, key


def test_every_language_has_a_file_and_every_file_a_language() -> None:
    files = {file.stem for file in (SOURCE / "texts" / "words").iterdir()}
    assert files == set(LANGUAGES)


def test_whatever_may_be_said_is_there() -> None:
    keys = catalogue(DEFAULT).keys()
    assert {f"push.{kind}" for kind in Kind} == {key for key in keys if key.startswith("push.")}
    assert {f"roles.{role}" for role in Role} == {key for key in keys if key.startswith("roles.")}
    letters = {key.split(".")[1] for key in keys if key.startswith("letters.")}
    asked = set(LetterKind) | set(_computed()) | _written_out()
    assert asked == letters
    for letter in letters:
        assert {f"letters.{letter}.subject", f"letters.{letter}.text"} <= keys


def _computed() -> Iterator[str]:
    """The letters whose names rooms put together."""
    for factor in ("totp", "passkey"):
        yield from (f"{factor}_added", f"{factor}_removed")
    for stage in Stage:
        for pausing in (False, True):
            version: Any = SimpleNamespace(pauses_posting=pausing)
            yield policy._letter(version, stage)


def _written_out() -> set[str]:
    """The letters that calls of `send_notice` name, at once or by way of a variable."""
    found: set[str] = set()
    for file in (SOURCE / "domain").rglob("*.py"):
        tree = ast.parse(file.read_text())
        for call in ast.walk(tree):
            named = isinstance(call, ast.Call) and getattr(call.func, "id", "") == "send_notice"
            if named and len(call.args) == 3:
                found |= _names(call.args[2], tree)
    return found


def _names(given: ast.expr, tree: ast.Module) -> set[str]:
    if isinstance(given, ast.Constant):
        return {given.value}
    choices = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.IfExp)
        and getattr(node.targets[0], "id", "") == getattr(given, "id", None)
    ]
    return {
        branch.value
        for choice in choices
        for branch in (choice.body, choice.orelse)
        if isinstance(branch, ast.Constant)
    }


@pytest.mark.parametrize(
    ("locale", "language"),
    [("en", "en"), ("zh-CN", "zh"), ("zh_TW", "zh"), ("ZH", "zh"), ("de", "en"), ("", "en")],
)
def test_the_nearest_language_is_spoken(locale: str, language: str) -> None:
    assert language_for(locale) == language


def test_what_others_wrote_is_not_taken_for_a_place() -> None:
    assert say("zh", "push.mention", name="{title}") == "{title} 提到了您"
    assert tag_of("zh") == "zh-Hans"
