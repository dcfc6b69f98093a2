"""Writes of exports: asked for, packed part by part, forgotten when their time is over."""

from collections.abc import Sequence

import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.auth.actions import send_notice
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.media.actions import erase_files
from folkmoot.domain.portability import queries
from folkmoot.domain.portability.model import (
    PACK,
    ArchiveToPack,
    Export,
    ExportId,
    ExportTooSoon,
    Part,
    Stage,
    State,
)
from folkmoot.domain.portability.tables import export_parts, exports
from folkmoot.kit import clock, jobs
from folkmoot.kit.db import Id, Moment, Tx, command, insert_all, param
from folkmoot.kit.ids import new_id

_INSERT = insert_all(exports)
_INSERT_PART = insert_all(export_parts, or_ignore=True)
_STEP = command(
    sa.update(exports)
    .where(exports.c.id == param("export_id"))
    .values(
        state=param("new_state"),
        stage=param("new_stage"),
        after_id=param("new_after_id", Id),
        done=param("new_done"),
        total=param("new_total"),
        bytes=exports.c.bytes + param("more", Id),
        finished_at=param("new_finished_at", Moment),
        expires_at=param("new_expires_at", Moment),
    )
)
_PROGRESS = command(
    sa.update(exports).where(exports.c.id == param("export_id")).values(done=param("new_done"))
)
_FAIL = command(
    sa.update(exports)
    .where(exports.c.id == param("export_id"))
    .values(state=param("new_state"), expires_at=param("at", Moment))
)
_FORGET = command(sa.delete(exports).where(exports.c.id == param("export_id")))
_FORGET_PARTS = command(
    sa.delete(export_parts).where(export_parts.c.export_id == param("export_id"))
)


def next_export_at(tx: Tx, account_id: int) -> int | None:
    """From when on an account may pack its next archive; None: now."""
    pause = tx.settings.portability.archive_every_days * clock.DAY
    asked = [e.asked_at for e in queries.list_exports(tx, account_id) if e.state != State.FAILED]
    return max(asked) + pause if asked and max(asked) + pause > tx.now else None


def ask_export(tx: Tx, account_id: AccountId, *, anyway: bool = False) -> Export:
    """Has an archive packed of all that an account has, for its member to fetch; unless `anyway`,
    ExportTooSoon after another one."""
    if not anyway and next_export_at(tx, account_id) is not None:
        raise ExportTooSoon
    asked = Export(
        id=ExportId(new_id()),
        account_id=account_id,
        state=State.WAITING,
        stage=Stage.POSTS,
        after_id=0,
        done=0,
        total=queries.count_whole(tx, account_id),
        bytes=0,
        asked_at=tx.now,
        finished_at=None,
        expires_at=None,
    )
    tx.insert(_INSERT, asked)
    jobs.enqueue(tx, PACK, ArchiveToPack(asked.id))
    return asked


def note_progress(tx: Tx, export_id: ExportId, done: int) -> None:
    """Lets the member see how far a part has come that is not finished."""
    tx.run(_PROGRESS, export_id=export_id, new_done=done)


def add_part(tx: Tx, before: Export, after: Export, part: Part) -> bool:
    """Keeps a part that is stored, and where packing goes on after it; False when another worker
    was faster or nobody waits for it any more, and the part is not needed."""
    now = queries.find_export(tx, before.id)
    if now is None or (now.stage, now.after_id) != (before.stage, before.after_id):
        return False
    if not tx.insert(_INSERT_PART, part):
        return False
    finished = after.state == State.DONE
    kept = tx.settings.portability.archive_days * clock.DAY
    tx.run(
        _STEP,
        export_id=before.id,
        new_state=after.state,
        new_stage=after.stage,
        new_after_id=after.after_id,
        new_done=after.done,
        new_total=after.done if finished else after.total,
        more=part.size,
        new_finished_at=tx.now if finished else None,
        new_expires_at=tx.now + kept if finished else None,
    )
    if finished:
        _tell(tx, before)
    return True


def _tell(tx: Tx, export: Export) -> None:
    days = tx.settings.portability.archive_days
    send_notice(tx, get_user(tx, export.account_id), "archive_packed", days=days)


def fail_export(tx: Tx, export_id: ExportId) -> None:
    """Gives an archive up; another one may be packed at once."""
    _drop_parts(tx, export_id)
    tx.run(_FAIL, export_id=export_id, new_state=State.FAILED, at=tx.now + 7 * clock.DAY)


def _drop_parts(tx: Tx, export_id: ExportId) -> None:
    erase_files(tx, [part.key for part in queries.list_parts(tx, export_id)])
    tx.run(_FORGET_PARTS, export_id=export_id)


def drop_expired(tx: Tx) -> int:
    """Removes archives that were kept long enough; returns how many were looked at. That one was
    packed is remembered until the next may be."""
    found = queries.list_expired(tx)
    pause = tx.settings.portability.archive_every_days * clock.DAY
    for export in found:
        _drop_parts(tx, export.id)
        if export.state == State.DONE and export.asked_at + pause > tx.now:
            tx.run(_FAIL, export_id=export.id, new_state=State.GONE, at=export.asked_at + pause)
        else:
            tx.run(_FORGET, export_id=export.id)
    return len(found)


def forget_account(tx: Tx, account_id: AccountId) -> None:
    """Forgets what this room holds of an account that goes."""
    while found := queries.list_exports(tx, account_id):
        _forget_exports(tx, found)


def _forget_exports(tx: Tx, found: Sequence[Export]) -> None:
    for export in found:
        _drop_parts(tx, export.id)
        tx.run(_FORGET, export_id=export.id)
