"""Reads of filters."""

from collections import defaultdict

import sqlalchemy as sa

from folkmoot.domain.filters.model import (
    Filter,
    FilteredPost,
    FilterNotFound,
    FilterRow,
    Keyword,
)
from folkmoot.domain.filters.tables import filter_keywords, filter_posts, filters
from folkmoot.kit.db import Tx, param, rows

_ROWS = rows(
    sa.select(filters).where(filters.c.account_id == param("account_id")).order_by(filters.c.id),
    FilterRow,
)
_KEYWORDS = rows(
    sa.select(filter_keywords)
    .where(filter_keywords.c.account_id == param("account_id"))
    .order_by(filter_keywords.c.id),
    Keyword,
)
_POSTS = rows(
    sa.select(filter_posts)
    .where(filter_posts.c.account_id == param("account_id"))
    .order_by(filter_posts.c.id),
    FilteredPost,
)


def list_filters(tx: Tx, account_id: int) -> list[Filter]:
    """Every filter of a member with all it holds, oldest first; also those that have expired."""
    keywords: defaultdict[int, list[Keyword]] = defaultdict(list)
    for keyword in tx.all(_KEYWORDS, account_id=account_id):
        keywords[keyword.filter_id].append(keyword)
    posts: defaultdict[int, list[FilteredPost]] = defaultdict(list)
    for post in tx.all(_POSTS, account_id=account_id):
        posts[post.filter_id].append(post)
    return [
        Filter(
            id=row.id,
            title=row.title,
            contexts=tuple(row.contexts.split()),
            action=row.action,
            expires_at=row.expires_at,
            keywords=keywords[row.id],
            posts=posts[row.id],
        )
        for row in tx.all(_ROWS, account_id=account_id)
    ]


def get_filter(tx: Tx, account_id: int, filter_id: int) -> Filter:
    """A filter of a member's own; FilterNotFound."""
    for found in list_filters(tx, account_id):
        if found.id == filter_id:
            return found
    raise FilterNotFound


def get_filter_of_keyword(tx: Tx, account_id: int, keyword_id: int) -> tuple[Filter, Keyword]:
    """A keyword of a member's own with its filter; FilterNotFound."""
    for found in list_filters(tx, account_id):
        for keyword in found.keywords:
            if keyword.id == keyword_id:
                return found, keyword
    raise FilterNotFound


def get_filter_of_post(tx: Tx, account_id: int, row_id: int) -> tuple[Filter, FilteredPost]:
    """A filtered post of a member's own with its filter; FilterNotFound."""
    for found in list_filters(tx, account_id):
        for post in found.posts:
            if post.id == row_id:
                return found, post
    raise FilterNotFound
