import asyncio
import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

import sample_media as samples
from folkmoot import wiring
from folkmoot.domain.accounts.actions import create_account
from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.accounts.model import Account
from folkmoot.domain.media import actions, jobs, queries, reactions
from folkmoot.domain.media.model import (
    FOLDERS,
    Attachment,
    AttachmentId,
    AttachmentInUse,
    AttachmentNotFound,
    DescriptionTooLong,
    Focus,
    FocusInvalid,
    MediaChange,
    MediaMixed,
    MediaNotFound,
    MediaNotReady,
    PictureHash,
    State,
    TooManyMedia,
    UploadTooLarge,
    UploadUnknown,
    decode_hashes,
    decode_meta,
    file_key,
    id_of_key,
    parse_focus,
)
from folkmoot.kit import clock
from folkmoot.kit.av_probe import NoFfmpeg
from folkmoot.kit.db import Database, Tx
from folkmoot.kit.images import UnreadableImage
from folkmoot.kit.pdq import hash_picture
from folkmoot.kit.settings import Media, Settings
from folkmoot.kit.storage import Storage, is_key
from folkmoot.surfaces.app import App
from pictures import encoded, painted

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is missing")


@pytest.fixture
def media(request: pytest.FixtureRequest, tmp_path: Path) -> Media:
    if getattr(request, "param", "local") == "local":
        return Media(folder=tmp_path / "media")
    return Media(
        backend="s3",
        s3_bucket=request.getfixturevalue("bucket"),
        s3_endpoint=request.getfixturevalue("s3_endpoint"),
        s3_access_key="key",
        s3_secret_key="secret",
    )


@pytest.fixture
def settings(settings: Settings, media: Media) -> Settings:
    return msgspec.structs.replace(settings, media=media)


@pytest.fixture
def ada(db: Database) -> Account:
    return db.write_now(create_account, "ada", base_url="http://127.0.0.1:8080")


@pytest.fixture
def bo(db: Database) -> Account:
    return db.write_now(create_account, "bo", base_url="http://127.0.0.1:8080")


@pytest.fixture
def storage(app: App) -> Storage:
    return app.context.storage


@pytest.fixture
def upload(app: App) -> Callable[..., Attachment]:
    def run(account: Account, data: bytes, **said: Any) -> Attachment:
        return asyncio.run(
            jobs.accept_upload(
                app.context, account.id, file=io.BytesIO(data), size=len(data), **said
            )
        )

    return run


@pytest.fixture
def work(app: App) -> Callable[[], int]:
    """Runs all that is due, batch after batch; how many jobs there were."""

    def run() -> int:
        done = 0
        while some := asyncio.run(wiring.build_worker(app).run_due()):
            done += some
        return done

    return run


def keys(storage: Storage) -> set[str]:
    return {stored.key for folder in FOLDERS for stored in storage.list(folder)}


def now_is(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


def test_a_picture_is_ready_at_once(ada: Account, storage: Storage, upload: Any) -> None:
    made = upload(ada, samples.picture(), description=" A wall ", focus=Focus(0.5, -0.5))
    meta = decode_meta(made)
    assert (made.kind, made.state, made.mime) == ("image", "ready", "image/jpeg")
    assert made.description == "A wall"
    assert meta.focus == Focus(0.5, -0.5)
    assert meta.original is not None
    assert (meta.original.width, meta.original.height) == (900, 600)
    assert keys(storage) == {made.original, made.preview}
    assert made.bytes == sum(stored.size for stored in storage.list())
    assert b"SECRET" not in storage.get(made.original) + storage.get(made.preview)
    assert made.blurhash


def test_pictures_are_known_again_by_their_hashes(
    app: App, ada: Account, storage: Storage, upload: Any
) -> None:
    """By that of the picture itself, and by that of one chosen to stand for it, while it does."""
    made = upload(ada, encoded(painted(1)))
    (own,) = decode_hashes(made)
    assert (own, own.quality >= 50) == (PictureHash(*hash_picture(painted(1))), True)
    for seed in (2, 3):
        chosen = encoded(painted(seed))
        preview = asyncio.run(jobs.make_preview(app.context, ada.id, made.id, chosen))
        app.db.write_now(actions.describe_media, ada.id, [MediaChange(made.id, preview=preview)])
        after = app.db.read_now(queries.get_own_attachment, ada.id, made.id)
        other = PictureHash(*hash_picture(painted(seed)), chosen=True)
        assert decode_hashes(after) == (own, other)
    both = upload(ada, encoded(painted(1)), preview=encoded(painted(2)))
    assert [one.chosen for one in decode_hashes(both)] == [False, True]


@needs_ffmpeg
@pytest.mark.parametrize("codec", ["GIF", "PNG", "WEBP"])
def test_a_moving_picture_becomes_a_gifv(
    db: Database, ada: Account, storage: Storage, upload: Any, work: Any, codec: str
) -> None:
    made = upload(ada, samples.moving(codec))
    assert (made.kind, made.state, made.original) == ("gifv", "processing", "")
    assert keys(storage) == {made.upload}
    work()
    done = db.read_now(queries.get_own_attachment, ada.id, made.id)
    assert (done.kind, done.state, done.mime, done.upload) == ("gifv", "ready", "video/mp4", "")
    assert decode_meta(done).length.startswith("0:00:00.4")
    work()
    assert keys(storage) == {done.original, done.preview}


@needs_ffmpeg
def test_a_film_is_finished_by_the_job(
    db: Database, ada: Account, storage: Storage, upload: Any, work: Any
) -> None:
    made = upload(ada, samples.film(), description="Bars", focus=Focus(0, 1))
    assert (made.kind, made.state) == ("video", "processing")
    work()
    done = db.read_now(queries.get_own_attachment, ada.id, made.id)
    meta = decode_meta(done)
    assert (done.state, done.description, meta.focus) == ("ready", "Bars", Focus(0, 1))
    assert (meta.fps, meta.audio_encode, meta.audio_channels) == (24, "aac (LC)", "mono")
    assert samples.opened(storage.get(done.preview)).size == (320, 180)
    assert done.blurhash
    (frame,) = decode_hashes(done)
    assert (frame.chosen, frame.quality >= 50) == (False, True)


@needs_ffmpeg
def test_waiting_for_a_film(ada: Account, upload: Any, work: Any) -> None:
    made = upload(ada, samples.film(), wait=True)
    assert made.state == "ready"
    assert decode_meta(made).duration_s == pytest.approx(1, abs=0.1)


@needs_ffmpeg
def test_who_waits_and_dies_leaves_a_job(
    app: App, ada: Account, upload: Any, monkeypatch: pytest.MonkeyPatch, work: Any
) -> None:
    async def die(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "process_upload", die)
        with pytest.raises(asyncio.CancelledError):
            upload(ada, samples.film(), wait=True)
    now_is(monkeypatch, clock.now() + clock.HOUR)
    work()
    (made,) = app.db.read_now(queries.list_of_account, ada.id, limit=9)
    assert made.state == "ready"


@needs_ffmpeg
def test_sounds(db: Database, ada: Account, upload: Any, work: Any) -> None:
    made = upload(ada, samples.sound())
    work()
    done = db.read_now(queries.get_own_attachment, ada.id, made.id)
    assert (done.kind, done.mime, done.preview, done.blurhash) == ("audio", "audio/mpeg", "", "")
    assert decode_hashes(done) == ()
    assert decode_meta(done).original is None


@needs_ffmpeg
def test_a_chosen_preview_stays(
    db: Database, ada: Account, storage: Storage, upload: Any, work: Any
) -> None:
    chosen = samples.picture("PNG", (100, 100), "red")
    made = upload(ada, samples.film(), preview=chosen)
    work()
    work()
    done = db.read_now(queries.get_own_attachment, ada.id, made.id)
    assert samples.opened(storage.get(done.preview)).size == (100, 100)
    preview = decode_meta(done).preview
    assert preview is not None
    assert (preview.width, done.blurhash) == (100, made.blurhash)
    assert [(one.chosen, one.quality >= 50) for one in decode_hashes(done)] == [
        (False, True),
        (True, False),
    ]
    assert keys(storage) == {done.original, done.preview}


def test_choosing_another_preview(
    app: App, ada: Account, storage: Storage, upload: Any, work: Any
) -> None:
    made = upload(ada, samples.picture())
    chosen = samples.picture("PNG", (100, 50), "red")
    preview = asyncio.run(jobs.make_preview(app.context, ada.id, made.id, chosen))
    assert app.db.write_now(actions.describe_media, ada.id, [MediaChange(made.id, preview=preview)])
    after = app.db.read_now(queries.get_own_attachment, ada.id, made.id)
    assert after.preview != made.preview
    work()
    assert keys(storage) == {after.original, after.preview}


@needs_ffmpeg
def test_a_file_of_which_nothing_can_be_made_fails_with_a_reason(
    db: Database, ada: Account, storage: Storage, upload: Any, work: Any
) -> None:
    made = upload(ada, samples.film()[:2000])
    work()
    failed = db.read_now(queries.get_own_attachment, ada.id, made.id)
    assert (failed.state, failed.upload) == ("failed", "")
    assert "cannot read" in failed.failure or "damaged" in failed.failure
    work()
    assert keys(storage) == set()


@needs_ffmpeg
def test_deleting_while_it_is_processed(
    app: App, ada: Account, storage: Storage, upload: Any, work: Any
) -> None:
    made = upload(ada, samples.film())
    process = jobs._process

    def meanwhile(*arguments: Any) -> Any:
        done = process(*arguments)
        app.db.write_now(actions.delete_upload, ada.id, made.id)
        return done

    jobs._process = meanwhile
    try:
        work()
    finally:
        jobs._process = process
    work()
    assert keys(storage) == set()
    assert app.db.read_now(queries.find_attachment, made.id) is None


@needs_ffmpeg
def test_processing_twice_does_no_harm(
    app: App, ada: Account, storage: Storage, upload: Any, work: Any
) -> None:
    made = upload(ada, samples.film())
    payload = actions.UploadToProcess(made.id)

    async def both() -> None:
        await asyncio.gather(
            jobs.process_upload(app.context, payload), jobs.process_upload(app.context, payload)
        )

    asyncio.run(both())
    work()
    done = app.db.read_now(queries.get_own_attachment, ada.id, made.id)
    assert keys(storage) == {done.original, done.preview}


def test_files_of_unknown_kind_are_refused(ada: Account, upload: Any, storage: Storage) -> None:
    heic = b"\0\0\0\x18ftypheic" + bytes(100)
    for data in (b"hello", b"<svg/>", b"PK\x03\x04", b"#EXTM3U\n", heic):
        with pytest.raises(UploadUnknown, match="JPEG"):
            upload(ada, data)
    with pytest.raises(UnreadableImage):
        upload(ada, samples.picture()[:300])
    assert keys(storage) == set()


def test_limits_on_bytes(app: App, ada: Account, upload: Any) -> None:
    with pytest.raises(UploadTooLarge, match="16777216"):
        upload(ada, samples.picture() + bytes(16 * 1024 * 1024))


def test_limits_on_descriptions(ada: Account, upload: Any, storage: Storage) -> None:
    with pytest.raises(DescriptionTooLong, match="1500"):
        upload(ada, samples.picture(), description="x" * 1501)
    assert keys(storage) == set()


def test_without_ffmpeg_pictures_work_and_films_are_refused(
    ada: Account, upload: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "find_program", lambda name: None)
    assert upload(ada, samples.moving()).kind == "image"
    with pytest.raises(NoFfmpeg):
        upload(ada, samples.film())


def test_focus() -> None:
    assert parse_focus("0.5,-0.25") == Focus(0.5, -0.25)
    assert parse_focus("7, -9") == Focus(1, -1)
    for wrong in ("", "1", "a,b", "nan,0", "1,2,3", "inf,inf"):
        with pytest.raises(FocusInvalid):
            parse_focus(wrong)


def test_keys_are_new_each_time_and_name_what_they_are_for() -> None:
    first, second = file_key("avatars", 1234567, ".webp"), file_key("avatars", 1234567, ".webp")
    assert first != second
    assert is_key(first)
    assert id_of_key(first) == 1234567
    assert id_of_key("avatars/odd.webp") == 0


def test_one_cannot_touch_what_is_not_ones_own(
    db: Database, ada: Account, bo: Account, upload: Any
) -> None:
    made = upload(ada, samples.picture())
    with pytest.raises(AttachmentNotFound):
        db.read_now(queries.get_own_attachment, bo.id, made.id)
    with pytest.raises(AttachmentNotFound):
        db.write_now(actions.delete_upload, bo.id, made.id)
    with pytest.raises(MediaNotFound, match=str(made.id)):
        db.write_now(actions.check_media, bo.id, [made.id])


def test_what_may_stand_together(db: Database, ada: Account, upload: Any) -> None:
    pictures = [upload(ada, samples.picture()).id for _ in range(5)]
    assert len(db.write_now(actions.check_media, ada.id, pictures[:4])) == 4
    with pytest.raises(TooManyMedia, match="more than 4"):
        db.write_now(actions.check_media, ada.id, pictures)
    with pytest.raises(MediaNotFound):
        db.write_now(actions.check_media, ada.id, [AttachmentId(1)])


@needs_ffmpeg
def test_a_film_stands_alone_and_ready(db: Database, ada: Account, upload: Any, work: Any) -> None:
    picture, film = upload(ada, samples.picture()).id, upload(ada, samples.film()).id
    with pytest.raises(MediaNotReady):
        db.write_now(actions.check_media, ada.id, [film])
    work()
    db.write_now(actions.check_media, ada.id, [film])
    with pytest.raises(MediaMixed):
        db.write_now(actions.check_media, ada.id, [picture, film])


def test_attached_media_are_not_deleted_by_hand_or_by_time(
    db: Database, ada: Account, upload: Any, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, loose = upload(ada, samples.picture()), upload(ada, samples.picture())
    db.write_now(actions.attach_media, ada.id, [shown.id], post_id=7)
    with pytest.raises(AttachmentInUse):
        db.write_now(actions.delete_upload, ada.id, shown.id)
    with pytest.raises(MediaNotFound):
        db.write_now(actions.check_media, ada.id, [shown.id], post_id=8)
    now_is(monkeypatch, clock.now() + 25 * clock.HOUR)
    work()
    assert [one.id for one in db.read_now(queries.list_of_account, ada.id, limit=9)] == [shown.id]
    assert loose.id != shown.id


def test_uploads_that_no_post_takes_up_go(
    db: Database, ada: Account, storage: Storage, upload: Any, work: Any, monkeypatch: Any
) -> None:
    upload(ada, samples.picture())
    start = clock.now()
    now_is(monkeypatch, start + 23 * clock.HOUR)
    work()
    assert len(keys(storage)) == 2
    now_is(monkeypatch, start + 26 * clock.HOUR)
    work()
    work()
    assert db.read_now(queries.list_of_account, ada.id, limit=9) == []
    assert keys(storage) == set()


@needs_ffmpeg
def test_what_got_stuck_says_so(
    app: App, ada: Account, upload: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = upload(ada, samples.film())
    now_is(monkeypatch, clock.now() + 13 * clock.HOUR)
    asyncio.run(jobs.sweep(app.context, jobs.Sweep()))
    assert app.db.read_now(queries.get_own_attachment, ada.id, made.id).state == State.FAILED


def test_files_without_an_owner_go_and_others_stay(
    app: App, ada: Account, storage: Storage, upload: Any, settings: Any
) -> None:
    made = upload(ada, samples.picture())
    portrait = asyncio.run(jobs.store_avatar(app.context, ada.id, samples.picture()))
    app.db.write_now(set_avatar, ada.id, portrait.key)
    orphans = [file_key(folder, 99, ".jpg") for folder in ("attachments", "uploads", "avatars")]
    replaced = file_key("attachments", made.id, ".jpg")
    young = file_key("attachments", 98, ".jpg")
    for key in (*orphans, replaced, young):
        storage.put(key, b"x", mime="image/jpeg")
    old = clock.now() / 1000 - 25 * 3600
    for key in (*orphans, replaced, made.original, made.preview, portrait.key):
        os.utime(Path(settings.media.folder) / key, (old, old))
    asyncio.run(jobs.sweep_files(app.context, jobs.SweepFiles()))
    assert keys(storage) == {made.original, made.preview, portrait.key, young}


def set_avatar(tx: Tx, account_id: int, key: str) -> None:
    tx.script(f"UPDATE accounts SET avatar = '{key}' WHERE id = {account_id}")


def test_with_the_account_go_all_its_files(
    app: App, ada: Account, bo: Account, storage: Storage, upload: Any, work: Any
) -> None:
    posted = upload(ada, samples.picture())
    app.db.write_now(actions.attach_media, ada.id, [posted.id], post_id=7)
    upload(ada, samples.picture())
    portrait = asyncio.run(jobs.store_avatar(app.context, ada.id, samples.moving()))
    app.db.write_now(set_avatar, ada.id, portrait.key)
    others = upload(bo, samples.picture())
    storage.delete([portrait.static_key])
    app.db.write_now(reactions.forget_account, AccountDeleted(ada.id))
    work()
    assert keys(storage) == {others.original, others.preview}


def test_portraits(app: App, ada: Account, storage: Storage) -> None:
    still = asyncio.run(jobs.store_avatar(app.context, ada.id, samples.picture()))
    assert still.key == still.static_key
    assert samples.opened(storage.get(still.key)).size == (400, 400)
    moving = asyncio.run(jobs.store_avatar(app.context, ada.id, samples.moving("GIF", (500, 450))))
    assert moving.key != moving.static_key
    assert samples.opened(storage.get(moving.key)).n_frames == 4
    header = asyncio.run(
        jobs.store_header(app.context, ada.id, samples.picture("PNG", (3000, 2000)))
    )
    assert samples.opened(storage.get(header.key)).size == (1500, 500)
    with pytest.raises(UploadTooLarge):
        asyncio.run(jobs.store_avatar(app.context, ada.id, bytes(9 * 1024 * 1024)))


@needs_ffmpeg
@pytest.mark.parametrize("media", ["s3"], indirect=True)
def test_the_same_in_an_s3_store(
    db: Database, ada: Account, storage: Storage, upload: Any, work: Any
) -> None:
    picture, film = upload(ada, samples.picture()), upload(ada, samples.film())
    work()
    work()
    done = db.read_now(queries.get_own_attachment, ada.id, film.id)
    assert done.state == "ready"
    assert keys(storage) == {picture.original, picture.preview, done.original, done.preview}
    db.write_now(actions.delete_upload, ada.id, film.id)
    work()
    assert keys(storage) == {picture.original, picture.preview}
