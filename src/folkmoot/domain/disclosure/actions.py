"""Writes of statements: made with their decision, and what became of sending them."""

from collections.abc import Iterable

import msgspec
import sqlalchemy as sa

from folkmoot.domain.decisions.model import Decision
from folkmoot.domain.disclosure.model import (
    MAX_PROBLEM_CHARS,
    Disclosed,
    State,
    check_statement,
    state_reasons,
)
from folkmoot.domain.disclosure.tables import IS_REFUSED, disclosures
from folkmoot.domain.policy.queries import get_rule_of_version
from folkmoot.kit.clock import HOUR, MINUTE
from folkmoot.kit.db import Tx, command, insert_all, param

_LONGEST_PAUSE = 6 * HOUR

_INSERT = insert_all(disclosures)
_CHANGE = command(
    sa.update(disclosures)
    .where(disclosures.c.id == param("disclosed_id"))
    .values(
        state=param("new_state"),
        tries=param("new_tries"),
        next_at=param("new_next_at"),
        sent_at=param("new_sent_at"),
        reference=param("new_reference"),
        problem=param("new_problem"),
    )
)
_WAIT_AGAIN = command(
    sa.update(disclosures)
    .where(IS_REFUSED)
    .values(state=State.WAITING.value, next_at=param("now"), tries=sa.literal_column("0"))
)


def state(tx: Tx, decision: Decision) -> Disclosed | None:
    """Writes the statement of a decision; None for one that restricts nothing.

    One that the schema's rules refuse is kept as refused, with what is wrong.
    """
    if not decision.restricts:
        return None
    rule = get_rule_of_version(tx, decision.version_id, decision.rule_code)
    made = state_reasons(decision, rule, base_url=tx.settings.server.base_url)
    faults = check_statement(made)
    row = Disclosed(
        id=decision.id,
        puid=made.puid,
        decided_at=decision.created_at,
        body=msgspec.json.encode(made).decode(),
        state=State.REFUSED if faults else State.WAITING,
        tries=0,
        next_at=tx.now,
        sent_at=None,
        reference="",
        problem=_words([f"{fault.field}: {fault.sentence}" for fault in faults]),
    )
    tx.insert(_INSERT, row)
    return row


def note_sent(tx: Tx, taken: Iterable[tuple[Disclosed, str]]) -> None:
    """Notes which statements the database has, and the name it gave each, where it told."""
    for row, reference in taken:
        _change(tx, row, state=State.SENT, sent_at=tx.now, reference=reference, problem="")


def note_refused(tx: Tx, refused: Iterable[tuple[Disclosed, list[str]]]) -> None:
    """Notes statements that will not be taken as they are, with the database's reasons."""
    for row, sentences in refused:
        said = _words(sentences) or "It was refused without a reason."
        _change(tx, row, state=State.REFUSED, problem=said)


def note_failed(tx: Tx, failed: Iterable[Disclosed], problem: str, *, wait_ms: int = 0) -> None:
    """Puts statements off: for as long as the database asks, else longer each time."""
    for row in failed:
        pause = wait_ms or min(MINUTE * 2 ** min(row.tries, 20), _LONGEST_PAUSE)
        _change(tx, row, tries=row.tries + 1, next_at=tx.now + pause, problem=_words([problem]))


def send_again(tx: Tx) -> int:
    """Lets every refused statement wait for another try; gives how many."""
    return tx.run(_WAIT_AGAIN, now=tx.now)


def _change(tx: Tx, row: Disclosed, **new: object) -> None:
    changed = msgspec.structs.replace(row, **new)
    tx.run(
        _CHANGE,
        disclosed_id=row.id,
        new_state=changed.state,
        new_tries=changed.tries,
        new_next_at=changed.next_at,
        new_sent_at=changed.sent_at,
        new_reference=changed.reference,
        new_problem=changed.problem,
    )


def _words(sentences: list[str]) -> str:
    return " ".join(sentences)[:MAX_PROBLEM_CHARS]
