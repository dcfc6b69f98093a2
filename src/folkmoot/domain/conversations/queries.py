"""Reads of conversations."""

import sqlalchemy as sa

from folkmoot.domain.conversations.model import Conversation, ConversationNotFound
from folkmoot.domain.conversations.tables import conversation_posts, conversations
from folkmoot.domain.posts.model import PostId
from folkmoot.kit.db import Id, Page, Tx, paged, param, rows, values, within

_c = conversations.c
_PAGE = paged(
    sa.select(conversations).where(_c.account_id == param("account_id", Id)),
    _c.last_post_id,
    Conversation,
)
_ONE = rows(
    sa.select(conversations).where(_c.id == param("id"), _c.account_id == param("account_id")),
    Conversation,
)
_KEYED = rows(
    sa.select(conversations).where(
        _c.account_id == param("account_id"),
        _c.thread_id == param("thread_id"),
        _c.participants == param("participants"),
    ),
    Conversation,
)
_HOLDING = rows(
    sa.select(conversations)
    .select_from(
        conversation_posts.join(conversations, _c.id == conversation_posts.c.conversation_id)
    )
    .where(conversation_posts.c.post_id == param("post_id")),
    Conversation,
)
_HOLDING_SOME = rows(
    sa.select(conversations)
    .distinct()
    .select_from(
        conversation_posts.join(conversations, _c.id == conversation_posts.c.conversation_id)
    )
    .where(within(conversation_posts.c.post_id, "post_ids")),
    Conversation,
)
_of_member = sa.select(conversations).where(_c.account_id == param("account_id"))
_OF_MEMBER = rows(_of_member, Conversation)
_SOME_OF_MEMBER = rows(_of_member.limit(param("limit", sa.Integer())), Conversation)
_LAST_POST = values(
    sa.select(sa.func.max(conversation_posts.c.post_id)).where(
        conversation_posts.c.conversation_id == param("id")
    ),
    PostId,
)


def list_conversations(tx: Tx, account_id: int, page: Page) -> list[Conversation]:
    """A page of a member's conversations by their last post; bounds are ids of last posts."""
    return tx.page(_PAGE, page, account_id=account_id)


def get_conversation(tx: Tx, account_id: int, conversation_id: int) -> Conversation:
    """One of a member's conversations; ConversationNotFound otherwise."""
    found = tx.first(_ONE, id=conversation_id, account_id=account_id)
    if found is None:
        raise ConversationNotFound
    return found


def find_conversation(
    tx: Tx, account_id: int, thread_id: PostId, participants: str
) -> Conversation | None:
    """A member's conversation of a thread with just these participants."""
    return tx.first(_KEYED, account_id=account_id, thread_id=thread_id, participants=participants)


def list_holding(tx: Tx, post_id: PostId) -> list[Conversation]:
    """Every member's conversation that a post is in."""
    return tx.all(_HOLDING, post_id=post_id)


def list_holding_some(tx: Tx, post_ids: list[PostId]) -> list[Conversation]:
    """Every member's conversations that any of these posts is in."""
    return tx.all(_HOLDING_SOME, post_ids=post_ids) if post_ids else []


def list_some_of(tx: Tx, account_id: int, *, limit: int) -> list[Conversation]:
    """Some of a member's conversations."""
    return tx.all(_SOME_OF_MEMBER, account_id=account_id, limit=limit)


def list_all_of(tx: Tx, account_id: int) -> list[Conversation]:
    """All of a member's conversations."""
    return tx.all(_OF_MEMBER, account_id=account_id)


def find_last_post(tx: Tx, conversation_id: int) -> PostId | None:
    """The last post of a conversation that is still there."""
    return tx.first(_LAST_POST, id=conversation_id)
