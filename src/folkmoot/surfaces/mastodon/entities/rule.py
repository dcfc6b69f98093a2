"""Rule."""

from collections.abc import Iterable

import msgspec

from folkmoot.domain.policy.model import Rule as DomainRule


class RuleTranslation(msgspec.Struct):
    """A rule in another language."""

    text: str
    hint: str


class Rule(msgspec.Struct):
    """A rule that members agree to. Its id stays the same whatever the version of the rules."""

    id: str
    text: str
    hint: str
    translations: dict[str, RuleTranslation]


def build_rule(rule: DomainRule, languages: Iterable[str]) -> Rule:
    """The entity of a rule, in the first of the languages that it has and all others it has."""
    language, words = rule.words_in(*languages)
    translations = {
        other: RuleTranslation(translated.title, translated.text)
        for other, translated in rule.words.items()
        if other != language
    }
    # Clients look for their own locale first, then for its language alone.
    for other in list(translations):
        translations.setdefault(other.partition("-")[0], translations[other])
    return Rule(id=str(rule.id), text=words.title, hint=words.text, translations=translations)
