"""/reports/…: what became of a report, for who has its receipt; /settings/reports: one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.accounts.queries import get_account, list_accounts
from folkmoot.domain.appeals.actions import appeal_as_reporter
from folkmoot.domain.appeals.queries import find_appeal_of_report
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions.queries import get_decision
from folkmoot.domain.reports.actions import get_receipt
from folkmoot.domain.reports.model import Outcome, receipt_path
from folkmoot.domain.reports.queries import get_standing, list_own_reports, list_reported_posts
from folkmoot.domain.review.queries import get_case
from folkmoot.kit.clock import spoken
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.about import Fact
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.redress import Contest, OutcomePage, Passage, Tone
from folkmoot.surfaces.web.pages.reporting import ReportLine, ReportsPage
from folkmoot.surfaces.web.redress import (
    Speaker,
    contest_form,
    contested,
    decision_words,
    detection_words,
    keyed_frame,
    rule_fact,
    show_secretly,
)
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.domain.decisions.model import Decision
    from folkmoot.domain.reports.model import Report
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/reports/{code}"
_STATES: dict[str, tuple[str, Tone]] = {
    Outcome.OPEN: ("open", "warning"),
    Outcome.ACTED: ("acted", "good"),
    Outcome.NOT_ACTED: ("not_acted", ""),
    Outcome.UNFOUNDED: ("unfounded", ""),
}


def _key(visit: Visit) -> str:
    return visit.query("key") or visit.field("key")


def _open(visit: Visit) -> Report:
    return get_receipt(visit.tx, visit.incoming.params["code"], _key(visit))


@router.get(HERE)
def receipt(visit: Visit) -> Answer:
    """Where a report stands; a wrong key and an unknown code look alike."""
    return _show(visit, Form())


def _again(visit: Visit, refusal: Refusal) -> Answer:
    return _show(visit, form_of(visit, refusal, "text"))


@router.post(f"{HERE}/appeal", members=False, rate="reports", again=_again)
def contest(visit: Visit) -> Answer:
    """Contests what became of the report."""
    report = _open(visit)
    appeal_as_reporter(visit.tx, report, visit.field("text"))
    return redirect(visit, _address(visit, report), notice="contested")


def _address(visit: Visit, report: Report) -> str:
    return receipt_path(visit.app.settings.secrets.secret_key, report.code)


def _show(visit: Visit, form: Form) -> Answer:
    report = _open(visit)
    speak = Speaker(_locale(visit, report))
    decision = None if report.decision_id is None else get_decision(visit.tx, report.decision_id)
    name, tone = _STATES[report.outcome]
    new = visit.query("new") == "1"
    page = OutcomePage(
        frame=keyed_frame(visit, _key(visit)),
        tongue=speak.tongue,
        title=speak("receipt.title", code=report.code),
        lead=_about(visit, report, speak),
        state=speak(f"receipt.{name}"),
        tone=tone,
        text=form.problem or _text(visit, report, name, speak),
        address=visit.app.base_url + _address(visit, report) if new else "",
        keep=_keep(visit, report, speak) if new else (),
        passages=_passages(report, decision, speak),
        facts=_facts(visit, decision, speak) if decision else (),
        contest=_contest(visit, report, decision, speak, form),
    )
    return show_secretly(visit, page)


def _locale(visit: Visit, report: Report) -> str:
    if report.language or report.reporter_id is None:
        return report.language
    return get_user(visit.tx, report.reporter_id).locale


def _about(visit: Visit, report: Report, speak: Speaker) -> str:
    handle = get_account(visit.tx, report.target_id).acct
    posts = list_reported_posts(visit.tx, report.id)
    what = speak("receipt.about_post" if posts else "receipt.about_account", handle=handle)
    return f"{what} · {speak('receipt.lead', at=spoken(report.created_at))}"


def _text(visit: Visit, report: Report, name: str, speak: Speaker) -> str:
    """What the state means, with the clock that runs."""
    if report.outcome != Outcome.OPEN:
        return speak(f"receipt.{name}_text")
    if report.case_id is None:
        return ""
    due = get_case(visit.tx, report.case_id).due_at
    again = find_appeal_of_report(visit.tx, report.id)
    first = speak("receipt.reopened") + " " if again else ""
    late = "receipt.late_text" if visit.tx.now > due else "receipt.open_text"
    return first + speak(late, due=spoken(due))


def _keep(visit: Visit, report: Report, speak: Speaker) -> tuple[str, ...]:
    said = [speak("receipt.new")]
    if report.contact:
        said.append(speak("receipt.new_letter"))
    if report.reporter_id is not None and report.reporter_id == visit.viewer_id:
        said.append(speak("receipt.new_member"))
    return tuple(said)


def _passages(report: Report, decision: Decision | None, speak: Speaker) -> tuple[Passage, ...]:
    """Why nothing was done, in the words of who decided. What is said to somebody about a measure
    against them is theirs."""
    if decision is None or decision.restricts:
        return ()
    return (Passage(heading=speak("receipt.reasons"), text=decision.facts),)


def _facts(visit: Visit, decision: Decision, speak: Speaker) -> tuple[Fact, ...]:
    automation = f"{detection_words(decision, speak)} {decision_words(decision, speak)}"
    return (
        Fact(speak("receipt.done"), speak(f"steps.{decision.step}")),
        rule_fact(visit, decision, speak),
        Fact(speak("receipt.automation"), automation),
        Fact(speak("receipt.decided_at"), spoken(decision.created_at)),
    )


def _contest(
    visit: Visit, report: Report, decision: Decision | None, speak: Speaker, form: Form
) -> Contest | None:
    if decision is None:
        return None
    appeal = find_appeal_of_report(visit.tx, report.id)
    if appeal is not None and appeal.decision_id == decision.id:
        return contested(visit, decision, appeal, speak)
    action = f"/reports/{report.code}/appeal"
    return contest_form(visit, decision, speak, action=action, key=_key(visit), form=form)


@router.get("/settings/reports", members=True)
def reports(visit: Visit) -> Answer:
    """What the member has reported."""
    me = visit.me.account.id
    found = list_own_reports(visit.tx, me, stretch(visit))
    accounts = list_accounts(visit.tx, sorted({report.target_id for report in found}))
    speak = Speaker("en")
    paused = get_standing(visit.tx, me).paused_until
    page = ReportsPage(
        frame=frame(visit, forms=False),
        reports=tuple(
            ReportLine(
                code=report.code,
                url=_address(visit, report),
                about=f"@{accounts[report.target_id].acct}",
                at=report.created_at,
                state=speak(f"receipt.{_STATES[report.outcome][0]}"),
                good=report.outcome == Outcome.ACTED,
            )
            for report in found
        ),
        paused_until=paused if paused is not None and paused > visit.tx.now else None,
        pager=pager(visit, [report.id for report in found]),
    )
    return show(visit, page)
