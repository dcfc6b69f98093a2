"""The pages about people: a profile with its tabs, and lists of accounts."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from folkmoot.surfaces.web.pages.frame import Page, Pager, Person
from folkmoot.surfaces.web.pages.posts import Media, Post, TagLink

ProfileTab = Literal["posts", "replies", "media"]
Following = Literal["no", "requested", "yes", "self"]


class ProfileField(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a profile; `html` is sanitised, `verified_at` set when the page links back."""

    name: str
    html: str
    verified_at: int | None = None


class Bond(msgspec.Struct, frozen=True, kw_only=True):
    """What the reader has chosen about somebody: not to meet them, or what to receive of them."""

    blocked: bool = False
    muted: bool = False
    muted_until: int | None = None
    boosts_hidden: bool = False
    told: bool = False
    domain_blocked: bool = False


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A person with everything their page tells. `following` is None for a visitor."""

    person: Person
    bio_html: str
    joined_at: int
    header_url: str
    fields: tuple[ProfileField, ...] = ()
    posts: int = 0
    followed: int = 0
    followers: int = 0
    following: Following | None = None
    follows_you: bool = False
    bond: Bond | None = None
    roles: tuple[str, ...] = ()
    indexable: bool = False
    group: bool = False
    moved_to: Person | None = None


class MediaTile(msgspec.Struct, frozen=True, kw_only=True):
    """One picture of the media tab; hidden behind its words when its post is sensitive."""

    media: Media
    post_url: str
    warning: str | None = None


class ProfilePage(Page, frozen=True, kw_only=True):
    """A person's page, on one of its tabs; with `tag`, their posts that carry it."""

    template: ClassVar[str] = "pages/profile.html"

    profile: Profile
    tab: ProfileTab = "posts"
    tag: str | None = None
    pinned: tuple[Post, ...] = ()
    posts: tuple[Post, ...] = ()
    tiles: tuple[MediaTile, ...] = ()
    tags: tuple[TagLink, ...] = ()
    pager: Pager = Pager()


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A person in a list, with the beginning of what they say of themselves."""

    person: Person
    bio_html: str = ""
    following: Following | None = None


class PeoplePage(Page, frozen=True, kw_only=True):
    """Those who follow someone, or are followed; `hidden` when their owner keeps that to
    themselves."""

    template: ClassVar[str] = "pages/people.html"

    profile: Profile
    which: Literal["followers", "following"]
    entries: tuple[Entry, ...]
    hidden: bool = False
    pager: Pager = Pager()
