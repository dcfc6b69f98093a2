"""Rule."""

import msgspec

from folkmoot.domain.policy.model import Rule as DomainRule
from folkmoot.domain.policy.model import decode_translations


class RuleTranslation(msgspec.Struct):
    """A rule in another language."""

    text: str
    hint: str


class Rule(msgspec.Struct):
    """A rule that members agree to."""

    id: str
    text: str
    hint: str
    translations: dict[str, RuleTranslation]


def build_rule(rule: DomainRule) -> Rule:
    """The entity of a rule."""
    return Rule(
        id=str(rule.id),
        text=rule.text,
        hint=rule.hint,
        translations={
            language: RuleTranslation(translated.text, translated.hint)
            for language, translated in decode_translations(rule).items()
        },
    )
