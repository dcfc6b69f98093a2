"""Writes of edits."""

import msgspec

from folkmoot.domain.accounts.model import Account
from folkmoot.domain.media import actions as media_actions
from folkmoot.domain.media.queries import list_attachments
from folkmoot.domain.polls import actions as polls_actions
from folkmoot.domain.polls.queries import get_poll
from folkmoot.domain.posts import actions as posts_actions
from folkmoot.domain.posts import queries as posts_queries
from folkmoot.domain.posts.model import Post, PostNotFound, check_text, quote_policy_of
from folkmoot.domain.revisions.model import Revision, ShownMedia, Version
from folkmoot.domain.revisions.tables import post_edits
from folkmoot.kit.db import Tx, insert_all
from folkmoot.kit.ids import new_id
from folkmoot.kit.text import normalise_language

_INSERT = insert_all(post_edits)


def edit_post(tx: Tx, author: Account, post_id: int, *, revision: Revision) -> Post:
    """Makes one's own post what the revision says, and keeps what it was.

    A revision that changes nothing a reader sees leaves no version. Refuses what `publish_post`
    refuses of a draft.
    """
    before = posts_queries.get_own_post(tx, post_id, author_id=author.id)
    if before.boost_of_id is not None:
        raise PostNotFound
    version = _version_of(tx, before)
    post = _reword(tx, before, revision)
    looks_new = post != before
    looks_new |= _change_media(tx, author, post, revision)
    looks_new |= _change_poll(tx, author, post, revision)
    if not looks_new:
        return _change_policy(tx, author, post, revision)
    if revision.quote_policy is not None:
        post.quote_policy = quote_policy_of(revision.quote_policy, post.visibility)
    tx.insert(_INSERT, version)
    post.edited_at = tx.now
    return posts_actions.rewrite_post(tx, author, post, before=before)


def _version_of(tx: Tx, post: Post) -> Version:
    shown = [
        ShownMedia(a.id, a.description) for a in list_attachments(tx, [post.id]).get(post.id, [])
    ]
    return Version(
        id=new_id(),
        post_id=post.id,
        html=post.html,
        spoiler_text=post.spoiler_text,
        sensitive=post.sensitive,
        media=msgspec.json.encode(shown).decode(),
        poll=get_poll(tx, post.poll_id).options if post.poll_id else "",
        created_at=post.edited_at or post.created_at,
    )


def _reword(tx: Tx, before: Post, revision: Revision) -> Post:
    more = bool(revision.media_ids) or before.quote_of_id is not None
    text = check_text(tx.settings.limits, revision.text, revision.spoiler_text, other=more)
    return msgspec.structs.replace(
        before,
        text=text.text,
        spoiler_text=text.spoiler_text,
        sensitive=revision.sensitive or bool(text.spoiler_text),
        language=normalise_language(revision.language) or before.language,
    )


def _change_media(tx: Tx, author: Account, post: Post, revision: Revision) -> bool:
    """Gives the post the revision's media; whether they or their descriptions are others."""
    before = [a.id for a in list_attachments(tx, [post.id]).get(post.id, [])]
    described = media_actions.describe_media(tx, author.id, revision.media_changes)
    if before == list(revision.media_ids):
        return described
    attached = media_actions.attach_media(tx, author.id, revision.media_ids, post_id=post.id)
    post.media_count = len(attached)
    return True


def _change_poll(tx: Tx, author: Account, post: Post, revision: Revision) -> bool:
    """Gives the post the revision's poll, or none; whether it asks something else."""
    if revision.keeps_poll:
        return False
    if revision.poll is None:
        if post.poll_id is None:
            return False
        polls_actions.forget_poll(tx, post.poll_id)
        post.poll_id = None
        return True
    if post.poll_id is not None:
        return polls_actions.change_poll(tx, post.poll_id, revision.poll)
    made = polls_actions.create_poll(tx, author.id, post_id=post.id, draft=revision.poll)
    post.poll_id = made.id
    return True


def _change_policy(tx: Tx, author: Account, post: Post, revision: Revision) -> Post:
    if revision.quote_policy is None:
        return post
    return posts_actions.set_quote_policy(tx, author, post.id, revision.quote_policy)
