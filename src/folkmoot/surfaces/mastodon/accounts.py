"""/api/v1/accounts: people, and what one does about them."""

import msgspec

from folkmoot.domain.accounts.model import Account as DomainAccount
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.relationships import actions
from folkmoot.domain.relationships.model import FollowOptions
from folkmoot.surfaces.mastodon.entities.relationship import (
    Relationship,
    present_relationship,
    present_relationships,
)
from folkmoot.surfaces.mastodon.operations import Call, Router

router = Router("accounts")

_CENTURY_S = 100 * 365 * 86_400


class IdsParams(msgspec.Struct):
    """Accounts asked about."""

    id: list[int] = []
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


@router.get("/api/v1/accounts/relationships", scope="read:follows", returns=list[Relationship])
def relationships(call: Call, params: IdsParams) -> list[Relationship]:
    """How one stands to each of the given accounts."""
    return present_relationships(
        call.tx, call.me.account_id, params.id[:100], with_suspended=params.with_suspended
    )


def _me_and_target(call: Call) -> tuple[DomainAccount, DomainAccount]:
    return get_account(call.tx, call.me.account_id), get_account(call.tx, call.id())


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
    target = get_account(call.tx, call.id())
    actions.unfollow(call.tx, call.me.account_id, target.id)
    return _answer(call, target.id)


@router.post(
    "/api/v1/accounts/{id}/remove_from_followers",
    scope="write:follows follow",
    returns=Relationship,
)
def remove_from_followers(call: Call) -> Relationship:
    """Ends an account's follow of oneself."""
    target = get_account(call.tx, call.id())
    actions.unfollow(call.tx, target.id, call.me.account_id)
    return _answer(call, target.id)


@router.post("/api/v1/accounts/{id}/block", scope="write:blocks follow", returns=Relationship)
def block(call: Call) -> Relationship:
    """Blocks an account: neither sees the other."""
    target = get_account(call.tx, call.id())
    actions.block(call.tx, call.me.account_id, target.id)
    return _answer(call, target.id)


@router.post("/api/v1/accounts/{id}/unblock", scope="write:blocks follow", returns=Relationship)
def unblock(call: Call) -> Relationship:
    """Lifts a block."""
    target = get_account(call.tx, call.id())
    actions.unblock(call.tx, call.me.account_id, target.id)
    return _answer(call, target.id)


@router.post("/api/v1/accounts/{id}/mute", scope="write:mutes follow", returns=Relationship)
def mute(call: Call, params: MuteParams) -> Relationship:
    """Mutes an account, for a time or until lifted."""
    target = get_account(call.tx, call.id())
    actions.mute(
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
    target = get_account(call.tx, call.id())
    actions.unmute(call.tx, call.me.account_id, target.id)
    return _answer(call, target.id)


@router.post("/api/v1/accounts/{id}/note", scope="write:accounts", returns=Relationship)
def note(call: Call, params: NoteParams) -> Relationship:
    """Keeps a private comment about an account."""
    target = get_account(call.tx, call.id())
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
    target = get_account(call.tx, call.id())
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
    target = get_account(call.tx, call.id())
    actions.unendorse(call.tx, call.me.account_id, target.id)
    return _answer(call, target.id)
