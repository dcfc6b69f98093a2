"""Cases: what joins them, in which order they are taken, that two judge what needs two."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from tests.acts import follow, post

from folkmoot.domain.auth.actions import save_user
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions import actions as decisions
from folkmoot.domain.decisions.model import Draft, SameReviewer, Source, Step, Subject, SubjectKind
from folkmoot.domain.policy.model import Category as Harm
from folkmoot.domain.reports import actions as reports
from folkmoot.domain.reports import queries as report_queries
from folkmoot.domain.reports.model import Complaint, Contact, Outcome, Standing
from folkmoot.domain.reports.tables import reporter_standings
from folkmoot.domain.review import actions, queries
from folkmoot.domain.review.model import (
    LEASE,
    LOOK_LASTS,
    Case,
    CaseClosed,
    CaseTaken,
    Choice,
    Handled,
    NoneChosen,
    NothingProposed,
    NothingToDo,
    NotTaken,
    NotToBeSeen,
    OwnCase,
    State,
    TooManyAlike,
    expose,
    rank_of,
    why_here,
)
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Page, Tx, insert_all
from plans import check_page_plan, check_plan

NONE = Draft(step=Step.NO_ACTION, rule_code="spam-1", facts="One link, once, about bread.")
UNLIST = Draft(step=Step.UNLIST, rule_code="spam-1", facts="The same link, forty times.")


@pytest.fixture
def rev(join: Callable[..., Any]) -> Any:
    return join("rev", role="reviewer")


@pytest.fixture
def sec(join: Callable[..., Any]) -> Any:
    return join("sec", role="reviewer")


@pytest.fixture
def report(db: Database) -> Callable[..., Any]:
    """Files a report as a member, or as a visitor."""

    def file(by: Any, whom: Any, *post_ids: str, harm: Harm | None = None, **more: Any) -> Any:
        said = Complaint(harm=harm, post_ids=tuple(map(int, post_ids)), **more)
        if by is None:
            contact = Contact("Ed", "ed@example.test")
            return db.write_now(
                reports.file_report_as_visitor, whom.account.id, said, contact=contact
            )
        return db.write_now(reports.file_report, by.account.id, whom.account.id, said)

    return file


def case_of(db: Database, kind: SubjectKind, subject_id: Any) -> Case:
    found = db.write_now(queries.find_open_case, kind, int(subject_id))
    assert found is not None
    return found


def test_reports_on_one_subject_are_one_case(
    db: Database, ada: Any, bo: Any, join: Any, report: Any
) -> None:
    words = post(ada, "buy")
    for by in (bo, join("cy"), None, bo):
        report(by, ada, words, harm=Harm.SPAM)
    report(bo, ada, harm=Harm.HARASSMENT)
    about_post = case_of(db, SubjectKind.POST, words)
    about_ada = case_of(db, SubjectKind.ACCOUNT, ada.id)
    assert (about_post.reports, about_post.reporters, about_post.weight) == (4, 3, 2.5)
    assert (about_ada.reports, about_ada.harm) == (1, "harassment")
    joined = db.read_now(report_queries.list_of_case, about_post.id, Page())
    assert len({made.code for made in joined}) == 4


def test_the_team_is_told_once_of_a_flood(
    db: Database, ada: Any, bo: Any, rev: Any, report: Any
) -> None:
    words = post(ada, "buy")
    for _ in range(5):
        report(bo, ada, words)
    told = rev.get("/api/v1/notifications", types="admin.report").json()
    assert len(told) == 1


def test_graver_wider_and_longer_waiting_comes_first(
    db: Database, ada: Any, bo: Any, rev: Any, report: Any, monkeypatch: Any
) -> None:
    start = clock.now()
    said = [("spam", Harm.SPAM, 0), ("threat", Harm.VIOLENCE, 1), ("hate", Harm.HATE, 2)]
    ids = {}
    for text, harm, minutes in said:
        monkeypatch.setattr(clock, "now", lambda m=minutes: start + m * clock.MINUTE)
        ids[text] = int(post(ada, text))
        report(bo, ada, str(ids[text]), harm=harm)
    order = [case.subject_id for case in db.read_now(queries.list_queue)]
    assert order == [ids["threat"], ids["hate"], ids["spam"]]
    # Ten hours later a new threat, due in four, comes before what is due in days.
    monkeypatch.setattr(clock, "now", lambda: start + 10 * clock.HOUR)
    again = int(post(ada, "threat again"))
    report(bo, ada, str(again), harm=Harm.VIOLENCE)
    queue = db.read_now(queries.list_queue)
    order = [ids["threat"], again, ids["hate"], ids["spam"]]
    assert [case.subject_id for case in queue] == order
    assert why_here(queue[3], clock.now()) == (
        "lesser harm, seen by about 0, 1 reporter, waiting for 10 hours"
    )
    last = db.read_now(queries.list_queue, after=queue[2], limit=1)
    assert last == [queue[3]]
    assert db.read_now(queries.count_open) == (4, 1)
    # Nothing waits for ever: what is nearly due comes before a threat of this hour.
    monkeypatch.setattr(clock, "now", lambda: start + 70 * clock.HOUR)
    late = int(post(ada, "one more threat"))
    report(bo, ada, str(late), harm=Harm.VIOLENCE)
    assert [case.subject_id for case in db.read_now(queries.list_queue)] == [*order, late]


@pytest.fixture
def bos_report(ada: Any, bo: Any, report: Any) -> Any:
    return report(bo, ada)


@pytest.mark.usefixtures("bos_report")
def test_a_lease_is_one_reviewers_until_it_ends(
    db: Database, rev: Any, sec: Any, monkeypatch: Any
) -> None:
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start)
    taken = db.write_now(actions.take_next, rev.account.id)
    assert taken.lease_until == start + LEASE
    with pytest.raises(NothingToDo):
        db.write_now(actions.take_next, sec.account.id)
    with pytest.raises(CaseTaken, match="UTC"):
        db.write_now(actions.take_case, sec.account.id, taken.id)
    with pytest.raises(NotTaken):
        db.write_now(actions.decide_case, sec.account.id, taken.id, NONE)
    monkeypatch.setattr(clock, "now", lambda: start + clock.MINUTE)
    again = db.write_now(actions.take_next, rev.account.id)
    assert (again.id, again.taken_at) == (taken.id, start)
    monkeypatch.setattr(clock, "now", lambda: start + clock.MINUTE + LEASE)
    with pytest.raises(NotTaken):
        db.write_now(actions.decide_case, rev.account.id, taken.id, NONE)
    assert db.write_now(actions.take_next, sec.account.id).id == taken.id


def test_two_never_take_the_same_case(
    db: Database, ada: Any, bo: Any, join: Any, report: Any
) -> None:
    reviewers = [join(f"rev{n}", role="reviewer") for n in range(6)]
    for n in range(6):
        report(bo, ada, post(ada, f"words {n}"))
    taken: list[int] = []
    threads = [
        threading.Thread(
            target=lambda r=r: taken.append(db.write_now(actions.take_next, r.account.id).id)
        )
        for r in reviewers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(taken)) == 6


def test_skipping_puts_a_case_aside_for_oneself_alone(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any, report: Any
) -> None:
    report(bo, ada)
    taken = db.write_now(actions.take_next, rev.account.id)
    db.write_now(actions.skip_case, rev.account.id, taken.id)
    with pytest.raises(NothingToDo):
        db.write_now(actions.take_next, rev.account.id)
    assert db.write_now(actions.take_next, sec.account.id).id == taken.id


def test_nobody_judges_a_case_they_are_part_of(
    db: Database, ada: Any, rev: Any, sec: Any, report: Any
) -> None:
    report(rev, ada)
    report(ada, sec)
    for reviewer, subject in ((rev, ada), (sec, sec)):
        case = case_of(db, SubjectKind.ACCOUNT, subject.id)
        with pytest.raises(OwnCase):
            db.write_now(actions.take_case, reviewer.account.id, case.id)
    assert db.write_now(actions.take_next, rev.account.id).account_id == sec.account.id
    assert db.write_now(actions.take_next, sec.account.id).account_id == ada.account.id


def test_a_decision_closes_the_case_and_answers_every_reporter(
    db: Database, ada: Any, bo: Any, rev: Any, report: Any, visitor: Any
) -> None:
    words = post(ada, "buy")
    mine, visitors = report(bo, ada, words), report(None, ada, words)
    taken = db.write_now(actions.take_next, rev.account.id)
    decision = db.write_now(actions.decide_case, rev.account.id, taken.id, UNLIST)
    assert (decision.case_id, decision.source) == (taken.id, Source.OTHER_NOTICE)
    for made in (mine, visitors):
        found = db.read_now(report_queries.get_report, made.id)
        assert (found.outcome, found.decision_id) == (Outcome.ACTED, decision.id)
    shown = bo.get("/api/v1/reports")
    assert shown.status_code in (404, 405)
    standing = db.read_now(report_queries.get_standing, bo.account.id)
    assert (standing.decided, standing.upheld) == (1, 1)
    with pytest.raises(CaseClosed):
        db.write_now(actions.decide_case, rev.account.id, taken.id, NONE)
    # What is reported after that is another case.
    report(bo, ada, words)
    assert case_of(db, SubjectKind.POST, words).id != taken.id


def test_the_source_is_what_is_stored_and_never_what_is_typed(
    db: Database, ada: Any, bo: Any, rev: Any, report: Any
) -> None:
    from folkmoot.domain.reports.model import Category

    report(None, ada, category=Category.LEGAL, harm=Harm.HATE)
    taken = db.write_now(actions.take_next, rev.account.id)
    typed = Draft(step=Step.NO_ACTION, rule_code="spam-1", facts="x", source=Source.OWN)
    decision = db.write_now(actions.decide_case, rev.account.id, taken.id, typed)
    assert (decision.source, decision.detected_automatically) == (Source.NOTICE, False)

    db.write_now(reports.award_flagger, bo.account.id, area="spam", why="Knows it well.")
    report(bo, ada, post(ada, "buy"))
    taken = db.write_now(actions.take_next, rev.account.id)
    decision = db.write_now(actions.decide_case, rev.account.id, taken.id, typed)
    assert (decision.source, taken.flagged) == (Source.FLAGGER, True)

    found = Subject(SubjectKind.ACCOUNT, ada.account.id, ada.account.id)
    db.write_now(actions.open_for_finding, found, detector="links", harm="spam")
    taken = db.write_now(actions.take_next, rev.account.id)
    decision = db.write_now(actions.decide_case, rev.account.id, taken.id, typed)
    assert (decision.source, decision.detector, decision.automated) == (Source.OWN, "links", False)


@pytest.mark.usefixtures("bos_report")
def test_suspending_waits_for_a_second_reviewer(
    db: Database, ada: Any, rev: Any, sec: Any, monkeypatch: Any
) -> None:
    from folkmoot.domain.policy.model import Rule

    monkeypatch.setattr(Rule, "allows", lambda self, action: True)
    suspend = Draft(step=Step.SUSPEND, rule_code="spam-1", facts="A shop that does not exist.")
    taken = db.write_now(actions.take_next, rev.account.id)
    assert db.write_now(actions.decide_case, rev.account.id, taken.id, suspend) is None
    proposed = db.read_now(queries.get_case, taken.id)
    assert (proposed.state, db.read_now(queries.list_proposed)) == (State.PROPOSED, [proposed])
    assert ada.get("/api/v1/accounts/verify_credentials").status_code == 200
    with pytest.raises(SameReviewer):
        db.write_now(actions.agree, rev.account.id, taken.id)
    back = db.write_now(actions.disagree, sec.account.id, taken.id)
    assert (back.state, back.proposal) == (State.OPEN, "")
    with pytest.raises(NothingProposed):
        db.write_now(actions.agree, sec.account.id, taken.id)

    db.write_now(actions.take_case, rev.account.id, taken.id)
    db.write_now(actions.decide_case, rev.account.id, taken.id, suspend)
    decision = db.write_now(actions.agree, sec.account.id, taken.id)
    assert (decision.decided_by, decision.seconded_by) == (rev.account.id, sec.account.id)
    assert ada.get("/api/v1/accounts/verify_credentials").status_code == 403
    assert db.read_now(queries.get_case, taken.id).state == State.CLOSED


def test_like_cases_are_decided_together_or_not_at_all(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any, report: Any
) -> None:
    ids = []
    for n in range(3):
        report(bo, ada, words := post(ada, f"buy {n}"))
        ids.append(case_of(db, SubjectKind.POST, words).id)
    db.write_now(actions.take_case, sec.account.id, ids[2])
    with pytest.raises(CaseTaken):
        db.write_now(actions.decide_alike, rev.account.id, ids, UNLIST)
    assert db.read_now(queries.count_open)[0] == 3
    made = db.write_now(actions.decide_alike, rev.account.id, ids[:2], UNLIST)
    assert len({decision.id for decision in made}) == 2
    assert db.read_now(queries.count_open)[0] == 1


def test_a_reporter_who_is_always_wrong_is_warned_then_paused_and_weighs_little(
    db: Database, ada: Any, bo: Any, rev: Any, report: Any
) -> None:
    from folkmoot.domain.reports.model import ReportingPaused

    def unfounded() -> None:
        report(bo, ada)
        taken = db.write_now(actions.take_next, rev.account.id)
        db.write_now(actions.decide_case, rev.account.id, taken.id, NONE, unfounded=True)

    for _ in range(8):
        unfounded()
    standing = db.read_now(report_queries.get_standing, bo.account.id)
    assert standing.warned_at is not None
    assert standing.weight < 0.5
    with pytest.raises(ReportingPaused, match="UTC"):
        report(bo, ada)
    db.write_now(reports.lift_pause, bo.account.id)
    report(bo, ada)


def test_a_reopened_case_is_for_somebody_else(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any, report: Any
) -> None:
    made = report(bo, ada)
    taken = db.write_now(actions.take_next, rev.account.id)
    db.write_now(actions.decide_case, rev.account.id, taken.id, NONE)

    def reopen(tx: Tx) -> None:
        reports.reopen_report(tx, made.id)
        actions.reopen(tx, taken.id)

    db.write_now(reopen)
    with pytest.raises(NothingToDo):
        db.write_now(actions.take_next, rev.account.id)
    assert db.write_now(actions.take_next, sec.account.id).id == taken.id


def test_looks_are_recorded(db: Database, ada: Any, bo: Any, rev: Any, report: Any) -> None:
    report(bo, ada)
    case = db.write_now(actions.take_next, rev.account.id)
    db.write_now(actions.note_look, case, rev.account.id, "post 7, direct")
    seen = db.read_now(queries.list_looks, case.id, Page())
    assert [(look.reviewer_id, look.what) for look in seen] == [(rev.account.id, "post 7, direct")]
    assert db.read_now(queries.list_looks_at, ada.account.id, Page()) == seen


def test_what_is_not_public_is_seen_on_request_and_only_where_it_was_reported(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any, report: Any
) -> None:
    follow(bo, ada)
    public, quiet = post(ada, "hear"), post(ada, "whisper", visibility="private")
    other = post(ada, "not about this", visibility="private")
    direct = post(ada, "@bo psst", visibility="direct")
    report(bo, ada, public, quiet)
    case = db.write_now(actions.take_next, rev.account.id)

    def look(by: Any, post_id: str) -> None:
        db.write_now(actions.look_into, by.account.id, case.id, int(post_id))

    for never in (other, direct):
        with pytest.raises(NotToBeSeen):
            look(rev, never)
    with pytest.raises(NotTaken):
        look(sec, quiet)
    promoted = join_as_reviewer(db, bo)
    with pytest.raises(OwnCase):
        look(promoted, quiet)
    look(rev, public)
    assert db.read_now(queries.list_looks, case.id, Page()) == []
    for _ in range(2):
        look(rev, quiet)
    (seen,) = db.read_now(queries.list_looks, case.id, Page())
    assert (seen.what, seen.account_id) == (f"post {quiet}", ada.account.id)
    assert db.read_now(queries.list_looked, case.id, rev.account.id) == {seen.what}
    assert db.read_now(queries.list_looked, case.id, sec.account.id) == set()


def test_a_look_holds_for_a_while_and_is_recorded_each_time(
    db: Database, ada: Any, bo: Any, rev: Any, report: Any, monkeypatch: Any
) -> None:
    follow(bo, ada)
    quiet = post(ada, "whisper", visibility="private")
    report(bo, ada, quiet)
    case = db.write_now(actions.take_next, rev.account.id)
    look = partial(db.write_now, actions.look_into, rev.account.id, case.id, int(quiet))
    look()
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start + LOOK_LASTS)
    assert db.read_now(queries.list_looked, case.id, rev.account.id) == set()
    with pytest.raises(NotTaken):
        look()
    db.write_now(actions.take_case, rev.account.id, case.id)
    look()
    assert len(db.read_now(queries.list_looks, case.id, Page())) == 2
    db.write_now(actions.decide_case, rev.account.id, case.id, NONE)
    with pytest.raises(CaseClosed):
        look()


def join_as_reviewer(db: Database, member: Any) -> Any:
    """The same member, who is of the team from now on."""

    def change(tx: Tx) -> None:
        save_user(tx, get_user(tx, member.account.id), role="reviewer", second_factor_at=tx.now)

    db.write_now(change)
    return member


def test_a_withheld_post_is_seen_by_who_judges_it(
    db: Database, ada: Any, bo: Any, rev: Any, report: Any
) -> None:
    words = post(ada, "buy")
    report(bo, ada, words)
    case = db.write_now(actions.take_next, rev.account.id)
    hold = Draft(
        step=Step.HOLD,
        rule_code="spam-1",
        facts="Looks like spam.",
        ends_at=clock.now() + clock.HOUR,
        detector="links",
    )
    held = Subject(SubjectKind.POST, int(words), ada.account.id)
    db.write_now(lambda tx: decisions.act_automatically(tx, held, draft=hold))
    db.write_now(actions.look_into, rev.account.id, case.id, int(words))
    assert len(db.read_now(queries.list_looks, case.id, Page())) == 1


def test_a_case_can_lead_to_the_author_and_to_more_than_one_decision(
    db: Database, ada: Any, bo: Any, rev: Any, report: Any
) -> None:
    words = post(ada, "buy")
    made = report(bo, ada, words)
    case = db.write_now(actions.take_next, rev.account.id)
    decide = partial(actions.decide_case, more=True)
    first = db.write_now(decide, rev.account.id, case.id, UNLIST)
    assert db.read_now(queries.get_case, case.id).leased_by == rev.account.id
    assert db.read_now(report_queries.get_report, made.id).resolved_at is None
    on_account = partial(actions.decide_case, on_account=True)
    second = db.write_now(on_account, rev.account.id, case.id, NONE)
    assert (first.subject_kind, second.subject_kind) == (SubjectKind.POST, SubjectKind.ACCOUNT)
    # The reporter hears of the one that did something.
    found = db.read_now(report_queries.get_report, made.id)
    assert (found.outcome, found.decision_id) == (Outcome.ACTED, first.id)


def test_a_proposal_about_the_author_stays_one(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any, report: Any
) -> None:
    report(bo, ada, post(ada, "buy"))
    case = db.write_now(actions.take_next, rev.account.id)
    suspend = Draft(step=Step.SUSPEND, rule_code="spam-1", facts="A shop that does not exist.")
    on_account = partial(actions.decide_case, on_account=True)
    assert db.write_now(on_account, rev.account.id, case.id, suspend) is None
    decision = db.write_now(actions.agree, sec.account.id, case.id)
    assert decision.subject_kind == SubjectKind.ACCOUNT
    assert decision.subject_id == ada.account.id


def test_a_case_is_given_back(db: Database, ada: Any, bo: Any, rev: Any, sec: Any, report: Any):
    report(bo, ada)
    case = db.write_now(actions.take_next, rev.account.id)
    db.write_now(actions.release_case, sec.account.id, case.id)
    assert db.read_now(queries.find_held, rev.account.id)
    db.write_now(actions.release_case, rev.account.id, case.id)
    assert db.write_now(actions.take_next, sec.account.id).id == case.id


def test_the_queue_can_be_narrowed(
    db: Database, ada: Any, bo: Any, report: Any, monkeypatch: Any
) -> None:
    report(bo, ada, harm=Harm.HATE)
    report(bo, ada, words := post(ada, "buy"), harm=Harm.SPAM)
    found = Subject(SubjectKind.POST, int(words), ada.account.id)
    db.write_now(actions.open_for_finding, found, detector="link-flood", harm="spam")

    def kinds(**choice: Any) -> list[str]:
        listed = db.read_now(queries.list_queue, choice=Choice(**choice))
        return [case.subject_kind for case in listed]

    assert set(kinds()) == {"account", "post"}
    assert kinds(harm="hate") == kinds(kind="account") == ["account"]
    assert kinds(detector="*") == kinds(detector="link-flood") == ["post"]
    assert kinds(detector="link") == kinds(late=True) == kinds(harm="spam", kind="account") == []
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start + 2 * clock.DAY)
    assert kinds(late=True) == ["account"]


def test_like_cases_are_found_with_what_makes_them_alike(
    db: Database, ada: Any, bo: Any, join: Any, rev: Any, report: Any
) -> None:
    cy, di = join("cy"), join("di")
    words = "Cheap watches for everybody who asks me today"
    report(bo, ada, mine := post(ada, words), harm=Harm.SCAMS)
    report(bo, ada, post(ada, "something else"))
    report(bo, cy, copied := post(cy, f"{words}!!! https://shop.test/9"))
    report(bo, di, post(di, "nothing of the kind"))
    report(bo, cy)
    case = case_of(db, SubjectKind.POST, mine)
    alike = {one.subject_id: why for one, why in db.read_now(queries.list_alike, case)}
    assert set(alike.values()) == {"about the same account", "nearly the same words"}
    assert alike[int(copied)] == "nearly the same words"
    assert len(alike) == 2
    di_post = db.read_now(queries.list_cases_of, di.account.id, Page())[0]
    for one in (case, di_post):
        found = actions.subject_of(one)
        db.write_now(actions.open_for_finding, found, detector="watches", harm="scams")
    case = case_of(db, SubjectKind.POST, mine)
    assert "the same harm, found by the same detector" in {
        why for _, why in db.read_now(queries.list_alike, case)
    }
    db.write_now(actions.take_case, rev.account.id, di_post.id)
    assert di_post.id not in [one.id for one, _ in db.read_now(queries.list_alike, case)]


def test_bulk_decisions_name_some_cases_and_not_too_many(db: Database, rev: Any) -> None:
    with pytest.raises(NoneChosen):
        db.write_now(actions.decide_alike, rev.account.id, [], UNLIST)
    with pytest.raises(TooManyAlike, match="50"):
        db.write_now(actions.decide_alike, rev.account.id, range(1, 52), UNLIST)


def test_exposure_adds_up_and_suggests_breaks() -> None:
    def at(harm: str, since: int, until: int) -> Handled:
        return Handled(harm, since * clock.MINUTE, until * clock.MINUTE)

    handled = [at("violence", 0, 20), at("spam", 60, 61), at("violence", 62, 80)]
    seen = expose(handled, looks=2, now=81 * clock.MINUTE)
    assert (seen.cases, seen.grave, seen.looks) == (3, 2, 2)
    assert (seen.lasted_ms, seen.grave_ms) == (39 * clock.MINUTE, 38 * clock.MINUTE)
    assert (seen.at_once, seen.grave_at_once_ms) == (2, 18 * clock.MINUTE)
    assert not seen.suggests_break
    longer = [*handled, at("sexual-exploitation", 80, 92)]
    assert expose(longer, looks=0, now=93 * clock.MINUTE).suggests_break
    rested = expose(longer, looks=0, now=107 * clock.MINUTE)
    assert (rested.at_once, rested.suggests_break) == (0, False)
    many = [at("spam", n, n + 1) for n in range(20)]
    assert expose(many, looks=0, now=21 * clock.MINUTE).suggests_break


def test_exposure_is_derived_from_the_day_so_far(
    db: Database, ada: Any, bo: Any, rev: Any, report: Any, monkeypatch: Any
) -> None:
    noon = clock.day_start(clock.now()) + clock.DAY + 12 * clock.HOUR
    for minutes, harm in ((0, Harm.SPAM), (5, Harm.VIOLENCE)):
        monkeypatch.setattr(clock, "now", lambda m=minutes: noon + m * clock.MINUTE)
        report(bo, ada, harm=harm)
        case = db.write_now(actions.take_next, rev.account.id)
        db.write_now(actions.note_look, case, rev.account.id, "post 7")
        monkeypatch.setattr(clock, "now", lambda m=minutes: noon + (m + 3) * clock.MINUTE)
        db.write_now(actions.decide_case, rev.account.id, case.id, NONE)
    seen = db.read_now(queries.get_exposure, rev.account.id)
    assert (seen.cases, seen.grave, seen.looks, seen.lasted_ms) == (2, 1, 2, 6 * clock.MINUTE)
    monkeypatch.setattr(clock, "now", lambda: noon + clock.DAY)
    assert db.read_now(queries.get_exposure, rev.account.id).cases == 0


def test_reports_of_a_case_are_grouped_and_name_its_posts(
    db: Database, ada: Any, bo: Any, join: Any, report: Any
) -> None:
    one, two = post(ada, "one"), post(ada, "two")
    report(bo, ada, one, two, harm=Harm.HATE)
    for by in (join("cy"), join("di")):
        report(by, ada, two, one, harm=Harm.HATE)
    report(None, ada, harm=Harm.SPAM)
    case = case_of(db, SubjectKind.ACCOUNT, ada.id)
    groups = db.read_now(report_queries.list_groups, case.id)
    assert [(g.by, g.harm, g.number) for g in groups] == [
        ("member", "hate", 3),
        ("visitor", "spam", 1),
    ]
    named = db.read_now(report_queries.list_named_posts, case.id, limit=9)
    assert named == [int(one), int(two)]
    assert db.read_now(report_queries.list_named_posts, case.id, limit=1) == [int(one)]
    assert db.read_now(report_queries.names_post, case.id, int(one))
    assert not db.read_now(report_queries.names_post, case.id, 7)
    assert db.read_now(report_queries.list_standings, []) == {}


def test_the_rank_grows_with_harm_reach_and_corroboration(
    db: Database, ada: Any, bo: Any, report: Any
) -> None:
    import msgspec

    report(bo, ada)
    case = case_of(db, SubjectKind.ACCOUNT, ada.id)
    for more in (
        {"harm": "violence"},
        {"reach": 1_000},
        {"weight": 9.0},
        {"flagged": True},
        {"detectors": '["a"]'},
        {"opened_at": case.opened_at - 1_000},
    ):
        assert rank_of(msgspec.structs.replace(case, **more)) < case.rank


def test_plans(db: Database) -> None:
    def check(tx: Tx) -> None:
        check_plan(tx, queries._NEXT, reviewer_id=1, now=1)
        every = {"harm": "", "kind": "", "detector": "%", "due_before": 1 << 62}
        check_plan(tx, queries._QUEUE, rank=0, after=0, limit=40, **every)
        check_plan(tx, queries._COUNT_PROPOSED)
        check_plan(tx, queries._HANDLED, reviewer_id=1, since=1)
        check_plan(tx, queries._COUNT_LOOKS, reviewer_id=1, from_id=1)
        check_plan(tx, queries._LOOKED, case_id=1, reviewer_id=1, since=1)
        check_plan(tx, queries._PROPOSED, limit=40)
        check_plan(tx, queries._OF_SUBJECT, kind="post", subject_id=1)
        check_plan(tx, queries._HELD, reviewer_id=1, now=1)
        check_plan(tx, queries._COUNT_LATE, now=1)
        for paged in (queries._OF_ACCOUNT, queries._LOOKS_AT):
            check_page_plan(tx, paged, account_id=1)
        check_page_plan(tx, queries._LOOKS_OF_CASE, case_id=1)
        check_page_plan(tx, report_queries._OF_CASE, case_id=1)
        check_page_plan(tx, report_queries._OF_REPORTER, reporter_id=1)
        check_plan(tx, report_queries._BY_CODE, code="R")
        check_plan(tx, report_queries._BY_SAME, case_id=1, reporter_id=1)
        check_plan(tx, report_queries._NAMES_POST, case_id=1, post_id=1)
        check_plan(tx, report_queries._NAMED, case_id=1, limit=9, sorted_by_index=False)
        check_plan(tx, report_queries._GROUPS, case_id=1, sorted_by_index=False)
        check_plan(tx, report_queries._STANDINGS, ids=[1])

    db.write_now(check)


def test_standings_are_kept_as_they_are(db: Database, ada: Any) -> None:
    standing = Standing(ada.account.id, decided=3, upheld=1, in_a_row=2, warned_at=5)
    db.write_now(lambda tx: tx.insert(insert_all(reporter_standings), standing))
    assert db.read_now(report_queries.get_standing, ada.account.id) == standing
