"""Reads of matching lists."""

from collections.abc import Iterable

import sqlalchemy as sa

from folkmoot.domain.matchlists.model import (
    Change,
    ChangeNotFound,
    Difference,
    Entry,
    Kind,
    Listed,
    ListedDomain,
    ListNotFound,
    MatchList,
    Plan,
    and_above,
    domain_of,
)
from folkmoot.domain.matchlists.tables import (
    match_allowed,
    match_changes,
    match_differences,
    match_entries,
    match_lists,
)
from folkmoot.kit.criteria import Near
from folkmoot.kit.db import Page, Tx, paged, param, rows, values, within

_LISTS = rows(sa.select(match_lists).order_by(match_lists.c.name), MatchList)
_BY_NAME = rows(sa.select(match_lists).where(match_lists.c.name == param("name")), MatchList)
_BY_NAME_TO_CHANGE = rows(
    sa.select(match_lists).where(match_lists.c.name == param("name")).with_for_update(), MatchList
)
_ENTRIES = rows(sa.select(match_entries).where(match_entries.c.list_id == param("list_id")), Entry)
_COUNT = values(
    sa.select(sa.func.count())
    .select_from(match_entries)
    .where(match_entries.c.list_id == param("list_id")),
    int,
)
_ENTRY = rows(
    sa.select(match_entries).where(
        match_entries.c.list_id == param("list_id"), match_entries.c.entry == param("entry")
    ),
    Entry,
)
_LISTED = rows(
    sa.select(
        match_entries.c.entry,
        match_lists.c.name,
        match_lists.c.description,
        match_entries.c.reason,
    )
    .join(match_lists, match_lists.c.id == match_entries.c.list_id)
    .where(within(match_entries.c.entry, "entries"), match_lists.c.kind == param("domains")),
    ListedDomain,
)
_ALLOWED = rows(sa.select(match_allowed).where(match_allowed.c.list_id == param("list_id")), Entry)
_CHANGES = paged(
    sa.select(match_changes).where(match_changes.c.list_id == param("list_id")),
    match_changes.c.id,
    Change,
)
_CHANGE = rows(
    sa.select(match_changes).where(
        match_changes.c.id == param("id"), match_changes.c.list_id == param("list_id")
    ),
    Change,
)
_NEWEST = values(
    sa.select(match_changes.c.id).order_by(match_changes.c.id.desc()).limit(sa.literal_column("1")),
    int,
)
_DIFFERENCES = rows(
    sa.select(match_differences).where(match_differences.c.change_id == param("change_id")),
    Difference,
)


def list_lists(tx: Tx) -> list[MatchList]:
    """Every list, by name."""
    return tx.all(_LISTS)


def find_list(tx: Tx, name: str) -> MatchList | None:
    """The list of a name."""
    return tx.first(_BY_NAME, name=name)


def get_list(tx: Tx, name: str, *, lock: bool = False) -> MatchList:
    """The list of a name, or ListNotFound; with `lock`, to be changed."""
    found = tx.first(_BY_NAME_TO_CHANGE if lock else _BY_NAME, name=name)
    if found is None:
        raise ListNotFound
    return found


def list_entries(tx: Tx, the_list: MatchList) -> list[Entry]:
    """What stands on a list."""
    return tx.all(_ENTRIES, list_id=the_list.id)


def count_listed(tx: Tx, the_list: MatchList) -> int:
    """How much stands on a list."""
    return tx.one(_COUNT, list_id=the_list.id)


def find_entry(tx: Tx, the_list: MatchList, entry: str) -> Entry | None:
    """An entry of a list, with its reason, as people who meet it are told."""
    return tx.first(_ENTRY, list_id=the_list.id, entry=entry)


def map_listed(tx: Tx, urls: Iterable[str]) -> dict[str, ListedDomain]:
    """Those of the addresses' domains, and of what they are below, that stand on a list, with the
    reason; of several lists one. Links to the service itself are not looked up.
    """
    domains = {domain_of(url) for url in urls} - {"", domain_of(tx.settings.server.base_url)}
    wanted = {above for domain in domains for above in and_above(domain)}
    found = tx.all(_LISTED, entries=sorted(wanted), domains=Kind.DOMAINS.value) if wanted else []
    return {each.entry: each for each in found}


def list_allowed(tx: Tx, the_list: MatchList) -> list[Entry]:
    """What never stands on a list, whatever is imported."""
    return tx.all(_ALLOWED, list_id=the_list.id)


def list_changes(tx: Tx, the_list: MatchList, page: Page) -> list[Change]:
    """How a list came to be what it is, newest first."""
    return tx.page(_CHANGES, page, list_id=the_list.id)


def get_change(tx: Tx, the_list: MatchList, change_id: int) -> Change:
    """A change of a list, or ChangeNotFound."""
    found = tx.first(_CHANGE, id=change_id, list_id=the_list.id)
    if found is None:
        raise ChangeNotFound
    return found


def list_differences(tx: Tx, change: Change) -> list[Difference]:
    """What an import added and took away."""
    return tx.all(_DIFFERENCES, change_id=change.id)


def find_newest_change(tx: Tx) -> int:
    """The id of the newest change of any list; 0 when there was none."""
    return tx.first(_NEWEST) or 0


def map_entries(tx: Tx, names: Iterable[str]) -> dict[str, list[str]]:
    """The entries of lists by their names; of a list that is not there, none."""
    found = {name: find_list(tx, name) for name in names}
    return {
        name: [one.entry for one in list_entries(tx, held)] if held else []
        for name, held in found.items()
    }


def plan_import(tx: Tx, the_list: MatchList, listed: Listed, *, whole: bool) -> Plan:
    """What an import would change. With `whole` the file is all that the list is to hold, so that
    what it does not name goes.
    """
    present = {one.entry for one in list_entries(tx, the_list)}
    kept_out = find_kept_out(tx, the_list, listed.entries)
    wanted = {e: why for e, why in listed.entries.items() if e not in kept_out}
    return Plan(
        added={entry: why for entry, why in wanted.items() if entry not in present},
        removed=tuple(sorted(present - set(wanted))) if whole else (),
        kept=len(present & set(wanted)),
        allowed=tuple(sorted(kept_out)),
        refused=listed.refused,
    )


def find_kept_out(tx: Tx, the_list: MatchList, entries: Iterable[str]) -> set[str]:
    """Which of these the allow-list keeps off: its own, and what would catch them as well: domains
    above and below them, pictures that look like them.
    """
    allowed = [one.entry for one in list_allowed(tx, the_list)]
    if not allowed:
        return set()
    match Kind(the_list.kind):
        case Kind.WORDS:
            return set(allowed).intersection(entries)
        case Kind.MEDIA:
            near = Near(allowed)
            return {entry for entry in entries if near.find(entry)}
        case Kind.DOMAINS:
            protected = set(allowed)
            covering = {above for entry in allowed for above in and_above(entry)}
            return {
                entry
                for entry in entries
                if entry in covering or not protected.isdisjoint(and_above(entry))
            }
