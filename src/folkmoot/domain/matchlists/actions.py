"""Writes of matching lists: imports, undoing, allowing."""

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Literal

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.matchlists import queries
from folkmoot.domain.matchlists.model import (
    MAX_ENTRIES,
    MAX_REASON_CHARS,
    NAME,
    Act,
    AlreadyUndone,
    Change,
    ChangeId,
    ChangeNotFound,
    CoveredByAnother,
    Difference,
    Entry,
    Format,
    Kind,
    ListExists,
    ListId,
    ListInvalid,
    MatchList,
    SourceMissing,
    TooManyEntries,
    and_above,
    normalise,
    read_list,
)
from folkmoot.domain.matchlists.tables import (
    match_allowed,
    match_changes,
    match_differences,
    match_entries,
    match_lists,
)
from folkmoot.domain.transparency.actions import record
from folkmoot.domain.transparency.model import ListImport
from folkmoot.domain.transparency.queries import find_pseudonym
from folkmoot.kit.criteria import Near
from folkmoot.kit.db import Tx, command, insert_all, param
from folkmoot.kit.ids import new_id

_INSERT_LIST = insert_all(match_lists, or_ignore=True)
_INSERT_ENTRY = insert_all(match_entries, or_ignore=True)
_INSERT_ALLOWED = insert_all(match_allowed, or_ignore=True)
_INSERT_CHANGE = insert_all(match_changes)
_INSERT_DIFFERENCE = insert_all(match_differences)
_REMOVE_ENTRY = command(
    sa.delete(match_entries).where(
        match_entries.c.list_id == param("list_id"), match_entries.c.entry == param("entry")
    )
)
_DISALLOW = command(
    sa.delete(match_allowed).where(
        match_allowed.c.list_id == param("list_id"), match_allowed.c.entry == param("entry")
    )
)
_MARK_UNDONE = command(
    sa.update(match_changes)
    .where(match_changes.c.id == param("change_id"))
    .values(undone_at=param("at"))
)
_FORGET_WHO = command(
    sa.update(match_changes)
    .where(match_changes.c.by_id == param("account_id"))
    .values(by_id=sa.null())
)


def create_list(tx: Tx, *, name: str, kind: Kind, description: str) -> MatchList:
    """Makes an empty list. ListInvalid, ListExists."""
    if not NAME.fullmatch(name) or not description.strip():
        raise ListInvalid
    made = MatchList(ListId(new_id()), name, kind, description.strip(), tx.now)
    if not tx.insert(_INSERT_LIST, made):
        raise ListExists(name=name)
    return made


def import_list(
    tx: Tx,
    by: AccountId | None,
    name: str,
    *,
    text: str,
    form: Format,
    source: str,
    whole: bool = False,
) -> Change:
    """Puts what a file of others names onto a list; with `whole`, what it does not name goes.

    `queries.plan_import` shows beforehand what happens. ListNotFound, SourceMissing,
    TooManyEntries, ColumnMissing.
    """
    the_list = queries.get_list(tx, name, lock=True)
    if not source.strip():
        raise SourceMissing
    plan = queries.plan_import(
        tx, the_list, read_list(text, form, Kind(the_list.kind)), whole=whole
    )
    total = queries.count_listed(tx, the_list) + len(plan.added) - len(plan.removed)
    if total > MAX_ENTRIES:
        raise TooManyEntries
    change = Change(
        id=ChangeId(new_id()),
        list_id=the_list.id,
        kind=Act.IMPORT,
        source=source.strip()[:MAX_REASON_CHARS],
        digest=sha256(text.encode()).hexdigest(),
        added=len(plan.added),
        removed=len(plan.removed),
        by_id=by,
        created_at=tx.now,
        undone_at=None,
    )
    gone = set(plan.removed)
    before = {one.entry: one for one in queries.list_entries(tx, the_list) if one.entry in gone}
    differences = [
        *(Difference(change.id, e, True, why, change.id) for e, why in plan.added.items()),
        *(Difference(change.id, e, False, o.reason, o.change_id) for e, o in before.items()),
    ]
    tx.insert(_INSERT_CHANGE, change)
    tx.many(_INSERT_DIFFERENCE, map(msgspec.structs.asdict, differences))
    _put(tx, the_list, [one for one in differences if one.added])
    _take(tx, the_list, [one for one in differences if not one.added])
    tx.at_last(_record, the_list, change, event="imported", total=total)
    return change


def undo_import(tx: Tx, by: AccountId | None, name: str, change_id: int) -> Change:
    """Takes back what an import added, and puts back what it took away, save what is allowed since.
    ListNotFound, ChangeNotFound, AlreadyUndone.
    """
    the_list = queries.get_list(tx, name, lock=True)
    change = queries.get_change(tx, the_list, change_id)
    if change.kind != Act.IMPORT:
        raise ChangeNotFound
    if change.undone_at is not None:
        raise AlreadyUndone
    differences = queries.list_differences(tx, change)
    taken = [one for one in differences if not one.added]
    kept_out = queries.find_kept_out(tx, the_list, [one.entry for one in taken])
    back = [one for one in taken if one.entry not in kept_out]
    gone = [one for one in differences if one.added]
    _take(tx, the_list, gone)
    _put(tx, the_list, back)
    tx.run(_MARK_UNDONE, change_id=change.id, at=tx.now)
    undone = _note(tx, by, the_list, Act.UNDO, str(change.id), added=len(back), removed=len(gone))
    of = msgspec.structs.replace(change, added=len(back), removed=len(gone), by_id=by)
    total = queries.count_listed(tx, the_list)
    tx.at_last(_record, the_list, of, event="undone", total=total)
    return undone


def _record(
    tx: Tx, the_list: MatchList, change: Change, *, event: Literal["imported", "undone"], total: int
) -> None:
    """Writes into the public log that a list was imported or an import undone; its source where
    that is an address on the web.
    """
    entry = ListImport(
        code=f"L-{change.id}",
        name=the_list.name,
        event=event,
        holds=_HOLDS[Kind(the_list.kind)],
        added=change.added,
        removed=change.removed,
        total=total,
        content_sha256=change.digest,
        source=change.source if _WEB.fullmatch(change.source) else None,
        by=find_pseudonym(tx, change.by_id or 0),
    )
    record(tx, entry)


_HOLDS: dict[Kind, Literal["domains", "words", "media-hashes"]] = {
    Kind.DOMAINS: "domains",
    Kind.WORDS: "words",
    Kind.MEDIA: "media-hashes",
}
_WEB = re.compile(r"https?://[!-?A-~]{1,500}")


def allow_entry(tx: Tx, by: AccountId | None, name: str, entry: str, *, reason: str) -> None:
    """Keeps an entry off a list for good, and with it domains below it or pictures that look like
    it. ListNotFound, EntryInvalid, SourceMissing, CoveredByAnother.
    """
    the_list = queries.get_list(tx, name, lock=True)
    if not reason.strip():
        raise SourceMissing
    kind = Kind(the_list.kind)
    spelled = normalise(entry, kind)
    for above in and_above(spelled)[1:] if kind is Kind.DOMAINS else ():
        if queries.find_entry(tx, the_list, above) is not None:
            raise CoveredByAnother(above=above)
    is_gone = _caught_with(spelled, kind)
    gone = [one for one in queries.list_entries(tx, the_list) if is_gone(one.entry)]
    change = _note(tx, by, the_list, Act.ALLOW, spelled, removed=len(gone))
    kept = Entry(the_list.id, spelled, reason.strip()[:MAX_REASON_CHARS], change.id)
    tx.insert(_INSERT_ALLOWED, kept)
    tx.many(_REMOVE_ENTRY, [{"list_id": the_list.id, "entry": one.entry} for one in gone])


def _caught_with(spelled: str, kind: Kind) -> Callable[[str], bool]:
    """Says of an entry whether it goes with one that is allowed."""
    if kind is Kind.MEDIA:
        near = Near([spelled])
        return lambda entry: bool(near.find(entry))
    ended = f".{spelled}"
    below = kind is Kind.DOMAINS
    return lambda entry: entry == spelled or (below and entry.endswith(ended))


def disallow_entry(tx: Tx, by: AccountId | None, name: str, entry: str) -> None:
    """Lets imports put an entry onto a list again. ListNotFound, EntryInvalid."""
    the_list = queries.get_list(tx, name, lock=True)
    spelled = normalise(entry, Kind(the_list.kind))
    if tx.run(_DISALLOW, list_id=the_list.id, entry=spelled):
        _note(tx, by, the_list, Act.DISALLOW, spelled)


def forget_account(tx: Tx, account_id: AccountId) -> None:
    """Changes stay; who made them is forgotten."""
    tx.run(_FORGET_WHO, account_id=account_id)


def _note(
    tx: Tx,
    by: AccountId | None,
    the_list: MatchList,
    act: Act,
    what: str,
    *,
    added: int = 0,
    removed: int = 0,
) -> Change:
    change = Change(
        id=ChangeId(new_id()),
        list_id=the_list.id,
        kind=act,
        source=what,
        digest="",
        added=added,
        removed=removed,
        by_id=by,
        created_at=tx.now,
        undone_at=None,
    )
    tx.insert(_INSERT_CHANGE, change)
    return change


def _put(tx: Tx, the_list: MatchList, differences: list[Difference]) -> None:
    tx.many(
        _INSERT_ENTRY,
        [
            msgspec.structs.asdict(Entry(the_list.id, one.entry, one.reason, one.before_id))
            for one in differences
        ],
    )


def _take(tx: Tx, the_list: MatchList, differences: list[Difference]) -> None:
    tx.many(_REMOVE_ENTRY, [{"list_id": the_list.id, "entry": one.entry} for one in differences])
