"""Facts that rooms announce, and who reacts to them in the same transaction.

Lower rooms tell upper ones by a fact; wiring.py alone knows who listens.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")


class Facts:
    """The subscriptions: for each type of fact, its reactions in the order they were added."""

    def __init__(self) -> None:
        self._reactions: defaultdict[type, list[Callable[[Any, Any], None]]] = defaultdict(list)

    def on(self, kind: type[E], *reactions: Callable[[Any, E], None]) -> None:
        """Runs each reaction as `reaction(tx, fact)` whenever a fact of this type is announced."""
        self._reactions[kind].extend(reactions)

    def announce(self, tx: Any, fact: object) -> None:
        for reaction in self._reactions[type(fact)]:
            reaction(tx, fact)
