"""What is reported in the village, what was decided about it, and what is contested, in the order
in which it happened. `minutes` counts back from the moment of filling.
"""

from functools import partial

import msgspec

from folkmoot.domain.accounts.model import Account, AccountId
from folkmoot.domain.appeals.actions import appeal_as_author
from folkmoot.domain.decisions.model import Draft, Step, SubjectKind
from folkmoot.domain.policy.model import Category as Harm
from folkmoot.domain.posts.model import PostId
from folkmoot.domain.reports.actions import file_report, file_report_as_visitor
from folkmoot.domain.reports.model import Complaint, Contact, Report
from folkmoot.domain.review.actions import decide_case, take_case
from folkmoot.domain.review.model import CaseNotFound
from folkmoot.domain.review.queries import find_open_case
from folkmoot.kit import clock
from folkmoot.kit.db import Tx

_HANDLING = 4  # minutes that a reviewer has a case before them


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A report of somebody's account, or of one post by its key; a visitor's without `by`."""

    minutes: int
    by: str
    whom: str
    post: str = ""
    harm: Harm | None = None
    words: str = ""


class Ruled(msgspec.Struct, frozen=True, kw_only=True):
    """A case decided by a reviewer, about a post by its key or an account; contested where the
    author says something. What needs a second reviewer waits for one.
    """

    minutes: int
    by: str
    whom: str
    post: str = ""
    step: Step
    rule: str
    facts: str
    days: int = 0
    unfounded: bool = False
    contested: str = ""


TROUBLE: tuple[Told | Ruled, ...] = (
    Told(
        minutes=4_000,
        by="",
        whom="odile",
        harm=Harm.IMPERSONATION,
        words="I know an Odile Ferrand, and she never had a boat. Is this really her?",
    ),
    Told(
        minutes=2_870,
        by="hamid",
        whom="magpie",
        post="magpie-1",
        harm=Harm.SPAM,
        words="The same to me and to everybody in the workshop.",
    ),
    Told(minutes=2_860, by="tomas", whom="magpie", post="magpie-1", harm=Harm.SPAM),
    Ruled(
        minutes=2_600,
        by="kofi",
        whom="magpie",
        post="magpie-1",
        step=Step.UNLIST,
        rule="spam-1",
        facts="You addressed eleven people who had not asked you, with the same words and link.",
        days=30,
    ),
    Told(
        minutes=2_480,
        by="ines",
        whom="thorn",
        post="thorn-1",
        harm=Harm.HARASSMENT,
        words="I asked him twice to leave me alone. Now he says where I will be.",
    ),
    Ruled(
        minutes=2_400,
        by="mei",
        whom="thorn",
        post="thorn-1",
        step=Step.QUARANTINE,
        rule="harassment-1",
        facts="You announced that you would wait for somebody who had asked you to stop writing.",
        contested="The library is open to everybody. I only said that I like to read there.",
    ),
    Told(
        minutes=1_900,
        by="thorn",
        whom="odile",
        post="weir",
        harm=Harm.SPAM,
        words="Birds again.",
    ),
    Ruled(
        minutes=1_850,
        by="wren",
        whom="odile",
        post="weir",
        step=Step.NO_ACTION,
        rule="spam-1",
        facts="One post about the river, to people who follow her for it.",
        unfounded=True,
    ),
    Told(
        minutes=300,
        by="",
        whom="magpie",
        harm=Harm.SCAMS,
        words="I ordered two watches in spring. Neither came, and nobody answers.",
    ),
    Ruled(
        minutes=180,
        by="kofi",
        whom="magpie",
        step=Step.SUSPEND,
        rule="scams-1",
        facts="You took money for goods that never came, and answered nobody who asked for them.",
    ),
    Told(minutes=110, by="lin", whom="thorn", post="thorn-2", harm=Harm.HARASSMENT),
    Told(
        minutes=105,
        by="ines",
        whom="thorn",
        post="thorn-2",
        harm=Harm.HARASSMENT,
        words="He sends others after me now.",
    ),
    Told(
        minutes=90,
        by="petra",
        whom="thorn",
        post="thorn-3",
        harm=Harm.VIOLENCE,
        words="I take that bus home alone. I am frightened.",
    ),
    Told(minutes=65, by="lin", whom="magpie", post="magpie-2", harm=Harm.SPAM),
    Told(minutes=60, by="jun", whom="magpie", post="magpie-3", harm=Harm.SPAM, words="又来了。"),
    Told(
        minutes=40,
        by="thorn",
        whom="sunniva",
        post="moon",
        harm=Harm.SPAM,
        words="Nobody asked about the moon.",
    ),
)


def make_trouble(tx: Tx, people: dict[str, Account], said: dict[str, PostId]) -> None:
    """Reports, judges and contests, each at its own time."""
    filled_at = tx.now
    for each in TROUBLE:
        tx.now = filled_at - each.minutes * clock.MINUTE
        if isinstance(each, Told):
            _tell(tx, each, people, said)
        else:
            _rule(tx, each, people, said)
    tx.now = filled_at


def _tell(tx: Tx, told: Told, people: dict[str, Account], said: dict[str, PostId]) -> None:
    file = partial(file_report, tx, people[told.by].id) if told.by else _visitor(tx)
    posts = (said[told.post],) if told.post else ()
    file(people[told.whom].id, Complaint(harm=told.harm, comment=told.words, post_ids=posts))


def _visitor(tx: Tx) -> partial[Report]:
    return partial(file_report_as_visitor, tx, contact=Contact())


def _rule(tx: Tx, ruled: Ruled, people: dict[str, Account], said: dict[str, PostId]) -> None:
    reviewer: AccountId = people[ruled.by].id
    kind = SubjectKind.POST if ruled.post else SubjectKind.ACCOUNT
    case = find_open_case(tx, kind, said[ruled.post] if ruled.post else people[ruled.whom].id)
    if case is None:
        raise CaseNotFound
    take_case(tx, reviewer, case.id)
    tx.now += _HANDLING * clock.MINUTE
    draft = Draft(
        step=ruled.step,
        rule_code=ruled.rule,
        facts=ruled.facts,
        ends_at=tx.now + ruled.days * clock.DAY if ruled.days else None,
    )
    decision = decide_case(tx, reviewer, case.id, draft, unfounded=ruled.unfounded)
    if decision is not None and ruled.contested:
        tx.now += clock.HOUR
        appeal_as_author(tx, decision.id, ruled.contested)
