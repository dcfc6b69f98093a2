"""A report and what follows, in Chromium, with scripts and without: a visitor reports, the author
is told, reads why and contests it, somebody else answers, the post is back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from browser.test_web import CHROMIUM, PASSWORD, chromium, join, live, window
from folkmoot import wiring
from folkmoot.domain.appeals import actions as appeals
from folkmoot.domain.appeals.queries import list_open
from folkmoot.domain.auth.model import Role
from folkmoot.domain.decisions.model import Draft, Step
from folkmoot.domain.registration.actions import create_member
from folkmoot.domain.review import actions as review
from folkmoot.kit.db import Database, Tx
from folkmoot.kit.settings_sources import load

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from clients.live import Live

__all__ = ["chromium", "live", "window"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture
def desk(live: Live) -> Iterator[Database]:
    """The server's own database, at which two reviewers work."""
    settings = load(live.config, dict(live.environ)).settings
    made = Database(settings, facts=wiring.facts())
    yield made
    made.close()


def reviewer(desk: Database, name: str) -> int:
    def make(tx: Tx) -> int:
        _, user = create_member(
            tx, name, email=f"{name}@example.test", password_hash="", role=Role.REVIEWER
        )
        from folkmoot.domain.auth.actions import save_user

        save_user(tx, user, second_factor_at=tx.now)
        return user.account_id

    return desk.write_now(make)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
def test_the_whole_way_of_a_report(
    window: Callable[..., Page], desk: Database, scripts: bool
) -> None:
    name = "kit" if scripts else "noor"
    author, visitor = window(), window(java_script_enabled=scripts)
    join(author, name)
    author.fill("#c-text", "You fool, you liar")
    author.click(".composer button[type=submit]")
    author.wait_for_url(re.compile(rf"/@{name}/\d+"))
    here = author.url
    receipt = report(visitor, here, scripts=scripts)
    first, second = (reviewer(desk, f"{name}_{n}") for n in ("rev", "sec"))
    decide(desk, first)
    visitor.goto(receipt)
    assert "We have acted" in visitor.inner_text("main")
    gone = visitor.goto(here)
    assert gone is not None
    assert gone.status == 404

    author.goto("/alerts")
    author.click("text=The reasons, and how to contest it")
    author.wait_for_url(re.compile(r"/statements/\d+"))
    words = author.inner_text("main")
    for said in ("It calls her names.", "harassment-1", "Decided by a person", "In force"):
        assert said in words
    author.fill("#f-text", "It was a line of a play.")
    author.click("main button[type=submit]")
    author.wait_for_selector("text=You have contested this decision")
    answer(desk, second)
    author.reload()
    assert "Your appeal was right" in author.inner_text("main")
    back = visitor.goto(here)
    assert back is not None
    assert back.status == 200


def report(visitor: Page, about: str, *, scripts: bool) -> str:
    """Reports a post from its own menu; the address of the receipt."""
    visitor.goto(about)
    visitor.click(".actions .menu > summary")
    visitor.click("text=Report it")
    visitor.wait_for_url(re.compile(r"/report\?about="))
    visitor.check("text=The whole post")
    visitor.check("text=Do not harass people")
    visitor.check("text=Yes, I think it is against the law")
    visitor.click("main button[type=submit]")
    visitor.fill("#f-comment", "It is libel, section 12.")
    visitor.fill("#f-name", "Noor")
    visitor.fill("#f-email", "noor@example.test")
    visitor.check("#f-good_faith")
    visitor.click("main button[type=submit]")
    visitor.wait_for_url(re.compile(r"/reports/R-"))
    address = visitor.inner_text("#address")
    assert address.startswith("http://localhost")
    assert visitor.is_visible("[data-copy=address]") is scripts
    assert "Waiting" in visitor.inner_text("main")
    return address


def decide(desk: Database, who: Any) -> None:
    def work(tx: Tx) -> None:
        case = review.take_next(tx, who)
        draft = Draft(step=Step.QUARANTINE, rule_code="harassment-1", facts="It calls her names.")
        review.decide_case(tx, who, case.id, draft)

    desk.write_now(work)


def answer(desk: Database, who: Any) -> None:
    (appeal,) = desk.read_now(list_open)
    desk.write_now(appeals.decide_appeal, who, appeal.id, upheld=True, answer="A play it was.")


def test_a_suspended_member_finds_the_way(window: Callable[..., Page], desk: Database) -> None:
    from folkmoot.domain.accounts.queries import find_account_by_name
    from folkmoot.domain.decisions import actions as decisions
    from folkmoot.domain.decisions.model import Subject, SubjectKind

    page = window(viewport={"width": 390, "height": 800})
    join(page, "sam")
    first, second = (reviewer(desk, f"sam_{n}") for n in ("rev", "sec"))

    def suspend(tx: Tx) -> None:
        account = find_account_by_name(tx, "sam")
        assert account
        subject = Subject(SubjectKind.ACCOUNT, account.id, account.id)
        draft = Draft(step=Step.SUSPEND, rule_code="violence-1", facts="Forty threats.")
        decisions.decide(tx, first, subject, draft=draft, seconded_by=second)  # type: ignore[arg-type]

    desk.write_now(suspend)
    page.goto("/home")
    page.wait_for_url("**/auth/suspended")
    page.click("main >> text=Sign out")
    page.goto("/auth/sign-in")
    page.fill("#f-login", "sam")
    page.fill("#f-password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/auth/suspended")
    assert "Forty threats." in page.inner_text("main")
    page.click("text=Read the reasons, and contest it")
    page.wait_for_url(re.compile(r"/statements/\d+"))
    assert page.is_visible("#f-text")
    for path in ("/settings/data", "/settings/decisions", "/auth/suspended"):
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
