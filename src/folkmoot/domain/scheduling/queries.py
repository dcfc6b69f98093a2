"""Reads of scheduled posts."""

import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.scheduling.model import Scheduled, ScheduledNotFound
from folkmoot.domain.scheduling.tables import scheduled_posts
from folkmoot.kit import clock
from folkmoot.kit.db import Moment, Page, Tx, paged, param, rows, values

_of_account = scheduled_posts.c.account_id == param("account_id")
_own = sa.select(scheduled_posts).where(scheduled_posts.c.id == param("id"), _of_account)
_OWN = rows(_own, Scheduled)
_OWN_LOCKED = rows(_own.with_for_update(), Scheduled)
_BY_ID = rows(
    sa.select(scheduled_posts).where(scheduled_posts.c.id == param("id")).with_for_update(),
    Scheduled,
)
_LIST = paged(sa.select(scheduled_posts).where(_of_account), scheduled_posts.c.id, Scheduled)
_COUNT = values(sa.select(sa.func.count()).select_from(scheduled_posts).where(_of_account), int)
_COUNT_DAY = values(
    sa.select(sa.func.count())
    .select_from(scheduled_posts)
    .where(
        _of_account,
        scheduled_posts.c.publish_at >= param("day", Moment),
        scheduled_posts.c.publish_at < param("next_day", Moment),
    ),
    int,
)


def get_own_scheduled(
    tx: Tx, scheduled_id: int, *, account_id: AccountId, lock: bool = False
) -> Scheduled:
    """An author's own scheduled post; ScheduledNotFound for any other. Whoever changes it locks it
    until the end of the transaction.
    """
    query = _OWN_LOCKED if lock else _OWN
    found = tx.first(query, id=scheduled_id, account_id=account_id)
    if found is None:
        raise ScheduledNotFound
    return found


def find_scheduled(tx: Tx, scheduled_id: int) -> Scheduled | None:
    """The scheduled post of an id, whosever it is."""
    return tx.first(_BY_ID, id=scheduled_id)


def list_scheduled(tx: Tx, account_id: AccountId, page: Page) -> list[Scheduled]:
    """A page of an author's scheduled posts, the last written first."""
    return tx.page(_LIST, page, account_id=account_id)


def count_scheduled(tx: Tx, account_id: AccountId) -> int:
    """How many posts an author has scheduled."""
    return tx.one(_COUNT, account_id=account_id)


def count_scheduled_on(tx: Tx, account_id: AccountId, moment: int) -> int:
    """How many of them are for the UTC day of a moment."""
    day = clock.day_start(moment)
    return tx.one(_COUNT_DAY, account_id=account_id, day=day, next_day=day + clock.DAY)
