"""Threads: order, limits, and what is left out for whom."""

import time
from typing import Any

import pytest

from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.posts.actions import publish_post
from folkmoot.domain.posts.model import Draft, PostId, Visibility
from folkmoot.kit.db import Database, Tx, command
from surfaces.mastodon.test_publishing import follow


def say(member: Any, text: str, to: Any = None, **more: Any) -> Any:
    answered = {} if to is None else {"in_reply_to_id": to["id"]}
    return member.post("/api/v1/statuses", status=text, **answered, **more).json()


def thread(viewer: Any, status: Any) -> tuple[list[str], list[str]]:
    found = viewer.get(f"/api/v1/statuses/{status['id']}/context").json()
    above = [s["content"][3:-4] for s in found["ancestors"]]
    return above, [s["content"][3:-4] for s in found["descendants"]]


def test_a_thread_is_in_order(join: Any, visitor: Any) -> None:
    ada, bo, cy = join("ada"), join("bo"), join("cy")
    root = say(ada, "root")
    one = say(bo, "one", root)
    two = say(cy, "two", root)
    say(cy, "one.one", one)
    say(bo, "two.one", two)
    say(bo, "one.two", one)
    own = say(ada, "own", root)
    say(ada, "own.own", own)
    # Each answer is followed by its own; what authors answer themselves comes first.
    below = ["own", "own.own", "one", "one.one", "one.two", "two", "two.one"]
    assert thread(visitor, root) == ([], below)
    assert thread(bo, own) == (["root"], ["own.own"])
    deep = say(bo, "deep", own)
    assert thread(bo, deep) == (["root", "own"], [])


def test_whom_one_does_not_see_one_does_not_see_in_threads(join: Any, db: Database) -> None:
    ada, bo, cy, dee = join("ada"), join("bo"), join("cy"), join("dee")
    root = say(ada, "root")
    one = say(bo, "one", root)
    two = say(cy, "two", one)
    assert thread(dee, root)[1] == ["one", "two"]
    dee.post(f"/api/v1/accounts/{bo.id}/mute")
    assert thread(dee, root)[1] == ["two"]
    assert thread(dee, two)[0] == ["root"]
    bo.post(f"/api/v1/accounts/{ada.id}/block")
    assert thread(ada, root)[1] == ["two"]
    limit = accounts.update().where(accounts.c.id == cy.account.id)
    db.write_now(lambda tx: tx.run(command(limit.values(limited_at=tx.now))))
    assert thread(dee, root)[1] == []
    follow(dee, ada)
    assert thread(dee, root)[1] == []
    follow(dee, cy)
    assert thread(dee, root)[1] == ["two"]
    assert thread(cy, root)[1] == ["one", "two"]


def test_threads_hold_to_visibility(join: Any, visitor: Any) -> None:
    ada, bo = join("ada"), join("bo")
    root = say(ada, "root")
    say(bo, "@ada psst", root, visibility="direct")
    say(bo, "for followers", root, visibility="private")
    assert thread(visitor, root)[1] == []
    assert len(thread(ada, root)[1]) == 1
    follow(ada, bo)
    assert len(thread(ada, root)[1]) == 2


@pytest.fixture
def long_thread(ada: Any, db: Database) -> Any:
    """A thousand answers: a chain of a hundred, the rest side by side."""

    def build(tx: Tx) -> PostId:
        def answer(to: PostId | None) -> PostId:
            draft = Draft(text="x", in_reply_to_id=to, visibility=Visibility.PUBLIC)
            return publish_post(tx, ada.account, draft=draft).id

        root = last = answer(None)
        for _ in range(100):
            last = answer(last)
        for _ in range(900):
            answer(root)
        return root

    return db.write_now(build)


def test_a_visitor_reads_part_of_a_long_thread(visitor: Any, long_thread: Any) -> None:
    found = visitor.get(f"/api/v1/statuses/{long_thread}/context").json()
    assert len(found["descendants"]) == 60


def test_a_thousand_answers_are_read_in_a_fixed_number_of_queries(
    ada: Any, long_thread: Any, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/api/v1/statuses/{long_thread}/context"
    ada.get(path)
    run: list[str] = []
    execute = Tx._execute

    def count(self: Tx, statement: Any, params: Any) -> Any:
        run.append(statement.on(self.dialect).sql)
        return execute(self, statement, params)

    monkeypatch.setattr(Tx, "_execute", count)
    began = time.perf_counter()
    found = ada.get(path).json()
    assert time.perf_counter() - began < 2
    assert len(found["descendants"]) == 1000
    assert len(run) < 10
    deepest = found["descendants"][99]["id"]
    above = ada.get(f"/api/v1/statuses/{deepest}/context").json()["ancestors"]
    assert len(above) == 100
