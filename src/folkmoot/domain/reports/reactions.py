"""What reports forget when posts and accounts go."""

import sqlalchemy as sa

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.posts.events import PostDeleted
from folkmoot.domain.reports import actions
from folkmoot.domain.reports.tables import report_posts, reports
from folkmoot.kit.db import Tx, command, param

_FORGET_POST = command(sa.delete(report_posts).where(report_posts.c.post_id == param("post_id")))
_about = sa.select(reports.c.id).where(reports.c.target_id == param("account_id"))
_FORGET_ACCOUNT = (
    command(sa.delete(report_posts).where(report_posts.c.report_id.in_(_about))),
    command(sa.delete(reports).where(reports.c.target_id == param("account_id"))),
    command(
        sa.update(reports)
        .where(reports.c.reporter_id == param("account_id"))
        .values(reporter_id=sa.null())
    ),
)


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    tx.run(_FORGET_POST, post_id=fact.post.id)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    """Forgets reports about the account, and that it was the one who reported others."""
    for statement in _FORGET_ACCOUNT:
        tx.run(statement, account_id=fact.account_id)
    actions.forget_reporter(tx, fact.account_id)
