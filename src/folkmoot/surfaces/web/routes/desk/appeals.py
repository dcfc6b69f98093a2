"""/desk/appeals: decisions contested by either side, answered by who had no part in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from folkmoot.domain.accounts.queries import list_accounts
from folkmoot.domain.appeals import actions, queries
from folkmoot.domain.appeals.model import Appeal, By, State, may_answer
from folkmoot.domain.auth.model import Permission
from folkmoot.domain.decisions.model import Decision, SubjectKind
from folkmoot.domain.decisions.queries import get_decision, list_decisions
from folkmoot.domain.notifications.queries import list_who_may
from folkmoot.domain.posts.model import PostId
from folkmoot.domain.reports.queries import get_report, names_post
from folkmoot.kit.errors import Invalid
from folkmoot.surfaces.web import casework
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.cases import Evidence
from folkmoot.surfaces.web.pages.desk_decisions import (
    AppealLine,
    DeskAppealPage,
    DeskAppealsPage,
)
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.routes.desk.drafts import state_decision
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect
from folkmoot.surfaces.web.wording import STEPS

if TYPE_CHECKING:
    from folkmoot.kit.errors import Refusal
    from folkmoot.surfaces.web.pages.cases import Comment

router = Router()

HERE = "/desk/appeals"
_SIDES: dict[str, Literal["author", "reporter"]] = {By.AUTHOR: "author", By.REPORTER: "reporter"}


class VerdictMissing(Invalid):
    """Say whether the appeal is right"""


@router.get(HERE, permission=Permission.REVIEW_REPORTS)
def appeals(visit: Visit) -> Answer:
    """What waits for an answer."""
    found = queries.list_open(visit.tx)
    decisions = list_decisions(visit.tx, [one.decision_id for one in found])
    page = DeskAppealsPage(
        frame=frame(visit),
        appeals=tuple(_lines(visit, [(one, decisions[one.decision_id]) for one in found])),
    )
    return show(visit, page)


def _lines(visit: Visit, found: list[tuple[Appeal, Decision]]) -> list[AppealLine]:
    tx = visit.tx
    team = list_who_may(tx, Permission.REVIEW_REPORTS)
    known = list_accounts(tx, sorted({appeal.account_id for appeal, _ in found}))
    made = []
    for appeal, decision in found:
        about = known.get(appeal.account_id)
        what = "A post by" if decision.subject_kind == SubjectKind.POST else "The account"
        made.append(
            AppealLine(
                id=str(appeal.id),
                title=f"{what} @{about.acct}" if about else what,
                by=_SIDES[appeal.by],
                step=STEPS[decision.step],
                filed_at=appeal.filed_at,
                due_at=appeal.due_at,
                late=appeal.state == State.OPEN and appeal.due_at < tx.now,
                mine=not may_answer(decision, visit.viewer_id),
                nobody=not any(may_answer(decision, who) for who in team),
            )
        )
    return made


@router.get(f"{HERE}/{{id}}", permission=Permission.REVIEW_REPORTS)
def appeal(visit: Visit) -> Answer:
    """An appeal, what it contests, and the answer to give."""
    return _show(visit, Form())


def _again(visit: Visit, refusal: Refusal) -> Answer:
    return _show(visit, form_of(visit, refusal, "verdict", "answer"))


@router.post(f"{HERE}/{{id}}/look", permission=Permission.REVIEW_REPORTS, again=_again)
def look(visit: Visit) -> Answer:
    """Shows the post, which is recorded where not everybody can see it."""
    actions.look_into(visit.tx, visit.me.account.id, visit.part())
    return _show(visit, Form(values=visit.typed("verdict", "answer")))


@router.post(f"{HERE}/{{id}}/answer", permission=Permission.REVIEW_REPORTS, again=_again)
def answer(visit: Visit) -> Answer:
    """Upholds the appeal, which does what it asks for, or lets the decision stand."""
    verdict = visit.field("verdict")
    if verdict not in ("uphold", "reject"):
        raise VerdictMissing(field="verdict")
    upheld = verdict == "uphold"
    said = visit.field("answer").replace("\r\n", "\n")
    actions.decide_appeal(visit.tx, visit.me.account.id, visit.part(), upheld=upheld, answer=said)
    return redirect(visit, HERE, notice="appeal-upheld" if upheld else "appeal-rejected")


def _show(visit: Visit, form: Form) -> Answer:
    found = queries.get_appeal(visit.tx, visit.part())
    decision = get_decision(visit.tx, found.decision_id)
    (line,) = _lines(visit, [(found, decision)])
    page = DeskAppealPage(
        frame=frame(visit),
        appeal=line,
        text=found.text,
        statement=state_decision(visit, decision),
        decided_by=_names(visit, decision),
        evidence=_evidence(visit, found, decision),
        comments=_comments(visit, found),
        form=form,
        state=found.state,
        answer=found.answer,
    )
    return show(visit, page)


def _names(visit: Visit, decision: Decision) -> str:
    """Who decided, and who agreed."""
    ids = [who for who in (decision.decided_by, decision.seconded_by) if who is not None]
    known = list_accounts(visit.tx, ids) if ids else {}
    if decision.automated:
        return f"the detector {decision.detector}"
    return " and ".join(f"@{known[who].acct}" for who in ids if who in known) or decision.decider


def _evidence(visit: Visit, found: Appeal, decision: Decision) -> tuple[Evidence, ...]:
    """The post, as far as who answers may see it; nothing of it for who took part."""
    if decision.subject_kind != SubjectKind.POST:
        return ()
    if decision.subject_id is None:
        return (Evidence(id="", sight="gone"),)
    post_id = PostId(decision.subject_id)
    named = found.by == By.AUTHOR or names_post(visit.tx, decision.case_id or 0, post_id)
    return casework.show_evidence(
        visit,
        [post_id],
        {post_id} if named else set(),
        case_id=decision.case_id or 0,
        since=decision.created_at,
    )


def _comments(visit: Visit, found: Appeal) -> tuple[Comment, ...]:
    """What the report said whose outcome is contested."""
    if found.by != By.REPORTER:
        return ()
    return (casework.present_comment(get_report(visit.tx, found.report_id), {}, set()),)
