"""What stands at an address of this server: an account, or a post of one."""

from urllib.parse import urlsplit

import msgspec

from folkmoot.domain.accounts.model import Account, AccountNotFound
from folkmoot.domain.accounts.queries import find_account_by_address, get_account
from folkmoot.domain.posts.model import Post
from folkmoot.domain.posts.queries import get_visible_post
from folkmoot.kit.db import Tx
from folkmoot.kit.ids import parse_id


class Found(msgspec.Struct, frozen=True):
    """An account, and which post of it where the address is that of a post."""

    account: Account
    post: Post | None = None


def find_at(tx: Tx, text: str, *, base_url: str, viewer_id: int) -> Found:
    """The account or post at an address or handle. A boost stands for nothing that its author
    wrote: what it passes on is meant. AccountNotFound, PostNotFound for what the viewer (0: a
    visitor) cannot see.
    """
    path = text.removeprefix(base_url)
    if path == text and "://" in text:
        raise AccountNotFound
    parts = urlsplit(path).path.strip("/").split("/")
    if parts[0] == "users":  # as other servers name the same
        parts = [part for part in parts[1:] if part != "statuses"]
    if len(parts) > 1 and (post_id := parse_id(parts[1])):
        post = get_visible_post(tx, post_id, viewer_id=viewer_id)
        if post.boost_of_id is not None:
            post = get_visible_post(tx, post.boost_of_id, viewer_id=viewer_id)
        return Found(get_account(tx, post.author_id), post)
    account = find_account_by_address(tx, parts[0]) if parts else None
    if account is None or account.suspended_at is not None:
        raise AccountNotFound
    return Found(account)
