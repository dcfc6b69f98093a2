"""How far reviewers agree, from second looks and practice, and what of it is told to everybody."""

from typing import Any

import msgspec
import pytest
from tests.acts import post

from domain.review.casework import NONE, UNLIST, close
from folkmoot.domain.decisions.model import Draft, Step, SubjectKind
from folkmoot.domain.practice import actions as practice
from folkmoot.domain.practice.model import Answer, PracticeDraft
from folkmoot.domain.quality import actions, queries
from folkmoot.domain.quality.model import (
    Agreement,
    Grade,
    Judged,
    agree_at_all,
    agree_on,
    decided,
    grade,
)
from folkmoot.kit.agreement import Reliability
from folkmoot.kit.db import Database
from folkmoot.kit.settings import Quality, Settings


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, quality=Quality(second_looks=1.0, publish_from=5))


def judged(*steps: tuple[str, Step]) -> Judged:
    return Judged(tuple(Answer(*each) for each in steps), frozenset(range(len(steps))))


def test_agreement_on_the_rule_is_apart_from_agreement_on_the_step() -> None:
    spam, more, nothing = ("spam-1", Step.UNLIST), ("spam-1", Step.QUARANTINE), ("", Step.NO_ACTION)
    cases = [judged(spam, more)] * 5 + [judged(more, spam)] * 5 + [judged(nothing, nothing)] * 10
    found = agree_on("spam-1", cases)
    assert (found.cases, found.judges) == (10, 2)
    assert found.on_rule is not None
    assert found.on_step is not None
    assert (found.on_rule.alpha, found.on_rule.units) == (1.0, 20)
    assert found.on_step.alpha < 0
    assert found.on_step.units == 10
    whole = agree_at_all(cases)
    assert (whole.rule_code, whole.cases) == ("", 20)
    assert whole.on_step is not None
    assert whole.on_step.alpha > 0.5


def test_no_action_has_no_rule() -> None:
    assert decided("spam-1", "no-action") == Answer("", Step.NO_ACTION)
    assert decided("spam-1", "unlist") == Answer("spam-1", Step.UNLIST)


@pytest.mark.parametrize(
    ("alpha", "units", "called"),
    [
        (0.95, 9, Grade.UNKNOWN),
        (0.95, 10, Grade.GOOD),
        (0.8, 10, Grade.GOOD),
        (0.7, 10, Grade.FAIR),
        (0.6, 10, Grade.POOR),
        (-0.2, 10, Grade.POOR),
    ],
    ids=str,
)
def test_what_it_is_called(alpha: float, units: int, called: Grade) -> None:
    assert grade(Reliability(alpha, -1, 1, units)) == called
    assert grade(None) == Grade.UNKNOWN


def test_it_is_found_from_second_looks_and_practice(
    db: Database, ada: Any, bo: Any, join: Any
) -> None:
    rev, sec, lead = (
        join(name, role=role)
        for name, role in (("rev", "reviewer"), ("sec", "reviewer"), ("lead", "administrator"))
    )

    def second(draft: Draft, rule_code: str, step: str) -> None:
        close(db, rev, bo, ada, post(ada, "buy"), draft)
        taken = db.write_now(actions.take_second_look, sec.account.id)
        db.write_now(actions.record_look, sec.account.id, taken.id, rule_code=rule_code, step=step)

    def practise(who: Any, rule_code: str, step: str) -> None:
        case = db.write_now(practice.start_practice, who.account.id)
        db.write_now(
            practice.answer_practice, who.account.id, case.id, rule_code=rule_code, step=step
        )

    assert db.read_now(queries.list_agreement) == [Agreement("", 0, 0, None, None)]
    for _ in range(4):
        second(UNLIST, "spam-1", "unlist")
        second(NONE, "", "no-action")
    second(UNLIST, "scams-1", "quarantine")
    draft = PracticeDraft(
        subject_kind=SubjectKind.POST,
        text="Buy",
        rule_code="spam-1",
        low=Step.UNLIST,
        high=Step.UNLIST,
        reasons="Once.",
    )
    db.write_now(practice.add_practice, lead.account.id, draft)
    db.write_now(practice.add_practice, lead.account.id, draft)
    practise(rev, "spam-1", "unlist")
    practise(sec, "spam-1", "unlist")
    practise(sec, "", "no-action")  # what one alone has answered tells nothing

    whole, scams, spam = db.read_now(queries.list_agreement)
    assert [one.rule_code for one in (whole, scams, spam)] == ["", "scams-1", "spam-1"]
    assert (whole.cases, scams.cases, spam.cases) == (10, 1, 6)
    assert spam.judges == 2
    assert spam.on_rule is not None
    assert 0.5 < spam.on_rule.alpha < 1
    # Two people alone: whatever is told of them, is told of each.
    assert db.read_now(queries.list_agreement, published=True) == []
    practise(join("third", role="reviewer"), "spam-1", "unlist")
    told = db.read_now(queries.list_agreement, published=True)
    assert [one.rule_code for one in told] == ["", "spam-1"]
