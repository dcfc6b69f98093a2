"""What is brought in and how far it has come, as values."""

from enum import StrEnum
from typing import Any, NewType, Protocol

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.polls.model import PastPoll
from folkmoot.domain.posts.model import Visibility
from folkmoot.kit.errors import Conflict, Invalid, NotFound, TooMany

CHECK = "importing.check"
APPLY = "importing.apply"
IMPORTS = "imports"
"""Where archives lie that are brought in, until they are read."""

ImportId = NewType("ImportId", int)


class ImportNotFound(NotFound):
    """This import is not here, or not any more"""


class ImportsPending(TooMany):
    """There are several imports that wait for you or are under way: end one of them first"""


class NotToBeStarted(Conflict):
    """This import is under way or over already"""


class FileUnreadable(Invalid):
    """This file is no such list: {why}"""


class TooManyRows(Invalid):
    """This file has more than {most} lines: cut it into several"""


class ArchiveTooLong(Invalid):
    """This archive holds more than {most} posts"""


class NotAnArchive(Invalid):
    """There is no outbox.json with an actor.json in this file: it is no Mastodon archive"""


class Import(msgspec.Struct):
    """A row of imports, in the table's order."""

    id: ImportId
    account_id: AccountId
    kind: str
    replaces: bool
    name: str
    key: str
    state: str
    position: int
    after_id: int
    total: int
    done: int
    failed: int
    preview: str
    problem: str
    created_at: int
    expires_at: int


class RowState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class ImportRow(msgspec.Struct):
    """A row of import_rows, in the table's order."""

    import_id: ImportId
    position: int
    data: str
    target: str
    state: str
    reason: str


class Wish(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of a CSV file: whom or what it names, and what is wanted of them. None leaves a
    choice as it is."""

    address: str = ""
    title: str = ""
    domain: str = ""
    uri: str = ""
    show_boosts: bool | None = None
    notify: bool | None = None
    languages: tuple[str, ...] | None = None
    hide_notifications: bool = True


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """A post of an archive that could not be brought in, or not whole: where it was, how it
    begins."""

    uri: str = ""
    text: str = ""


class Preview(msgspec.Struct, kw_only=True):
    """What is in an archive: how many posts, how many of them are here already or are boosts,
    which are not brought in; media, and how many of them the archive does not hold."""

    posts: int = 0
    known: int = 0
    boosts: int = 0
    broken: int = 0
    media: int = 0
    missing: int = 0
    first_at: int | None = None
    last_at: int | None = None


class PastMedia(msgspec.Struct, frozen=True, kw_only=True):
    """A picture, film or sound of an archive: its place there, and what was said of it."""

    place: str
    description: str = ""
    focus: tuple[float, float] | None = None


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """A post as an archive tells of it; of an edited one the last words, and when they came."""

    uri: str
    at: int
    text: str
    edited_at: int | None = None
    spoiler_text: str = ""
    visibility: Visibility = Visibility.PUBLIC
    language: str = ""
    sensitive: bool = False
    parent_uri: str = ""
    quoted_uri: str = ""
    media: tuple[PastMedia, ...] = ()
    poll: PastPoll | None = None


class ImportToDo(msgspec.Struct, frozen=True):
    """A job: look through what is brought in, or bring it in."""

    import_id: ImportId


class Ear(Protocol):
    """How an archive is understood. A surface knows its language, the domain what to do."""

    def owner(self, actor: Any) -> str:
        """Whose archive it is, by URI."""

    def item(self, found: Any, owner: str) -> Incoming | None:
        """A post, or None for what is not brought in (boosts); an Invalid says what is wrong."""
