"""/settings/data: the member's lists as CSV files, and everything in one archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.portability import actions, queries
from folkmoot.domain.portability.jobs import archive_chunks, csv_chunks
from folkmoot.domain.portability.model import FILES, ExportNotFound, Kind, State
from folkmoot.kit.errors import NotFound
from folkmoot.surfaces.app import range_asked
from folkmoot.surfaces.archives.csvs import FILE_NAMES
from folkmoot.surfaces.archives.voice import MastodonVoice
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.settings import DataFile, DataPage, Transfer
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, redirect

if TYPE_CHECKING:
    from folkmoot.domain.portability.model import Export

router = Router()

HERE = "/settings/data"
NAMES = {
    Kind.FOLLOWING: "People I follow",
    Kind.FOLLOWERS: "People who follow me",
    Kind.LISTS: "Lists",
    Kind.BLOCKS: "Blocked people",
    Kind.MUTES: "Muted people",
    Kind.DOMAIN_BLOCKS: "Blocked servers",
    Kind.BOOKMARKS: "Bookmarks",
    Kind.POSTS: "Posts",
}
_KINDS = {name: kind for kind, name in FILE_NAMES.items()}
WATCH = ("refresh", "5")
"""The header by which a browser looks again: what takes a while is watched without a script."""


@router.get(HERE, members=True, suspended=True)
def data(visit: Visit) -> Answer:
    """What there is to take along; looked at again while an archive is packed."""
    me = visit.me.account.id
    counts = queries.count_lines(visit.tx, me)
    exports = tuple(_transfer(one) for one in queries.list_exports(visit.tx, me))
    page = DataPage(
        frame=frame(visit),
        files=tuple(
            DataFile(NAMES[kind], f"{HERE}/files/{FILE_NAMES[kind]}", counts[kind])
            for kind in FILES
        ),
        exports=exports,
        may_export_at=actions.next_export_at(visit.tx, me),
        kept_days=visit.app.settings.portability.archive_days,
    )
    answer = show(visit, page)
    if any(one.going for one in exports):
        answer.headers.append(WATCH)
    return answer


def _transfer(export: Export) -> Transfer:
    done = export.state == State.DONE
    return Transfer(
        id=str(export.id),
        name="Archive",
        state=State(export.state).value,
        started_at=export.asked_at,
        done=export.done,
        total=export.total,
        url=f"{HERE}/exports/{export.id}" if done else None,
        bytes=export.bytes if done else None,
        until=export.expires_at if done else None,
        problem="Something went wrong. You can pack it again."
        if export.state == State.FAILED
        else None,
    )


@router.get(f"{HERE}/files/{{name}}", members=True, suspended=True)
async def download_list(visit: Visit) -> Answer:
    """One list, as it is now."""
    name = visit.incoming.params["name"]
    kind = _KINDS.get(name)
    if kind is None:
        raise NotFound
    app = visit.app
    voice = MastodonVoice(app.base_url, app.settings.domain)
    chunks = csv_chunks(app.context, voice, visit.me.account.id, kind)
    return attached(Answer(stream=chunks), name, "text/csv; charset=utf-8")


def attached(answer: Answer, name: str, kind: str) -> Answer:
    """A file to be saved under a name, never shown in our place."""
    answer.headers += [
        ("content-type", kind),
        ("content-disposition", f'attachment; filename="{name}"'),
        ("content-security-policy", "default-src 'none'; sandbox"),
    ]
    return answer


@router.post(f"{HERE}/exports", suspended=True)
def pack(visit: Visit) -> Answer:
    """Has an archive packed."""
    actions.ask_export(visit.tx, visit.me.account.id)
    return redirect(visit, HERE, notice="packing")


@router.get(f"{HERE}/exports/{{id}}", members=True, suspended=True)
async def download_archive(visit: Visit) -> Answer:
    """One's own archive; nobody else's is there. A download that broke off goes on where it was."""
    export = await visit.app.db.read(queries.get_own_export, visit.me.account.id, visit.part())
    if export.state != State.DONE:
        raise ExportNotFound
    etag = f'"{export.id}"'
    span = range_asked(visit.incoming.headers, etag.encode(), export.bytes)
    if span is None:
        beyond = Answer(status=416)
        beyond.headers.append(("content-range", f"bytes */{export.bytes}"))
        return beyond
    start, end = span
    answer = Answer(stream=archive_chunks(visit.app.context, export, start, end))
    answer.headers += [
        ("content-length", str(end - start)),
        ("accept-ranges", "bytes"),
        ("etag", etag),
    ]
    if span != (0, export.bytes):
        answer.status = 206
        answer.headers.append(("content-range", f"bytes {start}-{end - 1}/{export.bytes}"))
    return attached(answer, f"archive-{visit.me.account.username}.zip", "application/zip")
