"""The detectors that look on in the village: those that ship, with days in the shadow behind them."""

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.detection.actions import (
    activate,
    record_stretch,
    save_detector,
    start_backtest,
    start_shadow,
)
from folkmoot.domain.detection.jobs import set_up, try_stretch
from folkmoot.domain.detectors.model import shipped_detectors
from folkmoot.kit import clock
from folkmoot.kit.db import Tx

_SAVED = 5 * clock.DAY  # before the village is filled
_ACTIVE = clock.DAY


def keep_watch(tx: Tx, by: AccountId) -> None:
    """Leads each detector through its life, at the times at which it would have been led."""
    filled_at = tx.now
    for source in shipped_detectors():
        tx.now = filled_at - _SAVED
        name = save_detector(tx, by, source=source, note="It ships with Folkmoot.").detector.name
        tx.now += clock.HOUR
        _backtest(tx, name)
        tx.now += clock.HOUR
        start_shadow(tx, by, name, note="It finds nothing that it should not.")
        tx.now = filled_at - _ACTIVE
        activate(tx, by, name, note="Nor did it in the shadow.")
    tx.now = filled_at


def _backtest(tx: Tx, name: str) -> None:
    state = start_backtest(tx, name)
    bench = set_up(tx, state)
    while state.finished_at is None:
        state = record_stretch(tx, state, try_stretch(tx, state, bench))
