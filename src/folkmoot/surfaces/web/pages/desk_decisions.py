"""The desk's second looks: appeals to be answered, and decisions that are in force."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from folkmoot.surfaces.web.pages.cases import Comment, Evidence, Statement
from folkmoot.surfaces.web.pages.frame import Form, Page, Pager


class AppealLine(msgspec.Struct, frozen=True, kw_only=True):
    """An appeal in the list. `mine` is whether the reader took part in what it contests, `nobody`
    whether the whole team did.
    """

    id: str
    title: str
    by: Literal["author", "reporter"]
    step: str
    filed_at: int
    due_at: int
    late: bool = False
    mine: bool = False
    nobody: bool = False

    @property
    def url(self) -> str:
        return f"/desk/appeals/{self.id}"


class DeskAppealsPage(Page, frozen=True, kw_only=True):
    """Appeals that wait for an answer, the most urgent first."""

    template: ClassVar[str] = "pages/desk_appeals.html"

    appeals: tuple[AppealLine, ...]


class DeskAppealPage(Page, frozen=True, kw_only=True):
    """An appeal with the decision that it contests; `answer` once it has one."""

    template: ClassVar[str] = "pages/desk_appeal.html"

    appeal: AppealLine
    text: str
    statement: Statement
    decided_by: str
    evidence: tuple[Evidence, ...]
    comments: tuple[Comment, ...]
    form: Form = Form()
    state: str = "open"
    answer: str = ""


class InForceLine(msgspec.Struct, frozen=True, kw_only=True):
    """A decision in force. `form` ends or keeps it, and was refused where `back` says so."""

    id: str
    title: str
    url: str
    step: str
    rule: str
    facts: str
    at: int
    by: str
    ends_at: int | None = None
    review_at: int | None = None
    overdue: bool = False
    own: bool = False
    form: Form = Form()
    back: Literal["", "end", "keep"] = ""


class InForcePage(Page, frozen=True, kw_only=True):
    """Decisions that restrict somebody now: all, or those to be looked at again."""

    template: ClassVar[str] = "pages/desk_decisions.html"

    which: Literal["due", "all"]
    decisions: tuple[InForceLine, ...]
    pager: Pager = Pager()
