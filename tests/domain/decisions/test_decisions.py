"""Decisions: what is done, why, until when, and how it is undone."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.acts import post

from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.model import PermissionMissing
from folkmoot.domain.decisions import actions, queries
from folkmoot.domain.decisions.model import (
    APPEAL_WINDOW,
    LADDER,
    POSSIBLE,
    REVIEW_AFTER,
    AlreadyEnded,
    Decision,
    DecisionNotFound,
    Draft,
    Ending,
    EndInvalid,
    FactsMissing,
    Ground,
    HasEnd,
    LabelInvalid,
    LawMissing,
    NotDecidable,
    OwnRestriction,
    ReasonMissing,
    RuleForbids,
    SameReviewer,
    SecondNeeded,
    Step,
    Subject,
    SubjectKind,
    propose,
    restraint_on_account,
    restraint_on_post,
)
from folkmoot.domain.policy.model import Action, RuleNotFound
from folkmoot.domain.policy.queries import list_rules
from folkmoot.domain.posts.queries import get_post
from folkmoot.domain.transparency.queries import find_pseudonym
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Page, Tx
from plans import check_page_plan, check_plan

RULE = "spam-1"


@pytest.fixture
def rev(join: Callable[..., Any]) -> Any:
    return join("rev", role="reviewer")


@pytest.fixture
def of_post(ada: Any) -> Subject:
    return Subject(SubjectKind.POST, int(post(ada, "buy now", language="en")), ada.account.id)


@pytest.fixture
def of_ada(ada: Any) -> Subject:
    return Subject(SubjectKind.ACCOUNT, ada.account.id, ada.account.id)


def draft(step: Step, **more: Any) -> Draft:
    said: dict[str, Any] = {"rule_code": RULE, "facts": "The same link, forty times an hour."}
    if step in (Step.PAUSE, Step.HOLD, Step.SLOW):
        said["ends_at"] = clock.now() + clock.DAY
    if step is Step.LABEL:
        said["label"] = "The shop this leads to does not exist"
    return Draft(step=step, **(said | more))


def allow_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the rule lead to every step, so that each can be looked at."""
    from folkmoot.domain.policy.model import Rule

    monkeypatch.setattr(Rule, "allows", lambda self, action: True)


def test_a_decision_is_done_told_and_undone(
    db: Database, ada: Any, rev: Any, visitor: Any, of_post: Subject, monkeypatch: Any
) -> None:
    allow_everything(monkeypatch)
    made = db.write_now(
        actions.decide, rev.account.id, of_post, draft=draft(Step.QUARANTINE, case_id=3)
    )
    assert visitor.get(f"/api/v1/statuses/{of_post.id}").status_code == 404
    told = ada.get("/api/v1/notifications", types="moderation_warning").json()
    assert told[0]["moderation_warning"]["text"] == (
        "Withheld from everybody but its author. The same link, forty times an hour."
    )
    assert told[0]["moderation_warning"]["status_ids"] == [str(of_post.id)]
    assert db.read_now(queries.list_of_case, 3) == [made]
    assert (made.version_id, made.category, made.content_types) == (1, "spam", '["text"]')
    assert (made.content_language, made.automated) == ("en", False)
    assert made.contestable_until() == made.created_at + APPEAL_WINDOW

    ended = db.write_now(actions.end_decision, made.id, Ending.APPEALED, reason="It was a joke.")
    assert visitor.get(f"/api/v1/statuses/{of_post.id}").status_code == 200
    told = ada.get("/api/v1/notifications", types="moderation_warning").json()
    assert told[0]["moderation_warning"]["text"] == "It was a joke."
    assert not ended.is_strike_at(clock.now())
    with pytest.raises(AlreadyEnded):
        db.write_now(actions.end_decision, made.id, Ending.REVERSED)


def test_what_a_member_could_not_understand_is_refused(
    db: Database, rev: Any, of_post: Subject, of_ada: Subject, monkeypatch: Any
) -> None:
    def decided(subject: Subject, wanted: Draft) -> Decision:
        return db.write_now(actions.decide, rev.account.id, subject, draft=wanted)

    with pytest.raises(RuleNotFound):
        decided(of_post, draft(Step.UNLIST, rule_code="spam-99"))
    allow_everything(monkeypatch)
    refusals = [
        (NotDecidable, of_post, draft(Step.SUSPEND)),
        (NotDecidable, of_ada, draft(Step.QUARANTINE)),
        (FactsMissing, of_post, draft(Step.UNLIST, facts=" ")),
        (FactsMissing, of_post, draft(Step.UNLIST, facts="x" * 5_001)),
        (LabelInvalid, of_post, draft(Step.LABEL, label="")),
        (LawMissing, of_post, draft(Step.UNLIST, ground=Ground.LAW)),
        (EndInvalid, of_ada, draft(Step.PAUSE, ends_at=None)),
        (EndInvalid, of_ada, draft(Step.PAUSE, ends_at=clock.now() - 1)),
        (EndInvalid, of_ada, draft(Step.PAUSE, ends_at=clock.now() + 91 * clock.DAY)),
    ]
    for refusal, subject, wanted in refusals:
        with pytest.raises(refusal):
            decided(subject, wanted)
    assert db.read_now(queries.list_of_account, of_post.account_id, Page()) == []


def test_a_rule_leads_only_where_it_says(db: Database, rev: Any, of_ada: Subject) -> None:
    rules = db.read_now(list_rules)
    rule = next(r for r in rules if not r.allows(Action.SUSPEND))
    with pytest.raises(RuleForbids, match=rule.code):
        db.write_now(
            actions.decide,
            rev.account.id,
            of_ada,
            draft=draft(Step.SUSPEND, rule_code=rule.code),
        )


def test_two_agree_to_suspend_where_there_are_two(
    db: Database, join: Any, rev: Any, of_ada: Subject, visitor: Any, monkeypatch: Any
) -> None:
    allow_everything(monkeypatch)
    rev_id = rev.account.id
    first = db.write_now(actions.decide, rev_id, of_ada, draft=draft(Step.SUSPEND))
    shown = visitor.get(f"/api/v1/accounts/{of_ada.id}").json()
    assert (first.seconder, shown.get("suspended")) == ("", True)
    db.write_now(actions.end_decision, first.id, Ending.REVERSED)

    second = join("sec", role="reviewer")
    with pytest.raises(SecondNeeded):
        db.write_now(actions.decide, rev_id, of_ada, draft=draft(Step.SUSPEND))
    with pytest.raises(SameReviewer):
        db.write_now(actions.decide, rev_id, of_ada, draft=draft(Step.SUSPEND), seconded_by=rev_id)
    made = db.write_now(
        actions.decide,
        rev_id,
        of_ada,
        draft=draft(Step.SUSPEND),
        seconded_by=second.account.id,
    )
    assert made.decider == db.read_now(find_pseudonym, rev_id) != made.seconder
    assert "rev-" not in made.decider


def test_only_reviewers_decide(db: Database, bo: Any, of_post: Subject) -> None:
    from folkmoot.domain.auth.model import PermissionMissing

    with pytest.raises(PermissionMissing):
        db.write_now(actions.decide, bo.account.id, of_post, draft=draft(Step.UNLIST))


def test_a_detector_can_label_screen_hold_and_slow_down_and_nothing_else(
    db: Database, ada: Any, of_post: Subject, of_ada: Subject, monkeypatch: Any
) -> None:
    allow_everything(monkeypatch)
    for subject in (of_post, of_ada):
        for step in POSSIBLE[subject.kind] - {Step.LABEL, Step.SCREEN, Step.HOLD, Step.SLOW}:
            with pytest.raises(NotDecidable):
                db.write_now(
                    actions.act_automatically, subject, draft=draft(step, detector="links")
                )
    made = db.write_now(
        actions.act_automatically, of_post, draft=draft(Step.HOLD, detector="links")
    )
    assert (made.automated, made.detected_automatically) == (True, True)
    assert len(ada.get("/api/v1/notifications", types="moderation_warning").json()) == 1


def test_what_runs_out_ends_by_itself(
    db: Database, ada: Any, of_post: Subject, visitor: Any, run_jobs: Any, monkeypatch: Any
) -> None:
    moment = clock.now()
    held = draft(Step.HOLD, detector="links", ends_at=moment + clock.HOUR)
    made = db.write_now(actions.act_automatically, of_post, draft=held)
    assert visitor.get(f"/api/v1/statuses/{of_post.id}").status_code == 404
    monkeypatch.setattr(clock, "now", lambda: moment + clock.HOUR + 1)
    while db.write_now(actions.end_due):
        pass
    assert visitor.get(f"/api/v1/statuses/{of_post.id}").status_code == 200
    ended = db.read_now(queries.get_decision, made.id)
    assert (ended.ending, ended.ended_at) == (Ending.EXPIRED, moment + clock.HOUR + 1)


@pytest.mark.parametrize(
    "broken",
    [
        {"facts": ""},
        {"rule_code": ""},
        {"version_id": 0},
        {"ground": "law"},
        {"ends_at": None, "review_at": None},
        {"step": "hold", "ends_at": None, "review_at": 1 << 50},
        {"decider": "", "detector": "links", "step": "suspend"},
        {"decider": "", "detector": ""},
        {"seconder": "reviewer-a"},
    ],
)
def test_the_database_stores_no_restriction_without_its_reasons(
    db: Database, ada: Any, broken: dict[str, Any]
) -> None:
    row: dict[str, Any] = {
        **dict.fromkeys(("case_id", "decided_by", "seconded_by", "ended_at", "ended_by")),
        **dict.fromkeys(("law", "label", "detector", "seconder", "ending", "end_reason"), ""),
        "id": 1,
        "subject_kind": "account",
        "subject_id": 1,
        "account_id": 1,
        "step": "unlist",
        "rule_code": "spam-1",
        "version_id": 1,
        "category": "spam",
        "facts": "Forty links.",
        "ground": "terms",
        "source": "notice",
        "decider": "reviewer-a",
        "content_language": "",
        "content_types": '["other"]',
        "content_at": 1,
        "received_at": 1,
        "created_at": 1,
        "ends_at": 2,
        "review_at": None,
    }
    insert = actions._INSERT
    with pytest.raises(Exception, match=r"(?i)check"):
        db.write_now(lambda tx: tx.run(insert, **(row | broken)))
    db.write_now(lambda tx: tx.run(insert, **row))


def test_proposals_are_proportional_and_within_the_rule(db: Database) -> None:
    for rule in db.read_now(list_rules):
        for kind in SubjectKind:
            ranks = []
            for strikes in range(5):
                for severity in (1, 2, 3):
                    made = propose(rule, kind, severity=severity, strikes=strikes, reach=500)  # type: ignore[arg-type]
                    assert made.step in POSSIBLE[kind]
                    assert rule.allows(Action(made.step))
                    ranks.append((severity, strikes, LADDER.index(made.step)))
            for one in ranks:
                for other in ranks:
                    if one[0] <= other[0] and one[1] <= other[1]:
                        assert one[2] <= other[2]


def test_decisions_about_others_are_nobodys_to_read(
    db: Database, rev: Any, bo: Any, of_post: Subject, monkeypatch: Any
) -> None:
    allow_everything(monkeypatch)
    made = db.write_now(actions.decide, rev.account.id, of_post, draft=draft(Step.UNLIST))
    with pytest.raises(DecisionNotFound):
        db.read_now(queries.get_own_decision, made.id, account_id=bo.account.id)


_STEPS = st.lists(
    st.tuples(st.sampled_from(("decide", "end", "expire", "edit")), st.integers(0, 20)),
    min_size=1,
    max_size=14,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=_STEPS)
def test_what_holds_is_what_decisions_in_force_say(
    db: Database, ada: Any, rev: Any, of_post: Subject, of_ada: Subject, history: Any
) -> None:
    """Whatever is decided, ended and edited in whatever order: the subject is restrained by the
    decisions in force and nothing else, and free when they have ended (I1, I6).
    """
    from folkmoot.domain.policy.model import Rule

    made: list[Decision] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Rule, "allows", lambda self, action: True)
        moment = [clock.now()]
        patched.setattr(clock, "now", lambda: moment[0])
        for act, number in history:
            moment[0] += 1_000
            if act == "decide":
                subject = (of_post, of_ada)[number % 2]
                steps = sorted(
                    POSSIBLE[subject.kind] - {Step.NO_ACTION, Step.HOLD, Step.SUSPEND, Step.SLOW}
                )
                wanted = draft(steps[number % len(steps)], ends_at=moment[0] + number * 700 + 1)
                made.append(db.write_now(actions.decide, rev.account.id, subject, draft=wanted))
            elif act == "end" and made:
                one = db.read_now(queries.get_decision, made[number % len(made)].id)
                if one.ended_at is None:
                    db.write_now(actions.end_decision, one.id, Ending.REVERSED)
            elif act == "edit":
                ada.put(f"/api/v1/statuses/{of_post.id}", status=f"words {number}")
            while db.write_now(actions.end_due):
                pass
            db.read_now(_agrees, of_post, of_ada)
        moment[0] += 1 << 40
        while db.write_now(actions.end_due):
            pass
        db.read_now(_agrees, of_post, of_ada)
        kept = db.read_now(get_post, of_post.id)
        assert (kept.visibility, kept.screened, kept.labels) == (kept.meant_for, False, "[]")


def _agrees(tx: Tx, of_post: Subject, of_ada: Subject) -> None:
    kept = get_post(tx, of_post.id)
    wanted = restraint_on_post(queries.list_in_force(tx, SubjectKind.POST, of_post.id))
    assert kept.visibility == max(kept.meant_for, wanted.visibility)
    assert kept.screened == wanted.screened
    account = get_account(tx, of_ada.id)
    said = restraint_on_account(queries.list_in_force(tx, SubjectKind.ACCOUNT, of_ada.id))
    for name in said.__struct_fields__:
        assert getattr(account, name) == getattr(said, name)


def test_a_reviewer_ends_a_decision_early_and_the_member_is_told_why(
    db: Database, ada: Any, bo: Any, rev: Any, of_post: Subject
) -> None:
    made = db.write_now(
        lambda tx: actions.decide(tx, rev.account.id, of_post, draft=draft(Step.UNLIST))
    )
    reverse = partial(actions.reverse_decision, reason="The link is fine after all.")
    with pytest.raises(PermissionMissing):
        db.write_now(reverse, bo.account.id, made.id)
    with pytest.raises(ReasonMissing):
        db.write_now(partial(actions.reverse_decision, reason=" "), rev.account.id, made.id)
    assert db.read_now(queries.list_every_in_force, Page()) == [made]
    ended = db.write_now(reverse, rev.account.id, made.id)
    assert (ended.ending, ended.ended_by) == (Ending.REVERSED, rev.account.id)
    assert db.read_now(queries.list_every_in_force, Page()) == []
    told = ada.get("/api/v1/notifications").json()[0]["moderation_warning"]
    assert told["text"] == "The link is fine after all."
    with pytest.raises(AlreadyEnded):
        db.write_now(reverse, rev.account.id, made.id)


def test_nobody_lifts_what_restricts_themselves(db: Database, rev: Any, join: Any) -> None:
    sec = join("sec", role="reviewer")
    of_sec = Subject(SubjectKind.ACCOUNT, sec.account.id, sec.account.id)
    made = db.write_now(
        lambda tx: actions.decide(tx, rev.account.id, of_sec, draft=draft(Step.UNLIST))
    )
    for act in (actions.reverse_decision, actions.keep_decision):
        with pytest.raises(OwnRestriction):
            db.write_now(partial(act, reason="I am fine."), sec.account.id, made.id)


def test_what_has_no_end_is_looked_at_again(
    db: Database, ada: Any, rev: Any, of_post: Subject, monkeypatch: Any
) -> None:
    made = db.write_now(
        lambda tx: actions.decide(tx, rev.account.id, of_post, draft=draft(Step.UNLIST))
    )
    keep = partial(actions.keep_decision, reason="The shop still does not exist.")
    late = made.created_at + REVIEW_AFTER
    count = partial(queries.count_to_review, before=late)
    assert db.read_now(queries.list_to_review, before=late, limit=9) == [made]
    assert db.read_now(queries.list_to_review, before=late - 1, limit=9) == []
    monkeypatch.setattr(clock, "now", lambda: late)
    kept = db.write_now(keep, rev.account.id, made.id)
    assert kept.review_at == late + REVIEW_AFTER
    assert db.read_now(count) == 0
    assert db.read_now(queries.get_decision, made.id) == kept
    told = ada.get("/api/v1/notifications").json()[0]["moderation_warning"]
    assert told["text"] == "Out of public timelines. The shop still does not exist."
    paused = Subject(SubjectKind.ACCOUNT, ada.account.id, ada.account.id)
    unlisted = draft(Step.UNLIST, ends_at=clock.now() + clock.DAY)
    ends = db.write_now(lambda tx: actions.decide(tx, rev.account.id, paused, draft=unlisted))
    with pytest.raises(HasEnd):
        db.write_now(keep, rev.account.id, ends.id)


def test_strikes_are_listed_as_they_are_counted(
    db: Database, rev: Any, ada: Any, of_post: Subject
) -> None:
    for step in (Step.UNLIST, Step.NO_ACTION):
        db.write_now(lambda tx, s=step: actions.decide(tx, rev.account.id, of_post, draft=draft(s)))
    (strike,) = db.read_now(queries.list_strikes, ada.account.id)
    assert strike.step == Step.UNLIST
    assert db.read_now(queries.count_strikes, ada.account.id, since_id=0) == 1


def test_plans(db: Database) -> None:
    def check(tx: Tx) -> None:
        check_plan(tx, queries._IN_FORCE, kind="post", subject_id=1, sorted_by_index=False)
        check_plan(tx, queries._DUE, now=1, limit=10)
        check_page_plan(tx, queries._EVERY_IN_FORCE)
        check_plan(tx, queries._SOME, ids=[1])
        check_plan(tx, queries._TO_REVIEW, before=1, limit=10)
        check_plan(tx, queries._COUNT_TO_REVIEW, before=1)
        check_plan(tx, queries._OF_CASE, case_id=1)
        check_plan(tx, queries._SINCE, account_id=1, after=1)
        check_page_plan(tx, queries._OF_ACCOUNT, account_id=1)
        check_page_plan(tx, queries._RESTRICTING, account_id=1)
        check_plan(tx, queries._IN_FORCE_OF_POSTS, post_ids=[1], sorted_by_index=False)

    db.read_now(check)
