"""Conversations as values."""

from collections.abc import Iterable

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.posts.model import Post, PostId, decode_mentions
from folkmoot.kit.errors import NotFound


class ConversationNotFound(NotFound):
    """Record not found"""


class Conversation(msgspec.Struct):
    """A row of conversations, in the table's order: one member's view of a direct thread.

    `participants` lists the ids of the others, in ascending order; none for notes to oneself.
    """

    id: int
    account_id: AccountId
    thread_id: PostId
    participants: str
    last_post_id: PostId
    unread: bool

    @property
    def participant_ids(self) -> list[AccountId]:
        return [AccountId(int(text)) for text in self.participants.split()]


def participants_of(post: Post, account_id: int) -> str:
    """Who takes part in a direct post beside one account."""
    everyone = {post.author_id, *(m.id for m in decode_mentions(post))}
    return encode_participants(everyone - {account_id})


def encode_participants(ids: Iterable[int]) -> str:
    """Who takes part, as the column holds it."""
    return " ".join(str(i) for i in sorted(ids))
