"""Reads of what binds."""

import sqlalchemy as sa

from folkmoot.domain.policy.model import (
    Document,
    DocumentNotFound,
    Kind,
    Rule,
    RuleNotFound,
    shipped_document,
    shipped_rules,
)
from folkmoot.domain.policy.tables import documents, rules
from folkmoot.kit.clock import DAY
from folkmoot.kit.db import Tx, param, rows

_RULES = rows(sa.select(rules).order_by(rules.c.position, rules.c.id), Rule)
_VERSIONS = rows(
    sa.select(documents)
    .where(documents.c.kind == param("kind"))
    .order_by(documents.c.effective_from.desc()),
    Document,
)


def list_all_rules(tx: Tx) -> list[Rule]:
    """Every rule there is, was or will be, in order."""
    return tx.all(_RULES) or list(shipped_rules())


def list_rules(tx: Tx) -> list[Rule]:
    """The rules in force, in order."""
    return [rule for rule in list_all_rules(tx) if rule.holds_at(tx.now)]


def get_rule(tx: Tx, rule_id: int) -> Rule:
    """A rule, in force or not; or RuleNotFound."""
    found = next((rule for rule in list_all_rules(tx) if rule.id == rule_id), None)
    if found is None:
        raise RuleNotFound
    return found


def list_versions(tx: Tx, kind: Kind) -> list[Document]:
    """Every version of a document, newest first, also those yet to take effect."""
    return tx.all(_VERSIONS, kind=kind) or [shipped_document(kind, tx.settings)]


def get_document(tx: Tx, kind: Kind) -> Document:
    """The version in force; before the first takes effect, that one."""
    versions = list_versions(tx, kind)
    return next((v for v in versions if v.effective_from <= tx.now), versions[-1])


def get_version(tx: Tx, kind: Kind, day: int) -> Document:
    """The version that takes effect on the day which begins at `day`; or DocumentNotFound."""
    for version in list_versions(tx, kind):
        if day <= version.effective_from < day + DAY:
            return version
    raise DocumentNotFound


def find_successor(tx: Tx, document: Document) -> Document | None:
    """The version that follows a version, if one is published."""
    later = [
        version
        for version in list_versions(tx, Kind(document.kind))
        if version.effective_from > document.effective_from
    ]
    return later[-1] if later else None
