"""/settings/imports: what the member brings in from elsewhere, looked through, begun, watched."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from folkmoot.domain.importing import actions, queries
from folkmoot.domain.importing.jobs import failed_rows, keep_upload
from folkmoot.domain.importing.model import Lost, Preview, RowState, TooManyRows, Wish
from folkmoot.domain.media.model import UploadMissing
from folkmoot.domain.portability.model import Kind, State
from folkmoot.kit.clock import iso_day
from folkmoot.kit.errors import Invalid
from folkmoot.surfaces.archives import csvs
from folkmoot.surfaces.web.forms import TooLarge
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.settings import Failure, ImportPage, ImportsPage, Transfer
from folkmoot.surfaces.web.routes.data import NAMES, WATCH, attached
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from folkmoot.domain.importing.model import Import, ImportRow
    from folkmoot.kit.errors import Refusal
    from folkmoot.surfaces.web.forms import Upload

router = Router()

HERE = "/settings/imports"
KINDS = tuple(kind for kind in Kind if kind is not Kind.FOLLOWERS)
_CSV_BYTES = 20 * 1024 * 1024
_ROWS = 500
_SHOWN = 50


class KindUnknown(Invalid):
    """Please choose what it is"""


def _page(visit: Visit, form: Form) -> Answer:
    files = {kind: "archive" if kind is Kind.POSTS else "CSV" for kind in KINDS}
    page = ImportsPage(
        frame=frame(visit),
        kinds=tuple((kind.value, f"{NAMES[kind]} ({files[kind]})") for kind in KINDS),
        imports=list_transfers(visit),
        form=form,
    )
    return show(visit, page)


def list_transfers(visit: Visit) -> tuple[Transfer, ...]:
    """The member's imports, those that were forgotten left out."""
    found = queries.list_imports(visit.tx, visit.me.account.id)
    return tuple(_transfer(one) for one in found if one.state != State.GONE)


def _transfer(found: Import) -> Transfer:
    return Transfer(
        id=str(found.id),
        name=NAMES[Kind(found.kind)],
        state=State(found.state).value,
        started_at=found.created_at,
        done=found.done,
        total=found.total,
        failed=found.failed,
        problem=found.problem or None,
        url=f"{HERE}/{found.id}",
    )


@router.get(HERE, members=True)
def imports(visit: Visit) -> Answer:
    """What may be brought in, and what was."""
    return _page(visit, Form())


def _again(visit: Visit, refusal: Refusal) -> Answer:
    return _page(visit, form_of(visit, refusal, "kind", "mode", "file"))


@router.post(HERE, rate="media", again=_again, large=True)
async def take_in(visit: Visit) -> Answer:
    """Takes a file in and looks through it; nothing is changed yet."""
    kind = next((each for each in KINDS if each == visit.field("kind")), None)
    if kind is None:
        raise KindUnknown(field="kind")
    upload = visit.incoming.sent.files.get("file")
    if upload is None or not upload.size:
        raise UploadMissing(field="file")
    take = _take_archive if kind is Kind.POSTS else _take_list
    return redirect(visit, f"{HERE}/{await take(visit, kind, upload)}")


async def _take_archive(visit: Visit, kind: Kind, upload: Upload) -> int:
    app, me = visit.app, visit.me.account.id
    if upload.size > app.settings.portability.import_bytes:
        raise TooLarge
    key = await keep_upload(app.context, me, upload.file)
    made = await app.db.write(actions.take_in, me, kind, name=upload.name, key=key)
    return made.id


async def _take_list(visit: Visit, kind: Kind, upload: Upload) -> int:
    app, me = visit.app, visit.me.account.id
    if upload.size > _CSV_BYTES:
        raise TooLarge
    try:
        wishes: list[Wish] = await asyncio.to_thread(csvs.read, kind, upload.file.read())
        if len(wishes) > (most := app.settings.portability.import_rows):
            raise TooManyRows(most=most)
    except Invalid as refusal:
        refusal.facts["field"] = "file"
        raise
    replaces = visit.field("mode") == "overwrite"
    made = await app.db.write(actions.take_in, me, kind, name=upload.name, replaces=replaces)
    for at in range(0, len(wishes), _ROWS):
        await app.db.write(actions.add_rows, made.id, wishes[at : at + _ROWS])
    await app.db.write(actions.end_reading, made.id)
    return made.id


@router.get(f"{HERE}/{{id}}", members=True)
def one_import(visit: Visit) -> Answer:
    """What is in it, how far it has come, what failed; looked at again while it is under way."""
    found = queries.get_own_import(visit.tx, visit.me.account.id, visit.part())
    rows = queries.list_rows(visit.tx, found.id, RowState.FAILED, limit=_SHOWN)
    transfer = _transfer(found)
    looked_through = found.kind != Kind.POSTS or bool(found.preview)
    resumes = found.state == State.FAILED and looked_through
    page = ImportPage(
        frame=frame(visit),
        transfer=transfer,
        file_name=found.name,
        replaces=found.replaces,
        facts=_facts(found),
        failures=tuple(Failure(_what(Kind(found.kind), row), row.reason) for row in rows),
        may_begin=found.state == State.CHECKED or resumes,
        may_resume=resumes,
    )
    answer = show(visit, page)
    if transfer.going:
        answer.headers.append(WATCH)
    return answer


def _facts(found: Import) -> tuple[tuple[str, str], ...]:
    """What a member wants to know before saying yes."""
    if not found.preview:
        known = found.total - found.failed
        if found.state != State.CHECKED:
            return ()
        return ("Lines", f"{found.total:,}"), ("That mean somebody or something here", f"{known:,}")
    seen = msgspec.json.decode(found.preview, type=Preview)
    facts = [("Posts", seen.posts), ("Here already", seen.known)]
    facts += [("Boosts, which are left out", seen.boosts), ("That cannot be read", seen.broken)]
    facts += [("Pictures, films, sounds", seen.media), ("Missing from the archive", seen.missing)]
    dates = (("From", seen.first_at), ("To", seen.last_at)) if seen.first_at else ()
    shown = [(word, f"{number:,}") for word, number in facts if number or word == "Posts"]
    return (*shown, *((word, iso_day(at)) for word, at in dates if at is not None))


def _what(kind: Kind, row: ImportRow) -> str:
    if kind is Kind.POSTS:
        lost = msgspec.json.decode(row.data, type=Lost)
        return lost.text or lost.uri or f"Number {row.position + 1} of the archive"
    wish = msgspec.json.decode(row.data, type=Wish)
    return wish.address or wish.uri or wish.domain or f"Line {row.position + 1}"


@router.post(f"{HERE}/{{id}}/begin", rate="media")
def begin(visit: Visit) -> Answer:
    """The member's word."""
    number = visit.part()
    actions.begin_import(visit.tx, visit.me.account.id, number)
    return redirect(visit, f"{HERE}/{number}")


@router.post(f"{HERE}/{{id}}/drop")
def drop(visit: Visit) -> Answer:
    """Does not bring it in, or forgets that it was."""
    actions.drop_import(visit.tx, visit.me.account.id, visit.part())
    return redirect(visit, HERE, notice="forgotten")


@router.get(f"{HERE}/{{id}}/failures.csv", members=True)
async def failures(visit: Visit) -> Answer:
    """All that could not be brought in, as it was, with the reasons."""
    me, number = visit.me.account.id, visit.part()
    found = await visit.app.db.read(queries.get_own_import, me, number)

    async def chunks() -> AsyncIterator[bytes]:
        kind = Kind(found.kind)
        yield csvs.failures_head(kind)
        async for rows in failed_rows(visit.app.context, found.id):
            yield csvs.failures(kind, rows)

    name = f"not-brought-in-{found.kind.replace('_', '-')}.csv"
    return attached(Answer(stream=chunks()), name, "text/csv; charset=utf-8")
