"""FeaturedTag."""

from collections.abc import Sequence

import msgspec

from folkmoot.domain.accounts.model import Account
from folkmoot.domain.tags.model import FeaturedTag as DomainFeaturedTag
from folkmoot.kit.clock import iso_day
from folkmoot.kit.ids import time_of


class FeaturedTag(msgspec.Struct):
    """A hashtag on a profile, and how often the account used it."""

    id: str
    name: str
    url: str
    statuses_count: str
    last_status_at: str | None


def build_featured_tags(
    account: Account, featured: Sequence[DomainFeaturedTag]
) -> list[FeaturedTag]:
    """The entities of the tags that an account features."""
    return [
        FeaturedTag(
            id=str(one.id),
            name=one.display_name,
            url=f"{account.url}/tagged/{one.name}",
            statuses_count=str(one.posts_count),
            last_status_at=iso_day(time_of(one.last_post_id)) if one.last_post_id else None,
        )
        for one in featured
    ]
