"""An account's way out: hidden at once, kept if wanted, gone in small steps, whatever crashes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from acts import MARK, do_everything
from folkmoot import wiring
from folkmoot.domain.accounts.actions import create_account
from folkmoot.domain.accounts.model import UsernameTaken
from folkmoot.domain.auth.model import OwnerNeeded, Role, User
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.leaving import actions, queries
from folkmoot.domain.leaving.model import Deletion, DeletionBegun, NotLeaving
from folkmoot.kit import clock
from folkmoot.kit.db import Database
from folkmoot.surfaces.app import App


def ask(db: Database, member: Any, **more: Any) -> Deletion:
    user: User = db.read_now(get_user, member.account.id)
    return db.write_now(actions.ask_deletion, user, **more)


def accounts_in(answer: Any) -> set[str]:
    """The accounts that an answer presents; whom others' words mention is not among them."""
    if isinstance(answer, list):
        return set().union(*map(accounts_in, answer))
    if not isinstance(answer, dict):
        return set()
    own = {answer["id"]} if "followers_count" in answer else set()
    return own.union(*map(accounts_in, answer.values()))


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Moves the clock on by days."""
    real, moved = clock.now, [0]
    monkeypatch.setattr(clock, "now", lambda: real() + moved[0])

    def move(days: int) -> None:
        moved[0] += days * clock.DAY

    return move


def test_nobody_sees_an_account_that_is_going(
    join: Callable[..., Any], visitor: Any, db: Database, loop: Any
) -> None:
    ada, bo = join("ada"), join("bo")
    places = do_everything(ada, bo)
    before = {place: bo.request("GET", place).text for place in places}
    assert [
        place for place, text in before.items() if "ada" not in text and ada.id not in text
    ] == []
    ask(db, ada)
    for place in places:
        for who in (bo, visitor):
            seen = who.request("GET", place)
            assert seen.status_code < 500
            assert MARK not in seen.text, place
            if seen.headers["content-type"].startswith("application/json"):
                assert ada.id not in accounts_in(seen.json()), place
    assert ada.get("/api/v1/accounts/verify_credentials").status_code == 401


def test_who_changes_their_mind_has_everything_back(
    join: Callable[..., Any], db: Database, letters: Callable[[], list[Any]], run_jobs: Any
) -> None:
    ada, bo = join("ada"), join("bo")
    places = do_everything(ada, bo)
    letters()
    before = {place: bo.request("GET", place).json() for place in places if "/api/" in place}
    asked = ask(db, ada)
    (letter,) = letters()
    assert clock.iso_day(asked.due_at) in letter.get_content()
    assert asked.due_at == asked.asked_at + 30 * clock.DAY
    db.write_now(actions.undo_deletion, ada.account.id)
    assert {place: bo.request("GET", place).json() for place in before} == before
    assert "stays" in letters()[0]["subject"]
    with pytest.raises(NotLeaving):
        db.write_now(actions.undo_deletion, ada.account.id)


def test_a_suspension_is_not_lifted_by_staying(ada: Any, db: Database) -> None:
    from folkmoot.domain.accounts.actions import save_profile
    from folkmoot.domain.accounts.queries import get_account

    db.write_now(save_profile, ada.account, suspended_at=7)
    ask(db, ada)
    db.write_now(actions.undo_deletion, ada.account.id)
    assert db.read_now(get_account, ada.account.id).suspended_at == 7


def test_the_only_owner_stays(join: Callable[..., Any], db: Database) -> None:
    owner = join("opal", role=Role.OWNER.value)
    with pytest.raises(OwnerNeeded):
        ask(db, owner)
    join("otto", role=Role.OWNER.value)
    ask(db, owner)


def test_the_time_to_think_it_over_is_kept(
    ada: Any, db: Database, run_jobs: Callable[[], None], later: Callable[[int], None]
) -> None:
    ask(db, ada)
    later(29)
    run_jobs()
    db.write_now(actions.undo_deletion, ada.account.id)
    ask(db, ada)
    later(2)
    run_jobs()  # the first job is due, the deletion is not
    assert db.read_now(queries.find_deletion, ada.account.id)
    later(29)
    run_jobs()
    with pytest.raises(NotLeaving):
        db.write_now(actions.undo_deletion, ada.account.id)


def test_there_is_no_way_back_from_the_middle(ada: Any, db: Database) -> None:
    ask(db, ada, days=0)
    assert db.write_now(actions.begin_deletion, ada.account.id)
    with pytest.raises(DeletionBegun):
        db.write_now(actions.undo_deletion, ada.account.id)


def test_nobody_takes_the_name_over(ada: Any, db: Database, run_jobs: Callable[[], None]) -> None:
    from folkmoot.domain.accounts.actions import free_name

    ask(db, ada, days=0)
    run_jobs()
    make: Any = lambda tx: create_account(tx, "Ada", base_url="http://127.0.0.1:8080")  # noqa: E731
    with pytest.raises(UsernameTaken):
        db.write_now(make)
    assert db.write_now(free_name, "ADA")
    assert db.write_now(make).username == "Ada"


def test_a_crash_between_any_two_steps_is_made_good(
    join: Callable[..., Any],
    app: App,
    loop: asyncio.AbstractEventLoop,
    monkeypatch: pytest.MonkeyPatch,
    letters: Callable[[], list[Any]],
) -> None:
    """The job dies after its first step, is begun anew and dies after its second, and so on."""
    from domain.posts.test_forgetting import traces

    ada, bo = join("ada"), join("bo")
    do_everything(ada, bo)
    letters()
    monkeypatch.setattr(actions, "_POSTS", 1)
    ask(app.db, ada, days=0)
    handler, kind = wiring.job_handlers(app)["leaving.delete"]
    payload: Any = kind(ada.account.id)
    write, crashes = app.db.write, 0

    class Crash(Exception):
        pass

    def dying(after: int) -> Any:
        left = [after]

        async def one(work: Any, *args: Any, **kwargs: Any) -> Any:
            done = await write(work, *args, **kwargs)
            left[0] -= 1
            if not left[0]:
                raise Crash
            return done

        return one

    for _ in range(200):
        monkeypatch.setattr(app.db, "write", dying(2))  # what begins it, and one step more
        try:
            loop.run_until_complete(handler(app.context, payload))
        except Crash:
            crashes += 1
        else:
            break
    monkeypatch.setattr(app.db, "write", write)
    assert crashes > 10
    loop.run_until_complete(handler(app.context, payload))
    (letter,) = letters()
    assert "deleted" in letter["subject"]
    assert traces(app.db, ada.id) == []
    assert bo.get("/api/v1/accounts/verify_credentials").json()["followers_count"] == 0


def test_a_large_account_goes_in_small_transactions(
    join: Callable[..., Any], db: Database, run_jobs: Callable[[], None]
) -> None:
    """No step removes more than its limit, whatever there is of it."""
    ada, bo = join("ada"), join("bo")
    for number in range(45):
        made = ada.post("/api/v1/statuses", status=f"post {number}").json()
        bo.post(f"/api/v1/statuses/{made['id']}/favourite")
    ask(db, ada, days=0)
    assert db.write_now(actions.begin_deletion, ada.account.id)
    steps = 0
    while db.write_now(actions.continue_deletion, ada.account.id):
        steps += 1
        left = bo.get("/api/v1/favourites", limit=40)
        assert left.status_code == 200
    assert steps >= 45 // actions._POSTS
    assert bo.get("/api/v1/favourites").json() == []


def test_what_no_job_finished_is_taken_up(
    ada: Any, db: Database, later: Callable[[int], None], run_jobs: Callable[[], None]
) -> None:
    from folkmoot.kit.jobs import jobs as table

    ask(db, ada, days=0)
    db.write_now(lambda tx: tx.script(f"DELETE FROM {table.name}"))
    later(2)
    run_jobs()
    later(1)
    run_jobs()
    assert db.read_now(queries.find_deletion, ada.account.id) is None


def test_the_moment_is_a_setting(app: App, ada: Any) -> None:
    changed = msgspec.structs.replace(app.settings.portability, deletion_days=3)
    app.db.settings = msgspec.structs.replace(app.settings, portability=changed)
    asked = ask(app.db, ada)
    assert asked.due_at == asked.asked_at + 3 * clock.DAY
