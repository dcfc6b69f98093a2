"""What conversations do when posts come and go. Whom a post mentions receives it through the
notifications room, which knows whether the mention reaches them."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.boundaries.events import AccountBlocked, AccountMuted
from folkmoot.domain.conversations import actions
from folkmoot.domain.posts.events import PostDeleted, PostPublished
from folkmoot.domain.posts.model import Visibility
from folkmoot.kit.db import Tx


def keep_sent_post(tx: Tx, fact: PostPublished) -> None:
    if fact.post.meant_for == Visibility.DIRECT:
        actions.keep_sent_post(tx, fact.post)


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    if fact.post.meant_for == Visibility.DIRECT:
        actions.forget_post(tx, fact.post.id)


def forget_blocked(tx: Tx, fact: AccountBlocked) -> None:
    actions.forget_participant(tx, fact.account_id, fact.target_id)


def forget_muted(tx: Tx, fact: AccountMuted) -> None:
    if fact.hide_notifications:
        actions.forget_participant(tx, fact.account_id, fact.target_id)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    """Posts of the account go one by one; what it kept itself goes here."""
    while actions.forget_some(tx, fact.account_id):
        pass
