"""Writes of legal requests, referrals and disputes."""

from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import Account, AccountId
from folkmoot.domain.accounts.queries import find_account, find_account_by_name
from folkmoot.domain.auth.actions import send_notice
from folkmoot.domain.auth.model import Permission, require
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions import actions as decisions
from folkmoot.domain.decisions.model import Ending, code_of
from folkmoot.domain.decisions.queries import get_decision
from folkmoot.domain.reports.model import new_code
from folkmoot.domain.requests import queries
from folkmoot.domain.requests.model import (
    AnswerDraft,
    Dispute,
    DisputeDraft,
    DisputeId,
    LegalRequest,
    MemberNotFound,
    NotOpen,
    NotProposed,
    Order,
    Outcome,
    OwnAccount,
    Referral,
    ReferralDraft,
    ReferralId,
    RequestDraft,
    RequestId,
    Result,
    SamePerson,
    State,
    check_answer,
    check_dispute,
    check_referral,
    check_request,
    decode_data,
    encode_data,
)
from folkmoot.domain.requests.tables import disputes, legal_requests, referrals
from folkmoot.domain.transparency import actions as transparency
from folkmoot.domain.transparency import model as log
from folkmoot.domain.transparency.queries import find_pseudonym
from folkmoot.kit.clock import iso_day
from folkmoot.kit.crypto import seal
from folkmoot.kit.db import Command, Tx, command, insert_all, param
from folkmoot.kit.ids import new_id

R = TypeVar("R", LegalRequest, Referral)

_MAY_ANSWER = Permission.MANAGE_ACCOUNTS
_MAY_REFER = Permission.REVIEW_REPORTS

_INSERT_REQUEST = insert_all(legal_requests)
_INSERT_REFERRAL = insert_all(referrals)
_INSERT_DISPUTE = insert_all(disputes)


def _saving(of: sa.Table, struct: type[msgspec.Struct]) -> Command:
    changing = {name: param(f"new_{name}") for name in struct.__struct_fields__ if name != "id"}
    return command(sa.update(of).where(of.c.id == param("row_id")).values(changing))


_SAVE_REQUEST = _saving(legal_requests, LegalRequest)
_SAVE_REFERRAL = _saving(referrals, Referral)


def note_request(tx: Tx, by: AccountId, draft: RequestDraft) -> LegalRequest:
    """Writes down a request that has come in. Nothing follows from it before two have agreed.

    PermissionMissing, MemberNotFound, and what `check_request` refuses.
    """
    require(get_user(tx, by), _MAY_ANSWER)
    check_request(draft, tx.now)
    member = _member(tx, draft.member)
    code = new_code("L")
    request = LegalRequest(
        id=RequestId(new_id()),
        code=code,
        order_kind=draft.order,
        body=draft.body,
        country=draft.country,
        authority=draft.authority.strip(),
        basis=draft.basis.strip(),
        category=draft.category,
        asked=_seal(tx, draft.asked, code),
        account_id=member.id if member else None,
        items=draft.items,
        received_at=draft.received_at,
        confirmed_at=draft.confirmed_at,
        noted_by=by,
        noted_at=tx.now,
        state=State.OPEN,
        outcome="",
        answer="",
        data="[]",
        effective_at=None,
        tell_at=None,
        not_told_because="",
        proposer="",
        proposed_by=None,
        seconder="",
        seconded_by=None,
        answered_at=None,
        told_at=None,
    )
    tx.insert(_INSERT_REQUEST, request)
    return request


def propose_answer(tx: Tx, by: AccountId, request_id: int, draft: AnswerDraft) -> LegalRequest:
    """Proposes what to answer; it waits for a second person. NotOpen, OwnAccount, and what
    `check_answer` refuses.
    """
    request = _open_request(tx, by, request_id)
    if request.state != State.OPEN:
        raise NotOpen
    check_answer(draft, request, tx.now)
    silent = draft.tell_at is not None and request.account_id is not None
    return _save_request(
        tx,
        request,
        state=State.PROPOSED,
        outcome=draft.outcome,
        answer=_seal(tx, draft.text, request.code),
        data=encode_data(draft.data),
        effective_at=draft.effective_at,
        tell_at=draft.tell_at if silent else None,
        not_told_because=draft.not_told_because.strip() if silent else "",
        proposer=find_pseudonym(tx, by),
        proposed_by=by,
    )


def agree_to_answer(tx: Tx, by: AccountId, request_id: int) -> LegalRequest:
    """Agrees, as a second person: the request is answered, counted in the public log, and the
    member told, now or when the silence ends. NotProposed, SamePerson, OwnAccount.
    """
    request = _proposed_request(tx, by, request_id)
    if request.proposed_by == by:
        raise SamePerson
    at_once = request.account_id is not None and (request.tell_at or 0) <= tx.now
    answered = _save_request(
        tx,
        request,
        state=State.AGREED,
        seconder=find_pseudonym(tx, by),
        seconded_by=by,
        answered_at=tx.now,
        tell_at=tx.now if at_once else request.tell_at,
    )
    if at_once:
        answered = _tell_of_request(tx, answered)
    _record(tx, _request_entry(answered), answered, answer=answered.answer)
    return answered


def reject_answer(tx: Tx, by: AccountId, request_id: int) -> LegalRequest:
    """Does not agree, or takes one's own proposal back: another answer can be proposed."""
    request = _proposed_request(tx, by, request_id)
    return _save_request(
        tx,
        request,
        state=State.OPEN,
        outcome="",
        answer="",
        data="[]",
        effective_at=None,
        tell_at=None,
        not_told_because="",
        proposer="",
        proposed_by=None,
    )


def propose_referral(tx: Tx, by: AccountId, draft: ReferralDraft) -> Referral:
    """Proposes to tell those who can help that a life is at risk. PermissionMissing,
    MemberNotFound, OwnAccount, and what `check_referral` refuses.
    """
    require(get_user(tx, by), _MAY_REFER)
    check_referral(draft, tx.now)
    member = _member(tx, draft.member)
    if member is None:
        raise MemberNotFound(field="member")
    if member.id == by:
        raise OwnAccount
    code = new_code("E")
    referral = Referral(
        id=ReferralId(new_id()),
        code=code,
        account_id=member.id,
        danger=draft.danger,
        country=draft.country,
        told=draft.told.strip(),
        why=_seal(tx, draft.why, code),
        data=encode_data(draft.data),
        state=State.PROPOSED,
        proposer=find_pseudonym(tx, by),
        proposed_by=by,
        proposed_at=tx.now,
        seconder="",
        seconded_by=None,
        decided_at=None,
        tell_at=draft.tell_at,
        told_at=None,
    )
    tx.insert(_INSERT_REFERRAL, referral)
    return referral


def agree_to_referral(tx: Tx, by: AccountId, referral_id: int) -> Referral:
    """Agrees, as a second person: it is counted in the public log, and people of the team tell
    those who can help, themselves. NotProposed, SamePerson, OwnAccount.
    """
    referral = _proposed_referral(tx, by, referral_id)
    if referral.proposed_by == by:
        raise SamePerson
    agreed = _save_referral(
        tx,
        referral,
        state=State.AGREED,
        seconder=find_pseudonym(tx, by),
        seconded_by=by,
        decided_at=tx.now,
        tell_at=max(referral.tell_at, tx.now),
    )
    entry = log.Referral(
        code=agreed.code,
        referred_at=log.moment(tx.now),
        country=agreed.country,
        category=agreed.danger,
        data=tuple(decode_data(agreed.data)),
        agreed_by=(agreed.proposer, agreed.seconder),
    )
    _record(tx, entry, agreed, why=agreed.why)
    return agreed


def decline_referral(tx: Tx, by: AccountId, referral_id: int) -> Referral:
    """Does not agree, or takes one's own proposal back: nothing was passed on."""
    referral = _proposed_referral(tx, by, referral_id)
    return _save_referral(
        tx,
        referral,
        state=State.DECLINED,
        seconder=find_pseudonym(tx, by),
        seconded_by=by,
        decided_at=tx.now,
    )


def tell_due(tx: Tx, *, limit: int = 100) -> bool:
    """Tells members whose time of silence is over; whether there may be more."""
    told = queries.list_untold_requests(tx, limit=limit)
    for request_id in told:
        _tell_of_request(tx, queries.get_request(tx, request_id, lock=True))
    referred = queries.list_untold_referrals(tx, limit=limit)
    for referral_id in referred:
        _tell_of_referral(tx, queries.get_referral(tx, referral_id, lock=True))
    return limit in (len(told), len(referred))


def record_dispute(tx: Tx, by: AccountId, decision_id: int, draft: DisputeDraft) -> Dispute:
    """Writes down how a dispute about a decision ended. Where it was reversed and this is followed,
    all that the decision did is undone. PermissionMissing, DecisionNotFound, OwnAccount, and what
    `check_dispute` refuses.
    """
    require(get_user(tx, by), _MAY_REFER)
    decision = get_decision(tx, decision_id, lock=True)
    if decision.account_id == by:
        raise OwnAccount
    check_dispute(draft, tx.now)
    reversed_ = draft.result in (Result.REVERSED, Result.PARTLY)
    dispute = Dispute(
        id=DisputeId(new_id()),
        code=new_code("O"),
        decision_id=decision.id,
        account_id=decision.account_id,
        body=draft.body.strip(),
        filed_at=draft.filed_at,
        ended_at=draft.ended_at,
        result=draft.result,
        implemented=draft.follows if reversed_ else True,
        recorder=find_pseudonym(tx, by),
        recorded_by=by,
        recorded_at=tx.now,
    )
    tx.insert(_INSERT_DISPUTE, dispute)
    if reversed_ and dispute.implemented and decision.may_end_by(Ending.OUT_OF_COURT):
        reason = f"{dispute.body}, an out-of-court body, decided for you."
        decisions.end_decision(tx, decision.id, Ending.OUT_OF_COURT, by=by, reason=reason)
    entry = log.Dispute(
        code=dispute.code,
        decision=code_of(decision.id),
        body=dispute.body,
        filed_at=log.moment(dispute.filed_at),
        ended_at=log.moment(dispute.ended_at),
        outcome=draft.result.value,
        implemented=dispute.implemented,
    )
    tx.at_last(transparency.record, entry)
    return dispute


def _member(tx: Tx, name: str) -> Account | None:
    if not name.strip():
        return None
    found = find_account_by_name(tx, name.strip().removeprefix("@"))
    if found is None:
        raise MemberNotFound(field="member")
    return found


def _seal(tx: Tx, text: str, code: str) -> str:
    return seal(queries.sealing_key(tx), text.strip().encode(), bound_to=code)


def _open_request(tx: Tx, by: AccountId, request_id: int) -> LegalRequest:
    require(get_user(tx, by), _MAY_ANSWER)
    request = queries.get_request(tx, request_id, lock=True)
    if request.account_id == by:
        raise OwnAccount
    return request


def _proposed_request(tx: Tx, by: AccountId, request_id: int) -> LegalRequest:
    request = _open_request(tx, by, request_id)
    if request.state != State.PROPOSED:
        raise NotProposed
    return request


def _proposed_referral(tx: Tx, by: AccountId, referral_id: int) -> Referral:
    require(get_user(tx, by), _MAY_REFER)
    referral = queries.get_referral(tx, referral_id, lock=True)
    if referral.state != State.PROPOSED:
        raise NotProposed
    if referral.account_id == by:
        raise OwnAccount
    return referral


def _save_request(tx: Tx, request: LegalRequest, **new: Any) -> LegalRequest:
    return _save(tx, _SAVE_REQUEST, msgspec.structs.replace(request, **new))


def _save_referral(tx: Tx, referral: Referral, **new: Any) -> Referral:
    return _save(tx, _SAVE_REFERRAL, msgspec.structs.replace(referral, **new))


def _save(tx: Tx, saving: Command, row: R) -> R:
    said = msgspec.structs.asdict(row)
    row_id = said.pop("id")
    tx.run(saving, row_id=row_id, **{f"new_{name}": value for name, value in said.items()})
    return row


def _request_entry(request: LegalRequest) -> log.LegalRequest:
    silent = request.told_at is None and request.tell_at is not None
    nobody = "no member is concerned" if request.account_id is None else None
    return log.LegalRequest(
        code=request.code,
        order=Order(request.order_kind).value,
        country=request.country,
        authority=request.authority,
        basis=request.basis,
        category=request.category,
        outcome=Outcome(request.outcome).value,
        received_at=log.moment(request.received_at),
        answered_at=log.moment(request.answered_at or 0),
        agreed_by=(request.proposer, request.seconder),
        member_told=request.told_at is not None,
        not_told_because=request.not_told_because if silent else nobody,
        told_on=iso_day(request.tell_at) if silent and request.tell_at is not None else None,
        confirmed_at=_moment(request.confirmed_at),
        effective_at=_moment(request.effective_at),
        items=request.items,
        accounts=0 if request.account_id is None else 1,
        body=request.body,
        data=tuple(decode_data(request.data)),
    )


def _record(tx: Tx, entry: log.Entry, about: LegalRequest | Referral, **sealed: str) -> None:
    """Counts it in public. The leaf commits to what the member is told, while they are here."""
    account = find_account(tx, about.account_id or 0)
    if account is None:
        tx.at_last(transparency.record, entry)
        return
    private = {name: queries.read_sealed(tx, text, about.code) for name, text in sealed.items()}
    tx.at_last(
        transparency.record,
        entry,
        private={"member": account.username, **private},
        about=account.id,
    )


def _moment(at: int | None) -> str | None:
    return None if at is None else log.moment(at)


def _tell_of_request(tx: Tx, request: LegalRequest) -> LegalRequest:
    account = find_account(tx, request.account_id or 0)
    if account is not None and account.is_local:
        send_notice(
            tx,
            get_user(tx, account.id),
            "legal_request",
            code=request.code,
            authority=request.authority,
            country=request.country,
            basis=request.basis,
            answer=queries.read_sealed(tx, request.answer, request.code),
        )
    return _save_request(tx, request, told_at=tx.now)


def _tell_of_referral(tx: Tx, referral: Referral) -> Referral:
    account = find_account(tx, referral.account_id or 0)
    if account is not None and account.is_local:
        send_notice(
            tx,
            get_user(tx, account.id),
            "referral",
            code=referral.code,
            told=referral.told,
            country=referral.country,
            day=iso_day(referral.decided_at or 0),
            why=queries.read_sealed(tx, referral.why, referral.code),
        )
    return _save_referral(tx, referral, told_at=tx.now)


_FORGET = (
    command(
        sa.update(legal_requests)
        .where(legal_requests.c.account_id == param("account_id"))
        .values(account_id=sa.null(), asked="", answer="")
    ),
    command(
        sa.update(referrals)
        .where(referrals.c.account_id == param("account_id"))
        .values(account_id=sa.null(), why="")
    ),
    command(sa.delete(disputes).where(disputes.c.account_id == param("account_id"))),
    *(
        command(
            sa.update(of).where(of.c[column] == param("account_id")).values({column: sa.null()})
        )
        for of, columns in (
            (legal_requests, ("noted_by", "proposed_by", "seconded_by")),
            (referrals, ("proposed_by", "seconded_by")),
            (disputes, ("recorded_by",)),
        )
        for column in columns
    ),
)


def forget_account(tx: Tx, account_id: AccountId) -> None:
    """Forgets whom requests and referrals were about, and what was written down of them; that there
    was one stays. Disputes go with their decision.
    """
    for statement in _FORGET:
        tx.run(statement, account_id=account_id)
