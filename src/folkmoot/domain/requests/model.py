"""Legal requests, referrals and disputes as values, and what each must say."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.decisions.model import DecisionId
from folkmoot.domain.policy.model import statement_categories
from folkmoot.kit.clock import DAY, spoken
from folkmoot.kit.errors import Conflict, Forbidden, Invalid, NotFound

RequestId = NewType("RequestId", int)
ReferralId = NewType("ReferralId", int)
DisputeId = NewType("DisputeId", int)

MAX_TEXT_CHARS = 5_000
MAX_LABEL_CHARS = 200
MAX_ITEMS = 1_000_000
# For how long a member may be told nothing; then they are, by themselves.
SILENCE_AT_MOST = 365 * DAY
REFERRAL_SILENCE_AT_MOST = 90 * DAY
NOT_SPECIFIED = "NOT_SPECIFIED_ORDER"


class Order(StrEnum):
    """What an authority asks for."""

    ACT = "to-act"
    INFORM = "to-inform"
    OTHER = "other"


class Body(StrEnum):
    """What kind of body asks."""

    COURT = "court"
    PROSECUTOR = "prosecutor"
    POLICE = "police"
    REGULATOR = "regulator"
    ADMINISTRATION = "administration"
    OTHER = "other"


class Outcome(StrEnum):
    """What became of a legal request."""

    GIVEN = "given"
    NARROWED = "narrowed"
    REFUSED = "refused"


class State(StrEnum):
    """Where a legal request or a referral stands."""

    OPEN = "open"
    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"


class Data(StrEnum):
    """What can be given of a member at all: the least that serves."""

    HANDLE = "handle"
    POST_LINKS = "post-links"
    POST_TEXT = "post-text"
    MEDIA = "media"
    PROFILE = "profile"
    EMAIL = "e-mail"
    SIGN_INS = "sign-in-addresses"


class Danger(StrEnum):
    """Why a life is thought to be at risk."""

    SELF_HARM = "self-harm"
    VIOLENCE = "violence"
    SEXUAL_EXPLOITATION = "sexual-exploitation"
    OTHER = "other"


class Result(StrEnum):
    """How a dispute before an out-of-court body ended, for the decision."""

    UPHELD = "upheld"
    REVERSED = "reversed"
    PARTLY = "partly-reversed"
    NONE = "no-outcome"


class RequestNotFound(NotFound):
    """There is no such request"""


class ReferralNotFound(NotFound):
    """There is no such referral"""


class MemberNotFound(Invalid):
    """There is no member of this name here. Leave it empty when no member is concerned"""


class TextMissing(Invalid):
    """Say it in up to 5,000 characters"""


class LabelInvalid(Invalid):
    """Name it in up to 200 characters of one line, without an @: it is public"""


class CountryInvalid(Invalid):
    """Give the country as two capital letters, such as FR"""


class CategoryUnknown(Invalid):
    """Choose one of the categories"""


class MomentInvalid(Invalid):
    """This moment should lie in the past, and not before the request was received"""


class ItemsInvalid(Invalid):
    """Say how many posts or other items are concerned, as a whole number"""


class NothingChosen(Invalid):
    """Choose what is given: the least that serves"""


class SilenceInvalid(Invalid):
    """The member is told at the latest {days} days from now: choose an earlier moment"""


class SilenceUnexplained(Invalid):
    """Say why the member is not told at once, in up to 200 characters: it is public"""


class NotOpen(Conflict):
    """This has been proposed or answered already"""


class NotProposed(Conflict):
    """Nothing waits here for a second person"""


class SamePerson(Forbidden):
    """Somebody else has to agree: you proposed it"""


class OwnAccount(Forbidden):
    """This is about yourself: somebody else has to see to it"""


class LegalRequest(msgspec.Struct, frozen=True):
    """A row of legal_requests, in the table's order. `asked` and `answer` are sealed; `data` is
    what was given, as JSON; `tell_at` is when the member is told, None where none is concerned.
    """

    id: RequestId
    code: str
    order_kind: str
    body: str
    country: str
    authority: str
    basis: str
    category: str
    asked: str
    account_id: AccountId | None
    items: int
    received_at: int
    confirmed_at: int | None
    noted_by: AccountId | None
    noted_at: int
    state: str
    outcome: str
    answer: str
    data: str
    effective_at: int | None
    tell_at: int | None
    not_told_because: str
    proposer: str
    proposed_by: AccountId | None
    seconder: str
    seconded_by: AccountId | None
    answered_at: int | None
    told_at: int | None


class Referral(msgspec.Struct, frozen=True):
    """A row of referrals, in the table's order. `why` is sealed; `told` is who is told, a public
    name such as an emergency service; `data` is what is passed on, as JSON.
    """

    id: ReferralId
    code: str
    account_id: AccountId | None
    danger: str
    country: str
    told: str
    why: str
    data: str
    state: str
    proposer: str
    proposed_by: AccountId | None
    proposed_at: int
    seconder: str
    seconded_by: AccountId | None
    decided_at: int | None
    tell_at: int
    told_at: int | None


class Dispute(msgspec.Struct, frozen=True):
    """A row of disputes, in the table's order. `implemented`: its outcome is followed."""

    id: DisputeId
    code: str
    decision_id: DecisionId
    account_id: AccountId
    body: str
    filed_at: int
    ended_at: int
    result: str
    implemented: bool
    recorder: str
    recorded_by: AccountId | None
    recorded_at: int


class RequestDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it came in. `member` is a user name here, or empty."""

    order: Order
    body: Body
    country: str
    authority: str
    basis: str
    asked: str
    received_at: int
    category: str = NOT_SPECIFIED
    member: str = ""
    items: int = 0
    confirmed_at: int | None = None


class AnswerDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What is proposed to answer. `text` says what is narrowed, refused or given, and why; without
    `tell_at` the member is told at once.
    """

    outcome: Outcome
    text: str
    data: tuple[Data, ...] = ()
    effective_at: int | None = None
    tell_at: int | None = None
    not_told_because: str = ""


class ReferralDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A referral as it is proposed; the member is told at `tell_at`."""

    member: str
    danger: Danger
    country: str
    told: str
    why: str
    data: tuple[Data, ...]
    tell_at: int


class DisputeDraft(msgspec.Struct, frozen=True, kw_only=True):
    """How a dispute ended."""

    body: str
    filed_at: int
    ended_at: int
    result: Result
    follows: bool = True


def check_request(draft: RequestDraft, now: int) -> None:
    """Refuses a request that could not be counted in public, or that says nothing."""
    check_country(draft.country)
    check_label(draft.authority, "authority")
    check_label(draft.basis, "basis")
    _check_text(draft.asked, "asked")
    if draft.category not in order_categories():
        raise CategoryUnknown(field="category")
    if not 0 <= draft.items <= MAX_ITEMS:
        raise ItemsInvalid(field="items")
    if draft.received_at > now:
        raise MomentInvalid(field="received_at")
    if draft.confirmed_at is not None and not draft.received_at <= draft.confirmed_at <= now:
        raise MomentInvalid(field="confirmed_at")


def check_answer(draft: AnswerDraft, request: LegalRequest, now: int) -> None:
    """Refuses an answer that gives without saying what, or keeps silent without reason and end."""
    _check_text(draft.text, "text")
    informs = request.order_kind == Order.INFORM and draft.outcome != Outcome.REFUSED
    if informs and not draft.data:
        raise NothingChosen(field="data")
    effective = draft.effective_at
    if effective is not None and not request.received_at <= effective <= now:
        raise MomentInvalid(field="effective_at")
    if draft.tell_at is not None:
        _check_silence(draft.tell_at, now, SILENCE_AT_MOST)
        if not is_label(draft.not_told_because):
            raise SilenceUnexplained(field="not_told_because")


def check_referral(draft: ReferralDraft, now: int) -> None:
    """Refuses a referral without a reason, without data or without an end of the silence."""
    check_country(draft.country)
    check_label(draft.told, "told")
    _check_text(draft.why, "why")
    if not draft.data:
        raise NothingChosen(field="data")
    _check_silence(draft.tell_at, now, REFERRAL_SILENCE_AT_MOST)


def check_dispute(draft: DisputeDraft, now: int) -> None:
    """Refuses a dispute that ended before it began, or has not ended."""
    check_label(draft.body, "body")
    if not draft.filed_at <= draft.ended_at <= now:
        raise MomentInvalid(field="ended_at")


def check_country(country: str) -> None:
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise CountryInvalid(field="country")


def is_label(text: str) -> bool:
    """Whether a text can stand in the public log as the name of something public."""
    return bool(text.strip()) and re.fullmatch(r"[^\x00-\x1f\x7f@]{1,200}", text) is not None


def check_label(text: str, field: str) -> None:
    if not is_label(text):
        raise LabelInvalid(field=field)


def _check_text(text: str, field: str) -> None:
    if not 0 < len(text.strip()) <= MAX_TEXT_CHARS:
        raise TextMissing(field=field)


def _check_silence(tell_at: int, now: int, most: int) -> None:
    if not now <= tell_at <= now + most:
        raise SilenceInvalid(days=most // DAY, field="tell_at")


def order_categories() -> tuple[str, ...]:
    """What an order can be about: the categories of the EU's schema."""
    return (NOT_SPECIFIED, *statement_categories())


def encode_data(data: Sequence[Data]) -> str:
    return msgspec.json.encode(sorted(set(data))).decode()


def decode_data(text: str) -> list[Data]:
    return msgspec.json.decode(text, type=list[Data])


def silence_words(request: LegalRequest, now: int) -> str:
    """Whether the member was told, in a sentence."""
    if request.told_at is not None:
        return f"The member was told {spoken(request.told_at)}."
    if request.tell_at is None:
        return "No member here is concerned."
    return f"The member is told {spoken(max(request.tell_at, now))}, by itself."
