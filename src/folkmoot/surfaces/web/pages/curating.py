"""What members arrange for themselves: lists of people, and filters of words."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from folkmoot.surfaces.web.pages.frame import Form, Page, Pager, Person
from folkmoot.surfaces.web.pages.posts import Post
from folkmoot.surfaces.web.pages.settings import Place, SettingsPage


class ListLink(msgspec.Struct, frozen=True, kw_only=True):
    """One of the member's lists; `chosen` where somebody is on it."""

    id: str
    title: str
    exclusive: bool = False
    chosen: bool = False

    @property
    def url(self) -> str:
        return f"/lists/{self.id}"


class ListsPage(Page, frozen=True, kw_only=True):
    """The member's lists, and the form for a new one."""

    template: ClassVar[str] = "pages/lists.html"

    lists: tuple[ListLink, ...]
    form: Form = Form()


class ListPage(Page, frozen=True, kw_only=True):
    """What the people on a list say."""

    template: ClassVar[str] = "pages/list.html"

    list: ListLink
    posts: tuple[Post, ...]
    pager: Pager = Pager()


class ListSettingsPage(Page, frozen=True, kw_only=True):
    """Who is on a list, and what it shows."""

    template: ClassVar[str] = "pages/list_settings.html"

    list: ListLink
    form: Form
    members: tuple[Person, ...]
    member_form: Form = Form()
    pager: Pager = Pager()


class OnListsPage(Page, frozen=True, kw_only=True):
    """On which of the member's lists somebody is."""

    template: ClassVar[str] = "pages/on_lists.html"

    person: Person
    lists: tuple[ListLink, ...]


class FilterLink(msgspec.Struct, frozen=True, kw_only=True):
    """A filter in the list of them. `words` are its keywords as they were typed."""

    id: str
    title: str
    words: tuple[str, ...]
    places: tuple[str, ...]
    hides: bool
    posts: int = 0
    until: int | None = None
    over: bool = False


class FiltersPage(SettingsPage, frozen=True, kw_only=True):
    """The words that the member would rather not meet."""

    template: ClassVar[str] = "pages/settings_filters.html"
    place: ClassVar[Place] = "filters"

    filters: tuple[FilterLink, ...]


class FilterPage(SettingsPage, frozen=True, kw_only=True):
    """A filter, or a new one where `id` is empty. Keywords are in the form as word_1, whole_1 and,
    for those that are kept already, word_id_1."""

    template: ClassVar[str] = "pages/settings_filter.html"
    place: ClassVar[Place] = "filters"

    form: Form
    rows: int
    id: str = ""
    title: str = ""
    until: int | None = None
