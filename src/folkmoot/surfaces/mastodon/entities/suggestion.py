"""Suggestion."""

import msgspec

from folkmoot.domain.discovery.model import Source
from folkmoot.surfaces.mastodon.entities.account import Account
from folkmoot.surfaces.mastodon.entities.encoded import encoded

# What clients have words for, and what version 2 calls it.
_SOURCE = {Source.TEAM: "staff", Source.FRIENDS: "past_interactions", Source.FOLLOWED: "global"}
_SOURCES = {
    Source.TEAM: "featured",
    Source.FRIENDS: "friends_of_friends",
    Source.FOLLOWED: "most_followed",
}


class Suggestion(msgspec.Struct):
    """An account one may want to follow, and why."""

    source: str
    sources: list[str]
    account: Account


def build_suggestion(sources: list[Source], account: msgspec.Raw) -> Suggestion:
    """The entity of a suggestion."""
    return Suggestion(
        _SOURCE[sources[0]], [_SOURCES[source] for source in sources], encoded(account)
    )
