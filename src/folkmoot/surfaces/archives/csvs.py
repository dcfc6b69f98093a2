"""Mastodon's CSV files: their names, heads and lines. A file of one column has no head there."""

import csv
import io
from collections.abc import Sequence

from folkmoot.domain.portability.model import Kind, Line

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
