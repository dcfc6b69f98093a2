"""What cards do when an account goes."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.cards.actions import forget_author
from folkmoot.domain.cards.queries import list_ids_by_author
from folkmoot.kit.db import Tx


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    for card_id in list_ids_by_author(tx, fact.account_id):
        forget_author(tx, card_id)
