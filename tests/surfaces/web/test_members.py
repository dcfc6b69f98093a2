"""What members do on the web: say something, act on posts, follow people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from folkmoot.domain.accounts.actions import save_profile
from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.domain.reading.queries import list_stamps
from folkmoot.kit.db import Database
from surfaces.web.browser import Browser
from surfaces.web.conftest import PASSWORD


def test_a_post_is_written_and_answered(at_home: Callable[..., Browser], visitor: Any) -> None:
    ada, bo = at_home("ada"), at_home("bo")
    ada.open("/home")
    ada.submit("/compose", text="Who has a ladder?", visibility="public", language="en")
    assert "Your post is out." in ada.page.text
    address = ada.page.url.path
    assert "Who has a ladder?" in visitor.get(address).text
    bo.open(address)
    bo.submit("/compose", text="@ada I have one.")
    assert "I have one." in bo.page.text
    assert ada.open(address).status_code == 200
    assert '<span class="visually-hidden">Reply</span><span>1</span>' in ada.page.text


def test_a_post_that_cannot_be_published_is_not_lost(at_home: Callable[..., Browser]) -> None:
    ada = at_home("ada")
    ada.open("/home")
    ada.submit("/compose", text="word " * 200, warning="Long")
    assert ada.page.status_code == 422
    assert "word word" in ada.page.text
    assert 'value="Long"' in ada.page.text


def test_boosting_favouriting_and_bookmarking(at_home: Callable[..., Browser], ada: Any) -> None:
    made = ada.post("/api/v1/statuses", status="Good news").json()
    bo = at_home("bo")
    here = f"/@ada/{made['id']}"
    for act in ("boost", "favourite", "bookmark"):
        bo.open(here)
        bo.submit(f"/posts/{made['id']}/{act}")
        assert bo.page.url.path == here
        assert f"/posts/{made['id']}/un{act}" in bo.page.text
    seen = ada.get(f"/api/v1/statuses/{made['id']}").json()
    assert (seen["reblogs_count"], seen["favourites_count"]) == (1, 1)
    bo.submit(f"/posts/{made['id']}/unfavourite")
    assert ada.get(f"/api/v1/statuses/{made['id']}").json()["favourites_count"] == 0


def test_a_script_is_told_what_changed(at_home: Callable[..., Browser], ada: Any) -> None:
    made = ada.post("/api/v1/statuses", status="Good news").json()
    bo = at_home("bo")
    bo.open(f"/@ada/{made['id']}")
    told = bo.submit(
        f"/posts/{made['id']}/favourite", follow=False, headers={"Accept": "application/json"}
    ).json()
    assert told == {"on": True, "undo": f"/posts/{made['id']}/unfavourite", "count": 1}


def test_after_an_act_one_is_where_one_was_and_nowhere_else(
    at_home: Callable[..., Browser], ada: Any
) -> None:
    made = ada.post("/api/v1/statuses", status="Good news").json()
    bo = at_home("bo")
    for referrer, there in (
        ("http://127.0.0.1:8080/@ada", "/@ada"),
        ("http://127.0.0.1:8080//evil.example", f"/@ada/{made['id']}"),
        ("https://evil.example/", f"/@ada/{made['id']}"),
    ):
        bo.open(f"/@ada/{made['id']}")
        act = "unfavourite" if "unfavourite" in bo.page.text else "favourite"
        answer = bo.submit(
            f"/posts/{made['id']}/{act}", follow=False, headers={"Referer": referrer}
        )
        assert answer.headers["location"] == there


def test_what_one_may_not_see_cannot_be_acted_on(at_home: Callable[..., Browser], ada: Any) -> None:
    made = ada.post("/api/v1/statuses", status="Secret", visibility="direct").json()
    bo = at_home("bo")
    token = bo.form("/compose")["fields"]["csrf"]
    for act in ("boost", "favourite", "bookmark", "vote", "delete"):
        refused = bo.post(f"/posts/{made['id']}/{act}", csrf=token)
        assert refused.status_code == 404, act
        assert "Secret" not in refused.text


def test_only_the_author_deletes(at_home: Callable[..., Browser]) -> None:
    ada, bo = at_home("ada"), at_home("bo")
    ada.submit("/compose", text="Never mind.")
    address = ada.page.url.path
    number = address.rsplit("/", 1)[1]
    assert bo.open(f"/posts/{number}/delete").status_code == 404
    token = bo.open("/home") and bo.form("/compose")["fields"]["csrf"]
    assert bo.post(f"/posts/{number}/delete", csrf=token).status_code == 404
    ada.open(f"/posts/{number}/delete")
    assert "Never mind." in ada.page.text
    ada.submit(f"/posts/{number}/delete")
    assert "The post is deleted." in ada.page.text
    assert bo.open(address).status_code == 404


def test_following_and_stopping(at_home: Callable[..., Browser], ada: Any) -> None:
    bo = at_home("bo")
    bo.open("/@ada")
    bo.submit("/@ada/follow")
    assert "You follow them now." in bo.page.text
    ada.post("/api/v1/statuses", status="For those who follow")
    assert "For those who follow" in bo.open("/home").text
    bo.open("/@ada/followers")
    assert 'href="/@bo"' in bo.page.text
    bo.open("/@ada")
    bo.submit("/@ada/unfollow")
    assert "You no longer follow them." in bo.page.text


def test_one_cannot_follow_oneself(at_home: Callable[..., Browser]) -> None:
    ada = at_home("ada")
    assert 'action="/@ada/follow"' not in ada.open("/@ada").text
    token = ada.open("/home") and ada.form("/compose")["fields"]["csrf"]
    assert ada.post("/@ada/follow", csrf=token).status_code == 403


def test_voting_in_a_poll(at_home: Callable[..., Browser], ada: Any, bo: Any, db: Database) -> None:
    poll = {"options": ["Yes", "Later"], "expires_in": 3_600}
    made = ada.post("/api/v1/statuses", status="Tea?", poll=poll).json()
    number = int(made["id"])
    before = db.read_now(list_stamps, 0, [number])[number].rev
    cy = at_home("cy")
    cy.open(f"/@ada/{number}")
    cy.submit(f"/posts/{number}/vote", choice="1")
    assert "Your vote is counted." in cy.page.text
    assert "data-leading" in cy.page.text
    assert 'aria-label="your vote"' in cy.page.text
    seen = ada.get(f"/api/v1/statuses/{number}").json()["poll"]
    assert [option["votes_count"] for option in seen["options"]] == [0, 1]
    # Open streams and kept presentations learn of it by the post's revision.
    assert db.read_now(list_stamps, 0, [number])[number].rev > before


def test_alerts_tell_who_did_what(at_home: Callable[..., Browser], ada: Any, bo: Any) -> None:
    cy = at_home("cy")
    cy.open("/home")
    cy.submit("/compose", text="Something worth a star")
    number = cy.page.url.path.rsplit("/", 1)[1]
    for member in (ada, bo):
        member.post(f"/api/v1/statuses/{number}/favourite")
    ada.post("/api/v1/statuses", status="@cy well said")
    assert '2<span class="visually-hidden"> unread' in cy.open("/home").text
    page = cy.open("/alerts").text
    assert "unread" not in cy.open("/home").text
    assert "and 1 other favourited your post" in page
    assert "mentioned you" in page
    assert "well said" in page


def test_who_asks_to_follow_is_let_in(at_home: Callable[..., Browser], db: Any) -> None:
    cy, dee = at_home("cy"), at_home("dee")
    account = db.read_now(find_account_by_name, "cy")
    db.write_now(save_profile, account, locked=True)
    dee.open("/@cy")
    dee.submit("/@cy/follow")
    assert "Your request to follow is on its way." in dee.page.text
    assert "asks to follow you" in cy.open("/alerts").text
    cy.submit("/@dee/accept")
    assert "They follow you now." in cy.page.text
    assert "1</b> follower" in dee.open("/@cy").text


def test_posts_start_out_as_the_member_prefers(at_home: Callable[..., Browser]) -> None:
    ada = at_home("ada")
    ada.open("/settings/preferences")
    ada.submit("/settings/preferences", visibility="direct", language="xx", quote_policy="x")
    assert ada.page.status_code == 422
    ada.submit("/settings/preferences", visibility="unlisted", language="zh", quote_policy="nobody")
    assert "Saved." in ada.page.text
    fields = ada.form("/settings/preferences")["fields"]
    assert (fields["visibility"], fields["language"]) == ("unlisted", "zh")
    ada.open("/home")
    draft = ada.form("/compose")["fields"]
    assert (draft["visibility"], draft["language"]) == ("unlisted", "zh")


def test_a_followed_tag_comes_home(at_home: Callable[..., Browser], ada: Any) -> None:
    cy = at_home("cy")
    cy.open("/tags/boats")
    cy.submit("/tags/boats/follow")
    assert "come to your home" in cy.page.text
    ada.post("/api/v1/statuses", status="New #boats in the harbour")
    assert "in the harbour" in cy.open("/home").text
    cy.open("/tags/boats")
    cy.submit("/tags/boats/follow")
    assert "no longer follow this tag" in cy.page.text


def test_searching_for_people_posts_and_tags(
    at_home: Callable[..., Browser], ada: Any, visitor: Any
) -> None:
    cy = at_home("cy")
    cy.open("/home")
    cy.submit("/compose", text="Ein Dampfschiff, 蒸汽船 und #Dampf")
    assert "Ein Dampfschiff" in cy.open("/search?q=蒸汽船").text
    assert 'href="/tags/dampf"' in cy.open("/search?q=dampf").text
    assert 'href="/@ada"' in cy.open("/search?q=@ada").text
    assert "Nothing found" in cy.open("/search?q=zeppelin").text
    assert cy.open("/search?q=http://127.0.0.1:8080/@ada").url.path == "/@ada"
    assert cy.open("/search").status_code == 200
    seen = visitor.get("/search", q="蒸汽船").text
    assert "Ein Dampfschiff" not in seen
    assert "to search posts as well" in seen
    assert "<script>" not in visitor.get("/search", q='"><script>x').text


def test_a_profile_is_changed(
    at_home: Callable[..., Browser], visitor: Any, sample_png: bytes
) -> None:
    ada = at_home("ada")
    ada.open("/settings/profile")
    ada.submit("/settings/profile", display_name="x" * 500, bio="Kept")
    assert ada.page.status_code == 422
    assert "too long" in ada.page.text
    assert ">\nKept</textarea>" in ada.page.text
    ada.submit(
        "/settings/profile",
        display_name="Ada Lindqvist",
        bio="I mend #boats",
        field_name_1="Home",
        field_value_1="https://ada.example/",
        indexable="1",
        files={"avatar": ("me.png", sample_png, "image/png"), "header": ("", b"", "")},
    )
    assert "Saved." in ada.page.text
    page = visitor.get("/@ada").text
    assert "Ada Lindqvist" in page
    assert 'href="http://127.0.0.1:8080/tags/boats"' in page
    assert "https://ada.example/" in page
    assert "/pictures/avatar-" not in page[page.index('class="profile"') : page.index("tallies")]
    ada.submit("/settings/profile", remove_avatar="1")
    assert "/pictures/avatar-" in visitor.get("/@ada").text


def test_a_picture_that_is_none_is_refused(at_home: Callable[..., Browser]) -> None:
    ada = at_home("ada")
    ada.open("/settings/profile")
    ada.submit("/settings/profile", bio="Kept", files={"avatar": ("me.png", b"no", "image/png")})
    assert ada.page.status_code == 422
    assert "Kept" in ada.page.text


def test_moving_from_one_account_to_another(at_home: Callable[..., Browser], visitor: Any) -> None:
    old, new = at_home("old"), at_home("new")
    old.open("/settings/account")
    old.submit("/settings/account/move", target="new", current=PASSWORD)
    assert "must name this one as its alias first" in old.page.text
    new.open("/settings/account")
    new.submit("/settings/account/aliases", alias="@nobody")
    assert "There is no account of that address" in new.page.text
    new.submit("/settings/account/aliases", alias="@old")
    assert "@old@127.0.0.1:8080" in new.page.text
    old.submit("/settings/account/move", target="new", current="wrong")
    assert "not your present password" in old.page.text
    old.submit("/settings/account/move", target="new", current=PASSWORD)
    assert "You have moved to" in old.page.text
    assert "Has moved to" in visitor.get("/@old").text
    old.submit("/settings/account/stay")
    assert "Has moved to" not in visitor.get("/@old").text
    new.open("/settings/account")
    new.submit("/settings/account/aliases/remove")
    assert "@old@" not in new.page.text
