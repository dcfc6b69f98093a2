"""Pages as they are served: headers, caching, static files, the way errors look."""

from __future__ import annotations

import re
from typing import Any

import pytest

from folkmoot.surfaces.web import cookies
from folkmoot.surfaces.web.assets import bundle
from folkmoot.surfaces.web.visits import is_local


def test_the_front_page_shows_what_is_public(ada: Any, visitor: Any) -> None:
    made = ada.post("/api/v1/statuses", status="Hello #World, 你好").json()
    ada.post("/api/v1/statuses", status="Just for followers", visibility="private")
    page = visitor.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "你好" in page.text
    assert f'href="/@ada/{made["id"]}"' in page.text
    assert "Just for followers" not in page.text


def test_every_page_says_what_browsers_may_load(visitor: Any) -> None:
    for path in ("/", "/about", "/nobody-here", "/@nobody"):
        policy = visitor.get(path).headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


def test_a_page_that_did_not_change_is_not_sent_again(ada: Any, visitor: Any) -> None:
    first = visitor.get("/@ada")
    assert "max-age" in first.headers["cache-control"]
    assert "set-cookie" not in first.headers
    again = visitor.request("GET", "/@ada", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    ada.post("/api/v1/statuses", status="News")
    changed = visitor.request("GET", "/@ada", headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200


def test_a_profile_and_a_post_have_their_addresses(ada: Any, visitor: Any) -> None:
    made = ada.post("/api/v1/statuses", status="A post with an address").json()
    profile = visitor.get("/@ada")
    assert '<meta property="og:type" content="profile">' in profile.text
    post = visitor.get(f"/@ada/{made['id']}")
    assert post.status_code == 200
    assert "A post with an address" in post.text
    assert f'<link rel="canonical" href="{made["url"]}">' in post.text


def test_a_post_under_another_name_leads_to_its_own(ada: Any, bo: Any, visitor: Any) -> None:
    made = ada.post("/api/v1/statuses", status="Mine").json()
    moved = visitor.get(f"/@bo/{made['id']}")
    assert moved.status_code == 303
    assert moved.headers["location"] == f"/@ada/{made['id']}"


def test_what_one_may_not_see_does_not_exist(ada: Any, visitor: Any) -> None:
    made = ada.post("/api/v1/statuses", status="Secret", visibility="private").json()
    hidden = visitor.get(f"/@ada/{made['id']}")
    assert hidden.status_code == 404
    assert "Secret" not in hidden.text
    for path in (
        "/@nobody",
        "/@ada/nothing",
        "/nothing",
        "/@ada/123",
        "/@ada/99999999999999999999",
    ):
        missing = visitor.get(path)
        assert missing.status_code == 404, path
        assert "<h1>" in missing.text


def test_a_profile_sorts_posts_into_tabs(ada: Any, bo: Any, visitor: Any) -> None:
    first = ada.post("/api/v1/statuses", status="My own words").json()
    other = bo.post("/api/v1/statuses", status="A question").json()
    ada.post("/api/v1/statuses", status="@bo An answer", in_reply_to_id=other["id"])
    posts = visitor.get("/@ada").text
    assert "My own words" in posts
    assert "An answer" not in posts
    replies = visitor.get("/@ada/with_replies").text
    assert "An answer" in replies
    assert "My own words" in replies
    assert "Nothing here yet" in visitor.get("/@ada/media").text
    assert first["id"] in posts


def test_a_tag_has_a_page_in_any_spelling(ada: Any, visitor: Any) -> None:
    ada.post("/api/v1/statuses", status="Mending #SmallBoats and #修船")
    for name in ("SmallBoats", "smallboats", "修船"):
        page = visitor.get(f"/tags/{name}")
        assert page.status_code == 200
        assert "Mending" in page.text
    assert "1 post in the past week" in visitor.get("/tags/smallboats").text
    assert "Nothing under this tag" in visitor.get("/tags/unheard").text
    assert visitor.get("/tags/not%20a%20tag").status_code == 404
    assert "Mending" in visitor.get("/@ada/tagged/smallboats").text
    assert visitor.get("/@ada/tagged/unheard").status_code == 404


def test_pages_lead_to_older_and_newer_ones(ada: Any, visitor: Any) -> None:
    for number in range(45):
        ada.post("/api/v1/statuses", status=f"Post number {number:02d}.")
    first = visitor.get("/")
    assert "number 44." in first.text
    assert "number 24." not in first.text
    older = _link(first.text, "next")
    second = visitor.request("GET", older)
    assert "number 24." in second.text
    assert "number 25." not in second.text
    newer = visitor.request("GET", _link(second.text, "prev"))
    assert "number 44." in newer.text
    last = visitor.request("GET", _link(second.text, "next"))
    assert "number 00." in last.text
    assert 'rel="next"' not in last.text


def _link(html: str, rel: str) -> str:
    found = re.search(rf'href="([^"]+)" rel="{rel}"', html)
    assert found, rel
    return found[1].replace("&amp;", "&")


@pytest.mark.parametrize(
    "query", ["max_id=x", "max_id=-1", "min_id=" + "9" * 40, "max_id=²", "%ff"]
)
def test_odd_addresses_are_no_reason_to_break(visitor: Any, query: str) -> None:
    assert visitor.request("GET", f"/?{query}").status_code in (200, 422)


def test_static_files_are_kept_for_good_under_their_hash(visitor: Any) -> None:
    url = bundle().url("folkmoot.css")
    answer = visitor.get(url)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert b"--ground" in answer.content
    earlier = visitor.get("/static/000000000000/folkmoot.css")
    assert "immutable" not in earlier.headers["cache-control"]
    assert visitor.get("/static/icon-512.png").status_code == 200
    assert visitor.get("/static/x/../../dispatch.py").status_code == 404


def test_the_files_around_the_pages(visitor: Any) -> None:
    assert visitor.get("/manifest.webmanifest").json()["icons"]
    assert "Disallow: /settings/" in visitor.get("/robots.txt").text
    assert "{searchTerms}" in visitor.get("/opensearch.xml").text
    assert "javascript" in visitor.get("/service-worker.js").headers["content-type"]
    assert "No connection" in visitor.get("/offline").text


def test_what_the_server_says_of_itself(visitor: Any) -> None:
    about = visitor.get("/about").text
    assert "Do not harass people" in about
    for path, title in (("/terms", "Terms of service"), ("/privacy", "Privacy policy")):
        page = visitor.get(path).text
        assert page.count("<h1>") == 1
        assert f"<h1>{title}</h1>" in page
        assert "<h2>" in page


def test_the_light_is_kept_without_a_script(visitor: Any) -> None:
    chosen = visitor.request("POST", "/theme", data={"theme": "dark", "return_to": "/about"})
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/about")
    assert "theme=dark" in chosen.headers["set-cookie"]
    page = visitor.request("GET", "/about", headers={"Cookie": "theme=dark"})
    assert 'data-theme="dark"' in page.text
    odd = visitor.request("GET", "/about", headers={"Cookie": 'theme="><script>'})
    assert "<script>" not in odd.text


def test_forms_of_other_sites_are_refused(visitor: Any) -> None:
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        refused = visitor.request("POST", "/theme", data={"theme": "dark"}, headers=headers)
        assert refused.status_code == 403, headers


@pytest.mark.parametrize(
    ("address", "local"),
    [("/home", True), ("/@ada?x=1", True), ("//evil.example", False), ("/\\evil.example", False),
     ("https://evil.example", False), ("home", False), ("", False), ("/a\nb", False)],
)  # fmt: skip
def test_one_is_led_only_to_addresses_of_this_server(address: str, local: bool) -> None:
    assert is_local(address) is local


def test_a_token_looks_different_each_time_and_holds_for_one_cookie_only() -> None:
    one, other = cookies.form_token("seed"), cookies.form_token("seed")
    assert one != other
    assert cookies.is_form_token(one, "seed")
    assert cookies.is_form_token(other, "seed")
    for token in (one[:-4], one + "AAAA", "", "é", "A" * 64):
        assert not cookies.is_form_token(token, "seed")
    assert not cookies.is_form_token(one, "another")
    assert not cookies.is_form_token(cookies.form_token(""), "")


def test_addresses_in_any_script_can_be_returned_to(visitor: Any) -> None:
    for there, location in (
        ("/tags/修船", "/tags/%E4%BF%AE%E8%88%B9"),
        ("/tags/a%20b?x=1&y=%2F", "/tags/a%20b?x=1&y=%2F"),
    ):
        chosen = visitor.request("POST", "/theme", data={"theme": "dark", "return_to": there})
        assert (chosen.status_code, chosen.headers["location"]) == (303, location)
