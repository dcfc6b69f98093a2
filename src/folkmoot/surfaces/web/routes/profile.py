"""/settings/profile: how others see the member."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from folkmoot.domain.accounts.actions import change_profile
from folkmoot.domain.accounts.model import ProfileChanges, check_profile, decode_fields
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.media.actions import erase_files
from folkmoot.domain.media.jobs import check_picture_size, store_avatar, store_header
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.settings import ProfileSettingsPage
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.domain.accounts.model import Account
    from folkmoot.kit.db import Tx
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/settings/profile"

_FLAGS = {
    "locked": "locked",
    "discoverable": "discoverable",
    "indexable": "indexable",
    "hide_network": "hide_collections",
    "automated": "bot",
}
_PICTURES = ("avatar", "avatar_static", "header", "header_static")


def _names(visit: Visit) -> list[str]:
    rows = range(1, visit.app.settings.limits.profile_fields + 1)
    fields = [f"field_{part}_{row}" for row in rows for part in ("name", "value")]
    return ["display_name", "bio", *_FLAGS, "remove_avatar", "remove_header", *fields]


def _page(visit: Visit, form: Form) -> Answer:
    account, limits = visit.me.account, visit.app.settings.limits
    page = ProfileSettingsPage(
        frame=frame(visit),
        form=form,
        avatar_url=visit.app.avatar_url(account.id, account.avatar_static or account.avatar),
        has_avatar=bool(account.avatar),
        header_url=visit.app.media_url(account.header_static or account.header),
        field_rows=limits.profile_fields,
        bio_limit=limits.bio_chars,
        name_limit=limits.display_name_chars,
        home_url=account.url,
    )
    return show(visit, page)


@router.get(HERE, members=True)
def profile(visit: Visit) -> Answer:
    """What everyone can see about the member, to change it."""
    account = visit.me.account
    values = {"display_name": account.display_name, "bio": account.note}
    for name, column in _FLAGS.items():
        values[name] = "1" if getattr(account, column) else ""
    for row, field in enumerate(decode_fields(account), start=1):
        values[f"field_name_{row}"] = field.name
        values[f"field_value_{row}"] = field.value
    return _page(visit, Form(values=values))


def _again(visit: Visit, refusal: Refusal) -> Answer:
    return _page(visit, form_of(visit, refusal, *_names(visit)))


def _changes(visit: Visit) -> ProfileChanges:
    """What the form says, pictures that are sent aside."""
    rows = range(1, visit.app.settings.limits.profile_fields + 1)
    changes = ProfileChanges(
        display_name=visit.field("display_name"),
        note=visit.field("bio"),
        fields=tuple(
            (visit.field(f"field_name_{row}"), visit.field(f"field_value_{row}")) for row in rows
        ),
        locked=visit.ticked("locked"),
        discoverable=visit.ticked("discoverable"),
        indexable=visit.ticked("indexable"),
        hide_collections=visit.ticked("hide_network"),
        bot=visit.ticked("automated"),
    )
    if visit.ticked("remove_avatar"):
        changes = msgspec.structs.replace(
            changes, avatar="", avatar_static="", avatar_description=""
        )
    if visit.ticked("remove_header"):
        changes = msgspec.structs.replace(
            changes, header="", header_static="", header_description=""
        )
    return changes


@router.post(HERE, rate="media", again=_again)
async def save(visit: Visit) -> Answer:
    """Changes the profile. The texts are looked at before any picture is stored."""
    me, context = visit.me.account, visit.app.context
    changes = check_profile(visit.app.settings.limits, _changes(visit))
    pictures: dict[str, str] = {}
    if (avatar := await _content(visit, "avatar")) is not None:
        stored = await store_avatar(context, me.id, avatar)
        pictures |= {"avatar": stored.key, "avatar_static": stored.static_key}
        pictures["avatar_pdq"] = stored.pdq
    if (header := await _content(visit, "header")) is not None:
        stored = await store_header(context, me.id, header)
        pictures |= {"header": stored.key, "header_static": stored.static_key}
        pictures["header_pdq"] = stored.pdq
    changes = msgspec.structs.replace(changes, **pictures)
    await visit.app.db.write(_save, me.id, changes)
    return redirect(visit, HERE, notice="saved")


async def _content(visit: Visit, name: str) -> bytes | None:
    upload = visit.incoming.sent.files.get(name)
    if upload is None or not upload.size:
        return None
    check_picture_size(visit.app.settings, upload.size)
    return bytes(await asyncio.to_thread(upload.file.read))


def _save(tx: Tx, account_id: int, changes: ProfileChanges) -> None:
    before = get_account(tx, account_id)
    after = change_profile(tx, before, changes)
    erase_files(tx, _files(before) - _files(after))


def _files(account: Account) -> set[str]:
    return {getattr(account, name) for name in _PICTURES}
