"""The streams a client can ask for, and the channels of the hub behind them."""

from typing import NamedTuple

import msgspec

from folkmoot.domain.lists.queries import get_list
from folkmoot.domain.oauth.model import Bearer
from folkmoot.domain.timelines.queries import Origin
from folkmoot.kit.db import Tx
from folkmoot.kit.ids import parse_id
from folkmoot.kit.text import normalise_tag
from folkmoot.surfaces.mastodon.errors import BadRequest, Unauthorised
from folkmoot.surfaces.mastodon.operations import MissingScope

MAX_STREAMS = 100


class UnknownStream(BadRequest):
    """Unknown stream type"""


class Channel(NamedTuple):
    """What the hub brings messages to: of a kind, for one feed, member or tag."""

    kind: str
    key: int | str = 0


def feed_channel(feed_id: int) -> Channel:
    """What appears in a home (its member's id) or a list (its own)."""
    return Channel("feed", feed_id)


def member_channel(account_id: int) -> Channel:
    """What concerns a member's settings and the service as a whole."""
    return Channel("member", account_id)


def notification_channel(account_id: int) -> Channel:
    """What a member is told of."""
    return Channel("notification", account_id)


def direct_channel(account_id: int) -> Channel:
    """A member's direct conversations."""
    return Channel("direct", account_id)


def tag_channel(name: str, *, local: bool) -> Channel:
    """Public posts with a tag, given normalised."""
    return Channel("hashtag:local" if local else "hashtag", name)


PUBLIC: dict[str, Origin] = {
    "public": Origin(),
    "public:media": Origin(only_media=True),
    "public:local": Origin(local=True),
    "public:local:media": Origin(local=True, only_media=True),
    "public:remote": Origin(remote=True),
    "public:remote:media": Origin(remote=True, only_media=True),
}
_TAGGED = {"hashtag": False, "hashtag:local": True}
_MEMBERS_OWN = frozenset({"user", "user:notification", "list", "direct"})


class Asked(msgspec.Struct, frozen=True):
    """A stream as a client asks for it."""

    stream: str
    tag: str = ""
    list: str | int = ""
    only_media: bool = False


class Stream(NamedTuple):
    """A stream that was granted: its name as messages bear it, in JSON, and its channels."""

    label: str
    channels: tuple[Channel, ...]


def grant_stream(tx: Tx, asked: Asked, bearer: Bearer | None) -> Stream:
    """The stream asked for. Unauthorised, MissingScope, UnknownStream, BadRequest and ListNotFound
    say why not; visitors may listen to what is public.
    """
    name = asked.stream
    if asked.only_media and f"{name}:media" in PUBLIC:
        name = f"{name}:media"
    if name in _MEMBERS_OWN:
        return _grant_own(tx, asked, bearer)
    if bearer is not None:
        _check_scope(bearer, "read:statuses")
    if name in PUBLIC:
        return Stream(_label(name), (Channel(name),))
    if name in _TAGGED:
        if not asked.tag or len(asked.tag) > 500:
            raise BadRequest("Missing tag name parameter")
        channel = tag_channel(normalise_tag(asked.tag), local=_TAGGED[name])
        return Stream(_label(name, asked.tag), (channel,))
    raise UnknownStream


def _grant_own(tx: Tx, asked: Asked, bearer: Bearer | None) -> Stream:
    if bearer is None or not bearer.account_id:
        raise Unauthorised("This method requires an authenticated user")
    me, name = bearer.account_id, asked.stream
    _check_scope(bearer, "read:notifications" if name == "user:notification" else "read:statuses")
    if name == "user:notification":
        return Stream(_label(name), (notification_channel(me),))
    if name == "direct":
        return Stream(_label(name), (direct_channel(me),))
    if name == "list":
        text = str(asked.list)
        found = get_list(tx, parse_id(text), owner_id=me)
        return Stream(_label(name, text), (feed_channel(found.id),))
    channels = [feed_channel(me), member_channel(me)]
    if bearer.allows("read:notifications"):
        channels.append(notification_channel(me))
    return Stream(_label(name), tuple(channels))


def _check_scope(bearer: Bearer, scope: str) -> None:
    if not bearer.allows(scope):
        raise MissingScope


def _label(*parts: str) -> str:
    return msgspec.json.encode(parts).decode()


def is_public(channel: Channel) -> bool:
    """Whether a channel is of posts that anybody may come upon."""
    return channel.kind in PUBLIC or channel.kind in _TAGGED
