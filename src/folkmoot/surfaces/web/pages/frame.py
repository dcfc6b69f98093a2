"""What surrounds every page: the server, the reader, the notices, the language of the page."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

Theme = Literal["auto", "light", "dark"]
Registrations = Literal["open", "approval", "invitation", "closed"]
Tone = Literal["info", "good", "warning", "bad"]


class Emoji(msgspec.Struct, frozen=True):
    """A custom emoji of this server or of the author's."""

    shortcode: str
    url: str


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """An account as posts and lists show it. `handle` is without its leading @."""

    name: str
    handle: str
    url: str
    avatar_url: str
    emojis: tuple[Emoji, ...] = ()
    automated: bool = False
    locked: bool = False


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The server's own facts, the same on every page."""

    name: str
    domain: str
    base_url: str
    description: str
    version: str
    source_url: str | None
    operator: str | None
    registrations: Registrations
    members: int = 0
    posts: int = 0
    active_month: int = 0
    post_limit: int = 500


class Notice(msgspec.Struct, frozen=True):
    """One sentence above the page, about what was just done."""

    text: str
    tone: Tone = "good"


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the rules that the reader is asked to accept, until when; or since when
    posting is paused."""

    effective_from: int
    due_at: int
    begun: bool = False
    paused: bool = False


class Place(msgspec.Struct, frozen=True):
    """A place of the desk: where it is, what it is called, its icon."""

    path: str
    words: str
    drawing: str


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """The frame of a page for one reader. `csrf` stands in every form that changes something;
    `desk` are the places of the desk that the reader's role opens, `keys` whether single keys do
    something there. A reader who is `suspended` has no `viewer`: most pages are not for them."""

    site: Site
    path: str = "/"
    viewer: Person | None = None
    desk: tuple[Place, ...] = ()
    keys: bool = True
    csrf: str = ""
    theme: Theme = "auto"
    unread: int = 0
    notices: tuple[Notice, ...] = ()
    due: Due | None = None
    suspended: bool = False
    language: str = "en"


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """How a page introduces itself elsewhere: Open Graph, oEmbed and its other forms."""

    title: str
    description: str
    url: str
    kind: Literal["website", "article", "profile"] = "website"
    image_url: str | None = None
    image_alt: str | None = None
    published_at: int | None = None
    oembed_url: str | None = None
    activity_url: str | None = None
    feed_url: str | None = None
    indexable: bool = True


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What every page has: a frame, a title for the browser, and its template."""

    template: ClassVar[str]

    frame: Frame
    card: Card | None = None


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """What a form was given and what was wrong with it, by field; `problem` is about the whole."""

    values: dict[str, str] = {}
    errors: dict[str, str] = {}
    problem: str | None = None


class Pager(msgspec.Struct, frozen=True, kw_only=True):
    """Where the newer and the older page are, if there are any."""

    newer_url: str | None = None
    older_url: str | None = None
