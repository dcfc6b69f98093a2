"""Writes of cases: opening, joining, taking, deciding."""

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.model import Permission, require
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions import actions as decisions
from folkmoot.domain.decisions.model import (
    MAX_FACTS_CHARS,
    Decision,
    Draft,
    Ending,
    Source,
    Step,
    Subject,
    SubjectKind,
)
from folkmoot.domain.decisions.queries import list_in_force, list_of_case
from folkmoot.domain.deeds.model import Event
from folkmoot.domain.detection import actions as detection
from folkmoot.domain.detection.events import DetectorHit
from folkmoot.domain.detectors.model import Effect
from folkmoot.domain.policy.queries import get_rule
from folkmoot.domain.posts.queries import find_post, get_post, get_preferences
from folkmoot.domain.reports import actions as reports
from folkmoot.domain.reports.model import Category, Outcome, Report, ReportNotFound
from folkmoot.domain.reports.queries import count_by_same, get_standing
from folkmoot.domain.reports.queries import list_of_case as list_reports_of
from folkmoot.domain.review import queries
from folkmoot.domain.review.events import CaseClosed as CaseWasClosed
from folkmoot.domain.review.events import CaseOpened
from folkmoot.domain.review.model import (
    BULK_AT_MOST,
    LEASE,
    NO_CASE,
    SKIP_LASTS,
    Case,
    CaseClosed,
    CaseId,
    CaseTaken,
    Look,
    NoneChosen,
    NothingProposed,
    NothingToDo,
    NotTaken,
    NotToBeSeen,
    OwnCase,
    Proposed,
    RestrictionStands,
    Sight,
    State,
    TooManyAlike,
    clock_of,
    detectors_of,
    found_by,
    joined,
    post_mark,
    proposed_in,
    rank_of,
)
from folkmoot.domain.review.tables import case_skips, cases, looks
from folkmoot.domain.words.model import say
from folkmoot.kit.clock import HOUR, spoken
from folkmoot.kit.db import Page, Tx, command, insert_all, param
from folkmoot.kit.errors import Refusal
from folkmoot.kit.ids import new_id

_INSERT = insert_all(cases)
_CHANGING = tuple(name for name in Case.__struct_fields__ if name != "id")
_SAVE = command(
    sa.update(cases)
    .where(cases.c.id == param("case_id"))
    .values({name: param(f"new_{name}") for name in _CHANGING})
)
_UNSKIP = command(
    sa.delete(case_skips).where(
        case_skips.c.case_id == param("id"), case_skips.c.reviewer_id == param("who")
    )
)
_SKIP = insert_all(case_skips)
_FORGET_SKIPS = command(sa.delete(case_skips).where(case_skips.c.case_id == param("id")))
_INSERT_LOOK = insert_all(looks)
_SOURCES = 100


def open_or_join(tx: Tx, subject: Subject, report: Report) -> Case:
    """Puts a report to the case about its subject, which is opened when there is none."""
    case = queries.find_open_case(tx, subject.kind, subject.id) or _open(tx, subject)
    reporter = report.reporter_id
    again = reporter is not None and count_by_same(tx, case.id, reporter) > 0
    weight = get_standing(tx, reporter).weight if reporter is not None else 0.5
    reports.join_case(tx, report, case.id)
    return _save(tx, joined(case, report, weight=weight, again=again))


def open_for_finding(tx: Tx, subject: Subject, *, detector: str, harm: str) -> Case:
    """Puts a detector's finding to the case about its subject."""
    case = queries.find_open_case(tx, subject.kind, subject.id) or _open(tx, subject)
    return _save(tx, found_by(case, detector, harm))


_STEPS = {
    Effect.LABEL: Step.LABEL,
    Effect.SCREEN: Step.SCREEN,
    Effect.HOLD: Step.HOLD,
    Effect.SLOW_DOWN: Step.SLOW,
}
_WRITTEN = (Event.POST, Event.QUOTE, Event.EDIT, Event.IMPORT, Event.LINK)
_NOT_SLOWED = (Event.SIGN_UP, Event.IMPORT)


def follow_finding(tx: Tx, hit: DetectorHit) -> None:
    """Does what an active detector asks for, and has a person look where it asks for that or
    holds something back. What it finds in what is no post of its author, a person judges.

    A detector whose rule does not lead there any more steps back; no post is lost to it.
    """
    read, event = hit.detector, hit.finding.event
    step = _STEPS.get(read.effect.do)
    if event in _NOT_SLOWED if step is Step.SLOW else event not in _WRITTEN:
        step = None
    subject = Subject(SubjectKind.ACCOUNT, hit.finding.account_id, hit.finding.account_id)
    if event in _WRITTEN and hit.post is not None and step is not Step.SLOW:
        subject = Subject(SubjectKind.POST, hit.post.id, hit.finding.account_id)
    try:
        harm = get_rule(tx, read.rule).category
        draft = None if step is None else _automatic(tx, hit, step)
        if draft is not None:
            decisions.check_automatic(tx, subject, draft)
    except Refusal as refusal:
        detection.fail(tx, read.name, refusal.sentence)
        return
    case = queries.find_open_case(tx, subject.kind, subject.id)
    if case is not None or step in (None, Step.HOLD):
        case = open_for_finding(tx, subject, detector=read.name, harm=harm)
    if draft is None or _does_already(tx, subject, draft):
        return
    if case is not None:
        draft = msgspec.structs.replace(draft, case_id=case.id, received_at=case.opened_at)
    post = hit.post if subject.kind is SubjectKind.POST else None
    decisions.act_automatically(tx, subject, draft=draft, post=post, fresh=hit.fresh)


def _automatic(tx: Tx, hit: DetectorHit, step: Step) -> Draft:
    """What a detector decides, with the reason in its author's language."""
    read = hit.detector
    ends_at = tx.now + read.effect.hours * HOUR if step in (Step.HOLD, Step.SLOW) else None
    description = " ".join(read.description.split())
    locale = get_preferences(tx, hit.finding.account_id).locale
    facts = {"title": read.title, "description": description, "label": read.effect.label.strip()}
    facts["until"] = spoken(ends_at or 0)
    said = [say(locale, f"findings.{name}", **facts) for name in ("found", step)]
    return Draft(
        step=step,
        rule_code=read.rule,
        facts=" ".join(said)[:MAX_FACTS_CHARS],
        label=facts["label"],
        ends_at=ends_at,
        detector=read.name,
    )


def _does_already(tx: Tx, subject: Subject, draft: Draft) -> bool:
    holding = list_in_force(tx, subject.kind, subject.id)
    return any(one.step == draft.step and one.detector == draft.detector for one in holding)


def take_next(tx: Tx, reviewer_id: AccountId) -> Case:
    """Takes the case that comes next, for five minutes; the one already held, if any.
    NothingToDo when nothing waits for this reviewer.
    """
    _require(tx, reviewer_id)
    held = queries.find_held(tx, reviewer_id)
    case = held or queries.find_next(tx, reviewer_id)
    if case is None:
        raise NothingToDo
    return _lease(tx, case, reviewer_id)


def take_case(tx: Tx, reviewer_id: AccountId, case_id: int) -> Case:
    """Takes a case, or keeps it for another five minutes. CaseTaken while somebody else has it;
    CaseClosed; OwnCase for whoever is part of it.
    """
    _require(tx, reviewer_id)
    case = _open_case(tx, reviewer_id, case_id)
    if case.leased_by not in (None, reviewer_id) and (case.lease_until or 0) > tx.now:
        raise CaseTaken(until=spoken(case.lease_until or 0))
    return _lease(tx, case, reviewer_id)


def skip_case(tx: Tx, reviewer_id: AccountId, case_id: int) -> Case:
    """Puts a case aside for this reviewer, half a day long; others go on meeting it. Nothing is
    counted: some cases are not for everybody.
    """
    case = queries.get_case(tx, case_id, lock=True)
    tx.run(_UNSKIP, id=case.id, who=reviewer_id)
    tx.run(_SKIP, case_id=case.id, reviewer_id=reviewer_id, until=tx.now + SKIP_LASTS)
    return _release(tx, case) if case.leased_by == reviewer_id else case


def release_case(tx: Tx, reviewer_id: AccountId, case_id: int) -> Case:
    """Gives a case back before its lease ends; one that is not held stays as it is."""
    case = queries.get_case(tx, case_id, lock=True)
    return _release(tx, case) if case.leased_by == reviewer_id else case


def decide_case(
    tx: Tx,
    reviewer_id: AccountId,
    case_id: int,
    draft: Draft,
    *,
    unfounded: bool = False,
    on_account: bool = False,
    more: bool = False,
) -> Decision | None:
    """Decides the case a reviewer has taken; None when it now waits for a second reviewer.

    Its reports are resolved with it; `unfounded` says that they were manifestly so, where no action
    is taken. A post's case may lead to its author (`on_account`). With `more` the case stays open
    for another decision. NotTaken, CaseClosed, OwnCase, and what `decisions.decide` refuses.
    """
    case = _open_case(tx, reviewer_id, case_id)
    if case.leased_by != reviewer_id or (case.lease_until or 0) <= tx.now:
        raise NotTaken
    subject = subject_of(case, on_account=on_account)
    draft = _stated(tx, case, draft)
    if decisions.wants_second(tx, subject, draft):
        decisions.preview(tx, reviewer_id, subject, draft)
        _propose(tx, case, reviewer_id, Proposed(draft, on_account))
        return None
    decision = decisions.decide(tx, reviewer_id, subject, draft=draft)
    if more:
        _lease(tx, case, reviewer_id)
    else:
        _close(tx, case, decision, unfounded=unfounded)
    return decision


def preview_case(
    tx: Tx, reviewer_id: AccountId, case_id: int, draft: Draft, *, on_account: bool = False
) -> Decision:
    """What `decide_case` would decide, refused alike; nothing is written."""
    case = _open_case(tx, reviewer_id, case_id)
    return decisions.preview(
        tx, reviewer_id, subject_of(case, on_account=on_account), _stated(tx, case, draft)
    )


def agree(tx: Tx, reviewer_id: AccountId, case_id: int) -> Decision:
    """Agrees, as a second reviewer, to what another has proposed. NothingProposed, OwnCase, and
    what `decisions.decide` refuses: SameReviewer for who proposed it.
    """
    case = _proposed_case(tx, reviewer_id, case_id)
    proposed = proposed_in(case)
    assert case.proposed_by is not None
    subject = subject_of(case, on_account=proposed.on_account)
    decision = decisions.decide(
        tx, case.proposed_by, subject, draft=proposed.draft, seconded_by=reviewer_id
    )
    _close(tx, case, decision)
    return decision


def disagree(tx: Tx, reviewer_id: AccountId, case_id: int) -> Case:
    """Gives a proposed case back to the queue, for others to judge."""
    case = _proposed_case(tx, reviewer_id, case_id)
    back = msgspec.structs.replace(case, state=State.OPEN, proposal="", proposed_by=None)
    return _release(tx, back)


def preview_proposal(tx: Tx, case: Case) -> Decision:
    """The decision that a case's proposal comes to if a second reviewer agrees now."""
    proposed = proposed_in(case)
    if case.proposed_by is None:
        raise NothingProposed
    subject = subject_of(case, on_account=proposed.on_account)
    return decisions.preview(tx, case.proposed_by, subject, proposed.draft)


def decide_alike(
    tx: Tx,
    reviewer_id: AccountId,
    case_ids: Sequence[int],
    draft: Draft,
    *,
    unfounded: bool = False,
    on_account: bool = False,
) -> list[Decision | None]:
    """Decides like cases at once, each with a decision of its own; None for each that now waits
    for a second reviewer. All or none: CaseTaken and all other refusals undo the whole. NoneChosen,
    TooManyAlike.
    """
    chosen = list(dict.fromkeys(case_ids))
    if not chosen:
        raise NoneChosen(field="cases")
    if len(chosen) > BULK_AT_MOST:
        raise TooManyAlike(most=BULK_AT_MOST, field="cases")
    made = []
    for case_id in chosen:
        take_case(tx, reviewer_id, case_id)
        made.append(
            decide_case(tx, reviewer_id, case_id, draft, unfounded=unfounded, on_account=on_account)
        )
    return made


def reopen(tx: Tx, case_id: int) -> Case:
    """Opens a closed case again, since its reporter was right to contest it; for another reviewer
    than the one who closed it. Where its subject has been reported anew, its open reports join
    the case that is open.
    """
    case = queries.get_case(tx, case_id, lock=True)
    if case.state != State.CLOSED:
        return case
    subject = subject_of(case)
    other = queries.find_open_case(tx, subject.kind, subject.id)
    if other is not None:
        moved = reports.move_open(tx, case.id, other.id)
        return _save(tx, msgspec.structs.replace(other, reports=other.reports + moved))
    if case.closed_by is not None:
        tx.run(_UNSKIP, id=case.id, who=case.closed_by)
        tx.run(_SKIP, case_id=case.id, reviewer_id=case.closed_by, until=1 << 62)
    return _save(
        tx,
        msgspec.structs.replace(
            case,
            state=State.OPEN,
            closed_at=None,
            closed_by=None,
            opened_at=tx.now,
            due_at=tx.now + clock_of(case.harm),
        ),
    )


def open_by_hand(tx: Tx, reviewer_id: AccountId, subject: Subject) -> Case:
    """The open case about what a reviewer came upon without a report; OwnCase about oneself."""
    _require(tx, reviewer_id)
    if subject.account_id == reviewer_id:
        raise OwnCase
    return queries.find_open_case(tx, subject.kind, subject.id) or _open(tx, subject)


def act_on_account(
    tx: Tx, reviewer_id: AccountId, account_id: AccountId, draft: Draft, report: Report | None
) -> tuple[Case, Decision | None]:
    """Decides about an account at once: in the case of a report about it, or in the one that is
    open about the account, or a new one. The decision is None when it waits for a second reviewer.

    ReportNotFound for a report about somebody else; AccountNotFound; what `take_case` and
    `decide_case` refuse.
    """
    account = get_account(tx, account_id)
    if report is None:
        subject = Subject(SubjectKind.ACCOUNT, account.id, account.id)
        case_id = open_by_hand(tx, reviewer_id, subject).id
    elif report.target_id != account.id or report.case_id is None:
        raise ReportNotFound
    else:
        case_id = CaseId(report.case_id)
    take_case(tx, reviewer_id, case_id)
    decision = decide_case(tx, reviewer_id, case_id, draft, on_account=True)
    return queries.get_case(tx, case_id), decision


def reopen_by_hand(tx: Tx, reviewer_id: AccountId, case_id: int) -> Case:
    """Opens a case and its reports again in which nothing was done; for another reviewer than the
    one who closed it. RestrictionStands where something was done; OwnCase.
    """
    _require(tx, reviewer_id)
    case = queries.get_case(tx, case_id, lock=True)
    if case.account_id == reviewer_id or count_by_same(tx, case.id, reviewer_id):
        raise OwnCase
    if case.state != State.CLOSED:
        return case
    if any(decision.holds_at(tx.now) for decision in list_of_case(tx, case.id)):
        raise RestrictionStands
    reports.reopen_case(tx, case.id)
    return reopen(tx, case.id)


def look_into(tx: Tx, reviewer_id: AccountId, case_id: int, post_id: int) -> None:
    """Lets a reviewer see a post of a case that not everybody can see, for half an hour; the look
    is recorded. For whoever holds the case, and whoever may agree to what is proposed in it.

    NotTaken, OwnCase, CaseClosed; NotToBeSeen where no report is about the post.
    """
    _require(tx, reviewer_id)
    case = queries.get_case(tx, case_id, lock=True)
    queries.check_apart(tx, case, reviewer_id)
    if case.state == State.CLOSED:
        raise CaseClosed
    holds = case.leased_by == reviewer_id and (case.lease_until or 0) > tx.now
    if case.state == State.OPEN and not holds:
        raise NotTaken
    see(tx, case, reviewer_id, post_id)


def see(tx: Tx, case: Case, reviewer_id: AccountId, post_id: int) -> None:
    """Records that a reviewer sees a post of a case; whoever calls has made sure that they may.
    PostNotFound; NotToBeSeen where it is not public and no report is about it.
    """
    post = get_post(tx, post_id)
    sight = queries.sight_of(tx, case, post)
    if sight is Sight.NEVER:
        raise NotToBeSeen
    if sight is Sight.ASKED and post_mark(post_id) not in queries.list_looked(
        tx, case.id, reviewer_id
    ):
        note_look(tx, case, reviewer_id, post_mark(post_id))


def note_look(tx: Tx, case: Case, reviewer_id: AccountId, what: str) -> None:
    """Records that a reviewer looked at something of a member that not everybody can see."""
    note_look_at(tx, case.account_id, reviewer_id, what, case_id=case.id)


def note_look_at(
    tx: Tx, account_id: AccountId, by_id: AccountId, what: str, *, case_id: CaseId = NO_CASE
) -> None:
    """Records the same where there may be no case."""
    tx.insert(_INSERT_LOOK, Look(new_id(), case_id, by_id, account_id, what, tx.now))


def subject_of(case: Case, *, on_account: bool = False) -> Subject:
    """What a case is about: its account, where that is meant or the post is gone."""
    if on_account or case.subject_id is None:
        return Subject(SubjectKind.ACCOUNT, case.account_id, case.account_id)
    return Subject(SubjectKind(case.subject_kind), case.subject_id, case.account_id)


def _open(tx: Tx, subject: Subject) -> Case:
    case = Case(
        id=CaseId(new_id()),
        subject_kind=subject.kind,
        subject_id=subject.id,
        account_id=subject.account_id,
        state=State.OPEN,
        harm="",
        reports=0,
        reporters=0,
        weight=0.0,
        flagged=False,
        detectors="[]",
        reach=_reach(tx, subject),
        opened_at=tx.now,
        due_at=tx.now + clock_of(""),
        rank=tx.now,
        leased_by=None,
        lease_until=None,
        taken_at=None,
        proposal="",
        proposed_by=None,
        closed_at=None,
        closed_by=None,
        handled_ms=0,
    )
    case = msgspec.structs.replace(case, rank=rank_of(case))
    tx.insert(_INSERT, case)
    tx.announce(CaseOpened(case))
    return case


def _reach(tx: Tx, subject: Subject) -> int:
    """About how many may have seen it: followers, and for each who passed it on, some more."""
    reach = get_account(tx, subject.account_id).followers_count
    if subject.kind is SubjectKind.POST and (post := find_post(tx, subject.id)):
        reach += 20 * post.boosts_count + 5 * post.favourites_count
    return reach


def _save(tx: Tx, case: Case) -> Case:
    tx.run(_SAVE, case_id=case.id, **{f"new_{name}": getattr(case, name) for name in _CHANGING})
    return case


def _require(tx: Tx, reviewer_id: AccountId) -> None:
    require(get_user(tx, reviewer_id), Permission.REVIEW_REPORTS)


def _open_case(tx: Tx, reviewer_id: AccountId, case_id: int) -> Case:
    case = queries.get_case(tx, case_id, lock=True)
    if case.state != State.OPEN:
        raise CaseClosed
    queries.check_apart(tx, case, reviewer_id)
    return case


def _proposed_case(tx: Tx, reviewer_id: AccountId, case_id: int) -> Case:
    _require(tx, reviewer_id)
    case = queries.get_case(tx, case_id, lock=True)
    if case.state != State.PROPOSED:
        raise NothingProposed
    queries.check_apart(tx, case, reviewer_id)
    return case


def _lease(tx: Tx, case: Case, reviewer_id: AccountId) -> Case:
    taken_at = case.taken_at if case.leased_by == reviewer_id and case.taken_at else tx.now
    leased = msgspec.structs.replace(
        case, leased_by=reviewer_id, lease_until=tx.now + LEASE, taken_at=taken_at
    )
    return _save(tx, leased)


def _release(tx: Tx, case: Case) -> Case:
    free = msgspec.structs.replace(case, leased_by=None, lease_until=None, taken_at=None)
    return _save(tx, free)


def _propose(tx: Tx, case: Case, reviewer_id: AccountId, proposed: Proposed) -> None:
    waiting = msgspec.structs.replace(
        case,
        state=State.PROPOSED,
        proposal=msgspec.json.encode(proposed).decode(),
        proposed_by=reviewer_id,
    )
    _release(tx, waiting)


def _close(tx: Tx, case: Case, decision: Decision, *, unfounded: bool = False) -> None:
    taken_at = case.taken_at or tx.now
    closed = msgspec.structs.replace(
        case,
        state=State.CLOSED,
        proposal="",
        proposed_by=None,
        leased_by=None,
        lease_until=None,
        closed_at=tx.now,
        closed_by=decision.decided_by,
        handled_ms=tx.now - taken_at,
    )
    _save(tx, closed)
    tx.run(_FORGET_SKIPS, id=case.id)
    # Of several decisions, who reported hears of one that does something.
    taken = [one for one in list_of_case(tx, case.id) if not one.automated]
    acted = [one for one in taken if one.holds_at(tx.now)]
    answer = decision if decision.restricts or not acted else acted[-1]
    _end_automatic(tx, case, answer)
    detection.count_outcome(
        tx, detectors_of(case), decided=1, needed_nothing=int(not answer.restricts)
    )
    outcome = Outcome.ACTED if answer.restricts else Outcome.NOT_ACTED
    if unfounded and not answer.restricts:
        outcome = Outcome.UNFOUNDED
    reports.resolve_case(tx, case.id, outcome, decision_id=answer.id)
    tx.announce(CaseWasClosed(closed, decision))


def _stated(tx: Tx, case: Case, draft: Draft) -> Draft:
    """The draft with where it comes from, as it is stored and never as somebody says it."""
    return msgspec.structs.replace(
        draft,
        case_id=case.id,
        source=_source(tx, case),
        detector=_first_detector(case),
        received_at=case.opened_at,
    )


def _end_automatic(tx: Tx, case: Case, decision: Decision) -> None:
    """A person's decision takes the place of what detectors did to the subject: a hold without
    ground ends at once.
    """
    if case.subject_id is None:
        return
    ending = Ending.REPLACED if decision.restricts else Ending.REVERSED
    for one in list_in_force(tx, SubjectKind(case.subject_kind), case.subject_id):
        if one.automated:
            by, why = decision.decided_by, decision.facts
            decisions.end_decision(tx, one.id, ending, by=by, reason=why)


def _source(tx: Tx, case: Case) -> Source:
    """What brought the subject here, from what is stored and never from what somebody ticks."""
    found = list_reports_of(tx, case.id, Page(limit=_SOURCES))
    if case.flagged:
        return Source.FLAGGER
    if any(report.category == Category.LEGAL for report in found):
        return Source.NOTICE
    return Source.OTHER_NOTICE if found else Source.OWN


def _first_detector(case: Case) -> str:
    """The detector that found it, where nobody had reported it before."""
    names = detectors_of(case)
    return names[0] if names and not case.reports else ""
