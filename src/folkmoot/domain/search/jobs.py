"""Putting many posts into the index, a few hundred in each transaction."""

from folkmoot.domain.posts.model import PostId
from folkmoot.domain.search import actions
from folkmoot.domain.search.actions import AuthorChose
from folkmoot.kit.context import Context
from folkmoot.kit.db import Database, Tx

_AT_ONCE = 200


async def follow_author(context: Context, payload: AuthorChose) -> None:
    """Marks an author's public posts as they chose."""
    last: PostId | None = PostId(0)
    while last is not None:
        last = await context.db.write(
            actions.reindex_author, payload.account_id, last, limit=_AT_ONCE
        )


def rebuild(db: Database) -> int:
    """Builds the whole index anew; returns how many posts it holds."""
    db.write_now(actions.clear_index)
    last: PostId | None = PostId(0)
    while last is not None:
        last = db.write_now(actions.index_after, last, limit=_AT_ONCE)
    return db.write_now(_tidy)


def _tidy(tx: Tx) -> int:
    if tx.dialect == "sqlite":
        tx.script("INSERT INTO post_index (post_index) VALUES ('optimize')")
    return int(tx.script("SELECT COUNT(*) FROM post_index")[0][0])
