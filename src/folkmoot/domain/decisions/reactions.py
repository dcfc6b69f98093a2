"""Who is told of decisions, what the public log says of them, and what becomes of them when posts
and accounts go.
"""

import re
from typing import Literal

import msgspec

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.actions import send_notice
from folkmoot.domain.auth.queries import find_user
from folkmoot.domain.decisions import actions
from folkmoot.domain.decisions.events import Decided, DecisionEnded, DecisionKept
from folkmoot.domain.decisions.model import (
    RESTRICTIONS,
    Decision,
    Ending,
    Ground,
    Source,
    Step,
    SubjectKind,
    case_code_of,
    code_of,
    statement_path,
)
from folkmoot.domain.notifications.actions import notify
from folkmoot.domain.notifications.model import Kind, Notice, Warned
from folkmoot.domain.policy.model import Rule
from folkmoot.domain.policy.queries import get_rule_of_version
from folkmoot.domain.posts.events import PostDeleted
from folkmoot.domain.posts.queries import find_post
from folkmoot.domain.transparency import model as log
from folkmoot.domain.transparency.actions import record
from folkmoot.domain.transparency.queries import find_pseudonym
from folkmoot.domain.words.model import say
from folkmoot.kit import clock
from folkmoot.kit.clock import iso_day, spoken
from folkmoot.kit.db import Tx


def tell_member(tx: Tx, fact: Decided | DecisionEnded | DecisionKept) -> None:
    """Tells the member at once; nothing is done to anybody silently."""
    decision = fact.decision
    if not decision.restricts or decision.ending == Ending.REPLACED:
        return  # of what takes its place, that decision tells
    action, text = "none", decision.end_reason
    if isinstance(fact, Decided):
        action, text = decision.step, decision.facts
    elif isinstance(fact, DecisionKept):
        action, text = decision.step, fact.reason
    post_ids = (decision.subject_id,) if decision.subject_kind == SubjectKind.POST else ()
    warned = Warned(
        action=action,
        text=text,
        post_ids=tuple(post_id for post_id in post_ids if post_id is not None),
    )
    notice = Notice(
        kind=Kind.WARNING,
        sender=get_account(tx, decision.account_id),
        subject_id=decision.id,
        detail=msgspec.json.encode(warned).decode(),
    )
    notify(tx, [decision.account_id], notice)


_TOLD_ELSEWHERE = (Ending.APPEALED, Ending.REPLACED)


def write_member(tx: Tx, fact: Decided | DecisionEnded) -> None:
    """Writes the same to the member, with the address at which the reasons can be read without
    signing in. Of an upheld appeal its own letter tells, of what is replaced the new decision's.
    """
    decision = fact.decision
    user = find_user(tx, decision.account_id)
    if not decision.restricts or user is None or decision.ending in _TOLD_ELSEWHERE:
        return
    key = tx.settings.secrets.secret_key
    url = tx.settings.server.base_url + statement_path(key, decision.id)
    what = say(user.locale, f"steps.{decision.step}")
    if isinstance(fact, Decided):
        until = spoken(decision.contestable_until())
        send_notice(tx, user, "decision", what=what, facts=decision.facts, until=until, url=url)
        return
    why = f"{say(user.locale, f'endings.{decision.ending}')} {decision.end_reason}".strip()
    day = iso_day(decision.created_at)
    send_notice(tx, user, "decision_ended", what=what, day=day, why=why, url=url)


def record_decision(tx: Tx, fact: Decided) -> None:
    """Writes the decision into the public log (I2), last of all in its transaction."""
    decision = fact.decision
    rule = get_rule_of_version(tx, decision.version_id, decision.rule_code)
    entry = _entry(decision, rule)
    tx.at_last(record, entry, private=_private(tx, decision), about=decision.account_id)


def record_end(tx: Tx, fact: DecisionEnded) -> None:
    """Writes into the public log that a decision was undone. One that ran out as it said, or gave
    way to another in the same case, was not.
    """
    decision = fact.decision
    if decision.ending not in _BECAUSE:
        return
    because = _BECAUSE[Ending(decision.ending)]
    if decision.ending == Ending.REVERSED and decision.automated:
        because = "detector-error"
    by = None if decision.ended_by is None else find_pseudonym(tx, decision.ended_by)
    tx.at_last(
        record,
        log.Reversal(
            decision=code_of(decision.id),
            reversed_at=log.moment(tx.now),
            because=because,
            appeal=fact.appeal or None,
            by=by,
            restored=(RESTRICTIONS[Step(decision.step)],) if decision.restricts else (),
        ),
    )


_BECAUSE: dict[Ending, Literal["appeal", "own-review", "dispute", "detector-error"]] = {
    Ending.APPEALED: "appeal",
    Ending.REVERSED: "own-review",
    Ending.OUT_OF_COURT: "dispute",
}
_SOURCES: dict[
    Source, Literal["article-16", "trusted-flagger", "other-notification", "voluntary"]
] = {
    Source.NOTICE: "article-16",
    Source.FLAGGER: "trusted-flagger",
    Source.OTHER_NOTICE: "other-notification",
    Source.OWN: "voluntary",
}
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


def _entry(decision: Decision, rule: Rule) -> log.Decision:
    """What everybody can read of a decision: all of it follows from what is stored."""
    language = decision.content_language
    return log.Decision(
        code=code_of(decision.id),
        case=case_code_of(decision),
        decided_at=log.moment(decision.created_at),
        received_at=log.moment(decision.received_at),
        category=rule.statement.category,
        further_categories=rule.statement.additions,
        keywords=rule.statement.keywords,
        source=_SOURCES[Source(decision.source)],
        automated_detection=decision.detected_automatically,
        automated_decision="fully" if decision.automated else "not",
        by=decision.decider or None,
        seconded_by=decision.seconder or None,
        measures=_measures(decision),
        ground=None
        if not decision.restricts
        else ("illegal" if decision.ground == Ground.LAW else "incompatible"),
        rule=decision.rule_code,
        policy_version=str(decision.version_id),
        detectors=(decision.detector,) if decision.detector else (),
        content_types=msgspec.json.decode(decision.content_types, type=tuple[str, ...]),
        content_on=clock.iso_day(decision.content_at),
        content_language=language if _LANGUAGE.fullmatch(language) else None,
    )


def _measures(decision: Decision) -> tuple[log.Measure, ...]:
    if not decision.restricts:
        return ()
    ends_at, review_at = decision.ends_at, decision.review_at
    measure = log.Measure(
        restriction=RESTRICTIONS[Step(decision.step)],
        step=decision.step,
        until=None if ends_at is None else log.moment(ends_at),
        review_on=None if review_at is None else clock.iso_day(review_at),
    )
    return (measure,)


def _private(tx: Tx, decision: Decision) -> dict[str, str]:
    """What only whom it concerns can show: about whom and what it is, and the facts."""
    account = get_account(tx, decision.account_id)
    said = {"account": account.uri, "facts": decision.facts}
    if decision.subject_kind == SubjectKind.POST and decision.subject_id is not None:
        post = find_post(tx, decision.subject_id)
        said["post"] = post.uri if post else ""
    if decision.label:
        said["label"] = decision.label
    if decision.law:
        said["law"] = decision.law
    return said


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    actions.forget_post(tx, fact.post.id)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
