from collections.abc import Callable
from typing import Any

import pytest

from conftest import Client, Member, decode
from folkmoot.domain.accounts.actions import save_profile
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.collections import model
from folkmoot.kit.db import Database, Tx
from folkmoot.surfaces.mastodon.entities.collection import (
    Collections,
    WrappedCollection,
    WrappedCollectionItem,
)

Join = Callable[..., Member]


@pytest.fixture
def open_to_all(db: Database) -> Callable[..., None]:
    def agree(*members: Member) -> None:
        def work(tx: Tx) -> None:
            for member in members:
                save_profile(tx, get_account(tx, member.account.id), discoverable=True)

        db.write_now(work)

    return agree


@pytest.fixture
def cy(join: Join, bo: Member, open_to_all: Callable[..., None]) -> Member:
    """Somebody who agreed to be shown around, as bo did."""
    made = join("cy")
    open_to_all(bo, made)
    return made


def create(member: Member, **body: Any) -> dict[str, Any]:
    response = member.post("/api/v1/collections", **{"name": "Bakers", **body})
    assert response.status_code == 200, response.text
    decode(response, WrappedCollection)
    made: dict[str, Any] = response.json()["collection"]
    return made


def listed(client: Client, member: Member, **params: Any) -> list[str]:
    response = client.get(f"/api/v1/accounts/{member.id}/collections", **params)
    return [each.name for each in decode(response, Collections).collections]


def test_a_collection_is_made_and_shown(
    ada: Member, bo: Member, cy: Member, visitor: Client
) -> None:
    made = create(
        ada,
        description="They bake",
        language="en",
        tag_name="#Bread",
        account_ids=[bo.id, cy.id],
    )
    assert made["tag"] == {"name": "Bread", "url": "http://127.0.0.1:8080/tags/bread"}
    assert made["item_count"] == 2
    shown = visitor.get(f"/api/v1/collections/{made['id']}").json()
    assert [a["username"] for a in shown["accounts"]] == ["ada", "bo", "cy"]
    assert shown["collection"] == made
    assert listed(visitor, ada) == ["Bakers"]


def test_only_those_who_agree_are_featured(ada: Member, bo: Member, join: Join) -> None:
    shy = join("shy")
    response = ada.post("/api/v1/collections", name="Shy", account_ids=[shy.id])
    assert response.status_code == 422
    assert listed(ada, ada) == []
    assert shy.get(f"/api/v1/accounts/{shy.id}").json()["feature_approval"] == {
        "automatic": [],
        "manual": [],
        "current_user": "denied",
    }
    assert ada.post("/api/v1/collections", name="x", account_ids=["1"]).status_code == 422


def test_items_come_and_go(ada: Member, bo: Member, cy: Member) -> None:
    made = create(ada)
    path = f"/api/v1/collections/{made['id']}/items"
    item = decode(ada.post(path, account_id=bo.id), WrappedCollectionItem).collection_item
    assert (item.account_id, item.state) == (bo.id, "accepted")
    assert ada.post(path, account_id=bo.id).status_code == 422
    assert bo.post(path, account_id=cy.id).status_code == 403
    assert bo.delete(f"{path}/{item.id}").status_code == 403
    assert ada.delete(f"{path}/{item.id}").json() == {}
    assert ada.delete(f"{path}/{item.id}").status_code == 404
    assert ada.post(path, account_id=bo.id).status_code == 200


def test_one_can_leave_for_good(ada: Member, bo: Member, cy: Member) -> None:
    made = create(ada, account_ids=[bo.id])
    found = decode(bo.get(f"/api/v1/accounts/{bo.id}/in_collections"), Collections).collections
    assert [each.id for each in found] == [made["id"]]
    path = f"/api/v1/collections/{made['id']}/items"
    item = made["items"][0]["id"]
    assert cy.post(f"{path}/{item}/revoke").status_code == 403
    assert bo.post(f"{path}/{item}/revoke").json() == {}
    assert ada.get(f"/api/v1/collections/{made['id']}").json()["collection"]["items"] == []
    assert ada.post(path, account_id=bo.id).status_code == 422
    assert bo.get(f"/api/v1/accounts/{bo.id}/in_collections").json() == {"collections": []}
    assert cy.get(f"/api/v1/accounts/{bo.id}/in_collections").status_code == 403


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_what_it_says_can_change(ada: Member, bo: Member, method: str) -> None:
    made = create(ada, tag_name="bread", discoverable=True)
    path = f"/api/v1/collections/{made['id']}"
    body = {"name": "Cooks", "tag_name": "", "discoverable": False}
    changed = ada.request(method, path, json=body).json()["collection"]
    assert (changed["name"], changed["tag"], changed["discoverable"]) == ("Cooks", None, False)
    assert changed["description"] == made["description"]
    assert bo.request(method, path, json=body).status_code == 403
    assert listed(ada, ada) == ["Cooks"]
    assert listed(bo, ada) == []
    assert bo.get(path).status_code == 200


def test_deleting(ada: Member, bo: Member) -> None:
    made = create(ada)
    path = f"/api/v1/collections/{made['id']}"
    assert bo.delete(path).status_code == 403
    assert ada.delete(path).json() == {}
    assert ada.get(path).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "x" * 41},
        {"description": "x" * 101},
        {"language": "klingonese"},
        {"tag_name": "two words"},
    ],
)
def test_what_is_wrong_is_refused(ada: Member, body: dict[str, str]) -> None:
    response = ada.post("/api/v1/collections", **{"name": "Bakers", **body})
    assert response.status_code == 422


def test_there_are_limits(
    ada: Member, bo: Member, cy: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("folkmoot.domain.collections.actions.MAX_ITEMS", 1)
    made = create(ada, account_ids=[bo.id])
    path = f"/api/v1/collections/{made['id']}/items"
    assert ada.post(path, account_id=cy.id).status_code == 422
    for _ in range(model.MAX_COLLECTIONS - 1):
        create(ada)
    assert ada.post("/api/v1/collections", name="one more").status_code == 422
    response = ada.get(f"/api/v1/accounts/{ada.id}/collections", limit=3, offset=3)
    after, before = response.headers["link"].split(", ")
    assert after.endswith('limit=3&offset=6>; rel="next"')
    assert before.endswith('limit=3&offset=0>; rel="prev"')
    start = ada.get(f"/api/v1/accounts/{ada.id}/collections", limit=3)
    assert 'rel="prev"' not in start.headers["link"]


def told(member: Member, **params: str) -> list[tuple[str, str, str]]:
    types = ["added_to_collection", "collection_update"]
    found = member.get("/api/v1/notifications", **{"types[]": types}, **params).json()
    return [(n["type"], n["account"]["acct"], n["collection"]["name"]) for n in found]


def test_who_is_put_into_a_collection_is_told(ada: Member, bo: Member, cy: Member) -> None:
    made = create(ada, name="Bakers & co", account_ids=[bo.id, cy.id])
    path = f"/api/v1/collections/{made['id']}"
    assert told(bo) == told(cy) == [("added_to_collection", "ada", "Bakers & co")]
    for name in ("Bakers", "Good bakers"):
        assert ada.patch(path, name=name).status_code == 200
    assert told(bo) == [
        ("collection_update", "ada", "Good bakers"),
        ("added_to_collection", "ada", "Good bakers"),
    ]
    assert told(ada) == []
    create(ada, name="Friends", account_ids=[bo.id])
    item = next(i for i in made["items"] if i["account_id"] == bo.id)
    assert bo.post(f"{path}/items/{item['id']}/revoke").status_code == 200
    assert told(bo) == [("added_to_collection", "ada", "Friends")]
    assert ada.delete(path).status_code == 200
    assert told(cy) == []
    assert cy.get("/api/v2/notifications").json()["notification_groups"] == []


def test_a_client_that_knows_no_collections_is_given_words(ada: Member, cy: Member) -> None:
    create(ada, name="Bakers <3", account_ids=[cy.id])
    supported = {"supported_types[]": ["follow"]}
    (plain,) = cy.get("/api/v1/notifications", **supported).json()
    title = "ada put you into the collection “Bakers &lt;3”"
    assert plain["fallback"] == {"title": title, "summary": None, "details": None}
    single = cy.get(f"/api/v1/notifications/{plain['id']}", **supported).json()
    assert single["fallback"] == plain["fallback"]
    (group,) = cy.get("/api/v2/notifications", **supported).json()["notification_groups"]
    assert (group["fallback"], group["collection"]["name"]) == (plain["fallback"], "Bakers <3")
    knows = {"supported_types[]": ["added_to_collection"]}
    assert "fallback" not in cy.get("/api/v1/notifications", **knows).json()[0]
    assert "fallback" not in cy.get("/api/v1/notifications").json()[0]


def test_a_block_parts(ada: Member, bo: Member, cy: Member) -> None:
    made = create(ada, account_ids=[bo.id, cy.id])
    bo.post(f"/api/v1/accounts/{ada.id}/block")
    shown = ada.get(f"/api/v1/collections/{made['id']}").json()["collection"]
    assert [item["account_id"] for item in shown["items"]] == [cy.id]
    assert bo.get(f"/api/v1/collections/{made['id']}").status_code == 404
    assert ada.post(f"/api/v1/collections/{made['id']}/items", account_id=bo.id).status_code == 422


def test_clients_are_told_that_there_are_collections(visitor: Client) -> None:
    assert visitor.get("/api/v2/instance").json()["api_versions"]["mastodon"] == 10
