"""Cases, from a report to a decision, for tests of what comes after."""

from typing import Any

from folkmoot.domain.decisions.model import Decision, Draft, Step
from folkmoot.domain.policy.model import Category as Harm
from folkmoot.domain.reports import actions as reports
from folkmoot.domain.reports.model import Complaint
from folkmoot.domain.review import actions
from folkmoot.domain.review.model import Case
from folkmoot.domain.review.queries import find_open_case, get_case
from folkmoot.kit.db import Database

NONE = Draft(step=Step.NO_ACTION, rule_code="spam-1", facts="One link, once, about bread.")
UNLIST = Draft(step=Step.UNLIST, rule_code="spam-1", facts="The same link, forty times.")


def report(
    db: Database, by: Any, whom: Any, post_id: Any = None, *, harm: Harm = Harm.SPAM
) -> Case:
    """Reports an account or its post, and gives the case."""
    said = Complaint(harm=harm, post_ids=(int(post_id),) if post_id else ())
    db.write_now(reports.file_report, by.account.id, whom.account.id, said)
    kind, subject = ("post", post_id) if post_id else ("account", whom.id)
    found = db.write_now(find_open_case, kind, int(subject))
    assert found is not None
    return found


def decide(db: Database, reviewer: Any, case_id: int, draft: Draft = UNLIST) -> Decision:
    """Takes a case and decides it."""
    db.write_now(actions.take_case, reviewer.account.id, case_id)
    decision = db.write_now(actions.decide_case, reviewer.account.id, case_id, draft)
    assert decision is not None
    return decision


def close(
    db: Database, reviewer: Any, by: Any, whom: Any, post_id: Any = None, draft: Draft = UNLIST
) -> Case:
    """A case that somebody reported and a reviewer has decided."""
    case = report(db, by, whom, post_id)
    decide(db, reviewer, case.id, draft)
    return db.read_now(get_case, case.id)
