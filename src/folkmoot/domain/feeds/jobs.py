"""Follow-ups of feeds: fresh posts settled, the rest of a large delivery, feeds made anew, feeds
kept short."""

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.feeds import actions, queries
from folkmoot.domain.feeds.model import Entry, Fresh, Source, entry_of
from folkmoot.domain.lists.queries import find_list
from folkmoot.domain.posts.model import PostId
from folkmoot.domain.posts.queries import get_post, list_posts
from folkmoot.kit import jobs
from folkmoot.kit.clock import SECOND
from folkmoot.kit.context import Context
from folkmoot.kit.db import Tx

_FEEDS = 500
_FRESH = 2_000
_SETTLE_AFTER = SECOND


class Settle(msgspec.Struct):
    """Puts the places of fresh posts among the entries of their feeds."""


class PlaceRest(msgspec.Struct):
    """Puts a post into the feeds of a source that come after the ones it is in."""

    post_id: int
    source: Source
    after_id: int


class RebuildList(msgspec.Struct):
    """Makes a list's feed anew."""

    list_id: int


class RebuildHome(msgspec.Struct):
    """Makes a member's home anew."""

    account_id: int


class Trim(msgspec.Struct):
    """Cuts every feed to the length that is kept."""


def mark_fresh(tx: Tx, entry: Entry) -> None:
    """Says that a post is about to get places, and has them settled with others' a moment later."""
    if actions.mark_fresh(tx, entry):
        enqueue_settle(tx)


def enqueue_settle(tx: Tx) -> None:
    jobs.enqueue(tx, "feeds.settle", Settle(), at=tx.now + _SETTLE_AFTER)


def enqueue_rest(tx: Tx, post_id: int, source: Source, after_id: int) -> None:
    jobs.enqueue(tx, "feeds.place_rest", PlaceRest(post_id, source, after_id))


def enqueue_rebuild(tx: Tx, list_id: int) -> None:
    jobs.enqueue(
        tx, "feeds.rebuild_list", RebuildList(list_id), unique_key=f"rebuild_list:{list_id}"
    )


async def settle(context: Context, payload: Settle) -> None:
    """Settles what is fresh, some feeds in each transaction: what one feed got lies together in
    it, so that the more posts are settled at once the fewer pages change for each."""
    fresh = await context.db.read(queries.list_fresh, _FRESH)
    post_ids = [one.post_id for one in fresh]
    after = 0
    for stretch in await context.db.read(queries.list_stretches, post_ids):
        await context.db.write(actions.settle, fresh, after_id=after, upto_id=stretch.upto_id)
        after = stretch.upto_id
    await context.db.write(_end_settling, fresh)


def _end_settling(tx: Tx, fresh: list[Fresh]) -> None:
    if actions.unmark(tx, fresh):
        enqueue_settle(tx)


async def place_rest(context: Context, payload: PlaceRest) -> None:
    """A batch in each transaction, so that other writes come between."""
    after: int | None = payload.after_id
    while after is not None:
        after = await context.db.write(_place_batch, payload.post_id, payload.source, after)


def _place_batch(tx: Tx, post_id: int, source: Source, after_id: int) -> int | None:
    post = list_posts(tx, [PostId(post_id)]).get(PostId(post_id))
    if post is None:
        return None  # deleted since
    original = None if post.boost_of_id is None else get_post(tx, post.boost_of_id)
    mark_fresh(tx, entry_of(post, original))
    rest = actions.place_batch(tx, source, post, original, after_id=after_id, few=False)
    tx.signal("post.placed", post_id)
    return rest


async def rebuild_list(context: Context, payload: RebuildList) -> None:
    await context.db.write(_rebuild_list, payload.list_id)


def _rebuild_list(tx: Tx, list_id: int) -> None:
    found = find_list(tx, list_id)
    if found is not None:
        actions.rebuild_list(tx, found)


async def rebuild_home(context: Context, payload: RebuildHome) -> None:
    await context.db.write(actions.rebuild_home, AccountId(payload.account_id))


async def trim(context: Context, payload: Trim) -> None:
    """Looks in reading transactions and writes only where there is something to cut."""
    keep = context.settings.retention.feed_posts
    after = 0
    while feeds := await context.db.read(queries.list_feeds, after, _FEEDS):
        after = feeds[-1]
        while overlong := await context.db.read(queries.list_overlong, feeds, keep):
            await context.db.write(actions.cut_feeds, overlong)
