"""A report is published once, and anybody recomputes it from the log, to the byte."""

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from cli.test_log import Site
from domain.tallies.history import History
from folkmoot.cli.main import folkmoot
from folkmoot.domain.auth.model import PermissionMissing
from folkmoot.domain.tallies import queries
from folkmoot.domain.tallies.actions import check_publishable, publish_report
from folkmoot.domain.tallies.model import (
    Count,
    Identity,
    PeriodNotOver,
    PublishedAlready,
    ReportNotFound,
    Tally,
    parse_period,
)
from folkmoot.domain.transparency import model as log
from folkmoot.domain.transparency import queries as transparency
from folkmoot.domain.transparency.jobs import grow
from folkmoot.kit import clock
from folkmoot.kit.clock import DAY, from_iso
from folkmoot.kit.db import Database, Page, Tx
from folkmoot.kit.ids import MAX_ID
from folkmoot.kit.settings import Disclosure, Instance, Settings
from folkmoot.surfaces.app import App
from folkmoot.surfaces.official.report_files import build_files, lines_of
from plans import check_plan

HALF = parse_period("2026-H1")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return msgspec.structs.replace(
        settings,
        instance=Instance(title="Harbour", operator_name="Harbour Ltd"),
        disclosure=Disclosure(eu_recipients=1_234),
    )


@pytest.fixture
def history(db: Database, monkeypatch: pytest.MonkeyPatch) -> History:
    made = History(db, monkeypatch, from_iso("2025-11-01"), seed=7)
    made.live(HALF.start, events=80)
    made.live(HALF.end, events=300)
    made.live(HALF.end + 9 * DAY, events=20)
    return made


@pytest.fixture
def publish(db: Database) -> Callable[..., Any]:
    def work(**how: Any) -> Any:
        tally = db.read_now(queries.count_period, HALF)
        return db.write_now(publish_report, tally, build_files, **how)

    return work


@pytest.fixture
def site(
    app: App, db: Database, tmp_path: Path, history: History, publish: Any, loop: Any
) -> Iterator[Site]:
    """The log's files, on a server that knows nothing else, after a report was published."""
    publish()
    while loop.run_until_complete(grow(app.context)):
        pass
    made = Site(tmp_path / "site")
    shutil.copytree(app.settings.media.folder / "log", tmp_path / "site" / "log")
    signer = db.read_now(transparency.find_signer, transparency.LOG)
    assert signer is not None
    made.put("log/checkpoint", (db.read_now(transparency.find_checkpoint) or "").encode())
    made.point(signer, witnesses=[])
    yield made
    made.close()


def recompute(site: Site, tmp_path: Path, *more: str) -> Any:
    state = ["--state", str(tmp_path / "state")]
    return CliRunner().invoke(
        folkmoot, ["log", "report", site.url, "--period", "2026-H1", *state, *more]
    )


def test_the_log_alone_gives_the_same_files(site: Site, db: Database, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = recompute(site, tmp_path, "--output", str(out))
    assert result.exit_code == 0, result.output
    stored = db.read_now(queries.list_files, "2026-H1")
    assert [each.name for each in stored][:3] == [
        "1_report_identification.csv",
        "2_categories_names.csv",
        "3_member_states_orders.csv",
    ]
    assert len(stored) == 11
    for each in stored:
        assert (out / each.name).read_bytes() == each.body.encode()
        assert f"{each.name} is what the log gives." in result.output
    figures = db.read_now(queries.get_report, "2026-H1").figures
    assert min(figures.decisions, figures.reports, figures.reversals, figures.referrals) > 0
    assert figures.newly_imposed > 0
    assert figures.complaints[""].filed > 0


def test_a_report_that_says_something_else_is_found(
    site: Site, db: Database, app: App, tmp_path: Path, loop: Any, monkeypatch: Any
) -> None:
    """As if the operator had published other figures than those of the log."""
    shutil.rmtree(tmp_path / "site" / "log")
    tally = db.read_now(queries.count_period, HALF)
    entries = [
        each.leaf.encode()
        for each in db.read_now(transparency.list_from, 0, limit=5_000)
        if each.kind != "report"
    ]
    entries.append(_published(msgspec.structs.replace(tally, newly_imposed=99)))
    site.show(entries)
    result = recompute(site, tmp_path)
    assert result.exit_code == 1
    assert "7_appeals_and_recidivism.csv was published with other figures" in result.output
    assert "4_notices.csv is what the log gives." in result.output


def _published(tally: Tally) -> bytes:
    from hashlib import sha256

    identity = Identity(
        service="Harbour", provider="Harbour Ltd", published_on="2026-07-10", recipients=1_234
    )
    files = tuple(
        log.Hashed(name=name, sha256=sha256(text.encode()).hexdigest())
        for name, text in build_files(identity, tally)
    )
    entry = log.PublishedReport(
        code="2026-H1",
        name="Report",
        from_on=HALF.from_on,
        to_on=HALF.to_on,
        files=files,
        service="Harbour",
        provider="Harbour Ltd",
        monthly_recipients=1_234,
    )
    return log.encode_leaf(entry, at=from_iso("2026-07-10"))


def test_a_log_that_was_changed_gives_no_figures(site: Site, tmp_path: Path) -> None:
    (file,) = (tmp_path / "site/log/tile/entries").rglob("000")
    file.write_bytes(file.read_bytes().replace(b"SCAMS", b"SPAMS", 1))
    result = recompute(site, tmp_path, "--output", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert "nothing is counted from it" in result.output
    assert not (tmp_path / "out").exists()


def test_a_period_without_a_report(site: Site, tmp_path: Path) -> None:
    state = ["--state", str(tmp_path / "state")]
    asked = ["log", "report", site.url, "--period", "2025-12", *state]
    result = CliRunner().invoke(folkmoot, asked)
    assert (result.exit_code, "this is what it would say" in result.output) == (0, True)
    wrong = CliRunner().invoke(folkmoot, [*asked[:-4], "--period", "soon"])
    assert "Name a period like" in wrong.output


def test_publishing_is_for_ever_and_a_leaf(
    db: Database, history: History, publish: Any, join: Any
) -> None:
    rev = join("rev", role="reviewer")
    with pytest.raises(PermissionMissing):
        publish(by=rev.account.id)
    root = join("root", role="administrator")
    made = publish(by=root.account.id)
    assert made.published_by.startswith("r-")
    with pytest.raises(PublishedAlready):
        publish()
    leaf = db.read_now(transparency.get_entry, made.position).content
    assert isinstance(leaf.entry, log.PublishedReport)
    assert leaf.entry.monthly_recipients == 1_234
    assert [each.name for each in leaf.entry.files] == [
        each.name for each in db.read_now(queries.list_files, made.code)
    ]
    with pytest.raises(ReportNotFound):
        db.read_now(queries.get_file, made.code, "12_more.csv")


def test_a_period_has_to_be_over(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for now, ready in ((HALF.end + clock.MINUTE, False), (HALF.end + clock.HOUR, True)):
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        if ready:
            db.read_now(check_publishable, HALF)
        else:
            with pytest.raises(PeriodNotOver, match="2026-07-01"):
                db.read_now(check_publishable, HALF)


def test_counting_in_batches_is_counting_all(
    db: Database, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Count(HALF)
    for each in db.read_now(transparency.list_from, 0, limit=5_000):
        whole.take(each.content)
    for batch in (1, 7, 1_000):
        monkeypatch.setattr(queries, "_BATCH", batch)
        assert db.read_now(queries.count_period, HALF) == whole.tally()


def test_the_parts_are_written_as_the_template_has_them(db: Database, history: History) -> None:
    tally = db.read_now(queries.count_period, HALF)
    identity = Identity(service="Harbour, Ltd", provider="“H”", published_on="2026-07-10")
    files = dict(build_files(identity, tally))
    parsed = {name: list(csv.reader(io.StringIO(text, newline=""))) for name, text in files.items()}
    for name, rows in parsed.items():
        assert len({len(row) for row in rows}) == 1, name
        assert files[name].count("\n") == files[name].count("\r\n")
    counted = {name.partition("_")[0]: len(rows) - 1 for name, rows in parsed.items()}
    assert counted == {
        "1": 5,
        "2": 100,
        "3": 28 * 91,
        "4": 91,
        "5": 90,
        "6": 98,
        "7": 47,
        "8": 20,
        "9": 3,
        "10": 1,
        "11": 11,
    }
    assert parsed["1_report_identification.csv"][1][1] == "Harbour, Ltd"
    for name in ("3_member_states_orders.csv", "5_own_initiative_illegal.csv"):
        heads, total = parsed[name][0], parsed[name][1]
        assert (total[2], total[3]) == ("2026-01-01/2026-06-30", "TOTAL")
        assert heads[3] == "Category of illegal content"


def test_columns_add_up(db: Database, history: History) -> None:
    tally = db.read_now(queries.count_period, HALF)
    for part, found in (
        ("own_initiative_TC", tally.incompatible),
        ("notices", tally.notices),
    ):
        lines = [line for line in lines_of(part) if line.code.startswith("STATEMENT_")]
        cells = [found[line.row] for line in lines if line.row in found]
        name = "total" if part == "own_initiative_TC" else "received"
        assert sum(getattr(cell, name) for cell in cells) == getattr(found["TOTAL"], name)


def test_a_tally_is_kept_as_json(db: Database, history: History) -> None:
    tally = db.read_now(queries.count_period, HALF)
    assert msgspec.json.decode(msgspec.json.encode(tally), type=Tally) == tally
    assert "@" not in json.dumps(msgspec.to_builtins(tally))


def test_a_complaint_is_counted_when_it_is_filed(db: Database, ada: Any, join: Any) -> None:
    from tests.acts import post

    from folkmoot.domain.appeals.actions import appeal_as_author
    from folkmoot.domain.decisions.actions import decide
    from folkmoot.domain.decisions.model import Draft, Step, Subject, SubjectKind

    rev = join("rev", role="reviewer")
    subject = Subject(SubjectKind.POST, int(post(ada, "buy")), ada.account.id)
    draft = Draft(step=Step.UNLIST, rule_code="spam-1", facts="Forty times.")
    made = db.write_now(decide, rev.account.id, subject, draft=draft)
    filed = db.write_now(appeal_as_author, made.id, "It was a joke.")
    (entry,) = db.read_now(transparency.list_entries, Page(9, MAX_ID, -1, None), kind="complaint")
    assert entry.content.entry == log.Complaint(
        code=f"A-{filed.id}",
        decision=f"D-{made.id}",
        by="author",
        filed_at=log.moment(filed.filed_at),
        about="visibility",
        case=f"D-{made.id}",
    )


def test_the_commands(
    app: App, history: History, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from contextlib import contextmanager

    from folkmoot.cli import report as cli

    @contextmanager
    def instance() -> Iterator[App]:
        yield app

    monkeypatch.setattr(cli, "open_instance", instance)
    run = CliRunner().invoke
    out = str(tmp_path / "out")
    assert "11 files" in run(folkmoot, ["report", "preview", "2026-H1", "--output", out]).output
    declined = run(folkmoot, ["report", "publish", "2026-H1"], input="n\n")
    assert declined.exit_code == 1
    made = run(folkmoot, ["report", "publish", "2026-H1", "--yes"])
    assert made.output.endswith("/transparency/2026-H1\n"), made.output
    assert "published 2026-07-10" in run(folkmoot, ["report", "list"]).output
    again = run(folkmoot, ["report", "publish", "2026-H1", "--yes"])
    assert "published already" in again.output


def test_plans(db: Database) -> None:
    def check(tx: Tx) -> None:
        check_plan(tx, queries._REPORT, code="2026")
        check_plan(tx, queries._FILES, report="2026")
        check_plan(tx, transparency._FROM, first=0, limit=1_000)

    db.read_now(check)
