"""The life of detectors as values: their states, what they found, how sure a sample makes us."""

import math
from collections.abc import Mapping
from enum import StrEnum
from hashlib import blake2b
from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.posts.model import PostId
from folkmoot.kit.errors import Conflict, Forbidden, Invalid, NotFound

DetectorId = NewType("DetectorId", int)
VersionId = NewType("VersionId", int)
BacktestId = NewType("BacktestId", int)
FindingId = NewType("FindingId", int)

MAX_NOTE_CHARS = 500
SAMPLE = 100
"""How many matches of a backtest are kept to be labelled."""


class State(StrEnum):
    """Where a detector is in its life. Only in `shadow` and `active` does it look at anything;
    only in `active` does anything follow from what it finds.
    """

    DRAFT = "draft"
    SHADOW = "shadow"
    ACTIVE = "active"
    RETIRED = "retired"


LIVE = (State.SHADOW, State.ACTIVE)


class Step(StrEnum):
    """What happened to a detector; each is kept with who did it, when and why."""

    CREATED = "created"
    REWRITTEN = "rewritten"
    SHADOWED = "shadowed"
    ACTIVATED = "activated"
    STEPPED_BACK = "stepped-back"
    RETIRED = "retired"


class DetectorNotFound(NotFound):
    """There is no such detector"""


class VersionNotFound(NotFound):
    """There is no such version of this detector"""


class BacktestNotFound(NotFound):
    """There is no such backtest"""


class NotInSample(NotFound):
    """This post is not in the sample of this backtest"""


class RuleUnknown(Invalid):
    """Rule {rule} is not in force: a detector serves a published rule"""


class EffectNotAllowed(Invalid):
    """Rule {rule} cannot lead to {effect}: a detector asks for no more than its rule allows"""


class ListUnknown(Invalid):
    """There is no list {list} to look for {what} in"""


class NoteMissing(Invalid):
    """Say in at most 500 characters why this is changed: it is kept with the change"""


class NothingChanged(Conflict):
    """This is word for word the present version"""


class BacktestMissing(Forbidden):
    """Run a backtest of this version first: nobody knows yet what it would find"""


class BacktestRunning(Conflict):
    """A backtest of this version is running"""


class ShadowMissing(Forbidden):
    """This version has not run in shadow: only from there can it become active"""


class ShadowTooShort(Forbidden):
    """This version has to run in shadow until {until}, so that everybody sees what it finds"""


class WrongState(Conflict):
    """This detector is {state}"""


class StoredDetector(msgspec.Struct, frozen=True):
    """A row of detectors, in the table's order; `since` is when it came into its state."""

    id: DetectorId
    name: str
    state: str
    version_id: VersionId
    since: int
    created_at: int


class Version(msgspec.Struct, frozen=True):
    """A row of detector_versions: a file as it was saved, and why. It never changes. `by_id` is
    None when it was saved at the console, and when who saved it has left.
    """

    id: VersionId
    detector_id: DetectorId
    number: int
    source: str
    by_id: AccountId | None
    note: str
    created_at: int


class Change(msgspec.Struct, frozen=True):
    """A row of detector_changes. Who stepped back by itself has no `by_id`."""

    id: int
    detector_id: DetectorId
    version_id: VersionId
    step: str
    by_id: AccountId | None
    note: str
    created_at: int


class Finding(msgspec.Struct, frozen=True):
    """A row of detector_findings: a version found something. `acted` tells whether it was active
    then; `found` is a JSON list of the names that were found.
    """

    id: FindingId
    detector_id: DetectorId
    version_id: VersionId
    event: str
    post_id: PostId | None
    account_id: AccountId
    acted: bool
    found: str
    created_at: int


class Match(msgspec.Struct, frozen=True):
    """That a detector found something; `found` is a JSON list of the names that were found."""

    name: str
    found: str
    created_at: int


class Outcomes(msgspec.Struct, frozen=True):
    """A row of detector_outcomes: of a month, the cases with a detector's findings that people
    decided, those of them that needed nothing, and decisions that were undone later. `published_at`
    is when the public log told of it.
    """

    detector_id: DetectorId
    month: str
    decided: int = 0
    needed_nothing: int = 0
    overturned: int = 0
    published_at: int | None = None


class Backtest(msgspec.Struct, frozen=True):
    """A row of detector_backtests: a version on past public posts, from `last_id` up to
    `until_id`. `failures` counts posts that could not be decided.
    """

    id: BacktestId
    detector_id: DetectorId
    version_id: VersionId
    last_id: int
    until_id: int
    seen: int
    matched: int
    failures: int
    started_at: int
    finished_at: int | None


class Sampled(msgspec.Struct, frozen=True):
    """A row of detector_samples: a match to be looked at. `rank` is random; the lowest stay.
    `verdict` is 1 where somebody said that it breaks the rule, 0 that it does not.
    """

    backtest_id: BacktestId
    post_id: PostId
    author_id: AccountId
    rank: int
    verdict: int | None
    by_id: AccountId | None
    labelled_at: int | None


BACKTEST = "detection.backtest"


class BacktestToRun(msgspec.Struct):
    """The payload of the job that runs a backtest."""

    backtest_id: BacktestId


class Stretch(msgspec.Struct, frozen=True):
    """What some past posts brought a backtest: matches as posts with their authors, and how many
    of them other detectors find. `last_id` is the last post; `ended` when there are no more.
    """

    last_id: int
    seen: int
    matches: tuple[tuple[PostId, AccountId], ...]
    overlaps: Mapping[DetectorId, int]
    failures: int
    ended: bool


def rank_of(backtest_id: BacktestId, post_id: PostId) -> int:
    """A place in the lottery for the sample: always the same for a post, and nobody can foresee
    it before the backtest is started.
    """
    digest = blake2b(f"{backtest_id}:{post_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


class Overlap(msgspec.Struct, frozen=True):
    """How many of a backtest's matches another detector finds as well."""

    other_id: DetectorId
    matches: int


class Share(msgspec.Struct, frozen=True):
    """How much was found among how much that was looked at."""

    hits: int
    seen: int


class Interval(msgspec.Struct, frozen=True):
    """A share that is estimated from a sample, and between which bounds it lies, 19 times of 20."""

    share: float
    low: float
    high: float
    of: int


def wilson(hits: int, of: int) -> Interval:
    """The share `hits / of` with its 95 % interval (E. B. Wilson, 1927). Of nothing, nothing is
    known: from 0 to 1.
    """
    if of == 0:
        return Interval(0.0, 0.0, 1.0, 0)
    z = 1.959964
    share = hits / of
    scale = 1 + z * z / of
    middle = (share + z * z / (2 * of)) / scale
    reach = z / scale * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return Interval(share, max(0.0, middle - reach), min(1.0, middle + reach), of)


JUMP_FACTOR = 3
JUMP_LEAST = 20


def has_jumped(now: Share, usual: Share) -> bool:
    """Whether a detector finds so much more than it used to that something must be wrong: at
    least 20, and a share that is surely above three times what it surely was at most.
    """
    if now.hits < JUMP_LEAST:
        return False
    high = wilson(usual.hits, max(usual.hits, usual.seen)).high
    return wilson(now.hits, max(now.hits, now.seen)).low > JUMP_FACTOR * high
