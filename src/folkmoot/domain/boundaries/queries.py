"""Reads of blocks and mutes, and the conditions that other rooms' queries join in."""

from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.boundaries.model import BlockedDomain, MuteRow, Row
from folkmoot.domain.boundaries.tables import blocks, domain_blocks, hides, mutes
from folkmoot.kit.db import Id, Moment, Page, Paged, Query, Tx, paged, param, rows, values, within

_one: Any = sa.literal_column("1")
_viewer = param("viewer_id", Id)


def is_hidden(author_id: Any) -> Any:
    """SQL: whether the author in a column is hidden from parameter `viewer_id` at `now`."""
    return sa.exists(
        sa.select(_one).where(
            hides.c.viewer_id == _viewer,
            hides.c.author_id == author_id,
            hides.c.until > param("now", Moment),
        )
    )


def is_blocked(author_id: Any) -> Any:
    """SQL: whether a block stands, either way, between the author and `viewer_id`."""
    return sa.exists(
        sa.select(_one).where(
            hides.c.viewer_id == _viewer,
            hides.c.author_id == author_id,
            hides.c.blocked == sa.true(),
        )
    )


_BLOCKED = values(
    sa.select(hides.c.blocked).where(
        hides.c.viewer_id == _viewer, hides.c.author_id == param("author_id", Id)
    ),
    bool,
)


def is_block_between(tx: Tx, one_id: int, other_id: int) -> bool:
    """Whether either of two accounts blocks the other."""
    return tx.first(_BLOCKED, viewer_id=one_id, author_id=other_id) is True


def is_there(column: Any) -> Any:
    """SQL: whether the account in a column is not suspended."""
    return sa.exists(
        sa.select(_one).where(accounts.c.id == column, accounts.c.suspended_at.is_(None))
    )


def listed(table: sa.Table, whose: str, who: str) -> Paged[Row]:
    """The accounts in column `who` of the rows whose column `whose` is the parameter `of_id`."""
    column = table.c[who]
    shown = is_there(column)
    return paged(
        sa.select(table.c.id, column).where(table.c[whose] == param("of_id", Id), shown),
        table.c.id,
        Row,
    )


_BLOCKS = listed(blocks, "account_id", "target_id")
_MUTES = paged(
    sa.select(mutes.c.id, mutes.c.target_id, mutes.c.expires_at).where(
        mutes.c.account_id == param("of_id", Id),
        sa.or_(mutes.c.expires_at.is_(None), mutes.c.expires_at > param("now", Moment)),
        is_there(mutes.c.target_id),
    ),
    mutes.c.id,
    MuteRow,
)


def list_blocks(tx: Tx, account_id: int, page: Page) -> list[Row]:
    """Whom an account blocks."""
    return tx.page(_BLOCKS, page, of_id=account_id)


def list_mutes(tx: Tx, account_id: int, page: Page) -> list[MuteRow]:
    """Whom an account mutes, without mutes that have run out."""
    return tx.page(_MUTES, page, of_id=account_id, now=tx.now)


_DOMAIN_BLOCKS = paged(
    sa.select(domain_blocks.c.id, domain_blocks.c.domain).where(
        domain_blocks.c.account_id == param("of_id", Id)
    ),
    domain_blocks.c.id,
    BlockedDomain,
)


def list_domain_blocks(tx: Tx, account_id: int, page: Page) -> list[BlockedDomain]:
    """The domains that an account blocks."""
    return tx.page(_DOMAIN_BLOCKS, page, of_id=account_id)


class HiddenPair(msgspec.Struct, frozen=True):
    """An author whom a viewer does not meet."""

    viewer_id: AccountId
    author_id: AccountId


_HIDDEN_PAIRS = rows(
    sa.select(hides.c.viewer_id, hides.c.author_id).where(
        within(hides.c.viewer_id, "viewer_ids"),
        within(hides.c.author_id, "author_ids"),
        hides.c.until > param("now", Moment),
    ),
    HiddenPair,
)


def list_hidden_pairs(tx: Tx, viewer_ids: list[int], author_ids: list[int]) -> set[tuple[int, int]]:
    """Which of the viewers do not meet which of the authors."""
    found = tx.all(_HIDDEN_PAIRS, viewer_ids=viewer_ids, author_ids=author_ids, now=tx.now)
    return {(pair.viewer_id, pair.author_id) for pair in found}


def linked_there(table: sa.Table, whose: str, who: str) -> Query[AccountId]:
    """The accounts of a domain in column `who` of the rows whose column `whose` is `account_id`."""
    return values(
        sa.select(table.c[who])
        .select_from(table.join(accounts, accounts.c.id == table.c[who]))
        .where(
            table.c[whose] == param("account_id", Id), accounts.c.domain == param("domain", sa.Text)
        ),
        AccountId,
    )
