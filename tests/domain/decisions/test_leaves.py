"""What is decided stands in the public log: once, as it is stored, and naming nobody (I2)."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from tests.acts import post

from domain.detection.detectors import Life, detector_file
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.appeals import actions as appeals
from folkmoot.domain.decisions import actions, queries
from folkmoot.domain.decisions.model import (
    RESTRICTIONS,
    Draft,
    Ending,
    Source,
    Step,
    Subject,
    SubjectKind,
    code_of,
)
from folkmoot.domain.detection import actions as detection
from folkmoot.domain.matchlists import actions as matchlists
from folkmoot.domain.matchlists.model import Format, Kind
from folkmoot.domain.policy.model import Category as Harm
from folkmoot.domain.reports import actions as reports
from folkmoot.domain.reports.model import Category, Complaint, Contact
from folkmoot.domain.reports.queries import find_flagger_code
from folkmoot.domain.review import actions as review
from folkmoot.domain.transparency import model as log
from folkmoot.domain.transparency import queries as transparency
from folkmoot.domain.transparency.queries import (
    find_opening,
    find_pseudonym,
    list_entries,
    list_figures,
    list_from,
)
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Page, Tx
from folkmoot.kit.tlog.statements import commit
from plans import check_plan

UNLIST = Draft(step=Step.UNLIST, rule_code="spam-1", facts="Forty links of Ada's in an hour.")
NONE = Draft(step=Step.NO_ACTION, rule_code="spam-1", facts="One link, about bread.")


@pytest.fixture
def rev(join: Callable[..., Any]) -> Any:
    return join("rev", role="reviewer")


@pytest.fixture
def sec(join: Callable[..., Any]) -> Any:
    return join("sec", role="reviewer")


@pytest.fixture
def life(db: Database, run_jobs: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> Life:
    return Life(db, run_jobs, monkeypatch)


@pytest.fixture
def leaves(db: Database) -> Callable[..., list[Any]]:
    """The entries of a kind, oldest first."""

    def read(kind: type[Any], term: str = "") -> list[Any]:
        tag = str(kind.__struct_config__.tag)
        found = db.read_now(list_entries, Page(limit=500), kind=tag, term=term)
        return [one.content.entry for one in reversed(found)]

    return read


def subject_of(member: Any, post_id: str) -> Subject:
    return Subject(SubjectKind.POST, int(post_id), member.account.id)


def test_a_decision_has_one_leaf_that_says_what_is_stored(
    db: Database, ada: Any, rev: Any, leaves: Any
) -> None:
    subject = subject_of(ada, post(ada, "buy", language="en"))
    made = db.write_now(actions.decide, rev.account.id, subject, draft=UNLIST)
    (leaf,) = leaves(log.Decision)
    assert leaf == log.Decision(
        code=code_of(made.id),
        case=code_of(made.id),
        decided_at=log.moment(made.created_at),
        received_at=log.moment(made.created_at),
        category="SCAMS_AND_FRAUD",
        keywords=leaf.keywords,
        further_categories=leaf.further_categories,
        source="voluntary",
        automated_detection=False,
        automated_decision="not",
        by=db.read_now(find_pseudonym, rev.account.id),
        measures=(
            log.Measure(
                restriction="visibility-demoted",
                step="unlist",
                review_on=clock.iso_day(made.review_at or 0),
            ),
        ),
        ground="incompatible",
        rule="spam-1",
        policy_version="1",
        content_types=("text",),
        content_on=clock.iso_day(made.content_at),
        content_language="en",
    )


def test_what_a_leaf_commits_to_is_kept_apart_and_goes_with_the_account(
    db: Database, ada: Any, rev: Any
) -> None:
    from folkmoot.domain.accounts.actions import remove_account

    subject = subject_of(ada, post(ada, "buy"))
    db.write_now(actions.decide, rev.account.id, subject, draft=UNLIST)
    (entry,) = db.read_now(list_entries, Page(), kind="decision")
    opening = db.read_now(find_opening, entry.position)
    assert opening is not None
    assert commit(bytes.fromhex(opening.salt), opening.private.encode()) == entry.content.commitment
    said = msgspec.json.decode(opening.private)
    assert said["facts"] == UNLIST.facts
    assert said["account"] == ada.account.uri
    assert said["post"].endswith(str(subject.id))
    ids = [str(member.account.id) for member in (ada, rev)]
    for word in ("@ada", "/ada", "Ada", *ids, str(subject.id), "buy", "links"):
        assert word not in entry.leaf
    db.write_now(remove_account, ada.account.id)
    assert db.read_now(find_opening, entry.position) is None
    assert db.read_now(list_entries, Page(), kind="decision") == [entry]


def test_the_chain_from_report_to_appeal_stands_in_the_log(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any, leaves: Any
) -> None:
    made = post(ada, "buy")
    said = Complaint(category=Category.LEGAL, harm=Harm.HATE, post_ids=(int(made),))
    visitors = db.write_now(
        reports.file_report_as_visitor,
        ada.account.id,
        said,
        contact=Contact("Ed", "ed@example.test"),
    )
    plain = Complaint(post_ids=(int(made),))
    members = db.write_now(reports.file_report, bo.account.id, ada.account.id, plain)
    notices = leaves(log.Notice)
    assert [(one.code, one.source, one.category) for one in notices] == [
        (visitors.code, "article-16", "ILLEGAL_OR_HARMFUL_SPEECH"),
        (members.code, "other", "OTHER_VIOLATION_TC"),
    ]
    case = db.write_now(review.take_next, rev.account.id)
    decision = db.write_now(review.decide_case, rev.account.id, case.id, UNLIST)
    assert decision is not None
    (leaf,) = leaves(log.Decision)
    assert (leaf.case, leaf.source) == (f"C-{case.id}", "article-16")
    assert leaf.received_at == log.moment(case.opened_at)
    (answer,) = leaves(log.Answer)
    assert answer.decision == code_of(decision.id)
    assert set(answer.notices) == {visitors.code, members.code}

    appeal = db.write_now(appeals.appeal_as_author, decision.id, "It was a joke.")
    db.write_now(appeals.decide_appeal, sec.account.id, appeal.id, upheld=True, answer="It was.")
    (decided,) = leaves(log.Appeal)
    (reversal,) = leaves(log.Reversal)
    assert (decided.outcome, decided.by, decided.decision) == (
        "reversed",
        "author",
        code_of(decision.id),
    )
    assert reversal == log.Reversal(
        decision=code_of(decision.id),
        reversed_at=reversal.reversed_at,
        because="appeal",
        appeal=decided.code,
        by=decided.decided_by,
        restored=("visibility-demoted",),
    )
    everything = str(db.read_now(list_from, 0, limit=500))
    for word in ("Ed", "ed@example.test", "joke", "Forty"):
        assert word not in everything


def test_what_ends_as_it_said_or_gives_way_is_no_reversal(
    db: Database, life: Life, ada: Any, rev: Any, leaves: Any
) -> None:
    life.activate(detector_file(effect='do = "hold"\nhours = 24'))
    for draft, wanted in ((UNLIST, []), (NONE, ["detector-error"])):
        held = post(ada, "a zebra")
        case = db.write_now(review.take_next, rev.account.id)
        assert case.subject_id == int(held)
        db.write_now(review.decide_case, rev.account.id, case.id, draft)
        assert [one.because for one in leaves(log.Reversal)] == wanted
    hold = leaves(log.Decision)[0]
    assert (hold.automated_decision, hold.automated_detection) == ("fully", True)
    assert (hold.detectors, hold.by, hold.source) == (("zebra-words",), None, "voluntary")
    assert [(one.step, one.restriction) for one in hold.measures] == [
        ("hold", "visibility-disabled")
    ]
    assert hold.measures[0].until == log.moment(clock.from_iso(hold.decided_at) + clock.DAY)
    post(ada, "a zebra")
    life.wait(clock.DAY + 1)
    while db.write_now(actions.end_due):
        pass
    assert len(leaves(log.Reversal)) == 1
    (own,) = [one for one in leaves(log.Decision) if one.rule == "spam-1" and one.measures][1:2]
    decision_id = int(own.code.removeprefix("D-"))
    db.write_now(actions.end_decision, decision_id, Ending.REVERSED, by=rev.account.id)
    assert leaves(log.Reversal)[-1].because == "own-review"


def test_a_refused_decision_leaves_no_leaf(db: Database, ada: Any, rev: Any, leaves: Any) -> None:
    subject = subject_of(ada, post(ada, "buy"))

    def crash(tx: Tx) -> None:
        actions.decide(tx, rev.account.id, subject, draft=UNLIST)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.write_now(crash)
    assert leaves(log.Decision) == []


def test_a_detectors_life_stands_in_the_log(
    db: Database, life: Life, ada: Any, rev: Any, leaves: Any
) -> None:
    post(ada, "a zebra")
    source = detector_file(effect='do = "hold"\nhours = 24')
    life.activate(source)
    db.write_now(detection.save_detector, rev.account.id, source=source + "# once more\n", note="x")
    db.write_now(detection.retire, rev.account.id, "zebra-words", note="x")
    told = leaves(log.DetectorChange)
    assert [(one.event, one.version) for one in told] == [
        ("drafted", 1),
        ("tested", 1),
        ("shadowed", 1),
        ("activated", 1),
        ("drafted", 2),
        ("retired", 2),
    ]
    assert {one.effect for one in told} == {"hold"}
    assert [one.matched for one in told] == [0, 1, 1, 1, 0, 0]
    assert told[-1].by == db.read_now(find_pseudonym, rev.account.id)


def test_what_became_of_a_detectors_matches_is_told_when_the_month_is_over(
    db: Database, life: Life, ada: Any, rev: Any, leaves: Any
) -> None:
    life.activate(detector_file())
    for draft in (UNLIST, NONE):
        post(ada, "a zebra")
        case = db.write_now(review.take_next, rev.account.id)
        db.write_now(review.decide_case, rev.account.id, case.id, draft)
    assert db.write_now(detection.publish_accuracy) is False
    assert leaves(log.DetectorAccuracy) == []
    month = log.month_of(clock.now())
    life.wait(32 * clock.DAY)
    for _ in range(2):
        db.write_now(detection.publish_accuracy)
    (told,) = leaves(log.DetectorAccuracy)
    assert (told.decided, told.needed_nothing, told.from_on) == (2, 1, f"{month}-01")
    assert told.to_on.startswith(month)


def test_lists_and_their_undoing_stand_in_the_log(db: Database, leaves: Any) -> None:
    name = "phishing-sites"
    db.write_now(matchlists.create_list, name=name, kind=Kind.DOMAINS, description="Of others")
    said = {"form": Format.PLAIN, "source": "https://lists.example/phishing.txt"}
    first = db.write_now(
        matchlists.import_list, None, name, text="evil.example\nbad.example", **said
    )
    db.write_now(
        matchlists.import_list,
        None,
        name,
        text="worse.example",
        form=Format.PLAIN,
        source="a friend of mine",
    )
    db.write_now(matchlists.undo_import, None, name, first.id)
    told = leaves(log.ListImport)
    assert [(one.event, one.added, one.removed, one.total) for one in told] == [
        ("imported", 2, 0, 2),
        ("imported", 1, 0, 3),
        ("undone", 0, 2, 1),
    ]
    assert [one.source for one in told][:2] == [said["source"], None]
    assert told[2].code == told[0].code


def test_flaggers_and_misuse_stand_in_the_log(
    db: Database, ada: Any, bo: Any, rev: Any, leaves: Any
) -> None:
    reports_by_bo = {"area": "spam", "why": "Knows it well."}
    db.write_now(reports.award_flagger, bo.account.id, **reports_by_bo, organisation="Spam Watch")
    db.write_now(reports.file_report, bo.account.id, ada.account.id, Complaint(harm=Harm.SPAM))
    db.write_now(reports.revoke_flagger, bo.account.id, why="Reports what is fine.")
    told = leaves(log.TrustedFlagger)
    code = db.read_now(find_flagger_code, bo.account.id)
    assert [(one.code, one.organisation, one.event) for one in told] == [
        (code, "Spam Watch", "awarded"),
        (code, "Spam Watch", "revoked"),
    ]
    (notice,) = leaves(log.Notice)
    assert (notice.source, notice.flagger) == ("trusted-flagger", code)

    def unfounded(number: int) -> None:
        made = post(ada, f"bread {number}")
        said = Complaint(post_ids=(int(made),))
        db.write_now(reports.file_report, bo.account.id, ada.account.id, said)
        case = db.write_now(review.take_next, rev.account.id)
        db.write_now(review.decide_case, rev.account.id, case.id, NONE, unfounded=True)

    for number in range(8):
        unfounded(number)
    (misuse,) = leaves(log.Misuse)
    assert misuse.by == db.read_now(find_pseudonym, rev.account.id)
    assert misuse.of == "unfounded-notices"
    assert misuse.until > misuse.from_at >= misuse.warned_at


def _every_leaf(db: Database) -> Iterator[Any]:
    for one in db.read_now(list_from, 0, limit=2_000):
        yield one.content.entry


def test_every_step_has_its_words_in_the_log(
    db: Database, ada: Any, rev: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step of the ladder, on each kind of subject, makes a leaf that the schema takes."""
    from folkmoot.domain.decisions.model import POSSIBLE
    from folkmoot.domain.policy.model import Rule

    monkeypatch.setattr(Rule, "allows", lambda self, action: True)
    made = post(ada, "buy", language="zh")
    subjects = {
        SubjectKind.POST: subject_of(ada, made),
        SubjectKind.ACCOUNT: Subject(SubjectKind.ACCOUNT, ada.account.id, ada.account.id),
    }
    count = 0
    for kind, subject in subjects.items():
        for step in sorted(POSSIBLE[kind]):
            draft = Draft(
                step=step,
                rule_code="spam-1",
                facts="x",
                label="y",
                ends_at=clock.now() + clock.DAY,
                source=Source.FLAGGER,
            )
            db.write_now(actions.decide, rev.account.id, subject, draft=draft)
            count += 1
    told = [one for one in _every_leaf(db) if isinstance(one, log.Decision)]
    assert len(told) == count
    assert {m.step for one in told for m in one.measures} == {str(s) for s in RESTRICTIONS}
    stored = db.read_now(queries.list_of_account, ada.account.id, Page(limit=100))
    assert {one.code for one in told} == {code_of(one.id) for one in stored}
    assert db.read_now(get_account, ada.account.id).slowed_until is not None


def test_what_entries_say_is_counted_with_them(
    db: Database, life: Life, ada: Any, rev: Any
) -> None:
    life.activate(detector_file(effect='do = "label"\nlabel = "See"'))
    post(ada, "a zebra")
    subject = subject_of(ada, post(ada, "buy"))
    made = db.write_now(actions.decide, rev.account.id, subject, draft=UNLIST)
    db.write_now(actions.decide, rev.account.id, subject, draft=NONE)
    db.write_now(actions.end_decision, made.id, Ending.REVERSED, by=rev.account.id)
    month = log.month_of(clock.now())
    counted = {
        (each.what, each.name): each.entries
        for each in db.read_now(list_figures, since_month=month)
    }
    assert counted == {
        ("step", "label"): 1,
        ("step", "unlist"): 1,
        ("step", "no-action"): 1,
        ("rule", "spam-1"): 2,
        ("detector", "zebra-words"): 1,
        ("took", "hour"): 2,
        ("undone-rule", "spam-1"): 1,
    }
    db.read_now(lambda tx: check_plan(tx, transparency._FIGURES, since=month, sorted_by_index=True))


@pytest.mark.parametrize(
    ("lasted", "name"),
    [
        (0, "hour"),
        (clock.HOUR, "hour"),
        (clock.HOUR + 1, "four-hours"),
        (clock.DAY, "day"),
        (3 * clock.DAY, "three-days"),
        (3 * clock.DAY + 1, "longer"),
    ],
)
def test_times_are_told_by_the_least_that_fits(lasted: int, name: str) -> None:
    assert log.took(lasted) == name
    assert name in log.TIMES
