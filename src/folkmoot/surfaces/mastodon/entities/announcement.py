"""Announcement, and Reaction to one."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from folkmoot.domain.accounts.model import Account
from folkmoot.domain.accounts.queries import list_accounts_by_name
from folkmoot.domain.instance import queries
from folkmoot.domain.instance.model import Announcement as DomainAnnouncement
from folkmoot.domain.instance.model import AnnouncementId
from folkmoot.domain.instance.model import Reaction as DomainReaction
from folkmoot.domain.posts.model import PostId
from folkmoot.domain.posts.queries import list_posts
from folkmoot.domain.reading.queries import list_stamps
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx
from folkmoot.kit.ids import parse_id
from folkmoot.kit.text import ParsedText, normalise_tag, parse_post, to_html
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.custom_emoji import CustomEmoji, emojis_in
from folkmoot.surfaces.mastodon.entities.status import StatusMention, StatusTag


class Reaction(msgspec.Struct, omit_defaults=True):
    """How often an emoji was chosen; the addresses are those of a custom one."""

    name: str
    count: int
    me: bool | msgspec.UnsetType = msgspec.UNSET
    url: str | None = None
    static_url: str | None = None


class AnnouncementStatus(msgspec.Struct):
    """A status that an announcement links to."""

    id: str
    url: str


class Announcement(msgspec.Struct, kw_only=True):
    """Something the team tells all members."""

    id: str
    content: str
    starts_at: str | None
    ends_at: str | None
    all_day: bool
    published_at: str
    updated_at: str
    read: bool
    mentions: list[StatusMention]
    statuses: list[AnnouncementStatus]
    tags: list[StatusTag]
    emojis: list[CustomEmoji]
    reactions: list[Reaction]


def present_announcements(
    app: App, tx: Tx, found: Sequence[DomainAnnouncement], *, reader_id: int
) -> list[Announcement]:
    """The entities, as one member meets them."""
    read = queries.list_read_ids(tx, reader_id)
    reactions: defaultdict[AnnouncementId, list[Reaction]] = defaultdict(list)
    ids = [announcement.id for announcement in found]
    for reaction in queries.list_reactions(tx, ids, reader_id=reader_id):
        reactions[reaction.announcement_id].append(build_reaction(app, reaction))
    return [_build(app, tx, a, read=a.id in read, reactions=reactions[a.id]) for a in found]


def build_reaction(app: App, reaction: DomainReaction) -> Reaction:
    """The entity of a reaction."""
    made = Reaction(reaction.name, reaction.count, reaction.mine)
    custom = app.emoji.get(f":{reaction.name}:")
    if custom is not None:
        made.url, made.static_url = custom.url, custom.static_url
    return made


def _build(
    app: App, tx: Tx, announcement: DomainAnnouncement, *, read: bool, reactions: list[Reaction]
) -> Announcement:
    parsed = parse_post(announcement.text)
    mentioned = _mentioned(tx, parsed)
    names = {tag.name: normalise_tag(tag.name) for tag in parsed.tags}
    return Announcement(
        id=str(announcement.id),
        content=to_html(
            parsed,
            mention_url={account.username_key: account.url for account in mentioned},
            tag_url=lambda name: f"{app.base_url}/tags/{name}",
        ),
        starts_at=iso(announcement.starts_at) if announcement.starts_at is not None else None,
        ends_at=iso(announcement.ends_at) if announcement.ends_at is not None else None,
        all_day=announcement.all_day,
        published_at=iso(announcement.published_at),
        updated_at=iso(announcement.updated_at),
        read=read,
        mentions=[StatusMention(str(a.id), a.username, a.acct, a.url) for a in mentioned],
        statuses=_linked(app, tx, parsed),
        tags=[StatusTag(name, f"{app.base_url}/tags/{name}") for name in names.values()],
        emojis=emojis_in(app, announcement.text),
        reactions=reactions,
    )


def _linked(app: App, tx: Tx, parsed: ParsedText) -> list[AnnouncementStatus]:
    """The posts of this server that are linked to, if everybody may read them."""
    start = f"{app.base_url}/@"
    here = [link.url for link in parsed.links if link.url.startswith(start)]
    ids = [PostId(parse_id(url.removeprefix(start).partition("/")[2])) for url in here]
    shown = list_stamps(tx, 0, ids) if ids else {}
    found = list_posts(tx, list(shown))
    return [AnnouncementStatus(str(i), found[i].url) for i in shown if i in found]


def _mentioned(tx: Tx, parsed: ParsedText) -> list[Account]:
    here = {None, tx.settings.domain}
    return list_accounts_by_name(tx, [m.username for m in parsed.mentions if m.domain in here])
