import re
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest

from folkmoot.domain.auth import actions, queries
from folkmoot.domain.auth.model import (
    Addressee,
    EmailBlocked,
    EmailInvalid,
    EmailTaken,
    LinkExpired,
    OwnerNeeded,
    PasswordInvalid,
    PermissionMissing,
    Role,
    User,
    check_password,
    is_blocked_domain,
    parse_email,
    parse_new_email,
)
from folkmoot.domain.auth.queries import count_members, find_user_by_email, get_user
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Tx
from plans import check_plan

Letters = Callable[[], list[EmailMessage]]


def key_in(letter: EmailMessage) -> str:
    found = re.search(r"/auth/(?:confirmation|password-reset)/(\S+)", letter.get_content())
    assert found
    return found[1]


@pytest.fixture
def user(db: Database, ada: Any) -> Callable[[], User]:
    return lambda: db.read_now(get_user, int(ada.id))


@pytest.mark.parametrize(
    ("text", "address", "key"),
    [
        ("Ada@Example.TEST", "Ada@example.test", "ada@example.test"),
        (" a+tag@b.test ", "a+tag@b.test", "a+tag@b.test"),
        ("o'brien@münchen.test", "o'brien@xn--mnchen-3ya.test", "o'brien@xn--mnchen-3ya.test"),
        ("root@localhost", "root@localhost", "root@localhost"),
    ],
)
def test_an_address_has_one_key(text: str, address: str, key: str) -> None:
    parsed = parse_email(text)
    assert (parsed.address, parsed.key) == (address, key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@example.test",
        "ada@",
        "ada@example",
        "a da@example.test",
        "ada@exa mple.test",
        "ada@@example.test",
        "ada\r\nBcc: all@example.test",
        "ada@example.test\nx",
        ".ada@example.test",
        "a..b@example.test",
        "ada@-example.test",
        "ada@example..test",
        "a" * 65 + "@example.test",
        "ada@" + "e" * 260 + ".test",
        "ädä@example.test",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(EmailInvalid):
        parse_email(text)


def test_a_blocked_domain_includes_those_below_it() -> None:
    assert is_blocked_domain("in.trash.test", ("trash.test",))
    assert not is_blocked_domain("nottrash.test", ("trash.test",))
    with pytest.raises(EmailBlocked):
        parse_new_email("ada@trash.test", ("trash.test",))


@pytest.mark.parametrize(
    "password", ["short", "password12", "qwertyuiop", "Ada.Lovelace", "1" * 40]
)
def test_what_is_easily_guessed_is_no_password(password: str) -> None:
    with pytest.raises(PasswordInvalid) as refused:
        check_password(password, known=("ada", "ada.lovelace@example.test"))
    assert refused.value.sentence.startswith("Password is too ")


def test_a_few_words_are() -> None:
    check_password("a lantern over wet stones", known=("ada",))
    check_password("{braces} and 100 % signs", known=("{x}",))


def test_a_new_address_is_taken_once_confirmed(
    db: Database, user: Callable[[], User], letters: Letters
) -> None:
    db.write_now(actions.change_email, user(), "Ada@New.test")
    assert (user().email, user().new_email) == ("ada@example.test", "Ada@new.test")
    (asked,) = letters()
    assert asked["To"] == "Ada@new.test"
    db.write_now(actions.confirm_email, key_in(asked))
    assert (user().email, user().email_key, user().new_email) == (
        "Ada@new.test",
        "ada@new.test",
        "",
    )
    (told,) = letters()
    assert told["To"] == "ada@example.test"


def test_only_the_address_asked_for_last_is_confirmed(
    db: Database, user: Callable[[], User], letters: Letters, bo: Any
) -> None:
    db.write_now(actions.change_email, user(), "one@new.test")
    (one,) = letters()
    db.write_now(actions.change_email, user(), "two@new.test")
    (two,) = letters()
    assert (one["To"], two["To"]) == ("one@new.test", "two@new.test")
    with pytest.raises(LinkExpired):
        db.write_now(actions.confirm_email, key_in(one))
    with pytest.raises(EmailTaken):
        db.write_now(actions.change_email, user(), "bo@example.test")
    db.write_now(
        lambda tx: actions.save_user(tx, get_user(tx, int(bo.id)), email_key="two@new.test")
    )
    with pytest.raises(EmailTaken):
        db.write_now(actions.confirm_email, key_in(two))


def test_a_reset_link_works_once_and_for_an_hour(
    db: Database, user: Callable[[], User], letters: Letters
) -> None:
    db.write_now(actions.request_password_reset, "nobody@example.test")
    assert letters() == []
    db.write_now(actions.request_password_reset, " ADA@example.test")
    db.write_now(actions.request_password_reset, "ada@example.test")
    (letter,) = letters()
    key = key_in(letter)

    def late(tx: Tx) -> None:
        tx.now += clock.HOUR
        actions.reset_password(tx, key, "hash")

    with pytest.raises(LinkExpired):
        db.write_now(late)
    with pytest.raises(LinkExpired):
        db.write_now(actions.confirm_email, key)
    db.write_now(actions.reset_password, key, "hash")
    assert user().password_hash == "hash"
    with pytest.raises(LinkExpired):
        db.write_now(actions.reset_password, key, "other")
    (told,) = letters()
    assert told["Subject"].startswith("Your password has changed")


def test_keys_are_kept_as_hashes(db: Database, letters: Letters, ada: Any) -> None:
    db.write_now(actions.request_password_reset, "ada@example.test")
    (letter,) = letters()
    key = key_in(letter)
    kept = db.read_now(lambda tx: tx.script("SELECT hash FROM letter_links"))
    assert key not in str(kept)
    db.write_now(actions.sweep_links)
    assert db.read_now(lambda tx: tx.script("SELECT count(*) FROM letter_links")) == [(1,)]


def test_there_is_always_an_owner(db: Database, join: Any) -> None:
    owner, other = join("olga", role="owner"), join("otto")
    olga, otto = (lambda: db.read_now(get_user, int(owner.id))), int(other.id)
    with pytest.raises(OwnerNeeded):
        db.write_now(actions.set_role, None, olga(), Role.MEMBER)
    with pytest.raises(PermissionMissing):
        db.write_now(actions.set_role, db.read_now(get_user, otto), olga(), Role.MEMBER, why="No")
    db.write_now(actions.set_role, olga(), db.read_now(get_user, otto), Role.OWNER, why="She asked")
    db.write_now(actions.set_role, None, olga(), Role.MEMBER)
    assert olga().role == "member"


def test_members_are_counted_without_those_who_wait(db: Database, ada: Any, bo: Any) -> None:
    assert db.read_now(count_members) == 2
    db.write_now(lambda tx: actions.save_user(tx, get_user(tx, int(bo.id)), confirmed_at=None))
    assert db.read_now(count_members) == 1
    assert db.read_now(find_user_by_email, "bo@example.test") is not None


def test_letters_speak_the_language_of_who_reads_them(
    db: Database, letters: Letters, ada: Any
) -> None:
    def prefer(tx: Tx, locale: str) -> None:
        actions.save_user(tx, get_user(tx, int(ada.id)), locale=locale)

    db.write_now(prefer, "zh-CN")
    user = db.read_now(get_user, int(ada.id))
    db.write_now(actions.request_password_reset, user.email)
    db.write_now(actions.set_password, user, "hash", everything=False)
    # Two within a second have no order.
    written = {letter["Subject"].partition(" · ")[0]: letter for letter in letters()}
    assert written.keys() == {"设置新密码", "您的密码已更改"}
    assert "/auth/password-reset/" in written["设置新密码"].get_content()
    assert {letter["Content-Language"] for letter in written.values()} == {"zh-Hans"}
    db.write_now(prefer, "de")
    db.write_now(actions.request_password_reset, user.email)
    (english,) = letters()
    assert english["Content-Language"] == "en"
    assert english["Subject"].startswith("Choose a new password")


def test_letters_that_wait_or_failed_hold_no_address(
    db: Database, user: Callable[[], User]
) -> None:
    """Jobs that failed are kept for days; whoever reads them learns nobody's address."""
    db.write_now(actions.request_password_reset, user().email)
    db.write_now(lambda tx: actions.send_notice(tx, user(), "approved"))
    stranger = Addressee("nobody@example.test", "zh")
    db.write_now(lambda tx: actions.send_notice(tx, stranger, "approved"))

    def waiting(tx: Tx) -> list[Any]:
        return list(tx.script("SELECT payload, unique_key FROM jobs"))

    found = db.read_now(waiting)
    assert len(found) >= 3
    assert "example.test" not in str(found)


def test_who_waits_is_counted_by_an_index(db: Database) -> None:
    assert db.read_now(queries.count_awaiting) == 0
    db.read_now(lambda tx: check_plan(tx, queries._COUNT_AWAITING))
