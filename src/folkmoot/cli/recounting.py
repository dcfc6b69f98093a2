"""How `folkmoot log report` goes about it: verify the whole log, and count a period on the way."""

from hashlib import sha256
from pathlib import Path

import msgspec

from folkmoot.cli.verifying import Asked, Verdict, look
from folkmoot.domain.tallies.model import Count, Identity, Period
from folkmoot.domain.transparency.model import Leaf, PublishedReport
from folkmoot.surfaces.official.report_files import build_files


class Recount:
    """Watches entries go by: counts those of a period, and finds what was published of it."""

    def __init__(self, period: Period) -> None:
        self.published: PublishedReport | None = None
        self._published_at = self._previous_at = ""
        self._count = Count(period)

    def __call__(self, leaf: Leaf) -> None:
        entry = leaf.entry
        if isinstance(entry, PublishedReport) and self.published is None:
            if entry.code == self._count.period.code:
                self.published, self._published_at = entry, leaf.at
            else:
                self._previous_at = leaf.at
        self._count.take(leaf)

    def files(self) -> list[tuple[str, str]]:
        """The report's parts as they follow from the entries."""
        said = self.published
        identity = Identity(
            service=(said.service if said else None) or "",
            provider=(said.provider if said else None) or "",
            published_on=self._published_at[:10],
            previous_on=self._previous_at[:10],
            recipients=said.monthly_recipients if said else None,
        )
        return build_files(identity, self._count.tally())


class Recounted(msgspec.Struct):
    """What was found: the verdict on the log, and on the report that was published."""

    log: Verdict
    files: list[tuple[str, str]]
    well: list[str] = []
    problems: list[str] = []


async def recount(asked: Asked, period: Period) -> Recounted:
    """Recomputes a period's report from the log at an address, and compares it with the hashes of
    what was published. Unreachable.
    """
    watch = Recount(period)
    verdict = await look(asked, watch)
    found = Recounted(verdict, watch.files() if not verdict.problems else [])
    if verdict.problems:
        found.problems.append("The log is not in order, so nothing is counted from it.")
    elif watch.published is None:
        found.well.append(f"No report of {period.code} is published: this is what it would say.")
    else:
        _compare(found, watch.published)
    return found


def _compare(found: Recounted, published: PublishedReport) -> None:
    hashes = {each.name: each.sha256 for each in published.files}
    for name, text in found.files:
        same = hashes.pop(name, "") == sha256(text.encode()).hexdigest()
        if same:
            found.well.append(f"{name} is what the log gives.")
        else:
            found.problems.append(f"{name} was published with other figures than the log gives.")
    found.problems += [f"{name} was published, and cannot be recomputed." for name in hashes]


def write_files(files: list[tuple[str, str]], folder: Path) -> None:
    """Writes a report's parts into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files:
        (folder / name).write_bytes(text.encode())
