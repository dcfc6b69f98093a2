"""Filter, its parts, and FilterResult: what the viewer's filters say of a status."""

from collections.abc import Callable
from typing import Any

import msgspec

from folkmoot.domain.auth.queries import find_filters_rev
from folkmoot.domain.filters.model import Filter as DomainFilter
from folkmoot.domain.filters.model import FilteredPost, Match, Sieve
from folkmoot.domain.filters.model import Keyword as DomainKeyword
from folkmoot.domain.filters.queries import list_filters
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App


class FilterKeyword(msgspec.Struct):
    """A keyword of a filter."""

    id: str
    keyword: str
    whole_word: bool


class FilterStatus(msgspec.Struct):
    """A status of a filter."""

    id: str
    status_id: str


class ShownFilter(msgspec.Struct):
    """A filter as a FilterResult names it."""

    id: str
    title: str
    context: list[str]
    expires_at: str | None
    filter_action: str


class Filter(ShownFilter):
    """A filter with all it holds."""

    keywords: list[FilterKeyword]
    statuses: list[FilterStatus]


class FilterResult(msgspec.Struct):
    """Which filter matches a status, and why."""

    filter: ShownFilter
    keyword_matches: list[str] | None
    status_matches: list[str] | None


class V1Filter(msgspec.Struct):
    """A keyword as a filter of its own, as clients before version 4 know them."""

    id: str
    phrase: str
    context: list[str]
    whole_word: bool
    expires_at: str | None
    irreversible: bool


def build_keyword(keyword: DomainKeyword) -> FilterKeyword:
    """The entity of a keyword."""
    return FilterKeyword(str(keyword.id), keyword.keyword, keyword.whole_word)


def build_filtered(post: FilteredPost) -> FilterStatus:
    """The entity of a filtered status."""
    return FilterStatus(str(post.id), str(post.post_id))


def build_filter(found: DomainFilter) -> Filter:
    """The entity of a filter."""
    return Filter(
        id=str(found.id),
        title=found.title,
        context=list(found.contexts),
        expires_at=iso(found.expires_at) if found.expires_at else None,
        filter_action=found.action,
        keywords=[build_keyword(keyword) for keyword in found.keywords],
        statuses=[build_filtered(post) for post in found.posts],
    )


def build_v1_filter(found: DomainFilter, keyword: DomainKeyword) -> V1Filter:
    """A keyword and its filter in one."""
    return V1Filter(
        id=str(keyword.id),
        phrase=keyword.keyword,
        context=list(found.contexts),
        whole_word=keyword.whole_word,
        expires_at=iso(found.expires_at) if found.expires_at else None,
        irreversible=found.action == "hide",
    )


def build_result(match: Match) -> FilterResult:
    """The entity of a match."""
    found = match.filter
    return FilterResult(
        filter=ShownFilter(
            id=str(found.id),
            title=found.title,
            context=list(found.contexts),
            expires_at=iso(found.expires_at) if found.expires_at else None,
            filter_action=found.action,
        ),
        keyword_matches=list(match.keywords) or None,
        status_matches=[str(i) for i in match.post_ids] or None,
    )


def keep_filters(app: App) -> None:
    """Lets pages of statuses ask what the viewer's filters say of them."""

    def filter_posts(
        tx: Tx, viewer_id: int, texts: Callable[[], dict[int, tuple[str, ...]]]
    ) -> dict[int, list[Any]]:
        rev = find_filters_rev(tx, viewer_id)
        if not rev:
            return {}
        sieve = _get_sieve(app, tx, viewer_id, rev)
        found: dict[int, list[Any]] = {}
        for post_id, said in texts().items():
            folded = "\n".join(said).casefold()
            if matches := sieve.match(folded, (post_id,), now=tx.now):
                found[post_id] = [build_result(match) for match in matches]
        return found

    app.filter_posts = filter_posts


def _get_sieve(app: App, tx: Tx, viewer_id: int, rev: int) -> Sieve:
    """The viewer's filters made ready, kept by revision."""
    key = ("filters", viewer_id)
    kept = app.built.get(key)
    if kept is None or kept[0] != rev:
        kept = (rev, Sieve(list_filters(tx, viewer_id)))
        app.built.put(key, kept)
    sieve: Sieve = kept[1]
    return sieve
