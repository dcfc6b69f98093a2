"""Writes of custom emoji, announcements and use."""

import sqlalchemy as sa

from folkmoot.domain.instance import queries
from folkmoot.domain.instance.model import (
    MAX_ANNOUNCEMENT_CHARS,
    MAX_REACTIONS,
    Announcement,
    AnnouncementId,
    AnnouncementInvalid,
    Emoji,
    EmojiExists,
    EmojiId,
    EmojiNotFound,
    TooManyReactions,
    UnknownReaction,
    UsageWeek,
    check_shortcode,
    is_unicode_emoji,
)
from folkmoot.domain.instance.tables import (
    announcement_reactions,
    announcement_reads,
    announcements,
    custom_emojis,
    usage_weeks,
)
from folkmoot.kit.db import Tx, command, insert_all, param
from folkmoot.kit.ids import new_id

_INSERT_EMOJI = insert_all(custom_emojis, or_ignore=True)
_DELETE_EMOJI = command(sa.delete(custom_emojis).where(custom_emojis.c.id == param("id")))
_INSERT = insert_all(announcements)
_READ = insert_all(announcement_reads, or_ignore=True)
_REACT = insert_all(announcement_reactions, or_ignore=True)
_UNREACT = command(
    sa.delete(announcement_reactions).where(
        announcement_reactions.c.announcement_id == param("announcement_id"),
        announcement_reactions.c.name == param("name"),
        announcement_reactions.c.account_id == param("account_id"),
    )
)
_WITHDRAW = (
    command(sa.delete(announcements).where(announcements.c.id == param("id"))),
    command(
        sa.delete(announcement_reads).where(announcement_reads.c.announcement_id == param("id"))
    ),
    command(
        sa.delete(announcement_reactions).where(
            announcement_reactions.c.announcement_id == param("id")
        )
    ),
)
_FORGET = tuple(
    command(sa.delete(kept).where(kept.c.account_id == param("account_id")))
    for kept in (announcement_reads, announcement_reactions)
)
_FORGET_WEEK = command(sa.delete(usage_weeks).where(usage_weeks.c.starts_at == param("starts_at")))
_INSERT_WEEK = insert_all(usage_weeks)


def add_emoji(tx: Tx, shortcode: str, *, file: str, static_file: str, category: str = "") -> Emoji:
    """Makes a stored picture an emoji. ShortcodeInvalid, EmojiExists."""
    emoji = Emoji(
        id=EmojiId(new_id()),
        shortcode=check_shortcode(shortcode),
        category=category.strip(),
        file=file,
        static_file=static_file,
        in_picker=True,
        created_at=tx.now,
    )
    if not tx.insert(_INSERT_EMOJI, emoji):
        raise EmojiExists
    tx.signal("emoji")
    return emoji


def remove_emoji(tx: Tx, shortcode: str) -> Emoji:
    """Removes an emoji; whoever calls deletes its files. EmojiNotFound."""
    emoji = queries.find_emoji(tx, shortcode)
    if emoji is None:
        raise EmojiNotFound
    tx.run(_DELETE_EMOJI, id=emoji.id)
    tx.signal("emoji")
    return emoji


def publish_announcement(
    tx: Tx,
    text: str,
    *,
    starts_at: int | None = None,
    ends_at: int | None = None,
    all_day: bool = False,
) -> Announcement:
    """Tells all members something. AnnouncementInvalid."""
    backwards = starts_at is not None and ends_at is not None and ends_at < starts_at
    if not text.strip() or len(text) > MAX_ANNOUNCEMENT_CHARS or backwards:
        raise AnnouncementInvalid
    announcement = Announcement(
        id=AnnouncementId(new_id()),
        text=text.strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        all_day=all_day and (starts_at is not None or ends_at is not None),
        published_at=tx.now,
        updated_at=tx.now,
    )
    tx.insert(_INSERT, announcement)
    tx.signal("announcement", announcement.id)
    return announcement


def withdraw_announcement(tx: Tx, announcement_id: int) -> Announcement:
    """Removes an announcement and what hangs on it. AnnouncementNotFound."""
    announcement = queries.get_announcement(tx, announcement_id)
    for statement in _WITHDRAW:
        tx.run(statement, id=announcement_id)
    tx.signal("announcement.deleted", announcement_id)
    return announcement


def dismiss_announcement(tx: Tx, account_id: int, announcement_id: int) -> None:
    """Notes that a member has read an announcement. AnnouncementNotFound."""
    queries.get_announcement(tx, announcement_id)
    tx.run(_READ, account_id=account_id, announcement_id=announcement_id)


def react(tx: Tx, account_id: int, announcement_id: int, name: str) -> None:
    """A member reacts by an emoji, Unicode's or one of ours. AnnouncementNotFound,
    UnknownReaction; TooManyReactions when it would be one more kind than is allowed.
    """
    announcement = queries.get_announcement(tx, announcement_id)
    if not is_unicode_emoji(name) and queries.find_emoji(tx, name) is None:
        raise UnknownReaction
    present = queries.list_reactions(tx, [announcement.id], reader_id=account_id)
    if len(present) >= MAX_REACTIONS and all(reaction.name != name for reaction in present):
        raise TooManyReactions
    tx.run(
        _REACT,
        announcement_id=announcement_id,
        name=name,
        account_id=account_id,
        created_at=tx.now,
    )
    tx.signal("announcement.reaction", announcement_id, name)


def take_reaction_back(tx: Tx, account_id: int, announcement_id: int, name: str) -> None:
    """A member reacts no longer. AnnouncementNotFound."""
    queries.get_announcement(tx, announcement_id)
    tx.run(_UNREACT, announcement_id=announcement_id, name=name, account_id=account_id)
    tx.signal("announcement.reaction", announcement_id, name)


def forget_account(tx: Tx, account_id: int) -> None:
    """Forgets what a member read and how they reacted."""
    for statement in _FORGET:
        tx.run(statement, account_id=account_id)


def record_week(tx: Tx, week: UsageWeek) -> None:
    """Keeps what was counted of a week, in place of what was counted before."""
    tx.run(_FORGET_WEEK, starts_at=week.starts_at)
    tx.insert(_INSERT_WEEK, week)
