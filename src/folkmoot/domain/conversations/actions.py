"""Writes of conversations."""

from collections.abc import Iterable

import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.conversations import queries
from folkmoot.domain.conversations.model import Conversation, encode_participants, participants_of
from folkmoot.domain.conversations.tables import conversation_posts, conversations
from folkmoot.domain.posts.model import Post, PostId, Visibility
from folkmoot.kit.db import Tx, command, insert_all, param
from folkmoot.kit.ids import new_id

_c = conversations.c
_INSERT = insert_all(conversations, or_ignore=True)
_INSERT_POST = insert_all(conversation_posts, or_ignore=True)
_SAVE = command(
    sa.update(conversations)
    .where(_c.id == param("conversation_id"))
    .values(last_post_id=param("post_id"), unread=param("is_unread"))
)
_RENAME = command(
    sa.update(conversations)
    .where(_c.id == param("conversation_id"))
    .values(participants=param("participants"))
)
_DELETE = command(sa.delete(conversations).where(_c.id == param("id")))
_DELETE_POSTS = command(
    sa.delete(conversation_posts).where(conversation_posts.c.conversation_id == param("id"))
)
_DELETE_POST = command(
    sa.delete(conversation_posts).where(conversation_posts.c.post_id == param("post_id"))
)


def receive_post(tx: Tx, recipients: Iterable[AccountId], post: Post) -> None:
    """Puts a direct post into the conversations of whom it reached; others are not direct."""
    if post.visibility != Visibility.DIRECT:
        return
    for account_id in recipients:
        _add(tx, account_id, post, unread=True)


def keep_sent_post(tx: Tx, post: Post) -> None:
    """Puts a direct post into its author's own conversations."""
    _add(tx, post.author_id, post, unread=False)


def _add(tx: Tx, account_id: AccountId, post: Post, *, unread: bool) -> None:
    participants = participants_of(post, account_id)
    made = Conversation(
        id=new_id(),
        account_id=account_id,
        thread_id=post.thread_id,
        participants=participants,
        last_post_id=post.id,
        unread=unread,
    )
    if not tx.insert(_INSERT, made):
        known = queries.find_conversation(tx, account_id, post.thread_id, participants)
        if known is not None:
            made = known
            last = max(known.last_post_id, post.id)
            _save(tx, known, last, unread=unread)
    tx.run(_INSERT_POST, conversation_id=made.id, post_id=post.id)
    tx.signal("conversation", account_id, str(made.id))


def _save(tx: Tx, conversation: Conversation, post_id: PostId, *, unread: bool) -> None:
    tx.run(_SAVE, conversation_id=conversation.id, post_id=post_id, is_unread=unread)


def mark_read(tx: Tx, account_id: int, conversation_id: int) -> Conversation:
    """Marks a conversation as read; ConversationNotFound when it is not the member's."""
    conversation = queries.get_conversation(tx, account_id, conversation_id)
    _save(tx, conversation, conversation.last_post_id, unread=False)
    conversation.unread = False
    return conversation


def remove_conversation(tx: Tx, account_id: int, conversation_id: int) -> None:
    """Takes a conversation off a member's list; a new post in it brings it back."""
    _remove(tx, queries.get_conversation(tx, account_id, conversation_id))


def _remove(tx: Tx, conversation: Conversation) -> None:
    tx.run(_DELETE_POSTS, id=conversation.id)
    tx.run(_DELETE, id=conversation.id)


def forget_post(tx: Tx, post_id: PostId) -> None:
    """Takes a deleted post out of all conversations; those left empty go."""
    holding = queries.list_holding(tx, post_id)
    if not holding:
        return
    tx.run(_DELETE_POST, post_id=post_id)
    for conversation in holding:
        last = queries.find_last_post(tx, conversation.id)
        if last is None:
            _remove(tx, conversation)
        elif last != conversation.last_post_id:
            _save(tx, conversation, last, unread=conversation.unread)


def forget_participant(tx: Tx, account_id: int, other_id: int) -> None:
    """Removes a member's conversations in which an account takes part."""
    for conversation in queries.list_all_of(tx, account_id):
        if other_id in conversation.participant_ids:
            _remove(tx, conversation)


def forget_some(tx: Tx, account_id: int, *, limit: int = 100) -> bool:
    """Removes some of the conversations of a member who goes; whether any may be left."""
    found = queries.list_some_of(tx, account_id, limit=limit)
    for conversation in found:
        _remove(tx, conversation)
    return bool(found)


def forget_participant_of(tx: Tx, post_ids: list[PostId], account_id: int) -> None:
    """Takes an account that goes out of the conversations that these posts are in."""
    for found in queries.list_holding_some(tx, post_ids):
        left = [i for i in found.participant_ids if i != account_id]
        if len(left) == len(found.participant_ids):
            continue
        participants = encode_participants(left)
        if queries.find_conversation(tx, found.account_id, found.thread_id, participants):
            _remove(tx, found)
        else:
            tx.run(_RENAME, conversation_id=found.id, participants=participants)
