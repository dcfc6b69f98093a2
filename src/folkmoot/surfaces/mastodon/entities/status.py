"""Status: what is the same for everyone is built once for each revision and kept encoded; the
counts, the author and the viewer's own flags are put around it for each answer.
"""

from collections.abc import Iterable, Sequence
from typing import Any, get_type_hints

import msgspec

from folkmoot.domain.media.model import Attachment
from folkmoot.domain.media.queries import list_attachments
from folkmoot.domain.posts.model import Post, PostId, Visibility, decode_mentions, decode_tags
from folkmoot.domain.posts.queries import list_posts
from folkmoot.domain.reading.model import Stamp
from folkmoot.domain.reading.queries import list_stamps
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.account import encoded_accounts
from folkmoot.surfaces.mastodon.entities.custom_emoji import CustomEmoji, emojis_in
from folkmoot.surfaces.mastodon.entities.media_attachment import (
    MediaAttachment,
    build_attachment,
)

_encode = msgspec.json.Encoder().encode

VISIBILITIES = {
    Visibility.PUBLIC: "public",
    Visibility.UNLISTED: "unlisted",
    Visibility.FOLLOWERS: "private",
    Visibility.DIRECT: "direct",
}


class StatusMention(msgspec.Struct):
    """A mentioned account."""

    id: str
    username: str
    acct: str
    url: str


class StatusTag(msgspec.Struct):
    """A hashtag used in a status."""

    name: str
    url: str


class StatusFixed(msgspec.Struct, kw_only=True):
    """The part of a status that changes only when it is edited."""

    id: str
    created_at: str
    in_reply_to_id: str | None
    in_reply_to_account_id: str | None
    sensitive: bool
    spoiler_text: str
    visibility: str
    language: str | None
    uri: str
    url: str | None
    edited_at: str | None
    content: str
    media_attachments: list[MediaAttachment]
    mentions: list[StatusMention]
    tags: list[StatusTag]
    emojis: list[CustomEmoji]
    card: msgspec.Raw | None
    application: msgspec.Raw | None


class Status(StatusFixed, kw_only=True):
    """A status, complete: with what depends on the moment and on who looks."""

    account: msgspec.Raw
    replies_count: int
    reblogs_count: int
    favourites_count: int
    quotes_count: int
    favourited: bool
    reblogged: bool
    muted: bool
    bookmarked: bool
    pinned: bool
    filtered: list[msgspec.Raw]
    reblog: msgspec.Raw | None
    poll: msgspec.Raw | None
    quote: msgspec.Raw | None


# The second part alone, to be encoded and joined to the first.
_Seen = msgspec.defstruct(
    "_Seen",
    [(n, t) for n, t in get_type_hints(Status).items() if n not in get_type_hints(StatusFixed)],
    kw_only=True,
)


def present_statuses(app: App, tx: Tx, viewer_id: int, ids: Sequence[int]) -> dict[PostId, bytes]:
    """The encoded entities of those of the posts that the viewer may read.

    Skeleton (the ids) → hydrate (batched) → rules (in `list_stamps`) → present.
    """
    stamps = list_stamps(tx, viewer_id, ids)
    fixed = _fixed_parts(app, tx, stamps.values())
    authors = encoded_accounts(app, tx, {s.author_id: s.author_rev for s in stamps.values()})
    made: dict[PostId, bytes] = {}
    for post_id in ids:
        stamp = stamps.get(PostId(post_id))
        if stamp is None:
            continue
        inner = None
        if stamp.boost_of_id is not None:
            original = stamps.get(stamp.boost_of_id)
            if original is None:
                continue
            inner = _join(original, fixed, authors, None)
        made[stamp.id] = _join(stamp, fixed, authors, inner)
    return made


def present_page(app: App, tx: Tx, viewer_id: int, ids: Sequence[int]) -> bytes:
    """A list of statuses in the order of the ids."""
    return b"[" + b",".join(present_statuses(app, tx, viewer_id, ids).values()) + b"]"


def present_status(app: App, tx: Tx, viewer_id: int, post_id: int) -> bytes:
    """One status that is known to be visible."""
    return present_statuses(app, tx, viewer_id, [post_id])[PostId(post_id)]


def _join(
    stamp: Stamp, fixed: dict[PostId, bytes], authors: dict[Any, bytes], reblog: bytes | None
) -> bytes:
    seen = _Seen(
        account=msgspec.Raw(authors[stamp.author_id]),
        replies_count=stamp.replies_count,
        reblogs_count=stamp.boosts_count,
        favourites_count=stamp.favourites_count,
        quotes_count=stamp.quotes_count,
        favourited=stamp.favourited,
        reblogged=stamp.boosted,
        muted=stamp.thread_muted,
        bookmarked=stamp.bookmarked,
        pinned=stamp.pinned,
        filtered=[],
        reblog=None if reblog is None else msgspec.Raw(reblog),
        poll=None,
        quote=None,
    )
    return fixed[stamp.id] + _encode(seen)[1:]


def _fixed_parts(app: App, tx: Tx, stamps: Iterable[Stamp]) -> dict[PostId, bytes]:
    """The fixed parts, each ending in a comma; those not kept at this revision are built."""
    found: dict[PostId, bytes] = {}
    stale: list[PostId] = []
    for stamp in stamps:
        kept = app.built.get(stamp.id)
        if kept is not None and kept[0] == stamp.rev:
            found[stamp.id] = kept[1]
        else:
            stale.append(stamp.id)
    if stale:
        posts = list_posts(tx, stale)
        media = list_attachments(tx, [p.id for p in posts.values() if p.media_count])
        for post in posts.values():
            part = _encode(_build_fixed(app, post, media.get(post.id, [])))[:-1] + b","
            app.built.put(post.id, (post.rev, part))
            found[post.id] = part
    return found


def _build_fixed(app: App, post: Post, media: list[Attachment]) -> StatusFixed:
    return StatusFixed(
        id=str(post.id),
        created_at=iso(post.created_at),
        in_reply_to_id=str(post.in_reply_to_id) if post.in_reply_to_id else None,
        in_reply_to_account_id=(
            str(post.in_reply_to_account_id) if post.in_reply_to_account_id else None
        ),
        sensitive=post.sensitive,
        spoiler_text=post.spoiler_text,
        visibility=VISIBILITIES[Visibility(post.visibility)],
        language=post.language or None,
        uri=post.uri,
        url=post.url,
        edited_at=iso(post.edited_at) if post.edited_at else None,
        content=post.html,
        media_attachments=[build_attachment(app, a) for a in media],
        mentions=[
            StatusMention(str(m.id), m.username, m.acct, m.url) for m in decode_mentions(post)
        ],
        tags=[StatusTag(name, f"{app.base_url}/tags/{name}") for name in decode_tags(post)],
        emojis=emojis_in(app, post.text, post.spoiler_text),
        card=None,
        application=None,
    )
