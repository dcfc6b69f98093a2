"""Who is told of appeals, what the public log says, and what is forgotten when accounts go."""

import msgspec

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.appeals import actions
from folkmoot.domain.appeals.events import AppealDecided, AppealFiled
from folkmoot.domain.appeals.model import Appeal, By, State, code_of
from folkmoot.domain.appeals.queries import list_independent
from folkmoot.domain.auth.actions import send_notice
from folkmoot.domain.auth.model import Addressee, User
from folkmoot.domain.auth.queries import find_user
from folkmoot.domain.decisions.model import Ending, statement_path
from folkmoot.domain.decisions.model import code_of as name_of_decision
from folkmoot.domain.decisions.queries import get_decision
from folkmoot.domain.notifications.actions import notify
from folkmoot.domain.notifications.model import Kind, Notice, Warned
from folkmoot.domain.reports.model import receipt_path
from folkmoot.domain.reports.queries import find_addressee, find_report
from folkmoot.domain.transparency import model as log
from folkmoot.domain.transparency.actions import record
from folkmoot.kit.clock import spoken
from folkmoot.kit.db import Tx


def tell_author(tx: Tx, fact: AppealDecided) -> None:
    """Tells the member the answer; where it ends the decision, that tells already."""
    appeal = fact.appeal
    if appeal.by != By.AUTHOR:
        return
    if get_decision(tx, appeal.decision_id).ending == Ending.APPEALED:
        return
    notice = Notice(
        kind=Kind.WARNING,
        sender=get_account(tx, appeal.account_id),
        subject_id=appeal.decision_id,
        detail=msgspec.json.encode(Warned(action="none", text=appeal.answer)).decode(),
    )
    notify(tx, [appeal.account_id], notice)


def confirm(tx: Tx, fact: AppealFiled) -> None:
    """Confirms by letter that an appeal has arrived, and says who can answer it."""
    appeal = fact.appeal
    told = _addressee(tx, appeal)
    if told is None:
        return
    to, url = told
    letter = "appeal_received" if list_independent(tx, appeal) else "appeal_received_nobody"
    send_notice(tx, to, letter, until=spoken(appeal.due_at), url=url)


def write_answer(tx: Tx, fact: AppealDecided) -> None:
    """Writes the answer, with its reasons, to whoever contested the decision."""
    appeal = fact.appeal
    told = _addressee(tx, appeal)
    if told is None:
        return
    to, url = told
    letter = "appeal_upheld" if appeal.state == State.UPHELD else "appeal_rejected"
    send_notice(tx, to, letter, answer=appeal.answer, url=url)


def _addressee(tx: Tx, appeal: Appeal) -> tuple[User | Addressee, str] | None:
    """To whom letters about an appeal go, and the address of its page."""
    base, key = tx.settings.server.base_url, tx.settings.secrets.secret_key
    if appeal.by == By.AUTHOR:
        user = find_user(tx, appeal.account_id)
        return (user, base + statement_path(key, appeal.decision_id)) if user else None
    report = find_report(tx, appeal.report_id)
    to = find_addressee(tx, report) if report else None
    return (to, base + receipt_path(key, report.code)) if report and to else None


def record_appeal(tx: Tx, fact: AppealDecided) -> None:
    """Writes the outcome into the public log: `reversed` where the appeal was right."""
    appeal = fact.appeal
    tx.at_last(
        record,
        log.Appeal(
            code=code_of(appeal.id),
            decision=name_of_decision(appeal.decision_id),
            by="author" if appeal.by == By.AUTHOR else "reporter",
            filed_at=log.moment(appeal.filed_at),
            decided_at=log.moment(tx.now),
            outcome="reversed" if appeal.state == State.UPHELD else "upheld",
            decided_by=appeal.decider,
        ),
    )


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
