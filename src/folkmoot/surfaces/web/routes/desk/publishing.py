"""/desk/transparency: the figures of a period before they are published, and publishing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from folkmoot.domain.auth.model import Permission
from folkmoot.domain.tallies import queries
from folkmoot.domain.tallies.actions import publish_report
from folkmoot.domain.tallies.model import SETTLED, PeriodInvalid, parse_period, recent_periods
from folkmoot.surfaces.official.report_files import build_files
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.official import PublishPage
from folkmoot.surfaces.web.routes.transparency import cards_of, tables_of
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, redirect

if TYPE_CHECKING:
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/desk/transparency"
_MAY = Permission.MANAGE_SETTINGS


@router.get(HERE, permission=_MAY)
def publishing(visit: Visit) -> Answer:
    """Which periods there are; the figures of the one that is asked for."""
    return _page(visit, visit.query("period").strip(), "")


def _page(visit: Visit, code: str, problem: str) -> Answer:
    published = tuple(each.code for each in queries.list_reports(visit.tx))
    values = {"period": code}
    choices = tuple(
        (each.code, f"{each.code}, {each.from_on} to {each.to_on}")
        for each in recent_periods(visit.tx.now)
        if each.code not in published
    )
    page = PublishPage(
        frame=frame(visit),
        periods=choices,
        published=published,
        form=Form(values=values, problem=problem or None),
        recipients=visit.app.settings.disclosure.eu_recipients,
    )
    if not code:
        return show(visit, page)
    try:
        period = parse_period(code)
    except PeriodInvalid as refusal:
        form = Form(values=values, errors={"period": refusal.sentence})
        return show(visit, msgspec.structs.replace(page, form=form), status=422)
    figures = queries.count_period(visit.tx, period)
    return show(
        visit,
        msgspec.structs.replace(
            page,
            code=period.code,
            period=f"{period.from_on} to {period.to_on}",
            ready=period.code not in published and visit.tx.now >= period.end + SETTLED,
            cards=cards_of(figures),
            tables=tuple(table for table in tables_of(figures) if table.rows),
        ),
    )


def _again(visit: Visit, refusal: Refusal) -> Answer:
    return _page(visit, "", refusal.sentence)


@router.post(f"{HERE}/publish", permission=_MAY, again=_again)
async def publish(visit: Visit) -> Answer:
    """Publishes a report. It is counted before anything is written, so that nobody waits for it."""
    app, period = visit.app, parse_period(visit.field("period").strip())
    tally = await app.db.read(queries.count_period, period)
    await app.db.write(publish_report, tally, build_files, by=visit.me.account.id)
    return redirect(visit, f"/transparency/{period.code}", notice="report-published")
