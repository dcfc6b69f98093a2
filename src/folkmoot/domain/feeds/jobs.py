"""Follow-ups of feeds: the rest of a large delivery, feeds made anew, feeds kept short."""

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.feeds import actions, queries
from folkmoot.domain.feeds.model import Source
from folkmoot.domain.lists.queries import find_list
from folkmoot.domain.posts.model import PostId
from folkmoot.domain.posts.queries import get_post, list_posts
from folkmoot.kit import jobs
from folkmoot.kit.context import Context
from folkmoot.kit.db import Tx

_FEEDS = 500


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


def enqueue_rest(tx: Tx, post_id: int, source: Source, after_id: int) -> None:
    jobs.enqueue(tx, "feeds.place_rest", PlaceRest(post_id, source, after_id))


def enqueue_rebuild(tx: Tx, list_id: int) -> None:
    jobs.enqueue(
        tx, "feeds.rebuild_list", RebuildList(list_id), unique_key=f"rebuild_list:{list_id}"
    )


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
