"""Fresh posts are read as settled ones are, and settling loses, doubles and brings back nothing."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest
from tests.acts import boost, follow, home, ids, post

from folkmoot.domain.feeds import actions, jobs, model, queries
from folkmoot.domain.feeds.tables import feed_entries, feed_places, fresh_posts
from folkmoot.kit import clock
from folkmoot.kit.context import Context
from folkmoot.kit.db import Database, Tx
from folkmoot.surfaces.app import App


@pytest.fixture
def settle(app: App, loop: asyncio.AbstractEventLoop) -> Callable[[], None]:
    """Runs what the job runs."""
    context = Context(app.settings, app.db)
    return lambda: loop.run_until_complete(jobs.settle(context, jobs.Settle()))


def pairs(tx: Tx, table: Any) -> set[tuple[int, int]]:
    return {tuple(row) for row in tx.script(f"SELECT feed_id, post_id FROM {table.name}")}  # type: ignore[misc]


def check_settled(tx: Tx) -> None:
    assert tx.script(f"SELECT 1 FROM {fresh_posts.name}") == []
    assert pairs(tx, feed_places) == pairs(tx, feed_entries)


class World:
    """Four members who do things at random, and what each of them can read."""

    def __init__(self, join: Callable[..., Any], db: Database, dice: random.Random) -> None:
        self.members = [join(name) for name in ("ada", "bo", "cy", "di")]
        self.db, self.dice = db, dice
        self.posts: list[tuple[Any, str]] = []
        for one in self.members:
            for other in self.members:
                if one is not other:
                    follow(one, other)
        ada = self.members[0]
        self.list = ada.post("/api/v1/lists", title="Friends", replies_policy="list").json()["id"]

    def act(self) -> None:
        one, other = self.dice.sample(self.members, 2)
        acts = (self.write, self.write, self.write, self.answer, self.boost, self.delete)
        rare = (self.unfollow, self.refollow, self.tag, self.untag, self.enlist, self.delist)
        self.dice.choice(acts if self.dice.random() < 0.7 else rare)(one, other)

    def write(self, one: Any, other: Any) -> None:
        text = self.dice.choice(("hello", "some #tea", f"@{other.account.username} hello"))
        how = "direct" if text.startswith("@") else "public"
        self.posts.append((one, post(one, text, visibility=how)))

    def answer(self, one: Any, other: Any) -> None:
        theirs = [made for author, made in self.posts if author is other]
        if theirs:
            seen = one.get(f"/api/v1/statuses/{theirs[-1]}").status_code == 200
            if seen:
                self.posts.append((one, post(one, "so it is", in_reply_to_id=theirs[-1])))

    def boost(self, one: Any, other: Any) -> None:
        theirs = [made for author, made in self.posts if author is other]
        if theirs:
            one.post(f"/api/v1/statuses/{self.dice.choice(theirs)}/reblog")

    def delete(self, one: Any, other: Any) -> None:
        mine = [pair for pair in self.posts if pair[0] is one]
        if mine:
            gone = self.dice.choice(mine)
            self.posts.remove(gone)
            assert one.delete(f"/api/v1/statuses/{gone[1]}").status_code == 200

    def unfollow(self, one: Any, other: Any) -> None:
        one.post(f"/api/v1/accounts/{other.id}/unfollow")

    def refollow(self, one: Any, other: Any) -> None:
        follow(one, other, reblogs=self.dice.random() < 0.5)

    def tag(self, one: Any, other: Any) -> None:
        one.post("/api/v1/tags/tea/follow")

    def untag(self, one: Any, other: Any) -> None:
        one.post("/api/v1/tags/tea/unfollow")

    def enlist(self, one: Any, other: Any) -> None:
        self.members[0].post(f"/api/v1/lists/{self.list}/accounts", account_ids=[other.id])

    def delist(self, one: Any, other: Any) -> None:
        self.members[0].delete(f"/api/v1/lists/{self.list}/accounts", account_ids=[other.id])

    def read(self) -> list[list[str]]:
        """Every feed, whole and by pages from either end."""
        found = [ids(self.members[0], f"timelines/list/{self.list}", limit=40)]
        for member in self.members:
            whole = ids(member, "timelines/home", limit=40)
            assert whole == sorted(set(whole), key=int, reverse=True)
            for at in whole[:40:7]:
                below = ids(member, "timelines/home", max_id=at, limit=3)
                assert below == whole[whole.index(at) + 1 :][:3]
                above = ids(member, "timelines/home", min_id=at, limit=3)
                assert above == whole[: whole.index(at)][-3:]
            found.append(whole)
        return found


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_feeds_are_the_same_fresh_and_settled(
    seed: int,
    join: Callable[..., Any],
    db: Database,
    settle: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(model, "_AT_ONCE", 3)  # many stretches
    dice = random.Random(seed)
    world = World(join, db, dice)
    for _ in range(8):
        for _ in range(dice.randrange(1, 10)):
            world.act()
        before = world.read()
        settle()
        db.read_now(check_settled)
        assert world.read() == before


def test_what_is_taken_back_while_it_is_settled_stays_away(
    join: Callable[..., Any], db: Database
) -> None:
    ada, bo, cy = join("ada"), join("bo"), join("cy")
    for fan in (bo, cy):
        follow(fan, ada)
    gone, kept = post(ada, "gone"), post(ada, "kept")
    marks = db.read_now(queries.list_fresh, 10)
    first = min(bo.account.id, cy.account.id)
    db.write_now(actions.settle, marks, upto_id=first)
    ada.delete(f"/api/v1/statuses/{gone}")
    bo.post(f"/api/v1/accounts/{ada.id}/unfollow")
    late = post(ada, "late")
    db.write_now(actions.settle, marks, after_id=first)
    assert db.write_now(actions.unmark, marks)
    assert (home(bo), home(cy), home(ada)) == ([], [late, kept], [late, kept])
    rest = db.read_now(queries.list_fresh, 10)
    db.write_now(actions.settle, rest)
    assert not db.write_now(actions.unmark, rest)
    db.read_now(check_settled)


@pytest.mark.parametrize("settled", [False, True])
def test_what_is_cleared_goes_whether_fresh_or_settled(
    settled: bool, join: Callable[..., Any], settle: Callable[[], None]
) -> None:
    ada, bo, cy, di = (join(name) for name in ("ada", "bo", "cy", "di"))
    for fan in (bo, cy):
        follow(fan, ada)
    friends = bo.post("/api/v1/lists", title="Friends").json()["id"]
    bo.post(f"/api/v1/lists/{friends}/accounts", account_ids=[ada.id])
    di.post("/api/v1/tags/tea/follow")
    made = post(ada, "some #tea")
    if settled:
        settle()
    listed = f"timelines/list/{friends}"
    assert home(bo) == home(cy) == home(di) == ids(bo, listed) == [made]
    bo.delete(f"/api/v1/lists/{friends}/accounts", account_ids=[ada.id])
    assert ids(bo, listed) == []
    bo.post(f"/api/v1/accounts/{ada.id}/unfollow")
    cy.post(f"/api/v1/accounts/{ada.id}/block")
    cy.post(f"/api/v1/accounts/{ada.id}/unblock")
    di.post("/api/v1/tags/tea/unfollow")
    for _ in range(2):
        assert home(bo) == home(cy) == home(di) == ids(bo, listed) == []
        settle()
    assert home(ada) == [made]


def test_a_boost_comes_once_whether_what_it_boosts_is_fresh_or_settled(
    join: Callable[..., Any], db: Database, settle: Callable[[], None]
) -> None:
    ada, bo, cy = join("ada"), join("bo"), join("cy")
    for author in (ada, bo):
        follow(cy, author)
    fresh = post(ada, "fresh")
    boost(db, bo, fresh)
    assert home(cy) == [fresh]
    settle()
    boost(db, ada, fresh)
    assert home(cy) == [fresh]


def test_without_a_worker_whoever_posts_settles(
    join: Callable[..., Any], db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = join("ada")
    old = [post(ada, f"post {number}") for number in range(actions._OVERDUE_AT_ONCE + 2)]
    later = clock.now() + 2 * clock.MINUTE
    monkeypatch.setattr(clock, "now", lambda: later)
    new = post(ada, "a minute later")
    marked = {str(one.post_id) for one in db.read_now(queries.list_fresh, 100)}
    assert marked == {*old[-2:], new}
    assert home(ada)[:2] == [new, old[-1]]


def test_one_job_settles_for_all_who_post_meanwhile(
    join: Callable[..., Any], db: Database, settle: Callable[[], None]
) -> None:
    ada = join("ada")

    def waiting() -> int:
        return int(
            db.read_now(
                lambda tx: tx.script("SELECT count(*) FROM jobs WHERE kind = 'feeds.settle'")
            )[0][0]
        )

    for text in ("one", "two", "three"):
        post(ada, text)
    assert waiting() == 1
    settle()
    post(ada, "four")
    assert waiting() == 2
