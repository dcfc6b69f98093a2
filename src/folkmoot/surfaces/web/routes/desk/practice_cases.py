"""/desk/practice/cases: who leads the reviewers makes closed cases into practice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.accounts.queries import list_accounts
from folkmoot.domain.auth.model import Permission
from folkmoot.domain.decisions.model import Step, SubjectKind
from folkmoot.domain.policy.queries import list_rules
from folkmoot.domain.practice import actions, queries
from folkmoot.domain.practice.model import PracticeDraft, StepMissing, shipped_cases
from folkmoot.domain.review.queries import get_case
from folkmoot.kit.ids import parse_id
from folkmoot.surfaces.web.answering import answer_words, choices_of
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.quality import (
    ClosedLine,
    PracticeCasesPage,
    PracticeEditPage,
    PracticeLine,
)
from folkmoot.surfaces.web.rendering import cut
from folkmoot.surfaces.web.showing import PER_PAGE, pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect
from folkmoot.surfaces.web.wording import harm_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from folkmoot.domain.review.model import Case
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/desk/practice/cases"
_LEAD = Permission.MANAGE_RULES
_FIELDS = ("case", "kind", "language", "text", "about", "rule", "low", "high", "reasons", "media")
_EXCERPT = 90
_LATEST = 1 << 62


@router.get(HERE, permission=_LEAD)
def practice_cases(visit: Visit) -> Answer:
    """What is practised with, and the latest closed cases."""
    tx = visit.tx
    live = queries.list_practice(tx, stretch(visit))
    results = queries.map_results(tx, [case.id for case in live])
    rules = list_rules(tx)
    closed = queries.list_closed_cases(tx, before=visit.number("before") or _LATEST, limit=PER_PAGE)
    shown = _closed_lines(visit, closed)
    taken = set(queries.list_shipped_taken_up(tx))
    page = PracticeCasesPage(
        frame=frame(visit),
        cases=tuple(
            PracticeLine(
                id=str(case.id),
                excerpt=cut(case.text, _EXCERPT),
                language=case.language,
                answer=answer_words(rules, case.rule_code, case.low),
                shipped=bool(case.shipped),
                answered=found.answered if (found := results.get(case.id)) else None,
                right=found.right if found else None,
            )
            for case in live
        ),
        closed=shown,
        shipped=len(set(shipped_cases()) - taken),
        pager=pager(visit, [case.id for case in live], path=HERE),
        older_closed=f"{HERE}?before={shown[-1].closed_at}#closed"
        if len(shown) == PER_PAGE
        else "",
    )
    return show(visit, page)


def _closed_lines(visit: Visit, cases: Sequence[Case]) -> tuple[ClosedLine, ...]:
    """Closed cases by whom they were about."""
    known = list_accounts(visit.tx, sorted({case.account_id for case in cases}))
    lines = []
    for case in cases:
        about = known.get(case.account_id)
        name = f"@{about.acct}" if about else "somebody who is gone"
        is_post = case.subject_kind == SubjectKind.POST
        lines.append(
            ClosedLine(
                id=str(case.id),
                title=f"A post by {name}" if is_post else f"The account {name}",
                harm=harm_words(case.harm),
                closed_at=case.closed_at or 0,
            )
        )
    return tuple(lines)


@router.post(f"{HERE}/take-up", permission=_LEAD)
def take_up(visit: Visit) -> Answer:
    """Takes up the cases that ship with the program."""
    actions.take_up_shipped(visit.tx, visit.me.account.id)
    return redirect(visit, HERE, notice="practice-added")


@router.post(f"{HERE}/prepare", permission=_LEAD)
def prepare(visit: Visit) -> Answer:
    """A closed case with names and links taken out, to be edited. What of it not everybody can see
    is recorded as a look, so this is no mere reading.
    """
    made = actions.prepare_practice(visit.tx, visit.me.account.id, parse_id(visit.field("case")))
    draft = made.draft
    values = {
        "case": str(made.case.id),
        "kind": str(draft.subject_kind),
        "language": draft.language,
        "text": draft.text,
        "about": draft.about,
        "rule": draft.rule_code,
        "low": str(draft.low),
        "high": str(draft.high),
        "reasons": draft.reasons,
    }
    return show(visit, _edit_page(visit, Form(values=values), made.media))


def _edit_page(visit: Visit, form: Form, media: Sequence[tuple[int, str]]) -> PracticeEditPage:
    kind = _kind(form.values.get("kind", ""))
    return PracticeEditPage(
        frame=frame(visit),
        form=form,
        choices=choices_of(list_rules(visit.tx), kind),
        pictures=tuple((str(one), words or "Without a description") for one, words in media),
    )


def _add_again(visit: Visit, refusal: Refusal) -> Answer:
    case = get_case(visit.tx, parse_id(visit.field("case")))
    media = queries.list_choosable(visit.tx, case)
    page = _edit_page(visit, form_of(visit, refusal, *_FIELDS), media)
    return show(visit, page, status=422)


@router.post(f"{HERE}/add", permission=_LEAD, again=_add_again)
def add(visit: Visit) -> Answer:
    """Keeps what was made of it."""
    typed = visit.typed(*_FIELDS)
    draft = PracticeDraft(
        subject_kind=_kind(typed["kind"]),
        text=typed["text"].replace("\r\n", "\n"),
        about=typed["about"].replace("\r\n", "\n"),
        language=typed["language"][:20],
        rule_code=typed["rule"],
        low=_step(typed["low"], "low"),
        high=_step(typed["high"], "high"),
        reasons=typed["reasons"].replace("\r\n", "\n"),
        case_id=parse_id(typed["case"]) or None,
        attachment_id=parse_id(typed["media"]) or None,
    )
    actions.add_practice(visit.tx, visit.me.account.id, draft)
    return redirect(visit, HERE, notice="practice-added")


@router.post(f"{HERE}/{{id}}/retire", permission=_LEAD)
def retire(visit: Visit) -> Answer:
    """Takes a case out of practice."""
    actions.retire_practice(visit.tx, visit.me.account.id, visit.part())
    return redirect(visit, HERE, notice="practice-retired")


def _kind(typed: str) -> SubjectKind:
    return SubjectKind.ACCOUNT if typed == SubjectKind.ACCOUNT else SubjectKind.POST


def _step(typed: str, field: str) -> Step:
    try:
        return Step(typed)
    except ValueError:
        raise StepMissing(field=field) from None
