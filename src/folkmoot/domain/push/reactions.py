"""Which clients are woken by what members are told."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.notifications.events import Notified
from folkmoot.domain.push import actions, queries
from folkmoot.domain.push.jobs import Delivery
from folkmoot.kit import jobs
from folkmoot.kit.db import Tx


def wake_clients(tx: Tx, fact: Notified) -> None:
    by_account = {n.account_id: n.id for n in fact.notifications}
    sender_id, kind = fact.notice.sender.id, fact.notice.kind
    for candidate in queries.list_candidates(tx, list(by_account), sender_id=sender_id):
        if candidate.wants(kind):
            delivery = Delivery(candidate.id, by_account[candidate.account_id])
            jobs.enqueue(tx, "push.deliver", delivery)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
