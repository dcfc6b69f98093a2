"""Threads as a page shows them: in order, indented where they branch, told apart by who looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.domain.filters.actions import create_filter
from folkmoot.domain.filters.model import FilterAction, KeywordDraft
from folkmoot.surfaces.web.routes.threads import arrange
from surfaces.web.browser import Browser
from surfaces.web.samples import TEXT


def answer(number: str, to: str) -> Any:
    return msgspec.structs.replace(TEXT, id=number, reply_to_id=to)


def shape(*answers: Any) -> list[tuple[str, int, bool]]:
    return [(reply.post.id, reply.depth, reply.linked) for reply in arrange(answers, "0")]


def test_a_conversation_of_two_stays_in_line() -> None:
    talk = (answer("1", "0"), answer("2", "1"), answer("3", "2"))
    assert shape(*talk) == [("1", 0, True), ("2", 0, True), ("3", 0, False)]


def test_branches_stand_in() -> None:
    talk = (answer("1", "0"), answer("2", "1"), answer("3", "1"), answer("4", "0"))
    assert shape(*talk) == [("1", 0, False), ("2", 1, False), ("3", 1, False), ("4", 0, False)]


def test_an_answer_whose_parent_is_hidden_stands_at_the_edge() -> None:
    assert shape(answer("7", "6")) == [("7", 0, False)]


def test_a_thread_shows_what_is_above_and_below(ada: Any, bo: Any, visitor: Any) -> None:
    first = ada.post("/api/v1/statuses", status="The first word").json()
    second = bo.post(
        "/api/v1/statuses", status="@ada The second", in_reply_to_id=first["id"]
    ).json()
    third = ada.post("/api/v1/statuses", status="@bo The third", in_reply_to_id=second["id"]).json()
    ada.post(
        "/api/v1/statuses", status="@bo Hidden", in_reply_to_id=second["id"], visibility="direct"
    )
    page = visitor.get(f"/@bo/{second['id']}").text
    page = page[page.index("<main") :]
    order = [page.index(words) for words in ("The first word", "The second", "The third")]
    assert order == sorted(order)
    assert "Hidden" not in page
    assert f'id="post-{third["id"]}"' in page


def test_a_post_that_is_sent_twice_is_published_once(at_home: Callable[..., Browser]) -> None:
    ada = at_home("ada")
    ada.open("/home")
    form = ada.form("/compose")["fields"]
    assert form["key"]
    for _ in range(2):
        sent = ada.post("/compose", **{**form, "text": "Just once"})
        assert sent.status_code == 303
    assert ada.open("/@ada").text.count("Just once") == 1


def test_favourites_and_bookmarks_have_pages(at_home: Callable[..., Browser], ada: Any) -> None:
    made = ada.post("/api/v1/statuses", status="Keep me").json()
    bo = at_home("bo")
    assert "No bookmarks yet" in bo.open("/bookmarks").text
    bo.open(f"/@ada/{made['id']}")
    bo.submit(f"/posts/{made['id']}/bookmark")
    bo.submit(f"/posts/{made['id']}/favourite")
    assert "Keep me" in bo.open("/bookmarks").text
    assert "Keep me" in bo.open("/favourites").text


def test_a_quote_shows_what_it_quotes_until_that_is_gone(ada: Any, bo: Any, visitor: Any) -> None:
    first = ada.post("/api/v1/statuses", status="Worth quoting").json()
    second = bo.post("/api/v1/statuses", status="See this", quoted_status_id=first["id"]).json()
    page = visitor.get(f"/@bo/{second['id']}").text
    assert "Worth quoting" in page
    assert '<blockquote class="quote"' in page
    ada.delete(f"/api/v1/statuses/{first['id']}")
    page = visitor.get(f"/@bo/{second['id']}").text
    assert "Worth quoting" not in page
    assert "quote-gone" in page


def test_filters_work_here_too(at_home: Callable[..., Browser], ada: Any, db: Any) -> None:
    ada.post("/api/v1/statuses", status="All about football")
    ada.post("/api/v1/statuses", status="All about cricket")
    bo = at_home("bo")
    account = db.read_now(find_account_by_name, "bo")
    for word, action in (("football", FilterAction.HIDE), ("cricket", FilterAction.WARN)):
        db.write_now(
            create_filter,
            account.id,
            title=f"No {word}",
            contexts=("public",),
            action=action,
            keywords=(KeywordDraft(keyword=word, whole_word=True),),
        )
    page = bo.open("/public").text
    assert "All about football" not in page
    assert "Filtered: No cricket" in page
    assert "Filtered" not in bo.open("/@ada").text


def test_who_boosted_and_favourited_is_listed(ada: Any, bo: Any, visitor: Any) -> None:
    made = ada.post("/api/v1/statuses", status="Good news").json()
    here = f"/@ada/{made['id']}"
    bo.post(f"/api/v1/statuses/{made['id']}/reblog")
    bo.post(f"/api/v1/statuses/{made['id']}/favourite")
    quoting = bo.post("/api/v1/statuses", status="Look", quoted_status_id=made["id"]).json()
    for what in ("boosts", "favourites", "quotes"):
        assert f'href="{here}/{what}"' in visitor.get(here).text
        assert 'href="/@bo"' in visitor.get(f"{here}/{what}").text
    assert f"/@bo/{quoting['id']}" in visitor.get(f"{here}/quotes").text
    assert visitor.get(f"/@bo/{made['id']}/boosts").status_code == 404
    assert visitor.get("/@ada/x/boosts").status_code == 404


def test_what_was_changed_can_be_seen(ada: Any, visitor: Any) -> None:
    made = ada.post("/api/v1/statuses", status="Frist words").json()
    here = f"/@ada/{made['id']}"
    ada.put(f"/api/v1/statuses/{made['id']}", status="First words")
    assert f'href="{here}/history"' in visitor.get(here).text
    page = visitor.get(f"{here}/history").text
    assert page.index("First words") < page.index("Frist words")
    secret = ada.post("/api/v1/statuses", status="Mine", visibility="private").json()
    assert visitor.get(f"/@ada/{secret['id']}/history").status_code == 404
