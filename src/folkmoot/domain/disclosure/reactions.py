"""Each decision that restricts is stated in the transaction that takes it."""

from folkmoot.domain.decisions.events import Decided
from folkmoot.domain.disclosure import actions
from folkmoot.kit.db import Tx


def state(tx: Tx, fact: Decided) -> None:
    actions.state(tx, fact.decision)
