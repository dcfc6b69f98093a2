"""A member's things, one of each kind, so that any operation has something to work on."""

from typing import Any

from sample_media import picture

SOON = "2036-01-01T12:00:00.000Z"


def furnish(member: Any, other: Any) -> dict[str, str]:
    """Makes them through the API; gives what stands for each path parameter, by the path up to
    and with it: `/api/v1/lists/{id}`."""
    me, my_name = _who(member)
    them, their_name = _who(other)
    member.patch("/api/v1/accounts/update_credentials", locked=True, discoverable=True)
    other.patch("/api/v1/accounts/update_credentials", discoverable=True)
    member.post(f"/api/v1/accounts/{them}/follow")
    other.post(f"/api/v1/accounts/{me}/follow")
    poll = {"options": ["Yes", "No"], "expires_in": 86_400}
    status = _made(
        member, "/api/v1/statuses", status=f"A #tree for @{their_name} https://tree.example"
    )
    asked = _made(other, "/api/v1/statuses", status="A tree?", poll=poll)
    _made(other, "/api/v1/statuses", status=f"@{my_name} come", in_reply_to_id=status["id"])
    _made(other, "/api/v1/statuses", status=f"@{my_name} psst", visibility="direct")
    listed = _made(member, "/api/v1/lists", title="Friends")
    keywords = [{"keyword": "stone"}]
    filtered = _made(
        member, "/api/v2/filters", title="Stones", context=["home"], keywords_attributes=keywords
    )
    kept_out = _made(member, f"/api/v2/filters/{filtered['id']}/statuses", status_id=asked["id"])
    collection = _made(member, "/api/v1/collections", name="Trees")["collection"]
    item = _made(member, f"/api/v1/collections/{collection['id']}/items", account_id=them)
    scheduled = _made(member, "/api/v1/statuses", status="Soon", scheduled_at=SOON)
    featured = _made(member, "/api/v1/featured_tags", name="tree")
    files = {"file": ("tree.jpg", picture(size=(60, 40)), "image/jpeg")}
    media = member.request("POST", "/api/v1/media", files=files).json()
    told = member.get("/api/v2/notifications").json()["notification_groups"]
    notices = member.get("/api/v1/notifications").json()
    talks = member.get("/api/v1/conversations").json()
    keyword = filtered["keywords"][0]["id"]
    return {
        "/api/v1/accounts/{id}": them,
        "/api/v1/accounts/{account_id}": them,
        "/api/v1/collections/{collection_id}": collection["id"],
        "/api/v1/collections/{collection_id}/items/{id}": item["collection_item"]["id"],
        "/api/v1/collections/{id}": collection["id"],
        "/api/v1/conversations/{id}": talks[0]["id"],
        "/api/v1/featured_tags/{id}": featured["id"],
        "/api/v1/filters/{id}": keyword,
        "/api/v1/follow_requests/{account_id}": them,
        "/api/v1/instance/terms_of_service/{date}": "2026-01-01",
        "/api/v1/lists/{id}": listed["id"],
        "/api/v1/media/{id}": media["id"],
        "/api/v1/notifications/{id}": notices[0]["id"],
        "/api/v1/polls/{id}": asked["poll"]["id"],
        "/api/v1/scheduled_statuses/{id}": scheduled["id"],
        "/api/v1/statuses/{id}": status["id"],
        "/api/v1/suggestions/{account_id}": them,
        "/api/v1/tags/{id}": "tree",
        "/api/v1/timelines/list/{list_id}": listed["id"],
        "/api/v1/timelines/tag/{hashtag}": "tree",
        "/api/v2/filters/keywords/{id}": keyword,
        "/api/v2/filters/statuses/{id}": kept_out["id"],
        "/api/v2/filters/{filter_id}": filtered["id"],
        "/api/v2/filters/{id}": filtered["id"],
        "/api/v2/notifications/{group_key}": told[0]["group_key"],
    }


def furnish_team(root: Any, them: str) -> dict[str, str]:
    """What the team works on, made by somebody who may use their role by the API."""
    report = _made(root, "/api/v1/reports", account_id=them, category="spam", comment="Trees")
    admin = "/api/v1/admin"
    network = {"ip": "192.0.2.0/24", "severity": "sign_up_block"}
    blocks = {
        "email_domain_blocks": {"domain": "spam.example"},
        "canonical_email_blocks": {"email": "bad@spam.example"},
        "ip_blocks": network,
    }
    made = {kind: _made(root, f"{admin}/{kind}", **sent)["id"] for kind, sent in blocks.items()}
    return {
        f"{admin}/accounts/{{id}}": them,
        f"{admin}/reports/{{id}}": report["id"],
        **{f"{admin}/{kind}/{{id}}": block_id for kind, block_id in made.items()},
    }


def _who(member: Any) -> tuple[str, str]:
    account = member.get("/api/v1/accounts/verify_credentials").json()
    return account["id"], account["username"]


def _made(member: Any, path: str, **body: Any) -> dict[str, Any]:
    response = member.post(path, **body)
    assert response.status_code == 200, response.text
    made: dict[str, Any] = response.json()
    return made


def fill(path: str, things: dict[str, str], **instead: str) -> str:
    """A path with something in the place of each parameter; `1` where nothing was made."""
    filled = path
    for part in path.split("/"):
        if part.startswith("{"):
            until = path[: path.index(part) + len(part)]
            filled = filled.replace(part, instead.get(part[1:-1], things.get(until, "1")), 1)
    return filled
