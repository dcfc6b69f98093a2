"""Letters to who reports, what the public log says of reports; what they forget when posts and
accounts go.
"""

from typing import Literal

import sqlalchemy as sa

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.actions import send_notice
from folkmoot.domain.auth.queries import find_user
from folkmoot.domain.decisions.queries import get_decision
from folkmoot.domain.policy.model import Category as Harm
from folkmoot.domain.policy.model import statement_mapping
from folkmoot.domain.policy.queries import list_rules
from folkmoot.domain.posts.events import PostDeleted
from folkmoot.domain.reports import actions, queries
from folkmoot.domain.reports.events import ReporterWarned, ReportFiled, ReportResolved
from folkmoot.domain.reports.model import (
    PAUSE_LASTS,
    By,
    Category,
    Report,
    decode_rule_ids,
    receipt_path,
)
from folkmoot.domain.reports.tables import report_posts, reports
from folkmoot.domain.transparency import model as log
from folkmoot.domain.transparency.actions import record
from folkmoot.domain.transparency.queries import find_pseudonym
from folkmoot.domain.words.model import say
from folkmoot.kit.clock import DAY, spoken
from folkmoot.kit.db import Tx, command, param
from folkmoot.kit.ids import new_id

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


def record_notice(tx: Tx, fact: ReportFiled) -> None:
    """Writes into the public log that a report was received."""
    report = fact.report
    source: Literal["article-16", "trusted-flagger", "other"] = "other"
    flagger = None
    if report.by == By.FLAGGER and report.reporter_id is not None:
        source, flagger = "trusted-flagger", queries.find_flagger_code(tx, report.reporter_id)
    elif report.category == Category.LEGAL:
        source = "article-16"
    notice = log.Notice(
        code=report.code,
        received_at=log.moment(report.created_at),
        source=source,
        category=_category(tx, report),
        flagger=flagger,
    )
    tx.at_last(record, notice)


def _category(tx: Tx, report: Report) -> str:
    """What it is about, as the EU transparency database tells it apart: by the harm or the rule
    that the reporter names.
    """
    wanted = set(decode_rule_ids(report))
    named = [rule for rule in list_rules(tx) if rule.id in wanted] if wanted else []
    if named:
        return named[0].statement.category
    harm = report.harm or (Harm.SPAM if report.category == Category.SPAM else "")
    return statement_mapping()[Harm(harm)][0] if harm else "OTHER_VIOLATION_TC"


def record_misuse(tx: Tx, fact: ReporterWarned) -> None:
    """Writes into the public log that somebody cannot report for a time."""
    if fact.paused_until is None:
        return
    decider = get_decision(tx, fact.decision_id).decider if fact.decision_id else ""
    misuse = log.Misuse(
        code=f"M-{new_id()}",
        of="unfounded-notices",
        warned_at=log.moment(fact.warned_at or tx.now),
        from_at=log.moment(tx.now),
        until=log.moment(fact.paused_until),
        by=decider or find_pseudonym(tx, 0),
    )
    private = {"account": get_account(tx, fact.account_id).uri}
    tx.at_last(record, misuse, private=private, about=fact.account_id)


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    tx.run(_FORGET_POST, post_id=fact.post.id)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    """Forgets reports about the account, and that it was the one who reported others."""
    for statement in _FORGET_ACCOUNT:
        tx.run(statement, account_id=fact.account_id)
    actions.forget_reporter(tx, fact.account_id)
