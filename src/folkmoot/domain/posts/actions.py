"""Writes of posts: publish, rewrite, boost, delete; quotes; counts."""

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts import actions as accounts_actions
from folkmoot.domain.accounts.model import Account, check_pace, check_posting
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.cards import actions as cards_actions
from folkmoot.domain.media import actions as media_actions
from folkmoot.domain.policy.queries import check_posting as check_acceptance
from folkmoot.domain.polls import actions as polls_actions
from folkmoot.domain.polls.model import check_draft as check_poll
from folkmoot.domain.posts import queries
from folkmoot.domain.posts.events import (
    HeldPostEdited,
    PostBoosted,
    PostDeleted,
    PostEdited,
    PostImported,
    PostPublished,
    PostQuoted,
    PostRestrained,
    PostTouched,
    PostWritten,
)
from folkmoot.domain.posts.model import (
    NOBODY,
    Draft,
    Manner,
    Mentioned,
    NotYourPost,
    ParentNotFound,
    PastPost,
    Post,
    PostId,
    PostInvalid,
    PostNotFound,
    QuotedNotFound,
    QuotedNotMentioned,
    QuotePolicy,
    QuoteRefused,
    QuoteState,
    Restraint,
    Visibility,
    Written,
    answered_account,
    boost_of,
    check_text,
    decode_mentions,
    decode_tags,
    new_post,
    quote_paragraph,
    quote_policy_of,
    render,
    tag_names,
)
from folkmoot.domain.posts.tables import mentions, posts
from folkmoot.domain.relationships.queries import check_contact
from folkmoot.domain.tags import actions as tags_actions
from folkmoot.kit import idempotency
from folkmoot.kit.db import Command, Tx, command, insert_all, param, within
from folkmoot.kit.ids import first_at, new_id
from folkmoot.kit.text import ParsedText, normalise_language, parse_post

_one: Any = sa.literal_column("1")
_next_rev = posts.c.rev + _one
_INSERT = insert_all(posts)
_REWRITTEN = (
    *("text", "html", "spoiler_text", "language", "sensitive", "quote_policy"),
    *("mentions", "tags", "media_count", "poll_id", "card_id", "edited_at"),
)
_REWRITE = command(
    sa.update(posts)
    .where(posts.c.id == param("post_id"))
    .values({column: param(f"new_{column}") for column in _REWRITTEN} | {"rev": _next_rev})
)
_INSERT_MENTION = insert_all(mentions, or_ignore=True)
_SILENCE_MENTIONS = command(
    sa.update(mentions).where(mentions.c.post_id == param("id")).values(silent=sa.true())
)
_MENTION_AGAIN = command(
    sa.update(mentions)
    .where(mentions.c.post_id == param("id"), within(mentions.c.account_id, "ids"))
    .values(silent=sa.false())
)
_DELETE = command(sa.delete(posts).where(posts.c.id == param("id")))
_DELETE_MENTIONS = command(sa.delete(mentions).where(mentions.c.post_id == param("id")))
_ORPHAN_REPLIES = command(
    sa.update(posts)
    .where(posts.c.in_reply_to_id == param("id"))
    .values(in_reply_to_id=sa.null(), rev=_next_rev)
)
_ANSWER_NOBODY = command(
    sa.update(posts)
    .where(within(posts.c.id, "ids"))
    .values(in_reply_to_account_id=sa.literal_column(str(NOBODY)), rev=_next_rev)
)
_EMPTY_QUOTES = command(
    sa.update(posts)
    .where(posts.c.quote_of_id == param("id"))
    .values(
        quote_of_id=sa.null(),
        html=sa.func.replace(posts.c.html, param("paragraph", sa.Text), sa.literal_column("''")),
        quote_state=sa.case(
            (posts.c.quote_state == param("accepted"), param("deleted", sa.Text)),
            else_=posts.c.quote_state,
        ),
        rev=_next_rev,
    )
)
_SET_QUOTE_STATE = command(
    sa.update(posts)
    .where(posts.c.id == param("post_id"))
    .values(quote_state=param("new_state"), rev=_next_rev)
)
_SET_QUOTE_POLICY = command(
    sa.update(posts)
    .where(posts.c.id == param("post_id"))
    .values(quote_policy=param("new_policy"), rev=_next_rev)
)
_SET_PINNED = command(
    sa.update(posts).where(posts.c.id == param("post_id")).values(pinned_at=param("new_pinned_at"))
)
_TOUCH = command(sa.update(posts).where(within(posts.c.id, "ids")).values(rev=_next_rev))
_SET_CARD = command(
    sa.update(posts)
    .where(within(posts.c.id, "ids"))
    .values(card_id=param("new_card_id"), rev=_next_rev)
)
_SHOW_CARD = command(
    sa.update(posts).where(posts.c.id == param("post_id")).values(card_id=param("new_card_id"))
)


_RESTRAINED = ("visibility", "screened", "labels", "announced")
_RESTRAIN = command(
    sa.update(posts)
    .where(posts.c.id == param("post_id"))
    .values({column: param(f"new_{column}") for column in _RESTRAINED} | {"rev": _next_rev})
)


def _counter(column: sa.Column[int]) -> Command:
    return command(
        sa.update(posts)
        .where(posts.c.id == param("id"))
        .values({column: column + param("by", sa.Integer())})
    )


_COUNT_REPLIES = _counter(posts.c.replies_count)
_COUNT_BOOSTS = _counter(posts.c.boosts_count)
_COUNT_FAVOURITES = _counter(posts.c.favourites_count)
_COUNT_QUOTES = _counter(posts.c.quotes_count)


def publish_post(
    tx: Tx, author: Account, *, draft: Draft, at: int | None = None, key: str = ""
) -> Post:
    """Publishes a draft. PostInvalid, PollInvalid or an Invalid of media says what is wrong with
    it; PostingPaused that its author may not post now; ParentNotFound and QuotedNotFound that what
    it answers or quotes is not there for its author; QuoteRefused that it may not be quoted.

    With `at`, a past moment, it is dated there (imports). A `key` used within the hour gives the
    post that it made then.
    """
    post_id = PostId(new_id(at))
    if key and (held := idempotency.claim(tx, author.id, key, post_id)) != post_id:
        return queries.get_post(tx, held)
    _check_posting(tx, author)
    text = _check_text(tx, draft)
    parent = _get_parent(tx, author, draft)
    quoted = _get_quoted(tx, author, draft)
    manner = _settle(tx, author, draft, quoted)
    mentioned = queries.list_mentioned(tx, text.parsed)
    _check_contact(tx, author, mentioned, parent, quoted)
    if manner.visibility != Visibility.DIRECT:
        check_pace(author, at or tx.now)
    if quoted:
        _check_quote(author, quoted, manner.visibility, mentioned)
    poll_id, media_count = None, 0
    if draft.media_ids:
        attached = media_actions.attach_media(
            tx, author.id, draft.media_ids, post_id=post_id, scheduled_id=draft.scheduled_id
        )
        media_count = len(attached)
    if draft.poll:
        poll_id = polls_actions.create_poll(tx, author.id, post_id=post_id, draft=draft.poll).id
    base = tx.settings.server.base_url
    post = new_post(post_id, author, text, manner, base_url=base, created_at=at or tx.now)
    post.html = render(base, text.parsed, mentioned, quoted=quoted)
    post.mentions = msgspec.json.encode(mentioned).decode()
    _tie(post, parent, quoted)
    post.app_id, post.media_count, post.poll_id = draft.app_id, media_count, poll_id
    tx.insert(_INSERT, post)
    _insert_mentions(tx, post_id, [m.id for m in mentioned])
    tx.announce(PostWritten(post, author))
    if post.announced:
        _appear(tx, post, author, text.parsed, quoted)
    return post


def _appear(tx: Tx, post: Post, author: Account, parsed: ParsedText, quoted: Post | None) -> None:
    """All by which others meet a post: its card, its tags, the counts, and that it is announced.
    Of a post that was held before, this comes when it is free.
    """
    card_id = _link_card(tx, post, parsed, quoted)
    if card_id is not None:
        post.card_id = card_id
        tx.run(_SHOW_CARD, post_id=post.id, new_card_id=card_id)
    _tag(tx, post, tag_names(parsed))
    if post.meant_for <= Visibility.FOLLOWERS:
        accounts_actions.count_post(tx, author.id, by=1, at=post.created_at)
    _count_around(tx, post, by=1)
    mentioned_ids = tuple(mentioned.id for mentioned in decode_mentions(post))
    tx.announce(PostPublished(post, author, mentioned_ids))
    if quoted and post.quote_state == QuoteState.ACCEPTED:
        tx.announce(PostQuoted(post, quoted, author))


def _count_around(tx: Tx, post: Post, *, by: int) -> None:
    """Counts a post in or out with what it answers and what it quotes."""
    if post.in_reply_to_id is not None:
        tx.run(_COUNT_REPLIES, id=post.in_reply_to_id, by=by)
    if post.quote_of_id is not None and post.quote_state == QuoteState.ACCEPTED:
        tx.run(_COUNT_QUOTES, id=post.quote_of_id, by=by)


def _tie(post: Post, parent: Post | None, quoted: Post | None) -> None:
    """Notes on a new post what it answers and quotes."""
    post.in_reply_to_account_id = answered_account(post.author_id, parent)
    if parent:
        post.in_reply_to_id, post.thread_id = parent.id, parent.thread_id
    if quoted:
        post.quote_of_id, post.quote_state = quoted.id, QuoteState.ACCEPTED


def restrain_post(tx: Tx, post: Post, restraint: Restraint, *, fresh: bool = False) -> None:
    """Puts into force what decisions do to a post, all of them together, also in `post` itself.

    A `fresh` post, of which its PostWritten tells, does not appear anywhere while it is withheld;
    it does when nothing withholds it any more.
    """
    before = msgspec.structs.replace(post)
    post.visibility = max(post.meant_for, restraint.visibility)
    post.screened = restraint.screened
    post.labels = msgspec.json.encode(restraint.labels).decode()
    post.rev += 1
    post.announced = post.visibility != Visibility.WITHHELD or (before.announced and not fresh)
    changed = {f"new_{name}": getattr(post, name) for name in _RESTRAINED}
    tx.run(_RESTRAIN, post_id=post.id, **changed)
    if fresh:
        return
    if not before.announced:
        if post.announced:
            parsed = parse_post(post.text)
            quoted = queries.list_posts(tx, [post.quote_of_id]) if post.quote_of_id else {}
            author = get_account(tx, post.author_id)
            _appear(tx, post, author, parsed, next(iter(quoted.values()), None))
        return
    if (post.visibility == Visibility.PUBLIC) != (before.visibility == Visibility.PUBLIC):
        tags_actions.untag_post(tx, post.id)
        _tag(tx, post, [(name, name) for name in decode_tags(post)])
    tx.announce(PostRestrained(post, before))


def import_post(tx: Tx, author: Account, past: PastPost) -> Post:
    """Puts what somebody wrote elsewhere on their profile, at its date: nobody is told, it comes
    into no feed and counts in no trend; whom it mentions are words. PostInvalid for a date that
    is none; an Invalid of media says why they cannot stand there.
    """
    _check_posting(tx, author)
    if not 0 < past.at <= tx.now:
        raise PostInvalid("The date of this post lies in the future, or before all posts")
    post_id = _free_id(tx, past.at, past.order)
    text = Written(past.text, past.spoiler_text, parse_post(past.text))
    policy = quote_policy_of(queries.get_preferences(tx, author.id).quote_policy, past.visibility)
    manner = Manner(past.visibility, past.sensitive, past.language, policy)
    base = tx.settings.server.base_url
    post = new_post(post_id, author, text, manner, base_url=base, created_at=past.at)
    # What may refuse comes before what writes: whoever imports many keeps what was written.
    if past.media_ids:
        media = media_actions.attach_media(tx, author.id, past.media_ids, post_id=post_id)
        post.media_count = len(media)
    others = queries.list_posts(tx, [i for i in (past.parent_id, past.quoted_id) if i])
    parent = others.get(past.parent_id) if past.parent_id else None
    quoted = others.get(past.quoted_id) if past.quoted_id else None
    _tie(post, parent, quoted)
    if quoted:
        post.html = render(base, text.parsed, (), quoted=quoted)
    if parent is None and past.answers_others:
        post.in_reply_to_account_id = NOBODY
    _count_around(tx, post, by=1)
    if past.edited_at is not None and past.at < past.edited_at <= tx.now:
        post.edited_at = past.edited_at
    if past.poll:
        poll = polls_actions.keep_past_poll(tx, author.id, post_id=post_id, past=past.poll)
        post.poll_id = poll.id
    tx.insert(_INSERT, post)
    _tag(tx, post, tag_names(text.parsed), counted=False)
    if post.meant_for <= Visibility.FOLLOWERS:
        accounts_actions.count_post(tx, author.id, by=1)
    tx.announce(PostImported(post, author))
    return post


def _free_id(tx: Tx, at: int, order: int) -> PostId:
    """An id of a past moment that no post has; those of one moment follow their order."""
    wanted = PostId(first_at(at) + order % 0xFFFF)
    while queries.list_posts(tx, [wanted]):
        wanted = PostId(wanted + 1)
    return wanted


def check_draft(tx: Tx, author: Account, draft: Draft) -> None:
    """Refuses what `publish_post` would refuse now, and writes nothing."""
    _check_posting(tx, author)
    text = _check_text(tx, draft)
    parent = _get_parent(tx, author, draft)
    quoted = _get_quoted(tx, author, draft)
    manner = _settle(tx, author, draft, quoted)
    mentioned = queries.list_mentioned(tx, text.parsed)
    _check_contact(tx, author, mentioned, parent, quoted)
    if quoted:
        _check_quote(author, quoted, manner.visibility, mentioned)
    media_actions.check_media(tx, author.id, draft.media_ids, scheduled_id=draft.scheduled_id)
    if draft.poll:
        check_poll(draft.poll, tx.settings.limits)


def rewrite_post(tx: Tx, author: Account, post: Post, *, before: Post) -> Post:
    """Makes `before` into `post`, whose text, warning, language and so on are new; its mentions,
    tags, card and HTML follow from the text.
    """
    _check_posting(tx, author)
    base = tx.settings.server.base_url
    parsed = parse_post(post.text)
    mentioned = queries.list_mentioned(tx, parsed)
    _check_contact(tx, author, mentioned)
    quoted = queries.list_posts(tx, [post.quote_of_id]) if post.quote_of_id else {}
    shown = next(iter(quoted.values()), None)
    tags = tag_names(parsed)
    if post.text != before.text:
        post.card_id = _link_card(tx, post, parsed, shown)
    post.html = render(base, parsed, mentioned, quoted=shown)
    post.mentions = msgspec.json.encode(mentioned).decode()
    post.tags = msgspec.json.encode([name for name, _ in tags]).decode()
    post.rev = before.rev + 1
    changed = {f"new_{name}": getattr(post, name) for name in _REWRITTEN}
    tx.run(_REWRITE, post_id=post.id, **changed)
    ids = tuple(m.id for m in mentioned)
    # Whom an edit no longer mentions can still read what was theirs to read.
    tx.run(_SILENCE_MENTIONS, id=post.id)
    tx.run(_MENTION_AGAIN, id=post.id, ids=list(ids))
    _insert_mentions(tx, post.id, ids)
    if not post.announced:
        tx.announce(HeldPostEdited(post, author))
        return post
    tags_actions.untag_post(tx, post.id)
    _tag(tx, post, tags)
    known = {m.id for m in decode_mentions(before)}
    tx.announce(PostEdited(post, author, ids, tuple(i for i in ids if i not in known)))
    return post


def set_quote_policy(tx: Tx, author: Account, post_id: int, policy: QuotePolicy) -> Post:
    """Who may quote one's own post from now on; quotes that exist stay."""
    post = queries.get_own_post(tx, post_id, author_id=author.id)
    settled = quote_policy_of(policy, post.visibility)
    if settled != post.quote_policy:
        tx.run(_SET_QUOTE_POLICY, post_id=post.id, new_policy=settled)
        post = msgspec.structs.replace(post, quote_policy=settled, rev=post.rev + 1)
        tx.announce(PostTouched(post))
    return post


def revoke_quote(tx: Tx, author: Account, post_id: int, *, quote_id: int) -> Post:
    """Takes one's post out of another that quotes it; returns the quoting post."""
    post = queries.get_visible_post(tx, post_id, viewer_id=author.id)
    quote = queries.get_post(tx, quote_id)
    if quote.quote_of_id != post.id:
        raise PostNotFound
    if post.author_id != author.id:
        raise NotYourPost
    if quote.quote_state == QuoteState.ACCEPTED:
        tx.run(_SET_QUOTE_STATE, post_id=quote.id, new_state=QuoteState.REVOKED)
        if quote.announced:
            tx.run(_COUNT_QUOTES, id=post.id, by=-1)
        quote = msgspec.structs.replace(quote, quote_state=QuoteState.REVOKED, rev=quote.rev + 1)
        tx.announce(PostTouched(quote))
    return quote


def boost_post(
    tx: Tx, booster: Account, post_id: int, *, visibility: Visibility | None = None
) -> Post:
    """Boosts a post, or returns the boost that is already there.

    Only public and unlisted posts, and one's own followers-only ones, may be boosted.
    """
    _check_posting(tx, booster)
    original = queries.get_original(tx, post_id, viewer_id=booster.id)
    check_contact(tx, booster, [original.author_id])
    own = original.author_id == booster.id
    if original.visibility > (Visibility.FOLLOWERS if own else Visibility.UNLISTED):
        raise NotYourPost
    existing = queries.find_boost(tx, booster.id, original.id)
    if existing:
        return existing
    check_pace(booster, tx.now)
    if original.visibility > Visibility.UNLISTED:
        visibility = Visibility(original.visibility)
    elif visibility is None:
        visibility = Visibility(queries.get_preferences(tx, booster.id).visibility)
    boost = boost_of(
        original,
        booster,
        boost_id=PostId(new_id()),
        visibility=min(visibility, Visibility.FOLLOWERS),
        base_url=tx.settings.server.base_url,
        now=tx.now,
    )
    tx.insert(_INSERT, boost)
    tx.run(_COUNT_BOOSTS, id=original.id, by=1)
    accounts_actions.count_post(tx, booster.id, by=1, at=tx.now)
    tx.announce(PostBoosted(boost, original, booster))
    return boost


def unboost_post(tx: Tx, booster: Account, post_id: int) -> Post:
    """Takes a boost back, if there is one; returns the boosted post."""
    original = queries.get_original(tx, post_id, viewer_id=booster.id)
    boost = queries.find_boost(tx, booster.id, original.id)
    if boost:
        remove_post(tx, boost)
    return original


def delete_post(tx: Tx, author: Account, post_id: int, *, with_media: bool = False) -> Post:
    """Deletes one's own post or boost and everything that hangs on it; returns what it was.

    Unless `with_media`, its attachments can be used again for a while, to write it anew.
    """
    post = queries.get_own_post(tx, post_id, author_id=author.id)
    remove_post(tx, post, keep_media=not with_media)
    return post


def remove_post(tx: Tx, post: Post, *, keep_media: bool = False) -> None:
    """Removes a post, whoever asks, with its boosts; other rooms react to PostDeleted.

    What answered it answers nobody from then on, what quoted it shows that it is gone.
    """
    tx.announce(PostDeleted(post))
    if post.boost_of_id is not None:
        tx.run(_COUNT_BOOSTS, id=post.boost_of_id, by=-1)
    else:
        _remove_from_around(tx, post)
        _remove_what_hangs(tx, post, keep_media=keep_media)
    if post.announced and post.meant_for <= Visibility.FOLLOWERS:
        accounts_actions.count_post(tx, post.author_id, by=-1)
    tx.run(_DELETE, id=post.id)


def remove_posts_of(tx: Tx, account_id: int, *, limit: int = 200) -> bool:
    """Removes some of an account's posts; whether any may be left. To be called until none are."""
    found = queries.list_some_of(tx, account_id, limit=limit)
    for post in found:
        boosts = queries.list_some_boosts(tx, post.id, limit=limit) if post.boosts_count else []
        for boost in boosts:
            remove_post(tx, boost)
        if len(boosts) == limit:
            return True
        remove_post(tx, post)
    return len(found) == limit


def forget_answers_to(tx: Tx, account_id: int, *, limit: int = 200) -> bool:
    """Lets some answers to an account that goes answer nobody by name; whether any are left.
    They stay answers, and so off public pages."""
    ids = queries.list_answer_ids(tx, account_id, limit=limit)
    tx.run(_ANSWER_NOBODY, ids=list(ids))
    return len(ids) == limit


def forget_mentions_of(tx: Tx, account_id: int, *, limit: int = 200) -> bool:
    """Takes an account that goes out of the mentions of some posts; whether any are left."""
    base = tx.settings.server.base_url
    ids = queries.list_mentioning_ids(tx, account_id, limit=limit)
    for post in queries.list_posts(tx, ids).values():
        left = [m for m in decode_mentions(post) if m.id != account_id]
        post.mentions = msgspec.json.encode(left).decode()
        post.html = render(base, parse_post(post.text), left)
        changed = {f"new_{name}": getattr(post, name) for name in _REWRITTEN}
        tx.run(_REWRITE, post_id=post.id, **changed)
    tx.many(_DELETE_MENTION, [{"id": i, "account_id": account_id} for i in ids])
    return len(ids) == limit


_DELETE_MENTION = command(
    sa.delete(mentions).where(
        mentions.c.post_id == param("id"), mentions.c.account_id == param("account_id")
    )
)


def _remove_from_around(tx: Tx, post: Post) -> None:
    for boost in queries.list_boosts(tx, post.id):
        remove_post(tx, boost)
    if post.announced:
        _count_around(tx, post, by=-1)
    tx.run(_ORPHAN_REPLIES, id=post.id)
    tx.run(
        _EMPTY_QUOTES,
        id=post.id,
        accepted=QuoteState.ACCEPTED,
        deleted=QuoteState.DELETED,
        paragraph=quote_paragraph(post),
    )


def _remove_what_hangs(tx: Tx, post: Post, *, keep_media: bool) -> None:
    if post.media_count or post.edited_at:
        if keep_media:
            media_actions.release_media(tx, post.id)
        else:
            media_actions.delete_media_of(tx, post.id)
    if post.poll_id is not None:
        polls_actions.forget_poll(tx, post.poll_id)
    cards_actions.unlink_post(tx, post.id)
    tags_actions.untag_post(tx, post.id)
    tx.run(_DELETE_MENTIONS, id=post.id)
    idempotency.forget(tx, post.id)


def count_favourite(tx: Tx, post_id: PostId, *, by: int) -> None:
    """Counts a favourite in or out."""
    tx.run(_COUNT_FAVOURITES, id=post_id, by=by)


def set_pinned(tx: Tx, post_id: PostId, at: int | None) -> None:
    """Notes since when a post stands on top of its author's profile; None: no longer."""
    tx.run(_SET_PINNED, post_id=post_id, new_pinned_at=at)


def set_card(tx: Tx, ids: Sequence[PostId], card_id: int | None) -> None:
    """Shows a card with posts, or no more."""
    tx.run(_SET_CARD, ids=list(ids), new_card_id=card_id)


def touch_post(tx: Tx, *ids: PostId) -> None:
    """Raises posts' revisions: something shown with them has changed."""
    tx.run(_TOUCH, ids=list(ids))


def _check_text(tx: Tx, draft: Draft) -> Written:
    more = bool(draft.media_ids) or draft.quote_of_id is not None
    return check_text(tx.settings.limits, draft.text, draft.spoiler_text, other=more)


def _get_parent(tx: Tx, author: Account, draft: Draft) -> Post | None:
    if draft.in_reply_to_id is None:
        return None
    try:
        return queries.get_original(tx, draft.in_reply_to_id, viewer_id=author.id)
    except PostNotFound as error:
        raise ParentNotFound from error


def _get_quoted(tx: Tx, author: Account, draft: Draft) -> Post | None:
    if draft.quote_of_id is None:
        return None
    try:
        quoted = queries.get_original(tx, draft.quote_of_id, viewer_id=author.id)
    except PostNotFound as error:
        raise QuotedNotFound from error
    if not queries.may_quote(tx, quoted, author.id):
        raise QuoteRefused
    return quoted


def _check_posting(tx: Tx, author: Account) -> None:
    check_posting(author, tx.now)
    check_acceptance(tx, author)


def _check_contact(
    tx: Tx, author: Account, mentioned: list[Mentioned], *others: Post | None
) -> None:
    addressed = [other.author_id for other in others if other]
    check_contact(tx, author, [*(m.id for m in mentioned), *addressed])


def _check_quote(
    author: Account, quoted: Post, visibility: int, mentioned: list[Mentioned]
) -> None:
    if visibility == Visibility.DIRECT and quoted.author_id not in {
        author.id,
        *(m.id for m in mentioned),
    }:
        raise QuotedNotMentioned


def _settle(tx: Tx, author: Account, draft: Draft, quoted: Post | None) -> Manner:
    """What the draft does not say, from its author's preferences."""
    likes = queries.get_preferences(tx, author.id)
    visibility = likes.visibility if draft.visibility is None else draft.visibility
    if quoted and quoted.visibility == Visibility.FOLLOWERS:
        visibility = max(visibility, Visibility.FOLLOWERS)
    language = normalise_language(draft.language) or normalise_language(likes.language)
    return Manner(
        visibility=Visibility(visibility),
        sensitive=likes.sensitive if draft.sensitive is None else draft.sensitive,
        language=language or normalise_language(likes.locale) or "",
        quote_policy=quote_policy_of(draft.quote_policy or likes.quote_policy, visibility),
    )


def _link_card(tx: Tx, post: Post, parsed: ParsedText, quoted: Post | None) -> int | None:
    """Asks for the card of the first link that leads elsewhere; it is there at once if known."""
    own = tx.settings.server.base_url + "/"
    shown = quoted.url if quoted else ""
    links = [link.url for link in parsed.links if link.url != shown]
    wanted = next((url for url in links if not f"{url}/".startswith(own)), None)
    if wanted is None or post.visibility > Visibility.UNLISTED:
        if post.rev > 1 or post.card_id is not None:
            cards_actions.unlink_post(tx, post.id)
        return None
    return cards_actions.link_post(tx, post.id, url=wanted, author_id=post.author_id)


def _tag(tx: Tx, post: Post, tags: list[tuple[str, str]], *, counted: bool = True) -> None:
    if tags:
        tags_actions.tag_post(
            tx,
            post.id,
            names=tags,
            author_id=post.author_id,
            listed=post.visibility == Visibility.PUBLIC,
            counted=counted,
        )


def _insert_mentions(tx: Tx, post_id: PostId, ids: Sequence[int]) -> None:
    tx.many(_INSERT_MENTION, [{"post_id": post_id, "account_id": i, "silent": False} for i in ids])
