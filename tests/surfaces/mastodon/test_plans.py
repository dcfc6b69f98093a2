"""Whatever timelines, threads, notifications and search ask the database reads ranges of indexes:
the statements are those that the operations really run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from folkmoot.kit.db import Query, Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.warming import warm_up
from plans import check_plan
from sample_media import picture

Asked = dict[int, tuple[Query[Any], dict[str, Any]]]


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """`with recorded() as asked:` gathers the queries that are run, with their parameters."""
    run = Tx._execute

    @contextmanager
    def record() -> Iterator[Asked]:
        asked: Asked = {}

        def note(tx: Tx, statement: Any, params: dict[str, Any]) -> Any:
            if isinstance(statement, Query):
                asked.setdefault(id(statement), (statement, dict(params)))
            return run(tx, statement, params)

        monkeypatch.setattr(Tx, "_execute", note)
        yield asked
        monkeypatch.setattr(Tx, "_execute", run)

    return record


class Place:
    """A little of everything: what the operations read."""

    def __init__(self, join: Any) -> None:
        self.ada, self.bo, self.cy = (join(name) for name in ("ada", "bo", "cy"))
        self.ada.patch("/api/v1/accounts/update_credentials", indexable=True, discoverable=True)
        for who, whom in ((self.ada, self.bo), (self.bo, self.ada), (self.cy, self.ada)):
            who.post(f"/api/v1/accounts/{whom.id}/follow")
        files = {"file": ("a.jpg", picture(), "image/jpeg")}
        media = self.ada.request("POST", "/api/v2/media", files=files).json()["id"]
        self.first = self.post(
            self.ada, "A cup of tea #tea https://example.com/", media_ids=[media]
        )
        poll = {"options": ["green", "black"], "expires_in": 3600}
        self.post(self.ada, "Which tea? #tea", poll=poll)
        self.post(self.ada, "a quote #tea", quoted_status_id=self.first)
        self.answer = self.post(self.bo, "@ada no, coffee #tea", in_reply_to_id=self.first)
        self.post(self.cy, "@ada @bo both", in_reply_to_id=self.answer)
        self.post(self.bo, "@ada only you", visibility="direct")
        for who in (self.bo, self.cy):
            who.post(f"/api/v1/statuses/{self.first}/favourite")
            who.post(f"/api/v1/statuses/{self.first}/reblog")
        self.ada.post(f"/api/v1/statuses/{self.answer}/bookmark")
        self.ada.post(f"/api/v1/statuses/{self.answer}/favourite")
        self.ada.post("/api/v1/tags/tea/follow")
        self.list = self.ada.post("/api/v1/lists", title="friends").json()["id"]
        self.ada.post(f"/api/v1/lists/{self.list}/accounts", account_ids=[self.bo.id])
        words = [{"keyword": "coffee", "whole_word": True}]
        contexts = ["home", "public", "thread", "notifications", "account"]
        self.ada.post("/api/v2/filters", title="no", context=contexts, keywords_attributes=words)
        self.ada.put("/api/v2/notifications/policy", for_not_following="filter")
        self.post(self.cy, "@ada a stranger's word")

    @staticmethod
    def post(who: Any, text: str, **more: Any) -> str:
        made = who.post("/api/v1/statuses", status=text, **more)
        assert made.status_code == 200, made.text
        return str(made.json()["id"])


Asking = tuple[Any, str, dict[str, Any]]
"""Who asks, which path, with which parameters."""


def timelines(place: Place) -> Iterator[Asking]:
    ada = place.ada
    for path in ("home", "public", "tag/tea", "direct"):
        for who in (ada, place.cy):
            for bounds in ({}, {"min_id": 1}, {"max_id": 1 << 62, "since_id": 1}):
                yield who, f"timelines/{path}", dict(bounds)
    yield ada, "timelines/public", {"local": True}
    yield ada, "timelines/public", {"only_media": True}
    yield ada, "timelines/tag/tea", {"all[]": "tea", "none[]": "coffee"}
    yield ada, f"timelines/list/{place.list}", {}
    flags = ("exclude_replies", "exclude_reblogs", "only_media", "pinned")
    for more in ({}, *({flag: True} for flag in flags), {"tagged": "tea"}):
        yield place.bo, f"accounts/{ada.id}/statuses", more
    for path in ("favourites", "bookmarks", "conversations", "lists", "followed_tags"):
        yield ada, path, {}
    yield ada, "markers", {"timeline[]": "home"}


def threads(place: Place) -> Iterator[Asking]:
    for post in (place.first, place.answer):
        for part in ("", "/context", "/favourited_by", "/reblogged_by", "/quotes", "/history"):
            yield place.ada, f"statuses/{post}{part}", {}


def notifications(place: Place) -> Iterator[Asking]:
    kinds = {"types[]": ["mention", "favourite", "reblog"]}
    for base in ("notifications", "/api/v2/notifications"):
        for more in ({}, kinds, {"exclude_types[]": "mention"}, {"min_id": 1}):
            yield place.ada, base, dict(more)
        yield place.ada, f"{base}/policy", {}
    yield place.ada, "notifications", {"account_id": place.bo.id}
    yield place.ada, "notifications", {"include_filtered": True}
    yield place.ada, "notifications/requests", {}
    found = place.ada.get("/api/v2/notifications").json()["notification_groups"]
    (group,) = {each["group_key"] for each in found if each["type"] == "favourite"}
    yield place.ada, f"/api/v2/notifications/{group}", {}
    yield place.ada, f"/api/v2/notifications/{group}/accounts", {}


def searches(place: Place) -> Iterator[Asking]:
    for kind in ("statuses", "accounts", "hashtags"):
        for query in ("tea", "ada", "from:ada tea", "in:library tea", "has:media tea -coffee"):
            yield place.ada, "/api/v2/search", {"q": query, "type": kind}
    yield place.ada, "/api/v2/search", {"q": "tea", "type": "statuses", "account_id": place.ada.id}
    yield place.ada, "accounts/search", {"q": "bo", "following": True}


@pytest.mark.parametrize(
    ("ask", "least"), [(timelines, 30), (threads, 15), (notifications, 25), (searches, 15)]
)
def test_what_pages_ask_is_read_from_indexes(
    app: App, join: Any, recorded: Any, ask: Any, least: int
) -> None:
    place = Place(join)
    with recorded() as asked:
        for who, path, params in ask(place):
            address = path if path.startswith("/") else f"/api/v1/{path}"
            answer = who.get(address, **params)
            assert answer.status_code == 200, f"{path}: {answer.text}"
    assert len(asked) >= least

    def check(tx: Tx) -> None:
        for query, params in asked.values():
            check_plan(tx, query, sorted_by_index=False, **params)

    app.db.write_now(check)


def test_what_visitors_ask_is_read_from_indexes(
    app: App, join: Any, visitor: Any, recorded: Any
) -> None:
    place = Place(join)
    with recorded() as asked:
        for path in (
            "timelines/public",
            "timelines/tag/tea",
            f"accounts/{place.ada.id}/statuses",
            f"statuses/{place.first}/context",
        ):
            assert visitor.get(f"/api/v1/{path}").status_code == 200
    assert len(asked) > 8, len(asked)

    def check(tx: Tx) -> None:
        for query, params in asked.values():
            check_plan(tx, query, sorted_by_index=False, **params)

    app.db.write_now(check)


def test_a_first_home_page_asks_nothing_that_was_not_asked_before(
    app: App, join: Any, recorded: Any
) -> None:
    """The text of a statement is made when it is first used: at the start, not for a reader."""
    place = Place(join)
    app.built.clear()
    with recorded() as warm:
        app.db.read_now(warm_up, app)
    app.built.clear()
    with recorded() as asked:
        assert place.bo.get("/api/v1/timelines/home").status_code == 200
    cold = [query.on(app.db.dialect).sql for key, (query, _) in asked.items() if key not in warm]
    assert cold == []


def test_a_post_takes_as_many_statements_for_many_followers_as_for_one(
    app: App, join: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[Any] = []
    run = Tx._execute

    def count(tx: Tx, statement: Any, params: dict[str, Any]) -> Any:
        ran.append(statement)
        return run(tx, statement, params)

    bo = join("bo")
    Place.post(bo, "the first #tea")
    counts = []
    for fans in (1, 5):
        for number in range(fans):
            join(f"fan{fans}{number}").post(f"/api/v1/accounts/{bo.id}/follow")
        ran.clear()
        with monkeypatch.context() as patched:
            patched.setattr(Tx, "_execute", count)
            Place.post(bo, "hello #tea")
        counts.append(len(ran))
    assert counts[0] == counts[1] <= 24
