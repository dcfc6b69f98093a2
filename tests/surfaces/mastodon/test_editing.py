"""Editing, the history of edits, deleting and writing anew."""

from typing import Any

from folkmoot.domain.media.queries import list_all_of_post
from folkmoot.kit.db import Database
from surfaces.mastodon.test_publishing import picture


def history(member: Any, status: Any) -> list[Any]:
    found: list[Any] = member.get(f"/api/v1/statuses/{status['id']}/history").json()
    return found


def test_an_edit_changes_everything_that_follows_from_the_text(join: Any) -> None:
    ada, bo, cy = join("ada"), join("bo"), join("cy")
    made = ada.post("/api/v1/statuses", status="@bo about #tea").json()
    path = f"/api/v1/statuses/{made['id']}"
    edited = ada.put(path, status="@cy about #coffee", language="fr").json()
    assert edited["content"] != made["content"]
    assert [m["acct"] for m in edited["mentions"]] == ["cy"]
    assert [t["name"] for t in edited["tags"]] == ["coffee"]
    assert edited["edited_at"] is not None
    assert edited["language"] == "fr"
    assert bo.get(path).json()["content"] == edited["content"]
    assert cy.get(f"{path}/source").json() == {
        "id": made["id"],
        "text": "@cy about #coffee",
        "spoiler_text": "",
    }


def test_the_history_has_every_version(ada: Any, visitor: Any, db: Database) -> None:
    media = picture(db, ada, "before")
    made = ada.post("/api/v1/statuses", status="one", media_ids=[media]).json()
    path = f"/api/v1/statuses/{made['id']}"
    assert [v["content"] for v in history(visitor, made)] == ["<p>one</p>"]
    attributes = [{"id": media, "description": "after"}]
    ada.put(path, status="one", media_ids=[media], media_attributes=attributes)
    ada.put(path, status="two", poll={"options": ["a", "b"], "expires_in": 600})
    ada.put(path, status="two", poll={"options": ["a", "c"], "expires_in": 600})
    versions = history(visitor, made)
    assert [v["content"] for v in versions] == [f"<p>{t}</p>" for t in ("one", "one", "two", "two")]
    shown = [[m["description"] for m in v["media_attachments"]] for v in versions]
    assert shown == [["before"], ["after"], [], []]
    titles = [[o["title"] for o in v.get("poll", {"options": []})["options"]] for v in versions]
    assert titles == [[], [], ["a", "b"], ["a", "c"]]
    assert [v["created_at"] for v in versions] == sorted(v["created_at"] for v in versions)
    assert versions[0]["created_at"] == made["created_at"]


def test_an_edit_that_changes_nothing_leaves_no_version(ada: Any) -> None:
    made = ada.post("/api/v1/statuses", status="same", language="en").json()
    again = ada.put(f"/api/v1/statuses/{made['id']}", status="same").json()
    assert again["edited_at"] is None
    assert len(history(ada, made)) == 1


def test_only_the_author_edits(ada: Any, bo: Any) -> None:
    made = ada.post("/api/v1/statuses", status="mine").json()
    assert bo.put(f"/api/v1/statuses/{made['id']}", status="yours").status_code == 404
    boost = ada.post(f"/api/v1/statuses/{made['id']}/reblog").json()
    assert ada.put(f"/api/v1/statuses/{boost['id']}", status="boost").status_code == 404


def test_who_is_no_longer_mentioned_can_still_read(ada: Any, bo: Any) -> None:
    made = ada.post("/api/v1/statuses", status="@bo hello", visibility="direct").json()
    edited = ada.put(f"/api/v1/statuses/{made['id']}", status="hello").json()
    assert edited["mentions"] == []
    assert bo.get(f"/api/v1/statuses/{made['id']}").status_code == 200


def test_other_options_begin_the_vote_anew(ada: Any, bo: Any) -> None:
    poll = {"options": ["a", "b"], "expires_in": 600}
    made = ada.post("/api/v1/statuses", status="?", poll=poll).json()
    bo.post(f"/api/v1/polls/{made['poll']['id']}/votes", choices=[0])
    path = f"/api/v1/statuses/{made['id']}"
    kept = ada.put(path, status="??", poll=poll).json()
    assert kept["poll"]["votes_count"] == 1
    anew = ada.put(path, status="??", poll={"options": ["a", "c"], "expires_in": 600}).json()
    assert (anew["poll"]["id"], anew["poll"]["votes_count"]) == (made["poll"]["id"], 0)
    assert ada.put(path, status="none").json()["poll"] is None
    assert ada.get(f"/api/v1/polls/{made['poll']['id']}").status_code == 404


def test_deleting_gives_what_is_needed_to_write_it_anew(ada: Any, db: Database) -> None:
    media = picture(db, ada, "a cat")
    poll = {"options": ["a", "b"], "expires_in": 600}
    made = ada.post("/api/v1/statuses", status="about #cats", media_ids=[media], poll=poll).json()
    gone = ada.delete(f"/api/v1/statuses/{made['id']}").json()
    assert (gone["id"], gone["text"]) == (made["id"], "about #cats")
    assert "content" not in gone
    assert [o["title"] for o in gone["poll"]["options"]] == ["a", "b"]
    assert ada.get(f"/api/v1/statuses/{made['id']}").status_code == 404
    again = ada.post("/api/v1/statuses", status=gone["text"], media_ids=[media]).json()
    assert again["media_attachments"][0]["description"] == "a cat"
    ada.delete(f"/api/v1/statuses/{again['id']}", delete_media=True)
    assert ada.post("/api/v1/statuses", media_ids=[media]).status_code == 422
    assert db.read_now(list_all_of_post, int(again["id"])) == []


def test_only_the_author_deletes(ada: Any, bo: Any) -> None:
    made = ada.post("/api/v1/statuses", status="mine").json()
    assert bo.delete(f"/api/v1/statuses/{made['id']}").status_code == 404


def test_what_answered_a_deleted_status_stays_an_answer(ada: Any, bo: Any) -> None:
    made = ada.post("/api/v1/statuses", status="question").json()
    answer = bo.post("/api/v1/statuses", status="answer", in_reply_to_id=made["id"]).json()
    ada.delete(f"/api/v1/statuses/{made['id']}")
    left = bo.get(f"/api/v1/statuses/{answer['id']}").json()
    assert (left["in_reply_to_id"], left["in_reply_to_account_id"]) == (None, ada.id)
    public = bo.get("/api/v1/timelines/public").json()
    assert answer["id"] not in [s["id"] for s in public]


def test_boosts_go_with_what_they_boost(ada: Any, bo: Any) -> None:
    made = ada.post("/api/v1/statuses", status="passing").json()
    boost = bo.post(f"/api/v1/statuses/{made['id']}/reblog").json()
    ada.delete(f"/api/v1/statuses/{made['id']}")
    assert bo.get(f"/api/v1/statuses/{boost['id']}").status_code == 404
    assert bo.get("/api/v1/accounts/verify_credentials").json()["statuses_count"] == 0
