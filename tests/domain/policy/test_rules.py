"""What rules may be: the categories of harm, the steps of the ladder, how they are stated."""

import re

import msgspec
import pytest

from folkmoot.domain.policy.model import (
    Action,
    Category,
    Kind,
    RuleDraft,
    RulesInvalid,
    check_rules,
    compare_rules,
    draft_of,
    fill_facts,
    format_rules,
    parse_rules,
    shipped_documents,
    shipped_rules,
    statement_categories,
    statement_mapping,
)
from folkmoot.kit.settings import Instance, Settings

DRAFTS = [draft_of(rule) for rule in shipped_rules()]

# Whom and what no rule may be about. They may be named as what is not covered.
REFUSED = re.compile(
    r"politic|opinion|govern|officials?\b|minister|president|state organ|party|parties|election"
    r"|religio|faith|church|mosque|protest|demonstrat|strike|assembl|associat|critici|rumou?r"
    r"|政治|政府|官员|领导|政党|选举|宗教|教会|抗议|示威|罢工|集会|结社|批评|谣言|国家|社会秩序",
    re.IGNORECASE,
)


def test_the_categories_are_those_that_may_ship() -> None:
    assert [category.value for category in Category] == [
        *("violence", "hate", "harassment", "sexual-exploitation", "intimate-content"),
        *("self-harm", "scams", "spam", "impersonation", "private-information"),
        *("intellectual-property", "illegal-goods", "adult-content"),
    ]
    assert [rule.category for rule in shipped_rules()] == list(Category)


@pytest.mark.parametrize("rule", shipped_rules(), ids=lambda rule: rule.code)
def test_no_shipped_rule_is_against_opinions_or_faith_or_protest(rule: RuleDraft) -> None:
    for words in rule.words.values():
        for text in (words.title, words.text, *words.covered):
            assert not REFUSED.search(text), text


def test_shipped_rules_can_be_published_and_are_in_both_languages() -> None:
    check_rules(DRAFTS)
    assert {tuple(rule.words) for rule in DRAFTS} == {("en", "zh-CN")}


def test_every_category_is_stated_under_allowed_ones_and_none_about_discourse() -> None:
    mapping, known = statement_mapping(), statement_categories()
    assert list(mapping) == list(Category)
    used = {category for categories in mapping.values() for category in categories}
    assert used <= known.keys()
    assert len(known) == 15  # the sixteenth says that a notifier named none
    refused = {
        "NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
        "RISK_FOR_PUBLIC_SECURITY",
    }
    assert refused <= known.keys() - used
    for rule in DRAFTS:
        named = (rule.statement.category, *rule.statement.additions)
        assert set(named) <= set(mapping[rule.category])
        keywords = {keyword for category in named for keyword in known[category]}
        assert rule.statement.keywords
        assert set(rule.statement.keywords) <= keywords


def test_a_rule_allows_its_actions_and_to_do_nothing() -> None:
    adult = shipped_rules()[-1]
    assert adult.allows(Action.NO_ACTION)
    assert adult.allows(Action.SCREEN)
    assert not adult.allows(Action.SUSPEND)


@pytest.mark.parametrize(
    ("languages", "found"),
    [
        (("zh-CN",), "zh-CN"),
        (("zh",), "zh-CN"),
        (("fr", "en-GB"), "en"),
        (("fr",), "en"),
        ((), "en"),
    ],
)
def test_a_rule_speaks_to_its_reader(languages: tuple[str, ...], found: str) -> None:
    language, words = shipped_rules()[0].words_in(*languages)
    assert language == found
    assert words == DRAFTS[0].words[found]


def test_rules_are_the_same_after_being_written_and_read() -> None:
    assert parse_rules(format_rules(DRAFTS)) == DRAFTS


def _changed(**changes: object) -> list[RuleDraft]:
    return [msgspec.structs.replace(DRAFTS[0], **changes), *DRAFTS[1:]]


def _words(**changes: object) -> dict[str, object]:
    return {
        language: msgspec.structs.replace(words, **changes)
        for language, words in DRAFTS[0].words.items()
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "V1"}, "its code should be violence- and a number, such as violence-2"),
        ({"code": "hate-1"}, "its code should be violence- and a number"),
        ({"actions": ()}, "one or more steps of the ladder above no-action"),
        ({"actions": (Action.NO_ACTION, Action.LABEL)}, "above no-action"),
        ({"actions": (Action.SUSPEND, Action.LABEL)}, "in order, each once: label, suspend"),
        ({"words": {}}, "it needs words in at least one language"),
        ({"words": {"tlh-x": DRAFTS[0].words["en"]}}, "there is no language 'tlh-x'"),
        ({"words": {"en": DRAFTS[0].words["en"]}}, "in the languages of the first: en"),
        ({"words": _words(title=" ")}, "en: its title should be one line"),
        ({"words": _words(text="x" * 1_001)}, "its text should be one line of at most 1000"),
        ({"words": _words(text="a\nb")}, "its text should be one line"),
        ({"words": _words(covered=())}, "needs examples of what is covered"),
        ({"words": _words(covered=("x",) * 11)}, "room for 10 examples"),
        ({"words": _words(not_covered=("x" * 301,))}, "each example should be one line"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(RulesInvalid, match=re.escape(sentence)):
        check_rules(_changed(**changes))


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ({"category": "RISK_FOR_PUBLIC_SECURITY"}, "no statement category for violence"),
        ({"additions": ("VIOLENCE",)}, "names a statement category twice"),
        ({"keywords": ("PHISHING",)}, "PHISHING is no keyword of VIOLENCE"),
    ],
)
def test_what_is_wrong_with_a_statement_is_said(
    statement: dict[str, object], sentence: str
) -> None:
    stated = msgspec.structs.replace(DRAFTS[0].statement, **statement)
    with pytest.raises(RulesInvalid, match=re.escape(sentence)):
        check_rules(_changed(statement=stated))


def test_a_code_stands_once_and_comes_back_never() -> None:
    with pytest.raises(RulesInvalid, match=r"rule 14 \(hate-1\): an earlier rule has this code"):
        check_rules([*DRAFTS, DRAFTS[1]])
    with pytest.raises(RulesInvalid, match=r"rule 2 \(hate-1\): this code was a rule's"):
        check_rules(DRAFTS, retired={"hate-1"})
    with pytest.raises(RulesInvalid, match="between one and 100 rules"):
        check_rules([])


def test_a_file_of_rules_is_refused_with_the_place() -> None:
    text = format_rules(DRAFTS)
    line = text[: text.index('code = "hate-1"')].count("\n")
    with pytest.raises(RulesInvalid, match=rf"line {line}, rule 2 \(hate-1\): .*'opinions'"):
        parse_rules(text.replace('category = "hate"', 'category = "opinions"'))
    with pytest.raises(RulesInvalid, match=r"not TOML: .*line 1"):
        parse_rules("[[rules]")
    with pytest.raises(RulesInvalid, match=r"made of \[\[rules\]\]"):
        parse_rules("rule = 1")
    with pytest.raises(RulesInvalid, match=r"rule 1 \(violence-1\): .*unknown field `hint`"):
        parse_rules(text.replace("actions =", 'hint = "x"\nactions =', 1))


def test_two_sets_of_rules_are_compared_by_code() -> None:
    new = [*_changed(words=_words(title="Be kind"))[:-1], DRAFTS[-1]]
    del new[2]
    whats = {change.code: change.what for change in compare_rules(DRAFTS, new)}
    assert whats["violence-1"] == "changed"
    assert whats["hate-1"] == "as before"
    assert whats["harassment-1"] == "ends"
    assert [c.what for c in compare_rules(new, DRAFTS) if c.code == "harassment-1"] == ["new"]


def test_documents_name_the_facts_of_the_instance() -> None:
    settings = Settings(instance=Instance(title="Moot Hall", operator_name="Ann Reeve"))
    for kind in Kind:
        text = fill_facts(shipped_documents()[kind], settings)
        assert "Moot Hall" in text
        assert not re.search(r"\{\w+\}", text)
    assert fill_facts("{no fact} {unheard_of} {title}", settings) == (
        "{no fact} {unheard_of} Moot Hall"
    )
