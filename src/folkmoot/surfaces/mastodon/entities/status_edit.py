"""StatusEdit and StatusSource."""

from collections.abc import Mapping

import msgspec

from folkmoot.domain.media.model import AttachmentId
from folkmoot.domain.media.queries import list_all_of_post
from folkmoot.domain.polls.model import decode_options
from folkmoot.domain.polls.queries import list_polls
from folkmoot.domain.posts.model import Post, QuoteState
from folkmoot.domain.revisions.model import Version, decode_shown
from folkmoot.domain.revisions.queries import list_versions
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.account import Account, present_accounts
from folkmoot.surfaces.mastodon.entities.custom_emoji import CustomEmoji, emojis_in
from folkmoot.surfaces.mastodon.entities.encoded import encoded
from folkmoot.surfaces.mastodon.entities.media_attachment import (
    MediaAttachment,
    build_attachment,
)


class EditedOption(msgspec.Struct):
    """An option of a poll as a version had it."""

    title: str


class EditedPoll(msgspec.Struct):
    """A poll as a version had it."""

    options: list[EditedOption]


class ShallowQuote(msgspec.Struct):
    """A quote by the id of what is quoted alone, and whether it may be shown."""

    state: str
    quoted_status_id: str | None


class StatusEdit(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A version of a status: what it was from `created_at` on."""

    content: str
    spoiler_text: str
    sensitive: bool
    created_at: str
    account: Account
    media_attachments: list[MediaAttachment]
    emojis: list[CustomEmoji]
    poll: EditedPoll | None = None
    quote: ShallowQuote | None = None


class StatusSource(msgspec.Struct):
    """What was typed to make a status."""

    id: str
    text: str
    spoiler_text: str


def build_history(app: App, tx: Tx, post: Post) -> list[StatusEdit]:
    """Every version of a post, oldest first, with the one it is now."""
    account = present_accounts(app, tx, [post.author_id])[post.author_id]
    quote = _quote(post)
    media = {a.id: build_attachment(app, a) for a in list_all_of_post(tx, post.id)}
    made = [_past(app, version, account, media) for version in list_versions(tx, post.id)]
    every = [*made, _present(app, tx, post, account)]
    for edit in every:
        edit.quote = quote  # an edit cannot change what is quoted
    return every


def _quote(post: Post) -> ShallowQuote | None:
    if not post.quote_state:
        return None
    shown = post.quote_state == QuoteState.ACCEPTED and post.quote_of_id is not None
    return ShallowQuote(post.quote_state, str(post.quote_of_id) if shown else None)


def _past(
    app: App, version: Version, account: msgspec.Raw, media: Mapping[AttachmentId, MediaAttachment]
) -> StatusEdit:
    shown = [
        msgspec.structs.replace(media[m.id], description=m.description or None)
        for m in decode_shown(version)
        if m.id in media
    ]
    options = msgspec.json.decode(version.poll, type=list[str]) if version.poll else []
    return StatusEdit(
        content=version.html,
        spoiler_text=version.spoiler_text,
        sensitive=version.sensitive,
        created_at=iso(version.created_at),
        account=encoded(account),
        media_attachments=shown,
        emojis=emojis_in(app, version.html, version.spoiler_text),
        poll=EditedPoll([EditedOption(o) for o in options]) if options else None,
    )


def _present(app: App, tx: Tx, post: Post, account: msgspec.Raw) -> StatusEdit:
    polls = list_polls(tx, [post.poll_id]) if post.poll_id else {}
    options = [o for poll in polls.values() for o in decode_options(poll)]
    return StatusEdit(
        content=post.html,
        spoiler_text=post.spoiler_text,
        sensitive=post.sensitive,
        created_at=iso(post.edited_at or post.created_at),
        account=encoded(account),
        media_attachments=[
            build_attachment(app, a) for a in list_all_of_post(tx, post.id) if a.position >= 0
        ],
        emojis=emojis_in(app, post.html, post.spoiler_text),
        poll=EditedPoll([EditedOption(o) for o in options]) if options else None,
    )
