"""What a post is to become, and what it was."""

import msgspec

from folkmoot.domain.media.model import AttachmentId, MediaChange
from folkmoot.domain.polls.model import PollDraft
from folkmoot.domain.posts.model import PostId, QuotePolicy


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """What a post is to be after an edit: what is not given is gone, but for a None. With
    `keeps_poll` its poll, if it has one, stays as it is, votes and end included.
    """

    text: str = ""
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    quote_policy: QuotePolicy | None = None
    media_ids: tuple[int, ...] = ()
    media_changes: tuple[MediaChange, ...] = ()
    poll: PollDraft | None = None
    keeps_poll: bool = False


class ShownMedia(msgspec.Struct, frozen=True):
    """An attachment as a version of a post showed it."""

    id: AttachmentId
    description: str


class Version(msgspec.Struct):
    """A row of post_edits, in the table's order: what a post was from `created_at` on, until an
    edit. `media` and `poll` are JSON: of ShownMedia, and of the options.
    """

    id: int
    post_id: PostId
    html: str
    spoiler_text: str
    sensitive: bool
    media: str
    poll: str
    created_at: int


def decode_shown(version: Version) -> list[ShownMedia]:
    return msgspec.json.decode(version.media, type=list[ShownMedia])
