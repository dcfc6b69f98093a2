"""Reads of what binds. Where nothing is stored yet, what ships is version 1."""

from collections.abc import Mapping, Sequence

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import Account, AccountId
from folkmoot.domain.policy.model import (
    Document,
    DocumentNotFound,
    Kind,
    Pending,
    PostingPaused,
    Rule,
    RuleChange,
    RuleDraft,
    RuleId,
    RuleNotFound,
    StoredRule,
    Version,
    VersionId,
    VersionNotFound,
    bind_rule,
    check_rules,
    compare_rules,
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
from folkmoot.kit.clock import DAY, day_start
from folkmoot.kit.db import Id, Moment, Tx, param, rows, values, within

_ALL = rows(sa.select(policy_versions).order_by(policy_versions.c.id.desc()), Version)
_BY_ID = rows(sa.select(policy_versions).where(policy_versions.c.id == param("id")), Version)
# Later versions never take effect before earlier ones.
_IN_FORCE = rows(
    sa.select(policy_versions)
    .where(policy_versions.c.effective_from <= param("now", Moment))
    .order_by(policy_versions.c.id.desc())
    .limit(sa.literal_column("1")),
    Version,
)
_NEXT = rows(
    sa.select(policy_versions)
    .where(policy_versions.c.id > param("id"))
    .order_by(policy_versions.c.id)
    .limit(sa.literal_column("1")),
    Version,
)
_RULES = rows(
    sa.select(policy_rules)
    .where(policy_rules.c.version_id == param("version_id"))
    .order_by(policy_rules.c.position),
    StoredRule,
)
_RULE = rows(
    sa.select(policy_rules).where(
        policy_rules.c.version_id == param("version_id"), policy_rules.c.code == param("code")
    ),
    StoredRule,
)


class _Numbered(msgspec.Struct):
    code: str
    id: RuleId


_CODES = rows(
    sa.select(policy_rules.c.code, policy_rules.c.rule_id)
    .distinct()
    .order_by(policy_rules.c.rule_id),
    _Numbered,
)
_DOCUMENT = values(
    sa.select(policy_documents.c.body).where(
        policy_documents.c.version_id == param("version_id"),
        policy_documents.c.kind == param("kind"),
    ),
    str,
)
_accepted = (
    sa.select(
        sa.func.coalesce(sa.func.max(policy_acceptances.c.version_id), sa.literal_column("0"))
    )
    .where(policy_acceptances.c.account_id == param("account_id", Id))
    .scalar_subquery()
)
_ACCEPTED = values(sa.select(_accepted), VersionId)
_UNACCEPTED = rows(
    sa.select(policy_versions)
    .where(policy_versions.c.grace_until.is_not(None), policy_versions.c.id > _accepted)
    .order_by(policy_versions.c.id),
    Version,
)
_ACCEPTED_BY = values(
    sa.select(policy_acceptances.c.account_id).where(
        within(policy_acceptances.c.account_id, "ids"),
        policy_acceptances.c.version_id >= param("version_id"),
    ),
    AccountId,
)
_COUNT_ACCEPTED = values(
    sa.select(sa.func.count(sa.distinct(policy_acceptances.c.account_id))).where(
        policy_acceptances.c.version_id >= param("version_id")
    ),
    int,
)


def list_versions(tx: Tx) -> list[Version]:
    """Every version, newest first, also those yet to take effect."""
    return tx.all(_ALL) or [shipped_version(tx.now)]


def find_stored(tx: Tx) -> Version | None:
    """The first version, once one is stored."""
    return tx.first(_NEXT, id=0)


def get_version(tx: Tx, version_id: int) -> Version:
    """The version of a number; or VersionNotFound."""
    found = tx.first(_BY_ID, id=version_id)
    if found is None:
        found = next((v for v in list_versions(tx) if v.id == version_id), None)
    if found is None:
        raise VersionNotFound
    return found


def get_version_in_force(tx: Tx) -> Version:
    """The version that holds now."""
    return tx.first(_IN_FORCE, now=tx.now) or shipped_version(tx.now)


def find_successor(tx: Tx, version: Version) -> Version | None:
    """The version that follows a version, if one is published."""
    return tx.first(_NEXT, id=version.id)


def get_version_of_day(tx: Tx, at: int) -> Version:
    """The version that takes effect on the day of a moment; VersionNotFound."""
    for version in list_versions(tx):
        if day_start(at) <= version.effective_from < day_start(at) + DAY:
            return version
    raise VersionNotFound


def list_rules(tx: Tx, version: Version | None = None) -> list[Rule]:
    """The rules of a version, or those in force, in order."""
    asked = version or get_version_in_force(tx)
    found = [_decode(row) for row in tx.all(_RULES, version_id=asked.id)]
    return found or list(shipped_rules())


def get_rule(tx: Tx, code: str) -> Rule:
    """The rule of a code that is in force; or RuleNotFound."""
    return get_rule_of_version(tx, get_version_in_force(tx).id, code)


def get_rule_of_version(tx: Tx, version_id: int, code: str) -> Rule:
    """The rule that a decision pins: that of a code in a version. VersionNotFound, RuleNotFound."""
    row = tx.first(_RULE, version_id=version_id, code=code)
    if row is not None:
        return _decode(row)
    version = get_version(tx, version_id)
    found = next((rule for rule in list_rules(tx, version) if rule.code == code), None)
    if found is None:
        raise RuleNotFound
    return found


def list_codes(tx: Tx) -> Mapping[str, RuleId]:
    """Every code there is or was, with the number that stands for it in the client API."""
    found = {row.code: row.id for row in tx.all(_CODES)}
    return found or {rule.code: rule.id for rule in shipped_rules()}


def get_document(tx: Tx, kind: Kind, version: Version | None = None) -> Document:
    """A document of a version, or the one in force."""
    asked = version or get_version_in_force(tx)
    body = tx.first(_DOCUMENT, version_id=asked.id, kind=kind)
    if body is None:
        body = shipped_documents()[kind]
    return Document(asked.id, kind, body, asked.effective_from)


def get_document_of_day(tx: Tx, kind: Kind, at: int) -> Document:
    """The document that takes effect on the day of a moment; or DocumentNotFound."""
    try:
        return get_document(tx, kind, get_version_of_day(tx, at))
    except VersionNotFound as error:
        raise DocumentNotFound from error


def list_documents(tx: Tx, version: Version) -> dict[Kind, str]:
    """The texts of a version."""
    return {kind: get_document(tx, kind, version).body for kind in Kind}


def list_rule_changes(tx: Tx, old: Version, new: Version) -> list[RuleChange]:
    """The rules of two versions side by side, changed or not."""
    return compare_rules(list_rules(tx, old), list_rules(tx, new))


def list_draft_changes(tx: Tx, drafts: Sequence[RuleDraft]) -> list[RuleChange]:
    """What rules as written would change in the newest version; RulesInvalid."""
    newest = list_rules(tx, list_versions(tx)[0])
    check_rules(drafts, retired=list_codes(tx).keys() - {rule.code for rule in newest})
    return compare_rules(newest, drafts)


def get_accepted(tx: Tx, account_id: int) -> VersionId:
    """The newest version that a member has accepted; 0 when none is recorded."""
    return tx.one(_ACCEPTED, account_id=account_id)


def find_pending(tx: Tx, account_id: int) -> Pending | None:
    """What a member is asked to accept, if anything. Accepting it accepts those before it."""
    waiting = tx.all(_UNACCEPTED, account_id=account_id)
    if not waiting:
        return None
    pausing = [version for version in waiting if version.pauses_posting]
    due_at = min(v.grace_until for v in pausing or waiting if v.grace_until is not None)
    return Pending(waiting[-1], due_at, paused=bool(pausing) and due_at <= tx.now)


def check_posting(tx: Tx, author: Account) -> None:
    """PostingPaused for a member who let the time of grace run out; acceptance ends it."""
    pending = find_pending(tx, author.id) if author.is_local else None
    if pending is not None and pending.paused:
        raise PostingPaused(url=f"{tx.settings.server.base_url}/rules/accept")


def list_accepted(tx: Tx, account_ids: list[AccountId], version: Version) -> set[AccountId]:
    """Those of the members who have accepted a version or a later one."""
    return set(tx.all(_ACCEPTED_BY, ids=account_ids, version_id=version.id))


def count_accepted(tx: Tx, version: Version) -> int:
    """How many members have accepted a version or a later one."""
    return tx.one(_COUNT_ACCEPTED, version_id=version.id)


def _decode(row: StoredRule) -> Rule:
    draft = msgspec.json.decode(row.body, type=RuleDraft)
    return bind_rule(draft, row.version_id, row.id, row.position)
