"""What reporters and members do that comes before the desk, in a line each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.posts.actions import publish_post
from folkmoot.domain.posts.model import Draft as PostDraft
from folkmoot.domain.reports import actions as reports
from folkmoot.domain.reports.model import Complaint, Contact, Report
from folkmoot.domain.review import queries
from folkmoot.domain.review.model import Case
from folkmoot.kit.db import Database, Tx
from surfaces.web.browser import Browser

QUEUE = "/desk/cases"


class Desk:
    """Members by name, made when they are first named."""

    def __init__(self, db: Database, member: Callable[..., Any]) -> None:
        self._db = db
        self._member = member
        self._ids: dict[str, int] = {}

    def id_of(self, name: str) -> Any:
        if name not in self._ids:
            self._ids[name] = self._member(name)[0].id
        return self._ids[name]

    def post(self, name: str, text: str, **more: Any) -> int:
        def work(tx: Tx) -> int:
            draft = PostDraft(text=text, **more)
            return publish_post(tx, get_account(tx, self.id_of(name)), draft=draft).id

        self.id_of(name)
        return self._db.write_now(work)

    def report(self, by: str, whom: str, *posts: int, **more: Any) -> Report:
        said = Complaint(post_ids=posts, **more)
        target = self.id_of(whom)
        if not by:
            visiting = partial(reports.file_report_as_visitor, contact=Contact("Ed", "ed@e.test"))
            return self._db.write_now(visiting, target, said)
        return self._db.write_now(reports.file_report, self.id_of(by), target, said)

    def case(self) -> Case:
        (found,) = self._db.read_now(queries.list_queue, limit=2)
        return found


def take(reviewer: Browser) -> Any:
    """Takes what comes next."""
    reviewer.open(QUEUE)
    return reviewer.submit(f"{QUEUE}/next")
