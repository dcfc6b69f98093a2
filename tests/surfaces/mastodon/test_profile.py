import asyncio
import base64
from collections.abc import Callable
from typing import Any

import pytest

from folkmoot import wiring
from folkmoot.domain.accounts import actions, jobs
from folkmoot.domain.accounts.model import MoveRefused
from folkmoot.domain.accounts.queries import get_account
from folkmoot.kit.db import Database, Tx
from folkmoot.kit.http import Response
from folkmoot.kit.http.errors import Unreachable
from folkmoot.surfaces.app import App
from sample_media import picture

PATH = "/api/v1/accounts/update_credentials"


def test_a_profile_is_changed_bit_by_bit(ada: Any, bo: Any, visitor: Any) -> None:
    changed = ada.patch(PATH, display_name="  Ada  L. ", note="Hello @bo #maths\r\nand you").json()
    assert changed["display_name"] == "Ada L."
    assert changed["source"]["note"] == "Hello @bo #maths\nand you"
    assert f'href="{"http://127.0.0.1:8080/@bo"}"' in changed["note"]
    assert "/tags/maths" in changed["note"]
    flags = {
        "locked": True,
        "bot": True,
        "discoverable": True,
        "indexable": True,
        "hide_collections": True,
    }
    shown = ada.patch(PATH, **flags).json()
    assert {name: shown[name] for name in flags} == flags
    assert shown["display_name"] == "Ada L."
    assert visitor.get(f"/api/v1/accounts/{ada.id}").json()["display_name"] == "Ada L."
    assert ada.patch(PATH, display_name="", locked=False).json()["display_name"] == ""
    assert ada.put(PATH, hide_collections=None).json()["hide_collections"] is False


FORM = "application/x-www-form-urlencoded"
WANTED = [("Site", "https://example.com"), ("Pronouns", "she/her")]


@pytest.mark.parametrize(
    "sent",
    [
        {
            "json": {
                "fields_attributes": [
                    {"name": "Site", "value": "https://example.com"},
                    {"name": "Pronouns", "value": "she/her"},
                ]
            }
        },
        {
            "json": {
                "fields_attributes": {
                    "420": {"name": "Site", "value": "https://example.com"},
                    "69": {"name": "Pronouns", "value": "she/her"},
                }
            }
        },
        {
            "data": {
                "fields_attributes[0][name]": "Site",
                "fields_attributes[0][value]": "https://example.com",
                "fields_attributes[1][name]": "Pronouns",
                "fields_attributes[1][value]": "she/her",
            }
        },
        {
            "content": "fields_attributes[][name]=Site&fields_attributes[][value]="
            "https://example.com&fields_attributes[][name]=Pronouns"
            "&fields_attributes[][value]=she/her",
            "headers": {"content-type": FORM},
        },
        {
            "data": {
                "fields_attributes[0][name]": "Site",
                "fields_attributes[1][name]": "Pronouns",
                "fields_attributes[0][value]": "https://example.com",
                "fields_attributes[1][value]": "she/her",
            },
            "files": {"unused": b""},
        },
        {
            "files": [
                ("fields_attributes[][name]", (None, "Site")),
                ("fields_attributes[][value]", (None, "https://example.com")),
                ("fields_attributes[][name]", (None, "Pronouns")),
                ("fields_attributes[][value]", (None, "she/her")),
            ]
        },
    ],
)
def test_fields_come_in_every_encoding(ada: Any, sent: dict[str, Any]) -> None:
    response = ada.request("PATCH", PATH, **sent)
    assert response.status_code == 200, response.text
    shown = response.json()
    assert [(f["name"], f["value"]) for f in shown["source"]["fields"]] == WANTED
    assert 'rel="me nofollow noopener"' in shown["fields"][0]["value"]
    assert shown["fields"][0]["verified_at"] is None


def test_fields_can_be_cleared_and_blank_ones_do_not_count(ada: Any) -> None:
    ada.patch(PATH, fields_attributes=[{"name": "a", "value": "b"}])
    blank = [{"name": "", "value": ""}] * 4
    assert ada.patch(PATH, fields_attributes=blank).json()["source"]["fields"] == []


def test_preferences_are_changed_with_the_profile(ada: Any) -> None:
    source = {"privacy": "unlisted", "sensitive": True, "language": "zh", "quote_policy": "nobody"}
    shown = ada.patch(PATH, source=source).json()["source"]
    assert {name: shown[name] for name in source} == source
    as_form = ada.request("PATCH", PATH, data={"source[privacy]": "private"}).json()
    assert as_form["source"]["privacy"] == "private"
    assert as_form["source"]["language"] == "zh"
    assert ada.patch(PATH, source={"language": ""}).json()["source"]["language"] == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"display_name": "x" * 31},
        {"note": "x" * 501},
        {"fields_attributes": [{"name": "x", "value": "y"}] * 5},
        {"fields_attributes": [{"name": "", "value": "y"}]},
        {"fields_attributes": [{"name": "x" * 256, "value": "y"}]},
        {"source": {"privacy": "secret"}},
        {"source": {"language": "klingonese"}},
        {"source": {"quote_policy": "friends"}},
        {"attribution_domains": [f"d{i}.example" for i in range(11)]},
        {"attribution_domains": ["not a domain"]},
        {"avatar_description": "x" * 1_501},
        {"avatar": "not a picture"},
        {"avatar": "data:image/png;base64,%%%"},
    ],
)
def test_what_a_profile_cannot_be_is_said(ada: Any, wrong: dict[str, Any]) -> None:
    refused = ada.patch(PATH, **wrong)
    assert refused.status_code == 422, refused.text
    assert refused.json()["error"].startswith("Validation failed")


def test_pictures_are_stored_replaced_and_removed(ada: Any, app: App, visitor: Any) -> None:
    files = {
        "avatar": ("a.png", picture("PNG"), "image/png"),
        "header": ("h.jpg", picture(), "image/jpeg"),
    }
    sent = {"avatar_description": "A portrait", "header_description": "A view"}
    shown = ada.request("PATCH", PATH, files=files, data=sent).json()
    assert "/avatars/" in shown["avatar"]
    assert "/headers/" in shown["header"]
    assert (shown["avatar_description"], shown["header_description"]) == ("A portrait", "A view")
    stored = {s.key for s in app.context.storage.list("avatars")}
    assert len(stored) == 1
    data = base64.b64encode(picture("PNG")).decode()
    again = ada.patch(PATH, avatar=f"data:image/png;base64,{data}").json()
    assert again["avatar"] != shown["avatar"]
    asyncio.run(_drain(app))
    left = {s.key for s in app.context.storage.list("avatars")}
    assert len(left) == 1
    assert left != stored
    profile = ada.get("/api/v1/profile").json()
    assert profile["avatar"] == again["avatar"]
    bare = ada.delete("/api/v1/profile/avatar").json()
    assert "/avatars/" not in bare["avatar"]
    assert ada.delete("/api/v1/profile/header").status_code == 200
    profile = ada.get("/api/v1/profile").json()
    assert (profile["avatar"], profile["header"], profile["avatar_description"]) == (
        None,
        None,
        "",
    )
    asyncio.run(_drain(app))
    assert list(app.context.storage.list("avatars")) == []


async def _drain(app: App) -> None:
    while await wiring.build_worker(app).run_due():
        pass


def test_a_picture_is_not_kept_when_the_text_will_not_do(ada: Any, app: App) -> None:
    files = {"avatar": ("a.png", picture("PNG"), "image/png")}
    refused = ada.request("PATCH", PATH, files=files, data={"note": "x" * 501})
    assert refused.status_code == 422
    assert list(app.context.storage.list("avatars")) == []


def test_the_profile_api_reads_and_writes_the_same(ada: Any) -> None:
    ada.post("/api/v1/featured_tags", name="tea")
    sent = {
        "display_name": "Ada",
        "note": "plain <text>",
        "show_media": False,
        "show_media_replies": False,
        "show_featured": False,
        "attribution_domains": ["example.com", "EXAMPLE.com", "blog.example.org"],
    }
    shown = ada.put("/api/v1/profile", **sent).json()
    assert shown == ada.get("/api/v1/profile").json()
    assert shown["note"] == "plain <text>"
    assert shown["attribution_domains"] == ["example.com", "blog.example.org"]
    assert shown["show_media"] is shown["show_featured"] is False
    assert [tag["name"] for tag in shown["featured_tags"]] == ["tea"]
    assert ada.patch("/api/v1/profile", attribution_domains=[]).json()["attribution_domains"] == []


class Web:
    """Plays the web: pages by address."""

    def __init__(self, pages: dict[str, str]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    async def get(self, url: str, **_: Any) -> Response:
        self.asked.append(url)
        if url not in self.pages:
            raise Unreachable(url)
        return Response(200, url, {"content-type": "text/html"}, self.pages[url].encode())


def test_pages_that_link_back_verify_their_fields(ada: Any, app: App, visitor: Any) -> None:
    me = "http://127.0.0.1:8080/@ada"
    web = Web(
        {
            "https://mine.example/": f'<a rel="me" href="{me}">me</a>',
            "https://other.example/": f'<a href="{me}">not me</a>',
        }
    )
    app.context.__dict__["http"] = web
    values = ["https://mine.example/", "https://other.example/", "see https://x.example/", me]
    fields = [{"name": f"field {i}", "value": value} for i, value in enumerate(values)]
    ada.patch(PATH, fields_attributes=fields)
    asyncio.run(_drain(app))
    assert web.asked == values[:2]
    shown = visitor.get(f"/api/v1/accounts/{ada.id}").json()["fields"]
    assert [bool(f["verified_at"]) for f in shown] == [True, False, False, False]
    ada.patch(PATH, fields_attributes=[{"name": "renamed", "value": values[0]}])
    (kept,) = visitor.get(f"/api/v1/accounts/{ada.id}").json()["fields"]
    assert kept["verified_at"] == shown[0]["verified_at"]
    ada.patch(PATH, fields_attributes=[{"name": "a", "value": "https://mine.example"}])
    (changed,) = ada.get(f"/api/v1/accounts/{ada.id}").json()["fields"]
    assert changed["verified_at"] is None


def test_a_page_is_looked_at_again_later(ada: Any, app: App) -> None:
    web = Web({})
    app.context.__dict__["http"] = web
    ada.patch(PATH, fields_attributes=[{"name": "a", "value": "https://slow.example/"}])
    asyncio.run(_drain(app))
    account_id = ada.account.id
    for tries in range(1, 4):
        payload = jobs.PagesToVerify(account_id, tries)
        asyncio.run(jobs.verify_pages(app.context, payload))
    assert len(web.asked) == 4
    waiting = app.db.read_now(lambda tx: tx.script("SELECT kind, payload FROM jobs"))
    assert [kind for kind, _ in waiting].count("accounts.verify_pages") == 3


def test_unlocking_lets_everybody_in(join: Callable[..., Any], app: App) -> None:
    ada, bo = join("ada"), join("bo")
    ada.patch(PATH, locked=True)
    bo.post(f"/api/v1/accounts/{ada.id}/follow")
    assert ada.get("/api/v1/follow_requests").json() != []
    ada.patch(PATH, locked=False)
    asyncio.run(_drain(app))
    assert ada.get("/api/v1/follow_requests").json() == []
    relation = bo.get("/api/v1/accounts/relationships", id=ada.id).json()[0]
    assert relation["following"] is True


def test_followers_go_along_when_an_account_moves(
    join: Callable[..., Any], app: App, db: Database
) -> None:
    old, new, bo, cy = join("old"), join("new"), join("bo"), join("cy")
    bo.post(f"/api/v1/accounts/{old.id}/follow", reblogs=False)
    cy.post(f"/api/v1/accounts/{old.id}/follow")
    cy.post(f"/api/v1/accounts/{new.id}/block")

    def move(tx: Tx) -> None:
        actions.move_account(tx, get_account(tx, old.account.id), get_account(tx, new.account.id))

    with pytest.raises(MoveRefused):
        db.write_now(move)

    def name_alias(tx: Tx) -> None:
        actions.set_aliases(tx, get_account(tx, new.account.id), ["old@127.0.0.1:8080"])

    db.write_now(name_alias)
    db.write_now(move)
    asyncio.run(_drain(app))
    after = bo.get("/api/v1/accounts/relationships", **{"id[]": [old.id, new.id]}).json()
    assert [one["following"] for one in after] == [False, True]
    assert after[1]["showing_reblogs"] is False
    blocked = cy.get("/api/v1/accounts/relationships", **{"id[]": [old.id, new.id]}).json()
    assert [one["following"] for one in blocked] == [False, False]
    assert bo.post(f"/api/v1/accounts/{old.id}/follow").status_code == 403
