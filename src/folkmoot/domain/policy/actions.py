"""Publishing what binds, and accepting it. A version is added, never changed."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256

import msgspec
import sqlalchemy as sa

from folkmoot.domain.auth.actions import send_notice
from folkmoot.domain.auth.queries import has_members, list_users_after
from folkmoot.domain.instance.actions import dismiss_announcement, publish_announcement
from folkmoot.domain.instance.model import AnnouncementNotFound
from folkmoot.domain.policy import queries
from folkmoot.domain.policy.events import VersionPublished
from folkmoot.domain.policy.model import (
    MAX_AHEAD,
    MAX_BODY_CHARS,
    MAX_NOTE_CHARS,
    REMIND_BEFORE,
    DocumentInvalid,
    Kind,
    MembersToTell,
    NoteInvalid,
    NothingChanged,
    NoticeTooShort,
    Rule,
    RuleDraft,
    RuleId,
    Stage,
    Version,
    VersionExists,
    VersionId,
    VersionTooEarly,
    VersionTooLate,
    bind_rule,
    draft_of,
    earliest_day,
    shipped_documents,
    shipped_rules,
    shipped_version,
)
from folkmoot.domain.policy.tables import (
    policy_acceptances,
    policy_documents,
    policy_rules,
    policy_versions,
)
from folkmoot.domain.transparency.actions import record
from folkmoot.domain.transparency.model import Hashed, PolicyVersion, canonical
from folkmoot.domain.words.model import DEFAULT, say
from folkmoot.kit import clock, jobs
from folkmoot.kit.db import Tx, command, insert_all, param

_LETTERS = 200
_INSERT = insert_all(policy_versions, or_ignore=True)
_INSERT_RULE = insert_all(policy_rules)
_INSERT_DOCUMENT = insert_all(policy_documents)
_ACCEPT = insert_all(policy_acceptances, or_ignore=True)
_FORGET = command(
    sa.delete(policy_acceptances).where(policy_acceptances.c.account_id == param("account_id"))
)


def publish_version(
    tx: Tx,
    *,
    rules: Sequence[RuleDraft] | None = None,
    documents: Mapping[Kind, str] | None = None,
    effective_from: int | None = None,
    note: str = "",
) -> Version:
    """Publishes the next version: the whole set of rules and the documents. What is not given
    stays as in the newest version.

    It takes effect on the day of `effective_from`, or on the earliest day there is: once there
    are members, whole days of notice lie before it. RulesInvalid, DocumentInvalid, NoteInvalid,
    NothingChanged, NoticeTooShort, VersionTooEarly, VersionTooLate, VersionExists.
    """
    adopt_shipped(tx)
    newest = queries.list_versions(tx)[0]
    before = [draft_of(rule) for rule in queries.list_rules(tx, newest)]
    drafts = before if rules is None else list(rules)
    queries.list_draft_changes(tx, drafts)
    kept = queries.list_documents(tx, newest)
    bodies = {**kept, **_checked_documents(documents or {})}
    if len(note) > MAX_NOTE_CHARS:
        raise NoteInvalid
    if bodies == kept and drafts == before:
        raise NothingChanged(version=newest.id)
    version = _next_version(tx, newest, effective_from, note.strip())
    if version.grace_until is not None:
        version = _announce(tx, version)
        _order_letters(tx, version)
    numbered = _numbered(drafts, version.id, queries.list_codes(tx))
    store_version(tx, version, numbered, bodies)
    return version


def adopt_shipped(tx: Tx) -> None:
    """Publishes the shipped texts as version 1 where nothing is published yet, so that a later
    release of the program changes nothing in what binds.
    """
    if queries.find_stored(tx) is None:
        with suppress(VersionExists):  # another process was quicker
            store_version(tx, shipped_version(tx.now), shipped_rules(), shipped_documents())


def store_version(
    tx: Tx, version: Version, rules: Sequence[Rule], documents: Mapping[Kind, str]
) -> None:
    """The one way by which a version comes to be. VersionExists."""
    if not tx.insert(_INSERT, version):
        raise VersionExists
    tx.many(_INSERT_RULE, [_row(rule) for rule in rules])
    tx.many(
        _INSERT_DOCUMENT,
        [{"version_id": version.id, "kind": k, "body": body} for k, body in documents.items()],
    )
    record(tx, _entry(version, rules, documents))
    tx.announce(VersionPublished(version))
    tx.signal("policy", version.id)


def _entry(version: Version, rules: Sequence[Rule], documents: Mapping[Kind, str]) -> PolicyVersion:
    """What the public log says of a version."""
    grace_until = version.grace_until
    return PolicyVersion(
        version=version.id,
        effective_on=clock.iso_day(version.effective_from),
        rules=tuple(
            Hashed(name=rule.code, sha256=sha256(canonical(draft_of(rule))).hexdigest())
            for rule in rules
        ),
        documents=tuple(
            Hashed(name=kind, sha256=sha256(body.encode()).hexdigest())
            for kind, body in documents.items()
        ),
        grace_until=None if grace_until is None else clock.iso_day(grace_until),
        after_grace=None if grace_until is None else version.after_grace,
    )


def accept_version(tx: Tx, account_id: int, version_id: int) -> Version:
    """Keeps that a member accepts a version, and with it those before. VersionNotFound."""
    adopt_shipped(tx)
    version = queries.get_version(tx, version_id)
    if tx.run(_ACCEPT, account_id=account_id, version_id=version.id, accepted_at=tx.now):
        _dismiss_announcements(tx, account_id, version)
    return version


def accept_in_force(tx: Tx, account_id: int) -> Version:
    """Keeps that somebody who joins accepts what holds now."""
    return accept_version(tx, account_id, queries.get_version_in_force(tx).id)


def forget_acceptances(tx: Tx, account_id: int) -> None:
    """Forgets what an account accepted."""
    tx.run(_FORGET, account_id=account_id)


def _checked_documents(documents: Mapping[Kind, str]) -> Mapping[Kind, str]:
    for body in documents.values():
        if not body.strip() or len(body) > MAX_BODY_CHARS:
            raise DocumentInvalid
    return documents


def _next_version(tx: Tx, newest: Version, effective_from: int | None, note: str) -> Version:
    settings = tx.settings.policy
    told = has_members(tx)
    notice_days = settings.notice_days if told else 0
    earliest = earliest_day(tx.now, notice_days)
    wanted = max(earliest, newest.effective_from) if effective_from is None else effective_from
    day = clock.day_start(wanted)
    if day < earliest:
        raise NoticeTooShort(days=notice_days, day=clock.iso_day(earliest))
    if day > max(earliest, newest.effective_from) + MAX_AHEAD:
        raise VersionTooLate(day=clock.iso_day(day))
    if day < newest.effective_from:
        raise VersionTooEarly(version=newest.id, day=clock.iso_day(newest.effective_from))
    return Version(
        id=VersionId(newest.id + 1),
        published_at=tx.now,
        effective_from=day,
        grace_until=day + settings.grace_days * clock.DAY if told else None,
        after_grace=settings.after_grace,
        note=note,
    )


def _letter(version: Version, stage: Stage) -> str:
    """The name of a letter in the catalogue."""
    pausing = "_pausing" if version.pauses_posting and stage is not Stage.PAUSED else ""
    return f"rules_{stage}{pausing}"


def _facts(version: Version) -> dict[str, object]:
    """What the letters, and the announcement, say of a version."""
    day, until = _days(version)
    note = f"{version.note}\n\n" if version.note else ""
    return {"version": version.id, "day": day, "until": until, "note": note}


def _days(version: Version) -> tuple[str, str]:
    """The days from which a version holds and by which it is to be accepted."""
    assert version.grace_until is not None
    return clock.iso_day(version.effective_from), clock.iso_day(version.grace_until)


def _announce(tx: Tx, version: Version) -> Version:
    """Tells all members in their apps, until the time of grace is over."""
    letter = _letter(version, Stage.PUBLISHED)
    base_url = tx.settings.server.base_url
    text = say(DEFAULT, f"letters.{letter}.text", base_url=base_url, **_facts(version))
    made = publish_announcement(tx, text, ends_at=version.grace_until)
    return msgspec.structs.replace(version, announcement_id=made.id)


def _dismiss_announcements(tx: Tx, account_id: int, accepted: Version) -> None:
    """Who has accepted need not be told any more, nor of earlier versions; the team may have
    withdrawn an announcement before.
    """
    for version in queries.list_versions(tx):
        shown = version.grace_until is not None and version.grace_until > tx.now
        if version.id <= accepted.id and shown and version.announcement_id is not None:
            with suppress(AnnouncementNotFound):
                dismiss_announcement(tx, account_id, version.announcement_id)


def _order_letters(tx: Tx, version: Version) -> None:
    """Letters now, before the end of the time of grace, and at it where something follows."""
    assert version.grace_until is not None
    order_letters(tx, version, Stage.PUBLISHED, at=tx.now)
    remind_at = max(version.effective_from, version.grace_until - REMIND_BEFORE)
    order_letters(tx, version, Stage.REMINDER, at=remind_at)
    if version.pauses_posting:
        order_letters(tx, version, Stage.PAUSED, at=version.grace_until)


def order_letters(tx: Tx, version: Version, stage: Stage, *, at: int, after: int = 0) -> None:
    """Sees to it that members from `after` on get the letter of a stage at a moment."""
    jobs.enqueue(tx, "policy.tell", MembersToTell(version.id, stage, after), at=at)


def tell_some(tx: Tx, order: MembersToTell) -> None:
    """Writes to the next members who have not accepted yet, and orders those after them."""
    version = queries.get_version(tx, order.version_id)
    members = list_users_after(tx, order.after, limit=_LETTERS)
    accepted = queries.list_accepted(tx, [user.account_id for user in members], version)
    letter, facts = _letter(version, order.stage), _facts(version)
    for user in members:
        if user.account_id not in accepted:
            send_notice(tx, user, letter, **facts)
    if len(members) == _LETTERS:
        last = members[-1].account_id
        order_letters(tx, version, order.stage, at=tx.now, after=last)


def _numbered(
    drafts: Sequence[RuleDraft], version_id: VersionId, codes: Mapping[str, RuleId]
) -> list[Rule]:
    """The drafts as rules of a version; codes keep their number, new ones take the next."""
    numbers = dict(codes)
    for draft in drafts:
        numbers.setdefault(draft.code, RuleId(max(numbers.values(), default=0) + 1))
    return [
        bind_rule(draft, version_id, numbers[draft.code], at) for at, draft in enumerate(drafts, 1)
    ]


def _row(rule: Rule) -> dict[str, object]:
    body = msgspec.json.encode(draft_of(rule)).decode()
    return {
        "version_id": rule.version_id,
        "code": rule.code,
        "rule_id": rule.id,
        "position": rule.position,
        "body": body,
    }
