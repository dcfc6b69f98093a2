"""The rules on the web: in force, in versions, compared, accepted."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from markupsafe import escape

from domain.policy.test_versions import DRAFTS, retitled
from folkmoot.domain.policy import actions, queries
from folkmoot.domain.policy.model import Action, Category, Kind
from folkmoot.kit import clock
from folkmoot.kit.clock import DAY
from folkmoot.surfaces.web.wording import ACTIONS, CATEGORIES
from surfaces.web.browser import Browser


def look(visitor: Any, address: str) -> Any:
    """A page by its address with the query in it."""
    path, _, query = address.partition("?")
    return visitor.get(path, **dict(parse_qsl(query)))


def test_every_category_and_action_has_a_name() -> None:
    assert list(CATEGORIES) == list(Category)
    assert list(ACTIONS) == list(Action)


def test_the_rules_in_force_have_addresses(visitor: Any) -> None:
    page = visitor.get("/rules")
    assert page.status_code == 200
    assert "max-age" in page.headers["cache-control"]
    for draft in DRAFTS:
        assert f'<article class="rule" id="{draft.code}"' in page.text
        assert escape(draft.words["en"].not_covered[-1]) in page.text
    assert "Version 1, in force since" in page.text


def test_the_rules_can_be_read_in_chinese(visitor: Any) -> None:
    page = look(visitor, "/rules?lang=zh-CN").text
    assert '<h2 id="t-harassment-1" lang="zh-CN">不要骚扰他人</h2>' in page
    assert "Do not harass people" not in page
    assert "Do not harass people" in look(visitor, "/rules?lang=tlh").text


def test_a_version_to_come_is_told_of_and_can_be_read(visitor: Any, ada: Any, db: Any) -> None:
    db.write_now(actions.publish_version, rules=retitled("Be kind"), note="Kinder words.")
    now = visitor.get("/rules").text
    assert '<a href="/rules/versions/2">version 2</a> holds.' in now
    assert "Be kind" not in now
    coming = visitor.get("/rules/versions/2").text
    assert "Be kind" in coming
    assert "These are not the rules that hold today." in coming
    versions = visitor.get("/rules/versions").text
    assert "Kinder words." in versions
    assert "Then posting pauses for those who have not, until they do" in versions
    assert re.findall(r'id="version-(\d)"', versions) == ["2", "1"]


def test_two_versions_are_compared_word_by_word(visitor: Any, db: Any) -> None:
    terms = db.read_now(queries.get_document, Kind.TERMS).body
    changed = terms.replace("They are written to be read.", "They are short.")
    assert changed != terms
    rules = [*retitled("Do not bother people", at=2)[:-1]]
    db.write_now(actions.publish_version, rules=rules, documents={Kind.TERMS: changed})
    page = look(visitor, "/rules/compare?from=1&to=2").text
    gone = '<del><span class="visually-hidden"> (removed: </span>harass<span'
    new = '<ins><span class="visually-hidden"> (added: </span>bother<span'
    assert gone in page
    assert new in page
    assert re.findall(r'<section class="sheet[^"]*" id="([^"]+)"', page) == [
        "harassment-1",
        "adult-content-1",
    ]
    assert "11 rules stay as they are" in page
    assert "written to be read" in page
    assert 'id="d-1">Terms of service</h2>' in page
    assert 'id="d-2"' not in page
    assert gone in look(visitor, "/rules/compare?from=2&to=1").text
    assert "What changed from version 1 to 2" in visitor.get("/rules/compare").text
    assert "Both versions say the same." in look(visitor, "/rules/compare?from=2&to=2").text


@pytest.mark.parametrize(
    "path", ["versions/2", "versions/0", "versions/x", "versions/9999999999999", "compare?to=7"]
)
def test_what_does_not_exist_is_not_found(visitor: Any, path: str) -> None:
    assert look(visitor, f"/rules/{path}").status_code == 404


def test_one_version_alone_is_compared_with_itself(visitor: Any) -> None:
    assert "Both versions say the same." in visitor.get("/rules/compare").text


def test_a_member_is_asked_on_every_page_until_they_accept(
    at_home: Callable[..., Browser], db: Any, visitor: Any
) -> None:
    ada = at_home("ada")
    ada.open("/home")
    assert "/rules/accept" not in ada.page.text
    assert "Nothing waits for you" in ada.open("/rules/accept").text
    db.write_now(actions.publish_version, rules=retitled("Be kind"))
    ada.open("/home")
    assert "Our rules change on" in ada.page.text
    assert '<a href="/rules/accept">' in ada.page.text
    ada.open("/rules/accept")
    assert "If you do not accept by then, your posting pauses until you do." in ada.page.text
    assert '<a href="/rules/compare?from=1&amp;to=2">' in ada.page.text
    ada.submit("/rules/accept")
    assert "You have accepted. Thank you." in ada.page.text
    assert "Nothing waits for you" in ada.page.text
    assert "Our rules change" not in ada.open("/home").text
    assert visitor.get("/rules/accept").status_code == 303


def test_a_paused_member_is_told_why_and_how_it_ends(
    at_home: Callable[..., Browser], db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home("bo")
    db.write_now(actions.publish_version, rules=retitled("Be kind"))
    later = clock.now() + 106 * DAY
    monkeypatch.setattr(clock, "now", lambda: later)
    ada = at_home("ada")
    ada.open("/home")
    assert "Your posting is paused" not in ada.page.text
    db.write_now(actions.forget_acceptances, db.read_now(_id_of, "ada"))
    ada.open("/home")
    assert "Your posting is paused" in ada.page.text
    ada.submit("/compose", text="Hello", visibility="public", language="en")
    assert ada.page.status_code == 403
    assert "To post again, read and accept them" in ada.page.text
    ada.open("/rules/accept")
    ada.submit("/rules/accept")
    ada.open("/home")
    ada.submit("/compose", text="Hello", visibility="public", language="en")
    assert "Your post is out." in ada.page.text


def _id_of(tx: Any, username: str) -> int:
    from folkmoot.domain.accounts.queries import find_account_by_name

    account = find_account_by_name(tx, username)
    assert account is not None
    return account.id


def test_signing_up_accepts_what_holds(browser: Browser, db: Any) -> None:
    db.write_now(actions.publish_version, rules=retitled("Be kind"))
    browser.open("/auth/sign-up")
    assert "Be kind" in browser.page.text
    browser.submit(
        "/auth/sign-up",
        username="newcomer",
        email="new@example.test",
        password="a long enough sentence",
        reason="Boats.",
        age="1",
        agreement="1",
    )
    assert db.read_now(queries.get_accepted, db.read_now(_id_of, "newcomer")) == 2
