"""What can be published, how, and what is refused with which sentence."""

from typing import Any

import pytest

from conftest import ALL_SCOPES, decode
from folkmoot.domain.auth.tables import users
from folkmoot.domain.media.actions import add_finished
from folkmoot.domain.media.model import AttachmentId, Made, MediaChange, Meta
from folkmoot.kit.db import Database, command
from folkmoot.kit.ids import new_id
from folkmoot.surfaces.mastodon.entities.status import Status


def picture(db: Database, member: Any, description: str = "", kind: str = "image") -> str:
    """An upload that is ready."""
    said = MediaChange(AttachmentId(new_id()), description)
    made = Made(kind, "media/a.png", "media/b.png", "image/png", "", 1, Meta())
    return str(db.write_now(add_finished, member.account.id, said, made).id)


def follow(member: Any, other: Any) -> None:
    assert member.post(f"/api/v1/accounts/{other.id}/follow").status_code == 200


def refusal(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]


def test_a_status_has_the_shape_of_the_entity(ada: Any, bo: Any, db: Database) -> None:
    made = ada.post(
        "/api/v1/statuses",
        status="@bo look at https://example.com/ #Maps",
        spoiler_text="maps",
        language="en",
        media_ids=[picture(db, ada, "a map")],
        poll={"options": ["yes", "no"], "expires_in": 600},
    )
    status = decode(made, Status)
    assert (status.spoiler_text, status.sensitive, status.language) == ("maps", True, "en")
    assert [m.acct for m in status.mentions] == ["bo"]
    assert [t.name for t in status.tags] == ["maps"]
    assert status.media_attachments[0].description == "a map"
    assert status.poll is not None
    assert [o.title for o in status.poll.options] == ["yes", "no"]
    assert (status.account.acct, status.visibility) == ("ada", "public")


@pytest.mark.parametrize(
    ("body", "code", "sentence"),
    [
        ({"status": ""}, 422, "Validation failed: Text can't be blank"),
        ({"status": "x" * 501}, 422, "Validation failed: Text character limit of 500 exceeded"),
        ({"status": "a", "visibility": "secret"}, 422, "Visibility is not included in the list"),
        ({"status": "a", "in_reply_to_id": "1"}, 404, "replying to does not seem to exist"),
        ({"status": "a", "in_reply_to_id": "9" * 30}, 422, "in_reply_to_id is not valid"),
        ({"status": "a", "quoted_status_id": "1"}, 404, "quoting does not seem to exist"),
        ({"status": "a", "quote_approval_policy": "x"}, 422, "Quote approval policy is not"),
        ({"status": "a", "media_ids": ["77"]}, 422, "Media 77 not found or already attached"),
        ({"status": "a", "poll": {"options": ["a"]}}, 422, "at least two options"),
        (
            {"status": "a", "poll": {"options": ["a", "b"], "expires_in": 10}},
            422,
            "must be open for 300 seconds",
        ),
        (
            {"status": "a", "poll": {"options": ["a", "b"], "expires_in": 10**8}},
            422,
            "can't be open for more than",
        ),
        (
            {"status": "a", "poll": {"options": list("abcde"), "expires_in": 600}},
            422,
            "can't have more than 4 options",
        ),
        (
            {"status": "a", "poll": {"options": ["a", "a"], "expires_in": 600}},
            422,
            "the same option twice",
        ),
        (
            {"status": "a", "poll": {"options": ["a", "b" * 51], "expires_in": 600}},
            422,
            "longer than 50 characters",
        ),
    ],
)
def test_what_cannot_be_published_is_refused(
    ada: Any, body: dict[str, Any], code: int, sentence: str
) -> None:
    refused = ada.post("/api/v1/statuses", **body)
    assert refused.status_code == code
    assert sentence in refused.json()["error"]


def test_a_form_says_the_same_as_json(ada: Any, db: Database) -> None:
    media = picture(db, ada)
    form = {
        "status": "form",
        "media_ids[]": media,
        "poll[options][]": ["a", "b"],
        "poll[expires_in]": "600",
        "poll[multiple]": "true",
        "sensitive": "1",
    }
    made = ada.request("POST", "/api/v1/statuses", data=form).json()
    assert made["media_attachments"][0]["id"] == media
    assert (made["poll"]["multiple"], made["sensitive"]) == (True, True)


def test_media_belong_to_who_uploaded_them_and_to_one_post(ada: Any, bo: Any, db: Database) -> None:
    media = picture(db, ada)
    assert bo.post("/api/v1/statuses", status="mine", media_ids=[media]).status_code == 422
    assert ada.post("/api/v1/statuses", media_ids=[media]).status_code == 200
    assert ada.post("/api/v1/statuses", status="again", media_ids=[media]).status_code == 422


def test_a_film_stands_alone_and_four_pictures_are_enough(ada: Any, db: Database) -> None:
    film = picture(db, ada, kind="video")
    pictures = [picture(db, ada) for _ in range(5)]
    refused = ada.post("/api/v1/statuses", media_ids=[film, pictures[0]])
    assert "Cannot attach a video" in refused.json()["error"]
    refused = ada.post("/api/v1/statuses", media_ids=pictures)
    assert refused.json()["error"] == "Validation failed: Cannot attach more than 4 files"
    made = ada.post("/api/v1/statuses", media_ids=pictures[:4]).json()
    assert [m["id"] for m in made["media_attachments"]] == pictures[:4]


def test_what_is_left_out_is_as_the_author_prefers(ada: Any, db: Database) -> None:
    preferred = {
        "default_visibility": 2,
        "default_language": "zh",
        "default_sensitive": True,
        "default_quote_policy": "nobody",
    }
    db.write_now(lambda tx: tx.run(command(users.update().values(preferred))))
    made = ada.post("/api/v1/statuses", status="hello").json()
    assert (made["visibility"], made["language"], made["sensitive"]) == ("private", "zh", True)
    said = {"visibility": "public", "language": "de", "sensitive": False}
    made = ada.post("/api/v1/statuses", status="hello", **said).json()
    assert (made["visibility"], made["language"], made["sensitive"]) == ("public", "de", False)
    assert made["quote_approval"] == {"automatic": [], "manual": [], "current_user": "automatic"}


def test_a_warning_of_nothing_is_the_text(ada: Any) -> None:
    made = ada.post("/api/v1/statuses", status=" ", spoiler_text="oh").json()
    assert (made["content"], made["spoiler_text"]) == ("<p>oh</p>", "")


def test_a_key_makes_one_status(ada: Any, bo: Any) -> None:
    def publish(member: Any, key: str) -> str:
        headers = {"Idempotency-Key": key}
        body = {"status": "once"}
        made = member.request("POST", "/api/v1/statuses", json=body, headers=headers)
        return str(made.json()["id"])

    first = publish(ada, "k1")
    assert publish(ada, "k1") == first
    assert publish(ada, "k2") != first
    assert publish(bo, "k1") != first
    ada.delete(f"/api/v1/statuses/{first}")
    assert publish(ada, "k1") != first


def test_requests_at_once_with_one_key_make_one_status(ada: Any, db: Database) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from folkmoot.domain.posts.actions import publish_post
    from folkmoot.domain.posts.model import Draft

    def publish(_: int) -> int:
        draft = Draft(text="once")
        return db.write_now(publish_post, ada.account, draft=draft, key="same").id

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(publish, range(8)))) == 1


def test_whom_a_status_answers(ada: Any, bo: Any) -> None:
    first = ada.post("/api/v1/statuses", status="first").json()
    second = bo.post("/api/v1/statuses", status="second", in_reply_to_id=first["id"]).json()
    third = bo.post("/api/v1/statuses", status="third", in_reply_to_id=second["id"]).json()
    assert second["in_reply_to_account_id"] == ada.id
    # Going on with one's own answer still answers the same person.
    assert (third["in_reply_to_id"], third["in_reply_to_account_id"]) == (second["id"], ada.id)
    assert ada.get(f"/api/v1/statuses/{first['id']}").json()["replies_count"] == 1


def test_the_program_it_was_written_with_is_shown(visitor: Any, join: Any) -> None:
    app = visitor.post(
        "/api/v1/apps",
        client_name="Quill",
        redirect_uris="urn:ietf:wg:oauth:2.0:oob",
        website="https://quill.example",
    ).json()
    ada = join("ada", app_id=int(app["id"]))
    made = ada.post("/api/v1/statuses", status="hello").json()
    assert made["application"] == {"name": "Quill", "website": "https://quill.example"}


def test_a_direct_status_is_in_the_homes_of_those_it_is_for(join: Any) -> None:
    ada, bo, cy, dee = join("ada"), join("bo"), join("cy"), join("dee")
    for member in (bo, cy):
        follow(member, ada)
    made = ada.post("/api/v1/statuses", status="@bo @dee psst", visibility="direct").json()
    homes = {
        m.account.username: [s["id"] for s in m.get("/api/v1/timelines/home").json()]
        for m in (ada, bo, cy, dee)
    }
    assert homes == {"ada": [made["id"]], "bo": [made["id"]], "cy": [], "dee": []}


def test_several_statuses_at_once(ada: Any, bo: Any) -> None:
    ids = [ada.post("/api/v1/statuses", status=str(n)).json()["id"] for n in range(3)]
    hidden = ada.post("/api/v1/statuses", status="x", visibility="direct").json()["id"]
    wanted = [ids[2], "12", hidden, ids[0]]
    found = bo.request("GET", "/api/v1/statuses", params={"id[]": wanted}).json()
    assert [s["id"] for s in found] == [ids[2], ids[0]]
    many = {"id[]": [str(n) for n in range(41)]}
    assert bo.request("GET", "/api/v1/statuses", params=many).status_code == 422


def test_a_token_without_the_scope_publishes_nothing(join: Any) -> None:
    reader = join("reader", scopes=ALL_SCOPES.replace("write", ""))
    assert reader.post("/api/v1/statuses", status="x").status_code == 403


def test_translation_is_not_offered_and_says_so(ada: Any) -> None:
    made = ada.post("/api/v1/statuses", status="hello").json()
    code, sentence = refusal(ada.post(f"/api/v1/statuses/{made['id']}/translate", lang="de"))
    assert code == 404
    assert "does not translate" in sentence


def test_ids_that_are_none_belong_to_nothing(ada: Any) -> None:
    for number in ("0", "abc", "9" * 19, "9" * 40, "-1"):
        assert ada.get(f"/api/v1/statuses/{number}").status_code == 404
