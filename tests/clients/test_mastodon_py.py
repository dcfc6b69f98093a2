"""Ada and Bo, who use applications made with Mastodon.py, on a server that runs for them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest
from mastodon import Mastodon, MastodonNotFoundError, MastodonUnauthorizedError, StreamListener
from tests.clients.people import Person, until

import sample_media as samples

if TYPE_CHECKING:
    from tests.clients.live import Live

pytestmark = pytest.mark.clients

SCOPES = ["read", "write", "follow", "push"]
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"


def use(live: Live, person: Person) -> Mastodon:
    """An application of somebody's own, let in by its owner at the consent page."""
    name = f"Kite of {person.name}"
    client_id, secret = Mastodon.create_app(
        name, scopes=SCOPES, redirect_uris=OUT_OF_BAND, api_base_url=live.url
    )
    kite = Mastodon(client_id=client_id, client_secret=secret, api_base_url=live.url)
    asked = kite.auth_request_url(scopes=SCOPES, redirect_uris=OUT_OF_BAND, allow_http=True)
    code = person.let_in(asked, named=name)
    kite.log_in(code=code, scopes=SCOPES, redirect_uri=OUT_OF_BAND, allow_http=True)
    assert kite.me().acct == person.name
    return kite


@pytest.fixture(scope="module")
def hers(live: Live, ada: Person) -> Mastodon:
    return use(live, ada)


@pytest.fixture(scope="module")
def his(live: Live, bo: Person) -> Mastodon:
    return use(live, bo)


class Heard(StreamListener):
    """Keeps what a stream tells, in order."""

    def __init__(self) -> None:
        self.told: Queue[tuple[str, Any]] = Queue()
        self.is_open = False

    def handle_heartbeat(self) -> None:
        self.is_open = True

    def on_update(self, status: Any) -> None:
        self.told.put(("update", status))

    def on_notification(self, notification: Any) -> None:
        self.told.put(("notification", notification))

    def on_status_update(self, status: Any) -> None:
        self.told.put(("edit", status))

    def on_delete(self, status_id: Any) -> None:
        self.told.put(("delete", status_id))

    def next(self, kind: str) -> Any:
        """The next thing of a kind; what else comes before is passed over."""
        while True:
            found, what = self.told.get(timeout=10)
            if found == kind:
                return what


@contextmanager
def listening(open_stream: Callable[..., Any]) -> Iterator[Heard]:
    """Hears a stream of server-sent events while the block runs."""
    heard = Heard()
    handle = open_stream(heard, run_async=True)
    try:
        until(handle.is_receiving)
        # The first sign of life comes when the subscription is there.
        until(lambda: heard.is_open)
        yield heard
    finally:
        handle.close()


def texts(statuses: Any) -> list[str]:
    return [status.content.removeprefix("<p>").removesuffix("</p>") for status in statuses]


def test_a_picture_and_a_question_reach_a_follower(hers: Mastodon, his: Mastodon) -> None:
    his.account_follow(hers.me())
    media = hers.media_post(
        samples.picture(), mime_type="image/png", description="A red square", synchronous=True
    )
    with listening(his.stream_user) as heard:
        shown = hers.status_post("My square", media_ids=[media], sensitive=True)
        seen = heard.next("update")
    assert (seen.id, seen.account.acct, seen.sensitive) == (shown.id, "ada", True)
    assert [m.description for m in seen.media_attachments] == ["A red square"]
    assert seen.media_attachments[0].type == "image"

    poll = hers.make_poll(["Tea", "Coffee"], expires_in=600)
    asked = hers.status_post("Which?", poll=poll)
    assert [option.title for option in his.status(asked).poll.options] == ["Tea", "Coffee"]
    his.poll_vote(asked.poll, [1])
    assert [option.votes_count for option in hers.poll(asked.poll).options] == [0, 1]
    assert his.poll(asked.poll).own_votes == [1]


def test_what_one_does_the_other_is_told(hers: Mastodon, his: Mastodon) -> None:
    post = hers.status_post("Good morning")
    with listening(hers.stream_user) as heard:
        answer = his.status_reply(post, "Good morning to you")
        told = heard.next("notification")
        assert (told.type, told.account.acct, told.status.id) == ("mention", "bo", answer.id)
        his.status_favourite(post)
        assert heard.next("notification").type == "favourite"
        his.status_reblog(post)
        assert heard.next("notification").type == "reblog"
    thread = hers.status_context(post)
    assert [(s.id, s.in_reply_to_id) for s in thread.descendants] == [(answer.id, post.id)]
    assert [a.acct for a in hers.status_favourited_by(post)] == ["bo"]
    assert [a.acct for a in hers.status_reblogged_by(post)] == ["bo"]
    counted = hers.status(post)
    assert (counted.favourites_count, counted.reblogs_count, counted.replies_count) == (1, 1, 1)
    kinds = [n.type for n in hers.notifications() if n.status and n.status.id == post.id]
    assert set(kinds) == {"favourite", "reblog"}
    his.status_bookmark(post)
    assert [s.id for s in his.bookmarks()] == [post.id]
    assert hers.bookmarks() == []
    his.status_unreblog(post)
    his.status_unfavourite(post)
    assert hers.status(post).favourites_count == 0
    assert his.favourites() == []


def test_edits_and_deletions_reach_who_saw_the_post(hers: Mastodon, his: Mastodon) -> None:
    his.account_follow(hers.me())
    with listening(his.stream_user) as heard:
        post = hers.status_post("I like tee")
        assert heard.next("update").id == post.id
        hers.status_update(post, "I like tea")
        assert texts([heard.next("edit")]) == ["I like tea"]
        assert texts(his.status_history(post)) == ["I like tee", "I like tea"]
        hers.status_delete(post)
        assert str(heard.next("delete")) == str(post.id)
    with pytest.raises(MastodonNotFoundError):
        his.status(post)


def test_a_direct_post_is_between_two(hers: Mastodon, his: Mastodon) -> None:
    secret = hers.status_post("@bo only you", visibility="direct")
    (talk,) = his.conversations()
    assert (talk.last_status.id, talk.unread) == (secret.id, True)
    his.conversations_read(talk)
    assert his.conversations()[0].unread is False
    assert secret.id not in [s.id for s in his.timeline_public()]


def test_lists_and_filters_change_what_one_sees(hers: Mastodon, his: Mastodon) -> None:
    his.account_follow(hers.me())
    friends = his.list_create("Friends")
    his.list_accounts_add(friends, [hers.me()])
    assert [a.acct for a in his.list_accounts(friends)] == ["ada"]
    plain = hers.status_post("A walk")
    spoilt = hers.status_post("The butler did it")
    assert [s.id for s in his.timeline_list(friends)[:2]] == [spoilt.id, plain.id]
    made = his.create_filter_v2(
        "Spoilers",
        context=["home"],
        filter_action="warn",
        keywords_attributes=[{"keyword": "butler", "whole_word": True}],
    )
    seen = {s.id: s for s in his.timeline_home()}
    assert seen[spoilt.id].filtered[0].filter.title == "Spoilers"
    assert not seen[plain.id].filtered
    assert not hers.status(spoilt).filtered
    his.delete_filter_v2(made)
    his.list_delete(friends)
    assert his.lists() == []


def test_every_timeline_is_read_page_by_page(hers: Mastodon, his: Mastodon) -> None:
    his.account_follow(hers.me())
    posted = [hers.status_post(f"Number {n} #counting").id for n in range(7)]
    newest_first = posted[::-1]
    for first in (
        his.timeline_home(limit=3),
        his.timeline_local(limit=3),
        his.timeline_public(limit=3),
        his.timeline_hashtag("counting", limit=3),
        his.account_statuses(hers.me(), limit=3),
    ):
        assert [s.id for s in first] == newest_first[:3]
        second = his.fetch_next(first)
        assert [s.id for s in second] == newest_first[3:6]
        assert [s.id for s in his.fetch_previous(second)] == newest_first[:3]
    # What came meanwhile, from where one had stopped reading.
    since = his.timeline_home(min_id=posted[2], limit=2)
    assert [s.id for s in since] == [posted[4], posted[3]]


def test_search_finds_posts_people_and_tags(hers: Mastodon, his: Mastodon) -> None:
    post = hers.status_post("A heron in the reeds #herons")
    assert [s.id for s in hers.search("reeds", result_type="statuses").statuses] == [post.id]
    assert [a.acct for a in his.search("ada", result_type="accounts").accounts] == ["ada"]
    assert [t.name for t in his.search("heron", result_type="hashtags").hashtags] == ["herons"]


def test_all_of_ones_own_can_be_carried_away(hers: Mastodon, his: Mastodon) -> None:
    """As an application for backups does it: every page, until there are no more."""
    hers.account_follow(his.me())
    wrote = [his.status_post(f"Page {n}").id for n in range(45)]
    kept = list(itertools.islice(his.pagination_iterator(his.account_statuses(his.me())), 200))
    assert [s.id for s in kept[:45]] == wrote[::-1]
    assert len(kept) == his.me().statuses_count
    followers = his.fetch_remaining(his.account_followers(his.me(), limit=1))
    assert [a.acct for a in followers] == ["ada"]


def test_signing_out_ends_what_the_application_may(live: Live, ada: Person) -> None:
    kite = use(live, ada)
    token = kite.access_token
    kite.revoke_access_token(allow_http=True)
    late = Mastodon(access_token=token, api_base_url=live.url)
    with pytest.raises(MastodonUnauthorizedError):
        late.account_verify_credentials()
