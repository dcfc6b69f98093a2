"""What polls do when an account goes: who voted is forgotten, what was counted stays counted."""

import sqlalchemy as sa

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.polls.tables import poll_votes
from folkmoot.kit.db import Tx, command, param

_FORGET = command(sa.delete(poll_votes).where(poll_votes.c.account_id == param("account_id")))


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    tx.run(_FORGET, account_id=fact.account_id)
