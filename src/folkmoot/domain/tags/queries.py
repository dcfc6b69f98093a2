"""Reads of tags."""

from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.tags.model import (
    FeaturedTag,
    FeaturedTagNotFound,
    ListedTag,
    Tag,
    TagDay,
    TagMark,
    list_days,
)
from folkmoot.domain.tags.tables import featured_tags, post_tags, tag_days, tag_follows, tags
from folkmoot.kit.db import Id, Moment, Page, Tx, paged, param, rows, values, within
from folkmoot.kit.text import normalise_tag


class _TagId(msgspec.Struct):
    name: str
    id: int


_IDS = rows(sa.select(tags.c.name, tags.c.id).where(within(tags.c.name, "names")), _TagId)
_TAG = (tags.c.id, tags.c.name, tags.c.display_name)
_BY_NAME = rows(sa.select(*_TAG).where(tags.c.name == param("name")), Tag)
_BY_IDS = rows(sa.select(*_TAG).where(within(tags.c.id, "ids")), Tag)
_DAYS = rows(
    sa.select(tag_days.c.tag_id, tag_days.c.day, tag_days.c.uses, tag_days.c.accounts).where(
        within(tag_days.c.tag_id, "ids"), tag_days.c.day >= param("since", Moment)
    ),
    TagDay,
)
_one: Any = sa.literal_column("1")
_MARKS = rows(
    sa.select(
        tags.c.id,
        sa.exists(
            sa.select(_one).where(
                tag_follows.c.account_id == param("viewer_id", Id),
                tag_follows.c.tag_id == tags.c.id,
            )
        ),
        sa.exists(
            sa.select(_one).where(
                featured_tags.c.account_id == param("viewer_id", Id),
                featured_tags.c.tag_id == tags.c.id,
            )
        ),
    ).where(within(tags.c.id, "ids")),
    TagMark,
)
_FOLLOWED = paged(
    sa.select(tag_follows.c.id, *_TAG)
    .select_from(tag_follows.join(tags, tags.c.id == tag_follows.c.tag_id))
    .where(tag_follows.c.account_id == param("account_id", Id)),
    tag_follows.c.id,
    ListedTag,
)


def list_tag_ids(tx: Tx, names: list[str]) -> dict[str, int]:
    """The ids of those normalised names that are known."""
    return {row.name: row.id for row in tx.all(_IDS, names=names)}


def find_tag(tx: Tx, name: str) -> Tag | None:
    """The tag of a name in any spelling, if it was ever used."""
    return tx.first(_BY_NAME, name=normalise_tag(name))


def list_tags(tx: Tx, ids: list[int]) -> dict[int, Tag]:
    """The tags that exist among these ids."""
    return {tag.id: tag for tag in tx.all(_BY_IDS, ids=ids)} if ids else {}


def list_history(tx: Tx, ids: list[int]) -> dict[int, list[TagDay]]:
    """For each tag its last days, today first; days without use are zero."""
    days = list_days(tx.now)
    known = {(d.tag_id, d.day): d for d in tx.all(_DAYS, ids=ids, since=days[-1])} if ids else {}
    return {
        tag_id: [known.get((tag_id, day)) or TagDay(tag_id, day, 0, 0) for day in days]
        for tag_id in ids
    }


def list_marks(tx: Tx, viewer_id: int, ids: list[int]) -> dict[int, TagMark]:
    """Which of the tags the viewer follows and features."""
    if not ids or not viewer_id:
        return {}
    return {mark.tag_id: mark for mark in tx.all(_MARKS, viewer_id=viewer_id, ids=ids)}


def list_followed_tags(tx: Tx, account_id: int, page: Page) -> list[ListedTag]:
    """The tags an account follows, newest first."""
    return tx.page(_FOLLOWED, page, account_id=account_id)


_FOLLOWED_IDS = values(
    sa.select(tag_follows.c.tag_id).where(tag_follows.c.account_id == param("account_id", Id)), int
)


def list_followed_tag_ids(tx: Tx, account_id: int) -> list[int]:
    """Every tag an account follows."""
    return tx.all(_FOLLOWED_IDS, account_id=account_id)


_theirs = sa.and_(
    post_tags.c.author_id == featured_tags.c.account_id,
    post_tags.c.tag_id == featured_tags.c.tag_id,
    post_tags.c.listed == sa.true(),
)
_FEATURED = (
    sa.select(
        featured_tags.c.id,
        featured_tags.c.account_id,
        *_TAG,
        sa.select(sa.func.count()).where(_theirs).correlate(featured_tags).scalar_subquery(),
        sa.select(sa.func.max(post_tags.c.post_id))
        .where(_theirs)
        .correlate(featured_tags)
        .scalar_subquery(),
    )
    .select_from(featured_tags.join(tags, tags.c.id == featured_tags.c.tag_id))
    .where(featured_tags.c.account_id == param("account_id", Id))
    .order_by(featured_tags.c.id)
)
_FEATURED_ALL = rows(_FEATURED, FeaturedTag)
_FEATURED_COUNT = values(
    sa.select(sa.func.count()).where(featured_tags.c.account_id == param("account_id", Id)), int
)


def list_featured_tags(tx: Tx, account_id: int) -> list[FeaturedTag]:
    """The tags an account features, with how often its public posts carry them."""
    return tx.all(_FEATURED_ALL, account_id=account_id)


def count_featured_tags(tx: Tx, account_id: int) -> int:
    """How many tags an account features."""
    return tx.one(_FEATURED_COUNT, account_id=account_id)


def get_featured_tag(tx: Tx, account_id: int, featured_id: int) -> FeaturedTag:
    """A tag that an account features; FeaturedTagNotFound."""
    for found in list_featured_tags(tx, account_id):
        if found.id == featured_id:
            return found
    raise FeaturedTagNotFound


_lately = (
    sa.select(post_tags.c.tag_id, sa.func.max(post_tags.c.post_id).label("last_post_id"))
    .where(post_tags.c.author_id == param("account_id", Id), post_tags.c.listed == sa.true())
    .group_by(post_tags.c.tag_id)
    .subquery("lately")
)
_SUGGESTED = rows(
    sa.select(*_TAG)
    .select_from(_lately.join(tags, tags.c.id == _lately.c.tag_id))
    .where(
        ~sa.exists(
            sa.select(_one).where(
                featured_tags.c.account_id == param("account_id", Id),
                featured_tags.c.tag_id == _lately.c.tag_id,
            )
        )
    )
    .order_by(_lately.c.last_post_id.desc())
    .limit(param("limit", sa.Integer())),
    Tag,
)


def list_used_tags(tx: Tx, account_id: int, *, limit: int = 10) -> list[Tag]:
    """Tags that an account used lately and does not feature."""
    return tx.all(_SUGGESTED, account_id=account_id, limit=limit)


_LAST = "\U0010ffff"
_BEGINNING = rows(
    sa.select(*_TAG)
    .where(tags.c.name >= param("low", sa.Text), tags.c.name < param("high", sa.Text))
    .order_by(tags.c.name)
    .limit(param("limit", sa.Integer())),
    Tag,
)
_SEARCHED = 100


def search_tags(tx: Tx, text: str, *, limit: int, offset: int = 0) -> list[Tag]:
    """Tags that begin with a text: that very tag first, then those used most in the last days."""
    name = normalise_tag(text.strip().removeprefix("#").removeprefix("＃"))
    if not name:
        return []
    found = tx.all(_BEGINNING, low=name, high=name + _LAST, limit=_SEARCHED)
    history = list_history(tx, [tag.id for tag in found])

    def place(tag: Tag) -> tuple[bool, int, str]:
        return tag.name != name, -sum(day.accounts for day in history[tag.id]), tag.name

    return sorted(found, key=place)[offset : offset + limit]
