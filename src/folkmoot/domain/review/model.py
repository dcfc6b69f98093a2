"""Reports as values."""

from enum import StrEnum
from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.policy.model import RuleId
from folkmoot.domain.posts.model import PostId
from folkmoot.kit.errors import Invalid, NotFound

ReportId = NewType("ReportId", int)

MAX_COMMENT_CHARS = 1_000
MAX_POSTS = 100


class Category(StrEnum):
    """Why something is reported."""

    SPAM = "spam"
    LEGAL = "legal"
    VIOLATION = "violation"
    OTHER = "other"


class ReportNotFound(NotFound):
    """Record not found"""


class SelfReport(Invalid):
    """You cannot report yourself"""


class CommentTooLong(Invalid):
    """Validation failed: Comment is too long (maximum is 1000 characters)"""


class RulesInvalid(Invalid):
    """Validation failed: Rule ids does not reference valid rules"""


class TooManyPosts(Invalid):
    """Validation failed: A report can name 100 posts"""


class Report(msgspec.Struct, frozen=True):
    """A row of reports, in the table's order. `reporter_id` is None when the reporter has left;
    `forward` is whether the target's own server is to be told, `forwarded_at` when it was.
    """

    id: ReportId
    reporter_id: AccountId | None
    target_id: AccountId
    category: str
    comment: str
    rule_ids: str
    forward: bool
    forwarded_at: int | None
    created_at: int
    resolved_at: int | None


class ReportedPost(msgspec.Struct, frozen=True):
    """A row of report_posts: which revision of a post the reporter saw."""

    report_id: ReportId
    post_id: PostId
    rev: int


def decode_rule_ids(report: Report) -> list[RuleId]:
    return msgspec.json.decode(report.rule_ids, type=list[RuleId])
