"""ScheduledStatus."""

import msgspec

from folkmoot.domain.media.queries import list_own_attachments
from folkmoot.domain.posts.model import Draft, Visibility
from folkmoot.domain.scheduling.model import Scheduled, decode_draft
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.media_attachment import (
    MediaAttachment,
    build_attachment,
)
from folkmoot.surfaces.mastodon.entities.status import VISIBILITIES


class ScheduledPoll(msgspec.Struct):
    """The poll that a scheduled status will have."""

    options: list[str]
    expires_in: int
    multiple: bool
    hide_totals: bool


class ScheduledParams(msgspec.Struct, kw_only=True):
    """What a scheduled status will be published with; two of its ids are numbers, as documented."""

    text: str
    poll: ScheduledPoll | None
    media_ids: list[str] | None
    sensitive: bool | None
    spoiler_text: str | None
    visibility: str
    in_reply_to_id: int | None
    language: str | None
    application_id: int | None
    quoted_status_id: str | None
    quote_approval_policy: str | None
    idempotency: str | None = None
    scheduled_at: str | None = None
    with_rate_limit: bool = False


class ScheduledStatus(msgspec.Struct, kw_only=True):
    """A status to come. When its time came and it could not be published, `failed_at` says when
    and `error` why."""

    id: str
    scheduled_at: str
    params: ScheduledParams
    media_attachments: list[MediaAttachment]
    failed_at: str | None
    error: str | None


def build_scheduled(app: App, tx: Tx, scheduled: Scheduled) -> ScheduledStatus:
    """The entity of a scheduled post."""
    draft = decode_draft(scheduled)
    media = list_own_attachments(tx, scheduled.account_id, draft.media_ids)
    return ScheduledStatus(
        id=str(scheduled.id),
        scheduled_at=iso(scheduled.publish_at),
        params=_params(draft),
        media_attachments=[build_attachment(app, a) for a in media],
        failed_at=None if scheduled.failed_at is None else iso(scheduled.failed_at),
        error=scheduled.error or None,
    )


def _params(draft: Draft) -> ScheduledParams:
    poll = draft.poll
    return ScheduledParams(
        text=draft.text,
        poll=None
        if poll is None
        else ScheduledPoll(list(poll.options), poll.expires_in_s, poll.multiple, poll.hide_totals),
        media_ids=[str(i) for i in draft.media_ids] or None,
        sensitive=draft.sensitive,
        spoiler_text=draft.spoiler_text or None,
        visibility=VISIBILITIES[draft.visibility or Visibility.PUBLIC],
        in_reply_to_id=draft.in_reply_to_id,
        language=draft.language,
        application_id=draft.app_id,
        quoted_status_id=_text(draft.quote_of_id),
        quote_approval_policy=draft.quote_policy,
    )


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
