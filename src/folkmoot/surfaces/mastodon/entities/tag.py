"""Tag."""

from collections.abc import Sequence

import msgspec

from folkmoot.domain.tags.model import ListedTag, TagDay
from folkmoot.domain.tags.model import Tag as DomainTag
from folkmoot.domain.tags.queries import list_history, list_marks
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App


class TagHistory(msgspec.Struct):
    """The use of a tag on one day; numbers as texts, the day as seconds since 1970."""

    day: str
    uses: str
    accounts: str


class Tag(msgspec.Struct, omit_defaults=True):
    """A hashtag. Whether one follows or features it is told to members only."""

    id: str
    name: str
    url: str
    history: list[TagHistory]
    following: bool | None = None
    featuring: bool | None = None


def build_history(days: Sequence[TagDay]) -> list[TagHistory]:
    """The entities of a history, today first."""
    return [TagHistory(str(d.day // 1_000), str(d.uses), str(d.accounts)) for d in days]


def present_tags(
    app: App, tx: Tx, viewer_id: int, tags: Sequence[DomainTag | ListedTag]
) -> list[Tag]:
    """The entities of tags in their order, for one viewer (0: a visitor)."""
    ids = [tag.id for tag in tags]
    history = list_history(tx, ids)
    marks = list_marks(tx, viewer_id, ids)
    return [
        Tag(
            id=str(tag.id) if tag.id else "",
            name=tag.display_name,
            url=f"{app.base_url}/tags/{tag.name}",
            history=build_history(history[tag.id]),
            following=marks[tag.id].following if tag.id in marks else _unmarked(viewer_id),
            featuring=marks[tag.id].featuring if tag.id in marks else _unmarked(viewer_id),
        )
        for tag in tags
    ]


def _unmarked(viewer_id: int) -> bool | None:
    return False if viewer_id else None
