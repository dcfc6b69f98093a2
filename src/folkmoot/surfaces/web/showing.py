"""From a page to an answer, and the few steps that many routes share."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from folkmoot.kit.db import Page as Stretch
from folkmoot.kit.ids import MAX_ID
from folkmoot.surfaces.web.pages.frame import Pager
from folkmoot.surfaces.web.rendering import render
from folkmoot.surfaces.web.visits import Answer, is_local

if TYPE_CHECKING:
    from collections.abc import Sequence

    from folkmoot.surfaces.web.pages.frame import Page
    from folkmoot.surfaces.web.visits import Visit

PER_PAGE = 20


def show(visit: Visit, page: Page, *, status: int = 200, public: bool = False) -> Answer:
    """The page. A public one may be kept for moments by caches in between, for visitors; what a
    member sees is theirs, and asked for again each time."""
    answer = Answer(render(page).encode(), status)
    if public:
        kept = "private, no-cache" if visit.reader else "public, max-age=15"
        answer.headers.append(("cache-control", kept))
    return answer


def stretch(visit: Visit, limit: int = PER_PAGE) -> Stretch:
    """Which part of a list the address asks for."""
    return Stretch(
        limit=limit,
        max_id=min(visit.number("max_id") or MAX_ID, MAX_ID),
        since_id=0,
        min_id=_bounded(visit.number("min_id")),
    )


def _bounded(number: int | None) -> int | None:
    return None if number is None else min(number, MAX_ID)


def pager(visit: Visit, ids: Sequence[int], *, limit: int = PER_PAGE, path: str = "") -> Pager:
    """The way to newer and older ones, from the ids of this page, newest first."""
    path = path or visit.incoming.path
    asked = {n: v[-1] for n, v in visit.incoming.query.items() if n not in ("max_id", "min_id")}
    moved = visit.number("max_id") is not None or visit.number("min_id") is not None
    if not ids:
        return Pager(newer_url=_at(path, asked) if moved else None)
    more = len(ids) >= limit or visit.number("min_id") is not None
    return Pager(
        newer_url=_at(path, {**asked, "min_id": str(ids[0])}) if moved else None,
        older_url=_at(path, {**asked, "max_id": str(ids[-1])}) if more else None,
    )


def _at(path: str, query: dict[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def back(visit: Visit, default: str) -> str:
    """The page the reader came from, at this post, when the browser tells and it is ours."""
    referrer = visit.incoming.headers.get(b"referer", b"").decode("latin-1")
    base = visit.app.base_url
    there = referrer.removeprefix(base)
    return there if there != referrer and is_local(there) else default
