"""Reads of accounts."""

import hmac
from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import Account, AccountId, AccountNotFound
from folkmoot.domain.accounts.tables import account_terms, accounts, former_names
from folkmoot.kit.db import Tx, param, rows, values, within
from folkmoot.kit.text.terms import pairs, split_runs


class _Revision(msgspec.Struct):
    id: AccountId
    rev: int


_BY_ID = rows(sa.select(accounts).where(accounts.c.id == param("id")), Account)
_BY_IDS = rows(sa.select(accounts).where(within(accounts.c.id, "ids")), Account)
_BY_NAME = rows(
    sa.select(accounts).where(
        accounts.c.username_key == param("username_key"), accounts.c.domain == param("domain")
    ),
    Account,
)
_BY_NAMES = rows(
    sa.select(accounts).where(
        within(accounts.c.username_key, "username_keys"), accounts.c.domain == param("domain")
    ),
    Account,
)
_REVISIONS = rows(
    sa.select(accounts.c.id, accounts.c.rev).where(within(accounts.c.id, "ids")), _Revision
)


_FORMER = values(sa.select(former_names.c.hash).where(former_names.c.hash == param("hash")), str)


def hash_name(tx: Tx, username: str) -> str:
    """How a name is kept whose account is gone."""
    key = tx.settings.secrets.secret_key.encode()
    return hmac.digest(key, f"former name\0{username.lower()}".encode(), "sha256").hex()


def is_former_name(tx: Tx, username: str) -> bool:
    """Whether a local account once had this name and is gone."""
    return tx.first(_FORMER, hash=hash_name(tx, username)) is not None


def get_account(tx: Tx, account_id: int) -> Account:
    """The account of an id; AccountNotFound when there is none."""
    found = find_account(tx, account_id)
    if found is None:
        raise AccountNotFound
    return found


def find_account(tx: Tx, account_id: int) -> Account | None:
    """The account of an id, if there is one."""
    return tx.first(_BY_ID, id=account_id)


def find_account_by_name(tx: Tx, username: str, domain: str = "") -> Account | None:
    """The account of a name, in any letter case; local unless a domain is given."""
    return tx.first(_BY_NAME, username_key=username.lower(), domain=domain.lower())


def list_accounts(tx: Tx, ids: list[AccountId]) -> dict[AccountId, Account]:
    """The accounts that exist among these ids."""
    return {a.id: a for a in tx.all(_BY_IDS, ids=ids)} if ids else {}


def list_revisions(tx: Tx, ids: list[AccountId]) -> dict[AccountId, int]:
    """The revisions of those accounts that exist, in the order of the ids."""
    found = {row.id: row.rev for row in tx.all(_REVISIONS, ids=ids)} if ids else {}
    return {i: found[i] for i in ids if i in found}


def list_accounts_by_name(tx: Tx, usernames: list[str], domain: str = "") -> list[Account]:
    """The accounts of one domain that bear one of these names."""
    if not usernames:
        return []
    keys = sorted({name.lower() for name in usernames})
    return tx.all(_BY_NAMES, username_keys=keys, domain=domain)


def get_shown_account(tx: Tx, account_id: int) -> Account:
    """The account of an id as others may meet it; AccountNotFound also while it is pending."""
    found = get_account(tx, account_id)
    if found.pending:
        raise AccountNotFound
    return found


def find_account_by_address(tx: Tx, address: str) -> Account | None:
    """The account of `user`, `@user` or `user@domain`, where our own domain means a local one."""
    username, _, domain = address.strip().removeprefix("@").partition("@")
    found = find_account_by_name(tx, username, "" if domain == tx.settings.domain else domain)
    return None if found is None or found.pending else found


class NameQuery(msgspec.Struct, frozen=True):
    """What to look for in names: ranges of terms, each from `low` up to `high`."""

    exact: str
    ranges: tuple[tuple[str, str], ...]
    domain: str | None

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of `has_term`, `is_named` and the conditions on name and domain."""
        found: dict[str, Any] = {
            "exact": self.exact,
            "any_domain": self.domain is None,
            "domain": self.domain or "",
        }
        for at, (low, high) in enumerate(self.ranges):
            found[f"low{at}"], found[f"high{at}"] = low, high
        return found


MAX_TERMS = 4
_LAST = "\U0010ffff"


def parse_name(text: str, *, own_domain: str) -> NameQuery:
    """A search for people as typed: words and beginnings of words, an address, or both marks.

    Scripts that are written without spaces are found by any two neighbouring characters.
    """
    words, _, domain = text.strip().removeprefix("@").partition("@")
    ranges: list[tuple[str, str]] = []
    for run in split_runs(words):
        if run.dense and len(run.text) > 1:
            ranges += [(pair, pair + "\x01") for pair in pairs(run.text)]
        else:
            ranges.append((run.text, run.text + _LAST))
    ranges.sort(key=lambda each: -len(each[0]))
    place = None if not domain else "" if domain == own_domain else domain.lower()
    return NameQuery(words.lower(), tuple(dict.fromkeys(ranges))[:MAX_TERMS], place)


def has_term(at: int, account_id: Any) -> Any:
    """SQL: whether the names of an account hold a term of the range number `at`."""
    return sa.exists(
        sa.select(sa.literal_column("1")).where(
            account_terms.c.account_id == account_id,
            account_terms.c.term >= param(f"low{at}", sa.Text),
            account_terms.c.term < param(f"high{at}", sa.Text),
        )
    )


def is_named(account_id: Any) -> Any:
    """SQL: whether an account is among some that have a term of the first range; bounded, so
    that a single letter costs no more than a name."""
    return account_id.in_(
        sa.select(account_terms.c.account_id)
        .where(
            account_terms.c.term >= param("low0", sa.Text),
            account_terms.c.term < param("high0", sa.Text),
        )
        .order_by(account_terms.c.term)
        .limit(sa.literal_column("500"))
    )
