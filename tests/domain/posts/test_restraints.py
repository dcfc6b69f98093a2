"""What decisions do to posts and accounts holds at every door, and is undone without a trace."""

from typing import Any

import pytest
from tests.acts import boost, follow, home, ids, post

from folkmoot.domain.accounts.actions import restrain_account
from folkmoot.domain.accounts.model import Restraint as AccountRestraint
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.deeds.model import Event
from folkmoot.domain.deeds.queries import deed_of_post
from folkmoot.domain.leaving.actions import ask_deletion, undo_deletion
from folkmoot.domain.posts.actions import restrain_post
from folkmoot.domain.posts.events import PostWritten
from folkmoot.domain.posts.model import Label, Restraint, Visibility, decode_labels
from folkmoot.domain.posts.queries import get_post
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Tx
from folkmoot.surfaces.archives.activities import PUBLIC, audience

WITHHELD = Restraint(visibility=Visibility.WITHHELD)
FREE = Restraint()


def restrain(db: Database, post_id: str, restraint: Restraint) -> None:
    def do(tx: Tx) -> None:
        restrain_post(tx, get_post(tx, int(post_id)), restraint)

    db.write_now(do)


def restrain_member(db: Database, member: Any, **restraint: int) -> None:
    db.write_now(restrain_account, member.account.id, AccountRestraint(**restraint))


def everywhere(client: Any, author: Any, words: str) -> dict[str, list[str]]:
    """Every list in which somebody could meet a post of `author`, in short."""
    found = {
        "public": ids(client, "timelines/public"),
        "tag": ids(client, "timelines/tag/here"),
        "profile": ids(client, f"accounts/{author.id}/statuses"),
    }
    if client.token:
        found["home"] = home(client)
        found["search"] = [
            s["id"] for s in client.get("/api/v2/search", q=words).json()["statuses"]
        ]
    return found


@pytest.fixture
def words(ada: Any, bo: Any) -> str:
    follow(bo, ada)
    ada.patch("/api/v1/accounts/update_credentials", indexable=True, discoverable=True)
    return post(ada, "xylograph @bo #here", language="en")


def test_a_withheld_post_is_its_authors_alone_until_it_is_free(
    db: Database, ada: Any, bo: Any, visitor: Any, words: str
) -> None:
    answer = post(bo, "see", in_reply_to_id=words)
    shown = {reader: everywhere(reader, ada, "xylograph") for reader in (ada, bo, visitor)}
    assert all(words in found for found in shown[bo].values())

    restrain(db, words, WITHHELD)
    for reader in (bo, visitor):
        assert all(words not in found for found in everywhere(reader, ada, "xylograph").values())
        assert reader.get(f"/api/v1/statuses/{words}").status_code == 404
        above = reader.get(f"/api/v1/statuses/{answer}/context").json()["ancestors"]
        assert above == []
    for act in ("favourite", "reblog", "bookmark"):
        assert bo.post(f"/api/v1/statuses/{words}/{act}").status_code == 404
    told = bo.get("/api/v1/notifications").json()
    assert [n["type"] for n in told if n.get("status", {}).get("id") == words] == []
    own = ada.get(f"/api/v1/statuses/{words}").json()
    assert own["visibility"] == "public"
    assert words in ids(ada, f"accounts/{ada.id}/statuses")

    restrain(db, words, FREE)
    assert {r: everywhere(r, ada, "xylograph") for r in (ada, bo, visitor)} == shown


def test_boosts_and_quotes_do_not_carry_a_withheld_post_on(
    db: Database, ada: Any, bo: Any, visitor: Any, words: str
) -> None:
    boosted = boost(db, bo, words)
    quoting = post(bo, "look", quoted_status_id=words)
    restrain(db, words, WITHHELD)
    assert visitor.get(f"/api/v1/statuses/{boosted}").status_code == 404
    assert "xylograph" not in visitor.get(f"/api/v1/statuses/{quoting}").text
    assert "xylograph" not in visitor.get(f"/api/v1/accounts/{bo.id}/statuses").text


def test_a_post_out_of_public_pages_is_still_there_for_followers(
    db: Database, ada: Any, bo: Any, visitor: Any, words: str
) -> None:
    restrain(db, words, Restraint(visibility=Visibility.UNLISTED))
    found = everywhere(bo, ada, "xylograph")
    assert (words in found["public"], words in found["tag"]) == (False, False)
    assert (words in found["home"], words in found["profile"]) == (True, True)
    assert visitor.get(f"/api/v1/statuses/{words}").status_code == 200


def test_a_screen_stays_whatever_the_author_edits(db: Database, ada: Any, words: str) -> None:
    restrain(db, words, Restraint(screened=True))
    assert ada.get(f"/api/v1/statuses/{words}").json()["sensitive"] is True
    ada.put(f"/api/v1/statuses/{words}", status="other words", sensitive=False)
    assert ada.get(f"/api/v1/statuses/{words}").json()["sensitive"] is True
    restrain(db, words, FREE)
    assert ada.get(f"/api/v1/statuses/{words}").json()["sensitive"] is False


def test_a_post_held_before_anybody_heard_of_it_appears_when_it_is_free(
    db: Database, ada: Any, bo: Any, words: str
) -> None:
    def hold(tx: Tx, fact: PostWritten) -> None:
        if "held" in fact.post.text:
            restrain_post(tx, fact.post, WITHHELD, fresh=True)

    db.facts.on(PostWritten, hold)
    held = post(ada, "held @bo #here")
    other = post(ada, "let through #here")
    assert home(bo)[0] == other
    assert [n["status"]["id"] for n in bo.get("/api/v1/notifications", types="mention").json()] == [
        words
    ]
    restrain(db, held, FREE)
    assert held in home(bo)
    assert held in ids(bo, "timelines/tag/here")
    told = bo.get("/api/v1/notifications").json()
    assert held in [n["status"]["id"] for n in told if n["type"] == "mention"]
    assert ada.get(f"/api/v1/accounts/{ada.id}").json()["statuses_count"] == 3


def test_a_withheld_post_can_be_deleted_and_leaves_no_count(
    db: Database, ada: Any, words: str
) -> None:
    restrain(db, words, WITHHELD)
    assert ada.delete(f"/api/v1/statuses/{words}").status_code == 200
    assert ada.get(f"/api/v1/accounts/{ada.id}").json()["statuses_count"] == 0


def test_a_withheld_direct_post_leaves_the_other_ones_conversation(
    db: Database, ada: Any, bo: Any
) -> None:
    follow(bo, ada)
    sent = post(ada, "@bo psst", visibility="direct")
    assert len(bo.get("/api/v1/conversations").json()) == 1
    restrain(db, sent, WITHHELD)
    assert bo.get(f"/api/v1/statuses/{sent}").status_code == 404
    assert "psst" not in bo.get("/api/v1/conversations").text
    ada.delete(f"/api/v1/statuses/{sent}")
    assert bo.get("/api/v1/conversations").json() == []


def test_whoever_may_not_post_reads_on_and_is_told_until_when(
    db: Database, ada: Any, bo: Any, words: str
) -> None:
    restrain_member(db, ada, paused_until=clock.now() + clock.DAY)
    other = post(bo, "hello")
    refused = [
        ada.post("/api/v1/statuses", status="no"),
        ada.post("/api/v1/statuses", status="later", scheduled_at="2040-01-01T00:00:00Z"),
        ada.put(f"/api/v1/statuses/{words}", status="other"),
        ada.post(f"/api/v1/statuses/{other}/reblog"),
    ]
    assert [r.status_code for r in refused] == [403] * 4
    assert all("UTC: a decision pauses it" in r.json()["error"] for r in refused)
    assert ada.post(f"/api/v1/statuses/{other}/bookmark").status_code == 200
    assert ada.delete(f"/api/v1/statuses/{words}").status_code == 200
    restrain_member(db, ada, paused_until=clock.now() - 1)
    assert post(ada, "again")


def test_whoever_addresses_followers_alone_reaches_nobody_else(
    db: Database, ada: Any, bo: Any, join: Any, words: str
) -> None:
    cy = join("cy")
    hers, others = post(bo, "mine"), post(cy, "mine too")
    restrain_member(db, ada, contact_limited_at=clock.now())
    assert ada.post("/api/v1/statuses", status="to all").status_code == 200
    assert ada.post("/api/v1/statuses", status="@bo hi", in_reply_to_id=hers).status_code == 200
    refused = [
        ada.post("/api/v1/statuses", status="@cy hi"),
        ada.post("/api/v1/statuses", status="hi", in_reply_to_id=others),
        ada.post("/api/v1/statuses", status="hi", quoted_status_id=others),
        ada.post(f"/api/v1/statuses/{others}/reblog"),
        ada.post(f"/api/v1/statuses/{others}/favourite"),
        ada.post(f"/api/v1/accounts/{cy.id}/follow"),
        ada.put(f"/api/v1/statuses/{words}", status="xylograph @cy"),
    ]
    assert [r.status_code for r in refused] == [403] * len(refused)
    assert all("follow you" in r.json()["error"] for r in refused)
    restrain_member(db, ada)
    assert ada.post("/api/v1/statuses", status="@cy hi").status_code == 200


def test_media_of_a_screened_account_are_screened_from_then_on(
    db: Database, ada: Any, words: str
) -> None:
    restrain_member(db, ada, screened_at=clock.now())
    after = post(ada, "after")
    shown = [ada.get(f"/api/v1/statuses/{i}").json()["sensitive"] for i in (words, after)]
    assert shown == [False, True]


def test_labels_are_kept_with_the_post(db: Database, words: str) -> None:
    restrain(db, words, Restraint(labels=(Label(7, "context", "spam-1", 1),)))
    kept = db.read_now(get_post, int(words))
    assert decode_labels(kept) == [Label(7, "context", "spam-1", 1)]


def test_a_withheld_direct_post_is_still_nobodys_to_look_through(
    db: Database, ada: Any, bo: Any
) -> None:
    sent = post(ada, "@bo psst", visibility="direct")
    restrain(db, sent, WITHHELD)

    def look(tx: Tx) -> Any:
        found = get_post(tx, int(sent))
        return deed_of_post(tx, found, get_account(tx, found.author_id), Event.EDIT)

    assert db.read_now(look) is None


def test_an_archive_says_whom_its_author_meant_a_post_for(db: Database, ada: Any) -> None:
    said = post(ada, "to all")
    restrain(db, said, WITHHELD)
    found = db.read_now(get_post, int(said))
    author = db.read_now(get_account, ada.account.id)
    assert audience(found, author, "https://here.example")[0] == [PUBLIC]


def test_decisions_do_not_bring_a_leaving_account_back_into_view(
    db: Database, ada: Any, visitor: Any
) -> None:
    words = post(ada, "bye")

    def leave(tx: Tx) -> None:
        ask_deletion(tx, get_user(tx, ada.account.id))

    db.write_now(leave)
    for restraint in ({"suspended_at": clock.now() + 5}, {}, {"paused_until": 1 << 50}):
        restrain_member(db, ada, **restraint)
        assert visitor.get(f"/api/v1/statuses/{words}").status_code == 404
    restrain_member(db, ada)
    db.write_now(undo_deletion, ada.account.id)
    assert visitor.get(f"/api/v1/statuses/{words}").status_code == 200
