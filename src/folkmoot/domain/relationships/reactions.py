"""What relationships do when accounts go, move and unlock, and when people part."""

from folkmoot.domain.accounts.events import (
    AccountDeleted,
    AccountMoved,
    AccountUnlocked,
)
from folkmoot.domain.boundaries.events import AccountBlocked, DomainBlocked
from folkmoot.domain.relationships import actions
from folkmoot.domain.relationships.jobs import enqueue_accept_all, enqueue_move
from folkmoot.kit.db import Tx


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)


def let_everybody_in(tx: Tx, fact: AccountUnlocked) -> None:
    enqueue_accept_all(tx, fact.account_id)


def move_followers(tx: Tx, fact: AccountMoved) -> None:
    enqueue_move(tx, fact.account_id, fact.target_id)


def part(tx: Tx, fact: AccountBlocked) -> None:
    actions.unfollow(tx, fact.account_id, fact.target_id)
    actions.unfollow(tx, fact.target_id, fact.account_id)


def part_from_domain(tx: Tx, fact: DomainBlocked) -> None:
    actions.part_from_domain(tx, fact.account_id, fact.domain)
