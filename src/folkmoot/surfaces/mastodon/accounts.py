"""/api/v1/accounts: people, and what one does about them."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from folkmoot.domain.accounts.model import Account as DomainAccount
from folkmoot.domain.accounts.model import AccountId, AccountNotFound
from folkmoot.domain.accounts.queries import (
    find_account_by_address,
    get_account,
    get_shown_account,
    list_accounts,
)
from folkmoot.domain.boundaries import actions as boundaries
from folkmoot.domain.boundaries.model import MuteRow, Row
from folkmoot.domain.boundaries.queries import is_block_between
from folkmoot.domain.relationships import actions
from folkmoot.domain.relationships.model import FollowOptions
from folkmoot.domain.relationships.queries import (
    list_endorsements,
    list_familiar,
    list_followers,
    list_following,
    search_accounts,
)
from folkmoot.domain.tags.queries import find_tag
from folkmoot.domain.timelines.queries import ProfileChoice, list_account_posts
from folkmoot.surfaces.mastodon.entities.account import (
    Account,
    present_account,
    present_account_list,
    present_accounts,
)
from folkmoot.surfaces.mastodon.entities.encoded import encoded
from folkmoot.surfaces.mastodon.entities.relationship import (
    Relationship,
    present_relationship,
    present_relationships,
)
from folkmoot.surfaces.mastodon.entities.status import Status
from folkmoot.surfaces.mastodon.operations import (
    NEEDED,
    OPTIONAL,
    Answer,
    Call,
    Id,
    PageParams,
    Router,
    link_header,
)
from folkmoot.surfaces.mastodon.timelines import answer_page

router = Router("accounts")

_CENTURY_S = 100 * 365 * 86_400
_MOST_IDS = 100


class FamiliarFollowers(msgspec.Struct):
    """Who of those one follows follows an account."""

    id: str
    accounts: list[Account]


class IdsParams(msgspec.Struct):
    """Accounts asked about."""

    id: list[Id] = []
    with_suspended: bool = False


class FollowParams(msgspec.Struct):
    """What to receive of a followed account."""

    reblogs: bool | None = None
    notify: bool | None = None
    languages: list[str] | None = None


class MuteParams(msgspec.Struct):
    """How to mute; `duration` in seconds, 0 for ever."""

    notifications: bool = True
    duration: int = 0


class NoteParams(msgspec.Struct):
    """A private comment about an account."""

    comment: str = ""


class SearchParams(msgspec.Struct):
    """A search for people. `resolve` is taken and changes nothing: nothing is fetched for it."""

    q: str = ""
    limit: int | None = None
    offset: int = 0
    resolve: bool = False
    following: bool = False


class LookupParams(msgspec.Struct):
    """An address: `user` or `user@domain`."""

    acct: Annotated[str, NEEDED] = ""


def answer_accounts(call: Call, rows: Sequence[Row | MuteRow], limit: int) -> Answer:
    """A page of accounts; paging goes by the ids of the relations, which only `Link` tells."""
    headers = link_header(
        call,
        first=rows[0].id if rows else None,
        last=rows[-1].id if rows else None,
        full=len(rows) >= limit,
        newer="since_id",
    )
    ids = [row.account_id for row in rows]
    return Answer(present_account_list(call.app, call.tx, ids), headers=headers)


@router.get("/api/v1/accounts/{id}", auth=OPTIONAL, returns=Account)
def show(call: Call) -> Answer:
    """A profile."""
    account = get_shown_account(call.tx, call.id())
    return Answer(present_account(call.app, call.tx, account))


@router.get("/api/v1/accounts", auth=OPTIONAL, returns=list[Account])
def show_several(call: Call, params: IdsParams) -> Answer:
    """Several profiles; those that do not exist are left out."""
    ids = [AccountId(i) for i in params.id[:_MOST_IDS]]
    shown = [i for i, a in list_accounts(call.tx, ids).items() if not a.pending]
    return Answer(present_account_list(call.app, call.tx, [i for i in ids if i in shown]))


@router.get("/api/v1/accounts/lookup", auth=OPTIONAL, returns=Account, refuses=(404,))
def lookup(call: Call, params: LookupParams) -> Answer:
    """The profile behind an address."""
    account = find_account_by_address(call.tx, params.acct)
    if account is None:
        raise AccountNotFound
    return Answer(present_account(call.app, call.tx, account))


@router.get("/api/v1/accounts/search", scope="read:accounts", returns=list[Account], rate="search")
def search(call: Call, params: SearchParams) -> Answer:
    """Accounts whose names match."""
    found = search_accounts(
        call.tx,
        params.q,
        viewer_id=call.me.account_id,
        limit=max(1, min(params.limit or 40, 80)),
        offset=max(0, min(params.offset, 10_000)),
        following=params.following,
    )
    return Answer(present_account_list(call.app, call.tx, [a.id for a in found]))


def _shows_collections(call: Call, account: DomainAccount) -> bool:
    """Whether the viewer may see whom an account follows and who follows it."""
    if account.id == call.viewer_id:
        return True
    if account.hide_collections or account.suspended_at is not None:
        return False
    return not is_block_between(call.tx, account.id, call.viewer_id)


@router.get("/api/v1/accounts/{id}/followers", auth=OPTIONAL, returns=list[Account])
def followers(call: Call, params: PageParams) -> Answer:
    """Who follows an account, unless it hides that."""
    account = get_shown_account(call.tx, call.id())
    page = params.page(40, 80)
    rows: list[Row] = []
    if _shows_collections(call, account):
        rows = list_followers(call.tx, account.id, page, viewer_id=call.viewer_id)
    return answer_accounts(call, rows, page.limit)


@router.get("/api/v1/accounts/{id}/following", auth=OPTIONAL, returns=list[Account])
def following(call: Call, params: PageParams) -> Answer:
    """Whom an account follows, unless it hides that."""
    account = get_shown_account(call.tx, call.id())
    page = params.page(40, 80)
    rows: list[Row] = []
    if _shows_collections(call, account):
        rows = list_following(call.tx, account.id, page, viewer_id=call.viewer_id)
    return answer_accounts(call, rows, page.limit)


class StatusesParams(PageParams):
    """Paging, and which of an account's statuses."""

    exclude_replies: bool = False
    exclude_reblogs: bool = False
    exclude_direct: bool = False
    only_media: bool = False
    pinned: bool = False
    tagged: str = ""


@router.get("/api/v1/accounts/{id}/statuses", auth=OPTIONAL, returns=list[Status])
def statuses(call: Call, params: StatusesParams) -> Answer:
    """An account's statuses, newest first."""
    account = get_shown_account(call.tx, call.id())
    page = params.page()
    tag = find_tag(call.tx, params.tagged) if params.tagged else None
    if account.suspended_at is not None or (params.tagged and tag is None):
        return answer_page(call, [], page.limit)
    choice = ProfileChoice(
        without_answers=params.exclude_replies,
        without_boosts=params.exclude_reblogs,
        without_direct=params.exclude_direct,
        only_media=params.only_media,
        pinned=params.pinned,
    )
    ids = list_account_posts(
        call.tx,
        account.id,
        page,
        viewer_id=call.viewer_id,
        choice=choice,
        tag_id=tag.id if tag else None,
    )
    return answer_page(call, ids, page.limit)


@router.get("/api/v1/accounts/{id}/endorsements", auth=OPTIONAL, returns=list[Account])
def endorsements(call: Call, params: PageParams) -> Answer:
    """Whom an account features on its profile."""
    account = get_shown_account(call.tx, call.id())
    page = params.page(40, 80)
    rows = list_endorsements(call.tx, account.id, page, viewer_id=call.viewer_id)
    return answer_accounts(call, rows if account.suspended_at is None else [], page.limit)


@router.get(
    "/api/v1/accounts/familiar_followers", scope="read:follows", returns=list[FamiliarFollowers]
)
def familiar_followers(call: Call, params: IdsParams) -> list[FamiliarFollowers]:
    """For each account, who of those one follows follows it."""
    ids = list(dict.fromkeys(params.id[:_MOST_IDS]))
    familiar = list_familiar(call.tx, call.me.account_id, ids)
    everybody = {one for ones in familiar.values() for one in ones}
    made = present_accounts(call.app, call.tx, sorted(everybody))
    return [FamiliarFollowers(str(i), [encoded(made[one]) for one in familiar[i]]) for i in ids]


@router.get("/api/v1/accounts/relationships", scope="read:follows", returns=list[Relationship])
def relationships(call: Call, params: IdsParams) -> list[Relationship]:
    """How one stands to each of the given accounts."""
    return present_relationships(
        call.tx, call.me.account_id, params.id[:_MOST_IDS], with_suspended=params.with_suspended
    )


def _me_and_target(call: Call) -> tuple[DomainAccount, DomainAccount]:
    return get_account(call.tx, call.me.account_id), get_shown_account(call.tx, call.id())


def _answer(call: Call, target_id: int) -> Relationship:
    return present_relationship(call.tx, call.me.account_id, target_id)


@router.post(
    "/api/v1/accounts/{id}/follow",
    scope="write:follows follow",
    returns=Relationship,
    rate="follows",
)
def follow(call: Call, params: FollowParams) -> Relationship:
    """Follows an account, or changes what one receives of it."""
    me, target = _me_and_target(call)
    languages = None if params.languages is None else tuple(params.languages)
    options = FollowOptions(show_boosts=params.reblogs, notify=params.notify, languages=languages)
    actions.follow(call.tx, me, target, options=options)
    return _answer(call, target.id)


@router.post("/api/v1/accounts/{id}/unfollow", scope="write:follows follow", returns=Relationship)
def unfollow(call: Call) -> Relationship:
    """Follows an account no longer."""
    target = get_shown_account(call.tx, call.id())
    actions.unfollow(call.tx, call.me.account_id, target.id)
    return _answer(call, target.id)


@router.post(
    "/api/v1/accounts/{id}/remove_from_followers",
    scope="write:follows follow",
    returns=Relationship,
)
def remove_from_followers(call: Call) -> Relationship:
    """Ends an account's follow of oneself."""
    target = get_shown_account(call.tx, call.id())
    actions.unfollow(call.tx, target.id, call.me.account_id)
    return _answer(call, target.id)


@router.post("/api/v1/accounts/{id}/block", scope="write:blocks follow", returns=Relationship)
def block(call: Call) -> Relationship:
    """Blocks an account: neither sees the other."""
    target = get_shown_account(call.tx, call.id())
    boundaries.block(call.tx, call.me.account_id, target.id)
    return _answer(call, target.id)


@router.post("/api/v1/accounts/{id}/unblock", scope="write:blocks follow", returns=Relationship)
def unblock(call: Call) -> Relationship:
    """Lifts a block."""
    target = get_shown_account(call.tx, call.id())
    boundaries.unblock(call.tx, call.me.account_id, target.id)
    return _answer(call, target.id)


@router.post("/api/v1/accounts/{id}/mute", scope="write:mutes follow", returns=Relationship)
def mute(call: Call, params: MuteParams) -> Relationship:
    """Mutes an account, for a time or until lifted."""
    target = get_shown_account(call.tx, call.id())
    boundaries.mute(
        call.tx,
        call.me.account_id,
        target.id,
        hide_notifications=params.notifications,
        duration_s=min(params.duration, _CENTURY_S),
    )
    return _answer(call, target.id)


@router.post("/api/v1/accounts/{id}/unmute", scope="write:mutes follow", returns=Relationship)
def unmute(call: Call) -> Relationship:
    """Lifts a mute."""
    target = get_shown_account(call.tx, call.id())
    boundaries.unmute(call.tx, call.me.account_id, target.id)
    return _answer(call, target.id)


@router.post("/api/v1/accounts/{id}/note", scope="write:accounts", returns=Relationship)
def note(call: Call, params: NoteParams) -> Relationship:
    """Keeps a private comment about an account."""
    target = get_shown_account(call.tx, call.id())
    actions.set_note(call.tx, call.me.account_id, target.id, params.comment.strip())
    return _answer(call, target.id)


@router.post(
    "/api/v1/accounts/{id}/pin",
    "/api/v1/accounts/{id}/endorse",
    scope="write:accounts",
    returns=Relationship,
)
def endorse(call: Call) -> Relationship:
    """Features an account on one's profile."""
    target = get_shown_account(call.tx, call.id())
    actions.endorse(call.tx, call.me.account_id, target.id)
    return _answer(call, target.id)


@router.post(
    "/api/v1/accounts/{id}/unpin",
    "/api/v1/accounts/{id}/unendorse",
    scope="write:accounts",
    returns=Relationship,
)
def unendorse(call: Call) -> Relationship:
    """Features an account no longer."""
    target = get_shown_account(call.tx, call.id())
    actions.unendorse(call.tx, call.me.account_id, target.id)
    return _answer(call, target.id)
