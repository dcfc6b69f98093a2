"""Notifications in groups."""

from typing import Any

from folkmoot.domain.interactions.actions import unfavourite_post
from folkmoot.kit.db import Database


def publish(member: Any, text: str = "Hello") -> dict[str, Any]:
    made: dict[str, Any] = member.post("/api/v1/statuses", status=text).json()
    return made


def favourite(member: Any, status: dict[str, Any]) -> None:
    assert member.post(f"/api/v1/statuses/{status['id']}/favourite").status_code == 200


def grouped(member: Any, **params: Any) -> dict[str, Any]:
    found: dict[str, Any] = member.get("/api/v2/notifications", **params).json()
    return found


def keys(member: Any, **params: Any) -> list[str]:
    return [g["group_key"] for g in grouped(member, **params)["notification_groups"]]


def test_favourites_of_one_status_make_one_group(ada: Any, bo: Any, join: Any) -> None:
    eve = join("eve")
    first, second = publish(ada), publish(ada)
    favourite(bo, first)
    favourite(bo, second)
    favourite(eve, first)
    found = grouped(ada)
    one, two = found["notification_groups"]
    assert one["group_key"].startswith(f"favourite-{first['id']}-")
    assert (one["notifications_count"], one["type"]) == (2, "favourite")
    assert one["sample_account_ids"] == [eve.id, bo.id]
    assert one["status_id"] == first["id"]
    assert (two["notifications_count"], two["status_id"]) == (1, second["id"])
    assert [a["acct"] for a in found["accounts"]] == ["eve", "bo"]
    assert {s["id"] for s in found["statuses"]} == {first["id"], second["id"]}

    singles = ada.get("/api/v1/notifications").json()
    assert [n["group_key"] for n in singles] == [
        one["group_key"],
        two["group_key"],
        one["group_key"],
    ]
    assert one["most_recent_notification_id"] == one["page_max_id"] == singles[0]["id"]
    assert one["latest_page_notification_at"] == singles[0]["created_at"]
    # The group reaches below the page's last place, but its oldest in the page does not.
    assert one["page_min_id"] == singles[0]["id"]
    assert two["page_min_id"] == two["page_max_id"] == singles[1]["id"]


def test_a_favourite_taken_back_leaves_its_group(
    ada: Any, bo: Any, join: Any, db: Database
) -> None:
    made = publish(ada)
    fans = [bo, *(join(f"fan{number}") for number in range(9))]
    for fan in fans:
        favourite(fan, made)
    [group] = grouped(ada)["notification_groups"]
    assert group["notifications_count"] == 10
    assert group["sample_account_ids"] == [fan.id for fan in reversed(fans)][:8]
    db.write_now(unfavourite_post, fans[-1].account.id, int(made["id"]))
    db.write_now(unfavourite_post, fans[0].account.id, int(made["id"]))
    [group] = grouped(ada)["notification_groups"]
    assert group["notifications_count"] == 8
    assert group["sample_account_ids"] == [fan.id for fan in reversed(fans[1:-1])]
    for fan in fans[1:-1]:
        db.write_now(unfavourite_post, fan.account.id, int(made["id"]))
    assert keys(ada) == []


def test_follows_are_grouped_and_mentions_are_not(ada: Any, bo: Any, join: Any) -> None:
    for member in (bo, join("eve")):
        member.post(f"/api/v1/accounts/{ada.id}/follow")
        publish(member, "@ada psst")
    found = keys(ada)
    assert [key.partition("-")[0] for key in found] == ["ungrouped", "follow", "ungrouped"]


def test_a_client_may_refuse_to_group_some_types(ada: Any, bo: Any, join: Any) -> None:
    made = publish(ada)
    for member in (bo, join("eve")):
        favourite(member, made)
        member.post(f"/api/v1/accounts/{ada.id}/follow")
    plain = keys(ada, **{"grouped_types[]": "favourite"})
    assert [key.partition("-")[0] for key in plain] == ["ungrouped", "favourite", "ungrouped"]
    singles = ada.get("/api/v1/notifications", **{"types[]": "follow"}).json()
    assert [plain[0], plain[2]] == [f"ungrouped-{n['id']}" for n in singles]
    one = ada.get(f"/api/v2/notifications/{plain[2]}").json()["notification_groups"][0]
    assert (one["type"], one["notifications_count"]) == ("follow", 1)
    assert [a["acct"] for a in ada.get(f"/api/v2/notifications/{plain[2]}/accounts").json()] == [
        "bo"
    ]


def test_partial_accounts_carry_only_what_avatars_need(ada: Any, bo: Any, join: Any) -> None:
    made = publish(ada)
    for member in (bo, join("eve"), join("eli")):
        favourite(member, made)
    found = grouped(ada, expand_accounts="partial_avatars")
    assert [a["acct"] for a in found["accounts"]] == ["eli"]
    assert {a["acct"] for a in found["partial_accounts"]} == {"bo", "eve"}
    assert set(found["partial_accounts"][0]) == {
        "id",
        "acct",
        "url",
        "avatar",
        "avatar_static",
        "avatar_description",
        "locked",
        "bot",
    }
    assert "partial_accounts" not in grouped(ada)
    assert ada.get("/api/v2/notifications", expand_accounts="never").status_code == 422


def test_one_group_its_accounts_and_its_end(ada: Any, bo: Any, join: Any) -> None:
    eve = join("eve")
    made = publish(ada)
    favourite(bo, made)
    favourite(eve, made)
    publish(bo, "@ada psst")
    _, key = keys(ada)
    one = ada.get(f"/api/v2/notifications/{key}").json()
    assert one["notification_groups"][0]["notifications_count"] == 2
    assert "page_min_id" not in one["notification_groups"][0]
    accounts = ada.get(f"/api/v2/notifications/{key}/accounts").json()
    assert [a["acct"] for a in accounts] == ["eve", "bo"]
    assert bo.get(f"/api/v2/notifications/{key}").status_code == 404
    assert ada.post(f"/api/v2/notifications/{key}/dismiss").json() == {}
    assert len(keys(ada)) == 1
    assert [n["type"] for n in ada.get("/api/v1/notifications").json()] == ["mention"]
    assert ada.get(f"/api/v2/notifications/{key}").status_code == 404


def test_pages_of_groups_are_linked_and_whole(ada: Any, bo: Any, join: Any) -> None:
    eve = join("eve")
    statuses = [publish(ada) for _ in range(5)]
    for status in statuses:
        favourite(bo, status)
    favourite(eve, statuses[0])
    everything = keys(ada)
    assert everything[0].startswith(f"favourite-{statuses[0]['id']}")
    first = ada.get("/api/v2/notifications", limit=2)
    second = ada.request("GET", first.links["next"]["url"])
    third = ada.request("GET", second.links["next"]["url"])
    pages = [r.json()["notification_groups"] for r in (first, second, third)]
    assert [g["group_key"] for page in pages for g in page] == everything
    # What was read last tells where to go on reading upwards.
    back = ada.request("GET", third.links["prev"]["url"])
    assert [g["group_key"] for g in back.json()["notification_groups"]] == everything[2:4]
    oldest_of_page = pages[0][-1]["page_min_id"]
    below = keys(ada, max_id=oldest_of_page)
    assert below == everything[2:]


def test_types_and_an_account_narrow_the_groups(ada: Any, bo: Any, join: Any) -> None:
    eve = join("eve")
    made = publish(ada)
    favourite(bo, made)
    favourite(eve, made)
    publish(eve, "@ada psst")
    assert len(keys(ada, **{"types[]": "mention"})) == 1
    assert keys(ada, **{"exclude_types[]": ["mention", "favourite"]}) == []
    [group] = grouped(ada, account_id=bo.id)["notification_groups"]
    assert (group["type"], group["notifications_count"]) == ("favourite", 2)
    assert group["page_max_id"] < group["most_recent_notification_id"]
