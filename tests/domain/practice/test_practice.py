"""Practice: cases made anonymous, answered, compared; and that nothing of it touches a member."""

from typing import Any

import msgspec
import pytest
from tests.acts import post

from domain.posts.test_forgetting import traces
from domain.review.casework import UNLIST, close, report
from folkmoot.domain.auth.model import PermissionMissing
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions.model import Draft, NotDecidable, RuleForbids, Step, SubjectKind
from folkmoot.domain.leaving.actions import ask_deletion
from folkmoot.domain.policy.model import shipped_rules
from folkmoot.domain.practice import actions, queries
from folkmoot.domain.practice.model import (
    AlreadyAnswered,
    CaseEmpty,
    CaseStillOpen,
    MediaGone,
    NamesSomebody,
    NothingToPractise,
    PracticeDraft,
    PracticeNotFound,
    ReasonsMissing,
    RuleMissing,
    StepsReversed,
    Tally,
    TextMissing,
    Verdict,
    anonymised,
    check_draft,
    shipped_cases,
)
from folkmoot.domain.review.queries import list_looks
from folkmoot.kit.db import Database, Page, Tx
from plans import check_page_plan, check_plan
from surfaces.mastodon.test_publishing import picture

SPAM = PracticeDraft(
    subject_kind=SubjectKind.POST,
    text="Buy socks! [link]",
    rule_code="spam-1",
    low=Step.UNLIST,
    high=Step.QUARANTINE,
    reasons="The same words under twenty posts.",
)


@pytest.fixture
def rev(join: Any) -> Any:
    return join("rev", role="reviewer")


@pytest.fixture
def lead(join: Any) -> Any:
    return join("lead", role="administrator")


def add(db: Database, lead: Any, draft: PracticeDraft = SPAM) -> Any:
    return db.write_now(actions.add_practice, lead.account.id, draft)


def answer(db: Database, who: Any, rule_code: str, step: str) -> Any:
    case = db.write_now(actions.start_practice, who.account.id)
    db.write_now(actions.answer_practice, who.account.id, case.id, rule_code=rule_code, step=step)
    return db.read_now(queries.find_answer, case.id, who.account.id)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hi @ada, and @bo@far.example!", "Hi @…, and @…!"),
        ("see https://x.example/@ada/1?a=b or www.foo.example/x", "see [link] or [link]"),
        ("shop.example/offers today", "[link] today"),
        ("mail ada@x.example now", "mail [address] now"),
        ("call +49 (170) 1234-567, room 12 of 24", "call [number], room 12 of 24"),
        ("ADA Lovelace said so. Adamant, Canada.", "[name] said so. Adamant, Canada."),
        ("#bread stays", "#bread stays"),
    ],
    ids=["mentions", "links", "bare-links", "addresses", "numbers", "names", "tags"],
)
def test_what_leads_to_somebody_is_taken_out(text: str, left: str) -> None:
    assert anonymised(text, ("ada", "Ada Lovelace")) == left


def test_a_lead_makes_a_copy_of_a_closed_case(
    db: Database, ada: Any, bo: Any, rev: Any, lead: Any
) -> None:
    words = post(ada, "Ask @bo or ada about https://socks.example/ today")
    case = report(db, bo, ada, words)
    with pytest.raises(CaseStillOpen):
        db.write_now(actions.prepare_practice, lead.account.id, case.id)
    said = msgspec.structs.replace(UNLIST, facts="@ada posted it forty times.")
    case = close(db, rev, bo, ada, words, said)
    with pytest.raises(PermissionMissing):
        db.write_now(actions.prepare_practice, rev.account.id, case.id)
    made = db.write_now(actions.prepare_practice, lead.account.id, case.id)
    assert made.draft.text == "Ask @… or ada about [link] today"  # three letters stand anywhere
    assert made.draft.reasons == "@… posted it forty times."
    assert (made.draft.rule_code, made.draft.low, made.draft.high) == ("spam-1", "unlist", "unlist")
    assert [each.id for each in db.read_now(queries.list_closed_cases, before=1 << 60)] == [case.id]
    kept = add(db, lead, made.draft)
    assert (kept.case_id, kept.account_id, kept.post_id, kept.attachment_id) == (None,) * 4
    # The post was open to everybody: nobody had to be told of a look.
    assert db.read_now(list_looks, case.id, Page()) == []
    # What becomes of the original becomes nothing of the copy.
    assert ada.delete(f"/api/v1/statuses/{words}").status_code == 200
    assert db.read_now(queries.get_practice_case, kept.id) == kept
    with pytest.raises(CaseEmpty):
        db.write_now(actions.prepare_practice, lead.account.id, case.id)


def test_looking_at_what_not_everybody_can_see_is_recorded(
    db: Database, ada: Any, bo: Any, rev: Any, lead: Any
) -> None:
    words = post(ada, "@bo buy my socks", visibility="direct")
    case = close(db, rev, bo, ada, words)
    db.write_now(actions.prepare_practice, lead.account.id, case.id)
    (look,) = db.read_now(list_looks, case.id, Page())
    assert (look.reviewer_id, look.account_id) == (lead.account.id, ada.account.id)


@pytest.mark.parametrize(
    ("change", "refusal", "field"),
    [
        ({"text": "  "}, TextMissing, "text"),
        ({"reasons": ""}, ReasonsMissing, "reasons"),
        ({"about": "Ask @bo"}, NamesSomebody, "about"),
        ({"text": "So says Adelheid."}, NamesSomebody, "text"),
        ({"low": Step.QUARANTINE, "high": Step.UNLIST}, StepsReversed, "high"),
        ({"subject_kind": SubjectKind.ACCOUNT}, NotDecidable, "high"),
        ({"low": Step.SCREEN}, RuleForbids, "low"),
        ({"rule_code": ""}, RuleMissing, "rule"),
        ({"rule_code": "no-such"}, RuleMissing, "rule"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else None,
)
def test_what_nobody_could_practise_with_is_refused(
    change: dict[str, Any], refusal: type[Exception], field: str
) -> None:
    with pytest.raises(refusal) as caught:
        check_draft(msgspec.structs.replace(SPAM, **change), ("adelheid",), shipped_rules())
    assert caught.value.facts["field"] == field  # type: ignore[attr-defined]


def test_practising_shows_the_answer_and_counts_for_oneself(
    db: Database, rev: Any, lead: Any, join: Any
) -> None:
    first, second = add(db, lead), add(db, lead)
    with pytest.raises(PracticeNotFound):
        db.write_now(
            actions.answer_practice, rev.account.id, first.id, rule_code="spam-1", step="unlist"
        )
    made = answer(db, rev, "spam-1", "quarantine")
    assert (made.practice_id, made.verdict) == (first.id, Verdict.RIGHT)
    with pytest.raises(AlreadyAnswered):
        db.write_now(
            actions.answer_practice, rev.account.id, first.id, rule_code="spam-1", step="unlist"
        )
    # Two of the same moment are told apart by the case, not by when they were asked for.
    assert db.write_now(actions.start_practice, rev.account.id).id == second.id
    assert answer(db, rev, "scams-1", "quarantine").verdict == Verdict.RULE_OFF
    with pytest.raises(NothingToPractise):
        db.write_now(actions.start_practice, rev.account.id)
    progress = db.read_now(queries.get_progress, rev.account.id)
    assert msgspec.structs.astuple(progress) == (2, 1, 0, 1, 0)
    others = db.read_now(queries.get_progress, join("sec", role="reviewer").account.id)
    assert msgspec.structs.astuple(others) == (0, 0, 0, 0, 2)


def test_who_made_a_case_is_not_asked_what_they_know(db: Database, lead: Any, join: Any) -> None:
    add(db, lead)
    with pytest.raises(NothingToPractise):
        db.write_now(actions.start_practice, lead.account.id)
    assert db.read_now(queries.get_progress, lead.account.id).waiting == 0
    other = join("other", role="administrator")
    db.write_now(actions.start_practice, other.account.id)
    # What ships is nobody's.
    db.write_now(actions.take_up_shipped, lead.account.id)
    assert db.read_now(queries.get_progress, lead.account.id).waiting == 8


def test_answers_are_shown_as_counts_and_not_as_long_as_they_tell_who(
    db: Database, lead: Any, join: Any
) -> None:
    case = add(db, lead)
    people = [join(f"rev{n}", role="reviewer") for n in range(4)]
    for who, step in zip(people, ("unlist", "unlist"), strict=False):
        answer(db, who, "spam-1", step)
    assert db.read_now(queries.list_tally, case.id) == []
    assert db.read_now(queries.map_results, [case.id]) == {}
    answer(db, people[2], "", "no-action")
    db.write_now(actions.start_practice, people[3].account.id)  # begun is not answered
    assert db.read_now(queries.list_tally, case.id) == [
        Tally("spam-1", "unlist", 2),
        Tally("", "no-action", 1),
    ]
    (result,) = db.read_now(queries.map_results, [case.id]).values()
    assert (result.answered, result.right) == (3, 2)


@pytest.mark.parametrize(
    ("rule", "step", "verdict"),
    [
        ("spam-1", "unlist", Verdict.RIGHT),
        ("spam-1", "label", Verdict.STEP_OFF),
        ("spam-1", "no-action", Verdict.STEP_OFF),
        ("scams-1", "unlist", Verdict.RULE_OFF),
    ],
    ids=str,
)
def test_an_answer_is_compared_by_rule_and_step(
    db: Database, rev: Any, lead: Any, rule: str, step: str, verdict: Verdict
) -> None:
    add(db, lead)
    assert answer(db, rev, rule, step).verdict == verdict


def test_where_nothing_is_to_be_done_any_rule_beside_it_is_dropped(
    db: Database, rev: Any, lead: Any
) -> None:
    add(db, lead, msgspec.structs.replace(SPAM, low=Step.NO_ACTION, high=Step.NO_ACTION))
    made = answer(db, rev, "spam-1", "no-action")
    assert (made.rule_code, made.verdict) == ("", Verdict.RIGHT)


@pytest.mark.parametrize("step", ["hold", "no-such", ""], ids=str)
def test_only_what_can_be_decided_is_an_answer(
    db: Database, rev: Any, lead: Any, step: str
) -> None:
    case = add(db, lead)
    db.write_now(actions.start_practice, rev.account.id)
    with pytest.raises(NotDecidable):
        db.write_now(
            actions.answer_practice, rev.account.id, case.id, rule_code="spam-1", step=step
        )


def test_practising_touches_no_member(db: Database, ada: Any, bo: Any, rev: Any, lead: Any) -> None:
    words = post(ada, "Buy socks today")
    close(db, rev, bo, ada, words, Draft(step=Step.NO_ACTION, rule_code="spam-1", facts="Once."))

    def everything(tx: Tx) -> list[Any]:
        tables = ("accounts", "posts", "decisions", "cases", "reports", "notifications", "looks")
        return [tx.script(f"SELECT * FROM {name} ORDER BY id") for name in tables]

    before = db.read_now(everything)
    add(db, lead)
    answer(db, rev, "spam-1", "quarantine")
    assert db.read_now(everything) == before


def test_the_team_alone_practises(db: Database, ada: Any, rev: Any, lead: Any) -> None:
    case = add(db, lead)
    for action, who, args in (
        (actions.start_practice, ada, ()),
        (actions.add_practice, rev, (SPAM,)),
        (actions.retire_practice, rev, (case.id,)),
        (actions.take_up_shipped, rev, ()),
    ):
        with pytest.raises(PermissionMissing):
            db.write_now(action, who.account.id, *args)


def test_what_is_retired_is_practised_no_more(db: Database, rev: Any, lead: Any, join: Any) -> None:
    case = add(db, lead)
    made = answer(db, rev, "spam-1", "unlist")
    db.write_now(actions.retire_practice, lead.account.id, case.id)
    assert db.read_now(queries.list_practice, Page()) == []
    with pytest.raises(NothingToPractise):
        db.write_now(actions.start_practice, join("sec", role="reviewer").account.id)
    assert db.read_now(queries.find_answer, case.id, rev.account.id) == made


def test_what_ships_is_sound_and_taken_up_once(db: Database, lead: Any) -> None:
    shipped = shipped_cases()
    assert len(shipped) == 8
    for draft in shipped.values():
        check_draft(draft, (), shipped_rules())
    assert db.write_now(actions.take_up_shipped, lead.account.id) == 8
    kept = db.read_now(queries.list_practice, Page())
    db.write_now(actions.retire_practice, lead.account.id, kept[0].id)
    assert db.write_now(actions.take_up_shipped) == 0
    assert {each.text for each in kept} == {draft.text for draft in shipped.values()}


def with_picture(db: Database, lead: Any, rev: Any, by: Any, author: Any, draft: Draft) -> Any:
    """A practice case that shows the picture of a reported post."""
    shown = picture(db, author, "Socks on a line")
    words = post(author, "Buy socks today", media_ids=[shown])
    case = close(db, rev, by, author, words, draft)
    made = db.write_now(actions.prepare_practice, lead.account.id, case.id)
    assert made.media == ((int(shown), "Socks on a line"),)
    chosen = msgspec.structs.replace(made.draft, attachment_id=int(shown))
    return case, words, add(db, lead, chosen)


def test_a_picture_is_shown_as_long_as_its_post_shows_it(
    db: Database, ada: Any, bo: Any, rev: Any, lead: Any
) -> None:
    case, words, made = with_picture(db, lead, rev, bo, ada, UNLIST)
    assert (made.case_id, made.account_id, made.post_id) == (case.id, ada.account.id, int(words))
    shown = db.read_now(queries.find_picture, made)
    assert shown is not None
    assert shown.description == "Socks on a line"
    db.write_now(actions.start_practice, rev.account.id)
    assert db.read_now(list_looks, case.id, Page()) == []
    assert ada.delete(f"/api/v1/statuses/{words}").status_code == 200
    left = db.read_now(queries.get_practice_case, made.id)
    assert db.read_now(queries.find_picture, left) is None
    assert (left.text, left.post_id, left.case_id, left.account_id) == (made.text, None, None, None)


def test_a_picture_that_was_withheld_since_is_a_look(
    db: Database, ada: Any, bo: Any, rev: Any, lead: Any
) -> None:
    withhold = Draft(step=Step.QUARANTINE, rule_code="spam-1", facts="Forty times.")
    case, words, _ = with_picture(db, lead, rev, bo, ada, withhold)
    db.write_now(actions.start_practice, rev.account.id)
    looks = db.read_now(list_looks, case.id, Page())
    assert [look.reviewer_id for look in looks] == [rev.account.id, lead.account.id]
    assert looks[0].what == f"post {words}"


def test_a_picture_not_meant_for_everybody_cannot_be_chosen(
    db: Database, ada: Any, bo: Any, rev: Any, lead: Any
) -> None:
    shown = picture(db, ada)
    words = post(ada, "@bo Buy socks", media_ids=[shown], visibility="direct")
    case = close(db, rev, bo, ada, words)
    made = db.write_now(actions.prepare_practice, lead.account.id, case.id)
    assert made.media == ()
    for chosen in (int(shown), 7):
        draft = msgspec.structs.replace(made.draft, attachment_id=chosen)
        with pytest.raises(MediaGone):
            add(db, lead, draft)


def test_nobody_is_left_in_it_who_has_gone(
    db: Database, ada: Any, bo: Any, rev: Any, lead: Any, run_jobs: Any
) -> None:
    _, _, made = with_picture(db, lead, rev, bo, ada, UNLIST)
    answer(db, rev, "spam-1", "unlist")
    for who in (ada, rev, lead):
        db.write_now(ask_deletion, db.read_now(get_user, who.account.id), days=0)
        run_jobs()
        assert traces(db, who.id) == []
    left = db.read_now(queries.get_practice_case, made.id)
    assert (left.made_by, left.account_id, left.text) == (None, None, made.text)
    rows = db.read_now(lambda tx: tx.script("SELECT verdict FROM practice_answers"))
    assert [tuple(row) for row in rows] == [("right",)]


def test_plans(db: Database) -> None:
    def check(tx: Tx) -> None:
        check_plan(tx, queries._NEXT, reviewer_id=1)
        check_plan(tx, queries._COUNT_WAITING, reviewer_id=1)
        check_plan(tx, queries._TALLY, practice_id=1, sorted_by_index=False)
        check_plan(tx, queries._RESULTS, ids=[1], right="right", least=3, sorted_by_index=False)
        check_plan(tx, queries._VERDICTS, reviewer_id=1)
        check_plan(tx, queries._CLOSED, before=1, limit=20)
        check_plan(tx, queries._ANSWER, practice_id=1, reviewer_id=1)
        check_page_plan(tx, queries._LIVE)

    db.read_now(check)
