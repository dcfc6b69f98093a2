"""Direct conversations."""

from typing import Any

import pytest

from folkmoot.domain.posts.actions import delete_post
from folkmoot.kit.db import Database

PATH = "/api/v1/conversations"


@pytest.fixture(autouse=True)
def accept_everybody(ada: Any, bo: Any) -> None:
    for member in (ada, bo):
        member.patch("/api/v2/notifications/policy", for_private_mentions="accept")


def write(member: Any, text: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = member.post(
        "/api/v1/statuses", status=text, visibility="direct", **more
    ).json()
    return made


def test_both_sides_keep_a_conversation(ada: Any, bo: Any) -> None:
    made = write(ada, "@bo psst")
    [mine] = ada.get(PATH).json()
    [theirs] = bo.get(PATH).json()
    assert (mine["unread"], theirs["unread"]) == (False, True)
    assert [a["acct"] for a in mine["accounts"]] == ["bo"]
    assert [a["acct"] for a in theirs["accounts"]] == ["ada"]
    assert mine["last_status"]["id"] == theirs["last_status"]["id"] == made["id"]

    answer = write(bo, "@ada yes?", in_reply_to_id=made["id"])
    [mine] = ada.get(PATH).json()
    assert (mine["unread"], mine["last_status"]["id"]) == (True, answer["id"])
    read = ada.post(f"{PATH}/{mine['id']}/read").json()
    assert (read["id"], read["unread"]) == (mine["id"], False)
    assert ada.get(PATH).json() == [read]


def test_participants_tell_conversations_apart(ada: Any, bo: Any, join: Any) -> None:
    join("eve")
    first = write(ada, "@bo psst")
    write(ada, "@bo @eve psst", in_reply_to_id=first["id"])
    found = ada.get(PATH).json()
    assert [sorted(a["acct"] for a in c["accounts"]) for c in found] == [["bo", "eve"], ["bo"]]


def test_a_note_to_oneself_is_a_conversation(ada: Any) -> None:
    write(ada, "milk")
    [note] = ada.get(PATH).json()
    assert [a["acct"] for a in note["accounts"]] == ["ada"]


def test_other_posts_make_no_conversation(ada: Any, bo: Any) -> None:
    ada.post("/api/v1/statuses", status="@bo hello")
    assert ada.get(PATH).json() == bo.get(PATH).json() == []


def test_a_removed_conversation_returns_with_a_new_post(ada: Any, bo: Any) -> None:
    first = write(ada, "@bo psst")
    [theirs] = bo.get(PATH).json()
    assert ada.delete(f"{PATH}/{theirs['id']}").status_code == 404
    assert bo.delete(f"{PATH}/{theirs['id']}").json() == {}
    assert bo.get(PATH).json() == []
    assert len(ada.get(PATH).json()) == 1
    write(ada, "@bo psst!", in_reply_to_id=first["id"])
    assert len(bo.get(PATH).json()) == 1


def test_deleted_posts_leave_the_conversation(ada: Any, bo: Any, db: Database) -> None:
    first = write(ada, "@bo one")
    second = write(ada, "@bo two", in_reply_to_id=first["id"])
    db.write_now(delete_post, ada.account, int(second["id"]))
    assert bo.get(PATH).json()[0]["last_status"]["id"] == first["id"]
    db.write_now(delete_post, ada.account, int(first["id"]))
    assert ada.get(PATH).json() == bo.get(PATH).json() == []


def test_who_is_blocked_leaves_the_list(ada: Any, bo: Any) -> None:
    write(ada, "@bo psst")
    bo.post(f"/api/v1/accounts/{ada.id}/block")
    assert bo.get(PATH).json() == []
    write(ada, "@bo psst")
    assert bo.get(PATH).json() == []


def test_conversations_are_paged_by_their_last_status(ada: Any, bo: Any, join: Any) -> None:
    for name in ("eve", "eli", "bo"):
        if name != "bo":
            join(name)
        write(ada, f"@{name} psst")
    first = ada.get(PATH, limit=2)
    rest = ada.request("GET", first.links["next"]["url"])
    found = [c["accounts"][0]["acct"] for c in first.json() + rest.json()]
    assert found == ["bo", "eli", "eve"]
    back = ada.request("GET", rest.links["prev"]["url"]).json()
    assert back == first.json()
