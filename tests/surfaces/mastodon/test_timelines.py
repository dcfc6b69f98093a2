import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from acts import boost, follow, home, ids, post
from folkmoot import wiring
from folkmoot.domain.accounts.actions import save_profile
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.feeds import actions, jobs
from folkmoot.domain.posts.actions import delete_post
from folkmoot.kit.context import Context
from folkmoot.kit.db import Database, Tx
from folkmoot.kit.settings import Settings
from folkmoot.surfaces.app import App


def test_answers_reach_those_who_follow_both(join: Callable[..., Any]) -> None:
    ada, bo, cy, di = join("ada"), join("bo"), join("cy"), join("di")
    follow(cy, ada)
    follow(cy, bo)
    follow(di, bo)
    first = post(ada, "hello")
    answer = post(bo, "hello back", in_reply_to_id=first)
    onward = post(ada, "and on", in_reply_to_id=first)
    assert home(cy) == [onward, answer, first]
    assert home(di) == []
    follow(ada, bo)
    assert answer in home(ada)
    late = join("late")
    follow(late, bo)
    assert home(late) == []
    follow(late, ada)
    assert home(late) == [onward, first]


def test_boosts_come_once_and_can_be_declined(join: Callable[..., Any], db: Database) -> None:
    ada, bo, cy, di = join("ada"), join("bo"), join("cy"), join("di")
    for reader in (cy, di):
        follow(reader, ada)
        follow(reader, bo)
    follow(di, bo, reblogs=False)
    made = post(ada, "once")
    boost(db, bo, made)
    assert home(cy) == [made]
    outside = post(join("eve"), "from elsewhere")
    shared = boost(db, bo, outside)
    assert home(cy) == [shared, made]
    assert home(di) == [made]
    late = join("late")
    follow(late, bo)
    assert shared in home(late)


def test_a_direct_post_comes_home_to_followers_it_mentions(join: Callable[..., Any]) -> None:
    ada, bo, cy, di = join("ada"), join("bo"), join("cy"), join("di")
    follow(bo, ada)
    follow(di, ada)
    made = post(ada, "@bo @cy psst", visibility="direct")
    assert home(ada) == home(bo) == [made]
    assert home(cy) == home(di) == []
    for reader in (ada, bo, cy):
        assert ids(reader, "timelines/direct") == [made]
    assert ids(di, "timelines/direct") == []


def test_pages_follow_the_link_header(ada: Any) -> None:
    made = [post(ada, f"post {i}") for i in range(5)]
    first = ada.get("/api/v1/timelines/home", limit=2)
    assert [s["id"] for s in first.json()] == [made[4], made[3]]
    second = ada.request("GET", first.links["next"]["url"])
    assert [s["id"] for s in second.json()] == [made[2], made[1]]
    newer = ada.request("GET", second.links["prev"]["url"])
    assert [s["id"] for s in newer.json()] == [made[4], made[3]]
    assert ids(ada, "timelines/home", min_id=made[0], limit=2) == [made[2], made[1]]
    assert ids(ada, "timelines/home", since_id=made[0], limit=2) == [made[4], made[3]]


def test_public_pages_leave_out_the_limited(ada: Any, bo: Any, db: Database, visitor: Any) -> None:
    shown = post(ada, "hello")
    post(ada, "quiet", visibility="unlisted")
    post(bo, "an answer", in_reply_to_id=shown)
    assert ids(visitor, "timelines/public") == [shown]
    assert ids(visitor, "timelines/public", local=True) == [shown]
    assert ids(visitor, "timelines/public", remote=True) == []
    assert ids(visitor, "timelines/public", only_media=True) == []
    assert ids(bo, "timelines/public", local=True, only_media=True) == []
    db.write_now(lambda tx: save_profile(tx, get_account(tx, ada.account.id), limited_at=1))
    assert ids(visitor, "timelines/public") == []


def test_tag_pages_combine_tags(join: Callable[..., Any], visitor: Any) -> None:
    ada, bo = join("ada"), join("bo")
    tea = post(ada, "#tea")
    both = post(ada, "#Tea and #cake")
    cake = post(bo, "#cake")
    post(bo, "#tea", visibility="unlisted")
    path = "timelines/tag/TEA"
    assert ids(visitor, path) == [both, tea]
    assert ids(visitor, path, **{"any[]": "cake"}) == [cake, both, tea]
    assert ids(visitor, path, limit=2, **{"any[]": "cake"}) == [cake, both]
    assert ids(visitor, path, min_id=tea, limit=1, **{"any[]": "cake"}) == [both]
    assert ids(visitor, path, **{"all[]": "cake"}) == [both]
    assert ids(visitor, path, **{"all[]": ["cake", "unheard"]}) == []
    assert ids(visitor, path, **{"none[]": ["cake", "unheard"]}) == [tea]
    assert ids(visitor, path, only_media=True) == []
    assert ids(visitor, path, local=True) == [both, tea]
    assert ids(visitor, "timelines/tag/nothing") == []
    ada.post(f"/api/v1/accounts/{bo.id}/mute")
    assert ids(ada, "timelines/tag/cake") == [both]


def test_a_profile_shows_what_is_asked(
    join: Callable[..., Any], db: Database, visitor: Any
) -> None:
    ada, bo = join("ada"), join("bo")
    plain = post(ada, "plain #tea")
    private = post(ada, "for followers #tea", visibility="private")
    other = post(bo, "of bo")
    answer = post(ada, "@bo yes", in_reply_to_id=other)
    onward = post(ada, "more", in_reply_to_id=plain)
    shared = boost(db, ada, other)
    path = f"accounts/{ada.id}/statuses"
    assert ids(visitor, path) == [shared, onward, answer, plain]
    assert ids(visitor, path, exclude_reblogs=True) == [onward, answer, plain]
    assert ids(visitor, path, exclude_replies=True) == [shared, onward, plain]
    assert ids(visitor, path, exclude_replies=True, exclude_reblogs=True) == [onward, plain]
    assert ids(visitor, path, tagged="Tea") == [plain]
    assert ids(visitor, path, tagged="coffee") == []
    assert ids(visitor, path, only_media=True) == []
    assert ids(visitor, path, pinned=True) == []
    assert private not in ids(bo, path)
    follow(bo, ada)
    assert ids(bo, path, tagged="tea") == [private, plain]
    assert private in ids(ada, path)
    secret = post(ada, "@bo between us #tea", visibility="direct")
    assert ids(bo, path)[0] == secret
    assert ids(bo, path, exclude_direct=True) == ids(bo, path)[1:]
    assert ids(bo, path, tagged="tea", exclude_direct=True) == [private, plain]
    bo.post(f"/api/v1/accounts/{ada.id}/block")
    assert ids(bo, path) == []


def test_followed_tags_come_home(join: Callable[..., Any]) -> None:
    ada, bo, cy = join("ada"), join("bo"), join("cy")
    old = post(ada, "#tea")
    assert bo.post("/api/v1/tags/Tea/follow").json()["following"] is True
    assert home(bo) == [old]
    new = post(ada, "#TEA again")
    post(ada, "#tea for few", visibility="unlisted")
    both = post(cy, "#tea #cake")
    follow(bo, cy)
    assert home(bo) == [both, new, old]
    assert [tag["name"] for tag in bo.get("/api/v1/followed_tags").json()] == ["tea"]
    assert bo.post("/api/v1/tags/tea/unfollow").json()["following"] is False
    assert home(bo) == [both]
    assert bo.get("/api/v1/followed_tags").json() == []


def test_a_deleted_post_leaves_every_feed(join: Callable[..., Any], db: Database) -> None:
    ada, bo = join("ada"), join("bo")
    follow(bo, ada)
    made = post(ada, "gone soon")
    db.write_now(lambda tx: delete_post(tx, get_account(tx, ada.account.id), int(made)))
    assert home(ada) == home(bo) == []


def test_a_home_can_be_made_anew(join: Callable[..., Any], db: Database) -> None:
    ada, bo, cy, di = join("ada"), join("bo"), join("cy"), join("di")
    follow(di, ada)
    follow(di, bo)
    di.post("/api/v1/tags/tea/follow")
    first = post(ada, "hello")
    answer = post(bo, "answer", in_reply_to_id=first)
    post(bo, "to cy", in_reply_to_id=post(cy, "of cy"))
    tagged = post(cy, "#tea")
    own = post(di, "mine")
    boost(db, ada, tagged)
    before = home(di)
    assert set(before) >= {first, answer, tagged, own}

    def rebuild(tx: Tx) -> None:
        actions.clear_feed(tx, di.account.id)
        actions.rebuild_home(tx, di.account.id)

    db.write_now(rebuild)
    assert set(home(di)) >= set(before)


@pytest.mark.parametrize("batch", [1, 2, 5, 50])
def test_large_deliveries_go_in_batches(
    join: Callable[..., Any],
    app: App,
    loop: asyncio.AbstractEventLoop,
    batch: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "BATCH", batch)
    ada = join("ada")
    fans = [join(f"fan{i}") for i in range(5)]
    for fan in fans:
        follow(fan, ada)
        fan.post("/api/v1/tags/tea/follow")
        made = fan.post("/api/v1/lists", title="friends").json()["id"]
        fan.post(f"/api/v1/lists/{made}/accounts", account_ids=[ada.id])
    made = post(ada, "to many")
    assert sum(home(fan) == [made] for fan in fans) == min(batch, 5)
    loop.run_until_complete(wiring.build_worker(app).run_due())
    assert all(home(fan) == [made] for fan in fans)
    for fan in fans:
        (found,) = fan.get("/api/v1/lists").json()
        assert ids(fan, f"timelines/list/{found['id']}") == [made]
    tagged = post(join("eve"), "#tea")
    loop.run_until_complete(wiring.build_worker(app).run_due())
    assert all(home(fan) == [tagged, made] for fan in fans)


def test_feeds_are_cut_to_what_is_kept(
    ada: Any, app: App, loop: asyncio.AbstractEventLoop, settings: Settings
) -> None:
    made = [post(ada, f"post {i}") for i in range(25)]
    kept = msgspec.structs.replace(settings.retention, feed_posts=2)
    context = Context(msgspec.structs.replace(settings, retention=kept), app.db)
    loop.run_until_complete(jobs.settle(context, jobs.Settle()))
    loop.run_until_complete(jobs.trim(context, jobs.Trim()))
    assert home(ada) == [made[24], made[23]]
