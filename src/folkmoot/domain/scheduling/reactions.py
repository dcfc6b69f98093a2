"""What scheduled posts do when an account goes: they go with it."""

import sqlalchemy as sa

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.scheduling.tables import scheduled_posts
from folkmoot.kit.db import Tx, command, param

_FORGET = command(
    sa.delete(scheduled_posts).where(scheduled_posts.c.account_id == param("account_id"))
)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    tx.run(_FORGET, account_id=fact.account_id)
