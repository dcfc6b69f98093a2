"""Writes of decisions. Whatever restricts a member passes `decide` or `act_automatically`: the
decision with its reasons and what it does are written in one transaction (I1).
"""

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts import actions as accounts
from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.model import Permission, require
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions import queries
from folkmoot.domain.decisions.events import Decided, DecisionEnded, DecisionKept
from folkmoot.domain.decisions.model import (
    REVIEW_AFTER,
    AlreadyEnded,
    Decision,
    DecisionId,
    Draft,
    Ending,
    HasEnd,
    OwnRestriction,
    SameReviewer,
    SecondNeeded,
    Step,
    Subject,
    SubjectKind,
    check_draft,
    check_reason,
    content_types_of,
    needs_second,
    restraint_on_account,
    restraint_on_post,
)
from folkmoot.domain.decisions.tables import decisions
from folkmoot.domain.media.queries import list_attachments
from folkmoot.domain.notifications.queries import list_who_may
from folkmoot.domain.policy.model import Rule
from folkmoot.domain.policy.queries import get_rule_of_version, get_version_in_force
from folkmoot.domain.posts import actions as posts
from folkmoot.domain.posts.model import Post
from folkmoot.domain.posts.queries import get_post
from folkmoot.domain.transparency.queries import find_pseudonym
from folkmoot.kit.db import Tx, command, insert_all, param
from folkmoot.kit.ids import new_id

_INSERT = insert_all(decisions)
_END = command(
    sa.update(decisions)
    .where(decisions.c.id == param("decision_id"))
    .values(
        ended_at=param("at"),
        ending=param("how"),
        ended_by=param("by_id"),
        end_reason=param("reason"),
    )
)
_KEEP = command(
    sa.update(decisions).where(decisions.c.id == param("decision_id")).values(review_at=param("at"))
)
_LOSE_SUBJECT = command(
    sa.update(decisions)
    .where(decisions.c.subject_id == param("post_id"), decisions.c.subject_kind == param("kind"))
    .values(subject_id=sa.null())
)
_FORGET = command(sa.delete(decisions).where(decisions.c.account_id == param("account_id")))
_FORGET_REVIEWER = tuple(
    command(
        sa.update(decisions)
        .where(decisions.c[column] == param("account_id"))
        .values({column: sa.null()})
    )
    for column in ("decided_by", "seconded_by", "ended_by")
)


class _Who(msgspec.Struct, frozen=True):
    """Who decided and who agreed; nobody when a detector did."""

    decided_by: AccountId | None = None
    seconded_by: AccountId | None = None


def decide(
    tx: Tx,
    reviewer_id: AccountId,
    subject: Subject,
    *,
    draft: Draft,
    seconded_by: AccountId | None = None,
) -> Decision:
    """Decides as a reviewer, and does it.

    Refuses what `check_draft` refuses; PermissionMissing; SecondNeeded where two must agree and
    there are two who may; SameReviewer when one agrees with oneself; RuleNotFound.
    """
    for who in (reviewer_id, seconded_by):
        if who is not None:
            require(get_user(tx, who), Permission.REVIEW_REPORTS)
    if seconded_by == reviewer_id:
        raise SameReviewer
    if seconded_by is None and wants_second(tx, subject, draft):
        raise SecondNeeded
    return _decide(tx, subject, draft, _Who(reviewer_id, seconded_by))


def wants_second(tx: Tx, subject: Subject, draft: Draft) -> bool:
    """Whether the decision needs a second reviewer's agreement, and there is anybody to give it."""
    followers = get_account(tx, subject.account_id).followers_count
    if not needs_second(draft.step, followers):
        return False
    return len(list_who_may(tx, Permission.REVIEW_REPORTS)) > 1


def preview(tx: Tx, reviewer_id: AccountId, subject: Subject, draft: Draft) -> Decision:
    """The decision as it would stand, refused as `decide` would refuse it; nothing is written."""
    return _compose(tx, subject, draft, _Who(reviewer_id), _subject_post(tx, subject))


def check_automatic(tx: Tx, subject: Subject, draft: Draft) -> None:
    """Refuses what `act_automatically` would refuse of a detector's draft, and writes nothing."""
    check_draft(draft, subject, _rule_of(tx, draft), tx.now, automated=True)


def act_automatically(
    tx: Tx, subject: Subject, *, draft: Draft, post: Post | None = None, fresh: bool = False
) -> Decision:
    """Does what a detector asks for: a label, a screen, a hold or a slowing down that ends by
    itself.

    `post` is the subject where the caller has it at hand, and is changed in place; `fresh` when
    it is that of a PostWritten, which nobody has heard of.
    """
    return _decide(tx, subject, draft, _Who(), post, fresh=fresh)


def end_decision(
    tx: Tx,
    decision_id: int,
    ending: Ending,
    *,
    by: AccountId | None = None,
    reason: str = "",
    appeal: str = "",
) -> Decision:
    """Ends a decision: what it did is undone, as far as no other decision does the same. `appeal`
    is the code of the one that was upheld. One that has run out keeps the moment at which it did,
    and weighs on no later decision.

    DecisionNotFound; AlreadyEnded.
    """
    decision = queries.get_decision(tx, decision_id, lock=True)
    if not decision.may_end_by(ending):
        raise AlreadyEnded
    at = decision.ended_at or tx.now
    said = {"ending": ending, "ended_by": by, "end_reason": reason, "ended_at": at}
    tx.run(_END, decision_id=decision.id, at=at, how=ending, by_id=by, reason=reason)
    ended = msgspec.structs.replace(decision, **said)
    _put_in_force(tx, ended)
    tx.announce(DecisionEnded(ended, appeal))
    return ended


def reverse_decision(tx: Tx, reviewer_id: AccountId, decision_id: int, *, reason: str) -> Decision:
    """Ends a decision on the team's own review, which the member is told with the reason.

    ReasonMissing, OwnRestriction, DecisionNotFound, AlreadyEnded.
    """
    decision = _to_review(tx, reviewer_id, decision_id)
    said = check_reason(reason)
    return end_decision(tx, decision.id, Ending.REVERSED, by=reviewer_id, reason=said)


def lift(tx: Tx, reviewer_id: AccountId, account_id: AccountId, step: Step, *, reason: str) -> None:
    """Reverses whatever restricts an account in one way; nothing where nothing does. As
    `reverse_decision`.
    """
    if account_id == reviewer_id:
        raise OwnRestriction
    for decision in queries.list_in_force(tx, SubjectKind.ACCOUNT, account_id):
        if decision.step == step:
            reverse_decision(tx, reviewer_id, decision.id, reason=reason)


def keep_decision(tx: Tx, reviewer_id: AccountId, decision_id: int, *, reason: str) -> Decision:
    """Keeps a decision without an end in force after looking at it again: the next look is half a
    year from now, and the member is told why.

    ReasonMissing, OwnRestriction, DecisionNotFound, AlreadyEnded; HasEnd where it ends by itself.
    """
    decision = _to_review(tx, reviewer_id, decision_id)
    if decision.review_at is None:
        raise HasEnd
    said = check_reason(reason)
    kept = msgspec.structs.replace(decision, review_at=tx.now + REVIEW_AFTER)
    tx.run(_KEEP, decision_id=decision.id, at=kept.review_at)
    tx.announce(DecisionKept(kept, said))
    return kept


def end_due(tx: Tx, *, limit: int = 100) -> bool:
    """Ends decisions whose time is over (I6); whether there may be more."""
    due = queries.list_due(tx, limit=limit)
    for decision_id in due:
        end_decision(tx, decision_id, Ending.EXPIRED)
    return len(due) == limit


def forget_post(tx: Tx, post_id: int) -> None:
    """A decision about a post that is gone stays, about nothing that could be found."""
    tx.run(_LOSE_SUBJECT, post_id=post_id, kind=SubjectKind.POST)


def forget_account(tx: Tx, account_id: AccountId) -> None:
    """Forgets the decisions about an account that goes, and that it took others."""
    tx.run(_FORGET, account_id=account_id)
    for statement in _FORGET_REVIEWER:
        tx.run(statement, account_id=account_id)


def _to_review(tx: Tx, reviewer_id: AccountId, decision_id: int) -> Decision:
    require(get_user(tx, reviewer_id), Permission.REVIEW_REPORTS)
    decision = queries.get_decision(tx, decision_id, lock=True)
    if decision.account_id == reviewer_id:
        raise OwnRestriction
    if not decision.holds_at(tx.now):
        raise AlreadyEnded
    return decision


def _decide(
    tx: Tx,
    subject: Subject,
    draft: Draft,
    who: _Who,
    post: Post | None = None,
    *,
    fresh: bool = False,
) -> Decision:
    post = post or _subject_post(tx, subject)
    decision = _compose(tx, subject, draft, who, post)
    tx.insert(_INSERT, decision)
    if decision.restricts:
        _put_in_force(tx, decision, post, fresh=fresh)
    tx.announce(Decided(decision))
    return decision


def _subject_post(tx: Tx, subject: Subject) -> Post | None:
    return get_post(tx, subject.id) if subject.kind == SubjectKind.POST else None


def _compose(tx: Tx, subject: Subject, draft: Draft, who: _Who, post: Post | None) -> Decision:
    rule = _rule_of(tx, draft)
    check_draft(draft, subject, rule, tx.now, automated=who.decided_by is None)
    media = list_attachments(tx, [post.id]).get(post.id, []) if post else []
    return Decision(
        id=DecisionId(new_id()),
        case_id=draft.case_id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        account_id=subject.account_id,
        step=draft.step,
        rule_code=rule.code,
        version_id=rule.version_id,
        category=rule.category,
        facts=draft.facts.strip(),
        ground=draft.ground,
        law=draft.law.strip(),
        label=draft.label.strip() if draft.step == Step.LABEL else "",
        source=draft.source,
        detector=draft.detector,
        decider=_name(tx, who.decided_by),
        decided_by=who.decided_by,
        seconder=_name(tx, who.seconded_by),
        seconded_by=who.seconded_by,
        content_types=content_types_of(post, [attachment.kind for attachment in media]),
        content_language=post.language if post else "",
        content_at=post.created_at if post else tx.now,
        received_at=draft.received_at or tx.now,
        created_at=tx.now,
        ends_at=draft.ends_at,
        review_at=tx.now + REVIEW_AFTER if draft.ends_at is None else None,
        ended_at=None,
        ending="",
        ended_by=None,
        end_reason="",
    )


def _name(tx: Tx, reviewer_id: AccountId | None) -> str:
    """The name under which the public log knows a reviewer; empty for nobody."""
    return "" if reviewer_id is None else find_pseudonym(tx, reviewer_id)


def _rule_of(tx: Tx, draft: Draft) -> Rule:
    version_id = draft.version_id or get_version_in_force(tx).id
    return get_rule_of_version(tx, version_id, draft.rule_code)


def _put_in_force(
    tx: Tx, decision: Decision, post: Post | None = None, *, fresh: bool = False
) -> None:
    """Makes of the subject what all decisions in force together make of it."""
    if decision.subject_id is None:
        return
    holding = queries.list_in_force(tx, decision.subject_kind, decision.subject_id)
    if decision.subject_kind == SubjectKind.ACCOUNT:
        accounts.restrain_account(tx, decision.subject_id, restraint_on_account(holding))
    else:
        post = post or get_post(tx, decision.subject_id)
        posts.restrain_post(tx, post, restraint_on_post(holding), fresh=fresh)
