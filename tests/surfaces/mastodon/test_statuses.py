from collections.abc import Callable
from typing import Any


def test_a_post_is_published_and_read(ada: Any, visitor: Any) -> None:
    made = ada.post("/api/v1/statuses", status="Hello #World").json()
    assert made["content"].startswith("<p>Hello <a")
    assert made["url"] == f"http://127.0.0.1:8080/@ada/{made['id']}"
    shown = visitor.get(f"/api/v1/statuses/{made['id']}").json()
    assert shown["account"]["acct"] == "ada"
    assert shown["tags"][0]["name"] == "world"
    assert visitor.get("/api/v1/timelines/public").json()[0]["id"] == made["id"]


def test_an_empty_post_is_refused_with_a_sentence(ada: Any) -> None:
    refused = ada.post("/api/v1/statuses", status=" ")
    assert refused.status_code == 422
    assert refused.json()["error"] == "Validation failed: Text can't be blank"


def test_a_direct_post_is_for_whom_it_mentions(join: Callable[..., Any]) -> None:
    ada, bo, eve = join("ada"), join("bo"), join("eve")
    made = ada.post("/api/v1/statuses", status="@bo psst", visibility="direct").json()
    assert bo.get(f"/api/v1/statuses/{made['id']}").status_code == 200
    assert eve.get(f"/api/v1/statuses/{made['id']}").status_code == 404


def test_a_missing_token_and_a_wrong_scope_are_told_apart(visitor: Any, join: Any) -> None:
    assert visitor.get("/api/v1/timelines/home").status_code == 401
    narrow = join("narrow", scopes="write")
    assert narrow.get("/api/v1/timelines/home").status_code == 403


def test_favouriting_twice_counts_once(ada: Any, bo: Any) -> None:
    made = ada.post("/api/v1/statuses", status="Hello").json()
    bo.post(f"/api/v1/statuses/{made['id']}/favourite")
    again = bo.post(f"/api/v1/statuses/{made['id']}/favourite").json()
    assert (again["favourites_count"], again["favourited"]) == (1, True)
    assert ada.get(f"/api/v1/statuses/{made['id']}").json()["favourited"] is False
