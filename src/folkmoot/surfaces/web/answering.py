"""Answers to cases in words: the rules and steps to choose from, what was chosen, and how far
those who choose agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from folkmoot.domain.policy.model import Action
from folkmoot.domain.policy.queries import list_rules
from folkmoot.domain.practice.model import steps_for
from folkmoot.domain.quality.model import Grade, grade
from folkmoot.domain.quality.queries import list_agreement
from folkmoot.kit.clock import DAY
from folkmoot.surfaces.web.pages.quality import Agreed, Choices, Decided
from folkmoot.surfaces.web.wording import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from folkmoot.domain.decisions.model import SubjectKind
    from folkmoot.domain.policy.model import Rule
    from folkmoot.domain.quality.model import Agreement
    from folkmoot.kit.agreement import Reliability
    from folkmoot.surfaces.web.visits import Visit

_WORDS = {
    Grade.GOOD: "They agree well",
    Grade.FAIR: "They agree, but not well enough to rely on it",
    Grade.POOR: "They agree poorly",
    Grade.UNKNOWN: "Too few cases to say",
}


def step_words(step: str) -> str:
    """What a step of the ladder is called."""
    return ACTIONS[Action(step)]


def title_of(rule: Rule, language: str = "en") -> str:
    """A rule's title and code."""
    return f"{rule.words_in(language)[1].title} ({rule.code})"


def choices_of(rules: Iterable[Rule], kind: SubjectKind) -> Choices:
    """What can be chosen of a case, from the mildest step on."""
    return Choices(
        rules=(("", "Choose a rule"), *((rule.code, title_of(rule)) for rule in rules)),
        steps=(
            ("", "Choose a step"),
            *((str(step), step_words(step)) for step in steps_for(kind)),
        ),
    )


def answer_words(rules: Sequence[Rule], rule_code: str, step: str) -> Decided:
    """An answer in words; a rule that is not among these keeps its code."""
    known = next((rule for rule in rules if rule.code == rule_code), None)
    return Decided(step_words(step), title_of(known) if known else rule_code)


def told_agreement(visit: Visit) -> tuple[Agreed, ...]:
    """How far reviewers agree, as far as everybody may know; worked out once a day, so that nobody
    can tell a single answer by what it changes.
    """
    kept: Any = visit.app.built.get("told agreement")
    if kept is None or kept[0] < visit.tx.now - DAY:
        titles = {rule.code: title_of(rule) for rule in list_rules(visit.tx)}
        found = list_agreement(visit.tx, published=True)
        kept = (visit.tx.now, tuple(agreed(one, titles, published=True) for one in found))
        visit.app.built.put("told agreement", kept)
    made: tuple[Agreed, ...] = kept[1]
    return made


def agreed(found: Agreement, titles: dict[str, str], *, published: bool) -> Agreed:
    """How far reviewers agree on a rule, in words and numbers; `titles` by the rules' codes."""
    return Agreed(
        rule=titles.get(found.rule_code, found.rule_code),
        code=found.rule_code,
        cases=found.cases,
        on_rule=_words(found, found.on_rule),
        rule_value=_value(found.on_rule),
        on_step=_words(found, found.on_step),
        step_value=_value(found.on_step),
        published=published,
    )


def _words(found: Agreement, on: Reliability | None) -> str:
    if on is None and found.cases:
        return "All came to the same: there is nothing to compare"
    return _WORDS[grade(on)]


def _value(on: Reliability | None) -> str:
    return "" if on is None else f"{on.alpha:.2f} ({on.low:.2f} to {on.high:.2f})"
