"""A decision while it is written: its form, what was typed, and how the member will read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions.model import (
    LADDER,
    POSSIBLE,
    Decision,
    Draft,
    Ground,
    Step,
    SubjectKind,
    propose,
)
from folkmoot.domain.policy.model import Action
from folkmoot.domain.policy.queries import list_rules
from folkmoot.kit import clock
from folkmoot.kit.errors import Invalid
from folkmoot.surfaces.web.pages.cases import DecideForm, Proposed, Statement
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.redress import Speaker
from folkmoot.surfaces.web.routes.statements import statement_facts, statement_title
from folkmoot.surfaces.web.wording import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from folkmoot.domain.decisions.model import Severity
    from folkmoot.domain.policy.model import Rule
    from folkmoot.domain.review.model import Case
    from folkmoot.surfaces.web.visits import Visit

TYPED = (
    *("rule_code", "step", "ends_at", "facts", "ground", "law", "label"),
    *("unfounded", "more", "cases"),
)
_LASTS = tuple(days * clock.DAY for days in (1, 3, 7, 14, 30, 90, 365))
_ON = {"post": "The post", "account": "The account"}


class StepMissing(Invalid):
    """Choose what is done"""


class RuleMissing(Invalid):
    """Choose the rule that this is about"""


class Typed(msgspec.Struct, frozen=True):
    """A decision as it was typed."""

    draft: Draft
    on_account: bool


def read_draft(visit: Visit) -> Typed:
    """What the form says; RuleMissing, StepMissing, and later what the rooms refuse."""
    if not visit.field("rule_code"):
        raise RuleMissing(field="rule_code")
    on, _, step = visit.field("step").partition(":")
    if on not in _ON or step not in set(Step) - {Step.HOLD}:
        raise StepMissing(field="step")
    ground = visit.field("ground")
    lasts = visit.field("ends_at")
    ends = lasts.isascii() and lasts.isdigit() and len(lasts) < 15 and step != Step.NO_ACTION
    draft = Draft(
        step=Step(step),
        rule_code=visit.field("rule_code"),
        facts=visit.field("facts").replace("\r\n", "\n"),
        ground=Ground.LAW if ground == Ground.LAW else Ground.TERMS,
        law=visit.field("law") if ground == Ground.LAW else "",
        label=visit.field("label") if step == Step.LABEL else "",
        ends_at=visit.tx.now + int(lasts) if ends else None,
    )
    return Typed(draft, on == "account")


def decide_form(
    visit: Visit,
    case: Case,
    strikes: int,
    form: Form,
    statement: Statement | None = None,
) -> DecideForm:
    """The form, filled with what was typed or else with what the desk proposes."""
    kind = SubjectKind(case.subject_kind if case.subject_id is not None else "account")
    rules = list_rules(visit.tx)
    rule = _rule_of(rules, case, form)
    proposal = None
    values = {"ground": Ground.TERMS.value, **form.values}
    if rule is not None:
        found = propose(rule, kind, severity=_severity(case), strikes=strikes, reach=case.reach)
        proposal = Proposed(
            rule=rule.code,
            step=STEPS[found.step],
            lasts=_span(found.lasts_ms) if found.lasts_ms else "until it is looked at again",
            why=found.why,
        )
        if not form.values:
            values |= {
                "rule_code": rule.code,
                "step": f"{kind}:{found.step}",
                "ends_at": str(found.lasts_ms or ""),
            }
    lasts = {*_LASTS, *([int(values["ends_at"])] if values.get("ends_at", "").isdigit() else [])}
    return DecideForm(
        form=Form(values=values, errors=form.errors, problem=form.problem),
        rules=(("", "Choose a rule"), *((one.code, _title(one)) for one in rules)),
        steps=tuple(_steps(kind, rule)),
        lasts=(
            ("", "Until somebody looks again, in half a year"),
            *((str(each), _span(each)) for each in sorted(lasts)),
        ),
        proposed=proposal,
        statement=statement,
        on_post=kind == SubjectKind.POST,
    )


def _severity(case: Case) -> Severity:
    return 3 if case.severity == 3 else 2 if case.severity == 2 else 1


def _rule_of(rules: Sequence[Rule], case: Case, form: Form) -> Rule | None:
    code = form.values.get("rule_code")
    if code:
        return next((one for one in rules if one.code == code), None)
    return next((one for one in rules if one.category == case.harm), None)


def _title(rule: Rule) -> str:
    return f"{rule.words_in('en')[1].title} ({rule.code})"


def _span(milliseconds: int) -> str:
    return f"For {clock.spoken_span(milliseconds)}"


def _steps(kind: SubjectKind, rule: Rule | None) -> Iterator[tuple[str, str, str]]:
    """The ladder: what can be done to the subject, then to its author where that is another; with
    a word about what the rule does not lead to.
    """
    on = [(kind, step) for step in LADDER if step in POSSIBLE[kind]]
    if kind == SubjectKind.POST:
        account = POSSIBLE[SubjectKind.ACCOUNT] - {Step.NO_ACTION}
        on += [(SubjectKind.ACCOUNT, step) for step in LADDER if step in account]
    for each, step in on:
        forbids = rule is not None and not rule.allows(Action(step))
        yield f"{each}:{step}", STEPS[step], f"Not by {rule.code}" if rule and forbids else ""


def state_decision(visit: Visit, decision: Decision) -> Statement:
    """A decision as whom it concerns reads it, in their language."""
    speak = Speaker(get_user(visit.tx, decision.account_id).locale)
    return Statement(
        tongue=speak.tag,
        title=speak(statement_title(decision)),
        happened=speak("statement.happened"),
        facts=decision.facts,
        told=decision.restricts,
        label_heading=speak("statement.label") if decision.label else "",
        label=decision.label,
        items=statement_facts(visit, decision, speak),
    )
