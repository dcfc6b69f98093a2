"""Makes deeds of posts and profiles, and looks up what facts about them ask the database."""

from collections.abc import Iterator, Sequence

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import Account, decode_fields
from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.auth.queries import find_user
from folkmoot.domain.cards.queries import list_targets
from folkmoot.domain.decisions.queries import count_strikes_at
from folkmoot.domain.deeds.model import Author, Deed, Event, Medium, print_of
from folkmoot.domain.deeds.tables import prints
from folkmoot.domain.media.model import Attachment, Kind, decode_hashes
from folkmoot.domain.media.queries import list_attachments
from folkmoot.domain.polls.model import decode_options
from folkmoot.domain.polls.queries import list_polls
from folkmoot.domain.posts.model import Post, PostId, Visibility
from folkmoot.domain.posts.queries import list_mentioned_ids
from folkmoot.domain.posts.tables import mentions, posts
from folkmoot.domain.relationships.tables import follows
from folkmoot.kit.db import Id, Tx, param, rows, values, within
from folkmoot.kit.ids import first_at

_POSTS_SINCE = values(
    sa.select(sa.func.count()).where(
        posts.c.author_id == param("author_id"),
        posts.c.id >= param("from_id", Id),
        posts.c.id <= param("to_id", Id),
    ),
    int,
)
_MENTIONS_SINCE = values(
    sa.select(sa.func.count())
    .select_from(posts.join(mentions, mentions.c.post_id == posts.c.id))
    .where(
        posts.c.author_id == param("author_id"),
        posts.c.id >= param("from_id", Id),
        posts.c.id <= param("to_id", Id),
        posts.c.visibility < sa.literal_column("3"),
    ),
    int,
)
_FOLLOWERS_AMONG = values(
    sa.select(sa.func.count()).where(
        follows.c.followed_id == param("author_id"), within(follows.c.follower_id, "ids")
    ),
    int,
)
_same = sa.and_(
    prints.c.print == param("print"),
    prints.c.post_id >= param("from_id", Id),
    prints.c.post_id < param("to_id", Id),
)
_COPIES = values(sa.select(sa.func.count()).where(_same), int)
_COPIERS = values(
    sa.select(sa.func.count(sa.distinct(prints.c.author_id))).where(
        _same, prints.c.author_id != param("author_id")
    ),
    int,
)


class Lookup:
    """What facts about a post ask the database. `upto` is the post's id: what came later does not
    count, so that a past post is judged by its own time.
    """

    def __init__(self, tx: Tx, author_id: int, upto: int, body: str) -> None:
        self._tx = tx
        self._author_id = author_id
        self._upto = upto
        self._body = body

    def targets_of(self, urls: Sequence[str]) -> list[str]:
        return list_targets(self._tx, urls)

    def strangers_mentioned(self) -> int:
        ids = list_mentioned_ids(self._tx, PostId(self._upto))
        others = [one for one in ids if one != self._author_id]
        if not others:
            return 0
        known = self._tx.one(_FOLLOWERS_AMONG, author_id=self._author_id, ids=others)
        return len(others) - int(known)

    def posts_since(self, since: int) -> int:
        return int(self._tx.one(_POSTS_SINCE, author_id=self._author_id, **self._between(since)))

    def mentions_since(self, since: int) -> int:
        return int(self._tx.one(_MENTIONS_SINCE, author_id=self._author_id, **self._between(since)))

    def copies_since(self, since: int) -> int:
        mark = print_of(self._body)
        if mark is None:
            return 0
        return int(self._tx.one(_COPIES, print=mark, **self._between(since)))

    def copiers_since(self, since: int) -> int:
        mark = print_of(self._body)
        if mark is None:
            return 0
        between = self._between(since)
        return int(self._tx.one(_COPIERS, print=mark, author_id=self._author_id, **between))

    def strikes_at(self, at: int) -> int:
        return count_strikes_at(self._tx, self._author_id, at)

    def _between(self, since: int) -> dict[str, int]:
        return {"from_id": first_at(since), "to_id": self._upto}


_AGAIN = (Event.EDIT, Event.LINK)


def deed_of_post(tx: Tx, post: Post, author: Account, event: Event) -> Deed | None:
    """A post that is written or rewritten, as a deed; None of a direct one, which nobody reads."""
    if post.meant_for == Visibility.DIRECT:
        return None
    options, media = _shown_with(tx, post)
    body = _joined(post.spoiler_text, post.text, options, media)
    return Deed(
        event=event,
        at=tx.now if event in _AGAIN else post.created_at,
        author=_author_of(author, more=event not in _AGAIN),
        body=body,
        language=post.language,
        reply=post.in_reply_to_id is not None,
        public=post.visibility == Visibility.PUBLIC,
        tags=_decoded(post.tags),
        mentions=_count_mentions(post.mentions),
        media=media,
        poll_options=len(options),
        later=Lookup(tx, author.id, post.id, body),
    )


def _shown_with(tx: Tx, post: Post) -> tuple[Sequence[str], tuple[Medium, ...]]:
    """What a post shows beside its text: the options of its poll, and media."""
    polls = list_polls(tx, [post.poll_id]) if post.poll_id is not None else {}
    options = [option for poll in polls.values() for option in decode_options(poll)]
    attached = list_attachments(tx, [post.id]).get(post.id, []) if post.media_count else []
    return options, tuple(map(_medium, attached))


def _medium(attachment: Attachment) -> Medium:
    known = (one.pdq for one in decode_hashes(attachment) if one.is_sure)
    return Medium(attachment.kind, attachment.description, tuple(known))


def _joined(warning: str, text: str, options: Sequence[str], media: Sequence[Medium]) -> str:
    said = (warning, text, *options, *(one.description for one in media))
    return "\n".join(part for part in said if part)


def deed_of_boost(tx: Tx, boost: Post, original: Post, booster: Account) -> Deed | None:
    """A boost as a deed: what the original says and shows, done by the booster. None of what is
    direct.
    """
    if Visibility.DIRECT in {boost.meant_for, original.meant_for}:
        return None
    options, media = _shown_with(tx, original)
    return Deed(
        event=Event.BOOST,
        at=boost.created_at,
        author=_author_of(booster, more=True),
        body=_joined(original.spoiler_text, original.text, options, media),
        language=original.language,
        public=boost.visibility == Visibility.PUBLIC,
        tags=_decoded(original.tags),
        media=media,
        poll_options=len(options),
        later=Lookup(tx, booster.id, boost.id, original.text),
    )


def deed_of_profile(tx: Tx, account: Account, event: Event) -> Deed:
    """What an account shows of itself, as a deed; it mentions nobody and copies nothing. Who signs
    up has told the team why, perhaps.
    """
    fields = [part for field in decode_fields(account) for part in (field.name, field.value)]
    pictures = [account.avatar_description, account.header_description]
    user = find_user(tx, account.id) if event is Event.SIGN_UP else None
    reason = user.reason if user else ""
    said = [account.display_name, account.note, *fields, *pictures, reason]
    return Deed(
        event=event,
        at=tx.now,
        author=_author_of(account, more=False),
        body="\n".join([account.username, *(part for part in said if part)]),
        media=tuple(_portraits(account)),
        later=Lookup(tx, account.id, 0, ""),
    )


def _portraits(account: Account) -> Iterator[Medium]:
    """The pictures of an account's own that its profile shows."""
    pictures = (
        (account.avatar, account.avatar_description, account.avatar_pdq),
        (account.header, account.header_description, account.header_pdq),
    )
    for key, description, pdq in pictures:
        if key:
            yield Medium(Kind.IMAGE, description, (pdq,) if pdq else ())


def _author_of(account: Account, *, more: bool) -> Author:
    return Author(
        created_at=account.created_at,
        followers=account.followers_count,
        following=account.following_count,
        posts=account.posts_count + more,
        local=account.is_local,
        bot=account.bot,
        pictured=bool(account.avatar),
    )


def _decoded(tags: str) -> tuple[str, ...]:
    return () if tags == "[]" else msgspec.json.decode(tags, type=tuple[str, ...])


def _count_mentions(text: str) -> int:
    return 0 if text == "[]" else len(msgspec.json.decode(text))


_COUNT = values(
    sa.select(sa.func.count()).where(
        posts.c.id >= param("from_id", Id), posts.c.id < param("to_id", Id)
    ),
    int,
)


def count_written(tx: Tx, *, since: int, until: int) -> int:
    """How many posts and boosts were written from one moment until before another."""
    return int(tx.one(_COUNT, from_id=first_at(since), to_id=first_at(until)))


class PastPost(msgspec.Struct, frozen=True, gc=False):
    """A past public post with its author, as far as a deed needs it."""

    id: PostId
    author_id: int
    text: str
    spoiler_text: str
    language: str
    in_reply_to_id: int | None
    quote_of_id: int | None
    mentions: str
    tags: str
    media_count: int
    poll_id: int | None
    at: int
    joined_at: int
    followers: int
    following: int
    posts: int
    domain: str
    bot: bool
    avatar: str


_p, _a = posts.c, accounts.c
_PAST = rows(
    sa.select(
        *(_p.id, _p.author_id, _p.text, _p.spoiler_text, _p.language, _p.in_reply_to_id),
        *(_p.quote_of_id, _p.mentions, _p.tags, _p.media_count, _p.poll_id, _p.created_at),
        *(_a.created_at, _a.followers_count, _a.following_count, _a.posts_count, _a.domain),
        *(_a.bot, _a.avatar),
    )
    .join(accounts, _a.id == _p.author_id)
    .where(
        _p.id > param("after_id", Id),
        _p.id <= param("until_id", Id),
        _p.visibility == sa.literal_column("0"),
        _p.boost_of_id.is_(None),
        _a.suspended_at.is_(None),
    )
    .order_by(_p.id)
    .limit(param("limit", sa.Integer())),
    PastPost,
)


def list_past(tx: Tx, *, after_id: int, until_id: int, limit: int) -> list[PastPost]:
    """Public posts between two ids, oldest first; never any that is not public."""
    return tx.all(_PAST, after_id=after_id, until_id=until_id, limit=limit)


def deeds_of_past(tx: Tx, past: Sequence[PastPost]) -> list[Deed]:
    """Past public posts as deeds. What an account has, its followers for one, is as it is today;
    ages and rates are as they were then.
    """
    polls = list_polls(tx, [one.poll_id for one in past if one.poll_id is not None])
    attached = list_attachments(tx, [one.id for one in past if one.media_count])
    options = {poll.post_id: decode_options(poll) for poll in polls.values()}
    made = []
    for one in past:
        asked = options.get(one.id, [])
        shown = tuple(map(_medium, attached.get(one.id, ())))
        body = _joined(one.spoiler_text, one.text, asked, shown)
        made.append(
            Deed(
                event=Event.POST if one.quote_of_id is None else Event.QUOTE,
                at=one.at,
                author=Author(
                    created_at=one.joined_at,
                    followers=one.followers,
                    following=one.following,
                    posts=one.posts,
                    local=not one.domain,
                    bot=one.bot,
                    pictured=bool(one.avatar),
                ),
                body=body,
                language=one.language,
                reply=one.in_reply_to_id is not None,
                tags=_decoded(one.tags),
                mentions=_count_mentions(one.mentions),
                media=shown,
                poll_options=len(asked),
                later=Lookup(tx, one.author_id, one.id, body),
            )
        )
    return made
