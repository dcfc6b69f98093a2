"""Reads of detectors, of what they found, and of what conditions ask the database."""

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from folkmoot.domain.deeds.model import Event
from folkmoot.domain.deeds.queries import count_written
from folkmoot.domain.detection.model import (
    LIVE,
    Backtest,
    BacktestId,
    BacktestNotFound,
    Change,
    DetectorId,
    DetectorNotFound,
    Finding,
    Interval,
    Match,
    Outcomes,
    Overlap,
    Sampled,
    Share,
    Step,
    StoredDetector,
    Version,
    VersionId,
    VersionNotFound,
    wilson,
)
from folkmoot.domain.detection.tables import (
    IS_UNPUBLISHED,
    detector_backtests,
    detector_changes,
    detector_failures,
    detector_findings,
    detector_outcomes,
    detector_overlaps,
    detector_samples,
    detector_versions,
    detectors,
)
from folkmoot.domain.posts.model import PostId
from folkmoot.domain.posts.tables import posts
from folkmoot.kit.clock import DAY
from folkmoot.kit.db import Id, Page, Tx, paged, param, rows, values, within
from folkmoot.kit.ids import first_at

_ALL = rows(sa.select(detectors).order_by(detectors.c.name), StoredDetector)
_LIVE = rows(
    sa.select(detectors).where(within(detectors.c.state, "states")).order_by(detectors.c.id),
    StoredDetector,
)
_BY_NAME = rows(sa.select(detectors).where(detectors.c.name == param("name")), StoredDetector)
_BY_NAME_TO_CHANGE = rows(
    sa.select(detectors).where(detectors.c.name == param("name")).with_for_update(),
    StoredDetector,
)
_BY_ID = rows(
    sa.select(detectors).where(detectors.c.id == param("id")).with_for_update(), StoredDetector
)
_VERSIONS = rows(
    sa.select(detector_versions)
    .where(detector_versions.c.detector_id == param("detector_id"))
    .order_by(detector_versions.c.number.desc()),
    Version,
)
_SOME_VERSIONS = rows(
    sa.select(detector_versions).where(within(detector_versions.c.id, "ids")), Version
)
_CHANGES = paged(
    sa.select(detector_changes).where(detector_changes.c.detector_id == param("detector_id")),
    detector_changes.c.id,
    Change,
)
_NEWEST_CHANGE = values(
    sa.select(detector_changes.c.id)
    .order_by(detector_changes.c.id.desc())
    .limit(sa.literal_column("1")),
    int,
)
_SHADOWED_AT = values(
    sa.select(sa.func.min(detector_changes.c.created_at)).where(
        detector_changes.c.detector_id == param("detector_id"),
        detector_changes.c.version_id == param("version_id"),
        detector_changes.c.step == param("step"),
    ),
    int,
)
_FINDINGS = paged(
    sa.select(detector_findings).where(detector_findings.c.detector_id == param("detector_id")),
    detector_findings.c.id,
    Finding,
)
_FINDINGS_ON_POST = rows(
    sa.select(detectors.c.name, detector_findings.c.found, detector_findings.c.created_at)
    .join(detectors, detectors.c.id == detector_findings.c.detector_id)
    .where(detector_findings.c.post_id == param("post_id"))
    .order_by(detector_findings.c.id.desc())
    .limit(param("limit", sa.Integer())),
    Match,
)
_FINDINGS_ON_ACCOUNT = rows(
    sa.select(detectors.c.name, detector_findings.c.found, detector_findings.c.created_at)
    .join(detectors, detectors.c.id == detector_findings.c.detector_id)
    .where(
        detector_findings.c.account_id == param("account_id"), detector_findings.c.post_id.is_(None)
    )
    .order_by(detector_findings.c.id.desc())
    .limit(param("limit", sa.Integer())),
    Match,
)
_COUNT_FINDINGS = values(
    sa.select(sa.func.count()).where(
        detector_findings.c.version_id == param("version_id"),
        detector_findings.c.event != param("other_than"),
        detector_findings.c.id >= param("from_id", Id),
        detector_findings.c.id < param("to_id", Id),
    ),
    int,
)
_OUTCOMES = rows(
    sa.select(detector_outcomes)
    .where(detector_outcomes.c.detector_id == param("detector_id"))
    .order_by(detector_outcomes.c.month.desc())
    .limit(param("limit", sa.Integer())),
    Outcomes,
)
_UNPUBLISHED = rows(
    sa.select(detector_outcomes)
    .where(IS_UNPUBLISHED, detector_outcomes.c.month < param("before"))
    .order_by(detector_outcomes.c.month)
    .limit(param("limit", sa.Integer())),
    Outcomes,
)
_FAILURES = values(
    sa.select(sa.func.coalesce(sa.func.sum(detector_failures.c.failures), 0)).where(
        detector_failures.c.detector_id == param("detector_id")
    ),
    int,
)
_BACKTEST = rows(
    sa.select(detector_backtests).where(detector_backtests.c.id == param("id")), Backtest
)
_NEWEST_BACKTEST = rows(
    sa.select(detector_backtests)
    .where(detector_backtests.c.version_id == param("version_id"))
    .order_by(detector_backtests.c.id.desc())
    .limit(sa.literal_column("1")),
    Backtest,
)
_OVERLAPS = rows(
    sa.select(detector_overlaps.c.other_id, detector_overlaps.c.matches)
    .where(detector_overlaps.c.backtest_id == param("backtest_id"))
    .order_by(detector_overlaps.c.matches.desc()),
    Overlap,
)
_SAMPLE = rows(
    sa.select(detector_samples)
    .where(detector_samples.c.backtest_id == param("backtest_id"))
    .order_by(detector_samples.c.rank),
    Sampled,
)


def list_detectors(tx: Tx) -> list[StoredDetector]:
    """Every detector, by name, retired ones too."""
    return tx.all(_ALL)


def list_live(tx: Tx) -> list[StoredDetector]:
    """The detectors that look at what is written: those in shadow and the active ones."""
    return tx.all(_LIVE, states=[state.value for state in LIVE])


def find_detector(tx: Tx, name: str, *, lock: bool = False) -> StoredDetector | None:
    """The detector of a name; with `lock`, to be changed."""
    return tx.first(_BY_NAME_TO_CHANGE if lock else _BY_NAME, name=name)


def get_detector(tx: Tx, name: str, *, lock: bool = False) -> StoredDetector:
    """The detector of a name, or DetectorNotFound."""
    found = find_detector(tx, name, lock=lock)
    if found is None:
        raise DetectorNotFound
    return found


def get_detector_to_change(tx: Tx, detector_id: DetectorId) -> StoredDetector:
    """The detector of an id, to be changed; or DetectorNotFound."""
    found = tx.first(_BY_ID, id=detector_id)
    if found is None:
        raise DetectorNotFound
    return found


def list_versions(tx: Tx, detector_id: DetectorId) -> list[Version]:
    """The versions of a detector, newest first."""
    return tx.all(_VERSIONS, detector_id=detector_id)


def map_versions(tx: Tx, ids: Sequence[VersionId]) -> dict[VersionId, Version]:
    """The versions of these ids."""
    return {one.id: one for one in tx.all(_SOME_VERSIONS, ids=list(ids))} if ids else {}


def get_version(tx: Tx, version_id: VersionId) -> Version:
    """The version of an id, or VersionNotFound."""
    found = map_versions(tx, [version_id]).get(version_id)
    if found is None:
        raise VersionNotFound
    return found


def list_changes(tx: Tx, detector_id: DetectorId, page: Page) -> list[Change]:
    """What happened to a detector, newest first."""
    return tx.page(_CHANGES, page, detector_id=detector_id)


def find_newest_change(tx: Tx) -> int:
    """The id of the newest change of any detector; 0 when there was none."""
    return tx.first(_NEWEST_CHANGE) or 0


def list_findings(tx: Tx, detector_id: DetectorId, page: Page) -> list[Finding]:
    """What a detector found, newest first."""
    return tx.page(_FINDINGS, page, detector_id=detector_id)


def list_findings_on_post(tx: Tx, post_id: int, *, limit: int = 20) -> list[Match]:
    """What detectors found in a post, newest first."""
    return tx.all(_FINDINGS_ON_POST, post_id=post_id, limit=limit)


def list_findings_on_account(tx: Tx, account_id: int, *, limit: int = 20) -> list[Match]:
    """What detectors found in what an account did apart from its posts, newest first."""
    return tx.all(_FINDINGS_ON_ACCOUNT, account_id=account_id, limit=limit)


def count_findings(tx: Tx, version_id: VersionId, *, since: int, until: int) -> int:
    """How much a version found from one moment until before another, of what was written then:
    posts from elsewhere are of other days.
    """
    between = {"from_id": first_at(since), "to_id": first_at(until)}
    return tx.one(_COUNT_FINDINGS, version_id=version_id, other_than=Event.IMPORT.value, **between)


def get_usual(tx: Tx, detector: StoredDetector, *, until: int) -> Share:
    """How much the present version found in the day before a moment, as far as it looked then."""
    step = Step.SHADOWED.value
    shadowed_at = tx.first(
        _SHADOWED_AT, detector_id=detector.id, version_id=detector.version_id, step=step
    )
    since = max(shadowed_at or 0, until - DAY)
    hits = count_findings(tx, detector.version_id, since=since, until=until)
    return Share(hits, count_written(tx, since=since, until=until))


def list_outcomes(tx: Tx, detector_id: DetectorId, *, months: int = 12) -> list[Outcomes]:
    """What people made of what a detector found, by month, newest first."""
    return tx.all(_OUTCOMES, detector_id=detector_id, limit=months)


def list_unpublished(tx: Tx, *, before: str, limit: int) -> list[Outcomes]:
    """Months that are over of which the public log does not tell yet, for each detector."""
    return tx.all(_UNPUBLISHED, before=before, limit=limit)


def count_failures(tx: Tx, detector_id: DetectorId) -> int:
    """How often a detector could not be decided."""
    return int(tx.one(_FAILURES, detector_id=detector_id))


def get_backtest(tx: Tx, backtest_id: BacktestId) -> Backtest:
    """The backtest of an id, or BacktestNotFound."""
    found = tx.first(_BACKTEST, id=backtest_id)
    if found is None:
        raise BacktestNotFound
    return found


def find_backtest(tx: Tx, version_id: VersionId) -> Backtest | None:
    """The newest backtest of a version, finished or not."""
    return tx.first(_NEWEST_BACKTEST, version_id=version_id)


def list_overlaps(tx: Tx, backtest_id: BacktestId) -> list[Overlap]:
    """Which other detectors find the same, most first."""
    return tx.all(_OVERLAPS, backtest_id=backtest_id)


def list_sample(tx: Tx, backtest_id: BacktestId) -> list[Sampled]:
    """The matches of a backtest that are to be labelled, in a random order."""
    return tx.all(_SAMPLE, backtest_id=backtest_id)


class ShownSample(msgspec.Struct, frozen=True):
    """A sampled post with its words, as who labels it reads them."""

    post_id: PostId
    verdict: int | None
    spoiler_text: str
    text: str


_SHOWN_SAMPLE = rows(
    sa.select(
        detector_samples.c.post_id, detector_samples.c.verdict, posts.c.spoiler_text, posts.c.text
    )
    .join(posts, posts.c.id == detector_samples.c.post_id)
    .where(
        detector_samples.c.backtest_id == param("backtest_id"),
        # It was public when it was sampled; visibility never changes, and this holds it (I4).
        posts.c.visibility == sa.literal_column("0"),
    )
    .order_by(detector_samples.c.rank),
    ShownSample,
)


def list_shown_sample(tx: Tx, backtest_id: BacktestId) -> list[ShownSample]:
    """The sample of a backtest with the posts' words: public posts alone."""
    return tx.all(_SHOWN_SAMPLE, backtest_id=backtest_id)


def estimate_precision(tx: Tx, backtest_id: BacktestId) -> Interval:
    """What share of the matches breaks the rule, as far as the labelled ones tell."""
    labelled = [one.verdict for one in list_sample(tx, backtest_id) if one.verdict is not None]
    return wilson(sum(labelled), len(labelled))
