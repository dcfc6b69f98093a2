"""/compose and /posts/<id>/edit: saying something, and saying it better."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import msgspec

from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.media.actions import describe_media
from folkmoot.domain.media.jobs import accept_upload
from folkmoot.domain.media.model import AttachmentId, MediaChange
from folkmoot.domain.media.queries import list_attachments, list_own_attachments
from folkmoot.domain.polls.model import PollDraft
from folkmoot.domain.posts.actions import publish_post
from folkmoot.domain.posts.model import Draft, PostId, PostNotFound, Visibility
from folkmoot.domain.posts.queries import get_post
from folkmoot.domain.revisions.actions import edit_post
from folkmoot.domain.revisions.model import Revision
from folkmoot.domain.scheduling.actions import schedule_post
from folkmoot.domain.scheduling.model import TooSoon
from folkmoot.surfaces.web.forms import moment_again, read_moment
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.gathering import present_posts
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.posts import ComposePage, Kept
from folkmoot.surfaces.web.pages.posts import Draft as Composer
from folkmoot.surfaces.web.presenting import SEEN_BY, media_kind
from folkmoot.surfaces.web.routes.posts import post_id
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from folkmoot.domain.accounts.model import Account
    from folkmoot.domain.media.model import Attachment
    from folkmoot.domain.posts.model import Post as DomainPost
    from folkmoot.kit.db import Tx
    from folkmoot.kit.errors import Refusal
    from folkmoot.surfaces.web.pages.posts import Post

router = Router()

# So many files and answers a form offers; an instance may allow fewer.
MOST = 4
_BY_NAME = {name: Visibility(number) for number, name in SEEN_BY.items()}
_ROWS = range(1, MOST + 1)
_FIELDS = (
    "text",
    "warning",
    "at",
    "lasts",
    "multiple",
    "sensitive",
    *(f"option_{row}" for row in _ROWS),
    *(f"alt_{row}" for row in _ROWS),
)


def new_draft(visit: Visit) -> Composer:
    """An empty composer, as the member prefers posts to start out."""
    user = get_user(visit.tx, visit.me.account.id)
    limits = visit.app.settings.limits
    return Composer(
        visibility=SEEN_BY[user.default_visibility],
        language=user.default_language or user.locale or "en",
        key=secrets.token_urlsafe(12),
        files=min(MOST, limits.attachments),
        options=min(MOST, limits.poll_options),
        form=Form(values={"lasts": "86400"}),
    )


@router.get("/compose", members=True)
def ask_post(visit: Visit) -> Answer:
    """The composer, with what the address says of the post: whom it is to, what it quotes."""
    draft = new_draft(visit)
    to, text = visit.query("to").strip().lstrip("@"), visit.query("text")[:5_000]
    if to:
        text = f"@{to} {text}"
    values = {**draft.form.values, "text": text}
    draft = msgspec.structs.replace(draft, form=Form(values=values))
    if visit.query("visibility") in _BY_NAME:
        draft = msgspec.structs.replace(draft, visibility=visit.query("visibility"))
    quoted = _quoted(visit, visit.query("quote"))
    page = ComposePage(
        frame=frame(visit),
        title="Quote a post" if quoted else "Your post",
        draft=msgspec.structs.replace(draft, quoting=quoted),
    )
    return show(visit, page)


def _quoted(visit: Visit, text: str) -> Post | None:
    """The post that is to be quoted, if there is one that may be."""
    if not (number := _number(text)):
        return None
    found = present_posts(visit.app, visit.tx, visit.viewer_id, [number])
    may = found and found[0].standing is not None and found[0].standing.may_quote
    return found[0] if may else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _typed_form(visit: Visit, refusal: Refusal) -> Form:
    """The form as it was sent; a moment goes back in UTC, to be turned again by the script."""
    form = form_of(visit, refusal, *_FIELDS)
    form.values["at"] = moment_again(visit.field("at"), visit.field("at_offset"))
    if isinstance(refusal, TooSoon):
        form.errors["at"] = "Choose a time at least five minutes from now."
        form = msgspec.structs.replace(form, problem=None)
    return form


def _compose_again(visit: Visit, refusal: Refusal) -> Answer:
    """The composer with what was written and uploaded, and what is wrong with it."""
    wanted = visit.field("visibility", "public")
    draft = msgspec.structs.replace(
        new_draft(visit),
        form=_typed_form(visit, refusal),
        reply_to=visit.field("reply_to") or None,
        quoting=_quoted(visit, visit.field("quote")),
        visibility=wanted if wanted in _BY_NAME else "public",
        language=visit.field("language", "en"),
        key=visit.field("key"),
        kept=_kept_again(visit),
    )
    return show(visit, ComposePage(frame=frame(visit), draft=draft))


def _kept_again(visit: Visit) -> tuple[Kept, ...]:
    found = list_own_attachments(visit.tx, visit.me.account.id, _kept_ids(visit))
    return tuple(
        msgspec.structs.replace(kept, alt=visit.field(f"alt_of_{kept.id}", kept.alt))
        for kept in _present_kept(visit, found)
    )


def _present_kept(visit: Visit, found: Iterable[Attachment]) -> tuple[Kept, ...]:
    return tuple(
        Kept(
            id=str(one.id),
            kind=media_kind(one),
            alt=one.description,
            preview_url=visit.app.media_url(one.preview),
        )
        for one in found
    )


def _kept_ids(visit: Visit) -> list[int]:
    """What was uploaded before and has not been taken off since."""
    gone = set(visit.chosen("take_off"))
    return [number for one in visit.chosen("media") if one not in gone and (number := _number(one))]


def _changes(visit: Visit) -> tuple[MediaChange, ...]:
    """How the files that were uploaded before are described now."""
    return tuple(
        MediaChange(AttachmentId(one), visit.field(f"alt_of_{one}"))
        for one in _kept_ids(visit)
        if f"alt_of_{one}" in visit.incoming.sent.fields
    )


async def _upload(visit: Visit) -> tuple[int, ...]:
    """Takes in the files that the form brought; all that stand in it, those from before first.

    What is uploaded is written into the form, so that it need not be sent again when the post is
    refused.
    """
    ids = _kept_ids(visit)
    for row in _ROWS:
        upload = visit.incoming.sent.files.get(f"file_{row}")
        if upload is None or not upload.size:
            continue
        made = await accept_upload(
            visit.app.context,
            visit.me.account.id,
            file=upload.file,
            size=upload.size,
            description=visit.field(f"alt_{row}"),
        )
        ids.append(made.id)
        visit.incoming.sent.fields["media"] = [str(one) for one in ids]
    return tuple(ids)


def _poll(visit: Visit) -> PollDraft | None:
    """The poll in the form, if anything was written there."""
    options = tuple(option for row in _ROWS if (option := visit.field(f"option_{row}").strip()))
    if not options:
        return None
    return PollDraft(
        options=options,
        expires_in_s=_number(visit.field("lasts")) or 86_400,
        multiple=visit.ticked("multiple"),
    )


@router.post("/compose", rate="posts", again=_compose_again, pictures=MOST)
async def compose(visit: Visit) -> Answer:
    """Publishes a post or an answer and shows it, or keeps it until its time has come."""
    at = visit.field("at") and read_moment(visit.field("at"), visit.field("at_offset"), field="at")
    answered, quoted = _number(visit.field("reply_to")), _number(visit.field("quote"))
    draft = Draft(
        text=visit.field("text").replace("\r\n", "\n"),
        spoiler_text=visit.field("warning"),
        sensitive=True if visit.field("warning") or visit.ticked("sensitive") else None,
        visibility=_BY_NAME.get(visit.field("visibility"), Visibility.PUBLIC),
        language=visit.field("language"),
        in_reply_to_id=PostId(answered) if answered else None,
        quote_of_id=PostId(quoted) if quoted else None,
        media_ids=await _upload(visit),
        poll=_poll(visit),
    )
    me, key = visit.me.account, visit.field("key")[:64]
    if at:
        await visit.app.db.write(_schedule, me, draft, _changes(visit), at, key)
        return redirect(visit, "/scheduled", notice="scheduled")
    post: DomainPost = await visit.app.db.write(_publish, me, draft, _changes(visit), key)
    return redirect(visit, f"/@{me.acct}/{post.id}", notice="posted")


def _publish(
    tx: Tx, me: Account, draft: Draft, changes: tuple[MediaChange, ...], key: str
) -> DomainPost:
    describe_media(tx, me.id, changes)
    return publish_post(tx, me, draft=draft, key=key)


def _schedule(
    tx: Tx, me: Account, draft: Draft, changes: tuple[MediaChange, ...], at: int, key: str
) -> None:
    describe_media(tx, me.id, changes)
    schedule_post(tx, me, draft=draft, at=at, key=key)


def _edit_page(visit: Visit, form: Form, language: str, kept: tuple[Kept, ...]) -> Answer:
    number = post_id(visit)
    draft = msgspec.structs.replace(
        new_draft(visit),
        action=f"/posts/{number}/edit",
        form=form,
        language=language,
        kept=kept,
        published=True,
    )
    page = ComposePage(
        frame=frame(visit), draft=draft, title="Change your post", button="Save the change"
    )
    return show(visit, page)


@router.get("/posts/{id}/edit", members=True)
def ask_edit(visit: Visit) -> Answer:
    """One's own post in the composer."""
    post = _own(visit)
    media = list_attachments(visit.tx, [post.id]).get(post.id, [])
    covered = "1" if post.sensitive else ""
    values = {"text": post.text, "warning": post.spoiler_text, "sensitive": covered}
    form = Form(values=values)
    return _edit_page(visit, form, post.language, _present_kept(visit, media))


def _own(visit: Visit) -> DomainPost:
    post = get_post(visit.tx, post_id(visit))
    if post.author_id != visit.me.account.id or post.boost_of_id is not None:
        raise PostNotFound
    return post


def _edit_again(visit: Visit, refusal: Refusal) -> Answer:
    _own(visit)
    form = _typed_form(visit, refusal)
    return _edit_page(visit, form, visit.field("language"), _kept_again(visit))


@router.post("/posts/{id}/edit", rate="posts", again=_edit_again, pictures=MOST)
async def edit(visit: Visit) -> Answer:
    """Changes one's own post; what it was stays readable."""
    number, me = post_id(visit), visit.me.account
    await visit.look(_check_own)
    revision = Revision(
        text=visit.field("text").replace("\r\n", "\n"),
        spoiler_text=visit.field("warning"),
        sensitive=visit.ticked("sensitive"),
        language=visit.field("language"),
        media_ids=await _upload(visit),
        media_changes=_changes(visit),
        keeps_poll=True,
    )
    await visit.app.db.write(_edit, me, number, revision)
    return redirect(visit, f"/@{me.acct}/{number}", notice="edited")


def _check_own(visit: Visit) -> Answer:
    """Before anything is uploaded: whether there is a post of one's own to change."""
    _own(visit)
    return Answer()


def _edit(tx: Tx, me: Account, number: int, revision: Revision) -> None:
    edit_post(tx, me, number, revision=revision)
