"""Who is told of appeals, and what is forgotten when accounts go."""

import msgspec

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.appeals import actions
from folkmoot.domain.appeals.events import AppealDecided
from folkmoot.domain.appeals.model import By, State
from folkmoot.domain.notifications.actions import notify
from folkmoot.domain.notifications.model import Kind, Notice, Warned
from folkmoot.kit.db import Tx


def tell_author(tx: Tx, fact: AppealDecided) -> None:
    """Tells the member the answer; of an upheld appeal the decision's end tells already."""
    appeal = fact.appeal
    if appeal.by != By.AUTHOR or appeal.state != State.REJECTED:
        return
    notice = Notice(
        kind=Kind.WARNING,
        sender=get_account(tx, appeal.account_id),
        subject_id=appeal.decision_id,
        detail=msgspec.json.encode(Warned(action="none", text=appeal.answer)).decode(),
    )
    notify(tx, [appeal.account_id], notice)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
