"""Mastodon's CSV files, written and read: names, heads and lines. Those of one column, and lists,
have no head there; read, they may have one.
"""

import csv
import io
from collections.abc import Sequence

import msgspec

from folkmoot.domain.importing.model import FileUnreadable, ImportRow, Lost, Wish
from folkmoot.domain.portability.model import Kind, Line
from folkmoot.kit.text import normalise_language

FILE_NAMES = {
    Kind.FOLLOWING: "following_accounts.csv",
    Kind.FOLLOWERS: "followers.csv",
    Kind.LISTS: "lists.csv",
    Kind.BLOCKS: "blocked_accounts.csv",
    Kind.MUTES: "muted_accounts.csv",
    Kind.DOMAIN_BLOCKS: "blocked_domains.csv",
    Kind.BOOKMARKS: "bookmarks.csv",
}
ADDRESS = "Account address"
HEADS: dict[Kind, list[str]] = {
    Kind.FOLLOWING: [ADDRESS, "Show boosts", "Notify on new posts", "Languages"],
    Kind.FOLLOWERS: [ADDRESS],
    Kind.MUTES: [ADDRESS, "Hide notifications"],
}


_BOOSTS, _NOTIFY, _LANGUAGES = HEADS[Kind.FOLLOWING][1:]
_HIDE = HEADS[Kind.MUTES][1]
_LIST, _DOMAIN, _URI, _TEXT, _REASON = "List name", "#domain", "#uri", "Text", "Reason"
# What a column means where a file says nothing.
_SILENT = {
    Kind.LISTS: [_LIST, ADDRESS],
    Kind.DOMAIN_BLOCKS: [_DOMAIN],
    Kind.BOOKMARKS: [_URI],
}
_FIRST = {ADDRESS, _LIST, _DOMAIN, _URI}
_NO = {"false", "f", "0", "off", "no"}
_CHARS = 1_000


def head(kind: Kind) -> bytes:
    """The first line of a file, where it has one."""
    return _encode([HEADS[kind]]) if kind in HEADS else b""


def lines(kind: Kind, found: Sequence[Line], own_domain: str) -> bytes:
    """Lines of a file; the addresses of our own people with our domain."""
    return _encode([_cells(kind, line, own_domain) for line in found])


def _cells(kind: Kind, line: Line, own_domain: str) -> list[str]:
    if kind is Kind.BOOKMARKS:
        return [line.uri]
    if kind is Kind.DOMAIN_BLOCKS:
        return [line.domain]
    address = f"{line.username}@{line.domain or own_domain}"
    if kind is Kind.FOLLOWING:
        languages = ", ".join(line.languages.split())
        return [address, _flag(line.show_boosts), _flag(line.notify), languages]
    if kind is Kind.MUTES:
        return [address, _flag(line.hide_notifications)]
    return [line.title, address] if kind is Kind.LISTS else [address]


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _encode(rows: Sequence[Sequence[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue().encode()


def read(kind: Kind, data: bytes) -> list[Wish]:
    """What the lines of a file want; FileUnreadable says what is wrong with it."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileUnreadable(why="it is not text in UTF-8") from error
    try:
        found = [row for row in csv.reader(io.StringIO(text.replace("\0", ""))) if any(row)]
    except csv.Error as error:
        raise FileUnreadable(why="it is no CSV file") from error
    needed = _SILENT.get(kind, [ADDRESS])
    names = needed
    if found and found[0][0].strip() in _FIRST:
        names = [name.strip() for name in found.pop(0)]
    for name in needed:
        if name not in names:
            raise FileUnreadable(why=f"it has no column “{name}”")
    if not found:
        raise FileUnreadable(why="there is nothing in it")
    return [_wish(dict(zip(names, row, strict=False))) for row in found]


def _wish(cells: dict[str, str]) -> Wish:
    def cell(name: str) -> str:
        return cells.get(name, "").strip()[:_CHARS]

    spoken = [normalise_language(each) for each in cell(_LANGUAGES).split(",") if each.strip()]
    return Wish(
        address=cell(ADDRESS),
        title=cell(_LIST),
        domain=cell(_DOMAIN),
        uri=cell(_URI),
        show_boosts=_choice(cell(_BOOSTS)),
        notify=_choice(cell(_NOTIFY)),
        languages=tuple(each for each in spoken if each) or None,
        hide_notifications=_choice(cell(_HIDE)) is not False,
    )


def _choice(text: str) -> bool | None:
    return text.lower() not in _NO if text else None


def failures_head(kind: Kind) -> bytes:
    """The first line of a file of what could not be brought in."""
    return _encode([[*_columns(kind), _REASON]])


def failures(kind: Kind, found: Sequence[ImportRow]) -> bytes:
    """Lines that could not be brought in, as they were, with the reason."""
    return _encode([[*_again(kind, row), row.reason] for row in found])


def _columns(kind: Kind) -> list[str]:
    return [_URI, _TEXT] if kind is Kind.POSTS else HEADS.get(kind) or _SILENT.get(kind, [ADDRESS])


def _again(kind: Kind, row: ImportRow) -> list[str]:
    if kind is Kind.POSTS:
        lost = msgspec.json.decode(row.data, type=Lost)
        return [lost.uri, lost.text]
    wish = msgspec.json.decode(row.data, type=Wish)
    cells = {
        ADDRESS: wish.address,
        _LIST: wish.title,
        _DOMAIN: wish.domain,
        _URI: wish.uri,
        _BOOSTS: "" if wish.show_boosts is None else _flag(wish.show_boosts),
        _NOTIFY: "" if wish.notify is None else _flag(wish.notify),
        _LANGUAGES: ", ".join(wish.languages or ()),
        _HIDE: _flag(wish.hide_notifications),
    }
    return [cells[name] for name in _columns(kind)]
