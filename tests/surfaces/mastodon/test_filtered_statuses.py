from typing import Any

from acts import boost, follow, post
from folkmoot.kit.db import Database


def make(member: Any, *keywords: str, **more: Any) -> Any:
    body = {"title": "Calm", "context": ["home"]} | more
    attributes = [{"keyword": keyword, "whole_word": True} for keyword in keywords]
    made = member.post("/api/v2/filters", keywords_attributes=attributes, **body)
    assert made.status_code == 200, made.text
    return made.json()


def filtered(member: Any, post_id: str) -> Any:
    return member.get(f"/api/v1/statuses/{post_id}").json()["filtered"]


def test_statuses_tell_what_filters_say_of_them(ada: Any, bo: Any, visitor: Any) -> None:
    follow(bo, ada)
    tea = post(ada, "A cup of TEA")
    warned = post(ada, "nothing", spoiler_text="about tea")
    other = post(ada, "steam")
    assert filtered(bo, tea) == []
    made = make(bo, "tea", "cup")
    (result,) = filtered(bo, tea)
    assert result["filter"] | {"id": ""} == {
        "id": "",
        "title": "Calm",
        "context": ["home"],
        "expires_at": None,
        "filter_action": "warn",
    }
    assert result["keyword_matches"] == ["tea", "cup"]
    assert result["status_matches"] is None
    assert filtered(bo, warned)[0]["keyword_matches"] == ["tea"]
    assert filtered(bo, other) == filtered(ada, tea) == []
    assert visitor.get(f"/api/v1/statuses/{tea}").json().get("filtered", []) == []
    at_home = {s["id"]: s["filtered"] for s in bo.get("/api/v1/timelines/home").json()}
    assert bool(at_home[tea]) is True
    assert at_home[other] == []
    path = f"/api/v2/filters/{made['id']}/statuses"
    added = bo.post(path, status_id=other).json()
    assert added["status_id"] == other
    assert bo.post(path, status_id=other).json() == added
    assert filtered(bo, other)[0]["status_matches"] == [other]
    assert bo.get(path).json() == [added]
    one = f"/api/v2/filters/statuses/{added['id']}"
    assert bo.get(one).json() == added
    assert ada.get(one).status_code == 404
    assert bo.delete(one).json() == {}
    assert filtered(bo, other) == []
    assert bo.post(path, status_id="12").status_code == 404
    bo.delete(f"/api/v2/filters/{made['id']}")
    assert filtered(bo, tea) == []


def test_a_boost_is_filtered_as_what_it_boosts(ada: Any, bo: Any, db: Database) -> None:
    shared = boost(db, ada, post(ada, "tea"))
    make(bo, "tea")
    shown = bo.get(f"/api/v1/statuses/{shared}").json()
    assert len(shown["filtered"]) == len(shown["reblog"]["filtered"]) == 1
