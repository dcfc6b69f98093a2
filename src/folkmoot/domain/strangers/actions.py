"""Writes of policies and permissions."""

import sqlalchemy as sa

from folkmoot.domain.strangers.model import Policy
from folkmoot.domain.strangers.tables import notification_permissions, notification_policies
from folkmoot.kit.db import Tx, command, insert_all, param

_DELETE_POLICY = command(
    sa.delete(notification_policies).where(
        notification_policies.c.account_id == param("account_id")
    )
)
_INSERT_POLICY = insert_all(notification_policies)
_PERMIT = insert_all(notification_permissions, or_ignore=True)
_FORBID = command(
    sa.delete(notification_permissions).where(
        notification_permissions.c.account_id == param("account_id"),
        notification_permissions.c.from_id == param("from_id"),
    )
)
_FORGET = [
    command(sa.delete(table).where(column == param("account_id")))
    for table, column in (
        (notification_policies, notification_policies.c.account_id),
        (notification_permissions, notification_permissions.c.account_id),
        (notification_permissions, notification_permissions.c.from_id),
    )
]


def set_policy(tx: Tx, account_id: int, policy: Policy) -> None:
    """Holds from now on; what was decided before stays as it is."""
    tx.run(_DELETE_POLICY, account_id=account_id)
    tx.insert(_INSERT_POLICY, policy, account_id=account_id)


def permit(tx: Tx, account_id: int, from_id: int) -> None:
    """Lets an account's notifications pass whatever the policy says."""
    tx.run(_PERMIT, account_id=account_id, from_id=from_id)


def withdraw_permission(tx: Tx, account_id: int, from_id: int) -> None:
    """Subjects an account to the policy again."""
    tx.run(_FORBID, account_id=account_id, from_id=from_id)


def forget_account(tx: Tx, account_id: int) -> None:
    """Removes what an account wanted, and what was allowed to it."""
    for statement in _FORGET:
        tx.run(statement, account_id=account_id)
