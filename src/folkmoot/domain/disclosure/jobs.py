"""Sending statements to the EU transparency database, once an administrator has configured it.

Publishing its reasons there is a provider's legal duty (DSA, Article 24(5)); nobody is reported by
it, and nothing is sent that names anybody. A batch is taken whole or not at all; what it already
has counts as sent, so a job may die after any step.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
import structlog

from folkmoot.domain.disclosure import actions, queries
from folkmoot.domain.disclosure.model import MOST_IN_A_BATCH, Disclosed
from folkmoot.kit.clock import HOUR, SECOND
from folkmoot.kit.context import Context

if TYPE_CHECKING:
    from folkmoot.kit.http import Response

log = structlog.get_logger("disclosure")

_ANSWER_BYTES = 4 * 1024 * 1024
_TIMEOUT_S = 60.0
_NOT_ALLOWED = (401, 403)


class Send(msgspec.Struct, frozen=True):
    """A repeating job: send the statements that wait."""


class _Taken(msgspec.Struct):
    puid: str = ""
    uuid: str = ""


class _Accepted(msgspec.Struct):
    statements: list[_Taken] = []


class _Refusal(msgspec.Struct):
    message: str = ""
    errors: dict[str, msgspec.Raw] = {}


async def send(context: Context, payload: Send) -> None:
    """Sends all that is due, in batches; stops where the database asks to wait."""
    del payload
    if not context.settings.disclosure.sends:
        return
    while due := await context.db.read(queries.list_due, limit=MOST_IN_A_BATCH):
        if not await _send(context, due):
            return


async def _send(context: Context, batch: Sequence[Disclosed]) -> bool:
    """Sends a batch and notes what became of it; whether to go on with the next."""
    from folkmoot.kit.http import FetchFailed

    settings = context.settings.disclosure
    body = b'{"statements":[' + b",".join(row.body.encode() for row in batch) + b"]}"
    try:
        answer = await context.http.post(
            f"{settings.eu_url.rstrip('/')}/statements",
            body=body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {settings.eu_token}", "Accept": "application/json"},
            max_bytes=_ANSWER_BYTES,
            timeout_s=_TIMEOUT_S,
        )
    except FetchFailed as error:
        await context.db.write(actions.note_failed, batch, str(error))
        return False
    if answer.status == 201:
        await context.db.write(actions.note_sent, _taken(batch, answer))
        return True
    if answer.status == 422:
        return await _sort(context, batch, _refusal(answer))
    return await _put_off(context, batch, answer)


def _taken(batch: Sequence[Disclosed], answer: "Response") -> list[tuple[Disclosed, str]]:
    try:
        made = msgspec.json.decode(answer.body, type=_Accepted).statements
    except (msgspec.DecodeError, UnicodeDecodeError):
        made = []
    names = {each.puid: each.uuid for each in made}
    return [(row, names.get(row.puid, "")) for row in batch]


def _refusal(answer: "Response") -> _Refusal:
    try:
        return msgspec.json.decode(answer.body, type=_Refusal)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Refusal(message="status 422 without a reason that can be read")


async def _sort(context: Context, batch: Sequence[Disclosed], refusal: _Refusal) -> bool:
    """Nothing of a batch was taken: says which statements stood in the way, so that the others go
    with the next. Where nothing is said, halves find the culprit.
    """
    wrong = [
        (row, _sentences(refusal.errors[f"statement_{at}"]))
        for at, row in enumerate(batch)
        if f"statement_{at}" in refusal.errors
    ]
    if wrong:
        await context.db.write(actions.note_refused, wrong)
        log.error("statements were refused", puids=[row.puid for row, _ in wrong])
        return True
    known = _puids(refusal.errors.get("existing_puids"))
    there = [(row, "") for row in batch if row.puid in known]
    if there:
        await context.db.write(actions.note_sent, there)
        return True
    if len(batch) == 1:
        await context.db.write(actions.note_refused, [(batch[0], [refusal.message])])
        log.error("a statement was refused", puid=batch[0].puid, reason=refusal.message)
        return True
    half = len(batch) // 2
    return await _send(context, batch[:half]) and await _send(context, batch[half:])


def _sentences(raw: msgspec.Raw) -> list[str]:
    try:
        said = msgspec.json.decode(raw, type=dict[str, list[str]])
    except msgspec.DecodeError:
        return [bytes(raw).decode(errors="replace")]
    return [f"{field}: {' '.join(sentences)}" for field, sentences in said.items()]


def _puids(raw: msgspec.Raw | None) -> frozenset[str]:
    if raw is None:
        return frozenset()
    try:
        return frozenset(msgspec.json.decode(raw, type=list[str]))
    except msgspec.DecodeError:
        return frozenset()


async def _put_off(context: Context, batch: Sequence[Disclosed], answer: "Response") -> bool:
    """Waits as long as the database asks; after a refused token, an hour."""
    asked = answer.headers.get("retry-after", "")
    wait_ms = min(int(asked), 86_400) * SECOND if asked.isdigit() else 0
    problem = f"status {answer.status}"
    if answer.status in _NOT_ALLOWED:
        wait_ms, problem = HOUR, f"the token disclosure.eu_token is not accepted ({problem})"
    log.warning("statements wait", count=len(batch), problem=problem)
    await context.db.write(actions.note_failed, batch, problem, wait_ms=wait_ms)
    return False
