"""Samples of the pages about the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from folkmoot.kit.clock import DAY
from folkmoot.kit.text import compare_paragraphs, compare_words
from folkmoot.surfaces.web.pages import rules
from folkmoot.surfaces.web.pages.frame import Due, Frame

if TYPE_CHECKING:
    from folkmoot.surfaces.web.pages.frame import Page

NOON = 1_763_900_000_000


def at(frame: Frame, path: str) -> Frame:
    return msgspec.structs.replace(frame, path=path)


SHOWN_RULES = (
    rules.ShownRule(
        code="harassment-1",
        title="Do not harass people",
        text="Whoever wants to be left alone by you is to be left alone. Do not get around a "
        "block, and do not send others after someone.",
        covered=("Writing again and again to someone who asked you to stop.", "Call-outs."),
        not_covered=("Disagreeing, even sharply.", "Holding people in office to account."),
        category="Harassment",
        actions=("A label or context on the post", "The post is withheld", "Suspension"),
    ),
    rules.ShownRule(
        code="adult-content-1",
        title="Put a warning on adult content",
        text="Mark such media as sensitive, so that everybody can choose.",
        covered=("A nude as an avatar.",),
        not_covered=("The same picture with a warning.",),
        category="Adult content without a warning",
        actions=("Media behind a warning",),
    ),
)
VERSIONS = (
    rules.VersionLine(
        number=3,
        published_at=NOON,
        effective_from=NOON + 15 * DAY,
        state="to come",
        grace_until=NOON + 105 * DAY,
        pauses=True,
        note="We say more plainly what harassment is.",
    ),
    rules.VersionLine(
        number=2,
        published_at=NOON - 90 * DAY,
        effective_from=NOON - 60 * DAY,
        state="in force",
        grace_until=NOON + 30 * DAY,
    ),
    rules.VersionLine(
        number=1, published_at=NOON - 400 * DAY, effective_from=NOON - 400 * DAY, state="over"
    ),
)
TONGUES = (
    rules.Tongue("en", "English", "/rules?lang=en", True),
    rules.Tongue("zh-CN", "简体中文", "/rules?lang=zh-CN", False),
)
CHANGES = (
    rules.ComparedRule(
        "harassment-1",
        "Do not pursue people",
        "changed",
        (
            rules.ComparedPart(
                "Title", (compare_words("Do not harass people", "Do not pursue people"),)
            ),
            rules.ComparedPart(
                "Covered", compare_paragraphs("Call-outs.\n\nSpite.", "Call-outs.\n\nPile-ons.")
            ),
        ),
    ),
    rules.ComparedRule(
        "spam-2",
        "No adverts",
        "new",
        (rules.ComparedPart("Title", (compare_words("", "No adverts"),)),),
    ),
    rules.ComparedRule("scams-1", "No scams", "changed", ()),
    rules.ComparedRule(
        "hate-2",
        "No insults",
        "ends",
        (rules.ComparedPart("Title", (compare_words("No insults", ""),)),),
    ),
)


def rule_pages(visitor: Frame, member: Frame) -> dict[str, Page]:
    """Each page about the rules, for a visitor or a member."""
    coming, current, past = VERSIONS
    due = Due(effective_from=NOON - DAY, due_at=NOON + DAY, begun=True)
    paused = Due(effective_from=NOON - 99 * DAY, due_at=NOON - DAY, begun=True, paused=True)
    return {
        "rules": rules.RulesPage(
            frame=at(visitor, "/rules"),
            version=current,
            language="en",
            tongues=TONGUES,
            rules=SHOWN_RULES,
            successor=coming,
        ),
        "rules_past": rules.RulesPage(
            frame=msgspec.structs.replace(member, due=due),
            version=past,
            language="zh-CN",
            tongues=TONGUES[::-1],
            rules=SHOWN_RULES,
        ),
        "rule_versions": rules.VersionsPage(
            frame=at(visitor, "/rules/versions"), versions=VERSIONS, notice_days=14, grace_days=90
        ),
        "rule_changes": rules.ComparePage(
            frame=msgspec.structs.replace(member, due=paused),
            old=current,
            new=coming,
            versions=VERSIONS,
            language="en",
            tongues=TONGUES,
            rules=CHANGES,
            unchanged=11,
            documents=(
                rules.ComparedDocument(
                    "Terms of service",
                    (None, *compare_paragraphs("# Terms\n\nBe good.", "# Terms\n\nBe kind."), None),
                ),
            ),
        ),
        "rule_changes_none": rules.ComparePage(
            frame=visitor,
            old=past,
            new=past,
            versions=(past,),
            language="en",
            tongues=TONGUES,
            rules=(),
            unchanged=13,
            documents=(),
        ),
        "rules_accept": rules.AcceptPage(
            frame=at(member, "/rules/accept"),
            version=coming,
            due_at=NOON + 105 * DAY,
            compare_url="/rules/compare?from=2&to=3",
        ),
        "rules_accept_paused": rules.AcceptPage(
            frame=msgspec.structs.replace(at(member, "/rules/accept"), due=paused),
            version=current,
            due_at=NOON - DAY,
            paused=True,
            compare_url="/rules/compare?from=1&to=2",
        ),
        "rules_accepted": rules.AcceptPage(frame=at(member, "/rules/accept"), version=None),
    }
