"""What is known of visitors who report: as little as the law asks for, sealed, and not for ever."""

from collections.abc import Callable
from typing import Any

import pytest

from folkmoot.domain.policy.model import Category as Harm
from folkmoot.domain.reports import actions, queries
from folkmoot.domain.reports.model import (
    CONTACT_KEPT,
    Category,
    Complaint,
    Contact,
    FaithNeeded,
    NameNeeded,
    Outcome,
    PartInvalid,
    ReceiptUnknown,
    Report,
    receipt_key,
)
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Tx

NOOR = Contact("Noor", "noor@example.test")


@pytest.fixture
def file(db: Database, ada: Any) -> Callable[..., Report]:
    def make(contact: Contact = NOOR, **more: Any) -> Report:
        return db.write_now(
            actions.file_report_as_visitor, ada.account.id, Complaint(**more), contact=contact
        )

    return make


def contact_of(db: Database, report: Report) -> Contact:
    return db.read_now(lambda tx: queries.read_contact(tx, queries.get_report(tx, report.id)))


@pytest.mark.parametrize(
    ("category", "harm", "kept"),
    [
        (Category.LEGAL, Harm.VIOLENCE, NOOR),
        (Category.LEGAL, Harm.SEXUAL_EXPLOITATION, Contact()),
        (Category.VIOLATION, Harm.SEXUAL_EXPLOITATION, Contact()),
        (Category.VIOLATION, Harm.SPAM, Contact("", NOOR.email)),
        (Category.OTHER, None, Contact("", NOOR.email)),
    ],
    ids=["illegal", "children", "children-by-rule", "spam", "other"],
)
def test_no_more_is_kept_than_is_needed(
    db: Database, file: Callable[..., Report], category: Category, harm: Harm | None, kept: Contact
) -> None:
    report = file(category=category, harm=harm)
    assert contact_of(db, report) == kept
    assert "noor" not in report.contact


def test_what_is_needed_is_asked_for_at_its_place(file: Callable[..., Report]) -> None:
    with pytest.raises(NameNeeded) as missing:
        file(Contact(email=NOOR.email), category=Category.LEGAL)
    assert missing.value.facts["field"] == "name"
    with pytest.raises(NameNeeded) as missing:
        file(Contact(name="Noor"), category=Category.LEGAL)
    assert missing.value.facts["field"] == "email"
    with pytest.raises(FaithNeeded):
        file(category=Category.LEGAL, comment="It is libel.", good_faith=False)
    for part in ({"part": "link"}, {"detail": "https://x.example"}, {"detail": "x" * 2_001}):
        with pytest.raises(PartInvalid):
            file(**part)


def test_who_they_are_is_forgotten_in_time(
    db: Database, file: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, decided = file(), file()
    db.write_now(actions._resolve, decided, Outcome.NOT_ACTED, None)
    later = clock.now() + CONTACT_KEPT
    monkeypatch.setattr(clock, "now", lambda: later - clock.MINUTE)
    assert db.write_now(actions.forget_contacts) == 0
    monkeypatch.setattr(clock, "now", lambda: later + clock.MINUTE)
    assert db.write_now(actions.forget_contacts) == 1
    assert contact_of(db, decided) == Contact()
    assert contact_of(db, waiting) == Contact("", NOOR.email)

    def plan(tx: Tx) -> str:
        return tx.explain(actions._FORGET_CONTACTS, before=1)

    assert "reports_contact" in db.read_now(plan) or db.dialect == "postgresql"


def test_a_receipt_opens_by_its_own_key_alone(db: Database, file: Callable[..., Report]) -> None:
    mine, other = file(), file()
    secret = db.settings.secrets.secret_key
    key = receipt_key(secret, mine.code)
    found = db.read_now(actions.get_receipt, mine.code.lower(), key)
    assert found.id == mine.id
    for code, wrong in ((mine.code, receipt_key(secret, other.code)), (mine.code, ""), ("R", key)):
        with pytest.raises(ReceiptUnknown):
            db.read_now(actions.get_receipt, code, wrong)
    assert key not in str(found)
