"""Nobody reads a post outside its visibility (I4): whatever people do, every way to read agrees
with an oracle of twenty lines.
"""

import itertools
from collections.abc import Callable
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PEOPLE = 4
VISIBILITIES = ("public", "unlisted", "private", "direct")

person = st.integers(0, PEOPLE - 1)
which = st.integers(0, 7)
happening = st.one_of(
    st.tuples(st.sampled_from(["follow", "unfollow", "block", "unblock", "mute"]), person, person),
    st.tuples(
        st.just("post"),
        person,
        st.sampled_from(VISIBILITIES),
        st.frozensets(person, max_size=2),
        st.one_of(st.none(), which),
    ),
    st.tuples(st.sampled_from(["boost", "quote", "favourite", "bookmark"]), person, which),
)
_round = itertools.count()


class Post(msgspec.Struct):
    id: str
    author: int
    visibility: str
    mentions: frozenset[int] = frozenset()
    parent: "Post | None" = None
    original: "Post | None" = None


class World:
    """Who follows, blocks, mutes whom, and who wrote what: the truth the server is held to."""

    def __init__(self, join: Callable[..., Any], visitor: Any) -> None:
        number = next(_round)
        self.people = [join(f"p{number}_{n}") for n in range(PEOPLE)]
        self.visitor = visitor
        self.follows: set[tuple[int, int]] = set()
        self.blocks: set[tuple[int, int]] = set()
        self.mutes: set[tuple[int, int]] = set()
        self.marks: dict[str, set[tuple[int, str]]] = {"favourite": set(), "bookmark": set()}
        self.posts: list[Post] = []

    def parted(self, one: int, other: int) -> bool:
        return bool({(one, other), (other, one)} & self.blocks)

    def reads(self, viewer: int | None, post: Post) -> bool:
        if post.original is not None and not self.reads(viewer, post.original):
            return False
        if viewer is None:
            return post.visibility in ("public", "unlisted")
        if viewer == post.author:
            return True
        if self.parted(viewer, post.author):
            return False
        follows = (viewer, post.author) in self.follows
        return (
            post.visibility in ("public", "unlisted")
            or (post.visibility == "private" and follows)
            or viewer in post.mentions
        )

    def hides(self, viewer: int | None, author: int) -> bool:
        if viewer is None or viewer == author:
            return False
        return (viewer, author) in self.mutes or self.parted(viewer, author)

    def happen(self, what: str, who: int, *more: Any) -> None:
        if what in ("boost", "quote", "favourite", "bookmark"):
            self.touch(what, who, *more)
        elif what == "post":
            self.write(who, *more)
        elif who != more[0]:
            self.relate(what, who, more[0])

    def relate(self, what: str, who: int, whom: int) -> None:
        me, other = self.people[who], self.people[whom]
        done = me.post(f"/api/v1/accounts/{other.id}/{what}").status_code == 200
        if what == "follow":
            assert done is not self.parted(who, whom)
            if done:
                self.follows.add((who, whom))
        elif what == "unfollow":
            self.follows.discard((who, whom))
        elif what == "block":
            self.blocks.add((who, whom))
            self.follows -= {(who, whom), (whom, who)}
        elif what == "unblock":
            self.blocks.discard((who, whom))
        else:
            self.mutes.add((who, whom))

    def write(
        self, who: int, visibility: str, mentions: frozenset[int], answered: int | None
    ) -> None:
        parent = self.pick(answered)
        names = " ".join(f"@{self.people[n].account.username}" for n in sorted(mentions))
        body = {"status": f"words #here {names}", "visibility": visibility}
        if parent is not None:
            body["in_reply_to_id"] = parent.id
        made = self.people[who].post("/api/v1/statuses", **body)
        if parent is not None and not self.reads(who, parent):
            assert made.status_code == 404
            return
        answers = parent.original or parent if parent else None
        self.posts.append(Post(made.json()["id"], who, visibility, mentions, answers))

    def pick(self, number: int | None) -> Post | None:
        return self.posts[number % len(self.posts)] if number is not None and self.posts else None

    def touch(self, what: str, who: int, number: int) -> None:
        post = self.pick(number)
        if post is None:
            return
        me = self.people[who]
        if what == "quote":
            made = me.post("/api/v1/statuses", status="see", quoted_status_id=post.id)
            if not self.reads(who, post):
                assert made.status_code == 404
            elif made.status_code == 200:
                shown = made.json()
                self.posts.append(Post(shown["id"], who, shown["visibility"]))
            return
        name = "reblog" if what == "boost" else what
        done = me.post(f"/api/v1/statuses/{post.id}/{name}")
        if not self.reads(who, post):
            assert done.status_code == 404
        elif what == "boost" and done.status_code == 200:
            shown = done.json()
            if all(p.id != shown["id"] for p in self.posts):
                boosted = post.original or post
                self.posts.append(Post(shown["id"], who, shown["visibility"], original=boosted))
        elif what != "boost":
            self.marks[what].add((who, (post.original or post).id))


def ids(statuses: list[Any]) -> list[str]:
    return [status["id"] for status in statuses]


def all_ids(value: Any) -> set[str]:
    """The ids of every status anywhere in an answer: listed, boosted or quoted."""
    if isinstance(value, list):
        return {i for each in value for i in all_ids(each)}
    if not isinstance(value, dict):
        return set()
    own = {value["id"]} if "reblogs_count" in value else set()
    return own | {i for each in value.values() for i in all_ids(each)}


def check(world: World, viewer: int | None) -> None:
    client = world.visitor if viewer is None else world.people[viewer]
    readable = {p.id for p in world.posts if world.reads(viewer, p)}
    every = [p.id for p in world.posts]
    asked = client.request("GET", "/api/v1/statuses", params={"id[]": every[:40]}).json()
    assert set(ids(asked)) == readable & set(every[:40])
    for post in world.posts:
        expected = 200 if post.id in readable else 404
        path = f"/api/v1/statuses/{post.id}"
        for end in ("", "/history", "/reblogged_by", "/favourited_by"):
            assert client.get(path + end).status_code == expected, end
        if viewer is not None:
            for end in ("/source", "/quotes"):
                assert client.get(path + end).status_code == expected, end
        check_thread(world, viewer, client, post, expected)
    check_lists(world, viewer, client, readable)


def check_thread(world: World, viewer: int | None, client: Any, post: Post, code: int) -> None:
    answer = client.get(f"/api/v1/statuses/{post.id}/context")
    assert answer.status_code == code
    if code == 404:
        return

    def shown(other: Post) -> bool:
        return world.reads(viewer, other) and not world.hides(viewer, other.author)

    here = post.original or post
    above = []
    step = here.parent
    while step is not None:
        above.insert(0, step)
        step = step.parent
    below = [p for p in world.posts if here in _line(p)]
    assert ids(answer.json()["ancestors"]) == [p.id for p in above if shown(p)]
    assert set(ids(answer.json()["descendants"])) == {p.id for p in below if shown(p)}


def _line(post: Post) -> list[Post]:
    return [] if post.parent is None else [post.parent, *_line(post.parent)]


def check_lists(world: World, viewer: int | None, client: Any, readable: set[str]) -> None:
    known = {p.id for p in world.posts}
    paths = ["timelines/public", "timelines/tag/here"]
    paths += [f"accounts/{p.id}/statuses?limit=40" for p in world.people]
    if viewer is not None:
        paths += ["timelines/home", "timelines/direct", "notifications", "conversations"]
        paths += ["search?type=statuses&q=words&limit=40"]
    for path in paths:
        version = "v2" if path.startswith("search") else "v1"
        answer = client.request("GET", f"/api/{version}/{path}")
        assert answer.status_code in (200, 404), path
        # A quote of someone blocked is shown behind a click; no list shows it by itself.
        assert all_ids(_without_blocked(answer.json())) & known <= readable, path
    if viewer is not None:
        for what, path in (("favourite", "favourites"), ("bookmark", "bookmarks")):
            marked = {i for who, i in world.marks[what] if who == viewer}
            listed = client.get(f"/api/v1/{path}", limit=40).json()
            assert set(ids(listed)) == marked & readable


def _without_blocked(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_blocked(each) for each in value]
    if not isinstance(value, dict) or value.get("state") == "blocked_account":
        return {} if isinstance(value, dict) else value
    return {name: _without_blocked(each) for name, each in value.items()}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(happenings=st.lists(happening, min_size=3, max_size=14))
def test_every_way_to_read_agrees_on_who_may(
    join: Any, visitor: Any, happenings: list[Any]
) -> None:
    world = World(join, visitor)
    for what, who, *more in happenings:
        world.happen(what, who, *more)
    for viewer in (*range(PEOPLE), None):
        check(world, viewer)
