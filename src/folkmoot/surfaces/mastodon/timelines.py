"""/api/v1/timelines"""

from typing import Annotated

from folkmoot.domain.discovery.queries import list_posts_of_link
from folkmoot.domain.feeds.queries import list_feed
from folkmoot.domain.lists.queries import get_list
from folkmoot.domain.posts.model import PostId
from folkmoot.domain.tags.queries import list_tag_ids
from folkmoot.domain.timelines import queries
from folkmoot.domain.timelines.queries import Origin, TagChoice
from folkmoot.kit.text import normalise_tag
from folkmoot.surfaces.mastodon.entities.status import Status, present_page
from folkmoot.surfaces.mastodon.operations import (
    NEEDED,
    OPTIONAL,
    Answer,
    Call,
    PageParams,
    Router,
    link_header,
)

router = Router("timelines")

_MOST_TAGS = 4


class PublicParams(PageParams):
    """Paging, and what to leave out."""

    local: bool = False
    remote: bool = False
    only_media: bool = False

    @property
    def origin(self) -> Origin:
        """Of which servers' posts the page is."""
        return Origin(local=self.local, remote=self.remote, only_media=self.only_media)


class TagParams(PublicParams):
    """Further tags: a status must have one of `any` or the timeline's own, all of `all`, none
    of `none`."""

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


def answer_page(call: Call, ids: list[PostId], limit: int) -> Answer:
    """A page of statuses with its Link header."""
    headers = link_header(
        call,
        first=ids[0] if ids else None,
        last=ids[-1] if ids else None,
        full=len(ids) >= limit,
    )
    return Answer(present_page(call.app, call.tx, call.viewer_id, ids), headers=headers)


@router.get("/api/v1/timelines/home", scope="read:statuses", returns=list[Status])
def home(call: Call, params: PageParams) -> Answer:
    """Statuses of followed accounts and tags, newest first."""
    page = params.page()
    me = call.me.account_id
    return answer_page(call, list_feed(call.tx, me, page, viewer_id=me), page.limit)


@router.get("/api/v1/timelines/public", auth=OPTIONAL, returns=list[Status])
def public(call: Call, params: PublicParams) -> Answer:
    """All public statuses, newest first."""
    page = params.page()
    ids = queries.list_public(call.tx, page, viewer_id=call.viewer_id, origin=params.origin)
    return answer_page(call, ids, page.limit)


@router.get("/api/v1/timelines/tag/{hashtag}", auth=OPTIONAL, returns=list[Status])
def tag(call: Call, params: TagParams) -> Answer:
    """Public statuses with a hashtag, newest first."""
    page = params.page()
    choice = _choose(call, params)
    ids: list[PostId] = []
    if choice is not None:
        ids = queries.list_tagged(
            call.tx, choice, page, viewer_id=call.viewer_id, origin=params.origin
        )
    return answer_page(call, ids, page.limit)


def _choose(call: Call, params: TagParams) -> TagChoice | None:
    """The tags asked for; None when no status can have them."""
    wanted = [normalise_tag(name) for name in [call.path["hashtag"], *params.any[:_MOST_TAGS]]]
    narrowing = [normalise_tag(name) for name in params.all[:_MOST_TAGS]]
    excluding = [normalise_tag(name) for name in params.none[:_MOST_TAGS]]
    known = list_tag_ids(call.tx, [*wanted, *narrowing, *excluding])
    if not all(name in known for name in narrowing):
        return None
    return TagChoice(
        any=tuple(known[name] for name in wanted if name in known),
        all=tuple({known[name] for name in narrowing}),
        none=tuple({known[name] for name in excluding if name in known}),
    )


@router.get("/api/v1/timelines/list/{list_id}", scope="read:lists", returns=list[Status])
def list_timeline(call: Call, params: PageParams) -> Answer:
    """Statuses of the accounts on a list, newest first."""
    page = params.page()
    me = call.me.account_id
    found = get_list(call.tx, call.id("list_id"), owner_id=me)
    return answer_page(call, list_feed(call.tx, found.id, page, viewer_id=me), page.limit)


class LinkParams(PageParams):
    """Of which link; paging."""

    url: Annotated[str, NEEDED] = ""


@router.get("/api/v1/timelines/link", auth=OPTIONAL, returns=list[Status], refuses=(404,))
def link(call: Call, params: LinkParams) -> Answer:
    """Public statuses with a link that trends, of authors who agreed to be shown."""
    page = params.page()
    ids = list_posts_of_link(call.tx, params.url, page, viewer_id=call.viewer_id)
    return answer_page(call, ids, page.limit)


@router.get("/api/v1/timelines/direct", scope="read:statuses", returns=list[Status])
def direct(call: Call, params: PageParams) -> Answer:
    """Direct statuses one wrote or is mentioned in, newest first."""
    page = params.page()
    ids = queries.list_direct(call.tx, page, viewer_id=call.me.account_id)
    return answer_page(call, ids, page.limit)
