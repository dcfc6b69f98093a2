"""/statements/…: a decision as whom it concerns reads and contests it, signed in or by the key in
their letter; /settings/decisions lists all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.appeals.actions import appeal_as_author
from folkmoot.domain.appeals.model import By
from folkmoot.domain.appeals.queries import find_appeal, list_of_author
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions.model import DecisionNotFound, Ground, Step, SubjectKind, code_of
from folkmoot.domain.decisions.queries import (
    get_decision_by_key,
    get_own_decision,
    get_proof,
    list_in_force,
    list_restrictions,
)
from folkmoot.domain.posts.queries import find_post
from folkmoot.kit.clock import spoken
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.about import Fact
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.redress import (
    Contest,
    DecisionLine,
    DecisionsPage,
    OutcomePage,
    Passage,
    SuspendedPage,
    Suspension,
    Tone,
)
from folkmoot.surfaces.web.presenting import account_path
from folkmoot.surfaces.web.redress import (
    Speaker,
    contest_form,
    contested,
    decision_words,
    detection_words,
    keyed_frame,
    rule_fact,
    show_secretly,
)
from folkmoot.surfaces.web.rendering import cut, plain
from folkmoot.surfaces.web.routes.data import attached
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.domain.decisions.model import Decision
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/statements/{id}"


def _key(visit: Visit) -> str:
    return visit.query("key") or visit.field("key")


def _open(visit: Visit) -> Decision:
    """The decision, for whoever has its key or is the one it concerns; DecisionNotFound also of
    those that did nothing, since nobody is told that they were reported."""
    if key := _key(visit):
        found = get_decision_by_key(visit.tx, visit.part(), key)
    else:
        found = get_own_decision(visit.tx, visit.part(), account_id=visit.me.account.id)
    if not found.restricts:
        raise DecisionNotFound
    return found


@router.get(HERE, suspended=True)
def statement(visit: Visit) -> Answer:
    """The reasons of a decision, where it stands, and how to contest it."""
    return _show(visit, Form())


@router.get(f"{HERE}/proof.json", suspended=True)
def proof(visit: Visit) -> Answer:
    """What proves that the decision stands in the public log, for `folkmoot log verify`: whoever
    has the file can check it, without this server and without an account."""
    decision = _open(visit)
    body = msgspec.json.encode(get_proof(visit.tx, decision))
    return attached(Answer(body), f"{code_of(decision.id)}.json", "application/json")


@router.get("/disputes/strikes/{id}", suspended=True)
def strike(visit: Visit) -> Answer:
    """Where Mastodon's apps lead from a moderation warning."""
    return redirect(visit, f"/statements/{visit.part()}")


def _again(visit: Visit, refusal: Refusal) -> Answer:
    return _show(visit, form_of(visit, refusal, "text"))


@router.post(f"{HERE}/appeal", members=False, rate="reports", again=_again, suspended=True)
def contest(visit: Visit) -> Answer:
    """Contests the decision as whom it concerns."""
    decision, key = _open(visit), _key(visit)
    appeal_as_author(visit.tx, decision.id, visit.field("text"))
    there = f"/statements/{decision.id}" + (f"?key={key}" if key else "")
    return redirect(visit, there, notice="contested")


def _show(visit: Visit, form: Form) -> Answer:
    decision = _open(visit)
    speak = Speaker(get_user(visit.tx, decision.account_id).locale)
    page = OutcomePage(
        frame=keyed_frame(visit, _key(visit)),
        tongue=speak.tongue,
        title=speak(statement_title(decision)),
        lead=speak(f"steps.{decision.step}"),
        state=speak(_state(decision, visit.tx.now)),
        tone=_tone(decision, visit.tx.now),
        text=form.problem or "",
        passages=_passages(visit, decision, speak),
        facts=statement_facts(visit, decision, speak),
        contest=_contest(visit, decision, speak, form),
    )
    return show_secretly(visit, page)


def statement_title(decision: Decision) -> str:
    """The key of what a statement is headed with."""
    of_post = decision.subject_kind == SubjectKind.POST
    return "statement.title_post" if of_post else "statement.title_account"


def _state(decision: Decision, now: int) -> str:
    return "statement.in_force" if decision.holds_at(now) else "statement.ended"


def _tone(decision: Decision, now: int) -> Tone:
    return "warning" if decision.holds_at(now) else "good"


def _passages(visit: Visit, decision: Decision, speak: Speaker) -> tuple[Passage, ...]:
    """What happened, in the words of who decided; the post; the label; why it ended."""
    said = [Passage(heading=speak("statement.happened"), text=decision.facts)]
    if decision.subject_kind == SubjectKind.POST:
        said.append(_post(visit, decision, speak))
    if decision.step == Step.LABEL:
        said.append(Passage(heading=speak("statement.label"), text=decision.label))
    return tuple(said)


def _post(visit: Visit, decision: Decision, speak: Speaker) -> Passage:
    heading = speak("statement.post")
    post = find_post(visit.tx, decision.subject_id) if decision.subject_id else None
    if post is None:
        return Passage(heading=heading, text=speak("statement.post_gone"))
    author = get_account(visit.tx, post.author_id)
    return Passage(
        heading=heading,
        text=cut(post.spoiler_text or plain(post.html), 280),
        language=post.language or None,
        url="" if author.suspended_at else f"{account_path(author)}/{post.id}",
        link=speak("statement.post_words", at=spoken(post.created_at)),
    )


def statement_facts(visit: Visit, decision: Decision, speak: Speaker) -> tuple[Fact, ...]:
    """What a statement of reasons names (DSA, Art. 17), all of it from what is stored."""
    by_law = decision.ground == Ground.LAW
    ground = (
        speak("statement.ground_law", law=decision.law)
        if by_law
        else speak("statement.ground_terms")
    )
    said = [
        Fact(speak("statement.what"), speak(f"steps.{decision.step}")),
        rule_fact(visit, decision, speak),
        Fact(speak("statement.ground"), ground),
        Fact(speak("statement.source"), speak(f"sources.{decision.source}")),
        Fact(speak("statement.detection"), detection_words(decision, speak)),
        Fact(speak("statement.decision"), decision_words(decision, speak)),
        Fact(speak("statement.territory"), speak("statement.everywhere")),
        Fact(speak("statement.since"), spoken(decision.created_at)),
        Fact(speak("statement.until"), _until(decision, speak)),
    ]
    if decision.ended_at is not None:
        why = f"{speak(f'endings.{decision.ending}')} {decision.end_reason}".strip()
        ended = speak("statement.ended_why", at=spoken(decision.ended_at), why=why)
        said.append(Fact(speak("statement.ended_at"), ended))
    address = f"/statements/{decision.id}/proof.json"
    if key := _key(visit):
        address += f"?key={quote(key)}"
    said.append(Fact(speak("statement.log"), speak("statement.proof"), address))
    return tuple(said)


def _until(decision: Decision, speak: Speaker) -> str:
    if decision.ends_at is not None:
        return spoken(decision.ends_at)
    return speak("statement.until_review", until=spoken(decision.review_at or 0))


def _contest(visit: Visit, decision: Decision, speak: Speaker, form: Form) -> Contest | None:
    appeal = find_appeal(visit.tx, decision.id, By.AUTHOR)
    if appeal is not None:
        return contested(visit, decision, appeal, speak)
    if not decision.contestable:
        return None
    action = f"/statements/{decision.id}/appeal"
    return contest_form(visit, decision, speak, action=action, key=_key(visit), form=form)


@router.get("/auth/suspended", suspended=True)
def suspended(visit: Visit) -> Answer:
    """Where the door leads who has signed in to a suspended account; others go their way."""
    reader = visit.reader
    if reader is None or not reader.suspended:
        return redirect(visit, "/home")
    me = reader.account
    speak = Speaker(get_user(visit.tx, me.id).locale)
    found = list_in_force(visit.tx, SubjectKind.ACCOUNT, me.id)
    page = SuspendedPage(
        frame=frame(visit),
        tongue=speak.tongue,
        title=speak("suspended.title"),
        lead=speak("suspended.lead", username=me.username),
        read=speak("suspended.read"),
        rest=speak("suspended.rest"),
        out=speak("suspended.out"),
        unknown=speak("suspended.unknown"),
        decisions=tuple(_suspension(d, speak) for d in found if d.step == Step.SUSPEND),
        links=(
            Fact("", speak("suspended.all"), "/settings/decisions"),
            Fact("", speak("suspended.data"), "/settings/data"),
            Fact("", speak("suspended.leave"), "/settings/deletion"),
        ),
    )
    return show(visit, page)


def _suspension(decision: Decision, speak: Speaker) -> Suspension:
    return Suspension(
        what=speak(f"steps.{decision.step}"),
        since=speak("suspended.since", at=spoken(decision.created_at)),
        facts=decision.facts,
        url=f"/statements/{decision.id}",
    )


@router.get("/settings/decisions", members=True, suspended=True)
def decisions(visit: Visit) -> Answer:
    """Every decision about the member's account and posts."""
    me = visit.me.account.id
    found = list_restrictions(visit.tx, me, stretch(visit))
    states = list_of_author(visit.tx, [decision.id for decision in found])
    speak = Speaker(get_user(visit.tx, me).locale)
    page = DecisionsPage(
        frame=frame(visit, forms=False),
        tongue=speak.tongue,
        decisions=tuple(
            DecisionLine(
                url=f"/statements/{decision.id}",
                title=speak(statement_title(decision)),
                what=speak(f"steps.{decision.step}"),
                at=decision.created_at,
                state=speak(_state(decision, visit.tx.now)),
                tone=_tone(decision, visit.tx.now),
                appeal=speak(f"statement.state_{states[decision.id].state}")
                if decision.id in states
                else "",
            )
            for decision in found
        ),
        pager=pager(visit, [decision.id for decision in found]),
    )
    return show(visit, page)
