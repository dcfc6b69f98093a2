"""Writes of posts: publish, boost, delete; counts."""

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts import actions as accounts_actions
from folkmoot.domain.accounts.model import Account
from folkmoot.domain.accounts.queries import list_accounts_by_name
from folkmoot.domain.posts import queries
from folkmoot.domain.posts.events import PostBoosted, PostDeleted, PostPublished
from folkmoot.domain.posts.model import (
    Draft,
    Mentioned,
    NotYourPost,
    Post,
    PostId,
    PostInvalid,
    PostNotFound,
    QuoteState,
    Visibility,
)
from folkmoot.domain.posts.tables import mentions, posts
from folkmoot.domain.tags import actions as tags_actions
from folkmoot.kit.db import Command, Tx, command, insert_all, param
from folkmoot.kit.ids import new_id
from folkmoot.kit.text import ParsedText, normalise_tag, parse_post, post_length, to_html

_INSERT = insert_all(posts)
_INSERT_MENTION = insert_all(mentions, or_ignore=True)
_DELETE = command(sa.delete(posts).where(posts.c.id == param("id")))
_DELETE_MENTIONS = command(sa.delete(mentions).where(mentions.c.post_id == param("id")))


def _counter(column: sa.Column[int]) -> Command:
    return command(
        sa.update(posts)
        .where(posts.c.id == param("id"))
        .values({column: column + param("by", sa.Integer())})
    )


_COUNT_REPLIES = _counter(posts.c.replies_count)
_COUNT_BOOSTS = _counter(posts.c.boosts_count)
_COUNT_FAVOURITES = _counter(posts.c.favourites_count)
_TOUCH = command(
    sa.update(posts)
    .where(posts.c.id == param("id"))
    .values(rev=posts.c.rev + sa.literal_column("1"))
)


def publish_post(tx: Tx, author: Account, *, draft: Draft, at: int | None = None) -> Post:
    """Publishes a draft. PostInvalid says what is wrong with it; PostNotFound that the post it
    answers is not there for its author. With `at`, a past moment, it is dated there (imports).
    """
    parsed = check_text(tx, draft)
    parent = None
    if draft.in_reply_to_id is not None:
        parent = queries.get_original(tx, draft.in_reply_to_id, viewer_id=author.id)
    mentioned = _resolve_mentions(tx, parsed, author)
    tags = _tag_names(parsed)
    post_id = PostId(new_id(at))
    base = tx.settings.server.base_url
    post = Post(
        id=post_id,
        author_id=author.id,
        text=draft.text,
        html=render(tx, parsed, mentioned),
        spoiler_text=draft.spoiler_text,
        visibility=int(draft.visibility),
        language=draft.language,
        sensitive=draft.sensitive or bool(draft.spoiler_text),
        in_reply_to_id=parent.id if parent else None,
        in_reply_to_account_id=parent.author_id if parent else None,
        thread_id=parent.thread_id if parent else post_id,
        boost_of_id=None,
        quote_of_id=None,
        quote_state=QuoteState.NONE,
        quote_policy=draft.quote_policy,
        app_id=draft.app_id,
        mentions=msgspec.json.encode(mentioned).decode(),
        tags=msgspec.json.encode([name for name, _ in tags]).decode(),
        media_count=len(draft.media_ids),
        poll_id=None,
        card_id=None,
        url=f"{base}/@{author.username}/{post_id}",
        uri=f"{base}/users/{author.username}/statuses/{post_id}",
        created_at=at or tx.now,
        edited_at=None,
        pinned_at=None,
        rev=1,
        replies_count=0,
        boosts_count=0,
        favourites_count=0,
        quotes_count=0,
    )
    tx.insert(_INSERT, post)
    mentioned_ids = tuple(m.id for m in mentioned)
    tx.many(
        _INSERT_MENTION,
        [{"post_id": post_id, "account_id": i, "silent": False} for i in mentioned_ids],
    )
    if tags:
        listed = draft.visibility == Visibility.PUBLIC
        tags_actions.tag_post(tx, post_id, names=tags, author_id=author.id, listed=listed)
    if draft.visibility <= Visibility.FOLLOWERS:
        accounts_actions.count_post(tx, author.id, by=1, at=post.created_at)
    if parent:
        tx.run(_COUNT_REPLIES, id=parent.id, by=1)
    tx.announce(PostPublished(post, author, mentioned_ids))
    return post


def check_text(tx: Tx, draft: Draft) -> ParsedText:
    """The draft's text, taken apart; PostInvalid when it is empty or too long."""
    parsed = parse_post(draft.text)
    if not draft.text.strip() and not draft.media_ids:
        raise PostInvalid("Text can't be blank", field="text")
    limit = tx.settings.limits.post_chars
    if post_length(parsed) + len(draft.spoiler_text) > limit:
        raise PostInvalid(f"Text character limit of {limit} exceeded", field="text")
    return parsed


def render(tx: Tx, parsed: ParsedText, mentioned: list[Mentioned]) -> str:
    """The HTML of a post's text."""
    base = tx.settings.server.base_url
    urls = {m.acct.lower(): m.url for m in mentioned}
    return to_html(parsed, mention_url=urls, tag_url=lambda name: f"{base}/tags/{name}")


def boost_post(tx: Tx, booster: Account, post_id: int, *, visibility: Visibility) -> Post:
    """Boosts a post, or returns the boost that is already there.

    Only public and unlisted posts, and one's own followers-only ones, may be boosted.
    """
    original = queries.get_original(tx, post_id, viewer_id=booster.id)
    own = original.author_id == booster.id
    if original.visibility > (Visibility.FOLLOWERS if own else Visibility.UNLISTED):
        raise NotYourPost
    existing = queries.find_boost(tx, booster.id, original.id)
    if existing:
        return existing
    boost_id = PostId(new_id())
    base = tx.settings.server.base_url
    boost = msgspec.structs.replace(
        original,
        id=boost_id,
        author_id=booster.id,
        text="",
        html="",
        spoiler_text="",
        visibility=max(int(visibility), original.visibility),
        in_reply_to_id=None,
        in_reply_to_account_id=None,
        thread_id=boost_id,
        boost_of_id=original.id,
        quote_of_id=None,
        quote_state=QuoteState.NONE,
        mentions="[]",
        tags="[]",
        media_count=0,
        poll_id=None,
        card_id=None,
        url=f"{base}/@{booster.username}/{boost_id}",
        uri=f"{base}/users/{booster.username}/statuses/{boost_id}/activity",
        created_at=tx.now,
        edited_at=None,
        pinned_at=None,
        rev=1,
        replies_count=0,
        boosts_count=0,
        favourites_count=0,
        quotes_count=0,
    )
    tx.insert(_INSERT, boost)
    tx.run(_COUNT_BOOSTS, id=original.id, by=1)
    accounts_actions.count_post(tx, booster.id, by=1, at=tx.now)
    tx.announce(PostBoosted(boost, original, booster))
    return boost


def delete_post(tx: Tx, author: Account, post_id: int) -> Post:
    """Deletes one's own post or boost and everything that hangs on it; returns what it was."""
    post = queries.get_visible_post(tx, post_id, viewer_id=author.id)
    if post.author_id != author.id:
        raise PostNotFound
    remove_post(tx, post)
    return post


def unboost_post(tx: Tx, booster: Account, post_id: int) -> Post:
    """Takes a boost back, if there is one; returns the boosted post."""
    original = queries.get_original(tx, post_id, viewer_id=booster.id)
    boost = queries.find_boost(tx, booster.id, original.id)
    if boost:
        remove_post(tx, boost)
    return original


def remove_post(tx: Tx, post: Post) -> None:
    """Removes a post, whoever asks, with its boosts; other rooms react to PostDeleted."""
    if post.boost_of_id is not None:
        tx.run(_COUNT_BOOSTS, id=post.boost_of_id, by=-1)
    else:
        for boost in queries.list_boosts(tx, post.id):
            remove_post(tx, boost)
    if post.in_reply_to_id is not None:
        tx.run(_COUNT_REPLIES, id=post.in_reply_to_id, by=-1)
    if post.visibility <= Visibility.FOLLOWERS:
        accounts_actions.count_post(tx, post.author_id, by=-1)
    tx.announce(PostDeleted(post))
    tags_actions.untag_post(tx, post.id)
    tx.run(_DELETE_MENTIONS, id=post.id)
    tx.run(_DELETE, id=post.id)


def count_favourite(tx: Tx, post_id: PostId, *, by: int) -> None:
    """Counts a favourite in or out."""
    tx.run(_COUNT_FAVOURITES, id=post_id, by=by)


def touch_post(tx: Tx, post_id: PostId) -> None:
    """Raises a post's revision: something shown with it has changed."""
    tx.run(_TOUCH, id=post_id)


def _resolve_mentions(tx: Tx, parsed: ParsedText, author: Account) -> list[Mentioned]:
    """The accounts that a text mentions, in the order of the text."""
    names = [m.username for m in parsed.mentions if m.domain in (None, tx.settings.domain)]
    found = {a.username_key: a for a in list_accounts_by_name(tx, names)}
    ordered = dict.fromkeys(name.lower() for name in names)
    return [
        Mentioned(a.id, a.username, a.acct, a.url)
        for name in ordered
        if (a := found.get(name)) is not None
    ]


def _tag_names(parsed: ParsedText) -> list[tuple[str, str]]:
    """Each tag once: its normalised name and the spelling used."""
    names = {normalise_tag(t.name): t.name for t in reversed(parsed.tags)}
    return list(reversed(names.items()))
