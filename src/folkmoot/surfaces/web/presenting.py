"""From the domain's values to what pages show: people, posts, pictures.

As everywhere: ids → `list_stamps` (visibility, counts, the viewer's own flags) → batched reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from folkmoot.domain.accounts.queries import list_accounts
from folkmoot.domain.media.queries import list_attachments
from folkmoot.domain.polls.model import PollId, decode_options, decode_tallies
from folkmoot.domain.polls.queries import list_choices, list_polls
from folkmoot.domain.posts.model import PostId, Visibility
from folkmoot.domain.posts.queries import list_posts
from folkmoot.domain.reading.queries import list_stamps
from folkmoot.surfaces.web.pages.frame import Emoji, Person
from folkmoot.surfaces.web.pages.posts import Media, Poll, PollOption, Post, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from folkmoot.domain.accounts.model import Account, AccountId
    from folkmoot.domain.media.model import Attachment
    from folkmoot.domain.polls.model import Poll as DomainPoll
    from folkmoot.domain.posts.model import Post as DomainPost
    from folkmoot.domain.reading.model import Stamp
    from folkmoot.kit.db import Tx
    from folkmoot.surfaces.app import App

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


class _Found(msgspec.Struct):
    """Everything a page of posts needs, read once for all of them."""

    app: App
    now: int
    viewer_id: int
    stamps: dict[PostId, Stamp]
    posts: dict[PostId, DomainPost]
    people: dict[AccountId, Person]
    media: dict[int, list[Attachment]]
    polls: dict[PollId, DomainPoll]
    choices: dict[PollId, list[int]]


def present_posts(app: App, tx: Tx, viewer_id: int, ids: Sequence[int]) -> tuple[Post, ...]:
    """Those of the posts that the viewer (0: a visitor) may read, in the order of the ids."""
    found = _find(app, tx, viewer_id, ids)
    made: list[Post] = []
    for post_id in ids:
        post = found.posts.get(PostId(post_id))
        if post is None:
            continue
        shown = _present(found, post) if post.boost_of_id is None else _boost(found, post)
        if shown is not None:
            made.append(shown)
    return tuple(made)


def _find(app: App, tx: Tx, viewer_id: int, ids: Iterable[int]) -> _Found:
    stamps = list_stamps(tx, viewer_id, ids)
    posts = list_posts(tx, list(stamps)) if stamps else {}
    wanted = {p.author_id for p in posts.values()}
    wanted |= {p.in_reply_to_account_id for p in posts.values() if p.in_reply_to_account_id}
    accounts = list_accounts(tx, sorted(wanted))
    poll_ids: list[int] = [p.poll_id for p in posts.values() if p.poll_id is not None]
    return _Found(
        app=app,
        now=tx.now,
        viewer_id=viewer_id,
        stamps=stamps,
        posts=posts,
        people={key: present_person(app, account) for key, account in accounts.items()},
        media=list_attachments(tx, [p.id for p in posts.values() if p.media_count]),
        polls=list_polls(tx, poll_ids),
        choices=list_choices(tx, viewer_id, poll_ids),
    )


def _boost(found: _Found, boost: DomainPost) -> Post | None:
    original = found.posts.get(boost.boost_of_id) if boost.boost_of_id else None
    if original is None:
        return None
    booster = found.people[boost.author_id]
    return msgspec.structs.replace(_present(found, original), boosted_by=booster)


def _present(found: _Found, post: DomainPost, *, inner: bool = False) -> Post:
    stamp = found.stamps[post.id]
    author = found.people[post.author_id]
    answered = post.in_reply_to_account_id
    quoted = found.posts.get(post.quote_of_id) if post.quote_of_id and not inner else None
    return Post(
        id=str(post.id),
        url=f"{author.url}/{post.id}",
        author=author,
        html=post.html,
        posted_at=post.created_at,
        edited_at=post.edited_at,
        warning=post.spoiler_text,
        sensitive=post.sensitive,
        language=post.language or None,
        visibility=SEEN_BY[post.visibility],
        emojis=emojis_in(found.app, post.text, post.spoiler_text),
        media=tuple(_media(found.app, a) for a in found.media.get(post.id, ())),
        poll=_poll(found, post),
        quoted=_present(found, quoted, inner=True) if quoted else None,
        reply_to=found.people.get(answered) if answered else None,
        replies=stamp.replies_count,
        boosts=stamp.boosts_count,
        favourites=stamp.favourites_count,
        quotes=stamp.quotes_count,
        standing=_standing(found, post, stamp) if found.viewer_id else None,
    )


def _poll(found: _Found, post: DomainPost) -> Poll | None:
    """The results, or the ballot for a reader who may still vote."""
    poll = found.polls.get(PollId(post.poll_id)) if post.poll_id else None
    if poll is None:
        return None
    over = poll.is_over(found.now)
    chosen = found.choices.get(poll.id, [])
    open_to_viewer = found.viewer_id not in (0, post.author_id) and not (over or chosen)
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
        vote_url=f"/posts/{post.id}/vote" if open_to_viewer else None,
    )


def _standing(found: _Found, post: DomainPost, stamp: Stamp) -> Standing:
    own = post.author_id == found.viewer_id
    listed = post.visibility <= Visibility.UNLISTED
    return Standing(
        favourited=stamp.favourited,
        boosted=stamp.boosted,
        bookmarked=stamp.bookmarked,
        own=own,
        may_boost=listed or (own and post.visibility == Visibility.FOLLOWERS),
    )


def _media(app: App, attachment: Attachment) -> Media:
    meta = msgspec.json.decode(attachment.meta, type=dict[str, Any])
    original = meta.get("original", {})
    focus = meta.get("focus", {})
    kind: Any = attachment.kind if attachment.kind in _KINDS else "file"
    return Media(
        kind=kind,
        url=app.media_url(attachment.original) or "",
        preview_url=app.media_url(attachment.preview),
        alt=attachment.description,
        width=original.get("width"),
        height=original.get("height"),
        # Stored as Mastodon counts it, from -1 to 1 with y upwards.
        focal_x=round((focus.get("x", 0.0) + 1) * 50),
        focal_y=round((1 - focus.get("y", 0.0)) * 50),
    )
