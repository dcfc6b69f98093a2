"""Publishing what binds. A version is added, never changed."""

from collections.abc import Mapping

import msgspec
import sqlalchemy as sa

from folkmoot.domain.policy import queries
from folkmoot.domain.policy.model import (
    MAX_BODY_CHARS,
    Category,
    Document,
    DocumentId,
    DocumentInvalid,
    Kind,
    RetroactiveVersion,
    Rule,
    RuleId,
    Translation,
    VersionExists,
    check_rule,
    shipped_document,
    shipped_rules,
)
from folkmoot.domain.policy.tables import documents, rules
from folkmoot.kit import clock
from folkmoot.kit.db import Tx, command, insert_all, param
from folkmoot.kit.ids import new_id
from folkmoot.kit.text import render_markdown

_INSERT_RULE = insert_all(rules, or_ignore=True)
_INSERT_DOCUMENT = insert_all(documents, or_ignore=True)
_RETIRE = command(
    sa.update(rules)
    .where(rules.c.id == param("rule_id"))
    .values(retired_from=param("retired_from"))
)


def publish_rule(
    tx: Tx,
    *,
    category: Category,
    text: str,
    hint: str = "",
    translations: Mapping[str, Translation] | None = None,
    effective_from: int | None = None,
    position: int | None = None,
) -> Rule:
    """Adds a rule, after the others unless a position is given. RuleInvalid, RetroactiveVersion."""
    translated = dict(translations or {})
    check_rule(text, hint, translated)
    _adopt_shipped_rules(tx)
    present = queries.list_all_rules(tx)
    rule = Rule(
        id=RuleId(new_id()),
        position=position or max((r.position for r in present), default=0) + 1,
        category=category,
        text=text.strip(),
        hint=hint.strip(),
        translations=msgspec.json.encode(translated).decode(),
        effective_from=_checked(tx, effective_from),
        retired_from=None,
    )
    tx.insert(_INSERT_RULE, rule)
    tx.signal("policy")
    return rule


def retire_rule(tx: Tx, rule_id: int, *, retired_from: int | None = None) -> Rule:
    """Ends a rule on a day; it stays readable, since decisions cite it. RuleNotFound."""
    _adopt_shipped_rules(tx)
    rule = queries.get_rule(tx, rule_id)
    at = _checked(tx, retired_from)
    tx.run(_RETIRE, rule_id=rule_id, retired_from=at)
    tx.signal("policy")
    return msgspec.structs.replace(rule, retired_from=at)


def replace_rule(
    tx: Tx,
    rule_id: int,
    *,
    text: str,
    hint: str = "",
    translations: Mapping[str, Translation] | None = None,
    effective_from: int | None = None,
) -> Rule:
    """Words a rule anew: the old wording ends on the day on which the new one begins."""
    old = retire_rule(tx, rule_id, retired_from=effective_from)
    return publish_rule(
        tx,
        category=Category(old.category),
        text=text,
        hint=hint,
        translations=translations,
        effective_from=old.retired_from,
        position=old.position,
    )


def publish_document(
    tx: Tx, kind: Kind, body: str, *, effective_from: int | None = None
) -> Document:
    """Publishes a new version in Markdown. DocumentInvalid, VersionExists, RetroactiveVersion."""
    if not body.strip() or len(body) > MAX_BODY_CHARS:
        raise DocumentInvalid
    tx.insert(_INSERT_DOCUMENT, shipped_document(kind, tx.settings))
    document = Document(
        id=DocumentId(new_id()),
        kind=kind,
        body=body,
        html=render_markdown(body),
        published_at=tx.now,
        effective_from=_checked(tx, effective_from),
    )
    if not tx.insert(_INSERT_DOCUMENT, document):
        raise VersionExists
    tx.signal("policy")
    return document


def _checked(tx: Tx, at: int | None) -> int:
    """The beginning of the day given, or of today; never of a day that is over."""
    today = clock.day_start(tx.now)
    day = today if at is None else clock.day_start(at)
    if day < today:
        raise RetroactiveVersion
    return day


def _adopt_shipped_rules(tx: Tx) -> None:
    """Stores the shipped rules as the first ones, so that a later change has them as history."""
    if queries.list_all_rules(tx) == list(shipped_rules()):
        for rule in shipped_rules():
            tx.insert(_INSERT_RULE, rule)
