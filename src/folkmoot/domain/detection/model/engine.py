"""Detectors at work: all of them on one deed."""

from collections.abc import Mapping, Sequence

import msgspec

from folkmoot.domain.deeds.model import READY, Deed, facts_of
from folkmoot.domain.detection.model.files import Detector
from folkmoot.kit.criteria import Criteria, fold_text


class Hit(msgspec.Struct, frozen=True):
    """A detector, by its place, that holds of a deed, and which of its names were found."""

    place: int
    found: tuple[str, ...]


class Findings(msgspec.Struct, frozen=True):
    """What was found, and which detectors, by their places, could not be decided and why."""

    hits: tuple[Hit, ...] = ()
    failures: tuple[tuple[int, str], ...] = ()


_NOTHING = Findings()


class Engine:
    """Detectors in an order, with the entries of the matching lists that they refer to."""

    def __init__(
        self, detectors: Sequence[Detector], lists: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        known = lists or {}
        self._criteria = Criteria([one.criterion(known) for one in detectors], ready=READY)

    def examine(self, deed: Deed) -> Findings:
        """Which detectors hold of a deed."""
        outcome = self._criteria.decide(fold_text(deed.body), facts_of(deed))
        if not outcome.matches and not outcome.failures:
            return _NOTHING
        hits = tuple(Hit(match.number, match.found) for match in outcome.matches)
        return Findings(hits, outcome.failures)
