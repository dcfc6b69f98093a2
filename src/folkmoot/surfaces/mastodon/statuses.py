"""/api/v1/statuses: publishing, reading, editing, deleting"""

from typing import Annotated

import msgspec

from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.media.model import AttachmentId, MediaChange, parse_focus
from folkmoot.domain.polls.model import PollDraft
from folkmoot.domain.posts import actions
from folkmoot.domain.posts.model import Draft, PostId, QuotePolicy, Visibility
from folkmoot.domain.posts.queries import get_original, get_own_post
from folkmoot.domain.reading.queries import list_above, list_below
from folkmoot.domain.revisions.actions import edit_post
from folkmoot.domain.revisions.model import Revision
from folkmoot.domain.scheduling.actions import schedule_post
from folkmoot.kit.clock import from_iso
from folkmoot.kit.db import Tx
from folkmoot.kit.errors import Invalid
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.scheduled_status import ScheduledStatus, build_scheduled
from folkmoot.surfaces.mastodon.entities.status import (
    VISIBILITIES,
    Context,
    DeletedStatus,
    Status,
    present_context,
    present_deleted,
    present_page,
    present_status,
)
from folkmoot.surfaces.mastodon.entities.status_edit import (
    StatusEdit,
    StatusSource,
    build_history,
)
from folkmoot.surfaces.mastodon.errors import RecordInvalid
from folkmoot.surfaces.mastodon.media import read_preview
from folkmoot.surfaces.mastodon.operations import (
    OPTIONAL,
    Answer,
    Call,
    Id,
    Router,
    Upload,
    one_of,
)

router = Router("statuses")

MOST_AT_ONCE = 40
_VISITOR_ABOVE, _VISITOR_BELOW, _VISITOR_DEPTH = 40, 60, 20
_BY_NAME = {name: visibility for visibility, name in VISIBILITIES.items()}
_UNLIMITED = (1 << 31) - 1
VisibilityName = Annotated[str, one_of(_BY_NAME)]
PolicyName = Annotated[str, one_of(QuotePolicy)]


class VisibilityUnknown(Invalid):
    """Visibility is not included in the list"""


class PolicyUnknown(Invalid):
    """Quote approval policy is not included in the list"""


class TooManyAtOnce(Invalid):
    """At most {most} statuses can be asked for at once"""


class PollParams(msgspec.Struct):
    """A poll to publish with a status; `expires_in` in seconds."""

    options: list[str] = []
    expires_in: int = 0
    multiple: bool = False
    hide_totals: bool = False


class StatusParams(msgspec.Struct, kw_only=True):
    """What a client publishes. Other parameters, such as another server's `content_type`, change
    nothing: statuses are plain text."""

    status: str | None = None
    spoiler_text: str | None = None
    sensitive: bool | None = None
    visibility: VisibilityName | None = None
    language: str | None = None
    in_reply_to_id: Id | None = None
    media_ids: list[Id] | None = None
    poll: PollParams | None = None
    scheduled_at: str | None = None
    quoted_status_id: Id | None = None
    quote_id: Id | None = None
    quote_approval_policy: PolicyName | None = None


class MediaAttributes(msgspec.Struct, kw_only=True):
    """What is new about an attachment; `focus` as `x,y`, each from -1 to 1; `thumbnail` a file, or
    a data URL."""

    id: Id
    description: str | None = None
    focus: str | None = None
    thumbnail: Upload | str | None = None


class EditParams(msgspec.Struct, kw_only=True):
    """What a status is to become: what is left out is taken away."""

    status: str | None = None
    spoiler_text: str | None = None
    sensitive: bool | None = None
    language: str | None = None
    media_ids: list[Id] | None = None
    media_attributes: list[MediaAttributes] | None = None
    poll: PollParams | None = None
    quote_approval_policy: PolicyName | None = None


class PolicyParams(msgspec.Struct):
    """Who may quote a status."""

    quote_approval_policy: PolicyName


class ListParams(msgspec.Struct):
    """Which statuses to show."""

    id: list[Id] = []


class DeleteParams(msgspec.Struct):
    """Whether the media go at once; else they can be used again for a day."""

    delete_media: bool = False


@router.post(
    "/api/v1/statuses",
    scope="write:statuses",
    returns=(Status, ScheduledStatus),
    rate="posts",
    headers={"Idempotency-Key": "Publishes once for each key, however often it is sent"},
)
def publish(call: Call, params: StatusParams) -> Answer:
    """Publishes a status, or schedules one when `scheduled_at` is given."""
    author = get_account(call.tx, call.me.account_id)
    draft = _draft(params, call.me.app_id)
    key = call.incoming.headers.get(b"idempotency-key", b"").decode("latin-1")
    if params.scheduled_at:
        at = moment(params.scheduled_at)
        scheduled = schedule_post(call.tx, author, draft=draft, at=at, key=key)
        return Answer(build_scheduled(call.app, call.tx, scheduled))
    post = actions.publish_post(call.tx, author, draft=draft, key=key)
    return Answer(present_status(call.app, call.tx, author.id, post.id))


@router.get("/api/v1/statuses", auth=OPTIONAL, returns=list[Status])
def show_several(call: Call, params: ListParams) -> Answer:
    """Those of the statuses that can be seen, in the order of their ids."""
    if len(params.id) > MOST_AT_ONCE:
        raise TooManyAtOnce(most=MOST_AT_ONCE)
    ids = list(dict.fromkeys(params.id))
    return Answer(present_page(call.app, call.tx, call.viewer_id, ids))


@router.get("/api/v1/statuses/{id}", auth=OPTIONAL, returns=Status)
def show(call: Call) -> Answer:
    """One status."""
    return Answer(present_status(call.app, call.tx, call.viewer_id, call.id()))


@router.put("/api/v1/statuses/{id}", scope="write:statuses", returns=Status, rate="posts")
async def edit(call: Call, params: EditParams) -> Answer:
    """Edits one's own status; its earlier versions stay readable."""
    post_id, account_id = call.id(), call.me.account_id
    changes = [await _media_change(call, said) for said in params.media_attributes or ()]
    revision = _revision(params, tuple(changes))
    return Answer(await call.app.db.write(_edit, call.app, account_id, post_id, revision))


@router.delete(
    "/api/v1/statuses/{id}", scope="write:statuses", returns=DeletedStatus, rate="deletions"
)
def delete(call: Call, params: DeleteParams) -> Answer:
    """Deletes one's own status; gives its source, so that it can be written anew."""
    author = get_account(call.tx, call.me.account_id)
    post = get_own_post(call.tx, call.id(), author_id=author.id)
    entity = present_deleted(call.app, call.tx, post)
    actions.delete_post(call.tx, author, post.id, with_media=params.delete_media)
    return Answer(entity)


@router.get("/api/v1/statuses/{id}/context", auth=OPTIONAL, returns=Context)
def context(call: Call) -> Answer:
    """What a status answers, and what answers it."""
    viewer_id = call.viewer_id
    post = get_original(call.tx, call.id(), viewer_id=viewer_id)
    most = call.app.settings.limits.thread_posts
    most_above, most_below, depth = (
        (most, most, _UNLIMITED) if viewer_id else (_VISITOR_ABOVE, _VISITOR_BELOW, _VISITOR_DEPTH)
    )
    above: list[PostId] = []
    if post.in_reply_to_id is not None:
        above = list_above(call.tx, post.id, viewer_id=viewer_id, most=most_above)
    below = list_below(call.tx, post.id, viewer_id=viewer_id, most=most_below, depth=depth)
    return Answer(present_context(call.app, call.tx, viewer_id, above, below))


@router.get("/api/v1/statuses/{id}/history", auth=OPTIONAL, returns=list[StatusEdit])
def history(call: Call) -> Answer:
    """Every version of a status, oldest first."""
    post = get_original(call.tx, call.id(), viewer_id=call.viewer_id)
    return Answer(build_history(call.app, call.tx, post))


@router.get("/api/v1/statuses/{id}/source", scope="read:statuses", returns=StatusSource)
def source(call: Call) -> Answer:
    """What was typed to make a status."""
    post = get_original(call.tx, call.id(), viewer_id=call.viewer_id)
    return Answer(StatusSource(str(post.id), post.text, post.spoiler_text))


@router.put("/api/v1/statuses/{id}/interaction_policy", scope="write:statuses", returns=Status)
def set_policy(call: Call, params: PolicyParams) -> Answer:
    """Says who may quote one's own status."""
    author = get_account(call.tx, call.me.account_id)
    policy = _policy(params.quote_approval_policy) or QuotePolicy.PUBLIC
    post = actions.set_quote_policy(call.tx, author, call.id(), policy)
    return Answer(present_status(call.app, call.tx, author.id, post.id))


router.not_offered(
    "POST /api/v1/statuses/{id}/translate",
    why="This server does not translate: texts are given to no one else",
)


def moment(text: str) -> int:
    """The moment that a client names; RecordInvalid when it names none."""
    try:
        return from_iso(text)
    except (ValueError, OverflowError) as error:
        raise RecordInvalid from error


def _draft(params: StatusParams, app_id: int) -> Draft:
    quoted = params.quoted_status_id if params.quoted_status_id is not None else params.quote_id
    return Draft(
        text=params.status or "",
        spoiler_text=params.spoiler_text or "",
        sensitive=params.sensitive,
        visibility=visibility_named(params.visibility),
        language=params.language,
        in_reply_to_id=None if params.in_reply_to_id is None else PostId(params.in_reply_to_id),
        quote_of_id=None if quoted is None else PostId(quoted),
        quote_policy=_policy(params.quote_approval_policy),
        media_ids=tuple(params.media_ids or ()),
        poll=_poll(params.poll),
        app_id=app_id,
    )


async def _media_change(call: Call, said: MediaAttributes) -> MediaChange:
    focus = parse_focus(said.focus) if said.focus else None
    preview = await read_preview(call, said.id, said.thumbnail)
    return MediaChange(AttachmentId(said.id), said.description, focus, preview)


def _edit(tx: Tx, app: App, account_id: int, post_id: int, revision: Revision) -> bytes:
    author = get_account(tx, account_id)
    post = edit_post(tx, author, post_id, revision=revision)
    return present_status(app, tx, author.id, post.id)


def _revision(params: EditParams, media_changes: tuple[MediaChange, ...]) -> Revision:
    return Revision(
        text=params.status or "",
        spoiler_text=params.spoiler_text or "",
        sensitive=bool(params.sensitive),
        language=params.language,
        quote_policy=_policy(params.quote_approval_policy),
        media_ids=tuple(params.media_ids or ()),
        media_changes=media_changes,
        poll=_poll(params.poll),
    )


def visibility_named(name: str | None) -> Visibility | None:
    """The visibility of Mastodon's name; VisibilityUnknown for any other, None for none."""
    if not name:
        return None
    if name not in _BY_NAME:
        raise VisibilityUnknown(field="visibility")
    return _BY_NAME[name]


def _policy(name: str | None) -> QuotePolicy | None:
    if not name:
        return None
    try:
        return QuotePolicy(name)
    except ValueError as error:
        raise PolicyUnknown(field="quote_approval_policy") from error


def _poll(params: PollParams | None) -> PollDraft | None:
    if params is None or not params.options:
        return None
    return PollDraft(
        options=tuple(option.strip() for option in params.options if option.strip()),
        expires_in_s=params.expires_in,
        multiple=params.multiple,
        hide_totals=params.hide_totals,
    )
