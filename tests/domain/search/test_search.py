"""Who finds what, on both databases."""

import datetime as dt
from collections.abc import Callable

import pytest

from conftest import Member
from folkmoot.domain.accounts.actions import save_profile
from folkmoot.domain.accounts.events import ProfileChanged
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.interactions.actions import bookmark_post, favourite_post, unfavourite_post
from folkmoot.domain.posts.actions import boost_post, delete_post, publish_post
from folkmoot.domain.posts.model import Draft, Post, Visibility
from folkmoot.domain.search import actions, jobs, queries
from folkmoot.domain.search.queries import search_posts
from folkmoot.kit.db import Database, Page, Tx
from folkmoot.kit.ids import time_of
from folkmoot.kit.text import parse_query


class Searching:
    """Publishes and finds, by members and words."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def post(self, member: Member, text: str, **draft: object) -> Post:
        def publish(tx: Tx) -> Post:
            author = get_account(tx, member.account.id)
            return publish_post(tx, author, draft=Draft(text=text, **draft))  # type: ignore[arg-type]

        return self.db.write_now(publish)

    def open(self, member: Member, *, indexable: bool = True) -> None:
        def choose(tx: Tx) -> None:
            save_profile(tx, get_account(tx, member.account.id), indexable=indexable)
            tx.announce(ProfileChanged(member.account.id))

        self.db.write_now(choose)

    def find(self, member: Member | None, words: str, **how: int) -> list[str]:
        limit = how.pop("limit", 20)
        bounds = {name: how.pop(name) for name in ("max_id", "since_id") if name in how}

        def search(tx: Tx) -> list[str]:
            viewer = member.account.id if member else 0
            found = search_posts(
                tx,
                parse_query(words),
                Page(limit=limit, **bounds),
                viewer_id=viewer,
                **how,  # type: ignore[arg-type]
            )
            texts = dict(tx.script("SELECT id, text FROM posts"))
            return [texts[post_id] for post_id in found]

        return self.db.read_now(search)


@pytest.fixture
def search(db: Database) -> Searching:
    return Searching(db)


def test_one_finds_ones_own_posts_and_nobody_elses(
    search: Searching, ada: Member, bo: Member
) -> None:
    search.post(ada, "bread from the market")
    search.post(ada, "bread for few", visibility=Visibility.FOLLOWERS)
    search.post(bo, "bread and butter")
    assert search.find(ada, "bread") == ["bread for few", "bread from the market"]
    assert search.find(None, "bread") == []


def test_public_posts_of_those_who_allow_it_are_found_by_all(
    search: Searching, ada: Member, bo: Member
) -> None:
    search.open(bo)
    search.post(bo, "bread, public")
    search.post(bo, "bread, unlisted", visibility=Visibility.UNLISTED)
    search.post(bo, "bread, followers", visibility=Visibility.FOLLOWERS)
    assert search.find(ada, "bread") == ["bread, public"]
    assert search.find(None, "bread") == ["bread, public"]


def test_what_one_has_marked_or_is_mentioned_in_is_found(
    search: Searching, ada: Member, bo: Member, db: Database
) -> None:
    texts = ["bread marked", "bread kept", "bread boosted", "bread for @ada", "bread unmarked"]
    posts = {text: search.post(bo, text) for text in texts}
    me = ada.account.id
    db.write_now(favourite_post, me, posts["bread marked"].id)
    db.write_now(bookmark_post, me, posts["bread kept"].id)
    db.write_now(favourite_post, me, posts["bread unmarked"].id)
    db.write_now(unfavourite_post, me, posts["bread unmarked"].id)

    def boost(tx: Tx) -> None:
        account = get_account(tx, me)
        boost_post(tx, account, posts["bread boosted"].id, visibility=Visibility.PUBLIC)

    db.write_now(boost)
    expected = ["bread for @ada", "bread boosted", "bread kept", "bread marked"]
    assert search.find(ada, "bread") == expected
    assert search.find(ada, "bread in:library") == expected
    assert search.find(ada, "bread in:public") == []
    assert search.find(ada, "bread -kept", limit=2) == ["bread for @ada", "bread boosted"]
    assert search.find(ada, "bread", limit=2, offset=2) == ["bread kept", "bread marked"]


@pytest.mark.parametrize("sizes", [(0, 1, 9), (2, 3, 9), (0, 500, 9), (300, 500, 1), (300, 500, 9)])
def test_a_large_library_is_searched_as_well(
    search: Searching,
    ada: Member,
    bo: Member,
    db: Database,
    monkeypatch: pytest.MonkeyPatch,
    sizes: tuple[int, int, int],
) -> None:
    monkeypatch.setattr(queries, "_SMALL_LIBRARY", sizes[0])
    monkeypatch.setattr(queries, "_NEWEST_MATCHES", sizes[1])
    monkeypatch.setattr(queries, "_LOOKED_AT", sizes[2])
    for number in range(8):
        post = search.post(bo, f"bread {number} {'rye' if number % 2 else 'wheat'}")
        if number % 3:
            db.write_now(favourite_post, ada.account.id, post.id)
    assert [text[6] for text in search.find(ada, "bread")] == list("75421")
    assert [text[6] for text in search.find(ada, "bread rye")] == list("751")
    assert [text[6] for text in search.find(ada, "bread -rye")] == list("42")
    assert [text[6] for text in search.find(ada, "from:bo -rye")] == list("42")
    assert [text[6] for text in search.find(ada, "-rye")] == list("42")
    assert [text[6] for text in search.find(ada, "bread", limit=2)] == list("75")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("東京", ["東京都の天気は晴れ"]),
        ("天気", ["東京都の天気は晴れ"]),
        ("京都", ["東京都の天気は晴れ"]),
        ("都", ["東京都の天気は晴れ"]),
        ("我们", ["我们今天去公园散步"]),
        ("公园散步", ["我们今天去公园散步"]),
        ("散步公园", []),
        ("园 今天", ["我们今天去公园散步"]),
        ("Cafe", ["Un café crème"]),
        ("CREME", ["Un café crème"]),
        ("ｃａｆｅ", ["Un café crème"]),
        ('"café crème"', ["Un café crème"]),
        ('"crème café"', []),
    ],
)
def test_words_of_every_script_are_found(
    search: Searching, ada: Member, words: str, found: list[str]
) -> None:
    for text in ("東京都の天気は晴れ", "我们今天去公园散步", "Un café crème"):
        search.post(ada, text)
    assert search.find(ada, words) == found


def test_operators(search: Searching, ada: Member, bo: Member) -> None:
    search.open(bo)
    plain = search.post(bo, "plain tea", language="en")
    search.post(bo, "tea at https://tea.example", language="de")
    search.post(ada, "sweet tea", language="zh-TW")
    search.post(bo, "more tea", in_reply_to_id=plain.id)
    search.post(bo, "hot tea", spoiler_text="careful")
    find = search.find
    assert find(ada, "tea from:me") == ["sweet tea"]
    assert find(ada, "tea from:bo is:reply") == ["more tea"]
    assert find(ada, "tea -from:bo") == ["sweet tea"]
    assert find(ada, "tea from:nobody") == []
    assert find(ada, "tea has:link") == ["tea at https://tea.example"]
    assert find(ada, "tea language:zh") == ["sweet tea"]
    assert find(ada, "tea language:zh-TW") == ["sweet tea"]
    assert find(ada, "tea language:de") == ["tea at https://tea.example"]
    assert find(ada, "careful") == ["hot tea"]
    assert find(ada, "tea -is:sensitive -is:reply -has:link") == ["sweet tea", "plain tea"]
    assert find(ada, "from:bo is:sensitive") == ["hot tea"]
    assert find(ada, "tea", author_id=bo.account.id, limit=1) == ["hot tea"]
    assert find(ada, "§p") == []


def test_days_bound_the_search(search: Searching, ada: Member) -> None:
    # Ids never go back, so after a test that moved the clock they are ahead of it.
    at = time_of(search.post(ada, "tea").id)
    today = dt.datetime.fromtimestamp(at / 1_000, dt.UTC).date()
    tomorrow, yesterday = today + dt.timedelta(days=1), today - dt.timedelta(days=1)
    assert search.find(ada, f"tea during:{today}") == ["tea"]
    assert search.find(ada, f"before:{tomorrow} after:{yesterday}") == ["tea"]
    assert search.find(ada, f"tea before:{today}") == []
    assert search.find(ada, f"tea after:{today}") == []
    assert search.find(ada, "tea before:0001-01-01") == []
    assert search.find(ada, "tea after:9999-12-30") == []


def test_pages_go_on_where_the_last_ended(search: Searching, ada: Member) -> None:
    posts = [search.post(ada, f"tea {number}") for number in range(5)]
    assert search.find(ada, "tea", limit=2, max_id=posts[3].id) == ["tea 2", "tea 1"]
    assert search.find(ada, "tea", since_id=posts[3].id) == ["tea 4"]


@pytest.mark.parametrize(
    "words", ["", "  ", '"', "-", "()", "AND", "*", "' \" ) OR :*", "§", "\x00"]
)
def test_no_question_is_an_error(search: Searching, ada: Member, words: str) -> None:
    search.post(ada, "tea")
    assert search.find(ada, words) == []


def test_deleted_posts_are_gone_from_the_index(
    search: Searching, ada: Member, db: Database
) -> None:
    post = search.post(ada, "tea")
    db.write_now(delete_post, ada.account, post.id)
    assert db.read_now(lambda tx: tx.script("SELECT COUNT(*) FROM post_index")) == [(0,)]


def test_hidden_authors_are_not_found(search: Searching, ada: Member, bo: Member) -> None:
    search.open(bo)
    search.post(bo, "tea for @ada")
    assert search.find(ada, "tea") == ["tea for @ada"]
    assert ada.post(f"/api/v1/accounts/{bo.id}/mute").status_code == 200
    assert search.find(ada, "tea") == []


def test_changing_ones_mind_changes_what_is_found(
    search: Searching, ada: Member, bo: Member, db: Database, run_jobs: Callable[[], None]
) -> None:
    search.post(bo, "tea")
    search.open(bo)
    run_jobs()
    assert search.find(ada, "tea") == ["tea"]
    search.open(bo, indexable=False)
    assert search.find(ada, "tea") == []
    run_jobs()
    assert not db.read_now(actions.is_out_of_step, bo.account.id)


def test_the_index_is_built_anew(search: Searching, ada: Member, db: Database) -> None:
    for number in range(3):
        search.post(ada, f"tea {number}")
    db.write_now(actions.clear_index)
    assert search.find(ada, "tea") == []
    jobs.rebuild(db)
    assert search.find(ada, "tea") == ["tea 2", "tea 1", "tea 0"]
