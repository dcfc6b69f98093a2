"""Policies about strangers, and the requests of those whom they hold back."""

from typing import Any

import pytest

from folkmoot.domain.accounts.actions import save_profile
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.posts.actions import delete_post
from folkmoot.kit import clock
from folkmoot.kit.db import Database

POLICY = "/api/v2/notifications/policy"
REQUESTS = "/api/v1/notifications/requests"


def publish(member: Any, text: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = member.post("/api/v1/statuses", status=text, **more).json()
    return made


def told(member: Any, **params: Any) -> list[str]:
    return [n["type"] for n in member.get("/api/v1/notifications", **params).json()]


def change(db: Database, member: Any, **columns: Any) -> None:
    db.write_now(lambda tx: save_profile(tx, get_account(tx, member.account.id), **columns))


def test_the_policy_is_shown_and_changed(ada: Any) -> None:
    assert ada.get(POLICY).json() == {
        "for_not_following": "accept",
        "for_not_followers": "accept",
        "for_new_accounts": "accept",
        "for_private_mentions": "filter",
        "for_limited_accounts": "filter",
        "for_bots": "accept",
        "summary": {"pending_requests_count": 0, "pending_notifications_count": 0},
    }
    changed = ada.patch(POLICY, for_bots="drop", for_not_following="filter").json()
    assert (changed["for_bots"], changed["for_not_following"]) == ("drop", "filter")
    assert ada.put(POLICY, for_bots="accept").json()["for_bots"] == "accept"
    assert ada.get(POLICY).json()["for_not_following"] == "filter"
    assert ada.patch(POLICY, for_bots="perhaps").status_code == 422


def test_the_first_version_of_the_policy(ada: Any) -> None:
    v1 = "/api/v1/notifications/policy"
    assert ada.get(v1).json()["filter_private_mentions"] is True
    changed = ada.put(v1, filter_not_followers=True, filter_private_mentions=False).json()
    assert changed["filter_not_followers"] is True
    assert changed["filter_private_mentions"] is False
    assert ada.get(POLICY).json()["for_not_followers"] == "filter"


def test_a_strangers_direct_post_waits_to_be_accepted(ada: Any, bo: Any) -> None:
    made = publish(bo, "@ada psst", visibility="direct")
    publish(bo, "@ada hello?", visibility="direct")
    assert told(ada) == []
    assert told(ada, include_filtered=True) == ["mention", "mention"]
    assert ada.get("/api/v1/conversations").json() == []
    assert ada.get(POLICY).json()["summary"] == {
        "pending_requests_count": 1,
        "pending_notifications_count": 2,
    }
    [request] = ada.get(REQUESTS).json()
    assert request["account"]["acct"] == "bo"
    assert request["notifications_count"] == "2"
    assert request["last_status"]["content"] != made["content"]
    assert ada.get(f"{REQUESTS}/{request['id']}").json() == request
    assert bo.get(f"{REQUESTS}/{request['id']}").status_code == 404

    assert ada.post(f"{REQUESTS}/{request['id']}/accept").json() == {}
    assert ada.get(f"{REQUESTS}/merged").json() == {"merged": True}
    assert ada.get(REQUESTS).json() == []
    assert told(ada) == ["mention", "mention"]
    assert len(ada.get("/api/v2/notifications").json()["notification_groups"]) == 2
    assert len(ada.get("/api/v1/conversations").json()) == 2
    publish(bo, "@ada now I may", visibility="direct")
    assert told(ada) == ["mention"] * 3


def test_an_answer_to_ones_own_direct_post_passes(ada: Any, bo: Any) -> None:
    first = publish(ada, "@bo psst", visibility="direct")
    bo.patch(POLICY, for_private_mentions="accept")
    answer = publish(bo, "@ada yes?", visibility="direct", in_reply_to_id=first["id"])
    publish(bo, "@ada and", visibility="direct", in_reply_to_id=answer["id"])
    assert told(ada) == ["mention", "mention"]


def test_a_dismissed_request_is_gone_with_what_it_held(ada: Any, bo: Any, join: Any) -> None:
    eve = join("eve")
    publish(bo, "@ada psst", visibility="direct")
    publish(eve, "@ada psst", visibility="direct")
    ids = [request["id"] for request in ada.get(REQUESTS).json()]
    ada.post(f"{REQUESTS}/{ids[0]}/dismiss")
    assert [r["id"] for r in ada.get(REQUESTS).json()] == ids[1:]
    assert told(ada, include_filtered=True) == ["mention"]
    publish(eve, "@ada again", visibility="direct")
    assert told(ada) == []


def test_many_are_decided_at_once(ada: Any, bo: Any, join: Any) -> None:
    for member in (bo, join("eve"), join("eli")):
        publish(member, "@ada psst", visibility="direct")
    ids = [request["id"] for request in ada.get(REQUESTS).json()]
    ada.request("POST", f"{REQUESTS}/accept", data={"id[]": ids[:2]})
    ada.request("POST", f"{REQUESTS}/dismiss", data={"id[]": [ids[2], "5"]})
    assert ada.get(REQUESTS).json() == []
    assert told(ada) == ["mention", "mention"]


def test_requests_are_paged(ada: Any, bo: Any, join: Any) -> None:
    for member in (bo, join("eve"), join("eli")):
        publish(member, "@ada psst", visibility="direct")
    first = ada.get(REQUESTS, limit=2)
    rest = ada.request("GET", first.links["next"]["url"]).json()
    accounts = [r["account"]["acct"] for r in first.json() + rest]
    assert accounts == ["eli", "eve", "bo"]


def test_a_deleted_post_leaves_its_request(ada: Any, bo: Any, db: Database) -> None:
    first = publish(bo, "@ada one", visibility="direct")
    second = publish(bo, "@ada two", visibility="direct")
    me = bo.account
    db.write_now(delete_post, me, int(second["id"]))
    [request] = ada.get(REQUESTS).json()
    assert (request["notifications_count"], request["last_status"]["id"]) == ("1", first["id"])
    db.write_now(delete_post, me, int(first["id"]))
    assert ada.get(REQUESTS).json() == []


@pytest.mark.parametrize(
    ("rule", "trait"),
    [
        ("for_not_following", {}),
        ("for_not_followers", {}),
        ("for_new_accounts", {}),
        ("for_limited_accounts", {"limited_at": 1}),
        ("for_bots", {"bot": True}),
    ],
)
def test_each_rule_holds_back_or_drops(
    ada: Any, bo: Any, db: Database, rule: str, trait: dict[str, Any]
) -> None:
    change(db, bo, **trait)
    ada.patch(POLICY, **{rule: "accept"})
    publish(bo, "@ada one")
    assert told(ada) == ["mention"]
    ada.patch(POLICY, **{rule: "filter"})
    publish(bo, "@ada two")
    assert told(ada) == ["mention"]
    assert told(ada, include_filtered=True) == ["mention", "mention"]
    ada.patch(POLICY, **{rule: "drop"})
    publish(bo, "@ada three")
    assert told(ada, include_filtered=True) == ["mention", "mention"]


def test_rules_end_where_trust_begins(ada: Any, bo: Any, db: Database) -> None:
    for rule in ("for_not_following", "for_new_accounts", "for_bots"):
        ada.patch(POLICY, **{rule: "drop"})
    change(db, bo, bot=True)
    publish(bo, "@ada one")
    ada.post(f"/api/v1/accounts/{bo.id}/follow")
    publish(bo, "@ada two")
    assert told(ada) == ["mention"]

    ada.patch(POLICY, for_not_followers="drop")
    bo.post(f"/api/v1/accounts/{ada.id}/follow")
    publish(bo, "@ada three")
    assert told(ada) == ["mention"]


def test_old_followers_and_old_accounts_are_trusted(ada: Any, bo: Any, db: Database) -> None:
    from folkmoot.domain.relationships.tables import follows

    ada.patch(POLICY, for_not_followers="drop", for_new_accounts="drop")
    change(db, bo, created_at=clock.now() - 31 * clock.DAY)
    bo.post(f"/api/v1/accounts/{ada.id}/follow")
    db.write_now(lambda tx: tx.script(f"UPDATE {follows.name} SET created_at = 5"))
    publish(bo, "@ada one")
    assert told(ada) == ["mention"]


def test_a_block_removes_the_request(ada: Any, bo: Any) -> None:
    publish(bo, "@ada psst", visibility="direct")
    ada.post(f"/api/v1/accounts/{bo.id}/block")
    assert ada.get(REQUESTS).json() == []
    assert told(ada, include_filtered=True) == []
