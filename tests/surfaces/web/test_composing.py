"""Writing on the web: pictures, polls, quotes, times to come, changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from acts import post
from folkmoot.kit import clock
from folkmoot.surfaces.web.forms import MomentInvalid, read_moment, write_moment
from surfaces.web.browser import Browser
from surfaces.web.conftest import Counted


def number_of(browser: Browser) -> str:
    return str(browser.page.url.path.rsplit("/", 1)[1])


def test_pictures_come_with_their_words(
    at_home: Callable[..., Browser], ada: Any, sample_png: bytes
) -> None:
    cy = at_home("cy")
    cy.open("/compose")
    files = {"file_1": ("a.png", sample_png, "image/png"), "file_2": ("b.png", sample_png)}
    cy.submit("/compose", text="", alt_1="An orange field", sensitive="1", files=files)
    assert "Your post is out." in cy.page.text
    shown = ada.get(f"/api/v1/statuses/{number_of(cy)}").json()
    assert [one["description"] for one in shown["media_attachments"]] == ["An orange field", None]
    assert shown["sensitive"] is True


def test_what_is_no_picture_is_refused_and_the_rest_is_kept(
    at_home: Callable[..., Browser], ada: Any, sample_png: bytes
) -> None:
    cy = at_home("cy")
    cy.open("/compose")
    files = {"file_1": ("a.png", sample_png, "image/png"), "file_2": ("b.txt", b"words")}
    cy.submit("/compose", text="Two files", alt_1="A field", files=files)
    assert cy.page.status_code == 422
    assert "Two files" in cy.page.text
    (kept,) = re.findall(r'name="media" value="(\d+)"', cy.page.text)
    cy.submit("/compose", **{f"alt_of_{kept}": "A better word"})
    assert "Your post is out." in cy.page.text
    (media,) = ada.get(f"/api/v1/statuses/{number_of(cy)}").json()["media_attachments"]
    assert (media["id"], media["description"]) == (kept, "A better word")


def test_a_picture_can_be_taken_off_again(
    at_home: Callable[..., Browser], ada: Any, sample_png: bytes
) -> None:
    cy = at_home("cy")
    cy.open("/compose")
    long = "word " * 200
    cy.submit("/compose", text=long, files={"file_1": ("a.png", sample_png, "image/png")})
    assert cy.page.status_code == 422
    (kept,) = re.findall(r'name="media" value="(\d+)"', cy.page.text)
    cy.submit("/compose", text="Short", take_off=kept)
    shown = ada.get(f"/api/v1/statuses/{number_of(cy)}").json()
    assert shown["media_attachments"] == []


def test_pictures_of_others_cannot_be_posted(
    at_home: Callable[..., Browser], ada: Any, sample_png: bytes
) -> None:
    made = ada.request("POST", "/api/v2/media", files={"file": ("a.png", sample_png, "image/png")})
    cy = at_home("cy")
    cy.open("/compose")
    cy.submit("/compose", text="Mine?", media=made.json()["id"])
    assert cy.page.status_code in (404, 422)
    assert "Your post is out." not in cy.page.text


def test_a_poll_is_asked(at_home: Callable[..., Browser], ada: Any) -> None:
    cy = at_home("cy")
    cy.open("/compose")
    cy.submit("/compose", text="Tea?", option_1="Yes", option_2="No", lasts="3600", multiple="1")
    poll = ada.get(f"/api/v1/statuses/{number_of(cy)}").json()["poll"]
    assert [one["title"] for one in poll["options"]] == ["Yes", "No"]
    assert poll["multiple"] is True
    cy.open("/compose")
    cy.submit("/compose", text="Tea?", option_1="Yes", lasts="3600")
    assert cy.page.status_code == 422
    assert "at least two options" in cy.page.text
    assert 'value="Yes"' in cy.page.text


def test_a_post_is_quoted_where_its_author_allows(
    at_home: Callable[..., Browser], ada: Any
) -> None:
    open_to_all = post(ada, "Quote me")
    closed = post(ada, "Quote me not", quote_approval_policy="nobody")
    cy = at_home("cy")
    assert f"/compose?quote={open_to_all}" in cy.open(f"/@ada/{open_to_all}").text
    assert f"/compose?quote={closed}" not in cy.open(f"/@ada/{closed}").text
    cy.open(f"/compose?quote={open_to_all}")
    assert "Quote me" in cy.page.text
    cy.submit("/compose", text="Well said")
    shown = ada.get(f"/api/v1/statuses/{number_of(cy)}").json()
    assert shown["quote"]["quoted_status"]["id"] == open_to_all
    assert 'name="quote"' not in cy.open(f"/compose?quote={closed}").text
    cy.submit("/compose", text="Still", quote=closed)
    assert cy.page.status_code == 403
    assert "Still" in cy.page.text


def test_the_address_says_whom_a_post_is_to(at_home: Callable[..., Browser]) -> None:
    cy = at_home("cy")
    cy.open("/compose?to=ada&visibility=direct&text=hello")
    fields = cy.form("/compose")["fields"]
    assert (fields["text"], fields["visibility"]) == ("@ada hello", "direct")


def test_a_post_waits_for_its_time_and_can_be_moved_and_cancelled(
    at_home: Callable[..., Browser],
) -> None:
    cy = at_home("cy")
    assert "Nothing is waiting" in cy.open("/scheduled").text
    later = clock.now() + 3 * clock.DAY
    cy.open("/compose")
    cy.submit("/compose", text="In three days", at=write_moment(later), at_offset="0")
    assert cy.page.url.path == "/scheduled"
    assert "In three days" in cy.page.text
    (move,) = re.findall(r"/scheduled/\d+/move", cy.page.text)
    cy.submit(move, at=write_moment(later + clock.DAY), at_offset="0")
    assert "It will be published at the new time." in cy.page.text
    assert write_moment(later + clock.DAY) in cy.page.text
    cy.submit(move, at=write_moment(clock.now()), at_offset="0")
    assert cy.page.status_code == 422
    assert "at least five minutes from now" in cy.page.text
    cy.submit(move, at="soon")
    assert cy.page.status_code == 422
    assert "This is no date and time." in cy.page.text
    cy.open("/scheduled")
    cy.submit(move.replace("move", "cancel"))
    assert "Nothing is waiting" in cy.page.text


def test_a_time_too_soon_is_refused_with_the_draft_kept(at_home: Callable[..., Browser]) -> None:
    cy = at_home("cy")
    cy.open("/compose")
    soon = clock.now() + clock.MINUTE
    # Two hours east of UTC: what was typed is shown again as the same moment, in UTC.
    local = write_moment(soon + 2 * clock.HOUR)
    cy.submit("/compose", text="Soon", at=local, at_offset="-120")
    assert cy.page.status_code == 422
    assert "Choose a time at least five minutes from now." in cy.page.text
    assert cy.form("/compose")["fields"]["at"] == write_moment(soon)
    assert cy.form("/compose")["fields"]["text"] == "Soon"


@pytest.mark.parametrize(
    ("text", "offset", "moment"),
    [
        ("2030-01-01T10:00", "0", "2030-01-01T10:00"),
        ("2030-01-01T10:00", "-480", "2030-01-01T02:00"),
        ("2030-01-01T10:00", "x", "2030-01-01T10:00"),
        ("2030-06-30T23:59:59", "300", "2030-07-01T04:59"),
    ],
)
def test_a_moment_is_read_with_the_readers_offset(text: str, offset: str, moment: str) -> None:
    assert write_moment(read_moment(text, offset, field="at")) == moment


@pytest.mark.parametrize("text", ["", "tomorrow", "9999-12-31T23:59", "0001-01-01T00:00", "2030"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(MomentInvalid):
        read_moment(text, "999" if text.startswith("9") else "-999", field="at")


def test_a_post_is_changed_and_its_history_kept(
    at_home: Callable[..., Browser], ada: Any, sample_png: bytes
) -> None:
    cy = at_home("cy")
    cy.open("/compose")
    cy.submit("/compose", text="Teh tide", files={"file_1": ("a.png", sample_png, "image/png")})
    number = number_of(cy)
    cy.open(f"/posts/{number}/edit")
    assert 'name="visibility"' not in cy.page.text
    (kept,) = re.findall(r'name="media" value="(\d+)"', cy.page.text)
    cy.submit(f"/posts/{number}/edit", text="The tide", **{f"alt_of_{kept}": "Low water"})
    assert "Your post is changed." in cy.page.text
    shown = ada.get(f"/api/v1/statuses/{number}").json()
    assert shown["edited_at"]
    assert [one["description"] for one in shown["media_attachments"]] == ["Low water"]
    assert "Teh tide" in cy.open(f"/@cy/{number}/history").text
    cy.open(f"/posts/{number}/edit")
    cy.submit(f"/posts/{number}/edit", text="", take_off=kept)
    assert cy.page.status_code == 422


def test_changing_a_post_leaves_its_poll_alone(at_home: Callable[..., Browser], ada: Any) -> None:
    cy = at_home("cy")
    cy.open("/compose")
    cy.submit("/compose", text="Tea?", option_1="Yes", option_2="No", lasts="3600")
    number = number_of(cy)
    poll = ada.get(f"/api/v1/statuses/{number}").json()["poll"]
    ada.post(f"/api/v1/polls/{poll['id']}/votes", choices=[1])
    cy.open(f"/posts/{number}/edit")
    cy.submit(f"/posts/{number}/edit", text="Tea or not?")
    after = ada.get(f"/api/v1/statuses/{number}").json()
    assert "Tea or not?" in after["content"]
    assert (after["poll"]["votes_count"], after["poll"]["expires_at"]) == (1, poll["expires_at"])


def test_only_the_author_changes_a_post(at_home: Callable[..., Browser], ada: Any) -> None:
    number = post(ada, "Mine")
    cy = at_home("cy")
    token = cy.form("/compose")["fields"]["csrf"]
    assert cy.open(f"/posts/{number}/edit").status_code == 404
    assert cy.post(f"/posts/{number}/edit", text="Yours", csrf=token).status_code == 404
    assert "Mine" in ada.get(f"/api/v1/statuses/{number}").json()["content"]


def test_pinning_and_muting_a_thread(at_home: Callable[..., Browser], ada: Any) -> None:
    cy = at_home("cy")
    cy.open("/home")
    cy.submit("/compose", text="Read this first")
    number = number_of(cy)
    for act, opposite in (("pin", "unpin"), ("mute-thread", "unmute-thread")):
        cy.submit(f"/posts/{number}/{act}")
        assert f"/posts/{number}/{opposite}" in cy.page.text
        if act == "pin":
            assert "Pinned" in cy.open("/@cy").text
            cy.open(f"/@cy/{number}")
        cy.submit(f"/posts/{number}/{opposite}")
        assert f'"/posts/{number}/{act}"' in cy.page.text
    other = post(ada, "Not yours to pin")
    token = cy.form("/compose")["fields"]["csrf"]
    assert cy.post(f"/posts/{other}/pin", csrf=token).status_code == 422


def test_what_waits_costs_no_more_questions(
    at_home: Callable[..., Browser], counted: Counted
) -> None:
    cy = at_home("cy")
    asked = []
    for days in (3, 4, 5):
        cy.open("/compose")
        at = write_moment(clock.now() + days * clock.DAY)
        cy.submit("/compose", text=f"Day {days}", at=at, at_offset="0")
        asked.append(counted(cy, "/scheduled"))
    assert len(set(asked)) == 1
