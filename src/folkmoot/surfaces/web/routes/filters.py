"""/settings/filters: words that the member would rather not meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.filters import actions, queries
from folkmoot.domain.filters.model import CONTEXTS, FilterAction, KeywordDraft
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.curating import FilterLink, FilterPage, FiltersPage
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.domain.filters.model import Filter
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/settings/filters"
# A form holds so many keywords; more of one filter are for applications, and stay untouched.
_MOST_ROWS = 100
_SPARE_ROWS = 3
_TIMES = {"1800", "3600", "21600", "43200", "86400", "604800", "2592000"}
_NAMES = {
    "home": "home and lists",
    "notifications": "alerts",
    "public": "public timelines",
    "thread": "threads",
    "account": "profiles",
}


@router.get(HERE, members=True)
def index(visit: Visit) -> Answer:
    """The member's filters."""
    page = FiltersPage(
        frame=frame(visit),
        filters=tuple(
            FilterLink(
                id=str(one.id),
                title=one.title,
                words=tuple(keyword.keyword for keyword in one.keywords),
                places=tuple(_NAMES[place] for place in one.contexts),
                hides=one.action == FilterAction.HIDE,
                posts=len(one.posts),
                until=one.expires_at,
                over=one.expires_at is not None and one.expires_at <= visit.tx.now,
            )
            for one in queries.list_filters(visit.tx, visit.me.account.id)
        ),
    )
    return show(visit, page)


def _form_page(visit: Visit, form: Form, found: Filter | None) -> Answer:
    kept = len(found.keywords) if found else 0
    page = FilterPage(
        frame=frame(visit),
        form=form,
        rows=min(kept, _MOST_ROWS) + _SPARE_ROWS,
        id=str(found.id) if found else "",
        title=found.title if found else "",
        until=found.expires_at if found else None,
    )
    return show(visit, page)


@router.get(f"{HERE}/new", members=True)
def ask_new(visit: Visit) -> Answer:
    """The form for a new filter, which begins with what most want."""
    chosen = {f"in_{place}": "1" for place in ("home", "notifications", "public", "thread")}
    whole = {f"whole_{row}": "1" for row in range(1, _SPARE_ROWS + 1)}
    return _form_page(visit, Form(values={**chosen, **whole, "action": "warn"}), None)


def _found(visit: Visit) -> Filter:
    return queries.get_filter(visit.tx, visit.me.account.id, visit.part())


@router.get(f"{HERE}/{{id}}", members=True)
def edit(visit: Visit) -> Answer:
    """The form of a filter that is there."""
    found = _found(visit)
    values = {"title": found.title, "action": found.action, "until": "keep"}
    values |= {f"in_{place}": "1" for place in found.contexts}
    for row, keyword in enumerate(found.keywords[:_MOST_ROWS], start=1):
        values[f"word_id_{row}"] = str(keyword.id)
        values[f"word_{row}"] = keyword.keyword
        values[f"whole_{row}"] = "1" if keyword.whole_word else ""
    for row in range(len(found.keywords) + 1, len(found.keywords) + _SPARE_ROWS + 1):
        values[f"whole_{row}"] = "1"
    return _form_page(visit, Form(values=values), found)


def _names() -> list[str]:
    rows = range(1, _MOST_ROWS + _SPARE_ROWS + 1)
    words = [f"{part}_{row}" for row in rows for part in ("word_id", "word", "whole")]
    return ["title", "action", "until", *(f"in_{place}" for place in CONTEXTS), *words]


def _again(visit: Visit, refusal: Refusal) -> Answer:
    found = _found(visit) if "id" in visit.incoming.params else None
    return _form_page(visit, form_of(visit, refusal, *_names()), found)


def _drafts(visit: Visit) -> list[KeywordDraft]:
    """The keywords as the form has them; one whose words were taken out is removed."""
    drafts = []
    for row in range(1, _MOST_ROWS + _SPARE_ROWS + 1):
        word, kept = visit.field(f"word_{row}").strip(), visit.field(f"word_id_{row}")
        if kept.isascii() and kept.isdigit() and len(kept) < 20:
            whole = visit.ticked(f"whole_{row}")
            drafts.append(KeywordDraft(word, whole, id=int(kept), removed=not word))
        elif word:
            drafts.append(KeywordDraft(word, visit.ticked(f"whole_{row}")))
    return drafts


def _contexts(visit: Visit) -> tuple[str, ...]:
    return tuple(place for place in CONTEXTS if visit.ticked(f"in_{place}"))


def _lasts(visit: Visit) -> int | None:
    """For how many seconds from now; None for ever."""
    return int(visit.field("until")) if visit.field("until") in _TIMES else None


@router.post(f"{HERE}/new", again=_again)
def create(visit: Visit) -> Answer:
    """Makes a filter."""
    actions.create_filter(
        visit.tx,
        visit.me.account.id,
        title=visit.field("title"),
        contexts=_contexts(visit),
        action=visit.field("action"),
        expires_in_s=_lasts(visit),
        keywords=_drafts(visit),
    )
    return redirect(visit, HERE, notice="saved")


@router.post(f"{HERE}/{{id}}", again=_again)
def change(visit: Visit) -> Answer:
    """Changes a filter."""
    ends = {} if visit.field("until") == "keep" else {"expires_in_s": _lasts(visit)}
    actions.change_filter(
        visit.tx,
        visit.me.account.id,
        _found(visit),
        title=visit.field("title"),
        contexts=_contexts(visit),
        action=visit.field("action"),
        keywords=_drafts(visit),
        **ends,
    )
    return redirect(visit, HERE, notice="saved")


@router.post(f"{HERE}/{{id}}/delete")
def delete(visit: Visit) -> Answer:
    """Deletes a filter."""
    actions.delete_filter(visit.tx, visit.me.account.id, _found(visit))
    return redirect(visit, HERE, notice="filter-deleted")
