"""What members do in many tests, through the API where it can be done there."""

from typing import Any

from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.posts.actions import boost_post
from folkmoot.domain.posts.model import Visibility
from folkmoot.kit.db import Database, Tx


def post(member: Any, text: str, **more: Any) -> str:
    made = member.post("/api/v1/statuses", status=text, **more)
    assert made.status_code == 200, made.text
    return str(made.json()["id"])


def boost(db: Database, member: Any, post_id: str) -> str:
    def do(tx: Tx) -> int:
        booster = get_account(tx, member.account.id)
        return boost_post(tx, booster, int(post_id), visibility=Visibility.PUBLIC).id

    return str(db.write_now(do))


def ids(client: Any, path: str, **params: Any) -> list[str]:
    response = client.get(f"/api/v1/{path}", **params)
    assert response.status_code == 200, response.text
    return [status["id"] for status in response.json()]


def home(member: Any) -> list[str]:
    return ids(member, "timelines/home")


def follow(member: Any, other: Any, **options: Any) -> None:
    assert member.post(f"/api/v1/accounts/{other.id}/follow", **options).status_code == 200
