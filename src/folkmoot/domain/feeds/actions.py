"""Writes of feeds. A placing is one statement for each source, however many feeds it reaches;
for authors with very many followers it is done in batches, so that no one waits for long.

Placed posts are fresh until they are settled, many together: put among the entries of each feed.
A feed is settled before anything but reading is done to it.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.feeds.model import Entry, Fresh, Overlong, Source, entry_of
from folkmoot.domain.feeds.queries import (
    list_fresh,
    literal_text,
    reads_answers_to,
    seen_lately,
    shows_answers_to,
    speaks_one_of,
)
from folkmoot.domain.feeds.tables import feed_entries, feed_places, fresh_posts
from folkmoot.domain.lists.model import MemberList, RepliesPolicy
from folkmoot.domain.lists.queries import list_member_ids
from folkmoot.domain.lists.tables import list_members, lists
from folkmoot.domain.posts.model import Post, Visibility
from folkmoot.domain.posts.tables import posts
from folkmoot.domain.relationships.model import Follow
from folkmoot.domain.relationships.queries import find_follow
from folkmoot.domain.relationships.tables import follows
from folkmoot.domain.tags.queries import list_followed_tag_ids
from folkmoot.domain.tags.tables import post_tags, tag_follows
from folkmoot.kit.clock import DAY, MINUTE
from folkmoot.kit.db import Command, Id, Query, Tx, command, insert_all, param, values, within
from folkmoot.kit.ids import MAX_ID, first_at, new_id

BATCH = 2_000
_SETTLED_WITHIN = MINUTE
_OVERDUE_AT_ONCE = 20

_one: Any = sa.literal_column("1")
_ENTRY = ("feed_id", "post_id", "author_id", "origin_id", "origin_author_id")


def _to(feed_id: Any) -> sa.Select[Any]:
    return sa.select(param("post_id", Id), feed_id)


def _place(select: sa.Select[Any]) -> Command:
    into = postgresql.insert(feed_places).from_select(("post_id", "feed_id"), select)
    return command(into.on_conflict_do_nothing())


def _enter(select: sa.Select[Any]) -> Command:
    into = postgresql.insert(feed_entries).from_select(_ENTRY, select)
    return command(into.on_conflict_do_nothing())


def _stretch(column: Any) -> Any:
    return sa.and_(column > param("after_id", Id), column <= param("upto_id", Id))


def _end_of_batch(column: Any, *conditions: Any) -> Query[int]:
    return values(
        sa.select(column)
        .where(*conditions, column > param("after_id", Id))
        .order_by(column)
        .limit(_one)
        .offset(param("offset", sa.Integer())),
        int,
    )


_author = param("author_id", Id)
_parent = param("parent_author_id", Id)

# The author's followers. An answer reaches those who also follow whom it answers.
_to_followers = _to(follows.c.follower_id).where(
    follows.c.followed_id == _author,
    _stretch(follows.c.id),
    follows.c.in_home == sa.true(),
    speaks_one_of(follows.c.languages, param("language", sa.Text)),
)
# Lists that the author is on. Members put themselves on a list without following themselves.
_listed_follow = sa.and_(
    follows.c.follower_id == list_members.c.owner_id, follows.c.followed_id == _author
)
_to_lists = (
    _to(list_members.c.list_id)
    .select_from(
        list_members.join(lists, lists.c.id == list_members.c.list_id).outerjoin(
            follows, _listed_follow
        )
    )
    .where(
        list_members.c.account_id == _author,
        _stretch(list_members.c.id),
        speaks_one_of(
            sa.func.coalesce(follows.c.languages, literal_text("''")), param("language", sa.Text)
        ),
    )
)


_PLACE = {
    (Source.FOLLOWERS, "post"): _place(_to_followers),
    (Source.FOLLOWERS, "answer"): _place(
        _to_followers.where(reads_answers_to(follows.c.follower_id, _parent))
    ),
    (Source.FOLLOWERS, "boost"): _place(
        _to_followers.where(
            follows.c.show_boosts == sa.true(), ~seen_lately(follows.c.follower_id, follows)
        )
    ),
    (Source.LISTS, "post"): _place(_to_lists),
    (Source.LISTS, "answer"): _place(_to_lists.where(shows_answers_to(_parent))),
    (Source.LISTS, "boost"): _place(
        _to_lists.where(
            sa.func.coalesce(follows.c.show_boosts, sa.true()) == sa.true(),
            ~seen_lately(list_members.c.list_id, list_members),
        )
    ),
    (Source.TAGS, "post"): _place(
        _to(tag_follows.c.account_id)
        .select_from(post_tags.join(tag_follows, tag_follows.c.tag_id == post_tags.c.tag_id))
        .where(post_tags.c.post_id == param("post_id", Id), _stretch(tag_follows.c.id))
    ),
}
_END_OF_BATCH = {
    Source.FOLLOWERS: _end_of_batch(follows.c.id, follows.c.followed_id == _author),
    Source.LISTS: _end_of_batch(list_members.c.id, list_members.c.account_id == _author),
    Source.TAGS: _end_of_batch(
        tag_follows.c.id,
        tag_follows.c.tag_id == post_tags.c.tag_id,
        post_tags.c.post_id == param("post_id", Id),
    ),
}
_PLACE_ONE = _place(_to(param("feed_id", Id)).where(sa.true()))
_PLACE_DIRECT = _place(
    _to(follows.c.follower_id).where(
        follows.c.followed_id == _author, within(follows.c.follower_id, "mentioned_ids")
    )
)


_MARK = insert_all(fresh_posts)
_OLDEST = values(sa.select(fresh_posts.c.post_id).order_by(fresh_posts.c.post_id).limit(_one), int)
_fresh_entry = sa.select(
    feed_places.c.feed_id,
    fresh_posts.c.post_id,
    fresh_posts.c.author_id,
    fresh_posts.c.origin_id,
    fresh_posts.c.origin_author_id,
).select_from(fresh_posts.join(feed_places, feed_places.c.post_id == fresh_posts.c.post_id))
# Marks are locked while their places are copied, and before a feed is changed: else a place could
# be copied that another transaction is taking away.
_SETTLE = _enter(
    _fresh_entry.where(
        within(feed_places.c.post_id, "post_ids"),
        feed_places.c.feed_id > param("after_id", Id),
        feed_places.c.feed_id <= param("upto_id", Id),
    )
    .order_by(feed_places.c.feed_id, fresh_posts.c.post_id)
    .with_for_update(read=True, of=fresh_posts)
)
_HOLD = values(sa.select(fresh_posts.c.id).order_by(fresh_posts.c.id).with_for_update(), int)
_SETTLE_FEED = _enter(
    _fresh_entry.where(
        feed_places.c.post_id.in_(sa.select(fresh_posts.c.post_id).correlate(None)),
        feed_places.c.feed_id == param("feed_id", Id),
    )
)
_UNMARK = command(sa.delete(fresh_posts).where(within(fresh_posts.c.id, "ids")))


def mark_fresh(tx: Tx, entry: Entry) -> bool:
    """Says that a post is about to get places; whether it is the first since all were settled.

    Where nobody settles for long, everyone who posts settles some: readers look at each fresh post.
    """
    oldest = tx.first(_OLDEST)
    if oldest is not None and oldest < first_at(tx.now - _SETTLED_WITHIN):
        some = list_fresh(tx, _OVERDUE_AT_ONCE)
        settle(tx, some)
        unmark(tx, some)
    tx.insert(_MARK, entry, id=new_id())
    return oldest is None


def settle(tx: Tx, fresh: Sequence[Fresh], *, after_id: int = 0, upto_id: int = MAX_ID) -> None:
    """Puts the places of fresh posts among the entries of a stretch of feeds."""
    post_ids = [one.post_id for one in fresh]
    tx.run(_SETTLE, post_ids=post_ids, after_id=after_id, upto_id=upto_id)


def unmark(tx: Tx, fresh: Sequence[Fresh]) -> bool:
    """Takes away the marks of what is settled; whether more has become fresh meanwhile."""
    tx.run(_UNMARK, ids=[one.id for one in fresh])
    return tx.first(_OLDEST) is not None


def place_in(tx: Tx, feed_id: int, entry: Entry) -> None:
    """Puts a post into one feed."""
    tx.run(_PLACE_ONE, feed_id=feed_id, **_columns(entry))


def place_direct(tx: Tx, post: Post, mentioned_ids: Sequence[int]) -> None:
    """Puts a direct post into the home of its author and of those followers whom it mentions."""
    entry = entry_of(post)
    place_in(tx, post.author_id, entry)
    tx.run(_PLACE_DIRECT, mentioned_ids=list(mentioned_ids), **_columns(entry))


def list_sources(post: Post, original: Post | None) -> list[Source]:
    """Where the feeds of a post or boost come from, beside its author's own."""
    sources = [Source.FOLLOWERS, Source.LISTS]
    if original is None and post.visibility == Visibility.PUBLIC and post.tags != "[]":
        sources.append(Source.TAGS)
    return sources


def place_batch(
    tx: Tx, source: Source, post: Post, original: Post | None, *, after_id: int, few: bool
) -> int | None:
    """Puts a post into the next feeds of a source; returns where to go on, None at the end.

    `few` says that there can be no more than one batch.
    """
    entry = entry_of(post, original)
    upto_id = None
    if not few:
        upto_id = tx.first(
            _END_OF_BATCH[source],
            after_id=after_id,
            author_id=post.author_id,
            post_id=post.id,
            offset=BATCH - 1,
        )
    kind, more = _kind(post, original)
    tx.run(
        _PLACE[source, "post" if source is Source.TAGS else kind],
        **_columns(entry),
        **more,
        after_id=after_id,
        upto_id=upto_id or MAX_ID,
    )
    return upto_id


def _kind(post: Post, original: Post | None) -> tuple[str, dict[str, Any]]:
    if original is not None:
        return "boost", {"language": original.language}
    parent = post.in_reply_to_account_id
    if parent in (None, post.author_id):
        return "post", {"language": post.language}
    return "answer", {"language": post.language, "parent_author_id": parent}


def _columns(entry: Entry) -> dict[str, int]:
    return {name: getattr(entry, name) for name in entry.__struct_fields__}


_feed = param("feed_id", Id)


def _take_out(*conditions: Any) -> tuple[Command, Command]:
    """Takes the entries of a feed that meet the conditions out of it, after their places."""
    entries = sa.select(feed_entries.c.post_id).where(feed_entries.c.feed_id == _feed, *conditions)
    places = sa.delete(feed_places).where(
        feed_places.c.feed_id == _feed, feed_places.c.post_id.in_(entries)
    )
    return command(places), command(
        sa.delete(feed_entries).where(feed_entries.c.feed_id == _feed, *conditions)
    )


_FORGET_PLACES = values(
    sa.delete(feed_places)
    .where(feed_places.c.post_id == param("post_id"))
    .returning(feed_places.c.feed_id),
    int,
)
_FORGET_ENTRIES = command(
    sa.delete(feed_entries).where(
        within(feed_entries.c.feed_id, "feed_ids"), feed_entries.c.post_id == param("post_id", Id)
    )
)
_FORGET_MARKS = command(sa.delete(fresh_posts).where(fresh_posts.c.post_id == param("post_id")))
_CLEAR = _take_out()
_CLEAR_AUTHOR = _take_out(feed_entries.c.author_id == param("author_id"))
_CLEAR_ORIGIN = _take_out(feed_entries.c.origin_author_id == param("author_id"))
_surplus = feed_entries.alias("surplus")
_CUT = _take_out(
    feed_entries.c.post_id.in_(
        sa.select(_surplus.c.post_id)
        .where(_surplus.c.feed_id == _feed, _surplus.c.post_id <= param("post_id", Id))
        .order_by(_surplus.c.post_id)
        .limit(sa.literal_column("20"))
    )
)
_is_other_tags = sa.exists(
    sa.select(_one)
    .select_from(post_tags.join(tag_follows, tag_follows.c.tag_id == post_tags.c.tag_id))
    .where(
        post_tags.c.post_id == feed_entries.c.post_id,
        tag_follows.c.account_id == _feed,
    )
)
_CLEAR_TAG = _take_out(
    feed_entries.c.author_id != _feed,
    sa.exists(
        sa.select(_one).where(
            post_tags.c.tag_id == param("tag_id", Id),
            post_tags.c.post_id == feed_entries.c.post_id,
        )
    ),
    ~sa.exists(
        sa.select(_one).where(
            follows.c.follower_id == _feed, follows.c.followed_id == feed_entries.c.author_id
        )
    ),
    ~_is_other_tags,
)


def forget_post(tx: Tx, post_id: int) -> list[int]:
    """Takes a post out of every feed; returns which it was in."""
    tx.run(_FORGET_MARKS, post_id=post_id)
    feed_ids = tx.all(_FORGET_PLACES, post_id=post_id)
    tx.run(_FORGET_ENTRIES, feed_ids=feed_ids, post_id=post_id)
    return feed_ids


def clear_feed(tx: Tx, feed_id: int) -> None:
    """Empties a feed."""
    _clear(tx, _CLEAR, feed_id)


def clear_author(tx: Tx, feed_id: int, author_id: int) -> None:
    """Takes an account's posts and boosts out of a feed."""
    _clear(tx, _CLEAR_AUTHOR, feed_id, author_id=author_id)


def clear_everything_of(tx: Tx, feed_id: int, author_id: int) -> None:
    """Takes an account's posts out of a feed, also those that others boosted."""
    _clear(tx, (*_CLEAR_AUTHOR, *_CLEAR_ORIGIN), feed_id, author_id=author_id)


def clear_tag(tx: Tx, account_id: AccountId, tag_id: int) -> None:
    """Takes out of a home the posts that only a tag brought there."""
    _clear(tx, _CLEAR_TAG, account_id, tag_id=tag_id)


def _clear(tx: Tx, taking: tuple[Command, ...], feed_id: int, **params: int) -> None:
    _settle_feed(tx, feed_id)
    for statement in taking:
        tx.run(statement, feed_id=feed_id, **params)


def _settle_feed(tx: Tx, feed_id: int) -> None:
    if tx.all(_HOLD):
        tx.run(_SETTLE_FEED, feed_id=feed_id)


def cut_feeds(tx: Tx, overlong: Sequence[Overlong]) -> None:
    """Takes the oldest twenty of what is too much out of each feed.

    A little of many at a time: the same old posts lie in many feeds, and their places beside each
    other. Emptied one by one, each feed would rewrite all of them.
    """
    for statement in _CUT:
        tx.many(statement, [{"feed_id": one.feed_id, "post_id": one.post_id} for one in overlong])


_RECENT = 40
_written = sa.and_(posts.c.author_id == _author, posts.c.visibility <= sa.literal_column("2"))
_post = (
    sa.select(posts)
    .where(_written)
    .order_by(posts.c.id.desc())
    .limit(param("limit", sa.Integer()))
    .subquery("post")
)
_original = posts.alias("original")
_reader = param("reader_id", Id)


def _fill(answered: Any) -> Command:
    """Puts an author's latest posts into a feed: answers as the condition says, boosts unless
    they are there already or unwanted, languages as chosen."""
    mine = feed_entries.alias("mine")
    already = sa.exists(
        sa.select(_one).where(
            mine.c.feed_id == param("feed_id", Id), mine.c.origin_id == _post.c.boost_of_id
        )
    )
    parent = _post.c.in_reply_to_account_id
    select = (
        sa.select(
            param("feed_id", Id),
            _post.c.id,
            _post.c.author_id,
            sa.func.coalesce(_post.c.boost_of_id, _post.c.id),
            sa.func.coalesce(_original.c.author_id, _post.c.author_id),
        )
        .select_from(_post.outerjoin(_original, _original.c.id == _post.c.boost_of_id))
        .where(
            sa.or_(
                _post.c.boost_of_id.is_(None),
                sa.and_(param("show_boosts", sa.Boolean) == sa.true(), ~already),
            ),
            sa.or_(parent.is_(None), parent == _post.c.author_id, parent == _reader, answered),
            speaks_one_of(
                param("languages", sa.Text),
                sa.func.coalesce(_original.c.language, _post.c.language),
            ),
        )
    )
    return _enter(select)


_FILL_HOME = _fill(reads_answers_to(_reader, _post.c.in_reply_to_account_id))
_FILL_LIST = {
    RepliesPolicy.FOLLOWED: _FILL_HOME,
    RepliesPolicy.LIST: _fill(
        sa.exists(
            sa.select(_one).where(
                list_members.c.list_id == param("feed_id", Id),
                list_members.c.account_id == _post.c.in_reply_to_account_id,
            )
        )
    ),
    RepliesPolicy.NONE: _fill(sa.false()),
}
_tagged = (
    sa.select(post_tags.c.post_id, post_tags.c.author_id)
    .where(post_tags.c.tag_id == param("tag_id", Id), post_tags.c.listed == sa.true())
    .order_by(post_tags.c.post_id.desc())
    .limit(param("limit", sa.Integer()))
    .subquery("tagged")
)
_FILL_TAG = _enter(
    sa.select(
        param("feed_id", Id),
        _tagged.c.post_id,
        _tagged.c.author_id,
        _tagged.c.post_id.label("origin_id"),
        _tagged.c.author_id.label("origin_author_id"),
    ).where(sa.true())
)

_entered = sa.select(feed_entries.c.post_id, feed_entries.c.feed_id).where(
    feed_entries.c.feed_id == _feed
)
_PLACE_ENTRIES = _place(_entered)
_PLACE_AUTHOR = _place(_entered.where(feed_entries.c.author_id == _author))


def fill_home(tx: Tx, follow: Follow) -> None:
    """Puts the latest posts of somebody followed into the follower's home."""
    _fill_from(tx, _FILL_HOME, follow.follower_id, follow)


def fill_list(tx: Tx, found: MemberList, member_id: AccountId) -> None:
    """Puts the latest posts of a member into a list's feed."""
    follow = find_follow(tx, found.account_id, member_id)
    if follow is None:  # oneself
        follow = Follow(
            0, found.account_id, member_id, show_boosts=True, notify=False, languages=""
        )
    _fill_from(tx, _FILL_LIST[RepliesPolicy(found.replies_policy)], found.id, follow)


def _fill_from(tx: Tx, fill: Command, feed_id: int, follow: Follow) -> None:
    """Entries first, then their places."""
    _settle_feed(tx, feed_id)
    tx.run(
        fill,
        feed_id=feed_id,
        reader_id=follow.follower_id,
        author_id=follow.followed_id,
        show_boosts=follow.show_boosts,
        languages=follow.languages,
        limit=_RECENT,
    )
    tx.run(_PLACE_AUTHOR, feed_id=feed_id, author_id=follow.followed_id)


def fill_tag(tx: Tx, account_id: AccountId, tag_id: int) -> None:
    """Puts the latest public posts with a tag into a home."""
    _settle_feed(tx, account_id)
    tx.run(_FILL_TAG, feed_id=account_id, tag_id=tag_id, limit=_RECENT)
    tx.run(_PLACE_ENTRIES, feed_id=account_id)


def rebuild_list(tx: Tx, found: MemberList) -> None:
    """Makes a list's feed anew from the latest posts of its members."""
    clear_feed(tx, found.id)
    for member_id in list_member_ids(tx, found.id):
        fill_list(tx, found, member_id)


def _rebuild() -> Command:
    """Everything a home would have got since `since_id`; of a post and its boosts the newest."""
    origin = sa.func.coalesce(posts.c.boost_of_id, posts.c.id)
    place = sa.func.row_number().over(partition_by=origin, order_by=posts.c.id.desc())
    parent = posts.c.in_reply_to_account_id
    found = (
        sa.select(
            posts.c.id,
            posts.c.author_id,
            origin.label("origin_id"),
            sa.func.coalesce(_original.c.author_id, posts.c.author_id).label("origin_author_id"),
            place.label("place"),
        )
        .select_from(
            follows.join(
                posts,
                sa.and_(
                    posts.c.author_id == follows.c.followed_id,
                    posts.c.id > param("since_id", Id),
                ),
            ).outerjoin(_original, _original.c.id == posts.c.boost_of_id)
        )
        .where(
            follows.c.follower_id == _reader,
            follows.c.in_home == sa.true(),
            posts.c.visibility <= sa.literal_column("2"),
            sa.or_(posts.c.boost_of_id.is_(None), follows.c.show_boosts == sa.true()),
            sa.or_(
                parent.is_(None), parent == posts.c.author_id, reads_answers_to(_reader, parent)
            ),
            speaks_one_of(
                follows.c.languages, sa.func.coalesce(_original.c.language, posts.c.language)
            ),
        )
        .subquery("found")
    )
    return _enter(
        sa.select(
            _reader, found.c.id, found.c.author_id, found.c.origin_id, found.c.origin_author_id
        )
        .where(found.c.place == _one)
        .order_by(found.c.id.desc())
        .limit(param("limit", sa.Integer()))
    )


_REBUILD = _rebuild()
_REBUILD_OWN = _enter(
    sa.select(
        _reader,
        posts.c.id,
        posts.c.author_id,
        sa.func.coalesce(posts.c.boost_of_id, posts.c.id),
        sa.func.coalesce(_original.c.author_id, posts.c.author_id),
    )
    .select_from(posts.outerjoin(_original, _original.c.id == posts.c.boost_of_id))
    .where(posts.c.author_id == _reader, posts.c.id > param("since_id", Id))
    .order_by(posts.c.id.desc())
    .limit(param("limit", sa.Integer()))
)
_SIZE = values(
    sa.select(sa.func.count()).where(feed_entries.c.feed_id == param("feed_id", Id)), int
)


def rebuild_home(tx: Tx, account_id: AccountId) -> None:
    """Makes a home anew from what its follows and tags stand for: the newest posts, looking
    back further only while there are too few."""
    keep = tx.settings.retention.feed_posts
    clear_feed(tx, account_id)
    for tag_id in list_followed_tag_ids(tx, account_id):
        fill_tag(tx, account_id, tag_id)
    for days in (3, 30, 365, None):
        since = 0 if days is None else first_at(tx.now - days * DAY)
        tx.run(_REBUILD, reader_id=account_id, since_id=since, limit=keep)
        tx.run(_REBUILD_OWN, reader_id=account_id, since_id=since, limit=keep)
        if tx.one(_SIZE, feed_id=account_id) >= keep:
            break
    tx.run(_PLACE_ENTRIES, feed_id=account_id)


def forget_account(tx: Tx, account_id: AccountId) -> None:
    """Forgets the home of an account that goes."""
    clear_feed(tx, account_id)
