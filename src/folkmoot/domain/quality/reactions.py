"""Which closed cases are drawn, and what is forgotten when posts and accounts go."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.posts.events import PostDeleted
from folkmoot.domain.quality import actions
from folkmoot.domain.review.events import CaseClosed
from folkmoot.kit.db import Tx


def draw(tx: Tx, fact: CaseClosed) -> None:
    actions.draw(tx, fact.case, fact.decision)


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    actions.forget_post(tx, fact.post.id)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
