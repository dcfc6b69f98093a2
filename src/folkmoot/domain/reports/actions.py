"""Writes of reports: filing, resolving, trusted flaggers."""

import hmac
from collections.abc import Sequence
from typing import Literal

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import get_shown_account
from folkmoot.domain.auth.model import Permission, parse_email, require
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions.model import code_of as name_of_decision
from folkmoot.domain.policy.model import Category as Harm
from folkmoot.domain.policy.queries import list_rules
from folkmoot.domain.posts.model import PostNotFound
from folkmoot.domain.posts.queries import get_visible_post
from folkmoot.domain.reports import queries
from folkmoot.domain.reports.events import ReporterWarned, ReportFiled, ReportResolved
from folkmoot.domain.reports.model import (
    CONTACT_KEPT,
    MAX_COMMENT_CHARS,
    MAX_DETAIL_CHARS,
    MAX_NAME_CHARS,
    MAX_POSTS,
    AlreadyFlagger,
    By,
    Category,
    CommentNeeded,
    CommentTooLong,
    Complaint,
    Contact,
    ExplanationNeeded,
    FaithNeeded,
    Flagger,
    NameNeeded,
    Outcome,
    PartInvalid,
    ReceiptUnknown,
    Report,
    ReportedPost,
    ReportId,
    ReportingPaused,
    RulesInvalid,
    SelfReport,
    Standing,
    TooManyPosts,
    check_flagger,
    check_why,
    judge,
    needs_name,
    new_code,
    receipt_key,
)
from folkmoot.domain.reports.tables import (
    HAS_CONTACT,
    flaggers,
    report_posts,
    reporter_standings,
    reports,
)
from folkmoot.domain.transparency import model as log
from folkmoot.domain.transparency.actions import record
from folkmoot.domain.transparency.queries import find_pseudonym
from folkmoot.kit.clock import iso_day, spoken
from folkmoot.kit.crypto import derive, seal
from folkmoot.kit.db import Moment, Page, Tx, command, insert_all, param
from folkmoot.kit.ids import new_id

_BATCH = 500

_INSERT = insert_all(reports)
_INSERT_POST = insert_all(report_posts, or_ignore=True)
_JOIN = command(
    sa.update(reports)
    .where(reports.c.id == param("report_id"))
    .values(case_id=param("new_case_id"))
)
_RESOLVE = command(
    sa.update(reports)
    .where(reports.c.id == param("report_id"))
    .values(
        resolved_at=param("at"), outcome=param("new_outcome"), decision_id=param("new_decision_id")
    )
)
_REOPEN = command(
    sa.update(reports)
    .where(reports.c.id == param("report_id"))
    .values(resolved_at=sa.null(), outcome=Outcome.OPEN.value, decision_id=sa.null())
)
_REOPEN_CASE = command(
    sa.update(reports)
    .where(reports.c.case_id == param("of_case"))
    .values(resolved_at=sa.null(), outcome=Outcome.OPEN.value, decision_id=sa.null())
)
_MOVE_OPEN = command(
    sa.update(reports)
    .where(reports.c.case_id == param("of_case"), reports.c.resolved_at.is_(None))
    .values(case_id=param("new_case_id"))
)
# By the index of those that have a contact, which are few; an index of moments would lead through
# all that was ever resolved.
_FORGET_CONTACTS = command(
    sa.update(reports)
    .where(
        HAS_CONTACT,
        reports.c.contact > sa.literal_column("''"),
        reports.c.resolved_at + sa.literal_column("0") < param("before", Moment),
    )
    .values(contact="")
)
_FORGET_STANDING = command(
    sa.delete(reporter_standings).where(reporter_standings.c.account_id == param("account_id"))
)
_INSERT_STANDING = insert_all(reporter_standings)
_FORGET_FLAGGER = command(sa.delete(flaggers).where(flaggers.c.account_id == param("account_id")))
_INSERT_FLAGGER = insert_all(flaggers)


def file_report(
    tx: Tx, reporter_id: AccountId, target_id: int, complaint: Complaint, *, language: str = ""
) -> Report:
    """Reports an account, with posts of it that the reporter can see, as a member.

    Rules given make it a violation of them, unless it is reported as illegal. AccountNotFound,
    PostNotFound, SelfReport, CommentTooLong, RulesInvalid, PartInvalid, TooManyPosts,
    ReportingPaused; CommentNeeded, ExplanationNeeded and FaithNeeded where a form has asked.
    """
    standing = queries.get_standing(tx, reporter_id)
    if standing.paused_until is not None and tx.now < standing.paused_until:
        raise ReportingPaused(until=spoken(standing.paused_until))
    if target_id == reporter_id:
        raise SelfReport
    _check_words(complaint)
    by = By.FLAGGER if queries.find_flagger(tx, reporter_id) else By.MEMBER
    return _file(tx, target_id, complaint, by=by, reporter_id=reporter_id, language=language)


def file_report_as_visitor(
    tx: Tx, target_id: int, complaint: Complaint, *, contact: Contact, language: str = ""
) -> Report:
    """Reports what everybody can see, without an account. Also NameNeeded and EmailInvalid where
    the law asks who reports; what is given beyond that is not kept.
    """
    _check_words(complaint)
    kept = _needed_of(complaint, Contact(contact.name.strip(), contact.email.strip()))
    return _file(tx, target_id, complaint, by=By.VISITOR, contact=kept, language=language)


def _needed_of(complaint: Complaint, given: Contact) -> Contact:
    """Name and address where the law asks for them, nothing about the exploitation of children,
    and for all else only an address to which the outcome can be sent.
    """
    if complaint.harm is Harm.SEXUAL_EXPLOITATION:
        return Contact()
    if needs_name(complaint.category, complaint.harm):
        if not 0 < len(given.name) <= MAX_NAME_CHARS:
            raise NameNeeded(field="name")
        if not given.email:
            raise NameNeeded(field="email")
        return Contact(given.name, parse_email(given.email).address)
    return Contact("", parse_email(given.email).address) if given.email else Contact()


def join_case(tx: Tx, report: Report, case_id: int) -> None:
    """Puts a report to the case that decides what it is about."""
    tx.run(_JOIN, report_id=report.id, new_case_id=case_id)


def resolve_case(tx: Tx, case_id: int, outcome: Outcome, *, decision_id: int | None) -> None:
    """Tells what became of every open report of a case; decides what it says of the reporters."""
    page = Page(limit=_BATCH)
    while found := queries.list_of_case(tx, case_id, page):
        still_open = [report for report in found if report.resolved_at is None]
        for report in still_open:
            _resolve(tx, report, outcome, decision_id)
        if still_open and decision_id is not None:
            answer = log.Answer(
                decision=name_of_decision(decision_id),
                notices=tuple(report.code for report in still_open),
                answered_at=log.moment(tx.now),
            )
            tx.at_last(record, answer)
        page = Page(limit=_BATCH, max_id=found[-1].id)


def reopen_report(tx: Tx, report_id: int) -> Report:
    """Opens a report again, whose reporter was right to contest what became of it."""
    report = queries.get_report(tx, report_id)
    tx.run(_REOPEN, report_id=report.id)
    return report


def reopen_case(tx: Tx, case_id: int) -> None:
    """Opens every report of a case again that was closed with it."""
    tx.run(_REOPEN_CASE, of_case=case_id)


def move_open(tx: Tx, case_id: int, to_case_id: int) -> int:
    """Puts the open reports of a case to another; how many there were."""
    return tx.run(_MOVE_OPEN, of_case=case_id, new_case_id=to_case_id)


def get_receipt(tx: Tx, code: str, key: str) -> Report:
    """The report of a receipt's secret address; ReceiptUnknown."""
    # The key is compared whether or not there is such a code, so that both take as long.
    wanted = receipt_key(tx.settings.secrets.secret_key, code.strip().upper())
    fits = hmac.compare_digest(wanted.encode(), key.encode())
    report = queries.find_report_of_code(tx, code)
    if report is None or not fits:
        raise ReceiptUnknown
    return report


def award_flagger(
    tx: Tx,
    account_id: AccountId,
    *,
    area: str,
    why: str,
    organisation: str = "",
    by: AccountId | None = None,
) -> Flagger:
    """Makes a member a trusted flagger, in public; by None the operator at the command line. Of an
    `organisation`, the public log says the name; of a person it never does.

    AreaMissing, WhyMissing, AlreadyFlagger; PermissionMissing.
    """
    check_flagger(area, why)
    if queries.find_flagger(tx, account_id) is not None:
        raise AlreadyFlagger
    tx.run(_FORGET_FLAGGER, account_id=account_id)
    made = Flagger(
        account_id=account_id,
        area=area.strip(),
        organisation=organisation.strip()[:MAX_NAME_CHARS],
        awarded_at=tx.now,
        awarded_by=_deciding(tx, by),
        awarded_why=why.strip(),
        revoked_at=None,
        revoked_by="",
        revoked_why="",
    )
    tx.insert(_INSERT_FLAGGER, made)
    tx.at_last(_record_flagger, made, event="awarded")
    return made


def _deciding(tx: Tx, by: AccountId | None) -> str:
    """The name in the public log of who decides about flaggers; PermissionMissing."""
    if by is None:
        return ""
    require(get_user(tx, by), Permission.MANAGE_ACCOUNTS)
    return find_pseudonym(tx, by)


def revoke_flagger(
    tx: Tx, account_id: AccountId, *, why: str, by: AccountId | None = None
) -> Flagger | None:
    """Takes that back, in public; None where there was nothing to take back. WhyMissing,
    PermissionMissing.
    """
    found = queries.find_flagger(tx, account_id)
    if found is None:
        return None
    ended = msgspec.structs.replace(
        found, revoked_at=tx.now, revoked_by=_deciding(tx, by), revoked_why=check_why(why)
    )
    tx.run(_FORGET_FLAGGER, account_id=account_id)
    tx.insert(_INSERT_FLAGGER, ended)
    tx.at_last(_record_flagger, ended, event="revoked")
    return ended


def _record_flagger(tx: Tx, flagger: Flagger, *, event: Literal["awarded", "revoked"]) -> None:
    code = queries.find_flagger_code(tx, flagger.account_id)
    entry = log.TrustedFlagger(
        code=code,
        organisation=flagger.organisation or code,
        event=event,
        on=iso_day(tx.now),
        by=(flagger.awarded_by if event == "awarded" else flagger.revoked_by) or None,
    )
    record(tx, entry)


def forget_contacts(tx: Tx) -> int:
    """Forgets who visitors are, once what they reported can be contested no longer and every answer
    is due; how many.
    """
    return tx.run(_FORGET_CONTACTS, before=tx.now - CONTACT_KEPT)


def forget_reporter(tx: Tx, account_id: AccountId) -> None:
    """Forgets how a member who leaves has reported."""
    tx.run(_FORGET_STANDING, account_id=account_id)
    tx.run(_FORGET_FLAGGER, account_id=account_id)


def _file(
    tx: Tx,
    target_id: int,
    complaint: Complaint,
    *,
    by: By,
    language: str,
    reporter_id: AccountId | None = None,
    contact: Contact | None = None,
) -> Report:
    target = get_shown_account(tx, target_id)
    rule_ids = _check_rules(tx, complaint)
    code = new_code()
    report = Report(
        id=ReportId(new_id()),
        code=code,
        by=by,
        reporter_id=reporter_id,
        contact=_sealed(tx, code, contact),
        language=language,
        target_id=target.id,
        case_id=None,
        category=_category_of(complaint, rule_ids),
        harm=complaint.harm or "",
        comment=complaint.comment,
        part=complaint.part,
        detail=complaint.detail,
        good_faith=bool(complaint.good_faith),
        rule_ids=msgspec.json.encode(rule_ids).decode(),
        forward=complaint.forward and not target.is_local,
        forwarded_at=None,
        created_at=tx.now,
        resolved_at=None,
        outcome=Outcome.OPEN,
        decision_id=None,
    )
    posts = _seen_posts(tx, report, complaint.post_ids)
    tx.insert(_INSERT, report)
    tx.many(_INSERT_POST, [msgspec.structs.asdict(post) for post in posts])
    tx.announce(ReportFiled(report, tuple(posts)))
    return report


def _check_words(complaint: Complaint) -> None:
    if len(complaint.comment) > MAX_COMMENT_CHARS:
        raise CommentTooLong(field="comment")
    if bool(complaint.part) != bool(complaint.detail) or len(complaint.detail) > MAX_DETAIL_CHARS:
        raise PartInvalid(field="part")
    if complaint.good_faith is None:
        return
    silent = not complaint.comment.strip()
    if complaint.category is Category.OTHER and silent:
        raise CommentNeeded(field="comment")
    if complaint.category is Category.LEGAL and silent:
        raise ExplanationNeeded(field="comment")
    if complaint.category is Category.LEGAL and not complaint.good_faith:
        raise FaithNeeded(field="good_faith")


def _category_of(complaint: Complaint, rule_ids: list[int]) -> Category:
    if rule_ids and complaint.category is not Category.LEGAL:
        return Category.VIOLATION
    return complaint.category


def _sealed(tx: Tx, code: str, contact: Contact | None) -> str:
    if contact is None or contact == Contact():
        return ""
    key = derive(tx.settings.secrets.secret_key, "contacts")
    return seal(key, msgspec.json.encode(contact), bound_to=code)


def _check_rules(tx: Tx, complaint: Complaint) -> list[int]:
    wanted = list(dict.fromkeys(complaint.rule_ids))
    if complaint.category is Category.VIOLATION and not wanted and complaint.harm is None:
        raise RulesInvalid
    if not {rule.id for rule in list_rules(tx)}.issuperset(wanted):
        raise RulesInvalid
    return wanted


def _seen_posts(tx: Tx, report: Report, post_ids: Sequence[int]) -> list[ReportedPost]:
    """The posts as they are at this moment; a boost stands for nothing that its author wrote."""
    if len(post_ids) > MAX_POSTS:
        raise TooManyPosts
    found = []
    for post_id in dict.fromkeys(post_ids):
        post = get_visible_post(tx, post_id, viewer_id=report.reporter_id or 0)
        if post.author_id != report.target_id:
            raise PostNotFound
        found.append(ReportedPost(report.id, post.id, post.rev))
    return found


def _resolve(tx: Tx, report: Report, outcome: Outcome, decision_id: int | None) -> None:
    tx.run(
        _RESOLVE,
        report_id=report.id,
        at=tx.now,
        new_outcome=outcome,
        new_decision_id=decision_id,
    )
    resolved = msgspec.structs.replace(
        report, resolved_at=tx.now, outcome=outcome, decision_id=decision_id
    )
    if report.reporter_id is not None:
        _judge(tx, report.reporter_id, outcome, decision_id)
    tx.announce(ReportResolved(resolved))


def _judge(tx: Tx, reporter_id: AccountId, outcome: Outcome, decision_id: int | None) -> None:
    before = queries.get_standing(tx, reporter_id)
    after = judge(before, outcome, tx.now)
    _save_standing(tx, after)
    newly_warned = after.warned_at != before.warned_at and after.warned_at is not None
    newly_paused = after.paused_until != before.paused_until
    if newly_warned or newly_paused:
        until = after.paused_until if newly_paused else None
        tx.announce(ReporterWarned(reporter_id, until, before.warned_at, decision_id))


def _save_standing(tx: Tx, standing: Standing) -> None:
    tx.run(_FORGET_STANDING, account_id=standing.account_id)
    tx.insert(_INSERT_STANDING, standing)


def lift_pause(tx: Tx, account_id: AccountId) -> None:
    """Lets a member report again at once, whose appeal was upheld."""
    standing = queries.get_standing(tx, account_id)
    lifted = msgspec.structs.replace(standing, paused_until=None, warned_at=None, in_a_row=0)
    _save_standing(tx, lifted)
