"""Writes of reports."""

from collections.abc import Sequence

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import get_shown_account
from folkmoot.domain.policy.queries import list_rules
from folkmoot.domain.posts.model import PostNotFound
from folkmoot.domain.posts.queries import get_visible_post
from folkmoot.domain.review.events import ReportFiled
from folkmoot.domain.review.model import (
    MAX_COMMENT_CHARS,
    MAX_POSTS,
    Category,
    CommentTooLong,
    Report,
    ReportedPost,
    ReportId,
    RulesInvalid,
    SelfReport,
    TooManyPosts,
)
from folkmoot.domain.review.tables import report_posts, reports
from folkmoot.kit.db import Tx, insert_all
from folkmoot.kit.ids import new_id

_INSERT = insert_all(reports)
_INSERT_POST = insert_all(report_posts, or_ignore=True)


def file_report(
    tx: Tx,
    reporter_id: AccountId,
    target_id: int,
    *,
    category: Category = Category.OTHER,
    comment: str = "",
    rule_ids: Sequence[int] = (),
    post_ids: Sequence[int] = (),
    forward: bool = False,
) -> Report:
    """Reports an account, with posts of it that the reporter can see.

    Rules given make it a violation of them. AccountNotFound, PostNotFound, SelfReport,
    CommentTooLong, RulesInvalid, TooManyPosts.
    """
    target = get_shown_account(tx, target_id)
    if target.id == reporter_id:
        raise SelfReport
    if len(comment) > MAX_COMMENT_CHARS:
        raise CommentTooLong
    report = Report(
        id=ReportId(new_id()),
        reporter_id=reporter_id,
        target_id=target.id,
        category=Category.VIOLATION if rule_ids else category,
        comment=comment,
        rule_ids=msgspec.json.encode(_check_rules(tx, category, rule_ids)).decode(),
        forward=forward and not target.is_local,
        forwarded_at=None,
        created_at=tx.now,
        resolved_at=None,
    )
    posts = _seen_posts(tx, report, post_ids)
    tx.insert(_INSERT, report)
    tx.many(_INSERT_POST, [msgspec.structs.asdict(post) for post in posts])
    tx.announce(ReportFiled(report, tuple(posts)))
    return report


def _check_rules(tx: Tx, category: Category, rule_ids: Sequence[int]) -> list[int]:
    wanted = list(dict.fromkeys(rule_ids))
    if category is Category.VIOLATION and not wanted:
        raise RulesInvalid
    if not {rule.id for rule in list_rules(tx)}.issuperset(wanted):
        raise RulesInvalid
    return wanted


def _seen_posts(tx: Tx, report: Report, post_ids: Sequence[int]) -> list[ReportedPost]:
    """The posts as they are at this moment; a boost stands for nothing that its author wrote."""
    assert report.reporter_id is not None
    if len(post_ids) > MAX_POSTS:
        raise TooManyPosts
    found = []
    for post_id in dict.fromkeys(post_ids):
        post = get_visible_post(tx, post_id, viewer_id=report.reporter_id)
        if post.author_id != report.target_id:
            raise PostNotFound
        found.append(ReportedPost(report.id, post.id, post.rev))
    return found
