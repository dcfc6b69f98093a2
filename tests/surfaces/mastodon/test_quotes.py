"""Quoting: who may, what is shown of it to whom, and taking it back."""

from typing import Any

import pytest

from surfaces.mastodon.test_publishing import follow


def post(member: Any, text: str = "words", **more: Any) -> Any:
    return member.post("/api/v1/statuses", status=text, **more).json()


def seen(viewer: Any, status: Any) -> Any:
    return viewer.get(f"/api/v1/statuses/{status['id']}").json()


def test_a_quote_shows_what_it_quotes(ada: Any, bo: Any, visitor: Any) -> None:
    original = post(ada, "original")
    quote = post(bo, "see this", quoted_status_id=original["id"])
    assert quote["quote"]["state"] == "accepted"
    assert quote["quote"]["quoted_status"]["content"] == "<p>original</p>"
    assert seen(visitor, quote)["quote"]["quoted_status"]["id"] == original["id"]
    assert seen(visitor, original)["quotes_count"] == 1
    # Clients that know no quotes find a link; others leave the paragraph out.
    assert quote["content"].startswith('<p class="quote-inline">RE: <a href="')
    linked = post(bo, f"see {original['url']}", quoted_status_id=original["id"])
    assert "quote-inline" not in linked["content"]


def test_a_quote_may_have_no_text_and_the_older_name(ada: Any, bo: Any) -> None:
    original = post(ada)
    quote = post(bo, "", quote_id=original["id"])
    assert quote["quote"]["quoted_status"]["id"] == original["id"]


def test_a_quoted_quote_names_what_it_quotes_by_id(ada: Any, bo: Any) -> None:
    first = post(ada, "first")
    second = post(bo, "second", quoted_status_id=first["id"])
    third = post(ada, "third", quoted_status_id=second["id"])
    inner = third["quote"]["quoted_status"]["quote"]
    assert inner == {"state": "accepted", "quoted_status_id": first["id"]}


def test_a_boost_of_a_quote_shows_the_quote_whole(ada: Any, bo: Any) -> None:
    quote = post(bo, "see", quoted_status_id=post(ada, "original")["id"])
    boost = ada.post(f"/api/v1/statuses/{quote['id']}/reblog").json()
    assert boost["reblog"]["quote"]["quoted_status"]["content"] == "<p>original</p>"


@pytest.mark.parametrize(
    ("policy", "automatic", "stranger", "follower"),
    [
        ("public", ["public"], "automatic", "automatic"),
        ("followers", ["followers"], "denied", "automatic"),
        ("nobody", [], "denied", "denied"),
    ],
)
def test_who_may_quote(
    join: Any, visitor: Any, policy: str, automatic: list[str], stranger: str, follower: str
) -> None:
    ada, bo, cy = join("ada"), join("bo"), join("cy")
    follow(cy, ada)
    original = post(ada, quote_approval_policy=policy)
    for member, expected in ((bo, stranger), (cy, follower), (ada, "automatic")):
        approval = {"automatic": automatic, "manual": [], "current_user": expected}
        assert seen(member, original)["quote_approval"] == approval
        tried = member.post("/api/v1/statuses", status="q", quoted_status_id=original["id"])
        assert tried.status_code == (200 if expected == "automatic" else 403)
    assert seen(visitor, original)["quote_approval"]["current_user"] == "denied"


def test_the_policy_can_be_changed_and_quotes_stay(ada: Any, bo: Any) -> None:
    original = post(ada)
    quote = post(bo, quoted_status_id=original["id"])
    path = f"/api/v1/statuses/{original['id']}/interaction_policy"
    changed = ada.put(path, quote_approval_policy="nobody").json()
    assert changed["quote_approval"]["automatic"] == []
    assert seen(bo, original)["quote_approval"]["current_user"] == "denied"
    assert seen(bo, quote)["quote"]["state"] == "accepted"
    assert bo.put(path, quote_approval_policy="public").status_code == 404


def test_posts_for_few_are_quoted_by_their_author_alone(join: Any) -> None:
    ada, bo = join("ada"), join("bo")
    follow(bo, ada)
    private = post(ada, "for followers", visibility="private", quote_approval_policy="public")
    assert private["quote_approval"]["automatic"] == []
    refused = bo.post("/api/v1/statuses", status="q", quoted_status_id=private["id"])
    assert refused.status_code == 403
    own = post(ada, "own", visibility="public", quoted_status_id=private["id"])
    assert own["visibility"] == "private"
    direct = post(ada, "@bo", visibility="direct")
    refused = ada.post("/api/v1/statuses", status="q", quoted_status_id=direct["id"])
    assert refused.status_code == 403


def test_a_direct_quote_mentions_whom_it_quotes(ada: Any, bo: Any) -> None:
    original = post(bo)
    tried = {"visibility": "direct", "quoted_status_id": original["id"]}
    assert ada.post("/api/v1/statuses", status="psst", **tried).status_code == 422
    assert ada.post("/api/v1/statuses", status="@bo psst", **tried).status_code == 200


def test_what_one_cannot_see_one_cannot_see_quoted(join: Any, visitor: Any) -> None:
    ada, bo, cy = join("ada"), join("bo"), join("cy")
    follow(bo, ada)
    private = post(ada, "for followers", visibility="private")
    quote = post(ada, "@cy look", visibility="direct", quoted_status_id=private["id"])
    assert seen(cy, quote)["quote"] == {"state": "unauthorized", "quoted_status": None}
    assert "for followers" not in cy.get(f"/api/v1/statuses/{quote['id']}").text


def test_blocks_and_mutes_stand_before_a_quote(join: Any) -> None:
    ada, bo, cy = join("ada"), join("bo"), join("cy")
    original = post(ada, "by ada")
    quote = post(bo, "look", quoted_status_id=original["id"])
    cy.post(f"/api/v1/accounts/{ada.id}/mute")
    muted = seen(cy, quote)["quote"]
    assert (muted["state"], muted["quoted_status"]["id"]) == ("muted_account", original["id"])
    cy.post(f"/api/v1/accounts/{ada.id}/block")
    blocked = seen(cy, quote)["quote"]
    assert (blocked["state"], blocked["quoted_status"]["id"]) == (
        "blocked_account",
        original["id"],
    )
    cy.post(f"/api/v1/accounts/{ada.id}/unblock")
    cy.post(f"/api/v1/accounts/{ada.id}/unmute")
    ada.post(f"/api/v1/accounts/{cy.id}/block")
    assert seen(cy, quote)["quote"] == {"state": "unauthorized", "quoted_status": None}


def test_a_quote_can_be_revoked(join: Any) -> None:
    ada, bo, cy = join("ada"), join("bo"), join("cy")
    original = post(ada)
    quote = post(bo, "look", quoted_status_id=original["id"])
    path = f"/api/v1/statuses/{original['id']}/quotes/{quote['id']}/revoke"
    assert cy.post(path).status_code == 403
    assert ada.post(path).json()["quote"] == {"state": "revoked", "quoted_status": None}
    assert seen(bo, quote)["quote"] == {"state": "revoked", "quoted_status": None}
    assert seen(ada, original)["quotes_count"] == 0
    assert ada.get(f"/api/v1/statuses/{original['id']}/quotes").json() == []
    other = post(cy)
    wrong = f"/api/v1/statuses/{original['id']}/quotes/{other['id']}/revoke"
    assert ada.post(wrong).status_code == 404


def test_a_quote_of_a_deleted_status_says_so(ada: Any, bo: Any) -> None:
    original = post(ada)
    quote = post(bo, "look", quoted_status_id=original["id"])
    ada.delete(f"/api/v1/statuses/{original['id']}")
    assert seen(bo, quote)["quote"] == {"state": "deleted", "quoted_status": None}


def test_the_quotes_of_a_status_are_listed_to_who_can_read_them(join: Any) -> None:
    ada, bo, cy = join("ada"), join("bo"), join("cy")
    original = post(ada)
    path = f"/api/v1/statuses/{original['id']}/quotes"
    open_ = [post(bo, str(n), quoted_status_id=original["id"])["id"] for n in range(3)]
    post(bo, "hidden", visibility="private", quoted_status_id=original["id"])
    assert [s["id"] for s in cy.get(path).json()] == open_[::-1]
    page = cy.get(path, limit=2)
    assert [s["id"] for s in page.json()] == open_[:0:-1]
    assert f"max_id={open_[1]}" in page.headers["link"]
    bo.delete(f"/api/v1/statuses/{open_[0]}")
    assert seen(ada, original)["quotes_count"] == 3
