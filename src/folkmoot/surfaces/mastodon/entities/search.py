"""Search."""

import msgspec

from folkmoot.surfaces.mastodon.entities.account import Account
from folkmoot.surfaces.mastodon.entities.status import Status
from folkmoot.surfaces.mastodon.entities.tag import Tag


class Search(msgspec.Struct):
    """What was found."""

    accounts: list[Account]
    statuses: list[Status]
    hashtags: list[Tag]


class V1Search(msgspec.Struct):
    """The same in the form of version 1, where hashtags are names."""

    accounts: list[Account]
    statuses: list[Status]
    hashtags: list[str]
