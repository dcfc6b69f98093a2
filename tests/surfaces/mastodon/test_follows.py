from collections.abc import Callable
from typing import Any

from folkmoot.domain.accounts.actions import save_profile
from folkmoot.domain.accounts.queries import get_account
from folkmoot.kit.db import Tx


def tie(member: Any, other: Any) -> Any:
    return member.get("/api/v1/accounts/relationships", **{"id[]": other.id}).json()[0]


def follow(member: Any, other: Any, **options: Any) -> Any:
    return member.post(f"/api/v1/accounts/{other.id}/follow", **options).json()


def home(member: Any) -> list[str]:
    return [status["id"] for status in member.get("/api/v1/timelines/home").json()]


def lock(db: Any, member: Any) -> None:
    def change(tx: Tx) -> None:
        save_profile(tx, get_account(tx, member.account.id), locked=True)

    db.write_now(change)


def test_following_brings_posts_home_and_unfollowing_takes_them_out(ada: Any, bo: Any) -> None:
    old = ada.post("/api/v1/statuses", status="before").json()["id"]
    made = follow(bo, ada)
    assert (made["following"], made["showing_reblogs"], made["requested"]) == (True, True, False)
    new = ada.post("/api/v1/statuses", status="after").json()["id"]
    assert home(bo) == [new, old]
    assert tie(ada, bo)["followed_by"] is True
    gone = bo.post(f"/api/v1/accounts/{ada.id}/unfollow").json()
    assert gone["following"] is False
    assert home(bo) == []


def test_a_second_follow_changes_only_what_it_names(ada: Any, bo: Any) -> None:
    follow(bo, ada, notify=True, languages=["en", "zh"])
    changed = follow(bo, ada, reblogs=False)
    assert changed["notifying"] is True
    assert changed["showing_reblogs"] is False
    assert changed["languages"] == ["en", "zh"]
    english = ada.post("/api/v1/statuses", status="tea", language="en").json()["id"]
    ada.post("/api/v1/statuses", status="Tee", language="de")
    assert home(bo) == [english]


def test_a_locked_account_is_asked(ada: Any, bo: Any, db: Any) -> None:
    lock(db, ada)
    ada.post("/api/v1/statuses", status="for followers", visibility="private")
    asked = follow(bo, ada)
    assert (asked["following"], asked["requested"]) == (False, True)
    assert tie(ada, bo)["requested_by"] is True
    assert home(bo) == []
    assert bo.post(f"/api/v1/accounts/{ada.id}/unfollow").json()["requested"] is False


def test_nobody_follows_themselves_or_somebody_blocked(ada: Any, bo: Any) -> None:
    assert ada.post(f"/api/v1/accounts/{ada.id}/follow").status_code == 403
    bo.post(f"/api/v1/accounts/{ada.id}/block")
    assert ada.post(f"/api/v1/accounts/{bo.id}/follow").status_code == 403
    assert bo.post(f"/api/v1/accounts/{ada.id}/follow").status_code == 403


def test_a_block_ends_follows_both_ways_and_hides(ada: Any, bo: Any) -> None:
    follow(ada, bo)
    follow(bo, ada)
    mine = bo.post("/api/v1/statuses", status="hello").json()["id"]
    blocked = bo.post(f"/api/v1/accounts/{ada.id}/block").json()
    assert (blocked["blocking"], blocked["following"], blocked["followed_by"]) == (
        True,
        False,
        False,
    )
    assert tie(ada, bo)["blocked_by"] is True
    assert home(ada) == []
    assert ada.get(f"/api/v1/statuses/{mine}").status_code == 404
    assert mine not in [s["id"] for s in ada.get("/api/v1/timelines/public").json()]
    assert bo.post(f"/api/v1/accounts/{ada.id}/unblock").json()["blocking"] is False
    assert ada.get(f"/api/v1/statuses/{mine}").status_code == 200


def test_a_mute_hides_and_can_run_out(ada: Any, bo: Any) -> None:
    follow(bo, ada)
    made = ada.post("/api/v1/statuses", status="hello").json()["id"]
    muted = bo.post(f"/api/v1/accounts/{ada.id}/mute", notifications=False).json()
    assert (muted["muting"], muted["muting_notifications"]) == (True, False)
    assert muted["muting_expires_at"] is None
    assert home(bo) == []
    timed = bo.post(f"/api/v1/accounts/{ada.id}/mute", duration=60).json()
    assert timed["muting_expires_at"] is not None
    assert timed["muting_notifications"] is True
    assert bo.post(f"/api/v1/accounts/{ada.id}/unmute").json()["muting"] is False
    assert home(bo) == [made]


def test_followers_can_be_removed(ada: Any, bo: Any) -> None:
    follow(bo, ada)
    assert (
        ada.post(f"/api/v1/accounts/{bo.id}/remove_from_followers").json()["followed_by"] is False
    )
    assert tie(bo, ada)["following"] is False


def test_notes_are_private_and_bounded(ada: Any, bo: Any) -> None:
    assert bo.post(f"/api/v1/accounts/{ada.id}/note", comment="met in Kyoto").json()["note"] == (
        "met in Kyoto"
    )
    assert tie(ada, bo)["note"] == ""
    assert bo.post(f"/api/v1/accounts/{ada.id}/note", comment="x" * 2_001).status_code == 422
    assert bo.post(f"/api/v1/accounts/{ada.id}/note").json()["note"] == ""


def test_only_a_followed_account_can_be_endorsed(ada: Any, bo: Any) -> None:
    assert bo.post(f"/api/v1/accounts/{ada.id}/pin").status_code == 422
    follow(bo, ada)
    assert bo.post(f"/api/v1/accounts/{ada.id}/pin").json()["endorsed"] is True
    assert bo.post(f"/api/v1/accounts/{ada.id}/unendorse").json()["endorsed"] is False
    bo.post(f"/api/v1/accounts/{ada.id}/endorse")
    assert bo.post(f"/api/v1/accounts/{ada.id}/unfollow").json()["endorsed"] is False


def test_relationships_come_in_the_order_asked(ada: Any, bo: Any, join: Callable[..., Any]) -> None:
    cy = join("cy")
    asked = [cy.id, bo.id, "99"]
    found = ada.get("/api/v1/accounts/relationships", **{"id[]": asked}).json()
    assert [one["id"] for one in found] == [cy.id, bo.id]
    assert ada.get("/api/v1/accounts/relationships").json() == []


def test_an_unknown_account_is_not_found(ada: Any) -> None:
    assert ada.post("/api/v1/accounts/12345/follow").status_code == 404
    assert ada.post("/api/v1/accounts/abc/mute").status_code == 404
