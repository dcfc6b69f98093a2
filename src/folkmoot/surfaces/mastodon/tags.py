"""/api/v1/tags, /api/v1/followed_tags"""

from folkmoot.domain.tags import actions
from folkmoot.domain.tags.model import Tag as DomainTag
from folkmoot.domain.tags.model import check_name
from folkmoot.domain.tags.queries import find_tag, list_followed_tags
from folkmoot.surfaces.mastodon.entities.tag import Tag, present_tags
from folkmoot.surfaces.mastodon.operations import (
    OPTIONAL,
    Answer,
    Call,
    PageParams,
    Router,
    link_header,
)

router = Router("tags")


def _present(call: Call, tag: DomainTag) -> Tag:
    return present_tags(call.app, call.tx, call.viewer_id, [tag])[0]


@router.get("/api/v1/tags/{id}", auth=OPTIONAL, returns=Tag)
def show(call: Call) -> Tag:
    """A hashtag; one that nobody ever used has no id and no history."""
    name, shown = check_name(call.path["id"])
    return _present(call, find_tag(call.tx, name) or DomainTag(0, name, shown))


@router.post("/api/v1/tags/{id}/follow", scope="write:follows follow", returns=Tag)
def follow(call: Call) -> Tag:
    """Brings public statuses with a hashtag home."""
    return _present(call, actions.follow_tag(call.tx, call.me.account_id, call.path["id"]))


@router.post("/api/v1/tags/{id}/unfollow", scope="write:follows follow", returns=Tag)
def unfollow(call: Call) -> Tag:
    """Brings them home no longer."""
    return _present(call, actions.unfollow_tag(call.tx, call.me.account_id, call.path["id"]))


@router.post("/api/v1/tags/{id}/feature", scope="write:accounts", returns=Tag)
def feature(call: Call) -> Tag:
    """Shows a hashtag on one's profile."""
    me = call.me.account_id
    featured = actions.feature_tag(call.tx, me, call.path["id"])
    return _present(call, DomainTag(featured.tag_id, featured.name, featured.display_name))


@router.post("/api/v1/tags/{id}/unfeature", scope="write:accounts", returns=Tag)
def unfeature(call: Call) -> Tag:
    """Shows it on one's profile no longer."""
    return _present(call, actions.unfeature_tag(call.tx, call.me.account_id, call.path["id"]))


@router.get("/api/v1/followed_tags", scope="read:follows follow", returns=list[Tag])
def list_followed(call: Call, params: PageParams) -> Answer:
    """The hashtags one follows."""
    page = params.page(100, 200)
    found = list_followed_tags(call.tx, call.me.account_id, page)
    headers = link_header(
        call,
        first=found[0].row_id if found else None,
        last=found[-1].row_id if found else None,
        full=len(found) >= page.limit,
        newer="since_id",
    )
    return Answer(present_tags(call.app, call.tx, call.viewer_id, found), headers=headers)
