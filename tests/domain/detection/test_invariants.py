"""I5 over generated lives: no detector acts before the public description, the tests, a backtest
and a shadow run of that very version exist, in whatever order its life is led.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.detection.detectors import Life, detector_file
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.detection import actions, queries
from folkmoot.domain.detection.model import Finding, Step
from folkmoot.domain.detectors.model import read_detector
from folkmoot.domain.posts.actions import publish_post
from folkmoot.domain.posts.model import Draft
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Page, Tx
from folkmoot.kit.errors import Refusal

NAME = "zebra-words"
HOLD = 'do = "hold"'
ACTS = ("save", "backtest", "shadow", "activate", "wait", "post", "step-back", "retire")
LIVES = st.lists(st.sampled_from((*ACTS, "wait", "post", "activate")), min_size=4, max_size=16)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lives=st.tuples(st.booleans(), LIVES))
def test_nothing_acts_before_it_was_described_tested_and_watched(
    db: Database, life: Life, ada: Any, run_jobs: Callable[[], None], lives: tuple[bool, list[str]]
) -> None:
    ready, acts = lives
    whole = ["save", "backtest", "shadow", "wait", "activate", "post"]
    for number, what in enumerate([*(whole if ready else []), *acts]):
        life.wait(clock.SECOND)
        with suppress(Refusal):
            _act(db, life, ada, what, number)
        run_jobs()
        db.read_now(_check)


def _act(db: Database, life: Life, ada: Any, what: str, number: int) -> None:
    note = {"note": "because"}
    if what == "wait":
        life.wait(25 * clock.HOUR)
    elif what == "save":
        source = detector_file(effect=HOLD) + f"# {number} {clock.now()}\n"
        db.write_now(actions.save_detector, None, source=source, **note)
    elif what == "backtest":
        db.write_now(actions.start_backtest, NAME)
    elif what == "post":
        db.write_now(
            lambda tx: publish_post(
                tx, get_account(tx, ada.account.id), draft=Draft(text=f"zebra {number}")
            )
        )
    elif what == "step-back":
        detector = db.read_now(queries.get_detector, NAME)
        if detector.state == "active":
            db.write_now(actions.step_back, detector, note="It finds too much")
    else:
        step = {"shadow": actions.start_shadow, "activate": actions.activate}
        db.write_now(step.get(what, actions.retire), None, NAME, **note)


def _check(tx: Tx) -> None:
    detector = queries.find_detector(tx, NAME)
    if detector is None:
        return
    changes = list(reversed(queries.list_changes(tx, detector.id, Page(limit=2_000))))
    for finding in queries.list_findings(tx, detector.id, Page(limit=2_000)):
        if finding.acted:
            _check_acted(
                tx, finding, [one for one in changes if one.created_at <= finding.created_at]
            )


def _check_acted(tx: Tx, finding: Finding, before: list[Any]) -> None:
    """Its state then was active; before that the same version ran in shadow for the set time, after
    a finished backtest.
    """
    assert before[-1].step == Step.ACTIVATED
    assert before[-1].version_id == finding.version_id
    since = [one.created_at for one in before if one.step in (Step.SHADOWED, Step.STEPPED_BACK)]
    watched = before[-1].created_at - since[-1]
    assert watched >= tx.settings.detection.shadow_hours * clock.HOUR
    backtest = queries.find_backtest(tx, finding.version_id)
    assert backtest is not None
    read = read_detector(queries.get_version(tx, finding.version_id).source)
    assert len(read.description) >= 40
    assert {example.match for example in read.examples} == {True, False}
