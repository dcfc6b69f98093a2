"""What receipts and statements have in common: decisions in words, and how they are contested."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from folkmoot.domain.appeals.model import By, State
from folkmoot.domain.appeals.queries import list_independent_of
from folkmoot.domain.policy.queries import get_rule_of_version
from folkmoot.domain.words.model import language_for, say, tag_of
from folkmoot.kit.clock import spoken
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.about import Fact
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.redress import Contest, Passage
from folkmoot.surfaces.web.rendering import bare
from folkmoot.surfaces.web.showing import show

if TYPE_CHECKING:
    from folkmoot.domain.appeals.model import Appeal
    from folkmoot.domain.decisions.model import Decision
    from folkmoot.surfaces.web.pages.frame import Frame, Page
    from folkmoot.surfaces.web.visits import Answer, Visit


class Speaker:
    """Says the catalogue's words in one language."""

    def __init__(self, locale: str) -> None:
        self.language = language_for(locale)
        self.tag = tag_of(self.language)

    def __call__(self, key: str, /, **facts: object) -> str:
        return say(self.language, key, **facts)

    @property
    def tongue(self) -> str:
        """The language of the words for markup, where it is not the page's own."""
        return "" if self.tag == "en" else self.tag


def keyed_frame(visit: Visit, key: str) -> Frame:
    """The frame of a page with a secret address, to which its forms can return."""
    made = frame(visit)
    return msgspec.structs.replace(made, path=f"{made.path}?key={key}") if key else made


def show_secretly(visit: Visit, page: Page) -> Answer:
    """A page whose address is a secret: no search engine keeps it. That no link tells it on to
    other sites is so of every page; `no-referrer` would also hide from us where its forms come
    from, for which browsers then say `null`."""
    answer = show(visit, page)
    answer.headers.append(("x-robots-tag", "noindex, noarchive"))
    return answer


def rule_fact(visit: Visit, decision: Decision, speak: Speaker) -> Fact:
    """The rule as it was worded when the decision was taken, and where it stands."""
    rule = get_rule_of_version(visit.tx, decision.version_id, decision.rule_code)
    language, words = rule.words_in(speak.language, *visit.app.settings.instance.languages)
    said = speak(
        "receipt.rule_value", title=words.title, code=rule.code, version=decision.version_id
    )
    return Fact(speak("receipt.rule"), said, rule_url(decision, language))


def rule_url(decision: Decision, language: str = "") -> str:
    """Where the rule of a decision stands, in the version by which it was taken."""
    asked = f"?lang={language}" if language else ""
    return f"/rules/versions/{decision.version_id}{asked}#{decision.rule_code}"


def detection_words(decision: Decision, speak: Speaker) -> str:
    """Whether automation found it: from what is stored, never from what somebody ticked."""
    if decision.detected_automatically:
        return speak("automation.detected", detector=decision.detector)
    return speak("automation.not_detected")


def decision_words(decision: Decision, speak: Speaker) -> str:
    """Whether automation decided it, and otherwise under which names who did is in the log."""
    if decision.automated:
        return speak("automation.decided")
    if decision.seconder:
        return speak("automation.agreed", decider=decision.decider, seconder=decision.seconder)
    return speak("automation.not_decided", decider=decision.decider)


def contest_form(
    visit: Visit, decision: Decision, speak: Speaker, *, action: str, key: str, form: Form
) -> Contest:
    """What can be done about a decision that nobody has contested yet."""
    until = decision.contestable_until()
    by_author = action.startswith("/statements/")
    heading = speak("statement.contest" if by_author else "receipt.appeal")
    if visit.tx.now > until:
        over = speak("receipt.appeal_over", until=spoken(until))
        return _with_other_ways(visit, Contest(heading=heading, notes=(over,)), speak)
    hint = "statement.contest_hint" if by_author else "receipt.appeal_hint"
    made = Contest(
        heading=heading,
        notes=() if _somebody(visit, decision) else (speak("receipt.appeal_nobody"),),
        action=action,
        key=key,
        hint=speak(hint, until=spoken(until)),
        label=speak("receipt.appeal_field"),
        button=speak("receipt.appeal_button"),
        form=form,
    )
    return _with_other_ways(visit, made, speak)


def contested(visit: Visit, decision: Decision, appeal: Appeal, speak: Speaker) -> Contest:
    """What became of an appeal."""
    mine = Passage(heading=speak("receipt.your_words"), text=appeal.text)
    if appeal.state == State.OPEN:
        sent = "statement.sent" if appeal.by == By.AUTHOR else "receipt.appeal_sent"
        made = Contest(
            heading=speak(sent), notes=(_waits(visit, decision, appeal, speak),), passages=(mine,)
        )
    else:
        upheld = appeal.state == State.UPHELD
        answer = Passage(heading=speak("receipt.answer"), text=appeal.answer)
        made = Contest(
            heading=speak("receipt.appeal_upheld" if upheld else "receipt.appeal_rejected"),
            passages=(answer, mine),
        )
    return _with_other_ways(visit, made, speak)


def _waits(visit: Visit, decision: Decision, appeal: Appeal, speak: Speaker) -> str:
    if not _somebody(visit, decision):
        return speak("receipt.appeal_nobody")
    late = "receipt.appeal_late" if visit.tx.now > appeal.due_at else "receipt.appeal_by"
    return speak(late, until=spoken(appeal.due_at))


def _somebody(visit: Visit, decision: Decision) -> bool:
    return bool(list_independent_of(visit.tx, decision))


def _with_other_ways(visit: Visit, made: Contest, speak: Speaker) -> Contest:
    """What is open beside the appeal: bodies that the operator names, and the courts."""
    bodies = tuple(_body(text) for text in visit.app.settings.instance.dispute_bodies)
    return msgspec.structs.replace(
        made,
        elsewhere=speak("receipt.elsewhere"),
        court=speak("receipt.court"),
        bodies_lead=speak("receipt.bodies") if bodies else "",
        bodies=bodies,
    )


def _body(text: str) -> Fact:
    name, _, url = text.strip().rpartition(" ")
    return Fact(name, bare(url), url) if name and "://" in url else Fact("", text.strip())
