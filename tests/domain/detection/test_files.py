"""Detectors as text files: what is accepted, and what is said where when it is not."""

import re
from pathlib import Path

import pytest

from domain.detection.detectors import detector_file
from folkmoot.domain.deeds.model import FACTS
from folkmoot.domain.detectors.model import (
    DetectorInvalid,
    Effect,
    read_detector,
    shipped_detectors,
)
from folkmoot.domain.policy.model import Category


def problems(source: str) -> list[tuple[int, int, str]]:
    with pytest.raises(DetectorInvalid) as caught:
        read_detector(source)
    return [(each.line, each.column, each.sentence) for each in caught.value.problems]


def where(source: str, piece: str) -> tuple[int, int]:
    at = source.index(piece)
    return source.count("\n", 0, at) + 1, at - (source.rfind("\n", 0, at) + 1) + 1


def test_a_sound_file_is_read_whole() -> None:
    parts = (
        '[words]\nw = ["zebra"]\nk = "list:known-words"\n'
        "[patterns]\np = '\\bz[0-9]{2}\\b'\n"
        '[domains]\nd = ["evil.example"]\nf = "list:phishing"'
    )
    condition = "found.w || count.k > 0 || found.p || found.d || found.f"
    read = read_detector(detector_file(parts=parts, condition=condition))
    assert read.lists == {"known-words", "phishing"}
    assert read.rule == "spam-1"
    assert [example.match for example in read.examples] == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "piece", "sentence"),
    [
        ("'''found.w'''", "'''\nfound.w\n  && size(text.body) > 3'''", "size(", "counts bytes"),
        ("'''found.w'''", "'found.w && found.x'", "found.x", "no fact found.x"),
        ('"zebra", "zebras"', '"zebra", "a"', '"a"', "single letter"),
        ('do = "open-case"', 'do = "delete"', "delete", "never deletes and never suspends"),
        ('do = "open-case"', 'do = "suspend"', "suspend", "never deletes and never suspends"),
        ('do = "open-case"', 'do = "hold"\nhours = 1000', "1000", "from 1 to 72 hours"),
        ('do = "open-case"', 'do = "label"', "effect]", "only a label"),
        ('name = "zebra-words"', 'name = "Zebra words"', "Zebra", "small letters"),
        ("Looks for what the tests write, and for nothing", "Looks", "Looks that", "40 to 2,000"),
        ('rule = "spam-1"', 'ruel = "spam-1"', "ruel", "unknown field"),
        ('w = ["zebra", "zebras"]', "w = [1]", "words]", "Expected"),
        ('w = ["zebra", "zebras"]', 'w = ["zebra"', "[effect]", ""),
        ("[effect]", "[patterns]\np = 'a(b'\n[effect]", "a(b", "missing )"),
        ("[effect]", "[patterns]\np = 'ab(?=c)'\n[effect]", "(?=c", "look ahead"),
        ("[effect]", "[words.more]\n[effect]", "words]", "Expected"),
        ("[effect]", '[domains]\nd = ["Evil.Example"]\n[effect]', "Evil.Example", "small letters"),
        ("[effect]", '[domains]\nw = ["evil.example"]\n[effect]', '"evil', "something else too"),
        ("a horse", "another zebra", "another zebra", "this is found"),
        ("a zebra", "another horse", "another horse", "and is not"),
        ("match = true", "match = false", "tests]]", "at least one test"),
        ("match = true", "match = true\naccount.age_days = 1.5", "1.5", "whole number"),
        ("match = true", "match = true\naccount.agee = 1", "1\n", "no fact account.agee"),
        ("match = true", "match = true\nlinks.count = 1", "1\n", "follows from the text"),
        ("match = true", "match = 1", "tests]]", "match = true or false"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(old: str, new: str, piece: str, sentence: str) -> None:
    source = detector_file()
    assert old in source
    source = source.replace(old, new, 1)
    found = problems(source)
    line, column = where(source, piece)
    assert any(
        at_line == line and abs(at_column - column) <= 8 and sentence in said
        for at_line, at_column, said in found
    ), (found, line, column)


def test_every_problem_is_told_at_once() -> None:
    parts = "[words]\nw = [\"a\"]\n[patterns]\np = '('"
    found = problems(detector_file(parts=parts, condition="found.w && found.p && nothing.such"))
    assert len(found) == 3
    assert [line for line, *_ in found] == sorted(line for line, *_ in found)


def test_a_name_that_the_condition_never_asks_for_is_pointed_out() -> None:
    found = problems(detector_file(parts='[words]\nw = ["zebra"]\nunused = ["horse"]'))
    assert "found.unused" in found[0][2]


def test_a_test_that_cannot_be_decided_is_a_problem() -> None:
    source = detector_file(
        condition="found.w && 10 / account.followers > 0", facts="account.followers = 0"
    )
    assert "cannot be decided" in problems(source)[0][2]


def test_a_file_cannot_grow_without_end() -> None:
    assert "at most" in problems(detector_file() + "#" * 200_000)[0][2]


def test_effects_never_delete_or_suspend() -> None:
    assert {effect.value for effect in Effect} == {
        *("open-case", "label", "screen", "slow-down", "hold")
    }


@pytest.mark.parametrize("source", shipped_detectors(), ids=lambda source: source.split('"')[1])
def test_shipped_detectors_are_sound_and_touch_no_opinion(source: str) -> None:
    """Refusal 1: their rules are of the shipped categories, and no word of theirs is about
    politics, officials, religion, protest, assembly or association.
    """
    read = read_detector(source)
    assert Category(read.rule.rpartition("-")[0])
    assert read.effect.do is Effect.OPEN_CASE
    assert len(read.examples) >= 3
    assert not _OPINION.search(source)


_OPINION = re.compile(
    r"politi|government|president|minister|official|police|party|election|vote|regime|democra"
    r"|communis|protest|demonstrat|strike|march|petition|assembl|union|church|mosque|relig|muslim"
    r"|christ|jew|falun|tibet|taiwan|xinjiang|tiananmen|政府|主席|总理|官员|警察|共产|党|选举|民主"
    r"|抗议|示威|罢工|游行|集会|结社|宗教|教会|法轮|西藏|台湾|新疆|天安门",
    re.IGNORECASE,
)


def test_facts_are_described() -> None:
    assert len({fact.name for fact in FACTS}) == len(FACTS)
    assert all(len(fact.meaning) > 10 for fact in FACTS)


def test_the_document_lists_every_fact_as_it_is() -> None:
    document = (Path(__file__).parents[3] / "docs/policy-language.md").read_text(encoding="utf-8")
    table = document.partition("<!-- facts:")[2].partition("<!-- end of facts")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{fact.name}`{'' if fact.ready else ' *'} | {fact.kind} | {fact.meaning} |"
        for fact in FACTS
    ]


def test_the_example_of_the_document_is_sound() -> None:
    document = (Path(__file__).parents[3] / "docs/policy-language.md").read_text(encoding="utf-8")
    assert read_detector(document.partition("```toml\n")[2].partition("```")[0])
