"""Writes of practice cases and answers."""

from collections.abc import Sequence

import sqlalchemy as sa

from folkmoot.domain.accounts.model import Account, AccountId
from folkmoot.domain.accounts.queries import find_account, get_account
from folkmoot.domain.auth.model import Permission, require
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions.model import Decision, Step, SubjectKind
from folkmoot.domain.decisions.queries import list_of_case
from folkmoot.domain.policy.queries import get_version_in_force, list_rules
from folkmoot.domain.posts.model import Post
from folkmoot.domain.posts.queries import find_post
from folkmoot.domain.practice import queries
from folkmoot.domain.practice.model import (
    AlreadyAnswered,
    Answer,
    AnswerId,
    CaseEmpty,
    CaseStillOpen,
    MediaGone,
    NothingToPractise,
    PracticeAnswer,
    PracticeCase,
    PracticeDraft,
    PracticeId,
    PracticeNotFound,
    Prepared,
    anonymised,
    check_answer,
    check_draft,
    shipped_cases,
    telling,
)
from folkmoot.domain.practice.tables import practice_answers, practice_cases
from folkmoot.domain.review.actions import see, subject_of
from folkmoot.domain.review.model import State
from folkmoot.domain.review.queries import get_case
from folkmoot.kit.db import Tx, command, insert_all, param
from folkmoot.kit.ids import new_id

_INSERT = insert_all(practice_cases, or_ignore=True)
_RETIRE = command(
    sa.update(practice_cases)
    .where(practice_cases.c.id == param("practice_id"), practice_cases.c.retired_at.is_(None))
    .values(retired_at=param("at"))
)
_BEGIN = insert_all(practice_answers, or_ignore=True)
_ANSWER = command(
    sa.update(practice_answers)
    .where(practice_answers.c.id == param("answer_id"), practice_answers.c.answered_at.is_(None))
    .values(
        answered_at=param("at"),
        rule_code=param("new_rule_code"),
        step=param("new_step"),
        verdict=param("new_verdict"),
    )
)
_SOURCE = ("case_id", "account_id", "post_id", "attachment_id")
_no_source = dict.fromkeys(_SOURCE, sa.null())
_FORGET_POST = command(
    sa.update(practice_cases).where(practice_cases.c.post_id == param("post_id")).values(_no_source)
)
_FORGET_AUTHOR = command(
    sa.update(practice_cases)
    .where(practice_cases.c.account_id == param("account_id"))
    .values(_no_source)
)
_FORGET_LEAD = command(
    sa.update(practice_cases)
    .where(practice_cases.c.made_by == param("account_id"))
    .values(made_by=sa.null())
)
_FORGET_REVIEWER = command(
    sa.update(practice_answers)
    .where(practice_answers.c.reviewer_id == param("account_id"))
    .values(reviewer_id=sa.null())
)
# Who leads the reviewers: whoever may say what the rules are says how they are meant.
LEAD = Permission.MANAGE_RULES


def prepare_practice(tx: Tx, lead_id: AccountId, case_id: int) -> Prepared:
    """A closed case with all that names somebody taken out, for a lead to edit. What of it not
    everybody can see is recorded as a look (I4). CaseNotFound, CaseStillOpen, CaseEmpty.
    """
    require(get_user(tx, lead_id), LEAD)
    case = get_case(tx, case_id)
    if case.state != State.CLOSED:
        raise CaseStillOpen
    account = get_account(tx, case.account_id)
    post = find_post(tx, case.subject_id or 0) if case.subject_kind == SubjectKind.POST else None
    said = _words_of(post) if post else account.note
    names = _names(account)
    decided = _last(list_of_case(tx, case.id))
    if case.subject_id is None or not said or decided is None:
        raise CaseEmpty
    if post is not None:
        see(tx, case, lead_id, post.id)
    draft = PracticeDraft(
        subject_kind=subject_of(case).kind,
        text=anonymised(said, names),
        language=post.language if post else "",
        rule_code=decided.rule_code,
        low=decided.step,
        high=decided.step,
        reasons=anonymised(decided.facts, names),
        case_id=case.id,
    )
    return Prepared(case, draft, queries.list_choosable(tx, case))


def add_practice(tx: Tx, lead_id: AccountId, draft: PracticeDraft) -> PracticeCase:
    """Keeps what a lead made of a case, by the rules in force. What `check_draft` refuses;
    MediaGone; CaseNotFound, CaseStillOpen.
    """
    require(get_user(tx, lead_id), LEAD)
    case = get_case(tx, draft.case_id) if draft.case_id else None
    names: tuple[str, ...] = ()
    post = None
    if case is not None:
        if case.state != State.CLOSED:
            raise CaseStillOpen
        account = find_account(tx, case.account_id)
        names = _names(account) if account else ()
        if case.subject_kind == SubjectKind.POST and case.subject_id is not None:
            post = find_post(tx, case.subject_id)
    if draft.attachment_id is not None:
        if case is None or draft.attachment_id not in dict(queries.list_choosable(tx, case)):
            raise MediaGone(field="media")
    else:
        post = None
    check_draft(draft, names, list_rules(tx))
    return _add(tx, draft, made_by=lead_id, post=post)


def take_up_shipped(tx: Tx, lead_id: AccountId | None = None) -> int:
    """Takes up the practice cases that ship with the program and are not here yet, as far as the
    rules in force know what they are about; at the console without a lead. How many.
    """
    if lead_id is not None:
        require(get_user(tx, lead_id), LEAD)
    here = set(queries.list_shipped_taken_up(tx))
    codes = {rule.code for rule in list_rules(tx)}
    wanted = {
        name: draft
        for name, draft in shipped_cases().items()
        if name not in here and draft.rule_code in codes
    }
    for name, draft in wanted.items():
        _add(tx, draft, shipped=name)
    return len(wanted)


def retire_practice(tx: Tx, lead_id: AccountId, practice_id: int) -> None:
    """Takes a case out of practice; who has answered it can still read it. PracticeNotFound."""
    require(get_user(tx, lead_id), LEAD)
    found = queries.get_practice_case(tx, practice_id)
    tx.run(_RETIRE, practice_id=found.id, at=tx.now)


def start_practice(tx: Tx, reviewer_id: AccountId) -> PracticeCase:
    """Gives a reviewer the next case to practise with, and records the look at its picture where
    not everybody can see that any more. NothingToPractise.
    """
    require(get_user(tx, reviewer_id), Permission.REVIEW_REPORTS)
    case = queries.find_next_practice(tx, reviewer_id)
    if case is None:
        raise NothingToPractise
    begun = PracticeAnswer(
        AnswerId(new_id()), case.id, reviewer_id, tx.now, None, rule_code="", step="", verdict=""
    )
    tx.insert(_BEGIN, begun)
    post = find_post(tx, case.post_id) if case.post_id is not None else None
    if post is not None and case.case_id is not None:
        see(tx, get_case(tx, case.case_id), reviewer_id, post.id)
    return case


def answer_practice(
    tx: Tx, reviewer_id: AccountId, practice_id: int, *, rule_code: str, step: str
) -> PracticeCase:
    """Decides a practice case: nothing follows from it for anybody. PracticeNotFound where the
    reviewer has not begun it, AlreadyAnswered, what `check_answer` refuses.
    """
    require(get_user(tx, reviewer_id), Permission.REVIEW_REPORTS)
    case = queries.get_practice_case(tx, practice_id)
    begun = queries.find_answer(tx, case.id, reviewer_id)
    if begun is None:
        raise PracticeNotFound
    if begun.answered_at is not None:
        raise AlreadyAnswered
    answer: Answer = check_answer(
        rule_code, step, SubjectKind(case.subject_kind), queries.list_rules_of(tx, case)
    )
    tx.run(
        _ANSWER,
        answer_id=begun.id,
        at=tx.now,
        new_rule_code=answer.rule_code,
        new_step=answer.step,
        new_verdict=case.judge(answer),
    )
    return case


def forget_post(tx: Tx, post_id: int) -> None:
    """What was made of a post stays, since it leads to nobody; its picture goes with the post."""
    tx.run(_FORGET_POST, post_id=post_id)


def forget_account(tx: Tx, account_id: AccountId) -> None:
    """Answers stay as counts, without whose they were."""
    for statement in (_FORGET_AUTHOR, _FORGET_LEAD, _FORGET_REVIEWER):
        tx.run(statement, account_id=account_id)


def _add(
    tx: Tx,
    draft: PracticeDraft,
    *,
    made_by: AccountId | None = None,
    post: Post | None = None,
    shipped: str = "",
) -> PracticeCase:
    case = PracticeCase(
        id=PracticeId(new_id()),
        shipped=shipped,
        subject_kind=draft.subject_kind,
        text=draft.text.strip(),
        about=draft.about.strip(),
        language=draft.language,
        rule_code=draft.rule_code if draft.high != Step.NO_ACTION else "",
        version_id=get_version_in_force(tx).id,
        low=draft.low,
        high=draft.high,
        reasons=draft.reasons.strip(),
        case_id=draft.case_id if post else None,
        account_id=post.author_id if post else None,
        post_id=post.id if post else None,
        attachment_id=draft.attachment_id if post else None,
        made_by=made_by,
        made_at=tx.now,
        retired_at=None,
    )
    tx.insert(_INSERT, case)
    return case


def _names(account: Account) -> tuple[str, ...]:
    return telling(account.username, account.display_name)


def _words_of(post: Post) -> str:
    return "\n\n".join(filter(None, (post.spoiler_text, post.text)))


def _last(decided: Sequence[Decision]) -> Decision | None:
    return decided[-1] if decided else None
