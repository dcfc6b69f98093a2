"""Answers to cases in words: the rules and steps to choose from, and what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.policy.model import Action
from folkmoot.domain.practice.model import steps_for
from folkmoot.surfaces.web.pages.quality import Choices, Decided
from folkmoot.surfaces.web.wording import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from folkmoot.domain.decisions.model import SubjectKind
    from folkmoot.domain.policy.model import Rule


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
