import asyncio

import pytest

from conftest import Client, Member, decode
from folkmoot.domain.instance import actions
from folkmoot.kit import clock
from folkmoot.kit.db import Database
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.custom_emojis import load_emoji
from folkmoot.surfaces.mastodon.entities.announcement import Announcement
from folkmoot.surfaces.mastodon.entities.custom_emoji import CustomEmoji

PARTY = "🎉"


def add_tree(db: Database) -> None:
    db.write_now(
        actions.add_emoji,
        "tree",
        file="emoji/a/o.png",
        static_file="emoji/a/s.png",
        category="wood",
    )


def listed(member: Member, **params: object) -> list[Announcement]:
    found: list[Announcement] = decode(
        member.get("/api/v1/announcements", **params), list[Announcement]
    )
    return found


def test_members_read_and_dismiss(ada: Member, bo: Member, db: Database) -> None:
    made = db.write_now(actions.publish_announcement, "Moot on Friday, says @bo #moot")
    (shown,) = listed(ada)
    assert shown.id == str(made.id)
    assert shown.mentions[0].username == "bo"
    assert shown.tags[0].name == "moot"
    assert 'href="http://127.0.0.1:8080/@bo"' in shown.content
    assert ada.post(f"/api/v1/announcements/{made.id}/dismiss").json() == {}
    assert listed(ada) == []
    assert [each.read for each in listed(ada, with_dismissed="true")] == [True]
    assert len(listed(bo)) == 1


def test_posts_that_everybody_may_read_are_linked(ada: Member, db: Database) -> None:
    posts = [
        ada.post("/api/v1/statuses", status="Come", visibility=visibility).json()
        for visibility in ("public", "private")
    ]
    links = " ".join(post["url"] for post in posts)
    db.write_now(actions.publish_announcement, f"{links} http://127.0.0.1:8080/@ada/x")
    (shown,) = listed(ada)
    assert [(each.id, each.url) for each in shown.statuses] == [(posts[0]["id"], posts[0]["url"])]


def test_it_is_shown_until_what_it_announces_is_over(ada: Member, db: Database) -> None:
    now = clock.now()
    db.write_now(actions.publish_announcement, "over", starts_at=now - 2_000, ends_at=now - 1_000)
    db.write_now(actions.publish_announcement, "on", starts_at=now - 1_000, ends_at=now + 60_000)
    assert [each.content for each in listed(ada)] == ["<p>on</p>"]


def test_reactions_are_counted(ada: Member, bo: Member, db: Database, app: App) -> None:
    add_tree(db)
    asyncio.run(load_emoji(app))
    made = db.write_now(actions.publish_announcement, "Moot")
    path = f"/api/v1/announcements/{made.id}/reactions"
    for member, name in ((ada, PARTY), (bo, PARTY), (bo, "tree")):
        assert member.put(f"{path}/{name}").status_code == 200
    party, tree = listed(ada)[0].reactions
    assert (party.name, party.count, party.me) == (PARTY, 2, True)
    assert (tree.name, tree.count, tree.me) == ("tree", 1, False)
    assert tree.url == "http://127.0.0.1:8080/media/emoji/a/o.png"
    assert ada.delete(f"{path}/{PARTY}").status_code == 200
    assert listed(ada)[0].reactions[0].count == 1


@pytest.mark.parametrize(
    "name", ["nosuch", "ab", "12", "🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉"]
)
def test_only_emoji_are_reactions(ada: Member, db: Database, name: str) -> None:
    made = db.write_now(actions.publish_announcement, "Moot")
    response = ada.put(f"/api/v1/announcements/{made.id}/reactions/{name}")
    assert response.status_code == 422
    assert response.json()["error"] == "Validation failed: Name is not a recognized emoji"


@pytest.mark.parametrize("name", ["❤️", "👍🏽", "🇪🇺", "1️⃣", "👩‍👩‍👧", "☮️"])
def test_compound_emoji_are_reactions(ada: Member, db: Database, name: str) -> None:
    made = db.write_now(actions.publish_announcement, "Moot")
    assert ada.put(f"/api/v1/announcements/{made.id}/reactions/{name}").status_code == 200


def test_no_more_than_eight_kinds(ada: Member, db: Database) -> None:
    made = db.write_now(actions.publish_announcement, "Moot")
    answers = [
        ada.put(f"/api/v1/announcements/{made.id}/reactions/{name}").status_code
        for name in "🍏🍎🍐🍊🍋🍌🍉🍇🍓🍏"
    ]
    assert answers == [200] * 8 + [422, 200]


def test_unknown_announcements_are_not_found(ada: Member) -> None:
    assert ada.post("/api/v1/announcements/1/dismiss").status_code == 404
    assert ada.put(f"/api/v1/announcements/1/reactions/{PARTY}").status_code == 404


def test_withdrawing_forgets_everything(ada: Member, db: Database) -> None:
    made = db.write_now(actions.publish_announcement, "Moot")
    ada.put(f"/api/v1/announcements/{made.id}/reactions/{PARTY}")
    db.write_now(actions.withdraw_announcement, made.id)
    assert listed(ada) == []


def test_visitors_have_no_announcements(visitor: Client) -> None:
    assert visitor.get("/api/v1/announcements").status_code == 401


def test_emoji_are_listed_and_found_in_posts(
    visitor: Client, ada: Member, db: Database, app: App
) -> None:
    post = ada.post("/api/v1/statuses", status="under the :tree:").json()
    assert post["emojis"] == []
    add_tree(db)
    asyncio.run(load_emoji(app))
    (emoji,) = decode(visitor.get("/api/v1/custom_emojis"), list[CustomEmoji])
    assert (emoji.shortcode, emoji.category) == ("tree", "wood")
    again = visitor.get(f"/api/v1/statuses/{post['id']}").json()
    assert again["emojis"][0]["shortcode"] == "tree"
    db.write_now(actions.remove_emoji, "tree")
    asyncio.run(load_emoji(app))
    assert visitor.get(f"/api/v1/statuses/{post['id']}").json()["emojis"] == []
