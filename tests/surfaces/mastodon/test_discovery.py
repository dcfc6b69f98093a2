from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from conftest import Client, Member, decode
from folkmoot.domain.accounts.actions import save_profile
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.cards.tables import card_links, cards
from folkmoot.domain.discovery import actions, queries
from folkmoot.domain.discovery.model import Kind
from folkmoot.kit.db import Database, Tx, insert_all
from folkmoot.kit.settings import Discovery, Settings
from folkmoot.surfaces.mastodon.instance import ActivityWeek

Join = Callable[..., Member]


@pytest.fixture
def show(db: Database) -> Callable[..., None]:
    """Members agree to be shown around."""

    def agree(*members: Member) -> None:
        def work(tx: Tx) -> None:
            for member in members:
                save_profile(tx, get_account(tx, member.account.id), discoverable=True)

        db.write_now(work)

    return agree


def names(client: Client, path: str, **params: Any) -> list[str]:
    response = client.get(path, **params)
    assert response.status_code == 200, response.text
    return [each.get("account", each)["username"] for each in response.json()]


class TestDirectory:
    def test_it_shows_who_agreed(
        self, ada: Member, bo: Member, visitor: Client, show: Callable[..., None]
    ) -> None:
        show(ada)
        assert names(visitor, "/api/v1/directory", order="new") == ["ada"]

    def test_orders(
        self, ada: Member, bo: Member, visitor: Client, show: Callable[..., None], join: Join
    ) -> None:
        cy = join("cy")
        show(ada, bo, cy)
        bo.post("/api/v1/statuses", status="first")
        ada.post("/api/v1/statuses", status="second")
        assert names(visitor, "/api/v1/directory") == ["ada", "bo"]
        assert names(visitor, "/api/v1/directory", order="new") == ["cy", "bo", "ada"]
        assert names(
            visitor, "/api/v1/directory", order="new", local="true", limit=1, offset=1
        ) == ["bo"]
        assert visitor.get("/api/v1/directory", order="odd").status_code == 422

    def test_it_spares_members_whom_they_blocked(
        self, ada: Member, bo: Member, show: Callable[..., None]
    ) -> None:
        show(ada, bo)
        ada.post(f"/api/v1/accounts/{bo.id}/block")
        assert names(ada, "/api/v1/directory", order="new") == ["ada"]


class TestSuggestions:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return msgspec.structs.replace(settings, discovery=Discovery(suggested=("Eve", "nobody")))

    def test_sources(self, ada: Member, bo: Member, join: Join, show: Callable[..., None]) -> None:
        cy, di, eve = join("cy"), join("di"), join("eve")
        show(bo, cy, di)
        ada.post(f"/api/v1/accounts/{bo.id}/follow")
        bo.post(f"/api/v1/accounts/{cy.id}/follow")
        found = ada.get("/api/v2/suggestions").json()
        assert [(s["account"]["username"], s["source"], s["sources"]) for s in found] == [
            ("eve", "staff", ["featured"]),
            ("cy", "past_interactions", ["friends_of_friends", "most_followed"]),
            ("di", "global", ["most_followed"]),
        ]
        assert names(ada, "/api/v1/suggestions", limit=2) == ["eve", "cy"]
        for unwanted in (eve, cy):
            assert ada.delete(f"/api/v1/suggestions/{unwanted.id}").json() == {}
        ada.post(f"/api/v1/accounts/{di.id}/block")
        assert names(ada, "/api/v2/suggestions") == []
        assert ada.delete("/api/v1/suggestions/1").status_code == 404

    def test_they_are_for_members(self, visitor: Client) -> None:
        assert visitor.get("/api/v2/suggestions").status_code == 401


class TestTrends:
    def test_tags(self, ada: Member, bo: Member, visitor: Client, db: Database) -> None:
        for member in (ada, bo):
            member.post(
                "/api/v1/statuses", status="#bonfire #moot" if member is ada else "#Bonfire"
            )
        db.write_now(actions.compute_trends)
        (tag,) = visitor.get("/api/v1/trends/tags").json()
        assert tag["name"].lower() == "bonfire"
        assert tag["history"][0]["accounts"] == "2"
        assert "following" not in tag
        assert visitor.get("/api/v1/trends").json() == [tag]
        assert visitor.get("/api/v1/trends/tags", offset=1).json() == []

    def test_statuses(
        self, ada: Member, bo: Member, join: Join, db: Database, show: Callable[..., None]
    ) -> None:
        cy, di = join("cy"), join("di")
        show(ada)
        shown = ada.post("/api/v1/statuses", status="liked").json()
        shy = bo.post("/api/v1/statuses", status="liked too").json()
        for post in (shown, shy):
            for member in (cy, di):
                member.post(f"/api/v1/statuses/{post['id']}/favourite")
        db.write_now(actions.compute_trends)
        assert [s["id"] for s in cy.get("/api/v1/trends/statuses").json()] == [shown["id"]]
        link = cy.get("/api/v1/trends/statuses", limit=1).headers["link"]
        assert link.endswith('limit=1&offset=1>; rel="next"')
        bo.post(f"/api/v1/accounts/{ada.id}/block")
        assert bo.get("/api/v1/trends/statuses").json() == []
        assert ada.delete(f"/api/v1/statuses/{shown['id']}").status_code == 200
        assert db.read_now(lambda tx: tx.script("SELECT COUNT(*) FROM trends")) == [(0,)]

    def test_links(self, ada: Member, bo: Member, visitor: Client, db: Database) -> None:
        posts = [m.post("/api/v1/statuses", status="see this").json() for m in (ada, bo)]
        db.write_now(_link, [(int(p["id"]), int(p["account"]["id"])) for p in posts])
        db.write_now(actions.compute_trends)
        (link,) = visitor.get("/api/v1/trends/links").json()
        assert link["title"] == "News"
        assert link["history"][0]["accounts"] == "2"
        assert len(link["history"]) == 7

    def test_posts_of_a_link(
        self, ada: Member, bo: Member, visitor: Client, db: Database, show: Callable[..., None]
    ) -> None:
        path, url = "/api/v1/timelines/link", "https://news.example/#top"
        posts = [m.post("/api/v1/statuses", status="see this").json() for m in (ada, bo)]
        db.write_now(_link, [(int(p["id"]), int(p["account"]["id"])) for p in posts])
        assert visitor.get(path, url=url).status_code == 404
        db.write_now(actions.compute_trends)
        show(bo)
        assert [s["id"] for s in visitor.get(path, url=url).json()] == [posts[1]["id"]]
        for other in ("https://other.example/", "nonsense", "http://[", "http://a:99999/", ""):
            assert visitor.get(path, url=other).status_code == 404


def _link(tx: Tx, posts: list[tuple[int, int]]) -> None:
    texts = dict.fromkeys(
        (
            *("description", "author_name", "author_url", "provider_name", "provider_url"),
            *("embed_url", "image", "image_description", "blurhash", "language"),
            "target",
        ),
        "",
    )
    nothing = dict.fromkeys(("author_account_id", "published_at", "fetched_at"))
    tx.run(
        insert_all(cards),
        id=5,
        key="https://news.example/",
        url="https://news.example/",
        state="ready",
        kind="link",
        title="News",
        width=0,
        height=0,
        created_at=tx.now,
        **texts,
        **nothing,
    )
    for post_id, author_id in posts:
        tx.run(insert_all(card_links), post_id=post_id, card_id=5, author_id=author_id)


class TestReview:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return msgspec.structs.replace(settings, discovery=Discovery(trends_review=True))

    def test_only_what_was_let_through_trends(
        self, ada: Member, bo: Member, visitor: Client, db: Database
    ) -> None:
        for member in (ada, bo):
            member.post("/api/v1/statuses", status="#bonfire")
        db.write_now(actions.compute_trends)
        assert visitor.get("/api/v1/trends/tags").json() == []
        (waiting,) = db.read_now(queries.list_waiting_trends)
        db.write_now(actions.allow_trend, Kind.TAG, waiting.subject_id)
        assert len(visitor.get("/api/v1/trends/tags").json()) == 1
        db.write_now(actions.disallow_trend, Kind.TAG, waiting.subject_id)
        assert visitor.get("/api/v1/trends/tags").json() == []


class TestSwitchedOff:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return msgspec.structs.replace(settings, discovery=Discovery(trends=False))

    def test_nothing_trends(self, ada: Member, bo: Member, visitor: Client, db: Database) -> None:
        for member in (ada, bo):
            member.post("/api/v1/statuses", status="#bonfire")
        db.write_now(actions.compute_trends)
        assert visitor.get("/api/v1/trends/tags").json() == []


def test_weeks_are_counted(
    ada: Member, bo: Member, visitor: Client, run_jobs: Callable[[], None]
) -> None:
    ada.post("/api/v1/statuses", status="one")
    ada.post("/api/v1/statuses", status="two")
    run_jobs()
    weeks = decode(visitor.get("/api/v1/instance/activity"), list[ActivityWeek])
    assert len(weeks) == 12
    assert (weeks[0].statuses, weeks[0].registrations) == ("2", "2")
    assert int(weeks[0].logins) >= 1
    assert weeks[1].statuses == "0"
