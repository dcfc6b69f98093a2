"""The desk's cases: the queue, one case with what belongs to it, and deciding it."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from folkmoot.surfaces.web.pages.about import Fact
from folkmoot.surfaces.web.pages.around import Edition
from folkmoot.surfaces.web.pages.frame import Form, Page, Person
from folkmoot.surfaces.web.pages.posts import Post, Reply

Option = tuple[str, str]


class Seen(msgspec.Struct, frozen=True):
    """What the reviewer has had before their eyes today; `rest` where a break would do good."""

    cases: int
    minutes: int
    grave: int
    grave_minutes: int
    looks: int
    rest: bool


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """A case as lists name it. `holder` is whose it is at the moment: `you`, a handle, or nobody;
    `why` its place in the queue, or what makes it like another.
    """

    id: str
    title: str
    harm: str
    severity: int
    why: str
    opened_at: int
    due_at: int
    late: bool = False
    holder: str = ""
    held_until: int = 0
    excerpt: str = ""

    @property
    def url(self) -> str:
        return f"/desk/cases/{self.id}"


class QueuePage(Page, frozen=True, kw_only=True):
    """The cases that are open, in the order in which they are taken."""

    template: ClassVar[str] = "pages/desk_cases.html"

    cases: tuple[CaseLine, ...]
    open: int
    late: int
    seen: Seen
    mine: CaseLine | None = None
    form: Form = Form()
    harms: tuple[Option, ...] = ()
    detectors: tuple[Option, ...] = ()
    narrowed: bool = False
    older_url: str | None = None
    first_url: str | None = None


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A post of a case. `sight` says whether it is shown, can be asked for, is never shown, or is
    gone; `changed` that it was edited after it was reported.
    """

    id: str
    sight: Literal["shown", "ask", "never", "gone"]
    audience: str = ""
    post: Post | None = None
    warning: str = ""
    sensitive: bool = False
    changed: bool = False


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a case is about, as everybody can see them, and what holds of them."""

    person: Person
    bio_html: str
    header_url: str
    fields: tuple[tuple[str, str], ...]
    facts: tuple[Fact, ...]


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """What a report says. Who wrote it is told by what they are, and how often they were right."""

    by: str
    text: str
    at: int
    means: str = ""
    standing: str = ""


class Finding(msgspec.Struct, frozen=True):
    """What a detector found."""

    name: str
    found: str
    at: int


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier decision that still counts."""

    step: str
    rule: str
    facts: str
    at: int
    state: str
    in_force: bool


class Proposed(msgspec.Struct, frozen=True):
    """What the desk proposes, by which rule, and why."""

    rule: str
    step: str
    lasts: str
    why: str


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A decision as the member will read it, if they are `told`; `tongue` is the tag of their
    language.
    """

    tongue: str
    title: str
    happened: str
    facts: str
    items: tuple[Fact, ...]
    told: bool = True
    label_heading: str = ""
    label: str = ""


class DecideForm(msgspec.Struct, frozen=True, kw_only=True):
    """What can be decided: the rules, the steps by what they are taken on with a word about each,
    and for how long.
    """

    form: Form
    rules: tuple[Option, ...]
    steps: tuple[tuple[str, str, str], ...]
    lasts: tuple[Option, ...]
    proposed: Proposed | None = None
    statement: Statement | None = None
    on_post: bool = False


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What one reviewer would do and a second has to agree to; `over` says why it can no longer be
    done as it stands.
    """

    by: str
    own: bool
    statement: Statement | None = None
    over: str = ""


class CasePage(Page, frozen=True, kw_only=True):
    """One case. `mine` is whether the reviewer holds it; `context` what they asked for besides."""

    template: ClassVar[str] = "pages/desk_case.html"

    case: CaseLine
    mine: bool
    state: str
    profile: Profile
    evidence: tuple[Evidence, ...]
    groups: tuple[Option, ...]
    comments: tuple[Comment, ...]
    more_comments: int
    findings: tuple[Finding, ...]
    before: tuple[Before, ...]
    seen: Seen
    decide: DecideForm | None = None
    held_s: int = 0
    share: int = 0
    context: str = ""
    thread: tuple[Reply, ...] = ()
    editions: tuple[Edition, ...] = ()
    problem: str = ""
    proposal: Proposal | None = None
    decided: tuple[Before, ...] = ()


class AlikePage(Page, frozen=True, kw_only=True):
    """A case with those like it, to be decided at once."""

    template: ClassVar[str] = "pages/desk_alike.html"

    case: CaseLine
    alike: tuple[CaseLine, ...]
    chosen: frozenset[str]
    decide: DecideForm
    most: int


class ProposalsPage(Page, frozen=True, kw_only=True):
    """Cases in which a second reviewer has to agree."""

    template: ClassVar[str] = "pages/desk_proposals.html"

    cases: tuple[CaseLine, ...]
