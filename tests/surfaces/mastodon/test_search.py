from typing import Any

import pytest

from conftest import Client, Member
from folkmoot.domain.accounts.actions import save_profile
from folkmoot.domain.accounts.queries import get_account
from folkmoot.kit.db import Database, Tx

BASE = "http://127.0.0.1:8080"


def found(client: Client, q: str, **params: Any) -> dict[str, Any]:
    response = client.get("/api/v2/search", q=q, **params)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    assert set(answer) == {"accounts", "statuses", "hashtags"}
    return answer


def texts(answer: dict[str, Any]) -> list[str]:
    return [status["content"] for status in answer["statuses"]]


def test_all_kinds_are_found(ada: Member, bo: Member) -> None:
    ada.post("/api/v1/statuses", status="bo likes #bonfires")
    answer = found(ada, "bo")
    assert [account["username"] for account in answer["accounts"]] == ["bo"]
    assert len(answer["statuses"]) == 1
    assert [tag["name"] for tag in answer["hashtags"]] == ["bonfires"]
    assert answer["hashtags"][0]["following"] is False


def test_type_and_marks_narrow(ada: Member, bo: Member) -> None:
    ada.post("/api/v1/statuses", status="bo likes #bonfires")
    kinds = {
        "accounts": found(ada, "bo", type="accounts"),
        "statuses": found(ada, "bo", type="statuses"),
        "hashtags": found(ada, "bo", type="hashtags"),
    }
    for wanted, answer in kinds.items():
        assert [kind for kind, some in answer.items() if some] == [wanted]
    assert [kind for kind, some in found(ada, "@bo").items() if some] == ["accounts"]
    assert found(ada, "#bon")["accounts"] == []
    assert ada.get("/api/v2/search", q="bo", type="nonsense").status_code == 422


def test_names_of_every_script_are_found(ada: Member, bo: Member, db: Database) -> None:
    def rename(tx: Tx) -> None:
        save_profile(tx, get_account(tx, bo.account.id), display_name="王美玲")

    db.write_now(rename)
    assert [a["username"] for a in found(ada, "美玲")["accounts"]] == ["bo"]
    assert [a["username"] for a in found(ada, "@bo@127.0.0.1:8080")["accounts"]] == ["bo"]


def test_addresses_of_this_server_are_followed(ada: Member, bo: Member, visitor: Client) -> None:
    post = bo.post("/api/v1/statuses", status="hello").json()
    hidden = bo.post("/api/v1/statuses", status="few", visibility="private").json()
    assert found(ada, f"{BASE}/@bo", resolve="true")["accounts"][0]["id"] == bo.id
    assert found(ada, f"{BASE}/users/bo")["accounts"][0]["id"] == bo.id
    assert texts(found(visitor, post["url"])) == ["<p>hello</p>"]
    assert texts(found(ada, post["uri"])) == ["<p>hello</p>"]
    assert texts(found(ada, hidden["url"])) == []
    assert texts(found(bo, hidden["url"])) == ["<p>few</p>"]
    for other in ("https://elsewhere.example/@bo", f"{BASE}/about", f"{BASE}/@bo/nonsense"):
        assert not any(found(ada, other).values())


def test_pages(ada: Member) -> None:
    ids = [ada.post("/api/v1/statuses", status=f"tea {n}").json()["id"] for n in range(5)]
    assert texts(found(ada, "tea", type="statuses", limit=2, offset=2)) == [
        "<p>tea 2</p>",
        "<p>tea 1</p>",
    ]
    assert texts(found(ada, "tea", max_id=ids[3], min_id=ids[1])) == ["<p>tea 2</p>"]
    assert len(texts(found(ada, "tea", limit=2, offset=2))) == 2


def test_edited_posts_are_found_by_their_new_words(ada: Member) -> None:
    post = ada.post("/api/v1/statuses", status="old words").json()
    response = ada.put(f"/api/v1/statuses/{post['id']}", status="new words")
    if response.status_code == 405:
        pytest.skip("posts cannot be edited yet")
    assert texts(found(ada, "old")) == []
    assert texts(found(ada, "new")) == ["<p>new words</p>"]


def test_visitors_search_people_and_tags(visitor: Client, ada: Member) -> None:
    ada.post("/api/v1/statuses", status="ada writes #adages")
    answer = found(visitor, "ada")
    assert [len(answer[kind]) for kind in ("accounts", "statuses", "hashtags")] == [1, 0, 1]
    assert visitor.get("/api/v2/search", q="a", offset=1, type="accounts").status_code == 401
    assert visitor.get("/api/v2/search", q="a", resolve="true").status_code == 401


def test_a_question_is_needed(ada: Member) -> None:
    assert ada.get("/api/v2/search").status_code == 400


def test_version_1_names_hashtags(ada: Member) -> None:
    ada.post("/api/v1/statuses", status="#Tea")
    assert ada.get("/api/v1/search", q="tea").json()["hashtags"] == ["Tea"]


@pytest.mark.parametrize("q", ["a\x00b", "%", "_", "'", '"', "\\", "#", "@", "@@", "#\x00"])
def test_nothing_that_is_typed_breaks_it(ada: Member, q: str) -> None:
    ada.post("/api/v1/statuses", status="tea")
    assert texts(found(ada, q)) == []
