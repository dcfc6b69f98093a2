"""Who is told of decisions, and what becomes of them when posts and accounts go."""

import msgspec

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.decisions import actions
from folkmoot.domain.decisions.events import Decided, DecisionEnded, DecisionKept
from folkmoot.domain.decisions.model import SubjectKind
from folkmoot.domain.notifications.actions import notify
from folkmoot.domain.notifications.model import Kind, Notice, Warned
from folkmoot.domain.posts.events import PostDeleted
from folkmoot.kit.db import Tx


def tell_member(tx: Tx, fact: Decided | DecisionEnded | DecisionKept) -> None:
    """Tells the member at once; nothing is done to anybody silently."""
    decision = fact.decision
    if not decision.restricts:
        return
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


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    actions.forget_post(tx, fact.post.id)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
