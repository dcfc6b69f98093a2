"""Statements are written with their decisions, and sent when an administrator has said where."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.acts import post

from domain.disclosure.database import TOKEN, EuDatabase
from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.decisions import actions as decisions
from folkmoot.domain.decisions.model import Draft, Ground, Step, Subject, SubjectKind
from folkmoot.domain.disclosure import actions, jobs, queries
from folkmoot.domain.disclosure.jobs import Send
from folkmoot.domain.disclosure.model import Disclosed, State
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Tx
from folkmoot.kit.settings import Disclosure, Outgoing, Settings
from folkmoot.surfaces.app import App
from plans import check_plan

UNLIST = Draft(step=Step.UNLIST, rule_code="spam-1", facts="Ada sent the same link forty times.")


@pytest.fixture
def eu() -> Iterator[EuDatabase]:
    made = EuDatabase()
    yield made
    made.close()


@pytest.fixture
def settings(settings: Settings, eu: EuDatabase) -> Settings:
    return msgspec.structs.replace(
        settings,
        disclosure=Disclosure(eu_url=eu.url, eu_token=TOKEN),
        outgoing=Outgoing(allowed_private=("127.0.0.0/8",)),
    )


@pytest.fixture
def send(app: App, loop: Any) -> Iterator[Callable[[], None]]:
    yield lambda: loop.run_until_complete(jobs.send(app.context, Send()))
    loop.run_until_complete(app.context.close_http())


@pytest.fixture
def rev(join: Callable[..., Any]) -> Any:
    return join("rev", role="reviewer")


@pytest.fixture
def decide(db: Database, ada: Any, rev: Any) -> Callable[..., int]:
    posts: list[str] = []

    def make(draft: Draft = UNLIST) -> int:
        posts.append(post(ada, f"buy {len(posts)}"))
        subject = Subject(SubjectKind.POST, int(posts[-1]), ada.account.id)
        return db.write_now(decisions.decide, rev.account.id, subject, draft=draft).id

    return make


def rows(db: Database) -> list[Disclosed]:
    return db.read_now(queries.list_decided, 0, 1 << 62)


def states(db: Database) -> list[str]:
    return [row.state for row in rows(db)]


def test_a_decision_is_stated_in_its_own_transaction(
    db: Database, decide: Callable[..., int]
) -> None:
    made = decide()
    decide(Draft(step=Step.NO_ACTION, rule_code="spam-1", facts="Nothing."))
    (row,) = rows(db)
    assert (row.puid, row.state) == (f"D-{made}", State.WAITING)
    assert row.statement.category_specification
    assert "Ada" not in row.body


def test_statements_are_sent_once(
    db: Database, eu: EuDatabase, decide: Callable[..., int], send: Callable[[], None]
) -> None:
    names = {f"D-{decide()}" for _ in range(3)}
    send()
    assert eu.kept.keys() == names
    assert [(row.state, row.reference) for row in rows(db)] == [
        (State.SENT, f"uuid-of-{row.puid}") for row in rows(db)
    ]
    send()
    assert eu.batches == [3]


def test_more_than_a_hundred_go_in_batches(
    db: Database, eu: EuDatabase, decide: Callable[..., int], send: Callable[[], None]
) -> None:
    decide()
    (one,) = rows(db)

    def many(tx: Tx) -> None:
        for at in range(249):
            name = f"D-other-{at}"
            body = msgspec.json.encode(msgspec.structs.replace(one.statement, puid=name)).decode()
            tx.insert(
                actions._INSERT,
                msgspec.structs.replace(one, id=one.id + at + 1, puid=name, body=body),
            )

    db.write_now(many)
    send()
    assert eu.batches == [100, 100, 50]
    assert set(states(db)) == {State.SENT}


def test_nothing_is_sent_by_default(
    db: Database, app: App, eu: EuDatabase, decide: Callable[..., int], loop: Any
) -> None:
    decide()
    app.context.settings = msgspec.structs.replace(app.settings, disclosure=Disclosure())
    loop.run_until_complete(jobs.send(app.context, Send()))
    assert (eu.batches, states(db)) == ([], [State.WAITING])


def test_what_the_database_refuses_does_not_hold_up_the_rest(
    db: Database, eu: EuDatabase, decide: Callable[..., int], send: Callable[[], None]
) -> None:
    bad, good = decide(), decide()

    def spoil(tx: Tx) -> None:
        tx.script(
            "UPDATE disclosures SET body = replace(body, 'STATEMENT_CATEGORY_', 'CATEGORY_') "
            f"WHERE id = {bad}"
        )

    db.write_now(spoil)
    send()
    found = {row.id: row for row in rows(db)}
    assert (found[bad].state, found[good].state) == (State.REFUSED, State.SENT)
    assert "category: The category is invalid." in found[bad].problem
    assert eu.batches == [2, 1]
    assert [row.id for row in db.read_now(queries.list_refused)] == [bad]
    assert db.write_now(actions.send_again) == 1
    send()
    assert states(db).count(State.REFUSED) == 1


def test_what_our_own_check_refuses_is_kept_and_not_sent(
    db: Database, eu: EuDatabase, decide: Callable[..., int], send: Callable[[], None]
) -> None:
    law = Draft(
        step=Step.UNLIST, rule_code="spam-1", facts="x", ground=Ground.LAW, law="ask @bo about it"
    )
    decide(law)
    send()
    (row,) = rows(db)
    assert (row.state, eu.batches) == (State.REFUSED, [])
    assert row.problem.startswith("illegal_content_legal_ground: It seems to name somebody")


def test_what_it_has_already_counts_as_sent(
    db: Database, eu: EuDatabase, decide: Callable[..., int], send: Callable[[], None]
) -> None:
    """As after a crash between its answer and our note of it."""
    decide()
    send()
    decide()
    db.write_now(lambda tx: tx.script("UPDATE disclosures SET state = 'waiting', sent_at = NULL"))
    send()
    assert states(db) == [State.SENT, State.SENT]
    assert eu.batches == [1, 2, 1]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_it_is_asked_again_later(
    db: Database,
    eu: EuDatabase,
    decide: Callable[..., int],
    send: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    status: int,
) -> None:
    decide()
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    eu.unwell = [(status, {}, b""), (status, {}, b"")]
    pauses = []
    for _ in range(2):
        send()
        (row,) = rows(db)
        pauses.append(row.next_at - now)
        now = row.next_at
    assert pauses == [clock.MINUTE, 2 * clock.MINUTE]
    assert (row.tries, row.problem) == (2, f"status {status}")
    assert db.read_now(queries.get_sending).problem == f"status {status}"
    send()
    assert states(db) == [State.SENT]


def test_it_waits_as_long_as_it_is_asked_to(
    db: Database, eu: EuDatabase, decide: Callable[..., int], send: Callable[[], None]
) -> None:
    decide()
    eu.unwell = [(429, {"retry-after": "3600"}, b"")]
    send()
    (row,) = rows(db)
    assert row.next_at > clock.now() + 3_500 * clock.SECOND
    send()
    assert eu.batches == []


def test_a_token_that_is_not_accepted_is_named(
    db: Database, app: App, decide: Callable[..., int], send: Callable[[], None]
) -> None:
    decide()
    wrong = msgspec.structs.replace(app.settings.disclosure, eu_token="wrong")
    app.context.settings = msgspec.structs.replace(app.settings, disclosure=wrong)
    send()
    (row,) = rows(db)
    assert "disclosure.eu_token" in row.problem


@pytest.mark.parametrize("said", [b"<html>", b'{"message":"No."}', b"[]"], ids=["html", "no", "[]"])
def test_a_refusal_without_reasons_is_narrowed_down(
    db: Database,
    eu: EuDatabase,
    decide: Callable[..., int],
    send: Callable[[], None],
    said: bytes,
) -> None:
    for _ in range(3):
        decide()
    eu.unwell = [(422, {}, said), (422, {}, said)]
    send()
    assert sorted(states(db)) == [State.REFUSED, State.SENT, State.SENT]


def test_nobody_answers(db: Database, eu: EuDatabase, decide: Any, send: Any) -> None:
    decide()
    eu.close()
    send()
    (row,) = rows(db)
    assert (row.state, row.tries) == (State.WAITING, 1)
    assert row.problem


def test_statements_outlive_the_account_and_name_nobody(
    db: Database, ada: Any, decide: Callable[..., int]
) -> None:
    decide()
    db.write_now(lambda tx: tx.announce(AccountDeleted(ada.account.id)))
    (row,) = rows(db)
    assert str(ada.account.id) not in row.body


def test_export(
    app: App,
    decide: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    from click.testing import CliRunner

    from folkmoot.cli import disclosure as cli
    from folkmoot.cli.main import folkmoot

    made = decide()
    monkeypatch.setattr(cli, "open_instance", lambda: _Open(app))
    today = clock.iso_day(clock.now())
    asked = ["disclosure", "export", "--from", today, "--to", today, "--output"]
    lines = tmp_path / "out.jsonl"
    assert CliRunner().invoke(folkmoot, [*asked, str(lines)]).exit_code == 0
    assert msgspec.json.decode(lines.read_bytes())["puid"] == f"D-{made}"
    table = tmp_path / "out.csv"
    assert CliRunner().invoke(folkmoot, [*asked, str(table), "--format", "csv"]).exit_code == 0
    (row,) = csv.DictReader(io.StringIO(table.read_text()))
    assert row["decision_visibility"] == '["DECISION_VISIBILITY_CONTENT_DEMOTED"]'
    assert row["account_type"] == ""
    backwards = ["disclosure", "export", "--from", today, "--to", "2020-01-01"]
    assert "before the first day" in CliRunner().invoke(folkmoot, backwards).output
    told = CliRunner().invoke(folkmoot, ["disclosure", "status"])
    assert "Waiting   1" in told.output


class _Open:
    def __init__(self, app: App) -> None:
        self._app = app

    def __enter__(self) -> App:
        return self._app

    def __exit__(self, *_: object) -> None:
        pass


def test_plans(db: Database) -> None:
    def check(tx: Tx) -> None:
        check_plan(tx, queries._DUE, now=1, limit=100)
        check_plan(
            tx, queries._DECIDED, since=1, until=2, at=1, after=1, limit=500, sorted_by_index=True
        )
        check_plan(tx, queries._REFUSED, limit=20)
        check_plan(tx, queries._DUE_FIRST)

    db.read_now(check)
