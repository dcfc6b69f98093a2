"""Facts about reports."""

import msgspec

from folkmoot.domain.review.model import Report, ReportedPost


class ReportFiled(msgspec.Struct, frozen=True):
    """A member reported an account, perhaps with posts."""

    report: Report
    posts: tuple[ReportedPost, ...]
