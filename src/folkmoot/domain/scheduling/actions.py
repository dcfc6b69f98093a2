"""Writes of scheduled posts."""

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import Account, AccountId
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.media import actions as media_actions
from folkmoot.domain.posts import actions as posts_actions
from folkmoot.domain.posts.model import Draft, Visibility
from folkmoot.domain.posts.queries import get_preferences
from folkmoot.domain.scheduling.model import (
    NOT_BEFORE,
    AuthorGone,
    Scheduled,
    ScheduledId,
    TooManyScheduled,
    TooManyThatDay,
    TooSoon,
    decode_draft,
)
from folkmoot.domain.scheduling.queries import (
    count_scheduled,
    count_scheduled_on,
    find_scheduled,
    get_own_scheduled,
)
from folkmoot.domain.scheduling.tables import scheduled_posts
from folkmoot.kit import clock, idempotency, jobs
from folkmoot.kit.db import Moment, Tx, command, insert_all, param
from folkmoot.kit.ids import new_id

_INSERT = insert_all(scheduled_posts)
_MOVE = command(
    sa.update(scheduled_posts)
    .where(scheduled_posts.c.id == param("scheduled_id"))
    .values(publish_at=param("new_publish_at", Moment), failed_at=sa.null(), error="")
)
_FAIL = command(
    sa.update(scheduled_posts)
    .where(scheduled_posts.c.id == param("scheduled_id"))
    .values(failed_at=param("at", Moment), error=param("text"))
)
_DELETE = command(sa.delete(scheduled_posts).where(scheduled_posts.c.id == param("scheduled_id")))


class PostDue(msgspec.Struct, frozen=True):
    """The payload of the job that publishes a scheduled post."""

    scheduled_id: int


def schedule_post(tx: Tx, author: Account, *, draft: Draft, at: int, key: str = "") -> Scheduled:
    """Keeps a draft to be published at a moment. Refuses what `publish_post` would refuse now;
    TooSoon, TooManyScheduled, TooManyThatDay. A `key` used within the hour gives what it made.
    """
    scheduled_id = ScheduledId(new_id())
    if key:
        held = idempotency.claim(tx, author.id, f"scheduled {key}", scheduled_id)
        if held != scheduled_id:
            return get_own_scheduled(tx, held, account_id=author.id)
    _check_moment(tx, author.id, at)
    if count_scheduled(tx, author.id) >= tx.settings.limits.scheduled_posts:
        raise TooManyScheduled(most=tx.settings.limits.scheduled_posts)
    posts_actions.check_draft(tx, author, draft)
    if draft.visibility is None:
        preferred = Visibility(get_preferences(tx, author.id).visibility)
        draft = msgspec.structs.replace(draft, visibility=preferred)
    kept = msgspec.structs.replace(draft, scheduled_id=scheduled_id)
    scheduled = Scheduled(
        id=scheduled_id,
        account_id=author.id,
        draft=msgspec.json.encode(kept).decode(),
        publish_at=at,
        created_at=tx.now,
        failed_at=None,
        error="",
    )
    tx.insert(_INSERT, scheduled)
    media_actions.hold_media(tx, draft.media_ids, scheduled_id=scheduled_id)
    jobs.enqueue(tx, "scheduling.publish", PostDue(scheduled_id), at=at)
    return scheduled


def move_scheduled(tx: Tx, account_id: AccountId, scheduled_id: int, *, at: int) -> Scheduled:
    """Publishes one's scheduled post at another moment."""
    scheduled = get_own_scheduled(tx, scheduled_id, account_id=account_id, lock=True)
    if clock.day_start(at) != clock.day_start(scheduled.publish_at):
        _check_moment(tx, account_id, at)
    elif at < tx.now + NOT_BEFORE:
        raise TooSoon
    tx.run(_MOVE, scheduled_id=scheduled.id, new_publish_at=at)
    jobs.enqueue(tx, "scheduling.publish", PostDue(scheduled.id), at=at)
    return msgspec.structs.replace(scheduled, publish_at=at, failed_at=None, error="")


def cancel_scheduled(tx: Tx, account_id: AccountId, scheduled_id: int) -> None:
    """Does not publish one's scheduled post; its media can be used for another."""
    _forget(tx, get_own_scheduled(tx, scheduled_id, account_id=account_id, lock=True).id)


def publish_scheduled(tx: Tx, scheduled_id: int) -> None:
    """Publishes a scheduled post whose moment has come, under all checks of any post. One that
    was cancelled, moved or has failed is left alone.
    """
    scheduled = find_scheduled(tx, scheduled_id)
    if scheduled is None or scheduled.failed_at is not None or scheduled.publish_at > tx.now:
        return
    author = get_account(tx, scheduled.account_id)
    if author.suspended_at is not None or get_user(tx, author.id).disabled_at is not None:
        raise AuthorGone
    posts_actions.publish_post(tx, author, draft=decode_draft(scheduled))
    _forget(tx, scheduled.id)


def note_failure(tx: Tx, scheduled_id: int, sentence: str) -> None:
    """Keeps why a scheduled post could not be published, for its author to read."""
    tx.run(_FAIL, scheduled_id=scheduled_id, at=tx.now, text=sentence)


def _forget(tx: Tx, scheduled_id: ScheduledId) -> None:
    media_actions.let_media_go(tx, scheduled_id=scheduled_id)
    idempotency.forget(tx, scheduled_id)
    tx.run(_DELETE, scheduled_id=scheduled_id)


def _check_moment(tx: Tx, account_id: AccountId, at: int) -> None:
    if at < tx.now + NOT_BEFORE:
        raise TooSoon
    most = tx.settings.limits.scheduled_posts_per_day
    if count_scheduled_on(tx, account_id, at) >= most:
        raise TooManyThatDay(most=most)
