"""Members learn of a version when it is published, before the end of their time, and at it."""

from collections.abc import Callable
from email.message import EmailMessage

import pytest

from conftest import Member
from folkmoot.domain.instance.actions import withdraw_announcement
from folkmoot.domain.policy import actions
from folkmoot.domain.policy.model import Kind
from folkmoot.kit import clock
from folkmoot.kit.clock import DAY
from folkmoot.kit.db import Database

Letters = Callable[[], list[EmailMessage]]
NEW = {Kind.TERMS: "# New terms"}


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def move(by: int) -> None:
        now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: now + by)

    return move


def _addressees(letters: list[EmailMessage]) -> list[str]:
    return [letter["To"].partition("@")[0] for letter in letters]


def test_letters_follow_until_a_member_accepts(
    db: Database, ada: Member, bo: Member, letters: Letters, travel: Callable[[int], None]
) -> None:
    version = db.write_now(actions.publish_version, documents=NEW, note="Shorter terms.")
    first = letters()
    assert sorted(_addressees(first)) == ["ada", "bo"]
    text = first[0].get_content()
    day, until = clock.iso_day(version.effective_from), clock.iso_day(version.grace_until or 0)
    assert f"Version 2 of our rules, terms and privacy policy holds from {day}." in text
    assert "Shorter terms." in text
    assert "/rules/compare?to=2" in text
    assert f"accept it by {until}" in text
    assert "posting pauses on that day until you do" in text
    travel(15 * DAY)
    assert letters() == []
    db.write_now(actions.accept_version, bo.account.id, 2)
    travel(76 * DAY)
    reminder = letters()
    assert _addressees(reminder) == ["ada"]
    assert reminder[0]["Subject"].startswith(f"Please accept our rules by {until}")
    travel(14 * DAY)
    paused = letters()
    assert _addressees(paused) == ["ada"]
    assert paused[0]["Subject"].startswith("Posting is paused until you accept our rules")
    travel(100 * DAY)
    assert letters() == []


def test_everybody_gets_one_letter_however_many_they_are(
    db: Database,
    join: Callable[..., Member],
    letters: Letters,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "_LETTERS", 2)
    names = [f"member{number}" for number in range(5)]
    for name in names:
        join(name)
    db.write_now(actions.publish_version, documents=NEW)
    assert sorted(_addressees(letters())) == names


def test_apps_show_an_announcement_until_a_member_accepts(
    db: Database, ada: Member, bo: Member, travel: Callable[[int], None]
) -> None:
    db.write_now(actions.publish_version, documents=NEW)
    announced = ada.get("/api/v1/announcements").json()
    assert len(announced) == 1
    assert "Version 2 of our rules" in announced[0]["content"]
    db.write_now(actions.accept_version, ada.account.id, 2)
    assert ada.get("/api/v1/announcements").json() == []
    assert len(bo.get("/api/v1/announcements").json()) == 1
    travel(106 * DAY)
    assert bo.get("/api/v1/announcements").json() == []


def test_accepting_a_version_ends_what_was_said_of_earlier_ones(db: Database, ada: Member) -> None:
    db.write_now(actions.publish_version, documents=NEW)
    db.write_now(actions.publish_version, documents={Kind.TERMS: "# Newer terms"})
    assert len(ada.get("/api/v1/announcements").json()) == 2
    db.write_now(actions.accept_version, ada.account.id, 3)
    assert ada.get("/api/v1/announcements").json() == []


def test_a_withdrawn_announcement_hinders_nobody(db: Database, ada: Member) -> None:
    version = db.write_now(actions.publish_version, documents=NEW)
    assert version.announcement_id is not None
    db.write_now(withdraw_announcement, version.announcement_id)
    db.write_now(actions.accept_version, ada.account.id, 2)


def test_nobody_is_told_where_nobody_is(db: Database, letters: Letters) -> None:
    version = db.write_now(actions.publish_version, documents=NEW)
    assert version.announcement_id is None
    assert letters() == []
