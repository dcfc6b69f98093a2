"""Pictures on a list are found where others see them: posts, edits, boosts, films, portraits."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from domain.detection.detectors import Life, detector_file
from folkmoot.domain.accounts.actions import change_profile
from folkmoot.domain.accounts.model import ProfileChanges
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.decisions.model import SubjectKind
from folkmoot.domain.decisions.queries import list_in_force
from folkmoot.domain.detection.model import ListUnknown
from folkmoot.domain.detectors.model import DetectorInvalid, read_detector
from folkmoot.domain.matchlists import actions as lists
from folkmoot.domain.matchlists.model import Format, Kind
from folkmoot.domain.media import jobs as media
from folkmoot.domain.media.actions import add_finished
from folkmoot.domain.media.model import (
    LEAST_QUALITY,
    AttachmentId,
    Made,
    MediaChange,
    Meta,
    PictureHash,
)
from folkmoot.kit.db import Database
from folkmoot.kit.ids import new_id
from folkmoot.kit.pdq import hash_picture
from folkmoot.surfaces.app import App
from pictures import encoded, painted

BAD, _ = hash_picture(painted(1))
OTHER, _ = hash_picture(painted(2))
NEAR = f"{int(BAD, 16) ^ (1 << 31) - 1:064x}"
"""As far from it as may be: 31 bits."""
FAR = f"{int(BAD, 16) ^ (1 << 32) - 1:064x}"


def pictures(part: str = f'w = ["{BAD}"]', **more: Any) -> str:
    given = {
        "condition": "found.w",
        "hit": "look",
        "miss": "look",
        "facts": f'media.hashes = ["{BAD}"]',
    }
    return detector_file(parts=f"[media]\n{part}", **{**given, **more})


def shown(db: Database, member: Any, *hashes: PictureHash, **more: Any) -> str:
    """An upload of the member's that is ready, of which these hashes are known."""
    made = Made(
        more.get("kind", "image"), "a", "b", "image/png", "", 1, Meta(), hashes=tuple(hashes)
    )
    said = MediaChange(AttachmentId(new_id()), more.get("description", ""))
    return str(db.write_now(add_finished, member.account.id, said, made).id)


def found(life: Life) -> list[str]:
    return [one.event for one in reversed(life.findings())]


def test_a_listed_picture_is_found_wherever_it_is_shown(
    life: Life, db: Database, ada: Any, bo: Any
) -> None:
    life.shadow(pictures())
    sure = PictureHash(BAD, 90)
    post = ada.post("/api/v1/statuses", media_ids=[shown(db, ada, sure)]).json()
    ada.post("/api/v1/statuses", media_ids=[shown(db, ada, PictureHash(NEAR, LEAST_QUALITY))])
    film = shown(db, ada, PictureHash(OTHER, 90), PictureHash(BAD, 90, chosen=True), kind="video")
    ada.post("/api/v1/statuses", media_ids=[film])
    for other in (PictureHash(FAR, 100), PictureHash(BAD, LEAST_QUALITY - 1)):
        ada.post("/api/v1/statuses", status="hm", media_ids=[shown(db, ada, other)])
    ada.post("/api/v1/statuses", status="hm", media_ids=[shown(db, ada)])
    assert found(life) == ["post"] * 3
    plain = ada.post("/api/v1/statuses", status="nothing").json()
    edit = {"status": "now see", "media_ids": [shown(db, ada, sure)]}
    assert ada.put(f"/api/v1/statuses/{plain['id']}", **edit).status_code == 200
    bo.post(f"/api/v1/statuses/{post['id']}/reblog")
    assert found(life)[3:] == ["edit", "boost"]


def test_never_in_direct_messages(life: Life, db: Database, ada: Any, bo: Any) -> None:
    life.shadow(pictures())
    ids = [shown(db, ada, PictureHash(BAD, 100))]
    sent = ada.post("/api/v1/statuses", status="@bo see", visibility="direct", media_ids=ids)
    assert sent.status_code == 200
    assert found(life) == []
    assert life.backtest().seen == 0


def test_uploads_and_portraits_are_found_by_what_they_show(
    life: Life, db: Database, app: App, ada: Any
) -> None:
    """From bytes to finding: scaled down and compressed, it is the same picture."""
    life.shadow(pictures())
    poor = encoded(painted(1).resize((300, 225)), "JPEG", quality=40)
    sent = ada.request("POST", "/api/v2/media", files={"file": ("a.jpg", poor, "image/jpeg")})
    assert sent.status_code == 200, sent.text
    ada.post("/api/v1/statuses", media_ids=[sent.json()["id"]])
    assert found(life) == ["post"]
    stored = asyncio.run(media.store_avatar(app.context, ada.account.id, encoded(painted(1))))
    assert stored.pdq
    life.shadow(pictures(name="zebra-faces", part=f'w = ["{stored.pdq}"]'))
    for files in ({"avatar": encoded(painted(1))}, {"header": encoded(painted(1))}):
        (name, data) = next(iter(files.items()))
        sent = ada.request(
            "PATCH",
            "/api/v1/accounts/update_credentials",
            files={name: ("a.png", data, "image/png")},
        )
        assert sent.status_code == 200, sent.text
    account = db.read_now(get_account, ada.account.id)
    assert (account.avatar_pdq, bool(account.header_pdq)) == (stored.pdq, True)
    faces = [one.event for one in life.findings("zebra-faces")]
    assert faces.count("profile") == len(faces) > 0
    assert ada.delete("/api/v1/profile/avatar").status_code == 200
    assert db.read_now(get_account, ada.account.id).avatar_pdq == ""

    def plain(tx: Any) -> None:
        change_profile(tx, get_account(tx, ada.account.id), ProfileChanges(header="x/y"))

    db.write_now(plain)
    assert db.read_now(get_account, ada.account.id).header_pdq == ""


def test_a_picture_of_one_colour_is_no_portrait_to_be_known_by(app: App, ada: Any) -> None:
    from sample_media import picture

    assert asyncio.run(media.store_header(app.context, ada.account.id, picture())).pdq == ""


def test_lists_of_pictures_are_imported_and_count_within_seconds(
    life: Life, db: Database, ada: Any
) -> None:
    db.write_now(lists.create_list, name="known", kind=Kind.MEDIA, description="Ours.")
    facts = f'media.hashes = ["{BAD}"]\nlists.known = ["{BAD}"]'
    life.shadow(pictures('w = "list:known"', condition="count.w >= 1", facts=facts))
    ids = lambda: [shown(db, ada, PictureHash(NEAR, 90), PictureHash(OTHER, 90))]  # noqa: E731
    ada.post("/api/v1/statuses", media_ids=ids())
    assert found(life) == []
    text = f"name,PDQ,reason\na,{BAD.upper()},seen twice\n"
    change = db.write_now(lists.import_list, None, "known", text=text, form=Format.CSV, source="us")
    life.wait(5_000)
    ada.post("/api/v1/statuses", media_ids=ids())
    assert found(life) == ["post"]
    db.write_now(lists.undo_import, None, "known", change.id)
    life.wait(5_000)
    ada.post("/api/v1/statuses", media_ids=ids())
    assert found(life) == ["post"]


def test_a_backtest_looks_at_the_hashes_that_are_kept(life: Life, db: Database, ada: Any) -> None:
    for pdq in (BAD, NEAR, FAR, OTHER):
        ada.post("/api/v1/statuses", media_ids=[shown(db, ada, PictureHash(pdq, 80))])
    life.save(pictures())
    done = life.backtest()
    assert (done.seen, done.matched) == (4, 2)


def test_a_hold_for_a_picture_restrains_its_post(
    life: Life, db: Database, ada: Any, bo: Any, run_jobs: Callable[[], None]
) -> None:
    life.activate(pictures(effect='do = "hold"\nhours = 24'))
    made = ada.post("/api/v1/statuses", media_ids=[shown(db, ada, PictureHash(BAD, 90))])
    assert made.status_code == 200
    held = int(made.json()["id"])
    (hold,) = db.read_now(list_in_force, SubjectKind.POST, held)
    assert (hold.automated, hold.detector) == (True, "zebra-words")
    assert bo.get(f"/api/v1/statuses/{held}").status_code == 404
    assert ada.get(f"/api/v1/statuses/{held}").status_code == 200


def test_facts_about_media(life: Life, db: Database, ada: Any) -> None:
    life.shadow(
        pictures(
            condition="found.w && media.count == 1 && 'image' in media.kinds"
            " && media.descriptions.exists(d, d.contains('zebra')) && size(media.hashes) == 1",
            facts=f'media.hashes = ["{BAD}"]\nmedia.count = 1\nmedia.kinds = ["image"]\n'
            'media.descriptions = ["a zebra"]',
        )
    )
    for description in ("one zebra", "no horse"):
        ids = [shown(db, ada, PictureHash(BAD, 90), description=description)]
        ada.post("/api/v1/statuses", media_ids=ids)
    assert found(life) == ["post"]


@pytest.mark.parametrize(
    ("old", "new", "piece", "sentence"),
    [
        (f'w = ["{BAD}"]', 'w = ["abc"]', "abc", "abc cannot be looked for: a picture's hash"),
        (f'w = ["{BAD}"]', "w = []", "]", "w is empty"),
        (f'w = ["{BAD}"]', 'w = "list:K"', "list:K", 'write a list of media, or "list:NAME"'),
        ("found.w", "found.v", "found.v", "found.v"),
        ("found.w", "found.w && media.hash", "media.hash", "media.hash"),
        (f'hashes = ["{BAD}"]', 'hashes = ["12"]', "12", "12 cannot be looked for"),
        (f'hashes = ["{BAD}"]', f'hashes = "{BAD}"', BAD, "media.hashes is a list of"),
        (f'hashes = ["{BAD}"]', "hashes = [7]", "7", "media.hashes is a list of"),
        ("media.hashes", 'lists.known = ["x"]\nmedia.hashes', "x", "x cannot be looked for"),
    ],
    ids=["hash", "empty", "list", "name", "fact", "test", "type", "item", "listed"],
)
def test_what_is_wrong_is_said_at_its_place(old: str, new: str, piece: str, sentence: str) -> None:
    source = pictures()
    if sentence.startswith("x "):
        source = source.replace(f'w = ["{BAD}"]', 'w = "list:known"')
    source = source.replace(old, new, 1)
    with pytest.raises(DetectorInvalid) as caught:
        read_detector(source)
    places = [
        (one.sentence, source.splitlines()[one.line - 1][one.column - 1 :].lstrip(' "['))
        for one in caught.value.problems
    ]
    assert any(sentence in said and at.startswith(piece) for said, at in places), places


def test_a_list_must_hold_media(life: Life, db: Database) -> None:
    db.write_now(lists.create_list, name="known", kind=Kind.WORDS, description="Ours.")
    facts = f'media.hashes = ["{BAD}"]\nlists.known = ["{BAD}"]'
    with pytest.raises(ListUnknown):
        life.save(pictures('w = "list:known"', facts=facts))
