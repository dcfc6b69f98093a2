"""Pages of post ids: the skeletons of timelines. Each is a range of an index in the order shown;
what stands beside the range only leaves out what this viewer should not meet.
"""

from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.boundaries.queries import is_hidden
from folkmoot.domain.posts.model import PostId, Visibility
from folkmoot.domain.posts.queries import visible_to
from folkmoot.domain.posts.tables import (
    HAS_MEDIA,
    IS_DIRECT,
    IS_LOCAL,
    IS_ORIGINAL,
    IS_PINNED,
    IS_PUBLIC_PAGE,
    IS_REMOTE,
    IS_TOP_LEVEL,
    mentions,
    posts,
)
from folkmoot.domain.tags.tables import post_tags
from folkmoot.domain.timelines.model import Broadcast, Marker
from folkmoot.domain.timelines.tables import markers
from folkmoot.kit.db import (
    Id,
    Page,
    Paged,
    Tx,
    paged_values,
    param,
    rows,
    within,
)

_one: Any = sa.literal_column("1")


class Origin(msgspec.Struct, frozen=True):
    """Of which servers' posts a page is, and whether only of those with media."""

    local: bool = False
    remote: bool = False
    only_media: bool = False


EVERYWHERE = Origin()


def _in_good_standing(author_id: Any, *conditions: Any) -> Any:
    """SQL: whether the author in a column is neither limited nor suspended, and what more is
    asked of `accounts`."""
    return sa.exists(
        sa.select(_one).where(
            accounts.c.id == author_id,
            accounts.c.limited_at.is_(None),
            accounts.c.suspended_at.is_(None),
            *conditions,
        )
    )


@cache
def _public(member: bool, origin: Origin) -> Paged[PostId]:
    index, conditions = "posts_public", [IS_PUBLIC_PAGE]
    if origin.local or origin.remote:
        index += "_local" if origin.local else "_remote"
        conditions.append(IS_LOCAL if origin.local else IS_REMOTE)
    if origin.only_media:
        index += "_media"
        conditions.append(HAS_MEDIA)
    found = sa.select(posts.c.id).where(*conditions, _in_good_standing(posts.c.author_id))
    if member:
        found = found.where(~is_hidden(posts.c.author_id))
    return paged_values(_by(index, found), posts.c.id, PostId)


def _by(index: str, select: sa.Select[Any]) -> sa.Select[Any]:
    """Names the index for SQLite, which may else take one without the condition and pass over
    many rows."""
    return select.with_hint(posts, f"INDEXED BY {index}", "sqlite")


def list_public(tx: Tx, page: Page, *, viewer_id: int, origin: Origin = EVERYWHERE) -> list[PostId]:
    """A page of all public posts and answers to oneself."""
    query = _public(viewer_id != 0, origin)
    return tx.page(query, page, viewer_id=viewer_id, now=tx.now)


class TagChoice(msgspec.Struct, frozen=True):
    """Which tags a post must carry, as ids: one of `any`, all of `all`, none of `none`."""

    any: tuple[int, ...]
    all: tuple[int, ...] = ()
    none: tuple[int, ...] = ()


def _of_origin(origin: Origin) -> list[Any]:
    if not origin.local and not origin.remote:
        return []
    is_local = accounts.c.domain == sa.literal_column("''")
    return [is_local if origin.local else ~is_local]


@cache
def _tagged(member: bool, origin: Origin, narrowed: bool, excluding: bool) -> Paged[PostId]:
    found = sa.select(post_tags.c.post_id).where(
        post_tags.c.tag_id == param("tag_id", Id),
        post_tags.c.listed == sa.true(),
        _in_good_standing(post_tags.c.author_id, *_of_origin(origin)),
    )
    if member:
        found = found.where(~is_hidden(post_tags.c.author_id))
    if origin.only_media:
        found = found.where(
            sa.exists(sa.select(_one).where(posts.c.id == post_tags.c.post_id, HAS_MEDIA))
        )
    others = post_tags.alias("others")
    same_post = others.c.post_id == post_tags.c.post_id
    if narrowed:
        matching = (
            sa.select(sa.func.count())
            .where(same_post, within(others.c.tag_id, "all_ids"))
            .correlate(post_tags)
            .scalar_subquery()
        )
        found = found.where(matching == param("all_count", sa.Integer()))
    if excluding:
        found = found.where(
            ~sa.exists(sa.select(_one).where(same_post, within(others.c.tag_id, "none_ids")))
        )
    return paged_values(found, post_tags.c.post_id, PostId)


def list_tagged(
    tx: Tx, choice: TagChoice, page: Page, *, viewer_id: int, origin: Origin = EVERYWHERE
) -> list[PostId]:
    """A page of the public posts with some tags: the newest of each tag's range, merged."""
    query = _tagged(viewer_id != 0, origin, bool(choice.all), bool(choice.none))
    return _merge(
        page,
        [
            tx.page(
                query,
                page,
                tag_id=tag_id,
                viewer_id=viewer_id,
                now=tx.now,
                all_ids=list(choice.all),
                all_count=len(choice.all),
                none_ids=list(choice.none),
            )
            for tag_id in dict.fromkeys(choice.any)
        ],
    )


def _merge(page: Page, ranges: list[list[PostId]]) -> list[PostId]:
    """The page of several ranges of which the same page is given."""
    if len(ranges) == 1:
        return ranges[0]
    found = sorted({post_id for ids in ranges for post_id in ids}, reverse=True)
    return found[: page.limit] if page.min_id is None else found[-page.limit :]


class ProfileChoice(msgspec.Struct, frozen=True):
    """Which of an account's posts to show."""

    without_answers: bool = False
    without_boosts: bool = False
    without_direct: bool = False
    only_media: bool = False
    pinned: bool = False


_CONDITIONS = (
    ("pinned", IS_PINNED, "posts_author_pinned"),
    ("only_media", HAS_MEDIA, "posts_author_media"),
    ("without_answers", IS_TOP_LEVEL, "posts_author_top_level"),
    ("without_boosts", IS_ORIGINAL, "posts_author_original"),
)


_NOT_DIRECT = posts.c.visibility != sa.literal_column(str(int(Visibility.DIRECT)))


@cache
def _profile(member: bool, choice: ProfileChoice) -> Paged[PostId]:
    conditions: list[Any] = [posts.c.author_id == param("author_id", Id)]
    indexes = []
    for name, condition, index in _CONDITIONS:
        if getattr(choice, name):
            conditions.append(condition)
            indexes.append(index)
    if choice.without_direct:
        conditions.append(_NOT_DIRECT)
    conditions.append(visible_to() if member else posts.c.visibility <= _one)
    found = sa.select(posts.c.id).where(*conditions)
    return paged_values(_by(indexes[0], found) if indexes else found, posts.c.id, PostId)


@cache
def _profile_tagged(member: bool, choice: ProfileChoice) -> Paged[PostId]:
    conditions: list[Any] = [
        post_tags.c.author_id == param("author_id", Id),
        post_tags.c.tag_id == param("tag_id", Id),
        visible_to() if member else posts.c.visibility <= _one,
    ]
    conditions += [condition for name, condition, _ in _CONDITIONS if getattr(choice, name)]
    if choice.without_direct:
        conditions.append(_NOT_DIRECT)
    found = (
        sa.select(post_tags.c.post_id)
        .select_from(post_tags.join(posts, posts.c.id == post_tags.c.post_id))
        .where(*conditions)
    )
    return paged_values(found, post_tags.c.post_id, PostId)


def list_account_posts(
    tx: Tx,
    author_id: int,
    page: Page,
    *,
    viewer_id: int,
    choice: ProfileChoice = ProfileChoice(),  # noqa: B008 - frozen
    tag_id: int | None = None,
) -> list[PostId]:
    """A page of an account's posts that the viewer may read."""
    make = _profile if tag_id is None else _profile_tagged
    query = make(viewer_id != 0, choice)
    return tx.page(query, page, author_id=author_id, viewer_id=viewer_id, tag_id=tag_id)


_DIRECT_BY = paged_values(
    sa.select(posts.c.id).where(posts.c.author_id == param("viewer_id", Id), IS_DIRECT),
    posts.c.id,
    PostId,
)
_DIRECT_TO = paged_values(
    sa.select(mentions.c.post_id)
    .select_from(mentions.join(posts, posts.c.id == mentions.c.post_id))
    .where(
        mentions.c.account_id == param("viewer_id", Id), IS_DIRECT, ~is_hidden(posts.c.author_id)
    ),
    mentions.c.post_id,
    PostId,
)


def list_direct(tx: Tx, page: Page, *, viewer_id: int) -> list[PostId]:
    """A page of the direct posts that the viewer wrote or is mentioned in."""
    params = {"viewer_id": viewer_id, "now": tx.now}
    return _merge(page, [tx.page(_DIRECT_BY, page, **params), tx.page(_DIRECT_TO, page, **params)])


_MARKERS = rows(
    sa.select(markers).where(
        markers.c.account_id == param("account_id", Id), within(markers.c.timeline, "timelines")
    ),
    Marker,
)


def list_markers(tx: Tx, account_id: int, timelines: list[str]) -> list[Marker]:
    """How far somebody has read these timelines."""
    return tx.all(_MARKERS, account_id=account_id, timelines=timelines)


_BROADCAST = rows(
    sa.select(
        posts.c.id,
        accounts.c.domain == sa.literal_column("''"),
        HAS_MEDIA,
        sa.or_(
            posts.c.in_reply_to_id.is_(None), posts.c.in_reply_to_account_id == posts.c.author_id
        ),
    )
    .select_from(posts.join(accounts, accounts.c.id == posts.c.author_id))
    .where(
        within(posts.c.id, "post_ids"),
        posts.c.visibility == sa.literal_column("0"),
        IS_ORIGINAL,
        accounts.c.limited_at.is_(None),
        accounts.c.suspended_at.is_(None),
    ),
    Broadcast,
)


def list_broadcast(tx: Tx, post_ids: list[int]) -> list[Broadcast]:
    """Those of the posts that anybody may come upon, and on which pages they are."""
    return tx.all(_BROADCAST, post_ids=post_ids) if post_ids else []
