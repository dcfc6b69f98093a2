"""A post as a page shows it, and the pages made of posts: front, home, tag, thread, search."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from folkmoot.surfaces.web.pages.frame import Emoji, Form, Page, Pager, Person

Visibility = Literal["public", "unlisted", "followers", "direct"]
MediaKind = Literal["image", "gifv", "video", "audio", "file"]


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """One attachment. The focal point is in per cent from the upper left corner. One that is
    `muted` makes no sound until somebody asks it to.
    """

    kind: MediaKind
    url: str
    preview_url: str | None = None
    alt: str = ""
    width: int | None = None
    height: int | None = None
    focal_x: int = 50
    focal_y: int = 50
    muted: bool = False


class PollOption(msgspec.Struct, frozen=True, kw_only=True):
    """One answer; `votes` is None while the totals are hidden."""

    title: str
    votes: int | None
    chosen: bool = False


class Poll(msgspec.Struct, frozen=True, kw_only=True):
    """A poll with its results. `vote_url` is set for a reader who may still vote."""

    options: tuple[PollOption, ...]
    voters: int
    multiple: bool
    closes_at: int | None
    closed: bool
    vote_url: str | None = None

    def share(self, option: PollOption) -> int:
        """The option's votes in per cent of those who voted, rounded."""
        return round(100 * (option.votes or 0) / self.voters) if self.voters else 0

    def leads(self, option: PollOption) -> bool:
        most = max((o.votes or 0 for o in self.options), default=0)
        return most > 0 and option.votes == most


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a linked page says about itself."""

    url: str
    title: str
    description: str = ""
    provider: str = ""
    image_url: str | None = None
    image_alt: str = ""
    width: int | None = None
    height: int | None = None

    @property
    def wide(self) -> bool:
        return (self.width or 0) >= 400 and (self.width or 0) > (self.height or 0)


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What the signed-in reader has done with a post, and may do."""

    favourited: bool = False
    boosted: bool = False
    bookmarked: bool = False
    own: bool = False
    may_boost: bool = True
    may_reply: bool = True
    may_quote: bool = False
    pinned: bool = False
    thread_muted: bool = False


class Label(msgspec.Struct, frozen=True):
    """What the team lets everybody read beside a post, and the rule by which it stands there."""

    text: str
    rule: str
    rule_url: str


class Restraint(msgspec.Struct, frozen=True):
    """What a decision does to a post of the reader's own, why in short, until when, and where the
    reasons stand in full."""

    what: str
    why: str
    until: int | None
    url: str


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """A post. `html` has been sanitised by the domain; everything else is plain text. `screened`
    when its media are covered by a decision; `restraints` are told to its author alone."""

    id: str
    url: str
    author: Person
    html: str
    posted_at: int
    edited_at: int | None = None
    warning: str = ""
    sensitive: bool = False
    language: str | None = None
    visibility: Visibility = "public"
    emojis: tuple[Emoji, ...] = ()
    media: tuple[Media, ...] = ()
    poll: Poll | None = None
    preview: Preview | None = None
    quoted: Post | None = None
    quote_withheld: str | None = None
    boosted_by: Person | None = None
    reply_to: Person | None = None
    reply_to_id: str | None = None
    filtered_by: str | None = None
    screened: bool = False
    labels: tuple[Label, ...] = ()
    restraints: tuple[Restraint, ...] = ()
    pinned: bool = False
    replies: int = 0
    boosts: int = 0
    favourites: int = 0
    quotes: int = 0
    application: str | None = None
    standing: Standing | None = None


class TagLink(msgspec.Struct, frozen=True):
    """A tag with its address."""

    name: str
    url: str


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A file that has been uploaded and stands in the composer. `alt` describes it."""

    id: str
    kind: MediaKind
    alt: str = ""
    preview_url: str | None = None


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What the composer starts with; `action` is where it sends. Sent twice with the same `key`
    it makes one post. `files` and `options` are how many may be added; a post that is out
    already, `published`, can neither be shown to others nor wait for a later time."""

    action: str = "/compose"
    form: Form = Form()
    reply_to: str | None = None
    quoting: Post | None = None
    visibility: Visibility = "public"
    language: str = "en"
    key: str = ""
    kept: tuple[Kept, ...] = ()
    files: int = 4
    options: int = 4
    published: bool = False


class FrontPage(Page, frozen=True, kw_only=True):
    """What a visitor meets at the door, and the public timeline."""

    template: ClassVar[str] = "pages/front.html"

    posts: tuple[Post, ...]
    rules: tuple[str, ...] = ()
    tags: tuple[TagLink, ...] = ()
    pager: Pager = Pager()
    first: bool = True


class TimelinePage(Page, frozen=True, kw_only=True):
    """A timeline of a signed-in reader, with the composer above it."""

    template: ClassVar[str] = "pages/timeline.html"

    title: str
    which: Literal["home", "local", "favourites", "bookmarks"]
    posts: tuple[Post, ...]
    pager: Pager = Pager()
    draft: Draft | None = None
    tags: tuple[TagLink, ...] = ()


class ComposePage(Page, frozen=True, kw_only=True):
    """The composer by itself: a post, an answer, or a post that is changed."""

    template: ClassVar[str] = "pages/compose.html"

    draft: Draft
    title: str = "Your post"
    button: str = "Post"


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A post that waits for its time; `problem` says why it could not be published. `form` moves
    it, and was refused where `back`."""

    id: str
    text: str
    warning: str
    visibility: Visibility
    language: str
    at: int
    files: int = 0
    poll: bool = False
    problem: str = ""
    form: Form = Form()
    back: bool = False


class ScheduledPage(Page, frozen=True, kw_only=True):
    """The member's posts that wait for their time."""

    template: ClassVar[str] = "pages/scheduled.html"

    waiting: tuple[Waiting, ...]
    pager: Pager = Pager()


class DeletePage(Page, frozen=True, kw_only=True):
    """Asking once more before a post is deleted."""

    template: ClassVar[str] = "pages/delete.html"

    post: Post


class TagPage(Page, frozen=True, kw_only=True):
    """The posts that carry a tag. `following` is None for a visitor."""

    template: ClassVar[str] = "pages/tag.html"

    name: str
    posts: tuple[Post, ...]
    uses: int | None = None
    following: bool | None = None
    follow_url: str = ""
    pager: Pager = Pager()


class Reply(msgspec.Struct, frozen=True):
    """A post below the one in focus; `linked` when the next one answers it directly."""

    post: Post
    depth: int
    linked: bool = False


class ThreadPage(Page, frozen=True, kw_only=True):
    """A post with what it answers and what answers it."""

    template: ClassVar[str] = "pages/thread.html"

    ancestors: tuple[Post, ...]
    post: Post
    replies: tuple[Reply, ...]
    more: bool = False
    draft: Draft | None = None


class SearchPage(Page, frozen=True, kw_only=True):
    """What was looked for and what was found; `members_only` where posts were not looked through
    because the reader is a visitor."""

    template: ClassVar[str] = "pages/search.html"

    query: str
    people: tuple[Person, ...] = ()
    posts: tuple[Post, ...] = ()
    tags: tuple[TagLink, ...] = ()
    pager: Pager = Pager()
    members_only: bool = False
