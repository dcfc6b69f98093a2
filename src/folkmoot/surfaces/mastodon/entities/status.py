"""Status: what is the same for everyone is built once for each revision and kept encoded; the
counts, the author and the viewer's own flags are put around it for each answer.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, get_type_hints

import msgspec

from folkmoot.domain.cards.queries import list_cards
from folkmoot.domain.matchlists.model import led_through, links_in, listed_above
from folkmoot.domain.matchlists.queries import find_newest_change, map_listed
from folkmoot.domain.media.model import Attachment
from folkmoot.domain.media.queries import list_attachments
from folkmoot.domain.oauth.queries import list_application_names
from folkmoot.domain.polls.model import PollId, decode_options
from folkmoot.domain.polls.queries import list_polls
from folkmoot.domain.posts.model import (
    Post,
    PostId,
    PostNotFound,
    QuotePolicy,
    QuoteState,
    Visibility,
    decode_labels,
    decode_mentions,
    decode_tags,
)
from folkmoot.domain.posts.queries import list_posts
from folkmoot.domain.reading.model import Stamp
from folkmoot.domain.reading.queries import (
    list_aside,
    list_reported_stamps,
    list_stamps,
    list_stamps_in_spite,
)
from folkmoot.kit.clock import SECOND, iso
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.account import (
    Account,
    encoded_accounts,
    present_accounts,
)
from folkmoot.surfaces.mastodon.entities.custom_emoji import CustomEmoji, emojis_in
from folkmoot.surfaces.mastodon.entities.filter import FilterResult
from folkmoot.surfaces.mastodon.entities.media_attachment import (
    MediaAttachment,
    build_attachment,
)
from folkmoot.surfaces.mastodon.entities.poll import Poll, present_polls
from folkmoot.surfaces.mastodon.entities.preview_card import PreviewCard, build_card

_encode = msgspec.json.Encoder().encode

VISIBILITIES = {
    Visibility.PUBLIC: "public",
    Visibility.UNLISTED: "unlisted",
    Visibility.FOLLOWERS: "private",
    Visibility.DIRECT: "direct",
}


class StatusMention(msgspec.Struct):
    """A mentioned account."""

    id: str
    username: str
    acct: str
    url: str


class StatusTag(msgspec.Struct):
    """A hashtag used in a status."""

    name: str
    url: str


class StatusApplication(msgspec.Struct):
    """What a status was published with."""

    name: str
    website: str | None


class QuoteApproval(msgspec.Struct):
    """Who may quote a status, and whether the viewer may."""

    automatic: list[str]
    manual: list[str]
    current_user: str


class StatusFixed(msgspec.Struct, kw_only=True):
    """The part of a status that changes only when it is edited."""

    id: str
    created_at: str
    in_reply_to_id: str | None
    in_reply_to_account_id: str | None
    sensitive: bool
    spoiler_text: str
    visibility: str
    language: str | None
    uri: str
    url: str | None
    edited_at: str | None
    content: str
    media_attachments: list[MediaAttachment]
    mentions: list[StatusMention]
    tags: list[StatusTag]
    emojis: list[CustomEmoji]
    card: PreviewCard | None
    application: StatusApplication | None


class Quote(msgspec.Struct, kw_only=True):
    """A quote and whether it may be shown. A status that is itself quoted names what it quotes by
    its id alone.
    """

    state: str
    quoted_status: "Status | msgspec.UnsetType | None" = msgspec.UNSET
    quoted_status_id: str | msgspec.UnsetType | None = msgspec.UNSET


class Status(StatusFixed, kw_only=True):
    """A status, complete: with what depends on the moment and on who looks."""

    account: Account
    replies_count: int
    reblogs_count: int
    favourites_count: int
    quotes_count: int
    favourited: bool
    reblogged: bool
    muted: bool
    bookmarked: bool
    pinned: bool
    filtered: list[FilterResult]
    reblog: "Status | None"
    poll: Poll | None
    quote: Quote | None
    quote_approval: QuoteApproval


class Context(msgspec.Struct):
    """What a status answers, from the top down, and what answers it."""

    ancestors: list[Status]
    descendants: list[Status]


_FIXED = set(get_type_hints(StatusFixed))
# The second part alone, to be encoded and joined to the first; its parts may be encoded already.
_Seen = msgspec.defstruct(
    "_Seen", [(name, Any) for name in get_type_hints(Status) if name not in _FIXED], kw_only=True
)
# What is given out when a status is deleted: its source instead of its content.
DeletedStatus = msgspec.defstruct(
    "DeletedStatus",
    [(n, t) for n, t in get_type_hints(Status).items() if n != "content"] + [("text", str)],
    kw_only=True,
)


class _Page:
    """What a page of statuses is made of, once everything is read."""

    __slots__ = ("aside", "authors", "filtered", "fixed", "inner", "polls", "stamps", "viewer_id")

    def __init__(
        self,
        app: App,
        tx: Tx,
        viewer_id: int,
        ids: Sequence[int],
        stamps: dict[PostId, Stamp] | None = None,
    ) -> None:
        self.viewer_id = viewer_id
        self.stamps = list_stamps(tx, viewer_id, ids) if stamps is None else stamps
        every: dict[PostId, Stamp] = self.stamps
        self.aside: dict[PostId, str] = {}
        self.inner: dict[PostId, Stamp] = self.stamps
        quoted = [
            s.quote_of_id
            for s in every.values()
            if s.quote_of_id is not None and s.quote_state == QuoteState.ACCEPTED
        ]
        if quoted:
            self._look_at_quoted(tx, quoted)
            every = self.stamps | self.inner
        self.fixed = _fixed_parts(app, tx, every.values())
        self.authors = encoded_accounts(
            app, tx, {s.author_id: s.author_rev for s in every.values()}
        )
        polls = [s.poll_id for s in every.values() if s.poll_id is not None]
        self.polls = present_polls(app, tx, viewer_id, polls) if polls else {}
        self.filtered = _filter(app, tx, viewer_id, every) if viewer_id else {}

    def _look_at_quoted(self, tx: Tx, ids: list[PostId]) -> None:
        """Tells why a quoted post stands aside, and reads those that the viewer blocked."""
        aside = list_aside(tx, self.viewer_id, ids)
        self.aside = {
            i: "blocked_account" if a.blocking else "muted_account"
            for i, a in aside.items()
            if not a.blocked
        }
        blocked = [i for i, state in self.aside.items() if state == "blocked_account"]
        self.inner = self.stamps | list_stamps_in_spite(tx, self.viewer_id, blocked)

    def status(self, stamp: Stamp, *, quoted: bool = False) -> bytes | None:
        """A whole status; None for a boost of what the viewer may not see."""
        reblog = None
        marked = stamp
        if stamp.boost_of_id is not None:
            original = self.stamps.get(stamp.boost_of_id)
            if original is None:
                return None
            reblog = self.status(original)
            # What is done with a boost is done with what it boosts.
            marked = original
        seen = _Seen(
            account=msgspec.Raw(self.authors[stamp.author_id]),
            replies_count=stamp.replies_count,
            reblogs_count=stamp.boosts_count,
            favourites_count=stamp.favourites_count,
            quotes_count=stamp.quotes_count,
            favourited=marked.favourited,
            reblogged=marked.boosted,
            muted=marked.thread_muted,
            bookmarked=marked.bookmarked,
            pinned=stamp.pinned,
            filtered=self.filtered.get(stamp.boost_of_id or stamp.id, ()),
            reblog=None if reblog is None else msgspec.Raw(reblog),
            poll=None if stamp.poll_id is None else self.polls.get(stamp.poll_id),
            quote=None if not stamp.quote_state else self.quote(stamp, shallow=quoted),
            quote_approval=_APPROVALS[stamp.quote_policy, stamp.may_quote],
        )
        return self.fixed[stamp.id] + _encode(seen)[1:]

    def quote(self, stamp: Stamp, *, shallow: bool) -> dict[str, Any]:
        """The Quote of a status that has one."""
        key = "quoted_status_id" if shallow else "quoted_status"
        state, quoted_id = stamp.quote_state, stamp.quote_of_id
        if state != QuoteState.ACCEPTED or quoted_id is None:
            return {"state": state, key: None}
        if shallow:
            return {"state": state, key: str(quoted_id)}
        found = self.inner.get(quoted_id)
        made = None if found is None else self.status(found, quoted=True)
        if made is None:
            return {"state": "unauthorized", key: None}
        return {"state": self.aside.get(quoted_id, state), key: msgspec.Raw(made)}


def present_statuses(app: App, tx: Tx, viewer_id: int, ids: Sequence[int]) -> dict[PostId, bytes]:
    """The encoded entities of those of the posts that the viewer may read.

    Skeleton (the ids) → hydrate (batched) → rules (in `list_stamps`) → present.
    """
    page = _Page(app, tx, viewer_id, ids)
    made: dict[PostId, bytes] = {}
    for post_id in ids:
        stamp = page.stamps.get(PostId(post_id))
        if stamp is not None and (status := page.status(stamp)) is not None:
            made[stamp.id] = status
    return made


def present_reported(app: App, tx: Tx, ids: Sequence[int]) -> list[msgspec.Raw]:
    """The encoded entities of posts that a report names, whoever may see them, without anybody's
    flags; whoever calls records the look.
    """
    stamps = list_reported_stamps(tx, list(ids))
    page = _Page(app, tx, 0, ids, stamps)
    found = (page.status(stamps[PostId(i)]) for i in ids if PostId(i) in stamps)
    return [msgspec.Raw(status) for status in found if status is not None]


def present_page(app: App, tx: Tx, viewer_id: int, ids: Sequence[int]) -> bytes:
    """A list of statuses in the order of the ids."""
    return b"[" + b",".join(present_statuses(app, tx, viewer_id, ids).values()) + b"]"


def present_status(app: App, tx: Tx, viewer_id: int, post_id: int) -> bytes:
    """One status; PostNotFound when the viewer may not read it."""
    made = present_statuses(app, tx, viewer_id, [post_id])
    if not made:
        raise PostNotFound
    return made[PostId(post_id)]


def present_context(
    app: App, tx: Tx, viewer_id: int, above: Sequence[int], below: Sequence[int]
) -> bytes:
    """A Context of these posts."""
    made = present_statuses(app, tx, viewer_id, [*above, *below])
    parts = [b",".join(made[PostId(i)] for i in ids if PostId(i) in made) for ids in (above, below)]
    return b'{"ancestors":[' + parts[0] + b'],"descendants":[' + parts[1] + b"]}"


def present_deleted(app: App, tx: Tx, post: Post) -> dict[str, Any]:
    """A status that is about to be deleted, with its source, so that it can be written anew."""
    made = present_status(app, tx, post.author_id, post.id)
    entity: dict[str, Any] = msgspec.json.decode(made)
    del entity["content"]
    entity["text"] = post.text
    return entity


def _approval(policy: str, may_quote: bool) -> msgspec.Raw:
    automatic = [] if policy == QuotePolicy.NOBODY else [policy]
    current_user = "automatic" if may_quote else "denied"
    return msgspec.Raw(_encode(QuoteApproval(automatic, [], current_user)))


# For so long links may be shown as a list had them before its last change.
_LOOKS_EVERY = 5 * SECOND
_APPROVALS = {(p.value, may): _approval(p, may) for p in QuotePolicy for may in (True, False)}


def _fixed_parts(app: App, tx: Tx, stamps: Iterable[Stamp]) -> dict[PostId, bytes]:
    """The fixed parts, each ending in a comma; those not kept at this revision are built."""
    found: dict[PostId, bytes] = {}
    stale: list[PostId] = []
    lists = _lists_seen(app, tx)
    for stamp in stamps:
        kept = app.built.get(stamp.id)
        if kept is not None and kept[0] == (stamp.rev, lists):
            found[stamp.id] = kept[1]
        else:
            stale.append(stamp.id)
    if stale:
        for post_id, rev, part in _build_fixed_parts(app, tx, stale):
            app.built.put(post_id, ((rev, lists), part))
            found[post_id] = part
    return found


def _lists_seen(app: App, tx: Tx) -> int:
    """Which change of a matching list links were checked against: looked up every few seconds."""
    kept = app.built.get("lists")
    if kept is None or not 0 <= tx.now - kept[0] < _LOOKS_EVERY:
        kept = (tx.now, find_newest_change(tx))
        app.built.put("lists", kept)
    return int(kept[1])


def _build_fixed_parts(app: App, tx: Tx, ids: list[PostId]) -> Iterable[tuple[PostId, int, bytes]]:
    posts = list_posts(tx, ids)
    media = list_attachments(tx, [p.id for p in posts.values() if p.media_count])
    cards = _build_cards(app, tx, [p.card_id for p in posts.values() if p.card_id])
    names = list_application_names(tx, [p.app_id for p in posts.values() if p.app_id])
    urls = [url for post in posts.values() for url in links_in(post.html)]
    listed = map_listed(tx, [*urls, *(card.url for card in cards.values())])
    for post in posts.values():
        card = cards.get(post.card_id) if post.card_id else None
        if card is not None and listed_above(card.url, listed):
            card = None  # a card would lead past the warning
        if listed:
            post.html = led_through(post.html, app.base_url, listed)
        used = names.get(post.app_id) if post.app_id else None
        application = StatusApplication(used.name, used.website or None) if used else None
        built = _build_fixed(app, post, media.get(post.id, []), card, application)
        yield post.id, post.rev, _encode(built)[:-1] + b","


def _build_cards(app: App, tx: Tx, ids: list[int]) -> dict[int, PreviewCard]:
    cards = list_cards(tx, list(dict.fromkeys(ids)))
    authors = [c.author_account_id for c in cards.values() if c.author_account_id]
    accounts = present_accounts(app, tx, authors) if authors else {}
    return {
        card.id: build_card(
            app, card, accounts.get(card.author_account_id) if card.author_account_id else None
        )
        for card in cards.values()
    }


def _build_fixed(
    app: App,
    post: Post,
    media: list[Attachment],
    card: PreviewCard | None,
    application: StatusApplication | None,
) -> StatusFixed:
    return StatusFixed(
        id=str(post.id),
        created_at=iso(post.created_at),
        in_reply_to_id=str(post.in_reply_to_id) if post.in_reply_to_id else None,
        in_reply_to_account_id=(
            str(post.in_reply_to_account_id) if post.in_reply_to_account_id else None
        ),
        sensitive=post.veiled,
        spoiler_text=post.spoiler_text,
        visibility=VISIBILITIES[Visibility(post.meant_for)],
        language=post.language or None,
        uri=post.uri,
        url=post.url,
        edited_at=iso(post.edited_at) if post.edited_at else None,
        content=post.html + _labels_html(app, post),
        media_attachments=[build_attachment(app, a) for a in media],
        mentions=[
            StatusMention(str(m.id), m.username, m.acct, m.url) for m in decode_mentions(post)
        ],
        tags=[StatusTag(name, f"{app.base_url}/tags/{name}") for name in decode_tags(post)],
        emojis=emojis_in(app, post.text, post.spoiler_text),
        card=card,
        application=application,
    )


def _labels_html(app: App, post: Post) -> str:
    """What a decision adds to a post for everybody, as paragraphs of their own after the author's
    words: clients know no other place for it that does not hide them."""
    if post.labels == "[]":
        return ""
    made = []
    for label in decode_labels(post):
        url = f"{app.base_url}/rules/versions/{label.version_id}#{label.rule_code}"
        said = escape(f"⚖ {app.settings.domain}: {label.text}")
        link = f'<a href="{escape(url)}" rel="nofollow noopener" target="_blank">'
        made.append(f'<p class="moderation-label">{said} {link}{escape(label.rule_code)}</a></p>')
    return "".join(made)


def _filter(app: App, tx: Tx, viewer_id: int, stamps: dict[PostId, Stamp]) -> dict[int, list[Any]]:
    """What the viewer's filters say of the posts."""
    if app.filter_posts is None:
        return {}
    return app.filter_posts(tx, viewer_id, lambda: _texts(app, tx, stamps))


def _texts(app: App, tx: Tx, stamps: dict[PostId, Stamp]) -> dict[int, tuple[str, ...]]:
    """What each post says: warning, text, descriptions of its media, options of its poll. Kept by
    revision."""
    found: dict[int, tuple[str, ...]] = {}
    stale: list[PostId] = []
    for stamp in stamps.values():
        kept = app.built.get(("texts", stamp.id))
        if kept is not None and kept[0] == stamp.rev:
            found[stamp.id] = kept[1]
        elif stamp.boost_of_id is None:
            stale.append(stamp.id)
    posts = list_posts(tx, stale).values()
    media = list_attachments(tx, [p.id for p in posts if p.media_count])
    polls = list_polls(tx, [p.poll_id for p in posts if p.poll_id])
    for post in posts:
        said = [post.spoiler_text, post.text, *(a.description for a in media.get(post.id, ()))]
        if post.poll_id and (poll := polls.get(PollId(post.poll_id))):
            said += decode_options(poll)
        found[post.id] = tuple(text for text in said if text)
        app.built.put(("texts", post.id), (post.rev, found[post.id]))
    return found
