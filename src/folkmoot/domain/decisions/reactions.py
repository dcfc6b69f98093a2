"""Telling members of decisions, by alert and letter; what is forgotten with posts and accounts."""

import msgspec

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.actions import send_notice
from folkmoot.domain.auth.queries import find_user
from folkmoot.domain.decisions import actions
from folkmoot.domain.decisions.events import Decided, DecisionEnded, DecisionKept
from folkmoot.domain.decisions.model import Ending, SubjectKind, statement_path
from folkmoot.domain.notifications.actions import notify
from folkmoot.domain.notifications.model import Kind, Notice, Warned
from folkmoot.domain.posts.events import PostDeleted
from folkmoot.domain.words.model import say
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


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    actions.forget_post(tx, fact.post.id)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
