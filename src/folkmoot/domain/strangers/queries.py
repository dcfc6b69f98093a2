"""Reads of policies, and how recipients stand to a sender."""

from typing import Any

import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.auth.tables import users
from folkmoot.domain.boundaries.tables import domain_blocks, hides, mutes
from folkmoot.domain.interactions.tables import thread_mutes
from folkmoot.domain.posts.model import Visibility
from folkmoot.domain.posts.tables import mentions, posts
from folkmoot.domain.relationships.tables import follows
from folkmoot.domain.strangers.model import Policy, Standing
from folkmoot.domain.strangers.tables import notification_permissions, notification_policies
from folkmoot.kit.db import Id, Moment, Tx, param, rows, values, within

_one: Any = sa.literal_column("1")
_POLICY = rows(
    sa.select(*list(notification_policies.c)[1:]).where(
        notification_policies.c.account_id == param("account_id")
    ),
    Policy,
)


def get_policy(tx: Tx, account_id: int) -> Policy:
    """What a member wants done with strangers' notifications."""
    return tx.first(_POLICY, account_id=account_id) or Policy()


def _stands(table: sa.Table, *conditions: Any) -> Any:
    return sa.exists(sa.select(_one).select_from(table).where(*conditions))


_recipient = users.c.account_id
_sender = param("sender_id", Id)
_back = follows.alias("back")
_STANDINGS = rows(
    sa.select(
        _recipient,
        _stands(
            hides,
            hides.c.viewer_id == _recipient,
            hides.c.author_id == _sender,
            hides.c.blocked == sa.true(),
        ),
        _stands(
            mutes,
            mutes.c.account_id == _recipient,
            mutes.c.target_id == _sender,
            mutes.c.hide_notifications == sa.true(),
            sa.or_(mutes.c.expires_at.is_(None), mutes.c.expires_at > param("now", Moment)),
        ),
        _stands(
            domain_blocks,
            domain_blocks.c.account_id == _recipient,
            domain_blocks.c.domain == param("domain"),
        ),
        _stands(
            thread_mutes,
            thread_mutes.c.account_id == _recipient,
            thread_mutes.c.thread_id == param("thread_id", Id),
        ),
        _stands(follows, follows.c.follower_id == _recipient, follows.c.followed_id == _sender),
        sa.select(_back.c.created_at)
        .where(_back.c.follower_id == _sender, _back.c.followed_id == _recipient)
        .scalar_subquery(),
        _stands(
            notification_permissions,
            notification_permissions.c.account_id == _recipient,
            notification_permissions.c.from_id == _sender,
        ),
        *list(notification_policies.c)[1:],
    )
    .select_from(
        users.join(accounts, accounts.c.id == _recipient).outerjoin(
            notification_policies, notification_policies.c.account_id == _recipient
        )
    )
    .where(within(_recipient, "ids"), accounts.c.suspended_at.is_(None)),
    Standing,
)


def list_standings(
    tx: Tx, ids: list[int], *, sender_id: int, domain: str, thread_id: int
) -> list[Standing]:
    """How the local members among `ids` stand to a sender (of a domain, "" here) and a thread."""
    return tx.all(
        _STANDINGS, ids=ids, sender_id=sender_id, domain=domain, thread_id=thread_id, now=tx.now
    )


_MAX_LINE = 100
_direct: Any = sa.literal_column(str(int(Visibility.DIRECT)))
_up = posts.alias("up")
# A condition on a joined table alone would have SQLite read all of that table for a Bloom filter.
_last = (
    sa.select(
        posts.c.id,
        posts.c.in_reply_to_id,
        posts.c.author_id,
        posts.c.visibility,
        _one.label("length"),
    )
    .where(posts.c.id == param("post_id", Id), posts.c.visibility == _direct)
    .cte("line", recursive=True)
)
_line = _last.union_all(
    sa.select(
        _up.c.id, _up.c.in_reply_to_id, _up.c.author_id, _up.c.visibility, _last.c.length + _one
    ).where(
        _up.c.id == _last.c.in_reply_to_id,
        _up.c.visibility == _last.c.visibility,
        _last.c.length < sa.literal_column(str(_MAX_LINE)),
    )
)
_ADDRESSED_BY = values(
    sa.select(_line.c.author_id)
    .where(_stands(mentions, mentions.c.post_id == _line.c.id, mentions.c.account_id == _sender))
    .distinct(),
    AccountId,
)


def list_addressed_by(tx: Tx, sender_id: int, parent_id: int) -> set[AccountId]:
    """Who, in the line of direct posts that ends with `parent_id`, wrote one to the sender."""
    return set(tx.all(_ADDRESSED_BY, sender_id=sender_id, post_id=parent_id))
