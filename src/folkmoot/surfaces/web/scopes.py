"""What an application could do, in plain words, for each scope of the client API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.surfaces.web.pages.access import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORDS: dict[str, tuple[str, str]] = {
    "profile": ("person", "See who you are: your name, your picture, your address here"),
    "read": ("public", "Read everything you can read, and your settings"),
    "read:accounts": ("person", "See accounts, and your own profile"),
    "read:blocks": ("hidden", "See whom you block"),
    "read:bookmarks": ("bookmark", "See your bookmarks"),
    "read:collections": ("people", "See your collections"),
    "read:favourites": ("favourite", "See your favourites"),
    "read:filters": ("sliders", "See your filters"),
    "read:follows": ("people", "See whom you follow"),
    "read:lists": ("apps", "See your lists"),
    "read:mutes": ("hidden", "See whom you mute"),
    "read:notifications": ("bell", "Read your notifications"),
    "read:search": ("search", "Search in your name"),
    "read:statuses": ("reply", "Read the posts that you can read, private ones too"),
    "write": ("pencil", "Do everything you can do with posts, people and your profile"),
    "write:accounts": ("person", "Change your profile"),
    "write:blocks": ("hidden", "Block people and servers"),
    "write:bookmarks": ("bookmark", "Bookmark posts"),
    "write:collections": ("people", "Change your collections"),
    "write:conversations": ("direct", "Mark conversations as read, and remove them"),
    "write:favourites": ("favourite", "Favourite posts"),
    "write:filters": ("sliders", "Change your filters"),
    "write:follows": ("people", "Follow people, and stop"),
    "write:lists": ("apps", "Change your lists"),
    "write:media": ("image", "Upload pictures, videos and sounds"),
    "write:mutes": ("hidden", "Mute people and conversations"),
    "write:notifications": ("bell", "Clear your notifications"),
    "write:reports": ("flag", "Report posts and people in your name"),
    "write:statuses": ("pencil", "Post, boost and delete in your name"),
    "follow": ("people", "Follow, block and mute people in your name"),
    "push": ("bell", "Send you push messages"),
}
_STAFF = ("scales", "Use what your role at this server allows: {verb} {what}")
_WHAT = {
    "accounts": "accounts",
    "reports": "reports",
    "domain_allows": "allowed servers",
    "domain_blocks": "blocked servers",
    "ip_blocks": "blocked addresses",
    "email_domain_blocks": "blocked e-mail providers",
    "canonical_email_blocks": "blocked e-mail addresses",
    "": "everything the team works with",
}


def describe_scopes(scopes: Iterable[str]) -> tuple[Permission, ...]:
    """One line for each scope, without those that another one contains."""
    asked = list(dict.fromkeys(scopes))
    told = [scope for scope in asked if scope.rpartition(":")[0] not in asked]
    return tuple(_describe(scope) for scope in told)


def name_scopes(scopes: Iterable[str]) -> tuple[str, ...]:
    """The same lines as parts of a sentence."""
    return tuple(p.text[:1].lower() + p.text[1:] for p in describe_scopes(scopes))


def _describe(scope: str) -> Permission:
    if scope in _WORDS:
        icon, text = _WORDS[scope]
        return Permission(text, icon)
    _, verb, what = f"{scope}:".split(":")[:3]
    icon, text = _STAFF
    shown = text.format(verb="see" if verb == "read" else "change", what=_WHAT.get(what, what))
    return Permission(shown, icon, grave=True)
