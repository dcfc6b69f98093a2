"""Holds query plans: every table is reached by an index, and no page is sorted after the fact."""

import re
from typing import Any

from folkmoot.kit.db import Paged, Query, Tx

# SQLite reads the values of a list parameter, and rows it has just made, by "scanning" them.
_MADE = (
    "down|each|first|found|lately|latest|library|line|merged|newest|one|post|recent|some|stretch"
    "|tagged|up|whole"
)
# A full-text table is read whole where neither a match nor a key is named behind the number; a
# partial index read in its order holds only what is wanted; fresh posts are those of a second.
_RANGES = r"post_index VIRTUAL TABLE INDEX \d+:.|accounts USING INDEX accounts_discoverable"
_RANGES += (
    "|cases USING (COVERING )?INDEX cases_(queue|proposed|due)|appeals USING INDEX appeals_open"
    "|users USING INDEX users_pending"
    "|practice_cases USING (COVERING )?INDEX practice_(live|shipped)"
    "|practice_answers USING (COVERING )?INDEX practice_answers_given"
    "|second_looks USING (COVERING )?INDEX second_looks_(open|done|wished)"
    "|fresh_posts"
)
_RANGES += "|disclosures USING (COVERING )?INDEX disclosures_(waiting|refused)"
_RANGES += "|(legal_requests|referrals) USING INDEX (legal_requests|referrals)_waiting"
_HARMLESS = re.compile(rf"SCAN (json_each|CONSTANT ROW|\(?subquery|{_RANGES}|({_MADE})\b)")


def check_plan(tx: Tx, query: Query[Any], *, sorted_by_index: bool = True, **params: Any) -> None:
    """Fails when a table is read whole or, unless allowed, rows are sorted."""
    if tx.dialect == "postgresql":
        # With few rows reading a table whole is cheapest; forbidden, it shows what is possible.
        # Reads run outside a transaction, where SET LOCAL would do nothing.
        tx.script("SET enable_seqscan = off")
    plan = tx.explain(query, **params)
    if tx.dialect == "postgresql":
        tx.script("RESET enable_seqscan")
    for line in plan.splitlines():
        whole = "Seq Scan" in line or (line.startswith("SCAN") and not _HARMLESS.match(line))
        assert not whole, plan
        if sorted_by_index and tx.dialect == "sqlite":
            assert not line.startswith("USE TEMP B-TREE FOR"), plan


def check_page_plan(tx: Tx, query: Paged[Any], **params: Any) -> None:
    """`check_plan` for both directions of a list."""
    bounds = {"max_id": 1 << 62, "since_id": 0, "limit": 20, "now": tx.now}
    check_plan(tx, query.newest, **bounds, **params)
    check_plan(tx, query.oldest, **bounds, **params)
