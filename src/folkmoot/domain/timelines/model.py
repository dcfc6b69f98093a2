"""What pages and streams tell of posts, and markers, as values."""

import msgspec

from folkmoot.domain.posts.model import PostId

TIMELINES = ("home", "notifications")
"""What a marker can stand in."""


class Marker(msgspec.Struct):
    """How far somebody has read a timeline; `version` counts the changes."""

    account_id: int
    timeline: str
    last_read_id: int
    version: int
    updated_at: int


class Broadcast(msgspec.Struct, frozen=True):
    """A post that tag pages show and, when `on_page`, the public pages too."""

    id: PostId
    local: bool
    with_media: bool
    on_page: bool
