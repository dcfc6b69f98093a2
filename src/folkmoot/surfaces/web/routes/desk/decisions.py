"""/desk/decisions: what restricts somebody now, ended early or kept after another look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from folkmoot.domain.accounts.queries import list_accounts
from folkmoot.domain.auth.model import Permission
from folkmoot.domain.decisions import actions, queries
from folkmoot.domain.decisions.model import LOOK_AGAIN, Decision, SubjectKind
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.desk_decisions import InForceLine, InForcePage
from folkmoot.surfaces.web.pages.frame import Form, Pager
from folkmoot.surfaces.web.presenting import account_path
from folkmoot.surfaces.web.showing import PER_PAGE, pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect
from folkmoot.surfaces.web.wording import STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/desk/decisions"


@router.get(HERE, permission=Permission.REVIEW_REPORTS)
def decisions(visit: Visit) -> Answer:
    """All that is in force, newest first; `?due=1` what has to be looked at again soon."""
    if visit.query("due") == "1":
        before = visit.tx.now + LOOK_AGAIN
        found = queries.list_to_review(visit.tx, before=before, limit=2 * PER_PAGE)
        return _page(visit, found, which="due")
    found = queries.list_every_in_force(visit.tx, stretch(visit))
    return _page(visit, found, which="all", pages=pager(visit, [one.id for one in found]))


def _page(
    visit: Visit,
    found: Sequence[Decision],
    *,
    which: Literal["due", "all"],
    pages: Pager | None = None,
    refused: tuple[int, Literal["end", "keep"], Form] | None = None,
) -> Answer:
    lines = _lines(visit, found)
    if refused is not None:
        number, back, form = refused
        lines = [
            msgspec.structs.replace(one, form=form, back=back) if one.id == str(number) else one
            for one in lines
        ]
    page = InForcePage(
        frame=frame(visit), which=which, decisions=tuple(lines), pager=pages or Pager()
    )
    return show(visit, page)


def _lines(visit: Visit, found: Sequence[Decision]) -> list[InForceLine]:
    wanted = {one.account_id for one in found} | {one.decided_by for one in found if one.decided_by}
    known = list_accounts(visit.tx, sorted(wanted))
    made = []
    for one in found:
        about = known.get(one.account_id)
        by = known.get(one.decided_by) if one.decided_by is not None else None
        of_post = one.subject_kind == SubjectKind.POST
        path = account_path(about) if about else ""
        handle = f"@{about.acct}" if about else "somebody who is gone"
        made.append(
            InForceLine(
                id=str(one.id),
                title=f"A post by {handle}" if of_post else f"The account {handle}",
                url=f"{path}/{one.subject_id}" if of_post and one.subject_id and path else path,
                step=STEPS[one.step],
                rule=one.rule_code,
                facts=one.facts,
                at=one.created_at,
                by=f"@{by.acct}" if by else one.decider or f"the detector {one.detector}",
                ends_at=one.ends_at,
                review_at=one.review_at,
                overdue=(one.review_at or visit.tx.now) < visit.tx.now,
                own=one.account_id == visit.viewer_id,
            )
        )
    return made


def _again(visit: Visit, refusal: Refusal) -> Answer:
    """The decision alone, with what was typed."""
    found = queries.get_decision(visit.tx, visit.part())
    back: Literal["end", "keep"] = "end" if visit.incoming.path.endswith("/end") else "keep"
    form = form_of(visit, refusal, "reason")
    return _page(visit, [found], which="all", refused=(found.id, back, form))


@router.post(f"{HERE}/{{id}}/end", permission=Permission.REVIEW_REPORTS, again=_again)
def end(visit: Visit) -> Answer:
    """Ends a decision before its time; the member is told why."""
    actions.reverse_decision(
        visit.tx, visit.me.account.id, visit.part(), reason=visit.field("reason")
    )
    return redirect(visit, HERE, notice="decision-ended")


@router.post(f"{HERE}/{{id}}/keep", permission=Permission.REVIEW_REPORTS, again=_again)
def keep(visit: Visit) -> Answer:
    """Keeps a decision in force after another look; the member is told why."""
    actions.keep_decision(visit.tx, visit.me.account.id, visit.part(), reason=visit.field("reason"))
    return redirect(visit, f"{HERE}?due=1", notice="decision-kept")
