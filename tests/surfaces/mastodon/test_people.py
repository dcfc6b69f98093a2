from collections.abc import Callable
from typing import Any

from folkmoot.domain.accounts.actions import create_account, save_profile, show_account
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.boundaries.actions import end_mutes
from folkmoot.kit.db import Database, Tx


def change(db: Database, member: Any, **columns: Any) -> None:
    db.write_now(lambda tx: save_profile(tx, get_account(tx, member.account.id), **columns))


def names(response: Any) -> list[str]:
    return [account["acct"] for account in response.json()]


def follow(member: Any, other: Any) -> None:
    assert member.post(f"/api/v1/accounts/{other.id}/follow").status_code == 200


def remote(tx: Tx, username: str, domain: str) -> int:
    account = create_account(tx, username, base_url="https://far.example")
    save_profile(tx, account, domain=domain)
    return account.id


def test_a_profile_is_shown_to_anyone(ada: Any, visitor: Any) -> None:
    shown = visitor.get(f"/api/v1/accounts/{ada.id}").json()
    assert (shown["acct"], shown["locked"], shown["show_featured"]) == ("ada", False, True)
    assert shown["created_at"].endswith("T00:00:00.000Z")
    assert visitor.get("/api/v1/accounts/77").status_code == 404


def test_several_profiles_come_in_the_order_asked(ada: Any, bo: Any, visitor: Any) -> None:
    found = visitor.get("/api/v1/accounts", **{"id[]": [bo.id, "5", ada.id]})
    assert names(found) == ["bo", "ada"]


def test_lookup_knows_our_own_domain(ada: Any, visitor: Any) -> None:
    for acct in ("ada", "@ADA", "ada@127.0.0.1:8080"):
        assert visitor.get("/api/v1/accounts/lookup", acct=acct).json()["id"] == ada.id
    assert visitor.get("/api/v1/accounts/lookup", acct="nobody").status_code == 404
    assert visitor.get("/api/v1/accounts/lookup").status_code == 404


def test_an_account_that_waits_for_approval_is_unseen(ada: Any, db: Database, visitor: Any) -> None:
    base = "http://127.0.0.1:8080"
    account = db.write_now(create_account, "newcomer", base_url=base, pending=True)
    assert visitor.get(f"/api/v1/accounts/{account.id}").status_code == 404
    assert visitor.get("/api/v1/accounts/lookup", acct="newcomer").status_code == 404
    assert ada.get("/api/v1/accounts/search", q="newcomer").json() == []
    assert ada.post(f"/api/v1/accounts/{account.id}/follow").status_code == 404
    db.write_now(show_account, account.id)
    assert names(ada.get("/api/v1/accounts/search", q="newcomer")) == ["newcomer"]


def test_a_suspended_account_shows_only_its_name(ada: Any, db: Database, visitor: Any) -> None:
    change(db, ada, display_name="Ada", note_html="<p>secret</p>", suspended_at=1)
    shown = visitor.get(f"/api/v1/accounts/{ada.id}").json()
    assert shown["suspended"] is True
    assert (shown["display_name"], shown["note"]) == ("", "")


def test_a_moved_account_shows_where_to(ada: Any, bo: Any, db: Database, visitor: Any) -> None:
    change(db, ada, moved_to_id=bo.account.id)
    assert visitor.get(f"/api/v1/accounts/{ada.id}").json()["moved"]["id"] == bo.id
    change(db, bo, display_name="Bo the second")
    moved = visitor.get(f"/api/v1/accounts/{ada.id}").json()["moved"]
    assert moved["display_name"] == "Bo the second"


def test_people_are_found_by_beginnings_of_words(join: Callable[..., Any], db: Database) -> None:
    ada, lin, wei = join("ada_l"), join("lin"), join("wei")
    change(db, ada, display_name="Ada Lovelace")
    change(db, lin, display_name="林 小龙")
    change(db, wei, display_name="卫小林 Wéi")

    def found(q: str, **more: Any) -> list[str]:
        return names(ada.get("/api/v1/accounts/search", q=q, **more))

    assert found("love") == ["ada_l"]
    assert found("@ada_l") == ["ada_l"]
    assert found("ada lov") == ["ada_l"]
    assert found("ada byron") == []
    assert found("小龙") == ["lin"]
    assert found("林") == ["wei", "lin"]
    assert found("wei@127.0.0.1:8080") == ["wei"]
    assert found("wei@elsewhere.example", resolve=True) == []
    assert found("wéi") == ["wei"]
    assert found("") == found("!!") == []
    assert found("林", limit=1, offset=1) == ["lin"]
    follow(ada, lin)
    assert found("林") == ["lin", "wei"]
    assert found("林", following=True) == ["lin"]
    lin.post(f"/api/v1/accounts/{ada.id}/block")
    assert found("林") == ["wei"]


def test_followers_page_by_the_link_header(join: Callable[..., Any], visitor: Any) -> None:
    ada = join("ada")
    fans = [join(f"fan{i}") for i in range(3)]
    for fan in fans:
        follow(fan, ada)
    path = f"/api/v1/accounts/{ada.id}/followers"
    first = visitor.get(path, limit=2)
    assert names(first) == ["fan2", "fan1"]
    rest = visitor.request("GET", first.links["next"]["url"])
    assert names(rest) == ["fan0"]
    assert "next" not in rest.links
    newer = visitor.request("GET", rest.links["prev"]["url"])
    assert names(newer) == ["fan2", "fan1"]
    assert names(visitor.get(f"/api/v1/accounts/{fans[0].id}/following")) == ["ada"]


def test_collections_can_be_hidden(ada: Any, bo: Any, db: Database, visitor: Any) -> None:
    follow(bo, ada)
    change(db, ada, hide_collections=True)
    path = f"/api/v1/accounts/{ada.id}/followers"
    assert names(visitor.get(path)) == names(bo.get(path)) == []
    assert names(ada.get(path)) == ["bo"]


def test_whom_one_blocks_learns_nothing_of_ones_followers(join: Callable[..., Any]) -> None:
    ada, bo, eve = join("ada"), join("bo"), join("eve")
    follow(bo, ada)
    ada.post(f"/api/v1/accounts/{eve.id}/block")
    assert names(eve.get(f"/api/v1/accounts/{ada.id}/followers")) == []
    assert names(ada.get("/api/v1/blocks")) == ["eve"]


def test_requests_are_listed_accepted_and_rejected(join: Callable[..., Any], db: Database) -> None:
    ada, bo, cy = join("ada"), join("bo"), join("cy")
    change(db, ada, locked=True)
    follow(bo, ada)
    follow(cy, ada)
    assert names(ada.get("/api/v1/follow_requests")) == ["cy", "bo"]
    accepted = ada.post(f"/api/v1/follow_requests/{bo.id}/authorize").json()
    assert accepted["followed_by"] is True
    rejected = ada.post(f"/api/v1/follow_requests/{cy.id}/reject").json()
    assert (rejected["followed_by"], rejected["requested_by"]) == (False, False)
    assert ada.post(f"/api/v1/follow_requests/{cy.id}/reject").status_code == 404
    assert ada.get("/api/v1/follow_requests").json() == []
    assert ada.get(f"/api/v1/accounts/{ada.id}").json()["followers_count"] == 1


def test_mutes_are_listed_with_their_end_and_end(ada: Any, bo: Any, db: Database) -> None:
    ada.post(f"/api/v1/accounts/{bo.id}/mute", duration=3600)
    (muted,) = ada.get("/api/v1/mutes").json()
    assert muted["acct"] == "bo"
    assert muted["mute_expires_at"] is not None

    def later(tx: Tx) -> int:
        tx.now += 3_601_000
        return end_mutes(tx)

    assert db.write_now(later) == 1
    assert ada.get("/api/v1/mutes").json() == []
    relation = ada.get("/api/v1/accounts/relationships", id=bo.id).json()[0]
    assert relation["muting"] is False


def test_endorsements_are_public(ada: Any, bo: Any, visitor: Any) -> None:
    follow(ada, bo)
    ada.post(f"/api/v1/accounts/{bo.id}/endorse")
    assert names(ada.get("/api/v1/endorsements")) == ["bo"]
    assert names(visitor.get(f"/api/v1/accounts/{ada.id}/endorsements")) == ["bo"]


def test_familiar_followers_are_those_one_follows(join: Callable[..., Any]) -> None:
    ada, bo, cy, di = join("ada"), join("bo"), join("cy"), join("di")
    follow(ada, bo)
    follow(bo, cy)
    follow(di, cy)
    found = ada.get("/api/v1/accounts/familiar_followers", **{"id[]": [cy.id, di.id]}).json()
    assert [(one["id"], [a["acct"] for a in one["accounts"]]) for one in found] == [
        (cy.id, ["bo"]),
        (di.id, []),
    ]
    in_body = ada.request("GET", "/api/v1/accounts/familiar_followers", json={"id": [cy.id, di.id]})
    assert in_body.json() == found


def test_a_blocked_domain_is_out_of_sight(ada: Any, db: Database) -> None:
    far = db.write_now(remote, "far", "evil.example")
    ada.post(f"/api/v1/accounts/{far}/follow")
    assert ada.post("/api/v1/domain_blocks", domain="Evil.Example").json() == {}
    assert ada.get("/api/v1/domain_blocks").json() == ["evil.example"]
    relation = ada.get("/api/v1/accounts/relationships", id=str(far)).json()[0]
    assert (relation["domain_blocking"], relation["following"]) == (True, False)
    assert ada.request("DELETE", "/api/v1/domain_blocks?domain=evil.example").json() == {}
    assert ada.get("/api/v1/domain_blocks").json() == []
    for wrong in ("", "127.0.0.1:8080", "no spaces", "-"):
        assert ada.post("/api/v1/domain_blocks", domain=wrong).status_code == 422


def test_a_deleted_account_leaves_no_relationship(ada: Any, bo: Any, db: Database) -> None:
    from folkmoot.domain.accounts.events import AccountDeleted

    follow(bo, ada)
    follow(ada, bo)
    ada.post(f"/api/v1/accounts/{bo.id}/note", comment="a friend")
    db.write_now(lambda tx: tx.announce(AccountDeleted(bo.account.id)))
    shown = ada.get(f"/api/v1/accounts/{ada.id}").json()
    assert (shown["followers_count"], shown["following_count"]) == (0, 0)
    relation = ada.get("/api/v1/accounts/relationships", id=bo.id).json()[0]
    assert (relation["following"], relation["followed_by"], relation["note"]) == (False, False, "")
