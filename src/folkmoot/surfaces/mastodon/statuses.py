"""/api/v1/statuses"""

import msgspec

from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.interactions import actions as interactions
from folkmoot.domain.posts import actions, queries
from folkmoot.domain.posts.model import Draft, PostId, Visibility
from folkmoot.surfaces.mastodon.entities.status import VISIBILITIES, Status, present_status
from folkmoot.surfaces.mastodon.operations import OPTIONAL, Answer, Call, Router

router = Router("statuses")

_BY_NAME = {name: visibility for visibility, name in VISIBILITIES.items()}


class StatusParams(msgspec.Struct):
    """What a client publishes."""

    status: str = ""
    spoiler_text: str = ""
    sensitive: bool = False
    visibility: str = "public"
    language: str = ""
    in_reply_to_id: int | None = None


@router.post("/api/v1/statuses", scope="write:statuses", returns=Status, rate="posts")
def publish(call: Call, params: StatusParams) -> Answer:
    """Publishes a status."""
    author = get_account(call.tx, call.me.account_id)
    post = actions.publish_post(
        call.tx,
        author,
        draft=Draft(
            text=params.status,
            spoiler_text=params.spoiler_text,
            sensitive=params.sensitive,
            visibility=_BY_NAME.get(params.visibility, Visibility.PUBLIC),
            language=params.language,
            in_reply_to_id=None if params.in_reply_to_id is None else PostId(params.in_reply_to_id),
            app_id=call.me.app_id,
        ),
    )
    return _answer(call, post.id)


@router.get("/api/v1/statuses/{id}", auth=OPTIONAL, returns=Status)
def show(call: Call) -> Answer:
    """One status."""
    post = queries.get_visible_post(call.tx, call.id(), viewer_id=call.viewer_id)
    return _answer(call, post.id)


@router.post("/api/v1/statuses/{id}/favourite", scope="write:favourites", returns=Status)
def favourite(call: Call) -> Answer:
    """Marks a status as a favourite."""
    return _answer(call, interactions.favourite_post(call.tx, call.me.account_id, call.id()).id)


def _answer(call: Call, post_id: PostId) -> Answer:
    return Answer(present_status(call.app, call.tx, call.viewer_id, post_id))
