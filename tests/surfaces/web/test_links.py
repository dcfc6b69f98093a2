"""Links to listed domains lead through a page that names the list and the reason, everywhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from folkmoot.domain.matchlists import actions as lists
from folkmoot.domain.matchlists import queries
from folkmoot.domain.matchlists.model import Format, Kind, domain_of, led_through
from folkmoot.kit import clock
from folkmoot.kit.db import Database
from plans import check_plan

EVIL = "https://login.evil.example/take?a=1&b=2"


@pytest.fixture
def listed(db: Database) -> int:
    db.write_now(
        lists.create_list, name="phishing", kind=Kind.DOMAINS, description="Sites that <steal>."
    )
    said = {"text": "evil.example # Asks for passwords", "form": Format.PLAIN, "source": "others"}
    return db.write_now(lists.import_list, None, "phishing", **said).id


def content(client: Any, post_id: str) -> str:
    return str(client.get(f"/api/v1/statuses/{post_id}").json()["content"])


def test_a_listed_link_leads_through_the_warning(
    listed: int, db: Database, ada: Any, visitor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ada.post("/api/v1/statuses", status=f"see {EVIL} and https://good.example/x").json()
    away = f"/links/warning?to={quote(EVIL, safe='')}"
    for shown in (content(visitor, made["id"]), visitor.get(f"/@ada/{made['id']}").text):
        assert away in shown
        assert f'href="{EVIL}'.replace("&", "&amp;") not in shown
        assert 'href="https://good.example/x"' in shown
    page = visitor.request("GET", away)
    assert page.status_code == 200
    for words in ("phishing", "Sites that &lt;steal&gt;.", "Asks for passwords", "evil.example"):
        assert words in page.text
    assert "location" not in page.headers
    # The list is corrected: within seconds links lead where they lead.
    db.write_now(lists.undo_import, None, "phishing", listed)
    now = clock.now() + 6_000
    monkeypatch.setattr(clock, "now", lambda: now)
    assert away not in content(visitor, made["id"])
    gone = visitor.request("GET", away).text
    assert "stands on no list" in gone
    assert f'href="{EVIL}'.replace("&", "&amp;") not in gone


@pytest.mark.usefixtures("listed")
def test_what_was_written_before_a_list_is_led_through_as_well(
    db: Database, ada: Any, visitor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ada.post("/api/v1/statuses", status="see https://later.example/").json()
    assert "/links/warning" not in content(visitor, made["id"])
    db.write_now(
        lists.import_list, None, "phishing", text="later.example", form=Format.PLAIN, source="x"
    )
    now = clock.now() + 6_000
    monkeypatch.setattr(clock, "now", lambda: now)
    assert "/links/warning" in content(visitor, made["id"])


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("to", ["", "javascript:alert(1)", "//evil.example", "x" * 5_000])
def test_it_is_no_way_to_anywhere_else(visitor: Any, to: str) -> None:
    assert visitor.get("/links/warning", to=to).status_code == 404


@pytest.mark.usefixtures("listed")
def test_an_address_on_no_list_is_not_made_a_link(visitor: Any) -> None:
    page = visitor.get("/links/warning", to="https://other.example/<b>")
    assert page.status_code == 200
    assert 'href="https://other.example' not in page.text
    assert "&lt;b&gt;" in page.text


def test_domains_are_read_as_lists_write_them() -> None:
    assert domain_of("https://EVIL.example./x") == "evil.example"
    assert domain_of("https://bücher.example/") == "xn--bcher-kva.example"
    assert domain_of("https://[::1") == ""
    assert domain_of("ftp://evil.example") == ""
    html = '<p><a href="https://notevil.example/">x</a></p>'
    assert led_through(html, "https://here.example", {"evil.example"}) == html


def test_plan(db: Database) -> None:
    db.read_now(
        lambda tx: check_plan(
            tx, queries._LISTED, entries=["a.example"], domains="domains", sorted_by_index=False
        )
    )
