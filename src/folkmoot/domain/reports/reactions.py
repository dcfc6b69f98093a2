"""Letters to who reports; what reports forget when posts and accounts go."""

import sqlalchemy as sa

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.auth.actions import send_notice
from folkmoot.domain.auth.queries import find_user
from folkmoot.domain.decisions.queries import get_decision
from folkmoot.domain.posts.events import PostDeleted
from folkmoot.domain.reports import actions, queries
from folkmoot.domain.reports.events import ReporterWarned, ReportFiled, ReportResolved
from folkmoot.domain.reports.model import PAUSE_LASTS, Report, receipt_path
from folkmoot.domain.reports.tables import report_posts, reports
from folkmoot.domain.words.model import say
from folkmoot.kit.clock import DAY, spoken
from folkmoot.kit.db import Tx, command, param

_FORGET_POST = command(sa.delete(report_posts).where(report_posts.c.post_id == param("post_id")))
_about = sa.select(reports.c.id).where(reports.c.target_id == param("account_id"))
_FORGET_ACCOUNT = (
    command(sa.delete(report_posts).where(report_posts.c.report_id.in_(_about))),
    command(sa.delete(reports).where(reports.c.target_id == param("account_id"))),
    command(
        sa.update(reports)
        .where(reports.c.reporter_id == param("account_id"))
        .values(reporter_id=sa.null())
    ),
)


def send_receipt(tx: Tx, fact: ReportFiled) -> None:
    """Confirms by letter that a report has arrived (DSA, Art. 16(4))."""
    report = fact.report
    if (to := queries.find_addressee(tx, report)) is not None:
        send_notice(tx, to, "report_received", code=report.code, url=_address(tx, report))


def tell_outcome(tx: Tx, fact: ReportResolved) -> None:
    """Writes what became of a report (DSA, Art. 16(5))."""
    report = fact.report
    to = queries.find_addressee(tx, report)
    if to is None or report.decision_id is None:
        return
    decision = get_decision(tx, report.decision_id)
    said = {"code": report.code, "url": _address(tx, report)}
    said["until"] = spoken(decision.contestable_until())
    if decision.restricts:
        what = say(to.locale, f"steps.{decision.step}")
        send_notice(tx, to, "report_acted", what=what, **said)
    else:
        send_notice(tx, to, "report_not_acted", **said)


def warn_reporter(tx: Tx, fact: ReporterWarned) -> None:
    """Writes to a member whose reports are without ground; the pause is warned of first."""
    user = find_user(tx, fact.account_id)
    if user is None:
        return
    if fact.paused_until is None:
        send_notice(tx, user, "reporter_warned", days=PAUSE_LASTS // DAY)
    else:
        send_notice(tx, user, "reporter_paused", until=spoken(fact.paused_until))


def _address(tx: Tx, report: Report) -> str:
    path = receipt_path(tx.settings.secrets.secret_key, report.code)
    return tx.settings.server.base_url + path


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    tx.run(_FORGET_POST, post_id=fact.post.id)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    """Forgets reports about the account, and that it was the one who reported others."""
    for statement in _FORGET_ACCOUNT:
        tx.run(statement, account_id=fact.account_id)
    actions.forget_reporter(tx, fact.account_id)
