"""What members do with statuses, and the lists that come of it."""

from typing import Any

import msgspec
import pytest

from folkmoot.kit.settings import Settings
from surfaces.mastodon.test_publishing import follow


def post(member: Any, text: str = "words", **more: Any) -> Any:
    return member.post("/api/v1/statuses", status=text, **more).json()


def do(member: Any, status: Any, what: str, **more: Any) -> Any:
    return member.post(f"/api/v1/statuses/{status['id']}/{what}", **more)


@pytest.mark.parametrize(
    ("on", "off", "flag"),
    [
        ("favourite", "unfavourite", "favourited"),
        ("bookmark", "unbookmark", "bookmarked"),
        ("mute", "unmute", "muted"),
        ("pin", "unpin", "pinned"),
    ],
)
def test_a_flag_goes_on_and_off(ada: Any, on: str, off: str, flag: str) -> None:
    status = post(ada)
    for _ in range(2):
        assert do(ada, status, on).json()[flag] is True
    assert ada.get(f"/api/v1/statuses/{status['id']}").json()[flag] is True
    for _ in range(2):
        assert do(ada, status, off).json()[flag] is False


def test_a_boost_and_its_end(ada: Any, bo: Any) -> None:
    status = post(ada)
    boost = do(bo, status, "reblog").json()
    assert (boost["reblog"]["id"], boost["reblog"]["reblogged"]) == (status["id"], True)
    assert boost["reblogged"] is True
    assert do(bo, boost, "reblog").json()["id"] == boost["id"]
    assert do(bo, boost, "favourite").json()["id"] == status["id"]
    after = do(bo, status, "unreblog").json()
    assert (after["id"], after["reblogged"], after["reblogs_count"]) == (status["id"], False, 0)
    assert do(bo, status, "unreblog").status_code == 200
    assert bo.get(f"/api/v1/statuses/{boost['id']}").status_code == 404


def test_who_sees_a_boost(ada: Any, bo: Any, visitor: Any) -> None:
    status = post(ada, visibility="unlisted")
    assert do(bo, status, "reblog", visibility="private").json()["visibility"] == "private"
    own = post(ada, visibility="private")
    assert do(ada, own, "reblog", visibility="public").json()["visibility"] == "private"
    assert do(ada, post(ada, visibility="direct"), "reblog").status_code == 403
    listed = visitor.get(f"/api/v1/statuses/{status['id']}/reblogged_by").json()
    assert listed == []


def test_others_posts_for_few_are_not_boosted(join: Any) -> None:
    ada, bo = join("ada"), join("bo")
    follow(bo, ada)
    status = post(ada, visibility="private")
    assert do(bo, status, "reblog").status_code == 403
    assert do(bo, status, "favourite").status_code == 200


def test_who_boosted_and_liked_is_listed_in_pages(join: Any, visitor: Any) -> None:
    ada = join("ada")
    others = [join(f"fan{n}") for n in range(3)]
    status = post(ada)
    for fan in others:
        do(fan, status, "reblog")
        do(fan, status, "favourite")
    for name in ("reblogged_by", "favourited_by"):
        path = f"/api/v1/statuses/{status['id']}/{name}"
        first = visitor.get(path, limit=2)
        assert [a["acct"] for a in first.json()] == ["fan2", "fan1"]
        older = first.headers["link"].split("<")[1].split(">")[0]
        assert [a["acct"] for a in visitor.request("GET", older).json()] == ["fan0"]
        others[0].post(f"/api/v1/accounts/{others[1].id}/block")
        seen = [a["acct"] for a in others[0].get(path).json()]
        assert seen == ["fan2", "fan0"]
        others[0].post(f"/api/v1/accounts/{others[1].id}/unblock")


def test_favourites_and_bookmarks_are_listed_by_when_they_were_marked(ada: Any, bo: Any) -> None:
    statuses = [post(ada, str(n)) for n in range(4)]
    order = [statuses[n] for n in (2, 0, 3, 1)]
    for what, path in (("favourite", "favourites"), ("bookmark", "bookmarks")):
        for status in order:
            do(bo, status, what)
        listed = bo.get(f"/api/v1/{path}")
        assert [s["id"] for s in listed.json()] == [s["id"] for s in order[::-1]]
        first = bo.get(f"/api/v1/{path}", limit=3)
        older = first.headers["link"].split("<")[1].split(">")[0]
        assert [s["id"] for s in bo.request("GET", older).json()] == [order[0]["id"]]
    ada.delete(f"/api/v1/statuses/{order[0]['id']}")
    assert len(bo.get("/api/v1/favourites").json()) == 3


def test_only_a_few_of_ones_own_are_pinned(ada: Any, bo: Any) -> None:
    assert do(bo, post(ada), "pin").json()["error"].endswith("Someone else's post cannot be pinned")
    boost = do(ada, post(bo), "reblog").json()
    assert do(ada, boost, "pin").status_code == 422
    assert do(ada, post(ada, visibility="direct"), "pin").status_code == 422
    for _ in range(5):
        assert do(ada, post(ada), "pin").status_code == 200
    assert "maximum number" in do(ada, post(ada), "pin").json()["error"]


def test_what_one_cannot_see_one_cannot_touch(join: Any) -> None:
    ada, bo = join("ada"), join("bo")
    status = post(ada, visibility="private")
    for what in ("favourite", "bookmark", "reblog", "mute", "pin", "unpin", "unreblog"):
        assert do(bo, status, what).status_code == 404, what
    for what in ("context", "history", "source", "reblogged_by", "favourited_by", "quotes"):
        assert bo.get(f"/api/v1/statuses/{status['id']}/{what}").status_code == 404, what


class TestDeletions:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return msgspec.structs.replace(
            settings, rate_limits=msgspec.structs.replace(settings.rate_limits, enabled=True)
        )

    def test_are_limited(self, ada: Any) -> None:
        status = post(ada)
        answers = [do(ada, status, "unreblog").status_code for _ in range(31)]
        assert answers == [200] * 30 + [429]
