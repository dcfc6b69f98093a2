"""Matching lists as values, and how files of others are read."""

import csv
import io
import re
from collections.abc import Container, Iterable, Iterator
from enum import StrEnum
from html import escape, unescape
from typing import NewType
from urllib.parse import urlencode, urlsplit

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.kit.criteria import EntryInvalid, check_entry, check_hash, fold_text
from folkmoot.kit.errors import Conflict, Invalid, NotFound

ListId = NewType("ListId", int)
ChangeId = NewType("ChangeId", int)

MAX_ENTRIES = 500_000
MAX_REASON_CHARS = 300
NAME = re.compile(r"[a-z][a-z0-9-]{2,59}")


class Kind(StrEnum):
    """What a list holds. A domain stands for those below it, too; media are PDQ hashes of pictures,
    each for all that look like it.
    """

    DOMAINS = "domains"
    WORDS = "words"
    MEDIA = "media"


class Format(StrEnum):
    """How a file is written: an entry on each line; as a hosts file; comma-separated with a
    heading that names the columns.
    """

    PLAIN = "plain"
    HOSTS = "hosts"
    CSV = "csv"


class Act(StrEnum):
    """What a change of a list was."""

    IMPORT = "import"
    ALLOW = "allow"
    DISALLOW = "disallow"
    UNDO = "undo"


class ListNotFound(NotFound):
    """There is no such list"""


class ChangeNotFound(NotFound):
    """There is no such import of this list"""


class ListExists(Conflict):
    """There is a list {name} already"""


class ListInvalid(Invalid):
    """A list has a name of small letters, digits and hyphens, and a description that says whose
    it is and why it is used
    """


class TooManyEntries(Invalid):
    """A list holds at most 500,000 entries"""


class ColumnMissing(Invalid):
    """The first line names the columns; one of them must be called domain, host, word, hash, pdq
    or entry
    """


class SourceMissing(Invalid):
    """Say where this comes from: it is kept with every entry"""


class CoveredByAnother(Conflict):
    """{above} stands on this list and covers it: allow that instead"""


class AlreadyUndone(Conflict):
    """This import was undone before"""


class MatchList(msgspec.Struct, frozen=True):
    """A row of match_lists."""

    id: ListId
    name: str
    kind: str
    description: str
    created_at: int


class Entry(msgspec.Struct, frozen=True):
    """A row of match_entries, or of match_allowed: an entry, why, and the change it came with."""

    list_id: ListId
    entry: str
    reason: str
    change_id: ChangeId


class Change(msgspec.Struct, frozen=True):
    """A row of match_changes. `digest` is the SHA-256 of the imported text, `source` what it came
    from; `by_id` is None when it was made at the console, and when who made it has left.
    """

    id: ChangeId
    list_id: ListId
    kind: str
    source: str
    digest: str
    added: int
    removed: int
    by_id: AccountId | None
    created_at: int
    undone_at: int | None


class Difference(msgspec.Struct, frozen=True):
    """A row of match_differences. `before_id` is the change that a removed entry had come with."""

    change_id: ChangeId
    entry: str
    added: bool
    reason: str
    before_id: ChangeId


class Refused(msgspec.Struct, frozen=True):
    """A line that holds no entry of the kind."""

    line: int
    text: str
    problem: str


class Listed(msgspec.Struct, frozen=True):
    """What a file holds: reasons by entry, and what was not understood."""

    entries: dict[str, str]
    refused: tuple[Refused, ...]


class Plan(msgspec.Struct, frozen=True):
    """What an import would do: reasons of what is new, by entry; what it takes away; what is there
    already; what the allow-list keeps out.
    """

    added: dict[str, str]
    removed: tuple[str, ...]
    kept: int
    allowed: tuple[str, ...]
    refused: tuple[Refused, ...]


def read_list(text: str, form: Format, kind: Kind) -> Listed:
    """Reads a file of others. What is no entry is told, not guessed. TooManyEntries,
    ColumnMissing.
    """
    entries: dict[str, str] = {}
    refused = []
    for line, raw, reason in _LINES[form](text):
        try:
            entry = normalise(raw, kind)
        except EntryInvalid as error:
            refused.append(Refused(line, raw[:80], error.sentence))
            continue
        entries.setdefault(entry, reason[:MAX_REASON_CHARS])
        if len(entries) > MAX_ENTRIES:
            raise TooManyEntries
    return Listed(entries, tuple(refused))


_DOMAIN = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}")


def normalise(raw: str, kind: Kind) -> str:
    """An entry in the one spelling it is kept in; EntryInvalid. Domains that are not written in
    ASCII are kept as DNS knows them.
    """
    if kind is Kind.MEDIA:
        return check_hash(raw)
    if kind is Kind.WORDS:
        check_entry(raw)
        stars = ("*" if raw.strip().startswith("*") else "", "*" if raw.strip()[-1:] == "*" else "")
        return stars[0] + fold_text(raw.strip().strip("*")) + stars[1]
    domain = raw.strip().lower().removeprefix("*.").strip(".")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode()
        except UnicodeError:
            domain = ""
    if not _DOMAIN.fullmatch(domain) or len(domain) > 253:
        raise EntryInvalid(entry=raw.strip()[:40] or "Nothing", problem="it is no domain")
    return domain


def and_above(entry: str) -> list[str]:
    """A domain and those it is below: `a.b.org`, `b.org`, `org`."""
    parts = entry.split(".")
    return [".".join(parts[at:]) for at in range(len(parts))]


class ListedDomain(msgspec.Struct, frozen=True):
    """That a domain stands on a list: which list, what it is, and the reason that is given."""

    entry: str
    list: str
    description: str
    reason: str


def domain_of(url: str) -> str:
    """The domain of a web address as lists write it; empty where there is none."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".").lower()
        host = host if host.isascii() else host.encode("idna").decode()
    except (UnicodeError, ValueError):
        return ""
    return host if parts.scheme in ("http", "https") else ""


_LINK = re.compile(r'<a href="([^"]+)"')


def links_in(html: str) -> list[str]:
    """Where the links in a post's HTML lead."""
    return [unescape(url) for url in _LINK.findall(html)] if "<a " in html else []


def led_through(html: str, base_url: str, listed: Container[str]) -> str:
    """The HTML with its links to listed domains leading to the page that warns of them."""

    def led(found: re.Match[str]) -> str:
        url = unescape(found[1])
        if listed_above(url, listed) is None:
            return found[0]
        return f'<a href="{escape(warning_url(base_url, url))}"'

    return _LINK.sub(led, html)


def listed_above(url: str, listed: Container[str]) -> str | None:
    """Which listed domain an address is at or below."""
    domain = domain_of(url)
    return next((each for each in and_above(domain) if each in listed), None) if domain else None


def warning_url(base_url: str, url: str) -> str:
    """The page that warns of a link."""
    return f"{base_url}/links/warning?{urlencode({'to': url})}"


_Lines = Iterator[tuple[int, str, str]]


def _plain(text: str) -> _Lines:
    for number, line in enumerate(text.splitlines(), start=1):
        entry, _, remark = line.partition("#")
        if entry.strip():
            yield number, entry.strip(), remark.strip()


_LOCAL = frozenset({"localhost", "localhost.localdomain", "local", "broadcasthost", "0.0.0.0"})  # noqa: S104 - a name in hosts files


def _hosts(text: str) -> _Lines:
    for number, entry, remark in _plain(text):
        _, *names = entry.split()
        if not names:
            yield number, entry, remark
        for name in names:
            if name not in _LOCAL and not name.startswith("ip6-"):
                yield number, name, remark


_ENTRY_COLUMNS = ("domain", "#domain", "host", "hostname", "word", "pdq", "hash", "entry")
_REASON_COLUMNS = ("reason", "public_comment", "#public_comment", "comment", "description")


def _csv(text: str) -> _Lines:
    reader = csv.reader(io.StringIO(text))
    heading = [name.strip().lower().lstrip("\ufeff") for name in next(reader, [])]
    column = _first(heading, _ENTRY_COLUMNS)
    if column is None:
        raise ColumnMissing
    why = _first(heading, _REASON_COLUMNS)
    for row in reader:
        if len(row) > column and row[column].strip():
            reason = row[why].strip() if why is not None and len(row) > why else ""
            yield reader.line_num, row[column].strip(), reason


def _first(heading: list[str], names: Iterable[str]) -> int | None:
    return next((heading.index(name) for name in names if name in heading), None)


_LINES = {Format.PLAIN: _plain, Format.HOSTS: _hosts, Format.CSV: _csv}
