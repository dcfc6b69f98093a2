from typing import Any

from acts import post
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.posts.actions import delete_post
from folkmoot.kit.db import Database


def make(member: Any, *keywords: str, **more: Any) -> Any:
    body = {"title": "Calm", "context": ["home"]} | more
    attributes = [{"keyword": keyword, "whole_word": True} for keyword in keywords]
    made = member.post("/api/v2/filters", keywords_attributes=attributes, **body)
    assert made.status_code == 200, made.text
    return made.json()


def test_filters_are_made_changed_and_deleted(ada: Any, bo: Any) -> None:
    made = make(ada, "tea", "cake", filter_action="hide", expires_in=3600)
    assert (made["title"], made["context"], made["filter_action"]) == ("Calm", ["home"], "hide")
    assert made["expires_at"] is not None
    assert [k["keyword"] for k in made["keywords"]] == ["tea", "cake"]
    path = f"/api/v2/filters/{made['id']}"
    tea, cake = made["keywords"]
    changed = ada.put(
        path,
        title="Quiet",
        context=["public", "home"],
        filter_action="blur",
        expires_in=None,
        keywords_attributes=[
            {"id": tea["id"], "_destroy": True},
            {"id": cake["id"], "keyword": "pie", "whole_word": False},
            {"keyword": "gin"},
        ],
    ).json()
    assert changed["context"] == ["home", "public"]
    assert (changed["title"], changed["filter_action"], changed["expires_at"]) == (
        "Quiet",
        "blur",
        None,
    )
    assert [(k["keyword"], k["whole_word"]) for k in changed["keywords"]] == [
        ("pie", False),
        ("gin", True),
    ]
    assert ada.get("/api/v2/filters").json() == [ada.get(path).json()] == [changed]
    assert bo.get(path).status_code == 404
    assert ada.put(path, keywords_attributes=[{"id": "5", "keyword": "x"}]).status_code == 404
    assert ada.delete(path).json() == {}
    assert ada.get("/api/v2/filters").json() == []


def test_filters_come_as_forms_too(ada: Any) -> None:
    made = ada.request(
        "POST",
        "/api/v2/filters",
        content=(
            "title=test&context[]=public&context[]=home&expires_in="
            "&keywords_attributes[][keyword]=foo&keywords_attributes[][whole_word]=false"
            "&keywords_attributes[][keyword]=bar&keywords_attributes[][whole_word]=true"
        ),
        headers={"content-type": "application/x-www-form-urlencoded"},
    ).json()
    assert [(k["keyword"], k["whole_word"]) for k in made["keywords"]] == [
        ("foo", False),
        ("bar", True),
    ]
    assert made["expires_at"] is None


def test_what_a_filter_cannot_be_is_said(ada: Any) -> None:
    for wrong in (
        {"title": "", "context": ["home"]},
        {"title": "x"},
        {"title": "x", "context": []},
        {"title": "x", "context": ["moon"]},
        {"title": "x", "context": ["home"], "filter_action": "burn"},
        {"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": " "}]},
        {"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": "x" * 600}]},
    ):
        assert ada.post("/api/v2/filters", **wrong).status_code == 422, wrong
    assert ada.get("/api/v2/filters").json() == []


def test_keywords_have_addresses_of_their_own(ada: Any, bo: Any) -> None:
    made = make(ada, "tea")
    path = f"/api/v2/filters/{made['id']}/keywords"
    added = ada.post(path, keyword="cake", whole_word=False).json()
    assert ada.post(path, keyword="").status_code == 422
    assert [k["keyword"] for k in ada.get(path).json()] == ["tea", "cake"]
    one = f"/api/v2/filters/keywords/{added['id']}"
    assert ada.get(one).json() == added
    assert ada.put(one, keyword="pie").json() | {"id": ""} == {
        "id": "",
        "keyword": "pie",
        "whole_word": False,
    }
    assert bo.get(one).status_code == bo.delete(one).status_code == 404
    assert ada.delete(one).json() == {}
    assert ada.get(one).status_code == 404


def test_old_clients_see_each_keyword_as_a_filter(ada: Any) -> None:
    made = ada.post("/api/v1/filters", phrase="tea", context=["home"], irreversible=True).json()
    assert made | {"id": ""} == {
        "id": "",
        "phrase": "tea",
        "context": ["home"],
        "whole_word": False,
        "expires_at": None,
        "irreversible": True,
    }
    path = f"/api/v1/filters/{made['id']}"
    changed = ada.put(path, phrase="cake", context=["public"], whole_word=True).json()
    assert (changed["phrase"], changed["context"]) == ("cake", ["public"])
    assert ada.post("/api/v1/filters", context=["home"]).status_code == 422
    assert ada.post("/api/v1/filters", phrase="x").status_code == 422
    (whole,) = ada.get("/api/v2/filters").json()
    ada.post(f"/api/v2/filters/{whole['id']}/keywords", keyword="gin")
    assert [f["phrase"] for f in ada.get("/api/v1/filters").json()] == ["cake", "gin"]
    assert ada.put(path, phrase="pie", context=["public"]).json()["phrase"] == "pie"
    assert ada.put(path, phrase="pie", context=["home"]).status_code == 422
    assert ada.delete(path).json() == {}
    assert ada.get(path).status_code == 404


def test_a_deleted_status_leaves_filters(ada: Any, bo: Any, db: Database) -> None:
    made = make(bo)
    gone = post(ada, "hello")
    path = f"/api/v2/filters/{made['id']}/statuses"
    bo.post(path, status_id=gone)
    db.write_now(lambda tx: delete_post(tx, get_account(tx, ada.account.id), int(gone)))
    assert bo.get(path).json() == []
