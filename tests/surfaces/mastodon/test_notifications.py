"""Notifications one by one: who is told of what, and what is taken back."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from folkmoot.domain.accounts.actions import save_profile
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.notifications import actions
from folkmoot.domain.notifications.model import Kind, Notice, Severance, Warned
from folkmoot.domain.polls.actions import close_poll
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Tx


def post(member: Any, text: str = "Hello", **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = member.post("/api/v1/statuses", status=text, **more).json()
    return made


def told(member: Any, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = member.get("/api/v1/notifications", **params).json()
    return found


def types(member: Any, **params: Any) -> list[str]:
    return [n["type"] for n in told(member, **params)]


def follow(member: Any, other: Any, **more: Any) -> None:
    assert member.post(f"/api/v1/accounts/{other.id}/follow", **more).status_code == 200


def test_a_mention_is_told_with_its_status_and_account(ada: Any, bo: Any) -> None:
    made = post(bo, "@ada psst")
    [found] = told(ada)
    assert found["type"] == "mention"
    assert found["account"]["acct"] == "bo"
    assert found["status"]["id"] == made["id"]
    assert found["group_key"] == f"ungrouped-{found['id']}"
    assert ada.get(f"/api/v1/notifications/{found['id']}").json() == found
    assert bo.get(f"/api/v1/notifications/{found['id']}").status_code == 404


def test_nobody_is_told_of_what_they_do_themselves(ada: Any, bo: Any) -> None:
    made = post(ada, "@ada @bo note to self")
    ada.post(f"/api/v1/statuses/{made['id']}/favourite")
    assert told(ada) == []


def test_a_favourite_a_boost_and_a_follow_are_told_and_taken_back(
    ada: Any, bo: Any, db: Database
) -> None:
    made = post(ada)
    bo.post(f"/api/v1/statuses/{made['id']}/favourite")
    bo.post(f"/api/v1/statuses/{made['id']}/reblog")
    follow(bo, ada)
    assert types(ada) == ["follow", "reblog", "favourite"]
    assert [n["status"]["id"] for n in told(ada)[1:]] == [made["id"], made["id"]]

    bo.post(f"/api/v1/accounts/{ada.id}/unfollow")
    assert types(ada) == ["reblog", "favourite"]
    bo.post(f"/api/v1/statuses/{made['id']}/unreblog")
    assert types(ada) == ["favourite"]
    bo.post(f"/api/v1/statuses/{made['id']}/unfavourite")
    assert types(ada) == []


def test_a_deleted_status_takes_its_notifications_along(ada: Any, bo: Any, db: Database) -> None:
    made = post(bo, "@ada psst")
    bo.delete(f"/api/v1/statuses/{made['id']}")
    assert told(ada) == []
    assert ada.get("/api/v2/notifications").json()["notification_groups"] == []


def test_a_request_to_follow_is_told_until_it_is_decided(ada: Any, bo: Any, db: Database) -> None:
    db.write_now(lambda tx: save_profile(tx, get_account(tx, ada.account.id), locked=True))
    follow(bo, ada)
    assert types(ada) == ["follow_request"]
    ada.post(f"/api/v1/follow_requests/{bo.id}/authorize")
    assert types(ada) == []


def test_who_asked_to_be_told_of_posts_is_told_of_posts(ada: Any, bo: Any, join: Any) -> None:
    eve = join("eve")
    follow(ada, bo, notify=True)
    follow(eve, bo)
    original = post(eve)
    post(bo, "news")
    post(bo, "psst", visibility="direct")
    post(bo, "@eve an answer", in_reply_to_id=original["id"])
    assert types(ada) == ["status"]
    assert types(eve, exclude_types=["follow"]) == ["mention"]
    post(bo, "@ada in person")
    assert types(ada) == ["mention", "status"]


def test_an_edit_is_told_to_whom_it_concerns(ada: Any, bo: Any, join: Any) -> None:
    eve = join("eve")
    made = post(ada, "@bo psst")
    eve.post(f"/api/v1/statuses/{made['id']}/reblog")
    quoting = post(bo, "Look", quoted_status_id=made["id"])
    assert types(ada) == ["quote", "reblog"]
    assert told(ada)[0]["status"]["id"] == quoting["id"]
    ada.put(f"/api/v1/statuses/{made['id']}", status="@bo @eve psst")
    assert types(bo) == ["quoted_update", "mention"]
    assert told(bo)[0]["status"]["id"] == quoting["id"]
    assert types(eve) == ["update", "mention"]
    first = told(eve)[0]["id"]
    ada.put(f"/api/v1/statuses/{made['id']}", status="@bo @eve psst!")
    assert types(eve) == ["update", "mention"]
    assert told(eve)[0]["id"] != first
    assert types(bo) == ["quoted_update", "mention"]


def test_the_team_is_told_of_sign_ups(join: Callable[..., Any]) -> None:
    ada, eve = join("ada", role="owner"), join("eve")
    join("bo")
    assert told(eve) == []
    found = [(n["type"], n["account"]["acct"]) for n in told(ada)]
    assert found == [("admin.sign_up", "bo"), ("admin.sign_up", "eve")]
    [group] = ada.get("/api/v2/notifications").json()["notification_groups"]
    assert group["notifications_count"] == 2


def test_reviewers_are_told_of_reports(join: Callable[..., Any]) -> None:
    eve, ada, bo = join("eve"), join("ada", role="reviewer"), join("bo")
    made = post(bo)
    about = {"account_id": bo.id, "status_ids": [made["id"]], "category": "spam"}
    filed = eve.post("/api/v1/reports", comment="Look", **about).json()
    found = told(ada, **{"types[]": "admin.report"})[0]
    assert (found["type"], found["account"]["acct"]) == ("admin.report", "eve")
    assert found["report"]["id"] == filed["id"]
    assert found["report"]["target_account"]["acct"] == "bo"
    [group] = ada.get("/api/v2/notifications", **{"types[]": "admin.report"}).json()[
        "notification_groups"
    ]
    assert group["report"]["comment"] == "Look"
    assert told(bo) == []


def test_severances_and_warnings_say_what_happened(ada: Any, db: Database) -> None:
    def tell(tx: Tx, kind: Kind, detail: msgspec.Struct) -> None:
        text = msgspec.json.encode(detail).decode()
        me = get_account(tx, ada.account.id)
        actions.notify(tx, [me.id], Notice(kind=kind, sender=me, subject_id=7, detail=text))

    db.write_now(tell, Kind.SEVERANCE, Severance("user_domain_block", "far.example", 2, 3))
    db.write_now(tell, Kind.WARNING, Warned("screen", "Spam", (5,)))
    warning, severance = told(ada)
    assert severance["type"] == "severed_relationships"
    assert severance["event"]["target_name"] == "far.example"
    assert (severance["event"]["followers_count"], severance["event"]["purged"]) == (2, False)
    assert warning["type"] == "moderation_warning"
    assert warning["moderation_warning"]["target_account"]["acct"] == "ada"
    assert warning["moderation_warning"]["status_ids"] == ["5"]
    assert warning["moderation_warning"]["action"] == "mark_statuses_as_sensitive"
    assert warning["moderation_warning"]["text"] == "Pictures and films behind a warning. Spam"
    assert warning["moderation_warning"]["appeal"] is None
    groups = ada.get("/api/v2/notifications").json()["notification_groups"]
    assert groups[0]["moderation_warning"] == warning["moderation_warning"]
    assert groups[1]["event"] == severance["event"]


def test_the_end_of_a_poll_is_told_to_its_author_and_who_voted(
    ada: Any, bo: Any, join: Any, db: Database
) -> None:
    eve = join("eve")
    made = post(ada, "Tea?", poll={"options": ["yes", "no"], "expires_in": 300})
    poll_id = int(made["poll"]["id"])
    bo.post(f"/api/v1/polls/{poll_id}/votes", choices=[0])

    def end(tx: Tx) -> None:
        tx.now += clock.HOUR
        close_poll(tx, poll_id)

    db.write_now(end)
    assert types(ada) == types(bo) == ["poll"]
    assert told(bo)[0]["status"]["id"] == made["id"]
    assert told(bo)[0]["account"]["acct"] == "ada"
    assert types(eve) == []


def test_a_block_or_a_mute_silences(ada: Any, bo: Any, join: Any) -> None:
    eve = join("eve")
    post(bo, "@ada before")
    post(eve, "@ada before")
    ada.post(f"/api/v1/accounts/{bo.id}/block")
    ada.post(f"/api/v1/accounts/{eve.id}/mute")
    post(bo, "@ada after")
    post(eve, "@ada after")
    assert told(ada) == []


def test_a_mute_may_leave_notifications(ada: Any, bo: Any) -> None:
    ada.post(f"/api/v1/accounts/{bo.id}/mute", notifications=False)
    post(bo, "@ada after")
    assert types(ada) == ["mention"]


def test_a_muted_thread_is_silent(ada: Any, bo: Any, db: Database) -> None:
    made = post(ada)
    ada.post(f"/api/v1/statuses/{made['id']}/mute")
    post(bo, "@ada hello", in_reply_to_id=made["id"])
    bo.post(f"/api/v1/statuses/{made['id']}/favourite")
    assert told(ada) == []


def test_types_pick_and_leave_out(ada: Any, bo: Any) -> None:
    made = post(ada)
    bo.post(f"/api/v1/statuses/{made['id']}/favourite")
    post(bo, "@ada psst")
    follow(bo, ada)
    assert types(ada, **{"types[]": ["mention", "follow"]}) == ["follow", "mention"]
    assert types(ada, **{"types[]": "favourite"}) == ["favourite"]
    assert types(ada, **{"exclude_types[]": "follow"}) == ["mention", "favourite"]
    assert types(ada, **{"types[]": "unheard_of"}) == []
    assert types(ada, **{"types[]": ["poll", "mention"], "exclude_types[]": "mention"}) == []


def test_one_account_can_be_asked_for(ada: Any, bo: Any, join: Any) -> None:
    eve = join("eve")
    post(bo, "@ada one")
    post(eve, "@ada two")
    assert [n["account"]["acct"] for n in told(ada, account_id=eve.id)] == ["eve"]


@pytest.mark.parametrize("params", [{}, {"types[]": ["mention", "poll"]}, {"account_id": "bo"}])
def test_pages_are_linked(ada: Any, bo: Any, params: dict[str, Any]) -> None:
    if "account_id" in params:
        params = {"account_id": bo.id}
    for number in range(5):
        post(bo, f"@ada {number}")
    everything = [n["id"] for n in told(ada, **params)]
    first = ada.get("/api/v1/notifications", limit=2, **params)
    ids = [n["id"] for n in first.json()]
    following = ada.request("GET", first.links["next"]["url"])
    ids += [n["id"] for n in following.json()]
    assert ids == everything[:4]
    back = ada.request("GET", following.links["prev"]["url"])
    assert [n["id"] for n in back.json()] == everything[:2]
    newest = ada.get("/api/v1/notifications", since_id=everything[3], limit=2, **params).json()
    assert [n["id"] for n in newest] == everything[:2]


def test_notifications_are_dismissed_and_cleared(ada: Any, bo: Any) -> None:
    for number in range(3):
        post(bo, f"@ada {number}")
    first, second, third = told(ada)
    assert ada.post(f"/api/v1/notifications/{second['id']}/dismiss").json() == {}
    assert [n["id"] for n in told(ada)] == [first["id"], third["id"]]
    assert ada.post(f"/api/v1/notifications/{second['id']}/dismiss").status_code == 404
    assert ada.post("/api/v1/notifications/clear").json() == {}
    assert told(ada) == []


def test_unread_notifications_are_counted(ada: Any, bo: Any, join: Any) -> None:
    eve = join("eve")
    made = post(ada)
    for member in (bo, eve):
        member.post(f"/api/v1/statuses/{made['id']}/favourite")
        post(member, "@ada psst")

    def count(version: int, **params: Any) -> int:
        path = f"/api/v{version}/notifications/unread_count"
        found: int = ada.get(path, **params).json()["count"]
        return found

    assert (count(1), count(2)) == (4, 3)
    assert (count(1, limit=2), count(2, limit=2)) == (2, 2)
    assert (count(1, account_id=bo.id), count(2, account_id=bo.id)) == (2, 2)
    assert count(1, **{"types[]": "mention"}) == count(2, **{"types[]": "mention"}) == 2
    assert count(2, **{"grouped_types[]": "follow"}) == 4
    oldest = told(ada)[-1]["id"]
    ada.post("/api/v1/markers", notifications={"last_read_id": oldest})
    assert (count(1), count(2)) == (3, 3)
    newest = told(ada)[0]["id"]
    ada.post("/api/v1/markers", notifications={"last_read_id": newest})
    assert (count(1), count(2)) == (0, 0)


def test_scopes_are_asked_for(join: Any, visitor: Any) -> None:
    narrow = join("narrow", scopes="read:statuses")
    assert narrow.get("/api/v1/notifications").status_code == 403
    assert visitor.get("/api/v1/notifications").status_code == 401
    reader = join("reader", scopes="read:notifications")
    assert reader.get("/api/v1/notifications").status_code == 200
    assert reader.post("/api/v1/notifications/clear").status_code == 403


def test_a_suspended_account_falls_silent(ada: Any, bo: Any, db: Database) -> None:
    post(bo, "@ada psst")
    follow(bo, ada)
    db.write_now(
        lambda tx: save_profile(tx, get_account(tx, bo.account.id), suspended_at=clock.now())
    )
    assert told(ada) == []
    assert ada.get("/api/v2/notifications").json()["notification_groups"] == []
