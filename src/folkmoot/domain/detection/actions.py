"""Writes of detectors: their life from draft to active and back, and what they found."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Literal, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.deeds.model import Deed
from folkmoot.domain.deeds.queries import count_written
from folkmoot.domain.detection import queries
from folkmoot.domain.detection.events import DetectorChanged, DetectorHit
from folkmoot.domain.detection.model import (
    BACKTEST,
    JUMP_LEAST,
    MAX_NOTE_CHARS,
    SAMPLE,
    Backtest,
    BacktestId,
    BacktestMissing,
    BacktestRunning,
    BacktestToRun,
    Change,
    DetectorId,
    EffectNotAllowed,
    Finding,
    FindingId,
    ListUnknown,
    NoteMissing,
    NothingChanged,
    NotInSample,
    RuleUnknown,
    Sampled,
    ShadowMissing,
    ShadowTooShort,
    Share,
    State,
    Step,
    StoredDetector,
    Stretch,
    Version,
    VersionId,
    WrongState,
    has_jumped,
    rank_of,
    wilson,
)
from folkmoot.domain.detection.tables import (
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
from folkmoot.domain.detectors.model import Detector, DetectorInvalid, Effect, read_detector
from folkmoot.domain.matchlists.queries import find_list
from folkmoot.domain.policy.model import Action, RuleNotFound
from folkmoot.domain.policy.queries import get_rule
from folkmoot.domain.posts.model import Post, PostId
from folkmoot.domain.transparency import model as log
from folkmoot.domain.transparency.actions import record
from folkmoot.domain.transparency.model import month_of
from folkmoot.domain.transparency.queries import find_pseudonym
from folkmoot.kit import clock, jobs
from folkmoot.kit.db import Tx, command, insert_all, param
from folkmoot.kit.ids import first_at, new_id

_INSERT = insert_all(detectors)
_INSERT_VERSION = insert_all(detector_versions)
_INSERT_CHANGE = insert_all(detector_changes)
_INSERT_FINDING = insert_all(detector_findings)
_SET = command(
    sa.update(detectors)
    .where(detectors.c.id == param("detector_id"))
    .values(state=param("new_state"), version_id=param("new_version_id"), since=param("new_since"))
)
_START_FAILURES = insert_all(detector_failures, or_ignore=True)
_COUNT_FAILURE = command(
    sa.update(detector_failures)
    .where(
        detector_failures.c.detector_id == param("detector_id"),
        detector_failures.c.day == param("day"),
    )
    .values(failures=detector_failures.c.failures + sa.literal_column("1"), last=param("new_last"))
)
_FORGET_POST = [
    command(sa.delete(each).where(each.c.post_id == param("post_id")))
    for each in (detector_findings, detector_samples)
]
_FORGET_ACCOUNT = [
    command(sa.delete(detector_findings).where(detector_findings.c.account_id == param("id"))),
    command(sa.delete(detector_samples).where(detector_samples.c.author_id == param("id"))),
    *(
        command(sa.update(each).where(each.c.by_id == param("id")).values(by_id=sa.null()))
        for each in (detector_versions, detector_changes, detector_samples)
    ),
]


_COUNT_OUTCOME = command(
    postgresql.insert(detector_outcomes)
    .values(
        {
            "detector_id": param("detector_id"),
            "month": param("month"),
            "decided": param("decided", sa.Integer()),
            "needed_nothing": param("needed_nothing", sa.Integer()),
            "overturned": param("overturned", sa.Integer()),
        }
    )
    .on_conflict_do_update(
        index_elements=["detector_id", "month"],
        set_={
            name: detector_outcomes.c[name] + sa.literal_column(f"excluded.{name}")
            for name in ("decided", "needed_nothing", "overturned")
        },
    )
)
_PUBLISHED = command(
    sa.update(detector_outcomes)
    .where(
        detector_outcomes.c.detector_id == param("of_id"),
        detector_outcomes.c.month == param("of_month"),
    )
    .values(published_at=param("at"))
)
_INSERT_BACKTEST = insert_all(detector_backtests)
_MOVE_BACKTEST = command(
    sa.update(detector_backtests)
    .where(
        detector_backtests.c.id == param("backtest_id"),
        detector_backtests.c.last_id == param("old_last_id"),
        detector_backtests.c.finished_at.is_(None),
    )
    .values(
        last_id=param("new_last_id"),
        seen=detector_backtests.c.seen + param("more_seen", sa.Integer()),
        matched=detector_backtests.c.matched + param("more_matched", sa.Integer()),
        failures=detector_backtests.c.failures + param("more_failures", sa.Integer()),
        finished_at=param("new_finished_at"),
    )
)
_START_OVERLAP = insert_all(detector_overlaps, or_ignore=True)
_COUNT_OVERLAP = command(
    sa.update(detector_overlaps)
    .where(
        detector_overlaps.c.backtest_id == param("backtest_id"),
        detector_overlaps.c.other_id == param("other_id"),
    )
    .values(matches=detector_overlaps.c.matches + param("more", sa.Integer()))
)
_INSERT_SAMPLE = insert_all(detector_samples, or_ignore=True)
_worst = detector_samples.alias("worst")
_TRIM_SAMPLE = command(
    sa.delete(detector_samples).where(
        detector_samples.c.backtest_id == param("backtest_id"),
        detector_samples.c.rank
        > sa.select(_worst.c.rank)
        .where(_worst.c.backtest_id == param("backtest_id"))
        .order_by(_worst.c.rank)
        .offset(param("last", sa.Integer()))
        .limit(sa.literal_column("1"))
        .scalar_subquery(),
    )
)
_LABEL = command(
    sa.update(detector_samples)
    .where(
        detector_samples.c.backtest_id == param("backtest_id"),
        detector_samples.c.post_id == param("post_id"),
    )
    .values(verdict=param("new_verdict"), by_id=param("new_by_id"), labelled_at=param("new_at"))
)


class Rewritten(NamedTuple):
    """A stored detector with the version that it is now."""

    detector: StoredDetector
    version: Version


def save_detector(tx: Tx, by: AccountId | None, *, source: str, note: str) -> Rewritten:
    """Keeps a file as a new detector, or as the next version of the one of its name, which is a
    draft from then on. DetectorInvalid, RuleUnknown, EffectNotAllowed, ListUnknown, NoteMissing,
    NothingChanged.
    """
    read = read_detector(source)
    _check_note(note)
    _check_references(tx, read)
    present = queries.find_detector(tx, read.name, lock=True)
    detector_id = present.id if present else DetectorId(new_id())
    number = 1
    if present:
        newest = queries.list_versions(tx, present.id)[0]
        if newest.source == source and present.state != State.RETIRED:
            raise NothingChanged
        number = newest.number + 1
    version = Version(
        id=VersionId(new_id()),
        detector_id=detector_id,
        number=number,
        source=source,
        by_id=by,
        note=note.strip(),
        created_at=tx.now,
    )
    tx.insert(_INSERT_VERSION, version)
    if present is None:
        present = StoredDetector(
            detector_id, read.name, State.DRAFT, version.id, tx.now, created_at=tx.now
        )
        tx.insert(_INSERT, present)
        step = Step.CREATED
    else:
        step = Step.REWRITTEN
    moved = msgspec.structs.replace(present, version_id=version.id)
    return Rewritten(_move(tx, by, moved, State.DRAFT, step, note), version)


def start_shadow(tx: Tx, by: AccountId | None, name: str, *, note: str) -> StoredDetector:
    """Lets a draft look at what is written, without anything following from it. BacktestMissing
    until a backtest of this very version is finished; WrongState.
    """
    _check_note(note)
    detector = queries.get_detector(tx, name, lock=True)
    _check_state(detector, State.DRAFT, State.ACTIVE)
    backtest = queries.find_backtest(tx, detector.version_id)
    if backtest is None or backtest.finished_at is None:
        raise BacktestMissing
    read = read_detector(queries.get_version(tx, detector.version_id).source)
    _check_references(tx, read)
    return _move(tx, by, detector, State.SHADOW, Step.SHADOWED, note)


def activate(tx: Tx, by: AccountId | None, name: str, *, note: str) -> StoredDetector:
    """Puts a detector in force (I5): its description is public, its tests pass, and it has run in
    shadow for the set time. ShadowMissing, ShadowTooShort, RuleUnknown, WrongState.
    """
    _check_note(note)
    detector = queries.get_detector(tx, name, lock=True)
    _check_state(detector, State.DRAFT, State.SHADOW)
    if detector.state != State.SHADOW:
        raise ShadowMissing
    until = detector.since + tx.settings.detection.shadow_hours * clock.HOUR
    if tx.now < until:
        raise ShadowTooShort(until=clock.iso(until))
    read = read_detector(queries.get_version(tx, detector.version_id).source)
    _check_references(tx, read)
    return _move(tx, by, detector, State.ACTIVE, Step.ACTIVATED, note)


def retire(tx: Tx, by: AccountId | None, name: str, *, note: str) -> StoredDetector:
    """Ends a detector; what it did stays readable, and a new version of it can be saved."""
    _check_note(note)
    detector = queries.get_detector(tx, name, lock=True)
    _check_state(detector, State.DRAFT, State.SHADOW, State.ACTIVE)
    return _move(tx, by, detector, State.RETIRED, Step.RETIRED, note)


def step_back(tx: Tx, detector: StoredDetector, *, note: str) -> StoredDetector:
    """Puts an active detector back into shadow because of what it does; nobody asked for it."""
    return _move(tx, None, detector, State.SHADOW, Step.STEPPED_BACK, note)


def record_hit(
    tx: Tx,
    detector: StoredDetector,
    read: Detector,
    *,
    deed: Deed,
    account_id: AccountId,
    post: Post | None,
    found: Sequence[str],
    fresh: bool = False,
) -> Finding:
    """Notes what a detector found; of an active one, upper rooms learn what it asks for. Of a
    `fresh` post nobody has heard yet.
    """
    finding = Finding(
        id=FindingId(new_id()),
        detector_id=detector.id,
        version_id=detector.version_id,
        event=deed.event,
        post_id=None if post is None else post.id,
        account_id=account_id,
        acted=detector.state == State.ACTIVE,
        found=msgspec.json.encode(found).decode(),
        created_at=tx.now,
    )
    tx.insert(_INSERT_FINDING, finding)
    if finding.acted:
        tx.announce(DetectorHit(finding, read, post, fresh))
    return finding


def record_failure(tx: Tx, detector: StoredDetector, why: str) -> None:
    """Counts that a detector could not be decided; an active one steps back into shadow."""
    day = clock.day_start(tx.now)
    tx.run(_START_FAILURES, detector_id=detector.id, day=day, failures=0, last="")
    tx.run(_COUNT_FAILURE, detector_id=detector.id, day=day, new_last=why)
    present = queries.get_detector_to_change(tx, detector.id)
    if present.state == State.ACTIVE and present.version_id == detector.version_id:
        step_back(tx, present, note=f"Its condition could not be decided: {why}"[:MAX_NOTE_CHARS])


def fail(tx: Tx, name: str, why: str) -> None:
    """Counts that what an active detector asks for could not be done; it steps back."""
    record_failure(tx, queries.get_detector(tx, name), why)


def count_outcome(
    tx: Tx, names: Iterable[str], *, decided: int = 0, needed_nothing: int = 0, overturned: int = 0
) -> None:
    """Counts for each of these detectors what people made of what it found; those that are not
    there any more are left out.
    """
    for name in names:
        if (detector := queries.find_detector(tx, name)) is not None:
            tx.run(
                _COUNT_OUTCOME,
                detector_id=detector.id,
                month=month_of(tx.now),
                decided=decided,
                needed_nothing=needed_nothing,
                overturned=overturned,
            )


def watch(tx: Tx) -> list[StoredDetector]:
    """Puts those active detectors back into shadow whose share of hits in the last hour jumped
    above what it was since they came into shadow; returns them.
    """
    back = []
    start = tx.now - clock.HOUR
    seen = count_written(tx, since=start, until=tx.now)
    for detector in queries.list_live(tx):
        if detector.state != State.ACTIVE:
            continue
        hits = queries.count_findings(tx, detector.version_id, since=start, until=tx.now)
        if hits < JUMP_LEAST:
            continue
        usual = queries.get_usual(tx, detector, until=start)
        if has_jumped(Share(hits, seen), usual):
            note = f"It found {hits} of {seen} in an hour, {usual.hits} of {usual.seen} before"
            back.append(step_back(tx, detector, note=note))
    return back


def start_backtest(tx: Tx, name: str) -> Backtest:
    """Has the present version tried on all public posts there are. BacktestRunning."""
    detector = queries.get_detector(tx, name, lock=True)
    running = queries.find_backtest(tx, detector.version_id)
    if running is not None and running.finished_at is None:
        raise BacktestRunning
    backtest = Backtest(
        id=BacktestId(new_id()),
        detector_id=detector.id,
        version_id=detector.version_id,
        last_id=0,
        until_id=first_at(tx.now),
        seen=0,
        matched=0,
        failures=0,
        started_at=tx.now,
        finished_at=None,
    )
    tx.insert(_INSERT_BACKTEST, backtest)
    jobs.enqueue(tx, BACKTEST, BacktestToRun(backtest.id))
    return backtest


def record_stretch(tx: Tx, backtest: Backtest, stretch: Stretch) -> Backtest:
    """Adds what a stretch of past posts brought. One that was added before is left out, so that a
    job may run twice.
    """
    moved = tx.run(
        _MOVE_BACKTEST,
        backtest_id=backtest.id,
        old_last_id=backtest.last_id,
        new_last_id=stretch.last_id,
        more_seen=stretch.seen,
        more_matched=len(stretch.matches),
        more_failures=stretch.failures,
        new_finished_at=tx.now if stretch.ended else None,
    )
    if moved:
        for other_id, count in stretch.overlaps.items():
            key = {"backtest_id": backtest.id, "other_id": other_id}
            tx.run(_START_OVERLAP, **key, matches=0)
            tx.run(_COUNT_OVERLAP, **key, more=count)
        _sample(tx, backtest, stretch)
        if stretch.ended:
            detector = queries.get_detector_to_change(tx, backtest.detector_id)
            _record(tx, detector, "tested", backtest.version_id)
    return queries.get_backtest(tx, backtest.id)


def label_match(
    tx: Tx, by: AccountId | None, backtest_id: BacktestId, post_id: PostId, *, breaks: bool
) -> None:
    """Says of a sampled match whether it breaks the rule, or says otherwise. NotInSample."""
    labelled = tx.run(
        _LABEL,
        backtest_id=backtest_id,
        post_id=post_id,
        new_verdict=int(breaks),
        new_by_id=by,
        new_at=tx.now,
    )
    if not labelled:
        raise NotInSample


def record_change(tx: Tx, detector: StoredDetector, change: Change) -> None:
    """Writes into the public log what happened to a detector."""
    _record(tx, detector, _EVENTS[Step(change.step)], change.version_id, by=_who(tx, change))


def _who(tx: Tx, change: Change) -> str | None:
    """The pseudonym of who changed it; the console has one too. None where nobody did."""
    if change.step == Step.STEPPED_BACK:
        return None
    return find_pseudonym(tx, change.by_id or 0)


_Event = Literal["drafted", "tested", "shadowed", "activated", "fell-back", "retired"]
_EVENTS: dict[Step, _Event] = {
    Step.CREATED: "drafted",
    Step.REWRITTEN: "drafted",
    Step.SHADOWED: "shadowed",
    Step.ACTIVATED: "activated",
    Step.STEPPED_BACK: "fell-back",
    Step.RETIRED: "retired",
}
_EFFECTS: dict[Effect, Literal["case", "label", "screen", "slow", "hold"]] = {
    Effect.OPEN_CASE: "case",
    Effect.LABEL: "label",
    Effect.SCREEN: "screen",
    Effect.SLOW_DOWN: "slow",
    Effect.HOLD: "hold",
}


def _record(
    tx: Tx,
    detector: StoredDetector,
    event: _Event,
    version_id: VersionId,
    *,
    by: str | None = None,
) -> None:
    version = queries.get_version(tx, version_id)
    try:
        read = read_detector(version.source)
    except DetectorInvalid:  # written for an older program, which told of it then
        return
    tested = queries.find_backtest(tx, version_id)
    labelled = queries.estimate_precision(tx, tested.id) if tested else wilson(0, 0)
    entry = log.DetectorChange(
        code=detector.name,
        event=event,
        version=version.number,
        rule=read.rule,
        effect=_EFFECTS[read.effect.do],
        source_sha256=sha256(version.source.encode()).hexdigest(),
        by=by,
        matched=tested.matched if tested else 0,
        sample=labelled.of,
        sample_right=round(labelled.share * labelled.of),
    )
    tx.at_last(record, entry)


def publish_accuracy(tx: Tx, *, limit: int = 50) -> bool:
    """Writes into the public log what became of the matches of each detector in a month that is
    over; whether there may be more.
    """
    due = queries.list_unpublished(tx, before=month_of(tx.now), limit=limit)
    names = {detector.id: detector.name for detector in queries.list_detectors(tx)} if due else {}
    for each in due:
        tx.run(_PUBLISHED, of_id=each.detector_id, of_month=each.month, at=tx.now)
        start = clock.from_iso(f"{each.month}-01")
        end = clock.from_iso(f"{month_of(start + 32 * clock.DAY)}-01") - 1
        entry = log.DetectorAccuracy(
            code=names[each.detector_id],
            from_on=clock.iso_day(start),
            to_on=clock.iso_day(end),
            decided=each.decided,
            needed_nothing=each.needed_nothing,
            overturned=each.overturned,
        )
        tx.at_last(record, entry)
    return len(due) == limit


def _sample(tx: Tx, backtest: Backtest, stretch: Stretch) -> None:
    """Keeps the matches of the lowest ranks: a random sample, however many there are."""
    sampled = [
        Sampled(backtest.id, post_id, author_id, rank_of(backtest.id, post_id), None, None, None)
        for post_id, author_id in stretch.matches
    ]
    best = sorted(sampled, key=lambda one: one.rank)[:SAMPLE]
    tx.many(_INSERT_SAMPLE, map(msgspec.structs.asdict, best))
    tx.run(_TRIM_SAMPLE, backtest_id=backtest.id, last=SAMPLE - 1)


def forget_post(tx: Tx, post_id: PostId) -> None:
    """Forgets what was found in a post that goes."""
    for each in _FORGET_POST:
        tx.run(each, post_id=post_id)


def forget_account(tx: Tx, account_id: AccountId) -> None:
    """Forgets what was found with an account that goes, and that it changed or labelled anything;
    versions and changes stay.
    """
    for each in _FORGET_ACCOUNT:
        tx.run(each, id=account_id)


def _move(
    tx: Tx, by: AccountId | None, detector: StoredDetector, state: State, step: Step, note: str
) -> StoredDetector:
    moved = msgspec.structs.replace(detector, state=state, since=tx.now)
    tx.run(
        _SET,
        detector_id=moved.id,
        new_state=state,
        new_version_id=moved.version_id,
        new_since=tx.now,
    )
    change = Change(
        id=new_id(),
        detector_id=moved.id,
        version_id=moved.version_id,
        step=step,
        by_id=by,
        note=note.strip(),
        created_at=tx.now,
    )
    tx.insert(_INSERT_CHANGE, change)
    tx.announce(DetectorChanged(moved, change))
    return moved


def _check_note(note: str) -> None:
    if not 1 <= len(note.strip()) <= MAX_NOTE_CHARS:
        raise NoteMissing


def _check_state(detector: StoredDetector, *allowed: State) -> None:
    if detector.state not in allowed:
        raise WrongState(state=detector.state)


def _check_references(tx: Tx, read: Detector) -> None:
    """That the rule is in force and allows the effect, and that each list is there and holds what
    is looked for in it.
    """
    _check_rule(tx, read)
    held = (("words", read.words), ("domains", read.domains), ("media", read.media))
    for what, given in held:
        for name in read.lists_in(given):
            found = find_list(tx, name)
            if found is None or found.kind != what:
                raise ListUnknown(list=name, what=what)


# What a rule must allow for a detector to ask for it. Looking at a post, and holding it until
# somebody has looked, decide nothing.
_NEEDED = {
    Effect.LABEL: Action.LABEL,
    Effect.SCREEN: Action.SCREEN,
    Effect.SLOW_DOWN: Action.LIMIT,
}


def _check_rule(tx: Tx, read: Detector) -> None:
    try:
        rule = get_rule(tx, read.rule)
    except RuleNotFound as error:
        raise RuleUnknown(rule=read.rule) from error
    needed = _NEEDED.get(read.effect.do)
    if needed is not None and not rule.allows(needed):
        raise EffectNotAllowed(rule=read.rule, effect=read.effect.do.value)
