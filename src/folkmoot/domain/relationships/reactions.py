"""What relationships do when accounts come, go, move and unlock."""

from folkmoot.domain.accounts.events import (
    AccountCreated,
    AccountDeleted,
    AccountMoved,
    AccountUnlocked,
)
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.relationships import actions
from folkmoot.domain.relationships.jobs import enqueue_accept_all, enqueue_move
from folkmoot.kit.db import Tx


def hide_newcomer(tx: Tx, fact: AccountCreated) -> None:
    actions.hide_newcomer(tx, get_account(tx, fact.account_id))


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)


def let_everybody_in(tx: Tx, fact: AccountUnlocked) -> None:
    enqueue_accept_all(tx, fact.account_id)


def move_followers(tx: Tx, fact: AccountMoved) -> None:
    enqueue_move(tx, fact.account_id, fact.target_id)
