"""Writes of blocks and mutes. Each may be repeated: the second time changes nothing."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from folkmoot.domain.accounts.model import DOMAIN, Account, AccountId
from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.boundaries.events import (
    AccountBlocked,
    AccountMuted,
    AccountUnblocked,
    AccountUnmuted,
    DomainBlocked,
)
from folkmoot.domain.boundaries.model import FOREVER, DomainInvalid, Muting, NotWithYourself
from folkmoot.domain.boundaries.queries import linked_there
from folkmoot.domain.boundaries.tables import blocks, domain_blocks, hides, mutes
from folkmoot.kit.db import Command, Id, Moment, Tx, command, insert_all, param, rows, values
from folkmoot.kit.ids import new_id

_one: Any = sa.literal_column("1")


def delete_pair(table: sa.Table) -> Command:
    """Deletes the row from `one_id` to `other_id`."""
    first, second = table.primary_key.columns
    return command(sa.delete(table).where(first == param("one_id"), second == param("other_id")))


def either_end(table: sa.Table) -> list[Command]:
    """Deletes the rows in whose first or second column an account stands."""
    first, second, *_ = table.columns
    return [command(sa.delete(table).where(end == param("account_id"))) for end in (first, second)]


_INSERT_BLOCK = insert_all(blocks, or_ignore=True)
_DELETE_BLOCK = delete_pair(blocks)
_INSERT_MUTE = insert_all(mutes)
_DELETE_MUTE = delete_pair(mutes)
_INSERT_HIDE = insert_all(hides)
_DELETE_HIDE = delete_pair(hides)


def block(tx: Tx, account_id: AccountId, target_id: AccountId) -> None:
    """Blocks an account; follows, requests and endorsements between the two end with it."""
    if account_id == target_id:
        raise NotWithYourself
    row = {"account_id": account_id, "target_id": target_id, "id": new_id(), "created_at": tx.now}
    if tx.run(_INSERT_BLOCK, **row):
        _derive_hides(tx, account_id, target_id)
        _derive_hides(tx, target_id, account_id)
        tx.announce(AccountBlocked(account_id, target_id))


def unblock(tx: Tx, account_id: AccountId, target_id: AccountId) -> None:
    """Lifts a block."""
    if tx.run(_DELETE_BLOCK, one_id=account_id, other_id=target_id):
        _derive_hides(tx, account_id, target_id)
        _derive_hides(tx, target_id, account_id)
        tx.announce(AccountUnblocked(account_id, target_id))


def mute(
    tx: Tx,
    account_id: AccountId,
    target_id: AccountId,
    *,
    hide_notifications: bool = True,
    duration_s: int = 0,
) -> int | None:
    """Mutes an account for a time, or until lifted; returns when it ends, if it does."""
    if account_id == target_id:
        raise NotWithYourself
    expires_at = tx.now + duration_s * 1_000 if duration_s > 0 else None
    tx.run(_DELETE_MUTE, one_id=account_id, other_id=target_id)
    tx.run(
        _INSERT_MUTE,
        account_id=account_id,
        target_id=target_id,
        id=new_id(),
        created_at=tx.now,
        hide_notifications=hide_notifications,
        expires_at=expires_at,
    )
    _derive_hides(tx, account_id, target_id)
    tx.announce(AccountMuted(account_id, target_id, hide_notifications))
    return expires_at


def unmute(tx: Tx, account_id: AccountId, target_id: AccountId) -> None:
    """Lifts a mute."""
    if tx.run(_DELETE_MUTE, one_id=account_id, other_id=target_id):
        _derive_hides(tx, account_id, target_id)
        tx.announce(AccountUnmuted(account_id, target_id))


def _rows_between(table: sa.Table, *columns: Any) -> Any:
    first, second = table.primary_key.columns
    return sa.select(*columns).where(first == param("one_id", Id), second == param("other_id", Id))


_BLOCK_EITHER_WAY = values(
    sa.select(_one).where(
        sa.or_(
            sa.and_(
                blocks.c.account_id == param("one_id", Id),
                blocks.c.target_id == param("other_id", Id),
            ),
            sa.and_(
                blocks.c.account_id == param("other_id", Id),
                blocks.c.target_id == param("one_id", Id),
            ),
        )
    ),
    int,
)
_MUTE_END = values(
    _rows_between(mutes, sa.func.coalesce(mutes.c.expires_at, sa.literal_column(str(FOREVER)))), int
)
_DOMAIN_BLOCK = values(
    sa.select(_one)
    .select_from(domain_blocks.join(accounts, accounts.c.domain == domain_blocks.c.domain))
    .where(
        domain_blocks.c.account_id == param("one_id", Id),
        accounts.c.id == param("other_id", Id),
        accounts.c.domain != sa.literal_column("''"),
    ),
    int,
)


def _derive_hides(tx: Tx, viewer_id: int, author_id: int) -> None:
    """Writes what one account hides from another anew, from what stands between them."""
    pair = {"one_id": viewer_id, "other_id": author_id}
    blocked = tx.first(_BLOCK_EITHER_WAY, **pair) is not None
    until = tx.first(_MUTE_END, **pair) or 0
    if blocked or tx.first(_DOMAIN_BLOCK, **pair) is not None:
        until = FOREVER
    tx.run(_DELETE_HIDE, **pair)
    if until:
        tx.run(_INSERT_HIDE, viewer_id=viewer_id, author_id=author_id, blocked=blocked, until=until)


_INSERT_DOMAIN_BLOCK = insert_all(domain_blocks, or_ignore=True)
_DELETE_DOMAIN_BLOCK = command(
    sa.delete(domain_blocks).where(
        domain_blocks.c.account_id == param("account_id"), domain_blocks.c.domain == param("domain")
    )
)
_is_there = sa.and_(
    accounts.c.domain == param("domain", sa.Text), accounts.c.domain != sa.literal_column("''")
)


_PARTED_THERE = [
    linked_there(blocks, "account_id", "target_id"),
    linked_there(blocks, "target_id", "account_id"),
    linked_there(mutes, "account_id", "target_id"),
]
_hide = postgresql.insert(hides)
_HIDE_DOMAIN = command(
    _hide.from_select(
        ("viewer_id", "author_id", "blocked", "until"),
        sa.select(
            param("account_id", Id),
            accounts.c.id,
            sa.false(),
            sa.literal_column(str(FOREVER)),
        ).where(_is_there),
    ).on_conflict_do_update(
        index_elements=["viewer_id", "author_id"],
        set_={"until": sa.literal_column(str(FOREVER))},
    )
)
_UNHIDE_DOMAIN = command(
    sa.delete(hides).where(
        hides.c.viewer_id == param("account_id"),
        hides.c.author_id.in_(sa.select(accounts.c.id).where(_is_there)),
    )
)


def block_domain(tx: Tx, account_id: AccountId, domain: str) -> None:
    """Wants nothing of a domain: follows both ways end, its people are hidden, known and new."""
    domain = _check_domain(tx, domain)
    row = {"account_id": account_id, "domain": domain, "id": new_id(), "created_at": tx.now}
    if not tx.run(_INSERT_DOMAIN_BLOCK, **row):
        return
    there = {"account_id": account_id, "domain": domain}
    tx.run(_HIDE_DOMAIN, **there)
    tx.announce(DomainBlocked(account_id, domain))


def unblock_domain(tx: Tx, account_id: AccountId, domain: str) -> None:
    """Lifts the block of a domain; blocks and mutes of single accounts there stay."""
    domain = domain.strip().lower()
    there = {"account_id": account_id, "domain": domain}
    if tx.run(_DELETE_DOMAIN_BLOCK, **there):
        tx.run(_UNHIDE_DOMAIN, **there)
        for query in _PARTED_THERE:
            for target_id in tx.all(query, **there):
                _derive_hides(tx, account_id, target_id)


def _check_domain(tx: Tx, domain: str) -> str:
    domain = domain.strip().lower().removeprefix("@")
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError as error:
        raise DomainInvalid from error
    if domain == tx.settings.domain or not DOMAIN.fullmatch(domain):
        raise DomainInvalid
    return domain


_HIDE_NEWCOMER = command(
    postgresql.insert(hides)
    .from_select(
        ("viewer_id", "author_id", "blocked", "until"),
        sa.select(
            domain_blocks.c.account_id,
            param("author_id", Id),
            sa.false(),
            sa.literal_column(str(FOREVER)),
        ).where(domain_blocks.c.domain == param("domain", sa.Text)),
    )
    .on_conflict_do_nothing()
)


def hide_newcomer(tx: Tx, account: Account) -> None:
    """Hides a new remote account from the members who block its domain."""
    if not account.is_local:
        tx.run(_HIDE_NEWCOMER, author_id=account.id, domain=account.domain)


_ENDED = rows(
    sa.select(mutes.c.id, mutes.c.account_id, mutes.c.target_id)
    .where(mutes.c.expires_at <= param("now", Moment))
    .order_by(mutes.c.expires_at)
    .limit(param("limit", sa.Integer())),
    Muting,
)


def end_mutes(tx: Tx, *, limit: int = 500) -> int:
    """Lifts mutes whose time has run out; returns how many."""
    ended = tx.all(_ENDED, now=tx.now, limit=limit)
    for one in ended:
        unmute(tx, one.account_id, one.target_id)
    return len(ended)


_FORGET = [
    *(statement for table in (blocks, mutes, hides) for statement in either_end(table)),
    command(sa.delete(domain_blocks).where(domain_blocks.c.account_id == param("account_id"))),
]


def forget_account(tx: Tx, account_id: AccountId) -> None:
    """Forgets whom an account that goes has blocked or muted, and who did so to it."""
    for statement in _FORGET:
        tx.run(statement, account_id=account_id)
