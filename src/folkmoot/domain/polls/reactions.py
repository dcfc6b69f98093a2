"""What polls do when an account goes: who voted is forgotten, what was counted stays counted."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.polls.actions import forget_some_votes
from folkmoot.kit.db import Tx


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    while forget_some_votes(tx, fact.account_id):
        pass
