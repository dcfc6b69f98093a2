"""What reports are counted from, noted as it happens."""

from folkmoot.domain.appeals.events import AppealFiled
from folkmoot.domain.tallies import actions
from folkmoot.kit.db import Tx


def record_complaint(tx: Tx, fact: AppealFiled) -> None:
    actions.record_complaint(tx, fact.appeal)
