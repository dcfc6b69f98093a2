"""Backtests on past posts, a stretch at a time; and watching the active detectors."""

from collections import Counter

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.deeds.queries import deeds_of_past, list_past
from folkmoot.domain.detection import actions, queries
from folkmoot.domain.detection.model import Backtest, BacktestToRun, DetectorId, Stretch
from folkmoot.domain.detectors.model import Engine, read_detector
from folkmoot.domain.matchlists.queries import map_entries
from folkmoot.kit.context import Context
from folkmoot.kit.db import Tx

POSTS_AT_ONCE = 1_000


class Watch(msgspec.Struct):
    """A job: put detectors that find too much at once back into shadow."""


class Bench(msgspec.Struct, frozen=True):
    """The detector that is tried, and those that look already, which see only what it finds."""

    tried: Engine
    other_ids: tuple[DetectorId, ...]
    others: Engine


class PublishAccuracy(msgspec.Struct):
    """A job: tell in public what became of detectors' matches in months that are over."""


async def publish_accuracy(context: Context, payload: PublishAccuracy) -> None:
    while await context.db.write(actions.publish_accuracy):
        pass


async def watch(context: Context, payload: Watch) -> None:
    await context.db.write(actions.watch)


async def backtest(context: Context, payload: BacktestToRun) -> None:
    """Tries a version on past public posts, oldest first. Reading and deciding holds nobody up:
    only the count of each stretch is written. Goes on where it was when it is run again.
    """
    state = await context.db.read(queries.get_backtest, payload.backtest_id)
    bench = await context.db.read(set_up, state)
    while state.finished_at is None:
        stretch = await context.db.read(try_stretch, state, bench)
        state = await context.db.write(actions.record_stretch, state, stretch)


def set_up(tx: Tx, state: Backtest) -> Bench:
    """The detectors that a backtest needs, compiled."""
    others = [one for one in queries.list_live(tx) if one.id != state.detector_id]
    ids = [state.version_id, *(one.version_id for one in others)]
    versions = queries.map_versions(tx, ids)
    read = [read_detector(versions[one].source) for one in ids]
    lists = map_entries(tx, {name for one in read for name in one.lists})
    other_ids = tuple(one.id for one in others)
    return Bench(Engine(read[:1], lists), other_ids, Engine(read[1:], lists))


def try_stretch(tx: Tx, state: Backtest, bench: Bench) -> Stretch:
    """What the next posts bring."""
    past = list_past(tx, after_id=state.last_id, until_id=state.until_id, limit=POSTS_AT_ONCE)
    matches, failures = [], 0
    overlaps: Counter[DetectorId] = Counter()
    for post, deed in zip(past, deeds_of_past(tx, past), strict=True):
        findings = bench.tried.examine(deed)
        failures += len(findings.failures)
        if findings.hits:
            matches.append((post.id, AccountId(post.author_id)))
            also = bench.others.examine(deed)
            overlaps.update(bench.other_ids[hit.place] for hit in also.hits)
    return Stretch(
        last_id=past[-1].id if past else state.until_id,
        seen=len(past),
        matches=tuple(matches),
        overlaps=overlaps,
        failures=failures,
        ended=len(past) < POSTS_AT_ONCE,
    )
