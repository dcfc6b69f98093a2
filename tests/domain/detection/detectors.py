"""Detectors for tests, and how to bring one to where it is needed."""

from collections.abc import Callable
from typing import Any

from folkmoot.domain.detection import actions, queries
from folkmoot.domain.detection.model import StoredDetector
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Page

_FILE = """
name = "{name}"
title = "A detector of the tests"
description = "Looks for what the tests write, and for nothing that anybody else would write."
rule = "{rule}"
condition = '''{condition}'''
{parts}
[effect]
{effect}
[[tests]]
text = "{hit}"
match = true
{facts}
[[tests]]
text = "{miss}"
match = false
"""


def detector_file(
    *,
    name: str = "zebra-words",
    condition: str = "found.w",
    parts: str = '[words]\nw = ["zebra", "zebras"]',
    hit: str = "a zebra",
    miss: str = "a horse",
    facts: str = "",
    rule: str = "spam-1",
    effect: str = 'do = "open-case"',
) -> str:
    return _FILE.format(
        name=name,
        condition=condition,
        parts=parts,
        hit=hit,
        miss=miss,
        facts=facts,
        rule=rule,
        effect=effect,
    )


class Life:
    """Leads detectors through their life, moving the clock where time must pass."""

    def __init__(self, db: Database, run_jobs: Callable[[], None], monkeypatch: Any) -> None:
        self._db = db
        self._run_jobs = run_jobs
        self._monkeypatch = monkeypatch
        self._now = clock.now
        self._ahead = 0

    def wait(self, ms: int) -> None:
        self._ahead += ms
        ahead = self._ahead
        self._monkeypatch.setattr(clock, "now", lambda: self._now() + ahead)

    def save(self, source: str, **more: Any) -> StoredDetector:
        saved = self._db.write_now(actions.save_detector, None, source=source, note="new", **more)
        return saved.detector

    def backtest(self, name: str = "zebra-words") -> Any:
        self.wait(10)  # a backtest takes in what was written before it
        started = self._db.write_now(actions.start_backtest, name)
        self._run_jobs()
        return self._db.read_now(queries.get_backtest, started.id)

    def shadow(self, source: str) -> StoredDetector:
        name = self.save(source).name
        self.backtest(name)
        return self._db.write_now(actions.start_shadow, None, name, note="try it")

    def activate(self, source: str) -> StoredDetector:
        name = self.shadow(source).name
        self.wait(3 * clock.DAY)
        return self._db.write_now(actions.activate, None, name, note="it is right")

    def get(self, name: str = "zebra-words") -> StoredDetector:
        return self._db.read_now(queries.get_detector, name)

    def findings(self, name: str = "zebra-words") -> list[Any]:
        return self._db.read_now(queries.list_findings, self.get(name).id, Page(limit=500))

    def steps(self, name: str = "zebra-words") -> list[tuple[str, str]]:
        changes = self._db.read_now(queries.list_changes, self.get(name).id, Page(limit=50))
        return [(change.step, change.note) for change in reversed(changes)]
