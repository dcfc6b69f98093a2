"""From the domain's values to what pages show: people, pictures, polls, cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from folkmoot.domain.polls.model import decode_options, decode_tallies
from folkmoot.domain.posts.model import Visibility
from folkmoot.surfaces.web.pages.frame import Emoji, Person
from folkmoot.surfaces.web.pages.posts import Media, Poll, PollOption, Preview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from folkmoot.domain.accounts.model import Account
    from folkmoot.domain.cards.model import Card
    from folkmoot.domain.media.model import Attachment
    from folkmoot.domain.polls.model import Poll as DomainPoll
    from folkmoot.surfaces.app import App
    from folkmoot.surfaces.web.pages.posts import MediaKind

SEEN_BY: dict[int, Any] = {
    Visibility.PUBLIC: "public",
    Visibility.UNLISTED: "unlisted",
    Visibility.FOLLOWERS: "followers",
    Visibility.DIRECT: "direct",
}
_KINDS = {"image", "gifv", "video", "audio"}


def emojis_in(app: App, *texts: str) -> tuple[Emoji, ...]:
    """The custom emoji whose codes occur in the texts."""
    if not app.emoji or not any(":" in text for text in texts):
        return ()
    return tuple(
        Emoji(made.shortcode, made.url)
        for code, made in app.emoji.items()
        if any(code in text for text in texts)
    )


def account_path(account: Account) -> str:
    return f"/@{account.acct}"


def present_person(app: App, account: Account) -> Person:
    """An account as lists and posts show it; it leads to its page on this server."""
    return Person(
        name=account.display_name or account.username,
        handle=account.acct,
        url=account_path(account),
        avatar_url=app.avatar_url(account.id, account.avatar_static or account.avatar),
        emojis=emojis_in(app, account.display_name),
        automated=account.bot,
        locked=account.locked,
    )


def present_poll(poll: DomainPoll, *, now: int, chosen: Sequence[int], may_vote: bool) -> Poll:
    """The results, or the ballot for a reader who may still vote."""
    over = poll.is_over(now)
    hidden = poll.hide_totals and not over
    tallies = decode_tallies(poll)
    return Poll(
        options=tuple(
            PollOption(
                title=title, votes=None if hidden else tallies[number], chosen=number in chosen
            )
            for number, title in enumerate(decode_options(poll))
        ),
        voters=poll.voters_count,
        multiple=poll.multiple,
        closes_at=poll.expires_at,
        closed=over,
        vote_url=f"/posts/{poll.post_id}/vote" if may_vote and not (over or chosen) else None,
    )


def media_kind(attachment: Attachment) -> MediaKind:
    """How a page shows an attachment."""
    kind: Any = attachment.kind if attachment.kind in _KINDS else "file"
    return kind  # type: ignore[no-any-return]


def present_media(app: App, attachment: Attachment) -> Media:
    """One attachment."""
    meta = msgspec.json.decode(attachment.meta, type=dict[str, Any])
    original = meta.get("original", {})
    focus = meta.get("focus", {})
    return Media(
        kind=media_kind(attachment),
        url=app.media_url(attachment.original) or "",
        preview_url=app.media_url(attachment.preview),
        alt=attachment.description,
        width=original.get("width"),
        height=original.get("height"),
        # Stored as Mastodon counts it, from -1 to 1 with y upwards.
        focal_x=round((focus.get("x", 0.0) + 1) * 50),
        focal_y=round((1 - focus.get("y", 0.0)) * 50),
    )


def present_card(app: App, card: Card) -> Preview:
    """What a linked page says of itself."""
    return Preview(
        url=card.url,
        title=card.title,
        description=card.description,
        provider=card.provider_name,
        image_url=app.media_url(card.image),
        image_alt=card.image_description,
        width=card.width or None,
        height=card.height or None,
    )
