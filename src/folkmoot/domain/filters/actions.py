"""Writes of filters. Each change gives the member's filters a new revision and tells streams."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.auth.actions import mark_filters
from folkmoot.domain.filters import queries
from folkmoot.domain.filters.model import (
    MAX_KEYWORDS,
    Filter,
    FilteredPost,
    FilterInvalid,
    FilterNotFound,
    FilterRow,
    Keyword,
    KeywordDraft,
    TooManyFilters,
    check_action,
    check_contexts,
    check_keyword,
    check_title,
)
from folkmoot.domain.filters.tables import filter_keywords, filter_posts, filters
from folkmoot.domain.posts.queries import get_original
from folkmoot.kit.db import Tx, command, insert_all, param
from folkmoot.kit.ids import new_id

_INSERT = insert_all(filters)
_INSERT_KEYWORD = insert_all(filter_keywords)
_INSERT_POST = insert_all(filter_posts)
_CHANGE = command(
    sa.update(filters)
    .where(filters.c.id == param("filter_id"))
    .values(
        title=param("title"),
        contexts=param("contexts"),
        action=param("action"),
        expires_at=param("expires_at"),
    )
)
_CHANGE_KEYWORD = command(
    sa.update(filter_keywords)
    .where(filter_keywords.c.id == param("keyword_id"))
    .values(keyword=param("keyword"), whole_word=param("whole_word"))
)
_DELETE_KEYWORD = command(
    sa.delete(filter_keywords).where(filter_keywords.c.id == param("keyword_id"))
)
_DELETE_POST = command(sa.delete(filter_posts).where(filter_posts.c.id == param("row_id")))
_DELETE_WHOLE = [
    command(sa.delete(filters).where(filters.c.id == param("filter_id"))),
    command(sa.delete(filter_keywords).where(filter_keywords.c.filter_id == param("filter_id"))),
    command(sa.delete(filter_posts).where(filter_posts.c.filter_id == param("filter_id"))),
]
_FORGET_ACCOUNT = [
    command(sa.delete(table).where(table.c.account_id == param("account_id")))
    for table in (filters, filter_keywords, filter_posts)
]
_FORGET_POST = command(sa.delete(filter_posts).where(filter_posts.c.post_id == param("post_id")))


def create_filter(
    tx: Tx,
    account_id: AccountId,
    *,
    title: str,
    contexts: Sequence[str],
    action: str = "warn",
    expires_in_s: int | None = None,
    keywords: Sequence[KeywordDraft] = (),
) -> Filter:
    """A new filter; FilterInvalid or TooManyFilters when it cannot be."""
    limit = tx.settings.limits.filters
    if len(queries.list_filters(tx, account_id)) >= limit:
        raise TooManyFilters(limit=limit)
    row = FilterRow(
        id=new_id(),
        account_id=account_id,
        title=check_title(title),
        contexts=check_contexts(tuple(contexts)),
        action=check_action(action),
        expires_at=_end(tx, expires_in_s),
        created_at=tx.now,
    )
    tx.insert(_INSERT, row)
    return _change_keywords(tx, account_id, queries.get_filter(tx, account_id, row.id), keywords)


def change_filter(
    tx: Tx,
    account_id: AccountId,
    found: Filter,
    *,
    keywords: Sequence[KeywordDraft] = (),
    **changes: Any,
) -> Filter:
    """Changes what is given of `title`, `contexts`, `action` and `expires_in_s` (None: never)."""
    values = {
        "title": check_title(changes.get("title", found.title)),
        "contexts": check_contexts(tuple(changes.get("contexts", found.contexts))),
        "action": check_action(changes.get("action", found.action)),
        "expires_at": found.expires_at,
    }
    if "expires_in_s" in changes:
        values["expires_at"] = _end(tx, changes["expires_in_s"])
    tx.run(_CHANGE, filter_id=found.id, **values)
    return _change_keywords(tx, account_id, found, keywords)


def delete_filter(tx: Tx, account_id: AccountId, found: Filter) -> None:
    """Deletes a filter."""
    for statement in _DELETE_WHOLE:
        tx.run(statement, filter_id=found.id)
    _touch(tx, account_id)


def add_keyword(
    tx: Tx, account_id: AccountId, found: Filter, keyword: str, *, whole_word: bool = True
) -> Keyword:
    """Adds a keyword to a filter."""
    draft = KeywordDraft(keyword, whole_word)
    return _change_keywords(tx, account_id, found, [draft]).keywords[-1]


def change_keyword(tx: Tx, account_id: AccountId, found: Filter, draft: KeywordDraft) -> Filter:
    """Changes or removes one keyword of a filter; FilterNotFound when it is not of it."""
    return _change_keywords(tx, account_id, found, [draft])


def _change_keywords(
    tx: Tx, account_id: AccountId, found: Filter, drafts: Sequence[KeywordDraft]
) -> Filter:
    known = {keyword.id: keyword for keyword in found.keywords}
    for draft in drafts:
        if draft.id is None:
            if not draft.removed:
                _insert_keyword(tx, account_id, found, draft)
        elif (keyword := known.get(draft.id)) is None:
            raise FilterNotFound
        elif draft.removed:
            tx.run(_DELETE_KEYWORD, keyword_id=keyword.id)
        else:
            _change_keyword(tx, keyword, draft)
    _touch(tx, account_id)
    changed = queries.get_filter(tx, account_id, found.id)
    if len(changed.keywords) > MAX_KEYWORDS:
        raise FilterInvalid(f"Keywords are too many (maximum is {MAX_KEYWORDS})")
    return changed


def _insert_keyword(tx: Tx, account_id: AccountId, found: Filter, draft: KeywordDraft) -> None:
    keyword = Keyword(
        id=new_id(),
        filter_id=found.id,
        account_id=account_id,
        keyword=check_keyword(draft.keyword or ""),
        whole_word=draft.whole_word is not False,
    )
    tx.insert(_INSERT_KEYWORD, keyword)


def _change_keyword(tx: Tx, keyword: Keyword, draft: KeywordDraft) -> None:
    text = keyword.keyword if draft.keyword is None else check_keyword(draft.keyword)
    whole_word = keyword.whole_word if draft.whole_word is None else draft.whole_word
    tx.run(_CHANGE_KEYWORD, keyword_id=keyword.id, keyword=text, whole_word=whole_word)


def add_post(tx: Tx, account_id: AccountId, found: Filter, post_id: int) -> FilteredPost:
    """Adds a post that the member may read, or what it boosts, to a filter."""
    post = get_original(tx, post_id, viewer_id=account_id)
    for there in found.posts:
        if there.post_id == post.id:
            return there
    made = FilteredPost(new_id(), found.id, account_id, post.id)
    tx.insert(_INSERT_POST, made)
    _touch(tx, account_id)
    return made


def remove_post(tx: Tx, account_id: AccountId, filtered: FilteredPost) -> None:
    """Takes a post out of a filter."""
    tx.run(_DELETE_POST, row_id=filtered.id)
    _touch(tx, account_id)


def forget_post(tx: Tx, post_id: int) -> None:
    """Takes a post that goes out of every filter."""
    tx.run(_FORGET_POST, post_id=post_id)


def forget_account(tx: Tx, account_id: AccountId) -> None:
    """Forgets the filters of an account that goes."""
    for statement in _FORGET_ACCOUNT:
        tx.run(statement, account_id=account_id)


def _end(tx: Tx, expires_in_s: int | None) -> int | None:
    if not expires_in_s or expires_in_s < 0:
        return None
    return tx.now + min(expires_in_s, 100 * 365 * 86_400) * 1_000


def _touch(tx: Tx, account_id: AccountId) -> None:
    some = bool(queries.list_filters(tx, account_id))
    mark_filters(tx, account_id, new_id() if some else 0)
    tx.signal("filters", account_id)
