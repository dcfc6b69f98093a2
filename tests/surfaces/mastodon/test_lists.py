from collections.abc import Callable
from typing import Any

from acts import boost, follow, home, ids, post
from folkmoot.kit.db import Database


def make(member: Any, *others: Any, **more: Any) -> str:
    made = member.post("/api/v1/lists", title="Friends", **more)
    assert made.status_code == 200, made.text
    list_id = str(made.json()["id"])
    for other in others:
        put(member, list_id, other)
    return list_id


def put(member: Any, list_id: str, other: Any) -> None:
    done = member.post(f"/api/v1/lists/{list_id}/accounts", account_ids=[other.id])
    assert done.status_code == 200, done.text


def feed(member: Any, list_id: str) -> list[str]:
    return ids(member, f"timelines/list/{list_id}")


def test_lists_are_made_changed_and_deleted(ada: Any, bo: Any) -> None:
    made = ada.post("/api/v1/lists", title=" Friends ").json()
    assert made | {"id": ""} == {
        "id": "",
        "title": "Friends",
        "replies_policy": "list",
        "exclusive": False,
    }
    path = f"/api/v1/lists/{made['id']}"
    changed = ada.put(path, title="Family", replies_policy="none", exclusive=True).json()
    assert (changed["title"], changed["replies_policy"], changed["exclusive"]) == (
        "Family",
        "none",
        True,
    )
    assert ada.get("/api/v1/lists").json() == [ada.get(path).json()] == [changed]
    assert bo.get(path).status_code == 404
    assert bo.put(path, title="Mine").status_code == 404
    assert ada.delete(path).json() == {}
    assert ada.get(path).status_code == 404


def test_what_a_list_cannot_be_is_said(ada: Any) -> None:
    refused = ada.post("/api/v1/lists", title=" ")
    assert (refused.status_code, refused.json()["error"]) == (
        422,
        "Validation failed: Title can't be blank",
    )
    assert ada.post("/api/v1/lists", title="x", replies_policy="some").status_code == 422
    for i in range(50):
        ada.post("/api/v1/lists", title=f"list {i}")
    assert ada.post("/api/v1/lists", title="one more").status_code == 422


def test_only_followed_accounts_and_oneself_come_on_a_list(ada: Any, bo: Any) -> None:
    list_id = make(ada)
    path = f"/api/v1/lists/{list_id}/accounts"
    assert ada.post(path, account_ids=[bo.id]).status_code == 404
    follow(ada, bo)
    assert ada.post(path, account_ids=[bo.id, ada.id]).json() == {}
    assert ada.post(path, account_ids=[bo.id]).status_code == 422
    assert [a["acct"] for a in ada.get(path).json()] == ["ada", "bo"]
    assert [a["acct"] for a in ada.get(path, limit=0).json()] == ["ada", "bo"]
    containing = ada.get(f"/api/v1/accounts/{bo.id}/lists").json()
    assert [found["id"] for found in containing] == [list_id]
    assert ada.request("DELETE", path, json={"account_ids": [bo.id]}).json() == {}
    assert [a["acct"] for a in ada.get(path).json()] == ["ada"]
    mine = post(ada, "to myself")
    assert feed(ada, list_id) == [mine]


def test_a_list_fills_and_empties_with_its_members(ada: Any, bo: Any) -> None:
    old = post(bo, "before")
    follow(ada, bo)
    list_id = make(ada, bo)
    new = post(bo, "after")
    assert feed(ada, list_id) == [new, old]
    ada.post(f"/api/v1/accounts/{bo.id}/unfollow")
    assert feed(ada, list_id) == []
    assert ada.get(f"/api/v1/lists/{list_id}/accounts").json() == []


def test_answers_follow_the_policy(join: Callable[..., Any], app: Any, loop: Any) -> None:
    from folkmoot import wiring

    ada, bo, cy, di = join("ada"), join("bo"), join("cy"), join("di")
    for other in (bo, cy, di):
        follow(ada, other)
    by_list = make(ada, bo, di)
    by_followed = make(ada, bo, replies_policy="followed")
    without = make(ada, bo, replies_policy="none")
    to_cy = post(bo, "to cy", in_reply_to_id=post(cy, "of cy"))
    of_di = post(di, "of di")
    to_di = post(bo, "to di", in_reply_to_id=of_di)
    to_ada = post(bo, "to ada", in_reply_to_id=post(ada, "of ada"))
    expected = {
        by_list: [to_ada, to_di, of_di],
        by_followed: [to_ada, to_di, to_cy],
        without: [to_ada],
    }
    assert {name: feed(ada, name) for name in expected} == expected
    ada.put(f"/api/v1/lists/{without}", replies_policy="followed")
    loop.run_until_complete(wiring.build_worker(app).run_due())
    assert feed(ada, without) == expected[by_followed]
    ada.put(f"/api/v1/lists/{by_followed}", replies_policy="none")
    loop.run_until_complete(wiring.build_worker(app).run_due())
    assert feed(ada, by_followed) == [to_ada]


def test_an_exclusive_list_keeps_its_posts_out_of_home(
    join: Callable[..., Any], db: Database
) -> None:
    ada, bo, cy = join("ada"), join("bo"), join("cy")
    follow(ada, bo)
    old = post(bo, "before")
    list_id = make(ada, bo, exclusive=True)
    assert home(ada) == []
    new = post(bo, "after")
    shared = boost(db, bo, post(cy, "of cy"))
    assert home(ada) == []
    assert feed(ada, list_id) == [shared, new, old]
    other = make(ada, bo, exclusive=True)
    ada.put(f"/api/v1/lists/{list_id}", exclusive=False)
    assert home(ada) == []
    ada.delete(f"/api/v1/lists/{other}")
    assert home(ada) == [shared, new, old]
    ada.put(f"/api/v1/lists/{list_id}", exclusive=True)
    assert home(ada) == []
    follow(ada, bo, reblogs=False)
    assert home(ada) == []
    ada.request("DELETE", f"/api/v1/lists/{list_id}/accounts", json={"account_ids": [bo.id]})
    assert home(ada) == [new, old]


def test_boosts_and_languages_are_chosen_for_lists_too(
    join: Callable[..., Any], db: Database
) -> None:
    ada, bo, cy = join("ada"), join("bo"), join("cy")
    follow(ada, bo, reblogs=False, languages=["en"])
    list_id = make(ada, bo)
    boost(db, bo, post(cy, "of cy"))
    post(bo, "deutsch", language="de")
    english = post(bo, "english", language="en")
    assert feed(ada, list_id) == [english]
