"""Writes of trends and suggestions, and of what was counted of the weeks."""

import sqlalchemy as sa

from folkmoot.domain.accounts.queries import get_shown_account
from folkmoot.domain.discovery import queries
from folkmoot.domain.discovery.model import (
    Kind,
    TrendNotFound,
    TrendsNotReviewed,
    rank,
    score_days,
    score_posts,
)
from folkmoot.domain.discovery.tables import trend_allowances, trends, unwanted_suggestions
from folkmoot.domain.instance.actions import record_week
from folkmoot.domain.instance.model import UsageWeek
from folkmoot.domain.instance.queries import list_weeks
from folkmoot.kit import clock
from folkmoot.kit.db import Tx, command, insert_all, param

WEEKS = 12
_MONDAY = 4 * clock.DAY  # the epoch was a Thursday

_CLEAR = command(sa.delete(trends))
_INSERT = insert_all(trends)
_ALLOW = insert_all(trend_allowances, or_ignore=True)
_DISALLOW = command(
    sa.delete(trend_allowances).where(
        trend_allowances.c.kind == param("kind"),
        trend_allowances.c.subject_id == param("subject_id"),
    )
)
_UNWANTED = insert_all(unwanted_suggestions, or_ignore=True)


def compute_trends(tx: Tx) -> None:
    """Writes all trends anew; leaves none where they are switched off."""
    tx.run(_CLEAR)
    if not tx.settings.discovery.trends:
        return
    found = [
        *rank(Kind.TAG, score_days(queries.list_tag_use(tx), tx.now)),
        *rank(Kind.LINK, score_days(queries.list_link_use(tx), tx.now)),
        *rank(Kind.POST, score_posts(queries.list_post_use(tx), tx.now)),
    ]
    for trend in found:
        tx.insert(_INSERT, trend)


def allow_trend(tx: Tx, kind: Kind, subject_id: int) -> None:
    """Lets something through to the trends, where they are reviewed."""
    tx.run(_ALLOW, kind=kind, subject_id=subject_id, created_at=tx.now)


def disallow_trend(tx: Tx, kind: Kind, subject_id: int) -> None:
    """Takes that back."""
    tx.run(_DISALLOW, kind=kind, subject_id=subject_id)


def judge_trend(tx: Tx, kind: Kind, subject_id: int, *, allowed: bool) -> None:
    """Lets something through that trends, or takes that back, where trends are reviewed.
    TrendsNotReviewed, TrendNotFound.
    """
    if not tx.settings.discovery.trends_review:
        raise TrendsNotReviewed
    if not queries.is_trending(tx, kind, subject_id):
        raise TrendNotFound
    (allow_trend if allowed else disallow_trend)(tx, kind, subject_id)


def dismiss_suggestion(tx: Tx, account_id: int, target_id: int) -> None:
    """Suggests an account to a member no more. AccountNotFound."""
    target = get_shown_account(tx, target_id)
    tx.run(_UNWANTED, account_id=account_id, target_id=target.id, created_at=tx.now)


def week_start(at: int) -> int:
    """Monday's midnight, UTC, of the week of a moment."""
    return at - (at - _MONDAY) % (7 * clock.DAY)


def record_weeks(tx: Tx) -> None:
    """Counts this week and the last one, and older ones that were never counted."""
    this = week_start(tx.now)
    starts = [this - back * 7 * clock.DAY for back in range(WEEKS)]
    known = {week.starts_at: week for week in list_weeks(tx, since=starts[-1])}
    for starts_at in starts:
        before = known.get(starts_at)
        if before is None or starts_at >= starts[1]:
            record_week(tx, _at_least(queries.count_week(tx, starts_at), before))


def _at_least(week: UsageWeek, before: UsageWeek | None) -> UsageWeek:
    """Who was seen to be active in a week was active, though seen again since."""
    if before is None:
        return week
    return UsageWeek(week.starts_at, week.posts, max(week.active, before.active), week.sign_ups)
