"""Every entity of the API as it was looked at and found to be what Mastodon documents, to the byte.

`FOLKMOOT_GOLDEN=write pytest tests/surfaces/mastodon/test_golden.py` writes the files anew: look at
what changed before committing it. A file holds as many examples as it takes to show each field of
an entity absent, null, empty and filled, as far as the day in the village has them.
"""

import asyncio
import inspect
import itertools
import json
import os
import pkgutil
import platform
import secrets
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import pytest

import answers
from conftest import Client, Member
from folkmoot import __version__
from folkmoot.domain.instance.model import DatabaseFacts
from folkmoot.domain.oauth.actions import issue_token
from folkmoot.domain.reports import actions as reports
from folkmoot.kit import clock, ids
from folkmoot.kit.settings import (
    DatabaseSettings,
    Instance,
    Mail,
    Media,
    RateLimits,
    Secrets,
    Settings,
)
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon import admin_figures, entities
from golden_day import Village, live, push_message

GOLDEN = Path(__file__).parent / "golden"
MORNING = 1_772_352_000_000  # 2026-03-01T08:00:00Z
KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
VAPID = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"

# Structs that are no entities: parts that are joined before they go out, or only carry others.
PARTS = {"StatusFixed", "Details", "Placed", "PresentedCollection"}


class Hand:
    """The hand of a clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.at = MORNING

    def __call__(self) -> None:
        self.at += clock.MINUTE


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    """Time, ids and random names, the same in every run."""
    made = Hand()
    numbers = itertools.count(1)
    monkeypatch.setattr(clock, "now", lambda: made.at)
    monkeypatch.setattr(ids._source, "_node", 1 << 10)
    monkeypatch.setattr(ids._source, "_count", 0)
    monkeypatch.setattr(secrets, "token_urlsafe", lambda size=32: f"token-{next(numbers)}")
    codes = itertools.count(1)
    monkeypatch.setattr(reports, "new_code", lambda: f"R-TEST-{next(codes):04}")
    small = DatabaseFacts("SQLite", "3.46.0", 1_048_576)
    monkeypatch.setattr(admin_figures, "measure_database", lambda tx: small)
    monkeypatch.setattr(platform, "python_version", lambda: "3.13.0")
    return made


@pytest.fixture
def settings(hand: Hand, tmp_path: Path, fresh_database: Callable[[Path], str]) -> Settings:
    return Settings(
        database=DatabaseSettings(url=fresh_database(tmp_path), readers=2, pool_size=2),
        media=Media(folder=tmp_path / "media"),
        mail=Mail(folder=tmp_path / "mail"),
        rate_limits=RateLimits(enabled=False),
        secrets=Secrets(secret_key=KEY, vapid_private_key=VAPID),
        instance=Instance(
            title="The Village",
            short_description="A village",
            description="# The Village\n\nUnder the oak.",
            contact_account="ada",
            contact_email="office@village.example",
            operator_name="The Village Society",
            source_url="https://village.example/source",
        ),
    )


@pytest.fixture
def found(
    app: App,
    join: Callable[..., Member],
    visitor: Client,
    loop: asyncio.AbstractEventLoop,
    hand: Hand,
) -> dict[str, list[Any]]:
    """The examples of each entity, from everything that the API answered on that day."""
    village = Village(app, join, visitor, loop, hand)
    live(village)
    pushed = msgspec.json.decode(push_message(village))
    made: dict[str, list[Any]] = {"PushMessage": [pushed]}
    seen: dict[str, set[tuple[str, str]]] = {}
    for response in village.answers:
        for name, entity in answers.entities(response):
            shown = {(field, _look(value)) for field, value in entity.items()}
            fields = answers.document()["components"]["schemas"][name].get("properties", {})
            shown |= {(field, "absent") for field in fields if field not in entity}
            if not shown <= seen.setdefault(name, set()):
                seen[name] |= shown
                made.setdefault(name, []).append(entity)
    refusals = (
        visitor.get("/api/v1/statuses/1"),
        visitor.post("/oauth/token", grant_type="none"),
        _without_a_name(village),
    )
    return made | {"Error": [refusal.json() for refusal in refusals]}


def _without_a_name(village: Village) -> Any:
    """The refusal of a sign-up, which tells what is wrong with each field."""
    token = village.do(issue_token, int(village.kite["id"]), account_id=None, scopes="write")
    headers = {"Authorization": f"Bearer {token}"}
    return village.visitor.request("POST", "/api/v1/accounts", json={}, headers=headers)


def _look(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value)
    return "filled" if value or isinstance(value, int) else "empty"


def known_entities() -> set[str]:
    """What the document's answers name, and the structs of `entities/` that travel otherwise."""
    schemas = answers.document()["components"]["schemas"]
    named = {name for name, s in schemas.items() if s.get("type") == "object"}
    requests = {name for name in named if name.endswith(("Params", "Attributes"))}
    requests |= {"Keys", "Position"}
    defined: set[str] = set()
    for module in pkgutil.iter_modules(entities.__path__):
        inside = import_module(f"{entities.__name__}.{module.name}")
        for name, value in inspect.getmembers(inside, inspect.isclass):
            here = value.__module__ == inside.__name__
            if here and issubclass(value, msgspec.Struct) and not name.startswith("_"):
                defined.add(name)
    # A file that is sent in stands in parameters alone.
    return (named - requests - {"Upload"}) | (defined - PARTS)


def test_every_entity_has_a_golden_file() -> None:
    assert {file.stem for file in GOLDEN.glob("*.json")} == known_entities()


def test_every_entity_is_as_it_was(found: dict[str, list[Any]]) -> None:
    texts = {
        name: json.dumps(each, indent=2, ensure_ascii=False).replace(__version__, "VERSION") + "\n"
        for name, each in found.items()
    }
    if os.environ.get("FOLKMOOT_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        for file in GOLDEN.glob("*.json"):
            file.unlink()
        for name, text in texts.items():
            (GOLDEN / f"{name}.json").write_text(text)
    for file in sorted(GOLDEN.glob("*.json")):
        assert texts.get(file.stem) == file.read_text(), f"{file.name} is not what is answered now"
    assert set(texts) == known_entities()
