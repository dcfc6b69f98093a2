"""What is asked for and what becomes of it, as values; the rules for both."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NewType, Protocol

import msgspec

from folkmoot.domain.accounts.model import Account, AccountId
from folkmoot.domain.media.model import Attachment
from folkmoot.domain.polls.model import Poll
from folkmoot.domain.posts.model import Post
from folkmoot.kit.errors import NotFound, TooMany

PACK = "portability.pack"
EXPORTS = "exports"
"""Where the parts of archives lie in the store. Nobody is shown one by its key."""


ExportId = NewType("ExportId", int)


class Sweep(msgspec.Struct, frozen=True):
    """A repeating job: forget what ran out."""


class ExportNotFound(NotFound):
    """This archive is not here, or not any more"""


class ExportTooSoon(TooMany):
    """You have packed an archive lately; the next one can be packed in some days"""


class State(StrEnum):
    """Where an export or import stands."""

    WAITING = "waiting"
    CHECKED = "checked"  # an import that waits for its member's word
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    GONE = "gone"  # an archive that was kept long enough


class Stage(StrEnum):
    """What of an archive is packed, in this order."""

    POSTS = "posts"
    MEDIA = "media"
    REST = "rest"


class Export(msgspec.Struct):
    """A row of exports, in the table's order."""

    id: ExportId
    account_id: AccountId
    state: str
    stage: str
    after_id: int
    done: int
    total: int
    bytes: int
    asked_at: int
    finished_at: int | None
    expires_at: int | None


class Part(msgspec.Struct):
    """A row of export_parts, in the table's order."""

    export_id: ExportId
    position: int
    key: str
    size: int
    entries: str


class ArchiveToPack(msgspec.Struct, frozen=True):
    """A job: pack an archive, part by part."""

    export_id: ExportId


class Kind(StrEnum):
    """The lists that can be had as CSV files, and what can be brought in."""

    FOLLOWING = "following"
    FOLLOWERS = "followers"
    LISTS = "lists"
    BLOCKS = "blocks"
    MUTES = "mutes"
    DOMAIN_BLOCKS = "domain_blocks"
    BOOKMARKS = "bookmarks"
    POSTS = "posts"


FILES = tuple(kind for kind in Kind if kind is not Kind.POSTS)


class Line(msgspec.Struct, kw_only=True):
    """A line of a list: an account's address with what was chosen for it, a domain or a URI.
    `of_id` is the account or post."""

    id: int
    of_id: int = 0
    username: str = ""
    domain: str = ""
    title: str = ""
    uri: str = ""
    show_boosts: bool = True
    notify: bool = False
    languages: str = ""
    hide_notifications: bool = True


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """A post or boost with all that stands with it in an archive. URIs are those of what it
    answers, boosts and quotes, where these are still there."""

    post: Post
    attachments: Sequence[Attachment] = ()
    poll: Poll | None = None
    parent_uri: str = ""
    original_uri: str = ""
    quoted_uri: str = ""


class Voice(Protocol):
    """How an archive says things. The domain knows what is in it, a surface its language."""

    def actor(self, account: Account) -> bytes: ...
    def item(self, packed: Packed, author: Account) -> bytes: ...
    def reference(self, uri: str) -> bytes: ...
    def begin_collection(self, name: str) -> bytes: ...
    def end_collection(self, total: int) -> bytes: ...
    def file_name(self, kind: Kind) -> str: ...
    def csv_head(self, kind: Kind) -> bytes: ...
    def csv_lines(self, kind: Kind, lines: Sequence[Line]) -> bytes: ...
    def media_name(self, key: str) -> str: ...
