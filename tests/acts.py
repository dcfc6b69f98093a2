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


MARK = "xylograph"


def do_everything(ada: Any, bo: Any) -> list[str]:
    """Ada does much, with a MARK in all she writes, and Bo around it; the places where Bo meets
    something of Ada's."""
    ada.patch("/api/v1/accounts/update_credentials", display_name=f"{MARK} Ada", discoverable=True)
    ada.patch("/api/v1/accounts/update_credentials", indexable=True)
    follow(bo, ada)
    follow(ada, bo)
    bos = post(bo, "Good morning")
    first = post(ada, f"A {MARK} for all #{MARK}")
    poll = {"options": [MARK, "no"], "expires_in": 600}
    asked = ada.post("/api/v1/statuses", status=MARK, poll=poll).json()
    answer = post(ada, f"{MARK} yes", in_reply_to_id=bos)
    direct = post(ada, f"@bo {MARK}", visibility="direct")
    post(bo, "@ada hello", visibility="direct", in_reply_to_id=direct)
    bo.post("/api/v1/statuses", status="see", quoted_status_id=first)
    post(bo, "an answer", in_reply_to_id=first)
    for act in ("favourite", "bookmark", "reblog"):
        assert bo.post(f"/api/v1/statuses/{first}/{act}").status_code == 200
    for act in ("favourite", "bookmark", "reblog"):
        assert ada.post(f"/api/v1/statuses/{bos}/{act}").status_code == 200
    ada.post(f"/api/v1/statuses/{first}/pin")
    bo.post(f"/api/v1/polls/{asked['poll']['id']}/votes", choices=[0])
    mine = bo.post("/api/v1/lists", title="Friends").json()["id"]
    bo.post(f"/api/v1/lists/{mine}/accounts", account_ids=[ada.id])
    hers = ada.post("/api/v1/lists", title=MARK).json()["id"]
    ada.post(f"/api/v1/lists/{hers}/accounts", account_ids=[bo.id])
    bo.post(f"/api/v1/accounts/{ada.id}/note", comment="nice")
    bo.post(f"/api/v1/accounts/{ada.id}/pin")
    ada.post(f"/api/v1/tags/{MARK}/follow")
    ada.post("/api/v1/statuses", status=MARK, scheduled_at="2100-01-01T00:00:00Z")
    return [
        f"/api/v1/accounts/{ada.id}",
        "/api/v1/accounts/lookup?acct=ada",
        f"/api/v1/accounts/{ada.id}/statuses",
        f"/api/v1/accounts/{bo.id}/followers",
        f"/api/v1/accounts/{bo.id}/following",
        f"/api/v1/lists/{mine}/accounts",
        f"/api/v1/timelines/list/{mine}",
        "/api/v1/timelines/home",
        "/api/v1/timelines/public",
        f"/api/v1/timelines/tag/{MARK}",
        "/api/v1/notifications",
        "/api/v1/favourites",
        "/api/v1/bookmarks",
        "/api/v2/search?q=ada&type=accounts",
        f"/api/v2/search?q={MARK}&type=statuses",
        f"/api/v1/statuses/{first}",
        f"/api/v1/statuses/{first}/context",
        f"/api/v1/statuses/{answer}",
        f"/api/v1/statuses/{bos}/reblogged_by",
        f"/api/v1/statuses/{bos}/favourited_by",
        f"/api/v1/statuses/{bos}/context",
        "/api/v1/directory?local=true",
        "/.well-known/webfinger?resource=acct:ada@127.0.0.1:8080",
        "/@ada",
        f"/@ada/{first}",
    ]
