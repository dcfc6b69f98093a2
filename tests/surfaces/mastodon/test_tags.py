from collections.abc import Callable
from typing import Any

from acts import post
from folkmoot.domain.tags.actions import forget_old_days, rebuild_days
from folkmoot.kit.clock import DAY
from folkmoot.kit.db import Database, Tx


def today(shown: Any) -> tuple[str, str]:
    assert len(shown["history"]) == 7
    return shown["history"][0]["uses"], shown["history"][0]["accounts"]


def test_a_tag_tells_how_much_it_is_used(ada: Any, bo: Any, visitor: Any, db: Database) -> None:
    post(ada, "#Tea")
    post(ada, "#tea and #cake")
    post(bo, "#tea")
    post(bo, "#tea", visibility="unlisted")
    shown = visitor.get("/api/v1/tags/TEA").json()
    assert (shown["name"], shown["url"]) == ("Tea", "http://127.0.0.1:8080/tags/tea")
    assert today(shown) == ("3", "2")
    assert "following" not in shown
    assert today(visitor.get("/api/v1/tags/cake").json()) == ("1", "1")
    db.write_now(rebuild_days)
    assert today(visitor.get("/api/v1/tags/tea").json()) == ("3", "2")

    def later(tx: Tx) -> None:
        tx.now += 20 * DAY
        forget_old_days(tx)

    db.write_now(later)
    assert today(visitor.get("/api/v1/tags/tea").json()) == ("0", "0")


def test_a_tag_nobody_used_is_shown_and_nonsense_refused(visitor: Any) -> None:
    shown = visitor.get("/api/v1/tags/unheard").json()
    assert (shown["id"], shown["name"]) == ("", "unheard")
    assert today(shown) == ("0", "0")
    assert visitor.get("/api/v1/tags/12").status_code == 422


def test_tags_are_featured_on_a_profile(ada: Any, visitor: Any) -> None:
    post(ada, "#tea")
    post(ada, "#tea again")
    post(ada, "#tea secretly", visibility="private")
    post(ada, "#cake")
    suggested = ada.get("/api/v1/featured_tags/suggestions").json()
    assert [tag["name"] for tag in suggested] == ["cake", "tea"]
    made = ada.post("/api/v1/featured_tags", name="#Tea").json()
    assert (made["name"], made["statuses_count"]) == ("tea", "2")
    assert made["url"] == "http://127.0.0.1:8080/@ada/tagged/tea"
    assert made["last_status_at"] is not None
    assert ada.post("/api/v1/featured_tags", name="tea").json() == made
    assert visitor.get(f"/api/v1/accounts/{ada.id}/featured_tags").json() == [made]
    assert ada.get("/api/v1/tags/tea").json()["featuring"] is True
    assert [tag["name"] for tag in ada.get("/api/v1/featured_tags/suggestions").json()] == ["cake"]
    assert ada.delete(f"/api/v1/featured_tags/{made['id']}").json() == {}
    assert ada.delete(f"/api/v1/featured_tags/{made['id']}").status_code == 404
    assert ada.post("/api/v1/tags/cake/feature").json()["featuring"] is True
    assert ada.post("/api/v1/tags/cake/unfeature").json()["featuring"] is False
    assert ada.post("/api/v1/featured_tags", name="no tag").status_code == 422


def test_features_are_limited(ada: Any) -> None:
    for i in range(10):
        assert ada.post("/api/v1/featured_tags", name=f"tag{i}").status_code == 200
    assert ada.post("/api/v1/featured_tags", name="one_more").status_code == 422


def test_followed_tags_page_by_the_link_header(join: Callable[..., Any]) -> None:
    ada = join("ada")
    for name in ("one", "two", "three"):
        ada.post(f"/api/v1/tags/{name}/follow")
        ada.post(f"/api/v1/tags/{name}/follow")
    first = ada.get("/api/v1/followed_tags", limit=2)
    assert [tag["name"] for tag in first.json()] == ["three", "two"]
    rest = ada.request("GET", first.links["next"]["url"])
    assert [tag["name"] for tag in rest.json()] == ["one"]
