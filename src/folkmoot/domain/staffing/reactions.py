"""What is counted when cases come and go."""

from folkmoot.domain.review.events import CaseClosed, CaseOpened
from folkmoot.domain.staffing import actions
from folkmoot.kit.db import Tx


def count_opened(tx: Tx, fact: CaseOpened) -> None:
    del fact
    actions.count_opened(tx)


def count_closed(tx: Tx, fact: CaseClosed) -> None:
    actions.count_closed(tx, fact.case)
