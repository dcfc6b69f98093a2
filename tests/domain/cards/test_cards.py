"""Cards, fetched from a page on loopback."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import msgspec
import pytest
from aiohttp import web
from PIL import Image

from folkmoot.domain.accounts.actions import save_profile
from folkmoot.domain.cards.jobs import Sweep, sweep
from folkmoot.domain.cards.model import FRESH, RETRY, card_key
from folkmoot.domain.cards.queries import list_targets
from folkmoot.domain.cards.tables import cards
from folkmoot.kit.db import Database, command
from folkmoot.kit.http import Client
from folkmoot.kit.settings import Server, Settings
from folkmoot.surfaces.app import App

PAGE = """<html lang="en"><head><title>Old</title>
<meta property="og:title" content="{title}"><meta property="og:description" content="Of tides">
<meta property="og:image" content="/tide.png"><meta property="og:image:alt" content="A wave">
<meta property="og:site_name" content="The Shore"><meta name="author" content="Una">
<meta name="fediverse:creator" content="@ada@shore.example">
<meta property="article:published_time" content="2026-01-02T03:04:05Z">
<link rel="alternate" type="application/json+oembed" href="/oembed">
</head><body></body></html>"""


class Site:
    """A site that counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.title = "Tides"
        self.status = 200
        self.oembed: dict[str, Any] = {}
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/page"

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if request.path == "/tide.png":
            image = BytesIO()
            Image.new("RGB", (1200, 600), "navy").save(image, "PNG")
            return web.Response(body=image.getvalue(), content_type="image/png")
        if request.path == "/short":
            raise web.HTTPFound(f"http://localhost:{self.port}/page")
        if request.path == "/oembed":
            return web.json_response(self.oembed)
        text = PAGE.replace("{title}", self.title)
        return web.Response(text=text, status=self.status, content_type="text/html")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An instance with a name that pages can write."""
    return msgspec.structs.replace(settings, server=Server(base_url="http://shore.example"))


@pytest.fixture
def site(app: App, loop: asyncio.AbstractEventLoop) -> Iterator[Site]:
    made = Site()
    server = web.AppRunner(_application(made))
    loop.run_until_complete(server.setup())
    listener = web.TCPSite(server, "127.0.0.1", 0)
    loop.run_until_complete(listener.start())
    made.port = server.addresses[0][1]
    app.context.__dict__["http"] = Client(
        user_agent="test", allow_hosts=[f"127.0.0.1:{made.port}", f"localhost:{made.port}"]
    )
    yield made
    loop.run_until_complete(app.context.close_http())
    loop.run_until_complete(server.cleanup())


def _application(site: Site) -> web.Application:
    application = web.Application()
    application.router.add_get("/{path:.*}", site.answer)
    return application


def shown(member: Any, status: Any) -> Any:
    return member.get(f"/api/v1/statuses/{status['id']}").json()["card"]


def post(member: Any, text: str, **more: Any) -> Any:
    return member.post("/api/v1/statuses", status=text, **more).json()


def pass_time(db: Database, by: int) -> None:
    past = cards.update().values(fetched_at=cards.c.fetched_at - by)
    db.write_now(lambda tx: tx.run(command(past)))


def test_a_link_brings_a_card(
    ada: Any, bo: Any, app: App, site: Site, run_jobs: Callable[[], None]
) -> None:
    status = post(ada, f"read {site.url} #tides")
    assert status["card"] is None
    run_jobs()
    card = shown(bo, status)
    assert (card["title"], card["description"], card["type"]) == ("Tides", "Of tides", "link")
    assert (card["provider_name"], card["author_name"]) == ("The Shore", "Una")
    assert (card["url"], card["language"]) == (site.url, "en")
    assert card["published_at"] == "2026-01-02T03:04:05.000Z"
    assert (card["image_description"], bool(card["blurhash"])) == ("A wave", True)
    assert 0 < card["width"] <= 1200
    # The picture is this server's own: reading a post asks nobody else.
    key = card["image"].partition("/media/")[2]
    assert key.startswith("cards/")
    assert len(app.context.storage.get(key)) > 100
    # Another post with the same link has it at once, and nobody is asked.
    asked = len(site.asked)
    assert post(bo, f"also {site.url}?utm_source=x#part")["card"]["title"] == "Tides"
    run_jobs()
    assert len(site.asked) == asked


def test_where_a_link_leads_in_the_end_is_kept(
    ada: Any, db: Database, site: Site, run_jobs: Callable[[], None]
) -> None:
    """When it is another domain, and of any spelling of the link."""
    short = site.url.replace("/page", "/short")
    for url in (short, site.url):
        post(ada, f"see {url}")
    run_jobs()
    asked = [f"{short}#part", site.url, "https://unknown.example/"]
    assert db.read_now(list_targets, asked) == [f"http://localhost:{site.port}/page"]


def test_followers_are_told_when_the_card_comes(
    ada: Any, db: Database, site: Site, run_jobs: Callable[[], None]
) -> None:
    status = post(ada, site.url)
    told: list[tuple[str, int]] = []
    before = db.told
    db.told = lambda signals: (told.extend((s.topic, s.subject) for s in signals), before(signals))[
        1
    ]
    run_jobs()
    assert ("post.edited", int(status["id"])) in told


def test_no_card_for_few_and_for_what_is_not_a_page(
    ada: Any, site: Site, run_jobs: Callable[[], None]
) -> None:
    private = post(ada, site.url, visibility="private")
    local = post(ada, "http://shore.example/@ada")
    run_jobs()
    assert (shown(ada, private), shown(ada, local)) == (None, None)
    assert site.asked == []


def test_a_page_that_fails_is_left_alone_for_a_day(
    ada: Any, db: Database, site: Site, run_jobs: Callable[[], None]
) -> None:
    site.status = 500
    status = post(ada, site.url)
    run_jobs()
    assert shown(ada, status) is None
    site.status = 200
    post(ada, site.url)
    run_jobs()
    assert site.asked == ["/page"]
    pass_time(db, RETRY)
    post(ada, site.url)
    run_jobs()
    assert shown(ada, status)["title"] == "Tides"


def test_an_old_card_is_fetched_again(
    ada: Any, app: App, db: Database, site: Site, run_jobs: Callable[[], None]
) -> None:
    status = post(ada, site.url)
    run_jobs()
    old = shown(ada, status)
    site.title = "High tides"
    pass_time(db, FRESH)
    assert post(ada, site.url)["card"]["title"] == "Tides"
    run_jobs()
    new = shown(ada, status)
    assert new["title"] == "High tides"
    # The picture of before is gone from the store.
    assert app.context.storage.find(old["image"].partition("/media/")[2]) is None
    assert app.context.storage.find(new["image"].partition("/media/")[2]) is not None


def test_a_card_goes_with_the_last_post_that_links_to_it(
    ada: Any, bo: Any, app: App, db: Database, site: Site, run_jobs: Callable[[], None]
) -> None:
    first, second = post(ada, site.url), post(bo, site.url)
    run_jobs()
    key = shown(ada, first)["image"].partition("/media/")[2]
    ada.delete(f"/api/v1/statuses/{first['id']}")
    assert shown(bo, second)["title"] == "Tides"
    bo.put(f"/api/v1/statuses/{second['id']}", status="no link any more")
    run_jobs()
    assert shown(bo, second) is None
    assert app.context.storage.find(key) is None
    left = db.read_now(lambda tx: tx.script("SELECT 1 FROM cards UNION SELECT 1 FROM card_links"))
    assert left == []


def test_an_author_is_named_when_they_have_said_so(
    ada: Any, db: Database, site: Site, run_jobs: Callable[[], None]
) -> None:
    status = post(ada, site.url)
    run_jobs()
    assert shown(ada, status)["authors"] == [{"name": "Una", "url": "", "account": None}]
    db.write_now(save_profile, ada.account, attribution_domains='["127.0.0.1"]')
    pass_time(db, FRESH)
    post(ada, site.url)
    run_jobs()
    assert shown(ada, status)["authors"][0]["account"]["acct"] == "ada"


def test_a_player_is_framed(ada: Any, site: Site, run_jobs: Callable[[], None]) -> None:
    site.oembed = {
        "type": "video",
        "html": '<div onclick="x()"><iframe src="https://play.example/&quot;1" width=3></iframe>',
        "width": 640,
        "height": "360",
    }
    status = post(ada, site.url)
    run_jobs()
    card = shown(ada, status)
    assert (card["type"], card["width"], card["height"]) == ("video", 640, 360)
    assert card["html"].startswith('<iframe src="https://play.example/&quot;1" width="640"')
    assert "onclick" not in card["html"]


def test_pictures_that_no_card_shows_are_swept(
    ada: Any, app: App, site: Site, loop: asyncio.AbstractEventLoop, run_jobs: Callable[[], None]
) -> None:
    status = post(ada, site.url)
    run_jobs()
    kept = shown(ada, status)["image"].partition("/media/")[2]
    app.context.storage.put("cards/abc/1-abc.jpg", b"lost", mime="image/jpeg")
    for key in (kept, "cards/abc/1-abc.jpg"):
        path = app.context.storage.local_path(key)
        assert path is not None
        old = time.time() - 3 * 86_400
        os.utime(path, (old, old))
    loop.run_until_complete(sweep(app.context, Sweep()))
    assert app.context.storage.find("cards/abc/1-abc.jpg") is None
    assert app.context.storage.find(kept) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com", "https://EXAMPLE.com:443/#top"),
        ("https://example.com/a?b=1", "https://example.com/a?b=1&utm_medium=x&fbclid=y"),
    ],
)
def test_two_spellings_of_a_link_are_one(one: str, other: str) -> None:
    assert card_key(one) == card_key(other)


def test_other_pages_are_others() -> None:
    links = [
        "http://a.example/",
        "https://a.example/",
        "https://a.example/A",
        "https://a.example/?a",
    ]
    assert len({card_key(link) for link in links}) == 4
