"""Relationship."""

import msgspec

from folkmoot.domain.relationships.model import Tie
from folkmoot.domain.relationships.queries import get_tie, list_ties
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx


class Relationship(msgspec.Struct, kw_only=True):
    """How one stands to another account."""

    id: str
    following: bool
    showing_reblogs: bool
    notifying: bool
    languages: list[str] | None
    followed_by: bool
    blocking: bool
    blocked_by: bool
    muting: bool
    muting_notifications: bool
    muting_expires_at: str | None
    requested: bool
    requested_by: bool
    domain_blocking: bool
    endorsed: bool
    note: str


def build_relationship(tie: Tie) -> Relationship:
    """The entity of a tie; what was chosen for a request shows as if it were granted."""
    languages = (tie.languages or tie.requested_languages).split()
    return Relationship(
        id=str(tie.target_id),
        following=tie.follow_id is not None,
        showing_reblogs=tie.show_boosts or tie.requested_boosts,
        notifying=tie.notify or tie.requested_notify,
        languages=languages or None,
        followed_by=tie.followed_by,
        blocking=tie.blocking,
        blocked_by=tie.blocked_by,
        muting=tie.mute_id is not None,
        muting_notifications=tie.hides_notifications,
        muting_expires_at=iso(tie.mute_expires_at) if tie.mute_expires_at else None,
        requested=tie.request_id is not None,
        requested_by=tie.requested_by,
        domain_blocking=tie.domain_blocking,
        endorsed=tie.endorsed,
        note=tie.comment,
    )


def present_relationship(tx: Tx, viewer_id: int, target_id: int) -> Relationship:
    """How the viewer stands to an account that exists."""
    return build_relationship(get_tie(tx, viewer_id, target_id))


def present_relationships(
    tx: Tx, viewer_id: int, ids: list[int], *, with_suspended: bool = False
) -> list[Relationship]:
    """How the viewer stands to each of these accounts."""
    ties = list_ties(tx, viewer_id, ids, with_suspended=with_suspended)
    return [build_relationship(tie) for tie in ties]
