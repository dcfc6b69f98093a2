"""Lists, filters and conversations on the web."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from acts import post
from surfaces.web.browser import Browser
from surfaces.web.conftest import Counted


def made_list(browser: Browser, title: str = "Harbour") -> str:
    browser.open("/lists")
    browser.submit("/lists", title=title)
    found = re.fullmatch(r"/lists/(\d+)/edit", browser.page.url.path)
    assert found, browser.page.text
    return f"/lists/{found[1]}"


def test_a_list_is_made_filled_read_and_deleted(at_home: Callable[..., Browser], ada: Any) -> None:
    cy = at_home("cy")
    here = made_list(cy)
    cy.submit(f"{here}/members", member="@ada")
    assert cy.page.status_code == 404
    assert "You must be following" in cy.page.text
    cy.open("/@ada")
    cy.submit("/@ada/follow")
    cy.open(f"{here}/edit")
    cy.submit(f"{here}/members", member="@ada")
    assert cy.page.status_code == 200
    post(ada, "The tide is out")
    assert "The tide is out" in cy.open(here).text
    cy.open(f"{here}/edit")
    cy.submit(f"{here}/edit", title="The harbour", replies="none", exclusive="1")
    assert "The harbour" in cy.page.text
    post(ada, "Only on the list")
    assert "Only on the list" in cy.open(here).text
    assert "Only on the list" not in cy.open("/home").text
    assert "Not in home" in cy.open("/lists").text
    cy.open(f"{here}/edit")
    cy.submit(f"{here}/members/remove")
    assert "Nobody yet." in cy.page.text
    cy.submit(f"{here}/delete")
    assert "No lists yet" in cy.page.text
    assert cy.open(here).status_code == 404


def test_a_list_without_a_name_is_asked_for_one(at_home: Callable[..., Browser]) -> None:
    cy = at_home("cy")
    cy.open("/lists")
    cy.submit("/lists", title=" ")
    assert cy.page.status_code == 422
    assert "blank" in cy.page.text
    here = made_list(cy)
    cy.submit(f"{here}/edit", title="", replies="list")
    assert cy.page.status_code == 422
    cy.submit(f"{here}/members", member="@nobody")
    assert "There is nobody of that name" in cy.page.text
    assert 'value="@nobody"' in cy.page.text


def test_lists_are_chosen_from_a_persons_page(at_home: Callable[..., Browser], ada: Any) -> None:
    cy = at_home("cy")
    assert "You have no lists yet" in cy.open("/@ada/lists").text
    here, other = made_list(cy), made_list(cy, "Other")
    cy.open("/@ada")
    cy.submit("/@ada/follow")
    cy.open("/@ada/lists")
    cy.submit("/@ada/lists", list=[here.rpartition("/")[2]])
    assert 'href="/@ada"' in cy.open(f"{here}/edit").text
    assert 'href="/@ada"' not in cy.open(f"{other}/edit").text
    cy.open("/@ada/lists")
    cy.submit("/@ada/lists", list=[other.rpartition("/")[2]])
    assert 'href="/@ada"' not in cy.open(f"{here}/edit").text
    assert 'href="/@ada"' in cy.open(f"{other}/edit").text


def test_lists_of_others_are_not_there(at_home: Callable[..., Browser]) -> None:
    here = made_list(at_home("cy"))
    di = at_home("di")
    token = di.form("/compose")["fields"]["csrf"]
    assert di.open(here).status_code == 404
    assert di.open(f"{here}/edit").status_code == 404
    assert di.post(f"{here}/delete", csrf=token).status_code == 404


def test_a_filter_covers_hides_and_ends(at_home: Callable[..., Browser], ada: Any) -> None:
    cy = at_home("cy")
    cy.open("/@ada")
    cy.submit("/@ada/follow")
    post(ada, "Here comes a Spoiler")
    assert "Here comes a Spoiler" in cy.open("/home").text
    cy.open("/settings/filters/new")
    cy.submit("/settings/filters/new", title="The film", word_1="spoiler", action="warn")
    assert "The film" in cy.page.text
    assert "Filtered: The film" in cy.open("/home").text
    cy.open("/settings/filters")
    (number,) = re.findall(r"/settings/filters/(\d+)/delete", cy.page.text)
    here = f"/settings/filters/{number}"
    cy.open(here)
    assert 'value="spoiler"' in cy.page.text
    cy.submit(here, action="hide", word_2="finale")
    assert "Here comes a Spoiler" not in cy.open("/home").text
    cy.open(here)
    cy.submit(here, word_1="")  # taken out: only the other word is left
    assert "Here comes a Spoiler" in cy.open("/home").text
    assert "finale" in cy.open("/settings/filters").text
    cy.submit(f"{here}/delete")
    assert "No filters" in cy.page.text


def test_a_filter_may_cover_only_pictures(
    at_home: Callable[..., Browser], ada: Any, sample_png: bytes
) -> None:
    made = ada.request("POST", "/api/v2/media", files={"file": ("a.png", sample_png, "image/png")})
    post(ada, "A spider", media_ids=[made.json()["id"]])
    cy = at_home("cy")
    cy.open("/settings/filters/new")
    cy.submit(
        "/settings/filters/new", title="Spiders", word_1="spider", action="blur", in_account="1"
    )
    cy.open("/@ada")
    assert "Filtered" not in cy.page.text
    assert "A spider" in cy.page.text
    assert "marked sensitive" in cy.page.text


def test_a_filter_that_cannot_be_says_why_and_keeps_what_was_typed(
    at_home: Callable[..., Browser],
) -> None:
    cy = at_home("cy")
    cy.open("/settings/filters/new")
    cy.submit("/settings/filters/new", title="", word_1="spoiler", action="warn")
    assert cy.page.status_code == 422
    assert "blank" in cy.page.text
    assert 'value="spoiler"' in cy.page.text
    cy.submit("/settings/filters/new", title="x", action="shout")
    assert cy.page.status_code == 422
    assert cy.open("/settings/filters/12").status_code == 404


def test_conversations_are_read_and_removed(at_home: Callable[..., Browser], ada: Any) -> None:
    cy = at_home("cy")
    assert "No messages yet" in cy.open("/messages").text
    cy.open("/@ada")
    cy.submit("/@ada/follow")
    number = post(ada, "@cy Just between us", visibility="direct")
    cy.open("/messages")
    assert "Just between us" in cy.page.text
    assert '<span class="label label-good">New</span>' in cy.page.text
    (talk,) = set(re.findall(r'href="(/messages/\d+)"', cy.page.text))
    assert cy.open(talk).url.path == f"/@ada/{number}"
    assert '<span class="label label-good">New</span>' not in cy.open("/messages").text
    cy.submit(f"{talk}/remove")
    assert "No messages yet" in cy.page.text
    assert cy.open(f"/@ada/{number}").status_code == 200
    assert at_home("di").open(talk).status_code == 404


def test_long_lists_cost_no_more_questions(
    at_home: Callable[..., Browser], ada: Any, bo: Any, counted: Counted
) -> None:
    cy = at_home("cy")
    here = made_list(cy)
    cy.open("/settings/filters/new")
    cy.submit("/settings/filters/new", title="One", word_1="one", action="warn")
    for number, member in enumerate((ada, bo)):
        cy.open(f"/@{member.account.username}")
        cy.submit(f"/@{member.account.username}/follow")
        cy.open(f"{here}/edit")
        cy.submit(f"{here}/members", member=f"@{member.account.username}")
        post(member, f"@cy {number}", visibility="direct")
        post(member, f"Number {number}")
        paths = (here, f"{here}/edit", "/messages", "/lists", "/settings/filters")
        asked = [counted(cy, path) for path in paths]
        if number == 0:
            before = asked
            made_list(cy, "Another")
            cy.open("/settings/filters/new")
            cy.submit("/settings/filters/new", title="Two", word_1="two", action="warn")
    assert asked == before
