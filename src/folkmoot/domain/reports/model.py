"""Reports as values; receipts; what a reporter's record is worth."""

import math
import secrets
from enum import StrEnum
from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.policy.model import Category as Harm
from folkmoot.domain.policy.model import RuleId
from folkmoot.domain.posts.model import PostId
from folkmoot.kit import clock
from folkmoot.kit.crypto import link_key
from folkmoot.kit.errors import Conflict, Forbidden, Invalid, NotFound

ReportId = NewType("ReportId", int)

MAX_COMMENT_CHARS = 1_000
MAX_POSTS = 100
MAX_NAME_CHARS = 200
MAX_DETAIL_CHARS = 2_000
# How long after the outcome it is known to whom letters about it go: until it can be contested no
# longer (decisions.APPEAL_WINDOW), and a month for the answer.
CONTACT_KEPT = (184 + 30) * clock.DAY
# Letters and digits that cannot be taken for one another when a code is read out.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
# From so many reports in a row without any ground on, reporters are warned, then paused.
WARN_AFTER, PAUSE_AFTER = 5, 8
PAUSE_LASTS = 14 * clock.DAY


class Category(StrEnum):
    """Why something is reported, as the client API tells it."""

    SPAM = "spam"
    LEGAL = "legal"
    VIOLATION = "violation"
    OTHER = "other"


class By(StrEnum):
    """Who reports."""

    MEMBER = "member"
    VISITOR = "visitor"
    FLAGGER = "trusted-flagger"


class Part(StrEnum):
    """What of an account or post a report means; `detail` then says which one."""

    WHOLE = ""
    MEDIA = "media"  # by the id of an attachment, or avatar or header
    LINK = "link"  # by its address


class Outcome(StrEnum):
    """What became of a report."""

    OPEN = ""
    ACTED = "acted"
    NOT_ACTED = "not-acted"
    UNFOUNDED = "unfounded"  # manifestly; it counts against the reporter


class ReportNotFound(NotFound):
    """Record not found"""


class ReceiptUnknown(NotFound):
    """There is no report of this address. Is it copied whole?"""


class SelfReport(Invalid):
    """You cannot report yourself"""


class CommentTooLong(Invalid):
    """Validation failed: Comment is too long (maximum is 1000 characters)"""


class RulesInvalid(Invalid):
    """Validation failed: Rule ids does not reference valid rules"""


class TooManyPosts(Invalid):
    """Validation failed: A report can name 100 posts"""


class NameNeeded(Invalid):
    """The law asks for your name and e-mail address when you report something as illegal"""


class FaithNeeded(Invalid):
    """Please confirm that, to your best knowledge, what you report is so"""


class ExplanationNeeded(Invalid):
    """Please explain why you think that it is illegal"""


class CommentNeeded(Invalid):
    """Please tell us what is wrong with it"""


class PartInvalid(Invalid):
    """Choose which of these you mean"""


class AreaMissing(Invalid):
    """Say what they know about, in up to 200 characters: everybody reads it"""


class WhyMissing(Invalid):
    """Say why, in up to 1,000 characters: everybody reads it"""


class NoSuchMember(Invalid):
    """Nobody here has this name"""


class AlreadyFlagger(Conflict):
    """They are a trusted flagger already"""


class ReportingPaused(Forbidden):
    """You cannot report until {until}: many of your reports were manifestly unfounded"""


class Report(msgspec.Struct, frozen=True):
    """A row of reports, in the table's order. `reporter_id` is None for visitors and for members
    who have left; `contact` is name and address, sealed; `harm` a Harm or empty. `forward` is
    whether the target's own server is to be told, `forwarded_at` when it was; `good_faith` whether
    the reporter has confirmed to believe what they say, as the law asks of notices.
    """

    id: ReportId
    code: str
    by: str
    reporter_id: AccountId | None
    contact: str
    language: str
    target_id: AccountId
    case_id: int | None
    category: str
    harm: str
    comment: str
    part: str
    detail: str
    good_faith: bool
    rule_ids: str
    forward: bool
    forwarded_at: int | None
    created_at: int
    resolved_at: int | None
    outcome: str
    decision_id: int | None


class ReportedPost(msgspec.Struct, frozen=True):
    """A row of report_posts: which revision of a post the reporter saw."""

    report_id: ReportId
    post_id: PostId
    rev: int


class Contact(msgspec.Struct, frozen=True):
    """Who a visitor says they are; sealed as long as it is kept."""

    name: str = ""
    email: str = ""


class Alike(msgspec.Struct, frozen=True):
    """Reports of a case that say the same, by the same kind of reporter: how many."""

    by: str
    category: str
    harm: str
    number: int


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to report of an account: why, with which of its posts. `good_faith` is
    None where nobody asked for it, as in apps.
    """

    category: Category = Category.OTHER
    harm: Harm | None = None
    comment: str = ""
    part: Part = Part.WHOLE
    detail: str = ""
    good_faith: bool | None = None
    rule_ids: tuple[int, ...] = ()
    post_ids: tuple[int, ...] = ()
    forward: bool = False


class Flagger(msgspec.Struct, frozen=True):
    """A row of flaggers: a member whose reports come first, for what they know about. They report
    for an `organisation`, or themselves where it is empty; `awarded_by` and `revoked_by` are the
    names under which the public log knows who decided it.
    """

    account_id: AccountId
    area: str
    organisation: str
    awarded_at: int
    awarded_by: str
    awarded_why: str
    revoked_at: int | None
    revoked_by: str
    revoked_why: str


class Standing(msgspec.Struct, frozen=True):
    """A row of reporter_standings: what became of a member's reports. `in_a_row` counts those
    manifestly unfounded since the last that was not.
    """

    account_id: AccountId
    decided: int = 0
    upheld: int = 0
    in_a_row: int = 0
    warned_at: int | None = None
    paused_until: int | None = None

    @property
    def accuracy(self) -> float:
        """The share of reports that were right, between 0 and 1; one half before any is known
        (the mean of a Beta(2, 2) prior).
        """
        return (self.upheld + 2) / (self.decided + 4)

    @property
    def weight(self) -> float:
        """What a report counts: 1 for a newcomer's, up to 4 with a long good record, towards 0.2
        with a bad one.
        """
        known = 1 + 0.5 * math.log1p(self.decided)
        return max(0.2, 1 + (self.accuracy - 0.5) * 2 * known)


def judge(standing: Standing, outcome: Outcome, now: int) -> Standing:
    """The record after one more report was decided. Who goes on reporting without ground after a
    warning is paused for two weeks; both end by themselves.
    """
    unfounded = outcome is Outcome.UNFOUNDED
    in_a_row = standing.in_a_row + 1 if unfounded else 0
    warned = now if in_a_row >= WARN_AFTER and not standing.warned_at else standing.warned_at
    paused = standing.paused_until
    if in_a_row >= PAUSE_AFTER and standing.warned_at:
        paused, in_a_row = now + PAUSE_LASTS, 0
    return Standing(
        account_id=standing.account_id,
        decided=standing.decided + 1,
        upheld=standing.upheld + (outcome is Outcome.ACTED),
        in_a_row=in_a_row,
        warned_at=warned if in_a_row or paused else None,
        paused_until=paused,
    )


def check_flagger(area: str, why: str) -> None:
    """AreaMissing, WhyMissing: what is not said to everybody is no award."""
    if not 0 < len(area.strip()) <= MAX_NAME_CHARS:
        raise AreaMissing(field="area")
    check_why(why)


def check_why(why: str) -> str:
    """Why something is done in public; WhyMissing."""
    if not 0 < len(why.strip()) <= MAX_COMMENT_CHARS:
        raise WhyMissing(field="why")
    return why.strip()


def decode_rule_ids(report: Report) -> list[RuleId]:
    return msgspec.json.decode(report.rule_ids, type=list[RuleId])


def new_code(kind: str = "R") -> str:
    """A code, a receipt's like `R-7K3M-Q2XD`: to be read out, copied by hand, and not to be
    guessed.
    """
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{kind}-{letters[:4]}-{letters[4:]}"


def receipt_key(secret_key: str, code: str) -> str:
    """The secret half of a receipt's address."""
    return link_key(secret_key, "receipts", code)


def receipt_path(secret_key: str, code: str) -> str:
    """Where a receipt is read."""
    return f"/reports/{code}?key={receipt_key(secret_key, code)}"


def needs_name(category: Category, harm: Harm | None) -> bool:
    """Whether the law asks who reports (DSA, Art. 16: illegal content, but never the sexual
    exploitation of children).
    """
    return category is Category.LEGAL and harm is not Harm.SEXUAL_EXPLOITATION
