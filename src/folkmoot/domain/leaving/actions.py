"""Writes: an account's way out, and back as long as there is one.

A deletion is many small transactions, each of which removes some and can be repeated: whoever
else writes waits for no more than one of them.
"""

from collections.abc import Callable

import sqlalchemy as sa

from folkmoot.domain.accounts import actions as accounts
from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import find_account, get_account
from folkmoot.domain.appeals.model import State as AppealState
from folkmoot.domain.appeals.queries import list_of_decision
from folkmoot.domain.auth.actions import disable_user, send_notice
from folkmoot.domain.auth.model import OwnerNeeded, Permission, Role, User, require
from folkmoot.domain.auth.queries import get_user, list_team
from folkmoot.domain.conversations import actions as conversations
from folkmoot.domain.decisions.model import Step, SubjectKind
from folkmoot.domain.decisions.queries import list_in_force
from folkmoot.domain.importing import actions as importing
from folkmoot.domain.interactions import actions as interactions
from folkmoot.domain.leaving import queries
from folkmoot.domain.leaving.model import (
    DELETE,
    AccountToDelete,
    Deletion,
    DeletionBegun,
    NotLeaving,
    NotSuspended,
    StillContestable,
)
from folkmoot.domain.leaving.tables import deletions
from folkmoot.domain.media import actions as media
from folkmoot.domain.notifications import actions as notifications
from folkmoot.domain.polls import actions as polls
from folkmoot.domain.posts import actions as posts
from folkmoot.domain.posts.queries import list_mentioning_ids
from folkmoot.domain.relationships import actions as relationships
from folkmoot.domain.sessions.actions import sign_out_everywhere
from folkmoot.kit import clock, jobs
from folkmoot.kit.db import Moment, Tx, command, insert_all, param

_INSERT = insert_all(deletions, or_ignore=True)
# Beginning and undoing meet on the row: one of them finds it as it was, the other does not.
_BEGIN = command(
    sa.update(deletions)
    .where(
        deletions.c.account_id == param("of_id"),
        deletions.c.due_at <= param("now", Moment),
        deletions.c.begun_at.is_(None),
    )
    .values(begun_at=param("now", Moment))
)
_UNDO = command(
    sa.delete(deletions).where(
        deletions.c.account_id == param("account_id"), deletions.c.begun_at.is_(None)
    )
)
_FORGET = command(sa.delete(deletions).where(deletions.c.account_id == param("account_id")))


def ask_deletion(tx: Tx, user: User, *, days: int | None = None) -> Deletion:
    """Begins the way out: from this moment nobody sees the account, and it is signed out
    everywhere. After `days`, by default as the settings say, it is deleted.

    OwnerNeeded for the only owner. The caller has made sure who asks. A second time changes
    nothing.
    """
    account = get_account(tx, user.account_id)
    owners = [one for one in list_team(tx) if one.role == Role.OWNER]
    if [one.account_id for one in owners] == [user.account_id]:
        raise OwnerNeeded
    grace = tx.settings.portability.deletion_days if days is None else days
    asked = Deletion(user.account_id, tx.now, tx.now + grace * clock.DAY, None)
    if not tx.insert(_INSERT, asked):
        return queries.find_deletion(tx, user.account_id) or asked
    accounts.hide_account(tx, account.id, at=asked.asked_at)
    sign_out_everywhere(tx, account.id)
    jobs.enqueue(tx, DELETE, AccountToDelete(account.id), at=asked.due_at)
    if grace:
        send_notice(tx, user, "leaving_asked", day=clock.iso_day(asked.due_at))
    return asked


def delete_suspended(tx: Tx, by_id: AccountId, account_id: AccountId) -> None:
    """Has a suspended account deleted at once whose suspension can no longer be contested.
    PermissionMissing, NotSuspended, StillContestable.
    """
    require(get_user(tx, by_id), Permission.MANAGE_ACCOUNTS)
    in_force = list_in_force(tx, SubjectKind.ACCOUNT, account_id)
    suspensions = [one for one in in_force if one.step == Step.SUSPEND]
    if not suspensions:
        raise NotSuspended
    until = max(one.contestable_until() for one in suspensions)
    if tx.now <= until:
        raise StillContestable(until=clock.spoken(until))
    contested = [each for one in suspensions for each in list_of_decision(tx, one.id)]
    if waiting := [each.due_at for each in contested if each.state == AppealState.OPEN]:
        raise StillContestable(until=clock.spoken(max(waiting)))
    ask_deletion(tx, get_user(tx, account_id), days=0)


def undo_deletion(tx: Tx, account_id: AccountId) -> None:
    """Keeps an account that was on its way out, as it was; NotLeaving, or DeletionBegun when it
    is too late.
    """
    asked = queries.find_deletion(tx, account_id)
    if asked is None:
        raise NotLeaving
    if not tx.run(_UNDO, account_id=account_id):
        raise DeletionBegun
    accounts.show_account_again(tx, account_id, hidden_at=asked.asked_at)
    send_notice(tx, get_user(tx, account_id), "leaving_kept")


def begin_deletion(tx: Tx, account_id: AccountId) -> bool:
    """Closes the way back once the time has come, and keeps the name from others; whether there
    is something to delete.
    """
    if tx.run(_BEGIN, of_id=account_id, now=tx.now):
        disable_user(tx, get_user(tx, account_id))
        accounts.keep_name(tx, get_account(tx, account_id).username)
        return True
    asked = queries.find_deletion(tx, account_id)
    return asked is not None and asked.begun_at is not None


_POSTS = 20
"""So many posts go in one transaction: each takes about a millisecond."""


def _posts(tx: Tx, account_id: AccountId) -> bool:
    return posts.remove_posts_of(tx, account_id, limit=_POSTS)


def _mentions(tx: Tx, account_id: AccountId) -> bool:
    ids = list_mentioning_ids(tx, account_id, limit=_POSTS)
    conversations.forget_participant_of(tx, ids, account_id)
    return posts.forget_mentions_of(tx, account_id, limit=_POSTS)


STEPS: tuple[Callable[[Tx, AccountId], bool], ...] = (
    _posts,
    _mentions,
    posts.forget_answers_to,
    notifications.forget_some,
    conversations.forget_some,
    interactions.forget_some,
    polls.forget_some_votes,
    media.delete_some_media,
    relationships.forget_some,
    importing.forget_some,
)
"""What there may be very much of. Each removes some and tells whether any may be left; what the
rooms hold beside is little, and goes with the account."""


def continue_deletion(tx: Tx, account_id: AccountId) -> bool:
    """Removes some more of an account that goes, at last the account; whether to go on."""
    if find_account(tx, account_id) is None:
        return False
    if any(step(tx, account_id) for step in STEPS):
        return True
    send_notice(tx, get_user(tx, account_id), "leaving_done")
    accounts.remove_account(tx, account_id)
    return False


def forget_account(tx: Tx, account_id: AccountId) -> None:
    """Forgets what this room holds of an account that is gone."""
    tx.run(_FORGET, account_id=account_id)


def resume_overdue(tx: Tx) -> None:
    """Begins anew, a day late, what no job took to its end."""
    for account_id in queries.list_overdue(tx, before=tx.now - clock.DAY):
        key = f"{DELETE}:{account_id}"
        jobs.enqueue(tx, DELETE, AccountToDelete(account_id), unique_key=key)
