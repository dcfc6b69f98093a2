"""What posts do when a card is ready and when an account goes."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.cards.events import CardChanged
from folkmoot.domain.posts import actions
from folkmoot.domain.posts.events import PostTouched
from folkmoot.domain.posts.model import PostId
from folkmoot.domain.posts.queries import list_posts
from folkmoot.kit import clock, idempotency
from folkmoot.kit.db import Tx
from folkmoot.kit.ids import first_at

# Only who still has a post before them is told that its card came.
_LATELY = clock.HOUR
_MOST_TOLD = 50


def show_card(tx: Tx, fact: CardChanged) -> None:
    ids = [PostId(i) for i in fact.post_ids]
    actions.set_card(tx, ids, fact.card_id)
    lately = [i for i in ids if i >= first_at(tx.now - _LATELY)][-_MOST_TOLD:]
    for post in list_posts(tx, lately).values():
        tx.announce(PostTouched(post))


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    while actions.remove_posts_of(tx, fact.account_id):
        pass
    while actions.forget_mentions_of(tx, fact.account_id):
        pass
    while actions.forget_answers_to(tx, fact.account_id):
        pass
    idempotency.forget_owner(tx, fact.account_id)
