"""Writes of tags."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.tags import queries
from folkmoot.domain.tags.events import TagFollowed, TagUnfollowed
from folkmoot.domain.tags.model import (
    HISTORY_DAYS,
    FeaturedTag,
    Tag,
    TooManyFeaturedTags,
    check_name,
)
from folkmoot.domain.tags.queries import list_tag_ids
from folkmoot.domain.tags.tables import (
    featured_tags,
    post_tags,
    tag_day_authors,
    tag_days,
    tag_follows,
    tags,
)
from folkmoot.kit.clock import DAY, day_start
from folkmoot.kit.db import Id, Moment, Tx, command, insert_all, param, within
from folkmoot.kit.ids import first_at, new_id

_INSERT = insert_all(tags, or_ignore=True)
_USED = command(
    sa.update(tags).where(within(tags.c.id, "ids")).values(last_used_at=param("at", Moment))
)
_INSERT_POST_TAG = insert_all(post_tags, or_ignore=True)
_UNTAG = command(sa.delete(post_tags).where(post_tags.c.post_id == param("post_id")))


def tag_post(
    tx: Tx,
    post_id: int,
    *,
    names: list[tuple[str, str]],
    author_id: int,
    listed: bool,
    counted: bool = True,
) -> list[int]:
    """Puts tags, each a normalised name and its spelling, on a post; returns their ids. What was
    written long ago is not `counted` as a use of today.
    """
    ids = ensure_tags(tx, names)
    if counted:
        tx.run(_USED, ids=ids, at=tx.now)
    tx.many(
        _INSERT_POST_TAG,
        [
            {"tag_id": tag_id, "post_id": post_id, "author_id": author_id, "listed": listed}
            for tag_id in ids
        ],
    )
    if listed and counted:
        _count_use(tx, post_id, author_id)
    return ids


_one: Any = sa.literal_column("1")
# `excluded` as text: as a table it would be read by the subquery, as if it were another.
_is_counted = sa.exists(
    sa.select(_one).where(
        tag_day_authors.c.tag_id == sa.literal_column("excluded.tag_id"),
        tag_day_authors.c.day == sa.literal_column("excluded.day"),
        tag_day_authors.c.author_id == param("author_id", Id),
    )
)
_COUNT_USE = command(
    postgresql.insert(tag_days)
    .from_select(
        ("tag_id", "day", "uses", "accounts"),
        sa.select(post_tags.c.tag_id, param("day", Moment), _one, _one).where(
            post_tags.c.post_id == param("post_id", Id)
        ),
    )
    .on_conflict_do_update(
        index_elements=["tag_id", "day"],
        set_={
            "uses": tag_days.c.uses + _one,
            "accounts": tag_days.c.accounts
            + sa.case((_is_counted, sa.literal_column("0")), else_=_one),
        },
    )
)
_COUNT_AUTHOR = command(
    postgresql.insert(tag_day_authors)
    .from_select(
        ("tag_id", "day", "author_id"),
        sa.select(post_tags.c.tag_id, param("day", Moment), param("author_id", Id)).where(
            post_tags.c.post_id == param("post_id", Id)
        ),
    )
    .on_conflict_do_nothing()
)


def _count_use(tx: Tx, post_id: int, author_id: int) -> None:
    """Two statements, however many tags: the day's counts, then who is counted already."""
    use = {"post_id": post_id, "author_id": author_id, "day": day_start(tx.now)}
    tx.run(_COUNT_USE, **use)
    tx.run(_COUNT_AUTHOR, **use)


def ensure_tags(tx: Tx, names: list[tuple[str, str]]) -> list[int]:
    """The ids of tags, made where they are new."""
    known = list_tag_ids(tx, [name for name, _ in names])
    new = [(name, shown) for name, shown in names if name not in known]
    if new:
        tx.many(
            _INSERT,
            [
                {
                    "id": new_id(),
                    "name": name,
                    "display_name": shown,
                    "created_at": tx.now,
                    "last_used_at": None,
                }
                for name, shown in new
            ],
        )
        known = list_tag_ids(tx, [name for name, _ in names])
    return [known[name] for name, _ in names]


def untag_post(tx: Tx, post_id: int) -> None:
    """Takes every tag off a post."""
    tx.run(_UNTAG, post_id=post_id)


_FOLLOW = insert_all(tag_follows, or_ignore=True)
_FEATURE = insert_all(featured_tags, or_ignore=True)


def _delete(table: sa.Table) -> Any:
    return command(
        sa.delete(table).where(
            table.c.account_id == param("account_id"), table.c.tag_id == param("tag_id")
        )
    )


_UNFOLLOW = _delete(tag_follows)
_UNFEATURE = _delete(featured_tags)


def _get_tag(tx: Tx, name: str) -> Tag:
    normalised, shown = check_name(name)
    (tag_id,) = ensure_tags(tx, [(normalised, shown)])
    return queries.list_tags(tx, [tag_id])[tag_id]


def follow_tag(tx: Tx, account_id: AccountId, name: str) -> Tag:
    """Follows a tag, known or new; TagInvalid when it can be none."""
    tag = _get_tag(tx, name)
    row = {"account_id": account_id, "tag_id": tag.id, "id": new_id(), "created_at": tx.now}
    if tx.run(_FOLLOW, **row):
        tx.announce(TagFollowed(account_id, tag.id))
    return tag


def unfollow_tag(tx: Tx, account_id: AccountId, name: str) -> Tag:
    """Follows a tag no longer."""
    tag = _get_tag(tx, name)
    if tx.run(_UNFOLLOW, account_id=account_id, tag_id=tag.id):
        tx.announce(TagUnfollowed(account_id, tag.id))
    return tag


def feature_tag(tx: Tx, account_id: AccountId, name: str) -> FeaturedTag:
    """Shows a tag on a profile; TagInvalid, TooManyFeaturedTags. A second time changes nothing."""
    tag = _get_tag(tx, name)
    limit = tx.settings.limits.featured_tags
    featured = queries.list_featured_tags(tx, account_id)
    if all(one.tag_id != tag.id for one in featured):
        if len(featured) >= limit:
            raise TooManyFeaturedTags(limit=limit)
        row = {"account_id": account_id, "tag_id": tag.id, "id": new_id(), "created_at": tx.now}
        tx.run(_FEATURE, **row)
        featured = queries.list_featured_tags(tx, account_id)
    return next(one for one in featured if one.tag_id == tag.id)


def unfeature_tag(tx: Tx, account_id: AccountId, name: str) -> Tag:
    """Shows a tag on a profile no longer."""
    tag = _get_tag(tx, name)
    tx.run(_UNFEATURE, account_id=account_id, tag_id=tag.id)
    return tag


def remove_featured(tx: Tx, featured: FeaturedTag) -> None:
    """Shows a tag on a profile no longer."""
    tx.run(_UNFEATURE, account_id=featured.account_id, tag_id=featured.tag_id)


_FORGET_OLD = [
    command(sa.delete(table).where(table.c.day < param("before", Moment)))
    for table in (tag_days, tag_day_authors)
]
_FORGET_ACCOUNT = [
    command(sa.delete(table).where(table.c[column] == param("account_id")))
    for table, column in (
        (tag_follows, "account_id"),
        (featured_tags, "account_id"),
        (tag_day_authors, "author_id"),
        (post_tags, "author_id"),
    )
]


def forget_old_days(tx: Tx) -> None:
    """Forgets the days that no history tells of any more; one week more stays for comparison."""
    before = day_start(tx.now) - 2 * HISTORY_DAYS * DAY
    for statement in _FORGET_OLD:
        tx.run(statement, before=before)


def forget_account(tx: Tx, account_id: AccountId) -> None:
    """Forgets what tags hold of an account that goes."""
    for statement in _FORGET_ACCOUNT:
        tx.run(statement, account_id=account_id)


_day: Any = post_tags.c.post_id.bitwise_rshift(
    sa.literal_column("16")
) - post_tags.c.post_id.bitwise_rshift(sa.literal_column("16")) % sa.literal_column(str(DAY))
_recent = sa.and_(post_tags.c.post_id >= param("since_id", Id), post_tags.c.listed == sa.true())
_REBUILD = (
    command(sa.delete(tag_days)),
    command(sa.delete(tag_day_authors)),
    command(
        sa.insert(tag_day_authors).from_select(
            ("tag_id", "day", "author_id"),
            sa.select(post_tags.c.tag_id, _day, post_tags.c.author_id).distinct().where(_recent),
        )
    ),
    command(
        sa.insert(tag_days).from_select(
            ("tag_id", "day", "uses", "accounts"),
            sa.select(
                post_tags.c.tag_id,
                _day.label("day"),
                sa.func.count(),
                sa.func.count(sa.distinct(post_tags.c.author_id)),
            )
            .where(_recent)
            .group_by(post_tags.c.tag_id, _day),
        )
    ),
)


def rebuild_days(tx: Tx) -> None:
    """Counts the uses of all tags anew from the posts: an id tells when its post was made."""
    since = day_start(tx.now) - (HISTORY_DAYS - 1) * DAY
    for statement in _REBUILD:
        tx.run(statement, since_id=first_at(since))
