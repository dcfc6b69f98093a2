"""Keeping apart on the web: blocks, mutes, servers, and who is let in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from folkmoot.domain.accounts.actions import save_profile
from folkmoot.domain.accounts.queries import get_account
from folkmoot.kit.db import Database, Tx
from surfaces.web.browser import Browser
from surfaces.web.conftest import Counted


def tie(member: Any, other: Any) -> dict[str, Any]:
    found = member.get("/api/v1/accounts/relationships", **{"id[]": other.id}).json()
    return dict(found[0])


def test_blocking_asks_first_and_can_be_taken_back(
    at_home: Callable[..., Browser], ada: Any, bo: Any
) -> None:
    cy = at_home("cy")
    ada.post("/api/v1/statuses", status="Good morning")
    cy.open("/@ada")
    cy.submit("/@ada/follow")
    assert "/@ada/block" in cy.page.text
    cy.open("/@ada/block")
    assert "Block <bdi>ada</bdi>?" in cy.page.text
    cy.submit("/@ada/block")
    assert "They are blocked." in cy.page.text
    assert "Good morning" not in cy.page.text
    assert "/@ada/unblock" in cy.page.text
    assert "Good morning" not in cy.open("/home").text
    cy.open("/settings/blocks")
    assert 'href="/@ada"' in cy.page.text
    cy.submit("/@ada/unblock")
    assert cy.page.url.path == "/settings/blocks"
    assert "Nobody is blocked" in cy.page.text
    assert "Good morning" in cy.open("/@ada").text


def test_a_mute_lasts_as_long_as_was_chosen(
    at_home: Callable[..., Browser], ada: Any, db: Database
) -> None:
    cy = at_home("cy")
    cy.open("/@ada/mute")
    cy.submit("/@ada/mute", duration="86400")
    assert "You will not meet their posts" in cy.page.text
    assert "Muted" in cy.page.text
    cy.open("/settings/blocks/muted")
    assert "until" in cy.page.text
    cy.submit("/@ada/unmute")
    assert "Nobody is muted" in cy.page.text
    cy.open("/@ada/mute")
    cy.submit("/@ada/mute", duration="12")  # which the form does not offer: for good
    assert "until" not in cy.open("/settings/blocks/muted").text.split("</main>")[0]


def test_nobody_parts_from_themselves(at_home: Callable[..., Browser]) -> None:
    cy = at_home("cy")
    for act in ("block", "mute"):
        assert cy.open(f"/@cy/{act}").status_code == 403
        assert f"/@cy/{act}" not in cy.open("/@cy").text


def test_a_server_is_blocked_by_its_address(at_home: Callable[..., Browser]) -> None:
    cy = at_home("cy")
    cy.open("/settings/blocks/servers")
    cy.submit("/settings/blocks/servers", domain="no server")
    assert cy.page.status_code == 422
    assert 'value="no server"' in cy.page.text
    assert "not a valid domain name" in cy.page.text
    cy.submit("/settings/blocks/servers", domain="Spam.Example")
    assert "<strong>spam.example</strong>" in cy.page.text
    cy.submit("/settings/blocks/servers/remove")
    assert "No server is blocked" in cy.page.text


def test_what_is_received_of_somebody_is_chosen_on_their_page(
    at_home: Callable[..., Browser], ada: Any
) -> None:
    cy = at_home("cy")
    cy.open("/@ada")
    cy.submit("/@ada/follow")
    for act, opposite in (("hide-boosts", "show-boosts"), ("notify", "unnotify")):
        cy.open("/@ada")
        cy.submit(f"/@ada/{act}")
        assert f"/@ada/{opposite}" in cy.page.text
        cy.submit(f"/@ada/{opposite}")
        assert f"/@ada/{act}" in cy.page.text


def test_what_is_received_of_a_stranger_cannot_be_chosen(
    at_home: Callable[..., Browser], ada: Any
) -> None:
    cy = at_home("cy")
    token = cy.form("/compose")["fields"]["csrf"]
    assert cy.post("/@ada/notify", csrf=token).status_code == 303
    assert "/@ada/follow" in cy.open("/@ada").text


def test_who_asks_to_follow_is_let_in_or_turned_away(
    at_home: Callable[..., Browser], ada: Any, bo: Any, db: Database
) -> None:
    cy = at_home("cy")
    assert "Nobody has to ask" in cy.open("/follow-requests").text

    def lock(tx: Tx) -> int:
        from folkmoot.domain.accounts.queries import find_account_by_name

        found = find_account_by_name(tx, "cy")
        assert found
        save_profile(tx, get_account(tx, found.id), locked=True)
        return found.id

    number = db.write_now(lock)
    assert "Nobody is waiting" in cy.open("/follow-requests").text
    for member in (ada, bo):
        member.post(f"/api/v1/accounts/{number}/follow")
    cy.open("/follow-requests")
    cy.submit("/@ada/accept")
    assert cy.page.url.path == "/follow-requests"
    assert "They follow you now." in cy.page.text
    cy.submit("/@bo/reject")
    assert "Nobody is waiting" in cy.page.text
    followers = ada.get(f"/api/v1/accounts/{number}/followers").json()
    assert [one["acct"] for one in followers] == ["ada"]


def test_long_lists_cost_no_more_questions(
    at_home: Callable[..., Browser], join: Any, counted: Counted, db: Database
) -> None:
    cy = at_home("cy")
    token = cy.form("/compose")["fields"]["csrf"]

    def part(*names: str) -> None:
        for name in names:
            join(name)
            assert cy.post(f"/@{name}/block", csrf=token).status_code == 303
            assert cy.post(f"/@{name}/mute", csrf=token).status_code == 303

    part("kite")
    few = [counted(cy, path) for path in ("/settings/blocks", "/settings/blocks/muted")]
    part("heron", "plover", "dunlin")
    many = [counted(cy, path) for path in ("/settings/blocks", "/settings/blocks/muted")]
    assert few == many
