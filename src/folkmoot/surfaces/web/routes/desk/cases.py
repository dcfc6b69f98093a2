"""/desk/cases: the queue, and one case with all that belongs to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec

from folkmoot.domain.accounts.queries import get_account, list_accounts
from folkmoot.domain.auth.model import Permission
from folkmoot.domain.detection.queries import list_live
from folkmoot.domain.posts.model import PostId
from folkmoot.domain.posts.queries import find_post
from folkmoot.domain.reading.queries import list_above, list_below
from folkmoot.domain.review import actions, queries
from folkmoot.domain.review.model import LEASE, SEVERITY, Choice, NothingToDo, State
from folkmoot.kit.errors import Refusal
from folkmoot.surfaces.web import casework
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.gathering import present_posts
from folkmoot.surfaces.web.pages.cases import CasePage, Proposal, QueuePage
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.routes.around import list_editions
from folkmoot.surfaces.web.routes.desk.drafts import TYPED, decide_form, state_decision
from folkmoot.surfaces.web.routes.threads import arrange
from folkmoot.surfaces.web.showing import PER_PAGE, show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect
from folkmoot.surfaces.web.wording import harm_words

if TYPE_CHECKING:
    from folkmoot.domain.accounts.model import AccountId
    from folkmoot.domain.review.model import Case
    from folkmoot.surfaces.web.pages.cases import Evidence, Statement

router = Router()

QUEUE = "/desk/cases"
_DETECTOR = re.compile(r"\*|[a-z0-9-]{1,100}")
_ABOVE, _BELOW, _DEPTH = 10, 20, 5


def path_of(case_id: int | str) -> str:
    return f"{QUEUE}/{case_id}"


@router.get(QUEUE, permission=Permission.REVIEW_REPORTS)
def queue(visit: Visit) -> Answer:
    """What is open, in order, perhaps narrowed."""
    tx, me = visit.tx, visit.me.account.id
    form = Form(values={n: visit.query(n) for n in ("harm", "kind", "detector", "late")})
    choice = _choice(form)
    after = visit.number("after")
    last = queries.get_case(tx, after) if after else None
    found = queries.list_queue(tx, after=last, limit=PER_PAGE, choice=choice)
    held = queries.find_held(tx, me)
    lines = casework.list_lines(visit, [*([held] if held else []), *found])
    mine = lines.pop(0) if held else None
    asked = {name: value for name, value in form.values.items() if value}
    number, late = queries.count_open(tx)
    page = QueuePage(
        frame=frame(visit),
        cases=tuple(lines),
        open=number,
        late=late,
        seen=casework.seen_today(visit),
        mine=mine,
        form=form,
        harms=tuple((harm, harm_words(harm)) for harm in SEVERITY),
        detectors=tuple((one.name, one.name) for one in list_live(tx)),
        narrowed=choice != Choice(),
        older_url=_at({**asked, "after": str(found[-1].id)}) if len(found) == PER_PAGE else None,
        first_url=_at(asked) if last else None,
    )
    return show(visit, page)


def _at(asked: dict[str, str]) -> str:
    return f"{QUEUE}?{urlencode(asked)}" if asked else QUEUE


def _choice(form: Form) -> Choice:
    """What the address asks for; what makes no sense asks for nothing."""
    given = form.values
    return Choice(
        harm=given["harm"] if given["harm"] in SEVERITY else "",
        kind=given["kind"] if given["kind"] in ("post", "account") else "",
        detector=given["detector"] if _DETECTOR.fullmatch(given["detector"]) else "",
        late=given["late"] == "1",
    )


@router.post(f"{QUEUE}/next", permission=Permission.REVIEW_REPORTS)
def take_next(visit: Visit) -> Answer:
    """Takes what comes next."""
    return to_next(visit)


def to_next(visit: Visit, *, notice: str = "") -> Answer:
    """On to the case that comes next, taken; to the queue when nothing waits."""
    try:
        case = actions.take_next(visit.tx, visit.me.account.id)
    except NothingToDo:
        return redirect(visit, QUEUE, notice=notice or "nothing-waits")
    return redirect(visit, path_of(case.id), notice=notice)


@router.get(f"{QUEUE}/{{id}}", permission=Permission.REVIEW_REPORTS)
def one(visit: Visit) -> Answer:
    """A case, as far as whoever asks may see it."""
    return show_case(visit, visit.part(), Form())


def _again(visit: Visit, refusal: Refusal) -> Answer:
    return show_case(visit, visit.part(), form_of(visit, refusal, *TYPED))


@router.post(f"{QUEUE}/{{id}}/take", permission=Permission.REVIEW_REPORTS, again=_again)
def take(visit: Visit) -> Answer:
    """Takes the case, or keeps it for another five minutes; a script asks for the time alone."""
    case = actions.take_case(visit.tx, visit.me.account.id, visit.part())
    if b"application/json" in visit.incoming.headers.get(b"accept", b""):
        body = msgspec.json.encode({"held_s": LEASE // 1_000})
        return Answer(body, headers=[("content-type", "application/json")])
    return redirect(visit, path_of(case.id))


@router.post(f"{QUEUE}/{{id}}/release", permission=Permission.REVIEW_REPORTS)
def release(visit: Visit) -> Answer:
    """Gives the case back."""
    actions.release_case(visit.tx, visit.me.account.id, visit.part())
    return redirect(visit, QUEUE, notice="case-released")


@router.post(f"{QUEUE}/{{id}}/skip", permission=Permission.REVIEW_REPORTS)
def skip(visit: Visit) -> Answer:
    """Puts the case aside for oneself, and goes on to the next."""
    actions.skip_case(visit.tx, visit.me.account.id, visit.part())
    return to_next(visit, notice="case-skipped")


@router.post(f"{QUEUE}/{{id}}/look", permission=Permission.REVIEW_REPORTS, again=_again)
def look(visit: Visit) -> Answer:
    """Shows what is not public, which is recorded, or what surrounds the case. What stands in the
    decision's form is sent along and kept.
    """
    me = visit.me.account.id
    case = queries.get_case(visit.tx, visit.part())
    if case.state == State.OPEN:
        case = actions.take_case(visit.tx, me, case.id)
    post = visit.field("post")
    if post.isascii() and post.isdigit() and len(post) < 20:
        actions.look_into(visit.tx, me, case.id, int(post))
    return show_case(visit, case.id, Form(values=visit.typed(*TYPED)))


def show_case(
    visit: Visit, case_id: int, form: Form, *, statement: Statement | None = None
) -> Answer:
    """The page of a case, with a decision's form as it was typed, for whoever holds it."""
    tx, me = visit.tx, visit.me.account.id
    case = queries.get_case(tx, case_id)
    queries.check_apart(tx, case, me)
    account = get_account(tx, case.account_id)
    known = {account.id: account, **_holder(visit, case)}
    line = casework.case_line(visit, case, known)
    mine = line.holder == "you" and case.state == State.OPEN
    evidence = casework.gather_evidence(visit, case)
    comments, more = casework.list_comments(visit, case)
    before = casework.list_before(visit, account.id)
    left = max(0, (case.lease_until or 0) - tx.now)
    wanted = visit.field("show") or visit.query("show")
    page = CasePage(
        frame=frame(visit),
        case=line,
        mine=mine,
        state=case.state,
        profile=casework.show_profile(visit, account),
        evidence=evidence,
        groups=casework.group_reports(visit, case),
        comments=comments,
        more_comments=more,
        findings=casework.list_findings(visit, case),
        before=before,
        seen=casework.seen_today(visit),
        decide=decide_form(visit, case, len(before), form, statement)
        if mine or form.values
        else None,
        held_s=left // 1_000 if mine else 0,
        share=round(100 * left / LEASE) if mine else 0,
        problem="" if mine or form.values else form.problem or "",
        proposal=_proposal(visit, case),
        decided=casework.list_decided(visit, case) if case.closed_at or case.leased_by else (),
        **_context(visit, case, evidence, wanted),
    )
    return show(visit, page)


def _proposal(visit: Visit, case: Case) -> Proposal | None:
    """What waits for a second reviewer, as it would be if they agreed now."""
    if case.state != State.PROPOSED or case.proposed_by is None:
        return None
    by = list_accounts(visit.tx, [case.proposed_by]).get(case.proposed_by)
    made = Proposal(by=f"@{by.acct}" if by else "", own=case.proposed_by == visit.viewer_id)
    try:
        decision = actions.preview_proposal(visit.tx, case)
    except Refusal as refusal:  # its time is over, or the rule is no longer in force
        return msgspec.structs.replace(made, over=refusal.sentence)
    return msgspec.structs.replace(made, statement=state_decision(visit, decision))


def _holder(visit: Visit, case: Case) -> dict[AccountId, Any]:
    return list_accounts(visit.tx, [case.leased_by]) if case.leased_by else {}


def _context(
    visit: Visit, case: Case, evidence: tuple[Evidence, ...], wanted: str
) -> dict[str, Any]:
    """What surrounds the post, as far as it was asked for: the thread as everybody reads it, or
    what a post that is before the reviewer's eyes was before.
    """
    shown = [each for each in evidence if each.sight == "shown"]
    post_id = case.subject_id if case.subject_kind == "post" else None
    if wanted == "thread" and post_id is not None:
        above = list_above(visit.tx, PostId(post_id), viewer_id=0, most=_ABOVE)
        below = list_below(visit.tx, PostId(post_id), viewer_id=0, most=_BELOW, depth=_DEPTH)
        around = present_posts(visit.app, visit.tx, 0, [*above, *below])
        return {"context": "thread", "thread": arrange(around, str(post_id))}
    if wanted == "history" and post_id is not None and shown:
        post = find_post(visit.tx, post_id)
        return {"context": "history", "editions": list_editions(visit, post) if post else ()}
    return {}
