"""Finds, in one read transaction, what committed work means for those who listen.

Most listeners meet a new post alike: it is presented once, as one of them sees it, and only those
with something of their own to it (a filter, a favourite, a poll's vote) get their own presentation.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import msgspec

from folkmoot.domain.auth.queries import list_with_filters
from folkmoot.domain.boundaries.queries import list_hidden_pairs
from folkmoot.domain.conversations.model import ConversationNotFound
from folkmoot.domain.conversations.queries import get_conversation
from folkmoot.domain.feeds.queries import list_placed
from folkmoot.domain.instance.model import AnnouncementId, AnnouncementNotFound
from folkmoot.domain.instance.queries import get_announcement, list_reactions
from folkmoot.domain.notifications.model import NotificationNotFound
from folkmoot.domain.notifications.queries import get_notification
from folkmoot.domain.posts.model import Post, PostId, QuotePolicy, Visibility, decode_tags
from folkmoot.domain.posts.queries import list_posts
from folkmoot.domain.reading.queries import list_marked
from folkmoot.domain.timelines.model import Broadcast
from folkmoot.domain.timelines.queries import Origin, list_broadcast
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.announcement import present_announcements
from folkmoot.surfaces.mastodon.entities.conversation import present_conversations
from folkmoot.surfaces.mastodon.entities.notification import present_notifications
from folkmoot.surfaces.mastodon.entities.status import present_statuses
from folkmoot.surfaces.mastodon.streaming.channels import (
    PUBLIC,
    Channel,
    direct_channel,
    feed_channel,
    notification_channel,
    tag_channel,
)
from folkmoot.surfaces.mastodon.streaming.messages import Message

_encode = msgspec.json.Encoder().encode


class AnnouncementReaction(msgspec.Struct):
    """How often an emoji was given to an announcement."""

    name: str
    count: int
    announcement_id: str


class Audience(msgspec.Struct):
    """Who listens: the feeds with the member who reads each, and the public channels with the
    members (0: visitors) on each."""

    feeds: dict[int, int]
    public: dict[Channel, set[int]]


class Delivery(msgspec.Struct):
    """A message on a channel, by listener; who is not named gets none."""

    channel: Channel
    messages: dict[int, Message]


class Work(msgspec.Struct):
    """What was committed: ids of new and of edited posts, posts that came into further feeds with
    the feeds they are known to be in; members and ids of notifications and conversations; ids of
    announcements, and reactions to some.
    """

    posts: list[int]
    placed: dict[int, frozenset[int]]
    edited: list[int]
    notifications: list[tuple[int, int]]
    conversations: list[tuple[int, int]]
    announcements: list[int]
    reactions: list[tuple[int, str]]


class Gathered(msgspec.Struct):
    """What is to be said to some and to every member, and which posts were found in which feeds."""

    deliveries: list[Delivery]
    to_all: list[Message]
    feeds_of: dict[int, set[int]]


Place = tuple[Channel, int, set[int]]
"""A channel, a post, and the members who would meet the post there."""


def gather(tx: Tx, app: App, work: Work, audience: Audience) -> Gathered:
    """What the work means for the audience."""
    gathered = Gathered([], [], {})
    if work.posts or work.placed:
        places = _places_in_feeds(tx, work.posts, audience) if work.posts else []
        places += _places_in_feeds(tx, list(work.placed), audience, known=work.placed)
        for channel, post_id, _ in places:
            gathered.feeds_of.setdefault(post_id, set()).add(int(channel.key))
        places += _public_places(tx, work.posts, audience)
        gathered.deliveries += _tell_posts(tx, app, places, "update")
    if work.edited:
        places = _places_in_feeds(tx, work.edited, audience)
        places += _public_places(tx, work.edited, audience)
        gathered.deliveries += _tell_posts(tx, app, places, "status.update")
    gathered.deliveries += _tell_notifications(tx, app, work.notifications)
    gathered.deliveries += _tell_conversations(tx, app, work.conversations)
    gathered.to_all += _tell_announcements(tx, app, work)
    return gathered


def _places_in_feeds(
    tx: Tx,
    ids: list[int],
    audience: Audience,
    known: Mapping[int, frozenset[int]] = MappingProxyType({}),
) -> list[Place]:
    return [
        (feed_channel(placed.feed_id), placed.post_id, {audience.feeds[placed.feed_id]})
        for placed in list_placed(tx, ids, list(audience.feeds))
        if placed.feed_id not in known.get(placed.post_id, ())
    ]


def _public_places(tx: Tx, ids: list[int], audience: Audience) -> list[Place]:
    if not audience.public:
        return []
    broadcast = list_broadcast(tx, ids)
    posts = list_posts(tx, [found.id for found in broadcast])
    return [
        (channel, found.id, audience.public[channel])
        for found in broadcast
        for channel in _public_channels(found, posts[found.id])
        if channel in audience.public
    ]


def _tell_posts(tx: Tx, app: App, places: list[Place], event: str) -> list[Delivery]:
    if not places:
        return []
    seen = _look(tx, app, places, edited=event != "update")
    deliveries: list[Delivery] = []
    messages: dict[bytes, Message] = {}
    for channel, post_id, viewers in sorted(places, key=lambda place: place[1]):
        made: dict[int, Message] = {}
        for viewer in viewers:
            status = seen.get((viewer, post_id))
            if status is not None:
                message = messages.get(status)
                if message is None:
                    message = messages[status] = Message(event, status)
                made[viewer] = message
        if made:
            deliveries.append(Delivery(channel, made))
    return deliveries


def _posts_with_originals(tx: Tx, ids: Iterable[int]) -> dict[PostId, Post]:
    posts = list_posts(tx, [PostId(i) for i in ids])
    originals = [p.boost_of_id for p in posts.values() if p.boost_of_id is not None]
    return posts | list_posts(tx, originals)


def _public_channels(found: Broadcast, post: Post) -> Iterable[Channel]:
    """The public channels that a post belongs to."""
    for name in decode_tags(post):
        yield tag_channel(name, local=False)
        if found.local:
            yield tag_channel(name, local=True)
    if found.on_page:
        for name, origin in PUBLIC.items():
            if _is_of(found, origin):
                yield Channel(name)


def _is_of(found: Broadcast, origin: Origin) -> bool:
    if origin.only_media and not found.with_media:
        return False
    return not (origin.local and not found.local) and not (origin.remote and found.local)


def _look(tx: Tx, app: App, places: list[Place], *, edited: bool) -> dict[tuple[int, int], bytes]:
    """Each post as each of its viewers meets it; nothing for those who do not."""
    viewers_of: defaultdict[int, set[int]] = defaultdict(set)
    for _, post_id, viewers in places:
        viewers_of[post_id] |= viewers
    posts = _posts_with_originals(tx, viewers_of)
    everyone = sorted({v for viewers in viewers_of.values() for v in viewers} - {0})
    authors = [int(i) for i in sorted({post.author_id for post in posts.values()})]
    hidden = list_hidden_pairs(tx, everyone, authors) if everyone else set()
    own = _Own(tx, everyone, posts, edited=edited)
    alike: dict[int, set[int]] = {}
    apart: defaultdict[int, list[int]] = defaultdict(list)
    for post_id, viewers in viewers_of.items():
        by = _authors(posts, post_id)
        for viewer in viewers:
            if any((viewer, author) in hidden for author in by):
                continue
            if viewer and not own.has(viewer, post_id):
                alike.setdefault(post_id, set()).add(viewer)
            else:
                apart[viewer].append(post_id)
    return _present(tx, app, alike, apart)


def _authors(posts: dict[PostId, Post], post_id: int) -> list[int]:
    post = posts[PostId(post_id)]
    original = posts.get(post.boost_of_id) if post.boost_of_id is not None else None
    return [post.author_id] if original is None else [post.author_id, original.author_id]


def _present(
    tx: Tx, app: App, alike: dict[int, set[int]], apart: dict[int, list[int]]
) -> dict[tuple[int, int], bytes]:
    by_viewer = {viewer: list(ids) for viewer, ids in apart.items()}
    chosen: dict[int, int] = {}
    for post_id, viewers in alike.items():
        # One of those who meet the post alike; rather one who looks at others anyway.
        viewer = next((v for v in viewers if v in by_viewer), None) or min(viewers)
        by_viewer.setdefault(viewer, []).append(post_id)
        chosen[post_id] = viewer
    seen: dict[tuple[int, int], bytes] = {}
    for viewer, ids in by_viewer.items():
        for post_id, status in present_statuses(app, tx, viewer, ids).items():
            seen[viewer, post_id] = status
    for post_id, viewer in chosen.items():
        presented = seen.get((viewer, post_id))
        if presented is not None:
            seen.update(((other, post_id), presented) for other in alike[post_id])
    return seen


class _Own:
    """Which viewers meet a post otherwise than other members do."""

    def __init__(
        self, tx: Tx, viewers: list[int], posts: dict[PostId, Post], *, edited: bool
    ) -> None:
        self._posts = posts
        self._filtering = list_with_filters(tx, viewers) if viewers else set()
        # Nobody has done anything with a post that has just appeared, unless it is a boost of an
        # older one or answers in a thread.
        old = [
            post.id
            for post in posts.values()
            if edited or post.in_reply_to_id is not None or self._is_boosted(post)
        ]
        self._marked = list_marked(tx, viewers, [int(i) for i in old])
        self._edited = edited

    def _is_boosted(self, post: Post) -> bool:
        return any(other.boost_of_id == post.id for other in self._posts.values())

    def has(self, viewer: int, post_id: int) -> bool:
        if viewer in self._filtering:
            return True
        post = self._posts[PostId(post_id)]
        shown = [post]
        if post.boost_of_id is not None and post.boost_of_id in self._posts:
            shown.append(self._posts[post.boost_of_id])
        return any(self._differs(viewer, each, new=each is post) for each in shown)

    def _differs(self, viewer: int, post: Post, *, new: bool) -> bool:
        return (
            post.author_id == viewer
            or post.visibility > Visibility.UNLISTED
            or post.quote_of_id is not None
            or post.quote_policy == QuotePolicy.FOLLOWERS
            or (post.poll_id is not None and (self._edited or not new))
            or (viewer, post.id) in self._marked
        )


def _tell_notifications(tx: Tx, app: App, asked: list[tuple[int, int]]) -> list[Delivery]:
    by_account: defaultdict[int, list[int]] = defaultdict(list)
    for account_id, notification_id in asked:
        by_account[account_id].append(notification_id)
    deliveries = []
    for account_id, ids in by_account.items():
        found = []
        for notification_id in ids:
            try:
                found.append(get_notification(tx, account_id, notification_id))
            except NotificationNotFound:
                continue  # taken back since
        for made in present_notifications(app, tx, account_id, found).values():
            message = Message("notification", made)
            deliveries.append(Delivery(notification_channel(account_id), {account_id: message}))
    return deliveries


def _tell_conversations(tx: Tx, app: App, asked: list[tuple[int, int]]) -> list[Delivery]:
    deliveries = []
    for account_id, conversation_id in dict.fromkeys(asked):
        try:
            found = get_conversation(tx, account_id, conversation_id)
        except ConversationNotFound:
            continue
        [made] = present_conversations(app, tx, account_id, [found])
        message = Message("conversation", _encode(made))
        deliveries.append(Delivery(direct_channel(account_id), {account_id: message}))
    return deliveries


def _tell_announcements(tx: Tx, app: App, work: Work) -> list[Message]:
    """Announcements and reactions as nobody in particular meets them."""
    messages = []
    for announcement_id in dict.fromkeys(work.announcements):
        try:
            found = get_announcement(tx, announcement_id)
        except AnnouncementNotFound:
            continue  # withdrawn since
        [made] = present_announcements(app, tx, [found], reader_id=0)
        messages.append(Message("announcement", _encode(made)))
    for announcement_id, name in dict.fromkeys(work.reactions):
        given = list_reactions(tx, [AnnouncementId(announcement_id)], reader_id=0)
        count = sum(reaction.count for reaction in given if reaction.name == name)
        reaction = AnnouncementReaction(name, count, str(announcement_id))
        messages.append(Message("announcement.reaction", _encode(reaction)))
    return messages
