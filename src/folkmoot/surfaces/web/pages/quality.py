"""The desk's pages on how reviewing is done: practice, second looks, agreement, staffing."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from folkmoot.surfaces.web.charts import Week
from folkmoot.surfaces.web.pages.frame import Form, Page, Pager
from folkmoot.surfaces.web.pages.posts import Media

Option = tuple[str, str]


class Choices(msgspec.Struct, frozen=True):
    """The rules and steps that can be chosen, by what they are called."""

    rules: tuple[Option, ...]
    steps: tuple[Option, ...]


class Decided(msgspec.Struct, frozen=True):
    """An answer in words; `rule` is empty where nothing is done."""

    step: str
    rule: str = ""


class Counted(msgspec.Struct, frozen=True):
    """How many gave an answer."""

    answer: Decided
    times: int


class PracticePage(Page, frozen=True, kw_only=True):
    """What one has practised, for oneself alone, and what there is to practise."""

    template: ClassVar[str] = "pages/desk_practice.html"

    answered: int
    right: int
    step_off: int
    rule_off: int
    waiting: int
    leads: bool = False


class PracticeCasePage(Page, frozen=True, kw_only=True):
    """A practice case: to be answered, or answered, with the answer that the team agreed on and
    how often others gave which.
    """

    template: ClassVar[str] = "pages/desk_practice_case.html"

    id: str
    on_account: bool
    text: str
    language: str
    about: str
    choices: Choices
    form: Form = Form()
    media: Media | None = None
    media_gone: bool = False
    mine: Decided | None = None
    verdict: str = ""
    right: tuple[Decided, ...] = ()
    reasons: str = ""
    others: tuple[Counted, ...] = ()
    more: bool = False


class PracticeLine(msgspec.Struct, frozen=True, kw_only=True):
    """A practice case in the list of who looks after them; without numbers as long as these could
    tell who gave which answer.
    """

    id: str
    excerpt: str
    language: str = ""
    answer: Decided
    shipped: bool
    answered: int | None = None
    right: int | None = None


class ClosedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A closed case that could be practised with."""

    id: str
    title: str
    harm: str
    closed_at: int


class PracticeCasesPage(Page, frozen=True, kw_only=True):
    """What is practised with, and closed cases to make more of, for who leads the reviewers."""

    template: ClassVar[str] = "pages/desk_practice_cases.html"

    cases: tuple[PracticeLine, ...]
    closed: tuple[ClosedLine, ...]
    shipped: int = 0
    pager: Pager = Pager()
    older_closed: str = ""


class PracticeEditPage(Page, frozen=True, kw_only=True):
    """A closed case with what names somebody taken out, to be made into a practice case."""

    template: ClassVar[str] = "pages/desk_practice_edit.html"

    form: Form
    choices: Choices
    pictures: tuple[Option, ...] = ()


class LookLine(msgspec.Struct, frozen=True, kw_only=True):
    """A case that two have judged apart from each other."""

    id: str
    on_account: bool
    at: int
    first: Decided
    second: Decided
    agrees: bool
    wish: str = ""


class SecondLooksPage(Page, frozen=True, kw_only=True):
    """What waits for a second look, and what came of those done."""

    template: ClassVar[str] = "pages/desk_second_looks.html"

    waiting: int
    held: str = ""
    by_me: tuple[LookLine, ...] = ()
    of_mine: tuple[LookLine, ...] = ()
    wished: tuple[LookLine, ...] = ()
    differing: tuple[LookLine, ...] = ()
    leads: bool = False


class GivenPost(msgspec.Struct, frozen=True, kw_only=True):
    """A post as its author wrote it."""

    text: str
    warning: str
    language: str
    at: int
    media: tuple[Media, ...] = ()


class SecondLookPage(Page, frozen=True, kw_only=True):
    """A case to be judged apart from its first reviewer."""

    template: ClassVar[str] = "pages/desk_second_look.html"

    id: str
    on_account: bool
    name: str
    address: str
    note: str
    posts: tuple[GivenPost, ...]
    complaints: tuple[Option, ...]
    until: int
    choices: Choices
    form: Form = Form()


class ComparedPage(Page, frozen=True, kw_only=True):
    """What two came to, each by themselves; `may_wish` for the second, `may_settle` for a lead."""

    template: ClassVar[str] = "pages/desk_compared.html"

    line: LookLine
    why: str
    case_id: str = ""
    wish_why: str = ""
    settled_why: str = ""
    may_wish: bool = False
    may_settle: bool = False
    form: Form = Form()


class Agreed(msgspec.Struct, frozen=True, kw_only=True):
    """How far reviewers agree on a rule, in words and numbers; `value` is empty where unknown."""

    rule: str
    code: str
    cases: int
    on_rule: str
    rule_value: str
    on_step: str
    step_value: str
    published: bool = False


class QualityPage(Page, frozen=True, kw_only=True):
    """How far reviewers agree, for who leads them. It holds no person's record."""

    template: ClassVar[str] = "pages/desk_quality.html"

    whole: Agreed | None
    rules: tuple[Agreed, ...]
    share: str
    wished: int
    publish_from: int


class StaffingPage(Page, frozen=True, kw_only=True):
    """How many reviewers keep the clocks in each hour of the week, and what if."""

    template: ClassVar[str] = "pages/desk_staffing.html"

    form: Form
    weeks: int
    cases: int
    handled: int
    enough: bool
    supposed: bool = False
    most: int = 0
    hours: int = 0
    a_week: str = ""
    between: str = ""
    minutes: str = ""
    clocks: tuple[tuple[str, str, str], ...] = ()
    late: tuple[Option, ...] = ()
    people: Week = ()
    in_words: tuple[Option, ...] = ()
    arrivals: Week = ()
