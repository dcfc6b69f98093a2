"""From draft over backtest and shadow to active, and back (I5)."""

from typing import Any

import pytest

from domain.detection.detectors import Life, detector_file
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.detection import actions, queries
from folkmoot.domain.detection.events import DetectorHit
from folkmoot.domain.detection.model import (
    BacktestMissing,
    BacktestRunning,
    DetectorNotFound,
    EffectNotAllowed,
    ListUnknown,
    NoteMissing,
    NothingChanged,
    NotInSample,
    RuleUnknown,
    ShadowMissing,
    ShadowTooShort,
    Share,
    State,
    WrongState,
    has_jumped,
    wilson,
)
from folkmoot.domain.detectors.model import DetectorInvalid
from folkmoot.domain.posts.actions import publish_post
from folkmoot.domain.posts.model import Draft, Visibility
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Tx

ACT = {"note": "because"}


def test_nothing_acts_before_description_tests_backtest_and_shadow_run(
    life: Life, db: Database
) -> None:
    """I5, each step refused until the one before is done."""
    with pytest.raises(DetectorInvalid):
        life.save(detector_file().replace(", and for nothing that anybody else would write", ""))
    detector = life.save(detector_file())
    assert detector.state == State.DRAFT
    with pytest.raises(BacktestMissing):
        db.write_now(actions.start_shadow, None, detector.name, **ACT)
    with pytest.raises(ShadowMissing):
        db.write_now(actions.activate, None, detector.name, **ACT)
    life.backtest()
    db.write_now(actions.start_shadow, None, detector.name, **ACT)
    with pytest.raises(ShadowTooShort):
        db.write_now(actions.activate, None, detector.name, **ACT)
    life.wait(48 * clock.HOUR - 5 * clock.SECOND)
    with pytest.raises(ShadowTooShort):
        db.write_now(actions.activate, None, detector.name, **ACT)
    life.wait(6 * clock.SECOND)
    assert db.write_now(actions.activate, None, detector.name, **ACT).state == State.ACTIVE
    assert [step for step, _ in life.steps()] == ["created", "shadowed", "activated"]


def test_a_new_version_is_a_draft_again(life: Life, db: Database) -> None:
    life.activate(detector_file())
    changed = detector_file().replace('"zebras"', '"zebra foal"')
    assert life.save(changed).state == State.DRAFT
    with pytest.raises(BacktestMissing):
        db.write_now(actions.start_shadow, None, "zebra-words", **ACT)
    versions = db.read_now(queries.list_versions, life.get().id)
    assert [version.number for version in versions] == [2, 1]
    assert versions[1].source == detector_file()


def test_what_cannot_be_saved_or_moved(life: Life, db: Database) -> None:
    def save(source: str, note: str = "new") -> Any:
        return db.write_now(actions.save_detector, None, source=source, note=note)

    with pytest.raises(NoteMissing):
        save(detector_file(), note=" ")
    with pytest.raises(RuleUnknown):
        save(detector_file().replace("spam-1", "opinions-1"))
    screened = detector_file().replace('do = "open-case"', 'do = "screen"')
    with pytest.raises(EffectNotAllowed):
        save(screened)
    assert save(screened.replace("spam-1", "adult-content-1"))
    db.write_now(actions.retire, None, "zebra-words", **ACT)
    with pytest.raises(ListUnknown):
        save(
            detector_file(
                condition="found.d || found.w",
                parts='[words]\nw=["zebra"]\n[domains]\nd = "list:none-such"',
            )
        )
    save(detector_file())
    with pytest.raises(NothingChanged):
        save(detector_file())
    with pytest.raises(DetectorNotFound):
        db.write_now(actions.retire, None, "none-such", **ACT)
    db.write_now(actions.retire, None, "zebra-words", **ACT)
    with pytest.raises(WrongState):
        db.write_now(actions.start_shadow, None, "zebra-words", **ACT)
    assert save(detector_file()).detector.state == State.DRAFT


def test_who_changed_what_is_kept_and_forgotten_with_them(
    life: Life, db: Database, ada: Any
) -> None:
    db.write_now(actions.save_detector, ada.account.id, source=detector_file(), note="mine")
    (version,) = db.read_now(queries.list_versions, life.get().id)
    assert (version.by_id, version.note) == (ada.account.id, "mine")
    db.write_now(actions.forget_account, ada.account.id)
    (version,) = db.read_now(queries.list_versions, life.get().id)
    assert (version.by_id, version.note) == (None, "mine")


def test_backtests_see_public_posts_alone(life: Life, db: Database, ada: Any, bo: Any) -> None:
    for visibility in ("public", "unlisted", "private", "direct"):
        ada.post("/api/v1/statuses", status=f"@bo a zebra {visibility}", visibility=visibility)
    ada.post("/api/v1/statuses", status="a horse")
    life.shadow(detector_file(name="other-words", parts='[words]\nw = ["zebra"]'))
    life.save(detector_file())
    done = life.backtest()
    assert (done.seen, done.matched, done.failures) == (2, 1, 0)
    (sampled,) = db.read_now(queries.list_sample, done.id)
    text = db.read_now(lambda tx: tx.script(f"SELECT text FROM posts WHERE id = {sampled.post_id}"))
    assert text == [("@bo a zebra public",)]
    (overlap,) = db.read_now(queries.list_overlaps, done.id)
    assert (overlap.other_id, overlap.matches) == (life.get("other-words").id, 1)


def test_labels_give_an_estimate_with_its_interval(life: Life, db: Database, ada: Any) -> None:
    for number in range(12):
        ada.post("/api/v1/statuses", status=f"zebra {number}")
    life.save(detector_file())
    done = life.backtest()
    sample = db.read_now(queries.list_sample, done.id)
    assert len(sample) == 12
    assert db.read_now(queries.estimate_precision, done.id).high == 1.0
    for number, one in enumerate(sample):
        db.write_now(actions.label_match, ada.account.id, done.id, one.post_id, breaks=number > 2)
    estimate = db.read_now(queries.estimate_precision, done.id)
    assert (estimate.share, estimate.of) == (0.75, 12)
    assert (round(estimate.low, 3), round(estimate.high, 3)) == (0.468, 0.911)
    with pytest.raises(NotInSample):
        db.write_now(actions.label_match, None, done.id, 1, breaks=True)


def test_of_many_matches_a_random_hundred_is_kept(
    life: Life, db: Database, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over several stretches, and a stretch that is written twice counts once."""
    monkeypatch.setattr("folkmoot.domain.detection.jobs.POSTS_AT_ONCE", 50)
    original = actions.record_stretch

    def twice(tx: Tx, backtest: Any, stretch: Any) -> Any:
        original(tx, backtest, stretch)
        return original(tx, backtest, stretch)

    monkeypatch.setattr(actions, "record_stretch", twice)

    def write(tx: Tx) -> None:
        author = get_account(tx, ada.account.id)
        for number in range(230):
            draft = Draft(text=f"zebra {number}", visibility=Visibility.PUBLIC)
            publish_post(tx, author, draft=draft)

    db.write_now(write)
    life.save(detector_file())
    done = life.backtest()
    assert (done.seen, done.matched) == (230, 230)
    sample = db.read_now(queries.list_sample, done.id)
    assert len(sample) == 100
    posts = sorted(one.post_id for one in sample)
    assert [one.rank for one in sample] == sorted(one.rank for one in sample)
    # Spread over all of them, not the first or the last hundred.
    assert db.read_now(
        lambda tx: tx.script(f"SELECT COUNT(*) FROM posts WHERE id < {posts[50]}")
    ) > [(80,)]


def test_only_one_backtest_of_a_version_runs(life: Life, db: Database) -> None:
    life.save(detector_file())
    db.write_now(actions.start_backtest, "zebra-words")
    with pytest.raises(BacktestRunning):
        db.write_now(actions.start_backtest, "zebra-words")


def test_a_detector_that_finds_too_much_at_once_steps_back(
    life: Life, db: Database, ada: Any
) -> None:
    life.activate(detector_file())
    author = db.read_now(get_account, ada.account.id)

    def write(tx: Tx, word: str, count: int) -> None:
        for _ in range(count):
            publish_post(tx, author, draft=Draft(text=word))

    db.write_now(write, "horse", 200)
    db.write_now(write, "zebra", 1)
    life.wait(2 * clock.HOUR)
    db.write_now(write, "zebra", 19)
    life.wait(clock.SECOND)
    assert db.write_now(actions.watch) == []
    db.write_now(write, "zebra", 11)
    life.wait(clock.SECOND)
    (back,) = db.write_now(actions.watch)
    assert back.state == State.SHADOW
    assert life.steps()[-1] == ("stepped-back", "It found 30 of 30 in an hour, 1 of 201 before")
    db.write_now(write, "zebra", 1)
    assert not life.findings()[0].acted


def test_what_was_usual_stays_usual(life: Life, db: Database, ada: Any) -> None:
    """A detector that finds every second post may go on doing so."""
    usual = Share(hits=100, seen=200)
    assert not has_jumped(Share(hits=60, seen=100), usual)
    assert not has_jumped(Share(hits=19, seen=19), Share(hits=0, seen=1_000))
    assert has_jumped(Share(hits=20, seen=40), Share(hits=1, seen=1_000))
    assert not has_jumped(Share(hits=20, seen=20), Share(hits=0, seen=0))


def test_intervals_by_wilson() -> None:
    """Against values from statsmodels' proportion_confint(method="wilson")."""
    for hits, of, low, high in ((0, 10, 0.0, 0.2775), (8, 10, 0.4902, 0.9433), (50, 50, 0.9287, 1)):
        interval = wilson(hits, of)
        assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


def test_upper_rooms_learn_what_an_active_detector_asks_for(
    life: Life, db: Database, ada: Any
) -> None:
    heard: list[DetectorHit] = []
    db.facts.on(DetectorHit, lambda tx, fact: heard.append(fact))
    life.shadow(detector_file())
    ada.post("/api/v1/statuses", status="a zebra")
    assert (len(life.findings()), heard) == (1, [])
    life.wait(3 * clock.DAY)
    db.write_now(actions.activate, None, "zebra-words", **ACT)
    made = ada.post("/api/v1/statuses", status="another zebra").json()
    (hit,) = heard
    assert (str(hit.finding.post_id), hit.detector.rule, hit.detector.effect.do) == (
        made["id"],
        "spam-1",
        "open-case",
    )
    assert (hit.detector.name, hit.finding.acted, hit.finding.found) == (
        "zebra-words",
        True,
        '["w"]',
    )
