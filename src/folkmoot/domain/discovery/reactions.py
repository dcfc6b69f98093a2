"""What is forgotten of posts and accounts that go."""

import sqlalchemy as sa

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.discovery.model import Kind
from folkmoot.domain.discovery.tables import trend_allowances, trends, unwanted_suggestions
from folkmoot.domain.instance.actions import forget_account as forget_in_instance
from folkmoot.domain.posts.events import PostDeleted
from folkmoot.kit.db import Tx, command, param

_FORGET_POST = tuple(
    command(
        sa.delete(kept).where(kept.c.subject_id == param("post_id"), kept.c.kind == param("kind"))
    )
    for kept in (trends, trend_allowances)
)
_FORGET_ACCOUNT = tuple(
    command(sa.delete(unwanted_suggestions).where(column == param("account_id")))
    for column in (unwanted_suggestions.c.account_id, unwanted_suggestions.c.target_id)
)


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    for statement in _FORGET_POST:
        tx.run(statement, post_id=fact.post.id, kind=Kind.POST)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    forget_in_instance(tx, fact.account_id)
    for statement in _FORGET_ACCOUNT:
        tx.run(statement, account_id=fact.account_id)
