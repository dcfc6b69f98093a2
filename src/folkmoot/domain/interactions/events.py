"""Facts about what members do with posts."""

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.posts.model import Post


class PostFavourited(msgspec.Struct, frozen=True):
    """A member marked a post as a favourite."""

    account_id: AccountId
    post: Post


class PostUnfavourited(msgspec.Struct, frozen=True):
    """A member took that back."""

    account_id: AccountId
    post: Post
