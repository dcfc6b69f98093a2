"""Writes to accounts."""

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import UNSET

from folkmoot.domain.accounts import queries
from folkmoot.domain.accounts.events import (
    AccountCreated,
    AccountDeleted,
    AccountMoved,
    AccountRestrained,
    AccountUnlocked,
    ProfileChanged,
)
from folkmoot.domain.accounts.model import (
    VERIFY,
    Account,
    AccountId,
    AliasUnknown,
    Field,
    MoveRefused,
    PagesToVerify,
    ProfileChanges,
    Restraint,
    UsernameTaken,
    check_profile,
    check_username,
    claims_page,
    decode_fields,
    decode_list,
    encode_list,
)
from folkmoot.domain.accounts.tables import account_terms, accounts, former_names
from folkmoot.kit import jobs
from folkmoot.kit.db import Moment, Tx, command, insert_all, param, within
from folkmoot.kit.ids import new_id
from folkmoot.kit.text import Mention, field_html, note_html, parse_post
from folkmoot.kit.text.terms import list_terms

_INSERT = insert_all(accounts)
_SHOW = command(
    sa.update(accounts).where(accounts.c.id == param("account_id")).values(pending=sa.false())
)
# Who leaves is hidden from the moment of asking; a suspension that stood before, or comes
# meanwhile, is not ours to lift.
_HIDE = command(
    sa.update(accounts)
    .where(accounts.c.id == param("account_id"))
    .values(
        pending=sa.true(),
        suspended_at=sa.func.coalesce(accounts.c.suspended_at, param("at", Moment)),
        rev=accounts.c.rev + sa.literal_column("1"),
    )
)
_SHOW_AGAIN = command(
    sa.update(accounts)
    .where(accounts.c.id == param("account_id"))
    .values(
        pending=sa.false(),
        suspended_at=sa.func.nullif(accounts.c.suspended_at, param("at", Moment)),
        rev=accounts.c.rev + sa.literal_column("1"),
    )
)
_KEEP_NAME = insert_all(former_names, or_ignore=True)
_FREE_NAME = command(sa.delete(former_names).where(former_names.c.hash == param("hash")))
_INSERT_TERM = insert_all(account_terms, or_ignore=True)
_FORGET_TERMS = command(
    sa.delete(account_terms).where(account_terms.c.account_id == param("account_id"))
)
_TOUCH_MOVED = command(
    sa.update(accounts)
    .where(accounts.c.moved_to_id == param("account_id"))
    .values(rev=accounts.c.rev + sa.literal_column("1"))
)
_TOUCH = command(
    sa.update(accounts)
    .where(accounts.c.id == param("account_id"))
    .values(rev=accounts.c.rev + sa.literal_column("1"))
)
_COUNT_POST = command(
    sa.update(accounts)
    .where(accounts.c.id == param("account_id"))
    .values(
        posts_count=accounts.c.posts_count + param("by", sa.Integer()),
        last_post_at=sa.func.coalesce(param("at", Moment), accounts.c.last_post_at),
        rev=accounts.c.rev + sa.literal_column("1"),
    )
)
_COUNT_FOLLOWERS = command(
    sa.update(accounts)
    .where(accounts.c.id == param("account_id"))
    .values(
        followers_count=accounts.c.followers_count + param("by", sa.Integer()),
        rev=accounts.c.rev + sa.literal_column("1"),
    )
)
_UNCOUNT_FOLLOWERS = command(
    sa.update(accounts)
    .where(within(accounts.c.id, "ids"))
    .values(
        followers_count=accounts.c.followers_count - sa.literal_column("1"),
        rev=accounts.c.rev + sa.literal_column("1"),
    )
)
_UNCOUNT_FOLLOWING = command(
    sa.update(accounts)
    .where(within(accounts.c.id, "ids"))
    .values(
        following_count=accounts.c.following_count - sa.literal_column("1"),
        rev=accounts.c.rev + sa.literal_column("1"),
    )
)
_RESTRAIN = command(
    sa.update(accounts)
    .where(accounts.c.id == param("account_id"))
    .values(
        {name: param(f"new_{name}") for name in Restraint.__struct_fields__}
        | {"rev": accounts.c.rev + sa.literal_column("1")}
    )
)
_REMOVE = command(sa.delete(accounts).where(accounts.c.id == param("account_id")))
_COUNT_FOLLOWING = command(
    sa.update(accounts)
    .where(accounts.c.id == param("account_id"))
    .values(
        following_count=accounts.c.following_count + param("by", sa.Integer()),
        rev=accounts.c.rev + sa.literal_column("1"),
    )
)


def create_account(
    tx: Tx,
    username: str,
    *,
    base_url: str,
    display_name: str = "",
    bot: bool = False,
    pending: bool = False,
) -> Account:
    """A new local account; UsernameInvalid or UsernameTaken when the name will not do.

    Nobody sees a pending one until `show_account`.
    """
    check_username(username)
    if queries.find_account_by_name(tx, username) or queries.is_former_name(tx, username):
        raise UsernameTaken(field="username")
    account_id = AccountId(new_id())
    account = Account(
        id=account_id,
        username=username,
        username_key=username.lower(),
        domain="",
        display_name=display_name,
        note="",
        note_html="",
        fields="[]",
        avatar="",
        avatar_static="",
        avatar_description="",
        header="",
        header_static="",
        header_description="",
        bot=bot,
        group=False,
        locked=False,
        discoverable=False,
        indexable=False,
        hide_collections=False,
        memorial=False,
        show_media=True,
        show_media_replies=True,
        show_featured=True,
        attribution_domains="[]",
        aliases="[]",
        url=f"{base_url}/@{username}",
        uri=f"{base_url}/users/{username}",
        created_at=tx.now,
        rev=1,
        posts_count=0,
        followers_count=0,
        following_count=0,
        last_post_at=None,
        limited_at=None,
        suspended_at=None,
        screened_at=None,
        contact_limited_at=None,
        paused_until=None,
        slowed_until=None,
        moved_to_id=None,
        pending=pending,
        avatar_pdq="",
        header_pdq="",
    )
    tx.insert(_INSERT, account)
    _index_names(tx, account)
    tx.announce(AccountCreated(account_id))
    return account


def show_account(tx: Tx, account_id: AccountId) -> None:
    """Lets others see an account that was pending."""
    tx.run(_SHOW, account_id=account_id)


def hide_account(tx: Tx, account_id: AccountId, *, at: int) -> None:
    """Hides an account and all it wrote from everybody; `at` is the name of this hiding."""
    tx.run(_HIDE, account_id=account_id, at=at)


def show_account_again(tx: Tx, account_id: AccountId, *, hidden_at: int) -> None:
    """Ends a hiding; a suspension of another moment stays."""
    tx.run(_SHOW_AGAIN, account_id=account_id, at=hidden_at)


def keep_name(tx: Tx, username: str) -> None:
    """Lets nobody have the name of an account that goes."""
    tx.run(_KEEP_NAME, hash=queries.hash_name(tx, username))


def free_name(tx: Tx, username: str) -> bool:
    """Lets a kept name be taken again; whether it was kept."""
    return bool(tx.run(_FREE_NAME, hash=queries.hash_name(tx, username)))


def _index_names(tx: Tx, account: Account) -> None:
    terms = {*list_terms(account.username), *list_terms(account.display_name)}
    tx.run(_FORGET_TERMS, account_id=account.id)
    tx.many(_INSERT_TERM, [{"term": term, "account_id": account.id} for term in sorted(terms)])


def save_profile(tx: Tx, account: Account, **changes: object) -> Account:
    """Writes changed columns of a profile and raises its revision; returns the new account."""
    columns: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in sorted(changes)}
    statement = command(
        sa.update(accounts)
        .where(accounts.c.id == param("account_id"))
        .values(**columns, rev=accounts.c.rev + sa.literal_column("1"))
    )
    tx.run(
        statement,
        account_id=account.id,
        **{f"new_{name}": value for name, value in changes.items()},
    )
    tx.run(_TOUCH_MOVED, account_id=account.id)  # they show the account they moved to
    changed = msgspec.structs.replace(account, **changes, rev=account.rev + 1)
    if "display_name" in changes:
        _index_names(tx, changed)
    return changed


def touch_account(tx: Tx, account_id: AccountId) -> None:
    """Raises the revision of an account with which something is shown that changed elsewhere."""
    tx.run(_TOUCH, account_id=account_id)
    tx.run(_TOUCH_MOVED, account_id=account_id)


def restrain_account(tx: Tx, account_id: int, restraint: Restraint) -> None:
    """Puts into force what decisions do to an account, all of them together."""
    changes = {f"new_{name}": at for name, at in msgspec.structs.asdict(restraint).items()}
    tx.run(_RESTRAIN, account_id=account_id, **changes)
    tx.announce(AccountRestrained(AccountId(account_id), restraint))


def remove_account(tx: Tx, account_id: AccountId) -> None:
    """Removes an account for good: first each room forgets what it holds of it, then it goes."""
    tx.announce(AccountDeleted(account_id))
    tx.run(_FORGET_TERMS, account_id=account_id)
    tx.run(_REMOVE, account_id=account_id)


def count_post(tx: Tx, account_id: AccountId, *, by: int, at: int | None = None) -> None:
    """Counts a post in or out; `at` is when it appeared."""
    tx.run(_COUNT_POST, account_id=account_id, by=by, at=at)


def count_follow(tx: Tx, follower_id: AccountId, followed_id: AccountId, *, by: int) -> None:
    """Counts a follow in or out on both sides."""
    tx.run(_COUNT_FOLLOWING, account_id=follower_id, by=by)
    tx.run(_COUNT_FOLLOWERS, account_id=followed_id, by=by)


def uncount_follows(tx: Tx, *, followers: list[AccountId], followed: list[AccountId]) -> None:
    """Counts out the follows of an account that goes, at their other ends."""
    tx.run(_UNCOUNT_FOLLOWING, ids=followers)
    tx.run(_UNCOUNT_FOLLOWERS, ids=followed)


def change_profile(tx: Tx, account: Account, changes: ProfileChanges) -> Account:
    """Changes what an account shows of itself; ProfileInvalid says what will not do.

    Links that are all of a field's value are verified by a job, anew when they change.
    """
    changes = check_profile(tx.settings.limits, changes)
    given = {n: v for n, v in msgspec.structs.asdict(changes).items() if v is not UNSET}
    for picture in {"avatar", "header"} & given.keys():
        given.setdefault(f"{picture}_pdq", "")
    if changes.note is not UNSET:
        given["note_html"] = note_html(changes.note, **_links(tx, changes.note))
    if changes.fields is not UNSET:
        given["fields"] = _encode_fields(tx, account, changes.fields)
    if changes.attribution_domains is not UNSET:
        given["attribution_domains"] = encode_list(changes.attribution_domains)
    if not given:
        return account
    changed = save_profile(tx, account, **given)
    if any(claims_page(tx.settings, field) for field in decode_fields(changed)):
        jobs.enqueue(tx, VERIFY, PagesToVerify(account.id), unique_key=f"{VERIFY}:{account.id}")
    tx.announce(ProfileChanged(account.id))
    if account.locked and not changed.locked:
        tx.announce(AccountUnlocked(account.id))
    return changed


def _encode_fields(tx: Tx, account: Account, fields: tuple[tuple[str, str], ...]) -> str:
    verified = {f.value: f.verified_at for f in decode_fields(account)}
    made = [
        Field(name, value, field_html(value, **_links(tx, value)), verified.get(value))
        for name, value in fields
    ]
    return msgspec.json.encode(made).decode()


def _links(tx: Tx, text: str) -> dict[str, Any]:
    """Where the mentions and tags of a profile's text lead."""
    base = tx.settings.server.base_url
    own = (None, tx.settings.domain)
    names = [m.username for m in parse_post(text).mentions if m.domain in own]
    found = {a.username_key: a.url for a in queries.list_accounts_by_name(tx, names)}

    def mention_url(mention: Mention) -> str | None:
        return found.get(mention.username.lower()) if mention.domain in own else None

    return {"mention_url": mention_url, "tag_url": lambda name: f"{base}/tags/{name}"}


def note_verified(tx: Tx, account_id: AccountId, values: set[str]) -> None:
    """Notes that the pages behind these fields link back, unless the fields changed meanwhile."""
    account = queries.get_account(tx, account_id)
    fields = decode_fields(account)
    now_verified = [
        msgspec.structs.replace(f, verified_at=tx.now)
        if f.value in values and f.verified_at is None
        else f
        for f in fields
    ]
    if now_verified != fields:
        save_profile(tx, account, fields=msgspec.json.encode(now_verified).decode())
        tx.announce(ProfileChanged(account_id))


def set_aliases(tx: Tx, account: Account, addresses: Sequence[str]) -> Account:
    """Names other accounts that are the same person's, so that they may move here; AliasUnknown
    for an address that leads to no account."""
    found = []
    for address in addresses:
        other = queries.find_account_by_address(tx, address)
        if other is None or other.id == account.id:
            raise AliasUnknown
        found.append(other.uri)
    return save_profile(tx, account, aliases=encode_list(tuple(dict.fromkeys(found))))


def add_alias(tx: Tx, account: Account, address: str) -> Account:
    """Names one more account that is the same person's; AliasUnknown."""
    other = queries.find_account_by_address(tx, address)
    if other is None or other.id == account.id:
        raise AliasUnknown(field="alias")
    known = decode_list(account.aliases)
    return save_profile(tx, account, aliases=encode_list(tuple(dict.fromkeys([*known, other.uri]))))


def remove_alias(tx: Tx, account: Account, uri: str) -> Account:
    """Takes back that another account, given by its URI, is the same person's."""
    kept = tuple(known for known in decode_list(account.aliases) if known != uri)
    return save_profile(tx, account, aliases=encode_list(kept))


def move_account(tx: Tx, account: Account, target: Account) -> Account:
    """Names another account as the one to follow instead; MoveRefused unless it agreed to by
    naming this one as its alias."""
    if account.uri not in decode_list(target.aliases) or target.moved_to_id is not None:
        raise MoveRefused
    moved = save_profile(tx, account, moved_to_id=target.id)
    tx.announce(AccountMoved(account.id, target.id))
    return moved


def end_move(tx: Tx, account: Account) -> Account:
    """Takes back that an account has moved; who followed it to the other stays there."""
    return save_profile(tx, account, moved_to_id=None)
