"""Reads of legal requests, referrals and disputes."""

import sqlalchemy as sa

from folkmoot.domain.requests.model import (
    Dispute,
    LegalRequest,
    Referral,
    ReferralId,
    ReferralNotFound,
    RequestId,
    RequestNotFound,
)
from folkmoot.domain.requests.tables import (
    IS_REFERRAL_PROPOSED,
    IS_REFERRAL_UNTOLD,
    IS_REQUEST_UNTOLD,
    IS_TO_BE_ANSWERED,
    disputes,
    legal_requests,
    referrals,
)
from folkmoot.kit.crypto import derive, open_sealed
from folkmoot.kit.db import Moment, Page, Tx, paged, param, rows, values

_l, _r, _d = legal_requests.c, referrals.c, disputes.c
_limit = param("limit", sa.Integer())
_request = sa.select(legal_requests).where(_l.id == param("id"))
_REQUEST = rows(_request, LegalRequest)
_REQUEST_LOCKED = rows(_request.with_for_update(), LegalRequest)
_REQUESTS = paged(sa.select(legal_requests), _l.id, LegalRequest)
_WAITING = rows(
    sa.select(legal_requests)
    .where(IS_TO_BE_ANSWERED)
    .order_by(_l.received_at, _l.id)
    .limit(_limit),
    LegalRequest,
)
_TOLD_REQUESTS = paged(
    sa.select(legal_requests).where(_l.account_id == param("account_id"), _l.told_at.is_not(None)),
    _l.id,
    LegalRequest,
)
_UNTOLD_REQUESTS = values(
    sa.select(_l.id)
    .where(IS_REQUEST_UNTOLD, _l.tell_at <= param("now", Moment))
    .order_by(_l.tell_at)
    .limit(_limit),
    RequestId,
)
_referral = sa.select(referrals).where(_r.id == param("id"))
_REFERRAL = rows(_referral, Referral)
_REFERRAL_LOCKED = rows(_referral.with_for_update(), Referral)
_REFERRALS = paged(sa.select(referrals), _r.id, Referral)
_PROPOSED = rows(
    sa.select(referrals).where(IS_REFERRAL_PROPOSED).order_by(_r.proposed_at, _r.id).limit(_limit),
    Referral,
)
_TOLD_REFERRALS = paged(
    sa.select(referrals).where(_r.account_id == param("account_id"), _r.told_at.is_not(None)),
    _r.id,
    Referral,
)
_UNTOLD_REFERRALS = values(
    sa.select(_r.id)
    .where(IS_REFERRAL_UNTOLD, _r.tell_at <= param("now", Moment))
    .order_by(_r.tell_at)
    .limit(_limit),
    ReferralId,
)
_DISPUTES = paged(sa.select(disputes), _d.id, Dispute)
_OF_DECISION = rows(
    sa.select(disputes).where(_d.decision_id == param("decision_id")).order_by(_d.id), Dispute
)


def get_request(tx: Tx, request_id: int, *, lock: bool = False) -> LegalRequest:
    """The legal request of an id, locked by who is about to change it; RequestNotFound."""
    found = tx.first(_REQUEST_LOCKED if lock else _REQUEST, id=request_id)
    if found is None:
        raise RequestNotFound
    return found


def list_requests(tx: Tx, page: Page) -> list[LegalRequest]:
    """A page of all legal requests, newest first."""
    return tx.page(_REQUESTS, page)


def list_waiting_requests(tx: Tx, *, limit: int = 40) -> list[LegalRequest]:
    """Those that are not answered yet, the oldest first."""
    return tx.all(_WAITING, limit=limit)


def list_told_requests(tx: Tx, account_id: int, page: Page) -> list[LegalRequest]:
    """What a member was told of requests about them, newest first."""
    return tx.page(_TOLD_REQUESTS, page, account_id=account_id)


def list_untold_requests(tx: Tx, *, limit: int = 100) -> list[RequestId]:
    """Those whose member is to be told now."""
    return tx.all(_UNTOLD_REQUESTS, now=tx.now, limit=limit)


def get_referral(tx: Tx, referral_id: int, *, lock: bool = False) -> Referral:
    """The referral of an id, locked by who is about to change it; ReferralNotFound."""
    found = tx.first(_REFERRAL_LOCKED if lock else _REFERRAL, id=referral_id)
    if found is None:
        raise ReferralNotFound
    return found


def list_referrals(tx: Tx, page: Page) -> list[Referral]:
    """A page of all referrals, newest first."""
    return tx.page(_REFERRALS, page)


def list_proposed_referrals(tx: Tx, *, limit: int = 40) -> list[Referral]:
    """Those that wait for a second person, the oldest first."""
    return tx.all(_PROPOSED, limit=limit)


def list_told_referrals(tx: Tx, account_id: int, page: Page) -> list[Referral]:
    """What a member was told of referrals about them, newest first."""
    return tx.page(_TOLD_REFERRALS, page, account_id=account_id)


def list_untold_referrals(tx: Tx, *, limit: int = 100) -> list[ReferralId]:
    """Those whose member is to be told now."""
    return tx.all(_UNTOLD_REFERRALS, now=tx.now, limit=limit)


def list_disputes(tx: Tx, page: Page) -> list[Dispute]:
    """A page of all disputes, newest first."""
    return tx.page(_DISPUTES, page)


def list_of_decision(tx: Tx, decision_id: int) -> list[Dispute]:
    """The disputes about a decision, oldest first."""
    return tx.all(_OF_DECISION, decision_id=decision_id)


def read_sealed(tx: Tx, text: str, code: str) -> str:
    """What the team wrote down about a request or referral; empty once it is forgotten."""
    if not text:
        return ""
    return open_sealed(sealing_key(tx), text, bound_to=code).decode()


def sealing_key(tx: Tx) -> bytes:
    return derive(tx.settings.secrets.secret_key, "requests")
