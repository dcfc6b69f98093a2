"""Writes of relationships. Each may be repeated: the second time changes nothing."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from folkmoot.domain.accounts.actions import count_follow, uncount_follows
from folkmoot.domain.accounts.model import DOMAIN, Account, AccountId, AccountNotFound
from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.relationships import queries
from folkmoot.domain.relationships.events import (
    AccountBlocked,
    AccountFollowed,
    AccountMuted,
    AccountUnblocked,
    AccountUnfollowed,
    AccountUnmuted,
    DomainBlocked,
    FollowChanged,
    FollowRequested,
    FollowRequestEnded,
    HomeChanged,
)
from folkmoot.domain.relationships.model import (
    FOREVER,
    MAX_COMMENT,
    CommentTooLong,
    DomainInvalid,
    Follow,
    FollowNotAllowed,
    FollowOptions,
    Muting,
    NotFollowed,
    NotWithYourself,
    RequestNotFound,
    TooManyFollows,
    pack_languages,
)
from folkmoot.domain.relationships.tables import (
    account_notes,
    blocks,
    domain_blocks,
    endorsements,
    follow_requests,
    follows,
    hides,
    mutes,
)
from folkmoot.kit.db import (
    Command,
    Id,
    Moment,
    Tx,
    command,
    delete_some,
    insert_all,
    param,
    rows,
    values,
    within,
)
from folkmoot.kit.ids import new_id

_one: Any = sa.literal_column("1")


def _delete(table: sa.Table) -> Command:
    """Deletes the row from `one_id` to `other_id`."""
    first, second = table.primary_key.columns
    return command(sa.delete(table).where(first == param("one_id"), second == param("other_id")))


def _choose(table: sa.Table) -> Command:
    return command(
        sa.update(table)
        .where(table.c.id == param("follow_id"))
        .values(
            show_boosts=param("show_boosts"), notify=param("notify"), languages=param("languages")
        )
    )


_INSERT_FOLLOW = insert_all(follows, or_ignore=True)
_INSERT_REQUEST = insert_all(follow_requests, or_ignore=True)
_CHANGE_FOLLOW = _choose(follows)
_CHANGE_REQUEST = _choose(follow_requests)
_DELETE_FOLLOW = _delete(follows)
_DELETE_REQUEST = _delete(follow_requests)
_KEEP_FROM_HOME = rows(
    sa.update(follows)
    .where(
        follows.c.follower_id == param("follower_id", Id),
        within(follows.c.followed_id, "ids"),
        follows.c.in_home != param("in_home", sa.Boolean),
    )
    .values(in_home=param("in_home", sa.Boolean))
    .returning(*queries.follow_columns(follows)),
    Follow,
)
_INSERT_BLOCK = insert_all(blocks, or_ignore=True)
_DELETE_BLOCK = _delete(blocks)
_INSERT_MUTE = insert_all(mutes)
_DELETE_MUTE = _delete(mutes)
_INSERT_NOTE = insert_all(account_notes)
_DELETE_NOTE = _delete(account_notes)
_INSERT_ENDORSEMENT = insert_all(endorsements, or_ignore=True)
_DELETE_ENDORSEMENT = _delete(endorsements)
_INSERT_HIDE = insert_all(hides)
_DELETE_HIDE = _delete(hides)


def follow(
    tx: Tx, follower: Account, target: Account, *, options: FollowOptions | None = None
) -> None:
    """Follows an account, asks to when it is locked, or chooses anew what to receive of it.

    FollowNotAllowed where a block stands or the account has moved; TooManyFollows beyond the
    limit; NotWithYourself.
    """
    options = options or FollowOptions()
    if follower.id == target.id:
        raise NotWithYourself
    existing = queries.find_follow(tx, follower.id, target.id)
    if existing:
        tx.announce(FollowChanged(_rechoose(tx, _CHANGE_FOLLOW, existing, options)))
        return
    request = queries.find_request(tx, follower.id, target.id)
    if request:
        _rechoose(tx, _CHANGE_REQUEST, request, options)
        return
    _check_follow(tx, follower, target)
    made = Follow(
        id=new_id(),
        follower_id=follower.id,
        followed_id=target.id,
        show_boosts=options.show_boosts is not False,
        notify=options.notify is True,
        languages=pack_languages(options.languages or ()),
    )
    # An account with limited reach asks everyone, so that it cannot force itself on anybody.
    if target.locked or follower.limited_at is not None:
        tx.insert(_INSERT_REQUEST, made, created_at=tx.now)
        tx.announce(FollowRequested(made, follower, target))
    else:
        _begin(tx, made, follower, target)


def _check_follow(tx: Tx, follower: Account, target: Account) -> None:
    if target.suspended_at is not None:
        raise AccountNotFound
    if target.moved_to_id is not None or queries.is_block_between(tx, follower.id, target.id):
        raise FollowNotAllowed
    limit = max(tx.settings.limits.follows, follower.followers_count * 11 // 10)
    if follower.following_count >= limit:
        raise TooManyFollows(limit=limit)


def _rechoose(tx: Tx, change: Command, existing: Follow, options: FollowOptions) -> Follow:
    if options.show_boosts is not None:
        existing.show_boosts = options.show_boosts
    if options.notify is not None:
        existing.notify = options.notify
    if options.languages is not None:
        existing.languages = pack_languages(options.languages)
    tx.run(
        change,
        follow_id=existing.id,
        show_boosts=existing.show_boosts,
        notify=existing.notify,
        languages=existing.languages,
    )
    return existing


def _begin(tx: Tx, made: Follow, follower: Account, followed: Account) -> None:
    if tx.insert(_INSERT_FOLLOW, made, created_at=tx.now):
        count_follow(tx, made.follower_id, made.followed_id, by=1)
        tx.announce(AccountFollowed(made, follower, followed))


def unfollow(tx: Tx, follower_id: AccountId, target_id: AccountId) -> None:
    """Ends a follow, or takes back the request for one. An endorsement ends with its follow."""
    withdraw_request(tx, follower_id, target_id)
    if tx.run(_DELETE_FOLLOW, one_id=follower_id, other_id=target_id):
        count_follow(tx, follower_id, target_id, by=-1)
        tx.run(_DELETE_ENDORSEMENT, one_id=follower_id, other_id=target_id)
        tx.announce(AccountUnfollowed(follower_id, target_id))


def withdraw_request(tx: Tx, follower_id: AccountId, target_id: AccountId) -> None:
    """Removes a request to follow, if one waits."""
    if tx.run(_DELETE_REQUEST, one_id=follower_id, other_id=target_id):
        tx.announce(FollowRequestEnded(follower_id, target_id, accepted=False))


def accept_request(tx: Tx, account: Account, follower: Account) -> None:
    """Lets somebody in who asked; RequestNotFound when nobody did. Already followed: no matter."""
    request = queries.find_request(tx, follower.id, account.id)
    if request is None:
        if queries.find_follow(tx, follower.id, account.id):
            return
        raise RequestNotFound
    tx.run(_DELETE_REQUEST, one_id=follower.id, other_id=account.id)
    tx.announce(FollowRequestEnded(follower.id, account.id, accepted=True))
    _begin(tx, request, follower, account)


def reject_request(tx: Tx, account_id: AccountId, follower_id: AccountId) -> None:
    """Turns somebody away who asked; RequestNotFound when nobody did."""
    if queries.find_request(tx, follower_id, account_id) is None:
        raise RequestNotFound
    withdraw_request(tx, follower_id, account_id)


def keep_from_home(
    tx: Tx, follower_id: AccountId, followed_ids: list[AccountId], *, kept: bool
) -> None:
    """Whether posts of followed accounts are kept out of home, as an exclusive list asks."""
    changed = tx.all(_KEEP_FROM_HOME, follower_id=follower_id, ids=followed_ids, in_home=not kept)
    for one in changed:
        tx.announce(HomeChanged(one))


def block(tx: Tx, account_id: AccountId, target_id: AccountId) -> None:
    """Blocks an account: follows, requests and endorsements between the two end."""
    if account_id == target_id:
        raise NotWithYourself
    unfollow(tx, account_id, target_id)
    unfollow(tx, target_id, account_id)
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


def set_note(tx: Tx, account_id: AccountId, target_id: AccountId, comment: str) -> None:
    """Keeps a private comment about an account; an empty one is none."""
    if len(comment) > MAX_COMMENT:
        raise CommentTooLong(limit=MAX_COMMENT)
    tx.run(_DELETE_NOTE, one_id=account_id, other_id=target_id)
    if comment:
        tx.run(_INSERT_NOTE, account_id=account_id, target_id=target_id, comment=comment)


def endorse(tx: Tx, account_id: AccountId, target_id: AccountId) -> None:
    """Features an account on one's profile; NotFollowed unless one follows it."""
    if queries.find_follow(tx, account_id, target_id) is None:
        raise NotFollowed
    row = {"account_id": account_id, "target_id": target_id, "id": new_id(), "created_at": tx.now}
    tx.run(_INSERT_ENDORSEMENT, **row)


def unendorse(tx: Tx, account_id: AccountId, target_id: AccountId) -> None:
    """Features an account no longer."""
    tx.run(_DELETE_ENDORSEMENT, one_id=account_id, other_id=target_id)


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


def _linked(table: sa.Table, whose: str, who: str) -> Any:
    return values(
        sa.select(table.c[who])
        .select_from(table.join(accounts, accounts.c.id == table.c[who]))
        .where(
            table.c[whose] == param("account_id", Id), accounts.c.domain == param("domain", sa.Text)
        ),
        AccountId,
    )


_FOLLOWED_THERE = [
    _linked(follows, "follower_id", "followed_id"),
    _linked(follow_requests, "follower_id", "followed_id"),
]
_FOLLOWERS_THERE = [
    _linked(follows, "followed_id", "follower_id"),
    _linked(follow_requests, "followed_id", "follower_id"),
]
_PARTED_THERE = [
    _linked(blocks, "account_id", "target_id"),
    _linked(blocks, "target_id", "account_id"),
    _linked(mutes, "account_id", "target_id"),
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
    for query in _FOLLOWED_THERE:
        for target_id in tx.all(query, **there):
            unfollow(tx, account_id, target_id)
    for query in _FOLLOWERS_THERE:
        for follower_id in tx.all(query, **there):
            unfollow(tx, follower_id, account_id)
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


_limit = param("limit", sa.Integer())
_SOME_FOLLOWERS = values(
    sa.select(follows.c.follower_id)
    .where(follows.c.followed_id == param("account_id"))
    .limit(_limit),
    AccountId,
)
_SOME_FOLLOWED = values(
    sa.select(follows.c.followed_id)
    .where(follows.c.follower_id == param("account_id"))
    .limit(_limit),
    AccountId,
)
_END_FOLLOWERS = command(
    sa.delete(follows).where(
        follows.c.followed_id == param("account_id"), within(follows.c.follower_id, "ids")
    )
)
_END_FOLLOWED = command(
    sa.delete(follows).where(
        follows.c.follower_id == param("account_id"), within(follows.c.followed_id, "ids")
    )
)


def _either_end(table: sa.Table) -> list[Command]:
    first, second, *_ = table.columns
    return [delete_some(table, end == param("account_id")) for end in (first, second)]


_FORGET_SOME = [
    *(
        statement
        for table in (follow_requests, blocks, mutes, hides, account_notes, endorsements)
        for statement in _either_end(table)
    ),
    delete_some(domain_blocks, domain_blocks.c.account_id == param("account_id")),
]


def forget_some(tx: Tx, account_id: AccountId, *, limit: int = 500) -> bool:
    """Forgets some relationships of an account that goes; whether any may be left."""
    followers = tx.all(_SOME_FOLLOWERS, account_id=account_id, limit=limit)
    followed = tx.all(_SOME_FOLLOWED, account_id=account_id, limit=limit)
    if followers or followed:
        uncount_follows(tx, followers=followers, followed=followed)
        tx.run(_END_FOLLOWERS, account_id=account_id, ids=followers)
        tx.run(_END_FOLLOWED, account_id=account_id, ids=followed)
        return True
    return any(tx.run(some, account_id=account_id, limit=limit) for some in _FORGET_SOME)


def forget_account(tx: Tx, account_id: AccountId) -> None:
    """Forgets every relationship of an account that goes."""
    while forget_some(tx, account_id):
        pass
