"""The public log as people read it: browsing, searching, filtering, one entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from folkmoot.domain.transparency import model
from folkmoot.domain.transparency.actions import record
from folkmoot.kit.db import Database, Tx
from folkmoot.surfaces.web import log_words
from folkmoot.surfaces.web.charts import stack_columns

MOMENT = "2026-11-25T10:00:00Z"
BY = "r-abcdefghijklmnop"
HASH = "ab" * 32
SAMPLES: tuple[model.Entry, ...] = (
    model.PolicyVersion(
        version=2,
        effective_on="2026-11-25",
        rules=(model.Hashed(name="spam-1", sha256=HASH),),
        documents=(model.Hashed(name="terms", sha256=HASH),),
    ),
    model.DetectorChange(
        code="links", event="fell-back", version=2, rule="spam", effect="case", source_sha256=HASH
    ),
    model.DetectorAccuracy(
        code="links", from_on="2026-01-01", to_on="2026-06-30", decided=10, needed_nothing=2
    ),
    model.Notice(code="N-1", received_at=MOMENT, source="trusted-flagger", category="scams"),
    model.Answer(decision="D-1", notices=("N-1",), answered_at=MOMENT),
    model.Decision(
        code="D-1",
        case="C-1",
        decided_at=MOMENT,
        received_at=MOMENT,
        category="scams",
        source="article-16",
        automated_detection=True,
        automated_decision="not",
        by=BY,
        rule="scams",
        measures=(model.Measure(restriction="visibility-removed", step="post-quarantined"),),
    ),
    model.Complaint(
        code="A-1", decision="D-1", by="author", filed_at=MOMENT, about="visibility", case="C-1"
    ),
    model.Appeal(
        code="A-1",
        decision="D-1",
        by="author",
        filed_at=MOMENT,
        decided_at=MOMENT,
        outcome="reversed",
        decided_by=BY,
        independent=False,
    ),
    model.Reversal(decision="D-1", reversed_at=MOMENT, because="appeal", appeal="A-1"),
    model.Dispute(
        code="X-1",
        decision="D-1",
        body="Harbour Arbiters",
        filed_at=MOMENT,
        ended_at=MOMENT,
        outcome="upheld",
        implemented=True,
    ),
    model.Misuse(
        code="M-1",
        of="unfounded-notices",
        warned_at=MOMENT,
        from_at=MOMENT,
        until=MOMENT,
        by=BY,
    ),
    model.ListImport(
        code="phish",
        name="Phishing <list>",
        event="imported",
        holds="domains",
        added=3,
        removed=0,
        total=3,
        content_sha256=HASH,
    ),
    model.LegalRequest(
        code="L-1",
        order="to-inform",
        country="NL",
        authority="District Court",
        basis="Article 10 DSA",
        category="scams",
        outcome="refused",
        received_at=MOMENT,
        answered_at=MOMENT,
        agreed_by=(BY, "r-bcdefghijklmnopq"),
        member_told=True,
    ),
    model.Referral(
        code="R-1",
        referred_at=MOMENT,
        country="NL",
        category="self-harm",
        data=("post",),
        agreed_by=(BY, "r-bcdefghijklmnopq"),
    ),
    model.PublishedReport(
        code="T-2026-1",
        name="Transparency report",
        from_on="2026-01-01",
        to_on="2026-06-30",
        files=(model.Hashed(name="notices.csv", sha256=HASH),),
    ),
    model.TrustedFlagger(
        code="F-1", organisation="Phishing Watch", event="awarded", on="2026-11-25"
    ),
)


@pytest.fixture
def filled(db: Database, run_jobs: Callable[[], None]) -> None:
    def work(tx: Tx) -> None:
        for entry in SAMPLES:
            record(tx, entry, private={"x": 1} if isinstance(entry, model.Decision) else None)

    db.write_now(work)
    run_jobs()


def test_every_kind_has_words_and_a_place_in_the_chart() -> None:
    assert {type(each) for each in SAMPLES} == set(model.KINDS.values())
    grouped = [kind for kinds in log_words.GROUPS.values() for kind in kinds]
    assert sorted(grouped) == sorted(model.KINDS)
    for entry in SAMPLES:
        sentence = log_words.say(entry)
        assert sentence.endswith(".")
        assert "_" not in sentence
        assert log_words.tell_facts(entry)


def test_an_empty_log(visitor: Any) -> None:
    answer = visitor.get("/log")
    assert answer.status_code == 200
    assert "The first decision" in answer.text
    assert visitor.get("/log/0").status_code == 404


def test_entries_newest_first(visitor: Any, filled: None) -> None:
    page = visitor.get("/log").text
    places = [page.index(f'href="/log/{at}"') for at in reversed(range(len(SAMPLES)))]
    assert places == sorted(places)
    assert "Phishing &lt;list&gt;" in page
    assert "Case C-1 about scams under rule scams: post quarantined." in page
    assert "127.0.0.1:8080/log+" in page
    assert 'class="chart-1"' in page


def test_searching_and_filtering(visitor: Any, filled: None) -> None:
    def found(**query: str) -> list[int]:
        page = visitor.get("/log", **query).text
        return [at for at in range(len(SAMPLES)) if f'href="/log/{at}"' in page]

    assert found(kind="decision") == [5]
    assert found(q="D-1") == [4, 5, 6, 7, 8, 9]
    assert found(q=" d-1 ", kind="appeal") == [7]
    assert found(q=BY) == [5, 7, 10, 12, 13]
    assert found(q="nothing") == []
    assert found(month="2000-01") == []
    assert found(month="3000-01") == []
    assert len(found(month="nonsense", kind="nonsense")) == len(SAMPLES)
    assert "Nothing found" in visitor.get("/log", q="nothing").text
    assert visitor.get("/log", q="\0").status_code in (200, 422)
    assert visitor.get("/log", max_id="9" * 30).status_code == 200


def test_pages_of_a_filtered_list(visitor: Any, db: Database) -> None:
    def work(tx: Tx) -> None:
        for number in range(45):
            record(tx, model.Notice(
                code=f"N-{number}", received_at=MOMENT, source="other", category="spam"
            ))  # fmt: skip

    db.write_now(work)
    seen: list[int] = []
    asked = {"q": "spam"}
    for _ in range(3):
        page = visitor.get("/log", **asked).text
        seen += [at for at in reversed(range(45)) if f'href="/log/{at}"' in page]
        asked["max_id"] = str(seen[-1])
        assert ('rel="next"' in page) == (f"max_id={seen[-1]}" in page) == (seen[-1] > 0)
    assert seen == list(reversed(range(45)))


def test_one_entry(visitor: Any, filled: None) -> None:
    page = visitor.get("/log/5").text
    assert "Whoever it is about has the salt" in page
    assert 'href="/log?q=C-1"' in page
    assert f'href="/log?q={BY}"' in page
    for what in ("leaf", "proof", "statement"):
        assert visitor.get(f"/log/entries/5/{what}").status_code == 200
        assert f'href="/log/entries/5/{what}"' in page
    for wrong in ("05", "x", "99", "-1", "9" * 30):
        assert visitor.get(f"/log/{wrong}").status_code == 404


def test_an_entry_that_waits(visitor: Any, filled: None, db: Database) -> None:
    db.write_now(record, SAMPLES[0])
    assert "within a minute" in visitor.get(f"/log/{len(SAMPLES)}").text
    assert "signed within a minute" in visitor.get("/log").text


@pytest.mark.parametrize("most", [0, 1, 2, 7, 99, 100, 101, 12_345])
def test_columns_stay_within_the_drawing(most: int) -> None:
    chart = stack_columns("x", ("a", "b"), [("Jan", {"a": most, "b": most // 2}), ("Feb", {})])
    for bar in chart.bars:
        assert chart.left <= bar.x
        assert bar.x + bar.width <= chart.width
        assert bar.y >= 0
        assert bar.y + bar.height <= chart.floor + 0.2
    assert len(chart.rows) == 2
    assert {line.at for line in chart.lines} >= {chart.floor}


def test_what_was_decided_is_shown_in_figures(db: Database, visitor: Any) -> None:
    assert "The first decision makes the first figure" in visitor.get("/log/figures").text
    said = {"case": "C-1", "decided_at": MOMENT, "received_at": MOMENT, "category": "VIOLENCE"}
    said |= {"source": "voluntary", "automated_detection": True, "automated_decision": "not"}
    measure = model.Measure(restriction="visibility-demoted", step="unlist")

    def work(tx: Tx) -> None:
        for number in range(4):
            entry = model.Decision(
                code=f"D-{number}", rule="spam-1", measures=(measure,), detectors=("links",), **said
            )
            record(tx, entry)
        undone = model.Reversal(decision="D-2", reversed_at=MOMENT, because="own-review")
        record(tx, undone)

    db.write_now(work)
    page = visitor.get("/log/figures").text
    assert "25 %" in page
    for words in ("spam-1", "links", "Fewer readers", "Within an hour"):
        assert words in page
    assert 'href="/log/figures"' in visitor.get("/log").text
