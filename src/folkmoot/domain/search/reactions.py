"""Keeps the index in step with the posts, in the same transaction."""

from folkmoot.domain.accounts.events import ProfileChanged
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.posts.events import (
    PostDeleted,
    PostEdited,
    PostImported,
    PostPublished,
    PostRestrained,
    PostTouched,
)
from folkmoot.domain.search import actions
from folkmoot.kit import jobs
from folkmoot.kit.db import Tx


def index_post(tx: Tx, fact: PostPublished) -> None:
    actions.index_post(tx, fact.post, is_open=fact.author.indexable)


def reindex_post(tx: Tx, fact: PostEdited | PostImported) -> None:
    """What is imported may have been restrained, and put into the index for it, before."""
    actions.reindex_post(tx, fact.post, is_open=fact.author.indexable)


def reindex_restrained(tx: Tx, fact: PostRestrained) -> None:
    author = get_account(tx, fact.post.author_id)
    actions.reindex_post(tx, fact.post, is_open=author.indexable)


def index_card(tx: Tx, fact: PostTouched) -> None:
    """A card arrives after its post; other changes beside a post's text are not looked for."""
    if fact.post.card_id is not None and fact.post.boost_of_id is None:
        author = get_account(tx, fact.post.author_id)
        actions.reindex_post(tx, fact.post, is_open=author.indexable)


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    if fact.post.boost_of_id is None:
        actions.forget_post(tx, fact.post.id)


def follow_choice(tx: Tx, fact: ProfileChanged) -> None:
    """Has an author's posts marked anew when they chose otherwise about being found."""
    if actions.is_out_of_step(tx, fact.account_id):
        payload = actions.AuthorChose(fact.account_id)
        jobs.enqueue(tx, "search.author", payload, unique_key=f"search.author:{fact.account_id}")
