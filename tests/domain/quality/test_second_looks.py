"""Second looks: which cases are drawn, that they are blind, and that they change nothing."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from tests.acts import post

from domain.posts.test_forgetting import traces
from domain.review.casework import NONE, UNLIST, close, decide, report
from folkmoot.domain.auth.model import PermissionMissing
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions.model import (
    Draft,
    Ending,
    NotDecidable,
    Step,
    Subject,
    SubjectKind,
)
from folkmoot.domain.decisions.queries import list_of_case
from folkmoot.domain.leaving.actions import ask_deletion
from folkmoot.domain.posts.model import Visibility
from folkmoot.domain.posts.queries import get_post
from folkmoot.domain.quality import actions, queries
from folkmoot.domain.quality.model import (
    LEASE,
    WAITS_AT_MOST,
    AlreadyLooked,
    Complaint,
    NothingDiffers,
    NothingToLookAt,
    NothingWished,
    NotTaken,
    OwnDecision,
    SecondLook,
    SecondLookNotFound,
    WhyMissing,
    Wish,
    is_drawn,
)
from folkmoot.domain.reports.model import Outcome
from folkmoot.domain.reports.queries import list_of_case as list_reports
from folkmoot.domain.review import actions as review
from folkmoot.domain.review.model import State
from folkmoot.domain.review.queries import find_open_case, get_case, list_looks
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Page, Tx
from folkmoot.kit.fresh_secrets import fresh_secrets
from folkmoot.kit.settings import Quality, Settings
from plans import check_page_plan, check_plan


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Every closed case is drawn."""
    return msgspec.structs.replace(settings, quality=Quality(second_looks=1.0, publish_from=5))


@pytest.fixture
def rev(join: Any) -> Any:
    return join("rev", role="reviewer")


@pytest.fixture
def sec(join: Any) -> Any:
    return join("sec", role="reviewer")


@pytest.fixture
def lead(join: Any) -> Any:
    return join("lead", role="administrator")


def take(db: Database, who: Any) -> SecondLook:
    return db.write_now(actions.take_second_look, who.account.id)


def look(db: Database, who: Any, rule_code: str, step: str, why: str = "") -> SecondLook:
    """Takes what comes next, and says what one would have decided."""
    taken = take(db, who)
    return db.write_now(
        actions.record_look, who.account.id, taken.id, rule_code=rule_code, step=step, why=why
    )


def test_a_share_is_drawn_that_nobody_can_foretell() -> None:
    one, other = (fresh_secrets()["secret_key"] for _ in range(2))
    ids = range(1_000, 5_000)
    drawn = {case_id for case_id in ids if is_drawn(one, case_id, 0.05)}
    assert drawn == {case_id for case_id in ids if is_drawn(one, case_id, 0.05)}
    assert 140 < len(drawn) < 260
    assert drawn < {case_id for case_id in ids if is_drawn(one, case_id, 0.1)}
    elsewhere = {case_id for case_id in ids if is_drawn(other, case_id, 0.05)}
    assert len(drawn & elsewhere) < 40
    assert all(is_drawn(one, case_id, 1.0) for case_id in ids)
    assert not any(is_drawn(one, case_id, 0.0) for case_id in ids)


def test_the_second_reviewer_is_given_what_there_is_and_nothing_of_the_first(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any
) -> None:
    words = post(ada, "buy")
    close(db, rev, bo, ada, words)
    taken = take(db, sec)
    material = db.read_now(queries.get_material, taken)
    assert (material.account.id, material.account.name) == (ada.account.id, "ada")
    assert [each.text for each in material.posts] == ["buy"]
    assert material.complaints == (Complaint("other", "spam", ""),)
    told = msgspec.json.encode(material).decode()
    for hidden in (rev.id, UNLIST.facts, "unlist", "visibility", "labels", "limited"):
        assert hidden not in told


def test_an_accounts_posts_are_those_most_often_reported(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any
) -> None:
    case = report(db, bo, ada)
    decide(db, rev, case.id, NONE)
    taken = take(db, sec)
    assert (taken.post_id, taken.subject_kind) == (None, "account")
    assert db.read_now(queries.get_material, taken).posts == ()


def test_nobody_looks_at_their_own(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any, join: Any
) -> None:
    third = join("third", role="reviewer")
    close(db, rev, sec, third, post(third, "one"))  # reported by one, about another of the team
    for who in (rev, sec, third):
        with pytest.raises(NothingToLookAt):
            take(db, who)
        assert db.read_now(queries.count_waiting, who.account.id) == 0
    with pytest.raises(PermissionMissing):
        take(db, ada)
    fourth = join("fourth", role="reviewer")
    assert db.read_now(queries.count_waiting, fourth.account.id) == 1
    assert take(db, fourth).account_id == third.account.id


def test_whoever_agreed_to_it_is_no_second_reviewer(
    db: Database, rev: Any, sec: Any, join: Any, monkeypatch: Any
) -> None:
    from folkmoot.domain.policy.model import Rule

    monkeypatch.setattr(Rule, "allows", lambda self, action: True)
    ada, bo, third = join("ada"), join("bo"), join("third", role="reviewer")
    case = report(db, bo, ada)
    suspend = Draft(step=Step.SUSPEND, rule_code="spam-1", facts="A shop that does not exist.")
    db.write_now(review.take_case, rev.account.id, case.id)
    assert db.write_now(review.decide_case, rev.account.id, case.id, suspend) is None
    db.write_now(review.agree, sec.account.id, case.id)
    with pytest.raises(NothingToLookAt):
        take(db, sec)
    assert take(db, third).first_second == sec.account.id


def test_where_nobody_else_could_look_nothing_waits(
    db: Database, ada: Any, bo: Any, rev: Any
) -> None:
    close(db, rev, bo, ada, post(ada, "buy"))
    assert db.read_now(lambda tx: tx.script("SELECT id FROM second_looks")) == []


def test_two_do_not_hold_the_same_and_a_lease_ends(
    db: Database, rev: Any, sec: Any, lead: Any, join: Any, monkeypatch: Any
) -> None:
    ada, bo = join("ada"), join("bo")
    start = clock.now()
    close(db, rev, bo, ada, post(ada, "buy"))
    taken = take(db, sec)
    assert take(db, sec).id == taken.id
    with pytest.raises(NothingToLookAt):
        take(db, lead)
    with pytest.raises(SecondLookNotFound):
        db.read_now(queries.get_shown_look, taken.id, viewer_id=lead.account.id)
    db.read_now(queries.get_shown_look, taken.id, viewer_id=sec.account.id)
    monkeypatch.setattr(clock, "now", lambda: start + LEASE + clock.MINUTE)
    with pytest.raises(NotTaken):
        db.write_now(
            actions.record_look, sec.account.id, taken.id, rule_code="spam-1", step="unlist"
        )
    assert take(db, lead).id == taken.id


def test_passing_on_leaves_it_to_others(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any, lead: Any
) -> None:
    close(db, rev, bo, ada, post(ada, "buy"))
    taken = take(db, sec)
    db.write_now(actions.pass_on, sec.account.id, taken.id)
    with pytest.raises(NothingToLookAt):
        take(db, sec)
    assert take(db, lead).id == taken.id


def test_both_learn_of_it_afterwards_and_nothing_changes_by_itself(
    db: Database, rev: Any, sec: Any, lead: Any, join: Any
) -> None:
    ada, bo = join("ada"), join("bo")
    words = post(ada, "buy")
    case = close(db, rev, bo, ada, words)
    with pytest.raises(NotDecidable):
        look(db, sec, "spam-1", "hold")
    done = look(db, sec, "spam-1", "no-action", "Once is not spam.")
    assert (done.rule_code, done.step) == ("spam-1", "unlist")
    assert (done.second_rule, done.second_step, done.agrees) == ("", "no-action", False)
    with pytest.raises(AlreadyLooked):
        db.write_now(
            actions.record_look, sec.account.id, done.id, rule_code="spam-1", step="unlist"
        )
    for who in (rev, sec, lead):
        shown = db.read_now(queries.get_shown_look, done.id, viewer_id=who.account.id)
        assert shown == done
    other = join("other", role="reviewer")
    for who in (other, ada):
        with pytest.raises(SecondLookNotFound):
            db.read_now(queries.get_shown_look, done.id, viewer_id=who.account.id)
    assert db.read_now(queries.list_looks_by, sec.account.id, Page()) == [done]
    assert db.read_now(queries.list_looks_at_decisions_of, rev.account.id, Page()) == [done]
    assert db.read_now(queries.list_differing, Page()) == [done]
    assert db.read_now(get_case, case.id) == case
    (decision,) = db.read_now(list_of_case, case.id)
    assert decision.holds_at(clock.now())


def differing(db: Database, ada: Any, bo: Any, rev: Any, sec: Any) -> tuple[Any, SecondLook]:
    """A post out of public timelines, of which a second reviewer would have done nothing."""
    case = close(db, rev, bo, ada, post(ada, "buy"))
    return case, look(db, sec, "", "no-action")


def test_a_person_may_open_the_case_again(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any, lead: Any
) -> None:
    case, done = differing(db, ada, bo, rev, sec)
    with pytest.raises(WhyMissing):
        db.write_now(actions.propose_reconsidering, sec.account.id, done.id, why=" ")
    with pytest.raises(SecondLookNotFound):
        db.write_now(actions.propose_reconsidering, rev.account.id, done.id, why="x")
    with pytest.raises(NothingWished):
        db.write_now(actions.settle, lead.account.id, done.id, reopen=True, why="x")
    db.write_now(actions.propose_reconsidering, sec.account.id, done.id, why="It was once.")
    assert db.read_now(queries.count_wished) == 1
    (wished,) = db.read_now(queries.list_wished)
    assert (wished.wish, wished.wish_why) == (Wish.PROPOSED, "It was once.")
    assert db.read_now(get_post, case.subject_id).visibility == Visibility.UNLISTED
    with pytest.raises(PermissionMissing):
        db.write_now(actions.settle, sec.account.id, done.id, reopen=True, why="x")
    with pytest.raises(WhyMissing):
        db.write_now(actions.settle, lead.account.id, done.id, reopen=True, why="")

    db.write_now(actions.settle, lead.account.id, done.id, reopen=True, why="Once is not spam.")
    assert db.read_now(get_post, case.subject_id).visibility == Visibility.PUBLIC
    (decision,) = db.read_now(list_of_case, case.id)
    assert (decision.ending, decision.end_reason) == (Ending.REVERSED, "Once is not spam.")
    assert decision.ended_by == lead.account.id
    (made,) = db.read_now(list_reports, case.id, Page())
    assert (made.outcome, made.resolved_at) == (Outcome.OPEN, None)
    opened = db.read_now(get_case, case.id)
    assert opened.state == State.OPEN
    # Not for its first reviewer; whoever decides it answers its reports anew.
    db.write_now(review.take_next, sec.account.id)
    db.write_now(review.decide_case, sec.account.id, case.id, NONE)
    (made,) = db.read_now(list_reports, case.id, Page())
    assert made.outcome == Outcome.NOT_ACTED
    with pytest.raises(NothingWished):
        db.write_now(actions.settle, lead.account.id, done.id, reopen=False, why="x")


def test_a_case_may_stay_as_it_was(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any, lead: Any
) -> None:
    case, done = differing(db, ada, bo, rev, sec)
    db.write_now(actions.propose_reconsidering, sec.account.id, done.id, why="It was once.")
    settled = db.write_now(
        actions.settle, lead.account.id, done.id, reopen=False, why="It was forty times."
    )
    assert (settled.wish, settled.settled_why) == (Wish.KEPT, "It was forty times.")
    assert db.read_now(get_case, case.id) == case
    assert db.read_now(queries.list_wished) == []
    with pytest.raises(NothingWished):
        db.write_now(actions.propose_reconsidering, sec.account.id, done.id, why="Again.")


def test_who_decided_settles_nothing_about_it(
    db: Database, ada: Any, bo: Any, lead: Any, sec: Any
) -> None:
    case, done = differing(db, ada, bo, lead, sec)
    db.write_now(actions.propose_reconsidering, sec.account.id, done.id, why="It was once.")
    with pytest.raises(OwnDecision):
        db.write_now(actions.settle, lead.account.id, done.id, reopen=False, why="No.")
    assert db.read_now(get_case, case.id) == case


def test_what_was_reported_since_is_judged_there(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any, lead: Any
) -> None:
    case, done = differing(db, ada, bo, rev, sec)
    db.write_now(actions.propose_reconsidering, sec.account.id, done.id, why="It was once.")
    since = report(db, bo, ada, case.subject_id)
    db.write_now(actions.settle, lead.account.id, done.id, reopen=True, why="Once is not spam.")
    assert db.read_now(get_case, case.id).state == State.CLOSED
    found = db.write_now(find_open_case, "post", case.subject_id)
    assert found is not None
    assert found.id == since.id
    (decision,) = db.read_now(list_of_case, case.id)
    assert decision.ending == Ending.REVERSED


def test_who_agrees_has_nothing_to_ask_for(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any
) -> None:
    close(db, rev, bo, ada, post(ada, "buy"))
    done = look(db, sec, "spam-1", "unlist")
    assert done.agrees
    assert db.read_now(queries.list_differing, Page()) == []
    with pytest.raises(NothingDiffers):
        db.write_now(actions.propose_reconsidering, sec.account.id, done.id, why="x")


def test_looking_at_what_not_everybody_can_see_is_recorded(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any
) -> None:
    words = post(ada, "@bo buy", visibility="direct")
    case = close(db, rev, bo, ada, words, NONE)
    taken = take(db, sec)
    take(db, sec)  # to keep it longer is no second look at it
    (seen,) = db.read_now(list_looks, case.id, Page())
    assert (seen.reviewer_id, seen.what) == (sec.account.id, f"post {words}")
    assert taken.case_id == case.id


def test_what_nobody_reported_and_few_can_see_is_shown_to_no_second_reviewer_either(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any
) -> None:
    words = post(ada, "for followers", visibility="private")
    found = Subject(SubjectKind.POST, int(words), ada.account.id)
    case = db.write_now(review.open_for_finding, found, detector="links", harm="spam")
    decide(db, rev, case.id, NONE)
    with pytest.raises(NothingToLookAt):
        take(db, sec)
    assert db.read_now(list_looks, case.id, Page()) == []


def test_the_gravest_of_what_was_decided_is_compared_and_all_of_it_undone(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any, lead: Any
) -> None:
    case = report(db, bo, ada, post(ada, "buy"))
    db.write_now(review.take_case, rev.account.id, case.id)
    withhold = Draft(step=Step.QUARANTINE, rule_code="spam-1", facts="Forty times.")
    db.write_now(review.decide_case, rev.account.id, case.id, withhold, more=True)
    limit = Draft(step=Step.LIMIT, rule_code="spam-1", facts="To strangers.")
    db.write_now(review.decide_case, rev.account.id, case.id, limit, on_account=True)
    done = look(db, sec, "spam-1", "pause")
    assert (done.step, done.second_step) == ("quarantine", "pause")
    db.write_now(actions.propose_reconsidering, sec.account.id, done.id, why="Too little.")
    db.write_now(actions.settle, lead.account.id, done.id, reopen=True, why="Looked at anew.")
    assert {one.ending for one in db.read_now(list_of_case, case.id)} == {Ending.REVERSED}


def test_a_case_that_is_closed_again_is_looked_at_once(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any, lead: Any
) -> None:
    case = close(db, rev, bo, ada, post(ada, "buy"))
    db.write_now(review.reopen, case.id)
    decide(db, lead, case.id, NONE)
    with pytest.raises(NothingToLookAt):
        take(db, lead)
    taken = take(db, sec)
    assert (taken.first_by, taken.step) == (lead.account.id, "no-action")
    db.write_now(
        actions.record_look, sec.account.id, taken.id, rule_code="", step="no-action", why=""
    )
    db.write_now(review.reopen, case.id)
    decide(db, rev, case.id, UNLIST)
    kept = db.read_now(queries.get_second_look, taken.id)
    assert kept.second_step == "no-action"


def test_what_has_waited_for_a_month_is_let_go(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any, monkeypatch: Any
) -> None:
    start = clock.now()
    close(db, rev, bo, ada, post(ada, "buy"))
    close(db, rev, bo, ada, post(ada, "sell"))
    done = look(db, sec, "spam-1", "unlist")
    monkeypatch.setattr(clock, "now", lambda: start + WAITS_AT_MOST + clock.HOUR)
    db.write_now(actions.drop_old)
    with pytest.raises(NothingToLookAt):
        take(db, sec)
    assert db.read_now(queries.get_second_look, done.id) == done


def test_what_is_gone_is_looked_at_by_nobody(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any
) -> None:
    words = post(ada, "buy")
    close(db, rev, bo, ada, words)
    assert ada.delete(f"/api/v1/statuses/{words}").status_code == 200
    with pytest.raises(NothingToLookAt):
        take(db, sec)


def test_answers_stay_as_numbers_when_people_leave(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any, run_jobs: Callable[[], None]
) -> None:
    _, done = differing(db, ada, bo, rev, sec)
    db.write_now(actions.propose_reconsidering, sec.account.id, done.id, why="xylograph")
    close(db, rev, bo, ada, post(ada, "another"))
    for who in (ada, rev, sec):
        db.write_now(ask_deletion, db.read_now(get_user, who.account.id), days=0)
        run_jobs()
        assert traces(db, who.id, "xylograph") == []
    left = db.read_now(queries.get_second_look, done.id)
    assert (left.rule_code, left.step, left.second_step) == ("spam-1", "unlist", "no-action")
    assert db.read_now(queries.count_wished) == 0
    assert len(db.read_now(lambda tx: tx.script("SELECT id FROM second_looks"))) == 1
    with pytest.raises(SecondLookNotFound):
        db.read_now(queries.get_material, left)


def test_the_database_itself_refuses_a_look_at_ones_own(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any
) -> None:
    close(db, rev, bo, ada, post(ada, "buy"))
    taken = take(db, sec)
    for own in ({"first_by": sec.account.id}, {"first_second": sec.account.id}):
        forged = msgspec.structs.replace(
            taken, looked_by=sec.account.id, looked_at=1, second_step="unlist", **own
        )
        with pytest.raises(Exception, match="independent"):
            db.write_now(actions._save, forged)


def test_plans(db: Database) -> None:
    def check(tx: Tx) -> None:
        check_plan(tx, queries._NEXT, reviewer_id=1, now=1)
        check_plan(tx, queries._COUNT_WAITING, reviewer_id=1, now=1)
        check_plan(tx, queries._HELD, reviewer_id=1, now=1)
        check_plan(tx, queries._WISHED, limit=1)
        check_plan(tx, queries._COUNT_WISHED)
        check_plan(tx, queries._LOOKED, limit=1)
        check_plan(tx, queries._PRACTISED, limit=1)
        check_plan(tx, queries._COMPLAINTS_OF, case_id=1, limit=1)
        for query in (queries._BY_ME, queries._OF_MINE):
            check_page_plan(tx, query, reviewer_id=1)
        check_page_plan(tx, queries._DIFFERING)

    db.read_now(check)
