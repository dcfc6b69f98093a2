"""Reads of custom emoji, announcements and use."""

import sqlalchemy as sa

from folkmoot.domain.instance.model import (
    Announcement,
    AnnouncementId,
    AnnouncementNotFound,
    DatabaseFacts,
    Emoji,
    Reaction,
    UsageWeek,
)
from folkmoot.domain.instance.tables import (
    announcement_reactions,
    announcement_reads,
    announcements,
    custom_emojis,
    usage_weeks,
)
from folkmoot.kit.db import Id, Moment, Tx, param, rows, values, within

_EMOJIS = rows(
    sa.select(custom_emojis).order_by(custom_emojis.c.category, custom_emojis.c.shortcode), Emoji
)
_EMOJI = rows(
    sa.select(custom_emojis).where(custom_emojis.c.shortcode == param("shortcode")), Emoji
)
_SHOWN = rows(
    sa.select(announcements)
    .where(
        announcements.c.published_at <= param("now", Moment),
        sa.or_(announcements.c.ends_at.is_(None), announcements.c.ends_at > param("now", Moment)),
    )
    .order_by(announcements.c.id),
    Announcement,
)
_ALL = rows(sa.select(announcements).order_by(announcements.c.id), Announcement)
_BY_ID = rows(sa.select(announcements).where(announcements.c.id == param("id")), Announcement)
_READ_IDS = values(
    sa.select(announcement_reads.c.announcement_id).where(
        announcement_reads.c.account_id == param("account_id")
    ),
    AnnouncementId,
)
_mine = sa.case(
    (announcement_reactions.c.account_id == param("account_id", Id), sa.literal_column("1")),
    else_=sa.literal_column("0"),
)
_REACTIONS = rows(
    sa.select(
        announcement_reactions.c.announcement_id,
        announcement_reactions.c.name,
        sa.func.count(),
        sa.func.max(_mine),
    )
    .where(within(announcement_reactions.c.announcement_id, "ids"))
    .group_by(announcement_reactions.c.announcement_id, announcement_reactions.c.name)
    .order_by(sa.func.min(announcement_reactions.c.created_at)),
    Reaction,
)
_WEEKS = rows(
    sa.select(usage_weeks)
    .where(usage_weeks.c.starts_at >= param("since", Moment))
    .order_by(usage_weeks.c.starts_at.desc()),
    UsageWeek,
)


def list_emojis(tx: Tx) -> list[Emoji]:
    """Every custom emoji, by category and name."""
    return tx.all(_EMOJIS)


def find_emoji(tx: Tx, shortcode: str) -> Emoji | None:
    """The custom emoji of a shortcode."""
    return tx.first(_EMOJI, shortcode=shortcode)


def list_announcements(tx: Tx) -> list[Announcement]:
    """Those that are shown now, oldest first."""
    return tx.all(_SHOWN, now=tx.now)


def list_all_announcements(tx: Tx) -> list[Announcement]:
    """Every one, also those to come and those that are over."""
    return tx.all(_ALL)


def get_announcement(tx: Tx, announcement_id: int) -> Announcement:
    """The announcement of an id; AnnouncementNotFound when there is none."""
    found = tx.first(_BY_ID, id=announcement_id)
    if found is None:
        raise AnnouncementNotFound
    return found


def list_read_ids(tx: Tx, account_id: int) -> frozenset[AnnouncementId]:
    """The announcements that a member has dismissed."""
    return frozenset(tx.all(_READ_IDS, account_id=account_id))


def list_reactions(tx: Tx, ids: list[AnnouncementId], *, reader_id: int) -> list[Reaction]:
    """The reactions to announcements, the first one first."""
    return tx.all(_REACTIONS, ids=ids, account_id=reader_id) if ids else []


def measure_database(tx: Tx) -> DatabaseFacts:
    """Which database it is, and how much room it takes."""
    if tx.dialect == "sqlite":
        (version,) = tx.script("SELECT sqlite_version()")[0]
        pages = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        return DatabaseFacts("SQLite", version, tx.script(pages)[0][0])
    (version,) = tx.script("SHOW server_version")[0]
    (size,) = tx.script("SELECT pg_database_size(current_database())")[0]
    return DatabaseFacts("PostgreSQL", version, size)


def list_weeks(tx: Tx, *, since: int) -> list[UsageWeek]:
    """The use of each week from a moment on, newest first."""
    return tx.all(_WEEKS, since=since)
