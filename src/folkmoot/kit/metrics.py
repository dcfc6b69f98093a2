"""Prometheus metrics, declared where they are counted and rendered at one place.

Declaring is free: prometheus_client is imported when the first value is counted or rendered.
"""

import os
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# From a memory read to a slow page of search; the targets are fractions of a millisecond.
DURATIONS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class _Metric:
    """A declaration. `labels` are the names of its labels, given in order when counting."""

    kind = ""

    def __init__(self, name: str, about: str, *labels: str, **options: Any) -> None:
        self._declared = (name, about, labels)
        self._options = options
        self._children: dict[tuple[str, ...], Any] = {}
        self._parent: Any = None

    def _child(self, values: tuple[str, ...]) -> Any:
        child = self._children.get(values)
        if child is None:
            child = self._children[values] = (
                self._made().labels(*values) if values else self._made()
            )
        return child

    def _made(self) -> Any:
        if self._parent is None:
            import prometheus_client

            self._parent = getattr(prometheus_client, self.kind)(
                *self._declared, registry=registry(), **self._options
            )
        return self._parent


class Counter(_Metric):
    """Something that only grows: `Counter("folkmoot_posts_total", "Posts published", "kind")`."""

    kind = "Counter"

    def add(self, *labels: str, by: float = 1) -> None:
        self._child(labels).inc(by)


class Gauge(_Metric):
    """Something that goes up and down, such as open streams."""

    kind = "Gauge"

    def __init__(self, name: str, about: str, *labels: str) -> None:
        # Of several processes, those alive are summed.
        super().__init__(name, about, *labels, multiprocess_mode="livesum")

    def add(self, *labels: str, by: float = 1) -> None:
        self._child(labels).inc(by)

    def set(self, *labels: str, to: float) -> None:
        self._child(labels).set(to)


class Histogram(_Metric):
    """How long something takes, in seconds, or how large it is with other `buckets`."""

    kind = "Histogram"

    def __init__(
        self, name: str, about: str, *labels: str, buckets: tuple[float, ...] = DURATIONS_S
    ) -> None:
        super().__init__(name, about, *labels, buckets=buckets)

    def observe(self, *labels: str, value: float) -> None:
        self._child(labels).observe(value)


@cache
def registry() -> "CollectorRegistry":
    """This process's registry, with what the process itself costs."""
    from prometheus_client import CollectorRegistry, ProcessCollector

    made = CollectorRegistry()
    ProcessCollector(registry=made)
    return made


def rendered() -> bytes:
    """All metrics in Prometheus's text format. Where PROMETHEUS_MULTIPROC_DIR is set, those of
    all serving processes together."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return generate_latest(registry())
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return generate_latest(together)
