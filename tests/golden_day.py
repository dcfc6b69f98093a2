"""A day in a small village on which something of every kind happens: what the API answers then
holds an example of every entity.
"""

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Any

import httpx
import msgspec

from conftest import Client, Member
from folkmoot.domain.accounts.actions import add_alias, move_account
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.appeals.actions import appeal_as_author
from folkmoot.domain.cards.actions import store_card
from folkmoot.domain.cards.model import Found
from folkmoot.domain.cards.queries import find_linked_card
from folkmoot.domain.decisions.actions import decide
from folkmoot.domain.decisions.model import Draft, Step, Subject, SubjectKind
from folkmoot.domain.discovery.actions import compute_trends
from folkmoot.domain.instance.actions import add_emoji, publish_announcement
from folkmoot.domain.media.actions import add_finished, add_unfinished
from folkmoot.domain.media.model import AttachmentId, Focus, Kind, Made, MediaChange, Meta, Size
from folkmoot.domain.notifications import actions as notifications
from folkmoot.domain.notifications.model import Kind as NoticeKind
from folkmoot.domain.notifications.model import Notice, Severance, Warned
from folkmoot.domain.notifications.queries import get_notification
from folkmoot.domain.oauth.actions import issue_token
from folkmoot.domain.policy.actions import publish_version
from folkmoot.domain.policy.model import Kind as DocumentKind
from folkmoot.domain.policy.model import start_of_day
from folkmoot.domain.sessions.actions import record
from folkmoot.domain.sessions.model import Method, Visit
from folkmoot.kit import clock
from folkmoot.kit.db import Tx
from folkmoot.kit.ids import new_id
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.custom_emojis import load_emoji
from folkmoot.surfaces.mastodon.entities.web_push import present_push

PICTURE = Made(
    Kind.IMAGE,
    "media/abc/7-tree.jpg",
    "media/abc/7-small.jpg",
    "image/jpeg",
    "LKO2?U%2Tw=w]~RBVZRi};RPxuwH",
    48_211,
    Meta(original=Size(1200, 800), preview=Size(588, 392)),
)
FILM = Made(
    Kind.VIDEO,
    "media/abc/8-brook.mp4",
    "media/abc/8-brook.jpg",
    "video/mp4",
    "L00000fQfQfQfQfQfQfQfQfQfQfQ",
    901_020,
    Meta(
        original=Size(1280, 720),
        preview=Size(640, 360),
        duration_s=12.5,
        length="0:00:12.50",
        frame_rate="24/1",
        fps=24,
        bitrate=576_652,
        audio_encode="aac (LC)",
        audio_rate_hz=44_100,
        audio_channels="stereo",
    ),
)
SOUND = Made(
    Kind.AUDIO,
    "media/abc/9-bell.mp3",
    "",
    "audio/mpeg",
    "",
    30_000,
    Meta(
        duration_s=3.0,
        length="0:00:03.00",
        bitrate=128_000,
        audio_encode="mp3",
        audio_rate_hz=44_100,
        audio_channels="mono",
    ),
)
PAGE = Found(
    url="https://news.example/moot",
    title="A moot under the oak",
    description="Forty came.",
    author_name="Bo",
    author_url="http://127.0.0.1:8080/@bo",
    provider_name="News",
    provider_url="https://news.example",
    width=640,
    height=360,
    image="cards/abc/1-oak.jpg",
    image_description="An oak",
    blurhash="L00000fQfQfQfQfQfQfQfQfQfQfQ",
    language="en",
    published_at=1_767_225_600_000,
    creator="bo@127.0.0.1:8080",
)


class Village:
    """Who lives there, the hand of their clock, and everything that was answered."""

    def __init__(
        self,
        app: App,
        join: Callable[..., Member],
        visitor: Client,
        loop: asyncio.AbstractEventLoop,
        hand: Callable[[], None],
    ) -> None:
        self.app = app
        self.db = app.db
        self.answers: list[httpx.Response] = []
        self.loop = loop
        self._hand = hand
        self.visitor = visitor
        form = {"client_name": "Kite", "redirect_uris": "kite://back", "scopes": "read write"}
        self.kite = self.ask(
            visitor, "POST", "/api/v1/apps", **form, website="https://kite.example"
        )
        app_id = int(self.kite["id"])
        members = []
        for name, role in (("ada", "owner"), ("bo", "member"), ("cy", "member"), ("dee", "member")):
            self._hand()  # so that the first id of a minute is theirs, whatever else gets one
            members.append(join(name, role=role, app_id=app_id))
        self.ada, self.bo, self.cy, self.dee = members

    def ask(self, who: Client, method: str, path: str, **sent: Any) -> Any:
        """Asks the API, a minute later than before; gives what was answered."""
        self._hand()
        key = "params" if method in ("GET", "DELETE") else "json"
        response = who.request(method, path, **{key: sent})
        assert response.status_code < 300, f"{method} {path}: {response.text}"
        self.answers.append(response)
        return response.json()

    def do(self, act: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """What happens without the API."""
        self._hand()
        return self.db.write_now(act, *args, **more)


def _upload(description: str | None = None) -> MediaChange:
    return MediaChange(
        AttachmentId(new_id()), description, Focus(0.25, -0.5) if description else None
    )


def live(village: Village) -> None:
    """The whole day."""
    for part in (_settle, _talk, _sort, _gather, _tend, _look_around, _be_told, _leave):
        part(village)
    for part in (_judge, _be_judged):
        part(village)


def _settle(v: Village) -> None:
    profile = {
        "display_name": "Ada of the :oak:",
        "note": "I plant #trees",
        "discoverable": True,
        "indexable": True,
        "fields_attributes": [{"name": "Home", "value": "https://ada.example"}],
        "source": {"language": "en", "privacy": "public"},
    }
    v.do(add_emoji, "oak", file="emoji/a/oak.png", static_file="emoji/a/s.png", category="wood")
    v.loop.run_until_complete(load_emoji(v.app))
    v.ask(v.ada, "PATCH", "/api/v1/accounts/update_credentials", **profile)
    fields = {"discoverable": True, "attribution_domains": ["news.example"]}
    v.ask(v.bo, "PATCH", "/api/v1/profile", **fields)
    v.ask(v.cy, "PATCH", "/api/v1/profile", locked=True, bot=True)
    for follower, followed in ((v.bo, v.ada), (v.dee, v.ada), (v.ada, v.bo), (v.bo, v.cy)):
        v.ask(follower, "POST", f"/api/v1/accounts/{followed.id}/follow", languages=["en"])
    v.ask(v.ada, "POST", f"/api/v1/accounts/{v.bo.id}/note", comment="met under the oak")
    v.ask(v.ada, "POST", f"/api/v1/accounts/{v.bo.id}/endorse")
    v.ask(v.ada, "GET", "/api/v1/accounts/verify_credentials")
    v.ask(v.bo, "GET", "/api/v1/accounts/verify_credentials")
    v.ask(v.cy, "GET", "/api/v1/follow_requests")


def _talk(v: Village) -> None:
    picture, film, sound = (
        v.do(add_finished, v.ada.account.id, _upload(said), made)
        for said, made in (("A tree", PICTURE), ("A brook", FILM), (None, SOUND))
    )
    first = v.ask(
        v.ada,
        "POST",
        "/api/v1/statuses",
        status="A :oak: for @bo #Trees",
        spoiler_text="a tree",
        media_ids=[str(picture.id)],
        language="en",
    )
    v.ask(v.ada, "POST", "/api/v1/statuses", media_ids=[str(film.id)])
    v.ask(v.ada, "POST", "/api/v1/statuses", media_ids=[str(sound.id)], visibility="unlisted")
    reply = v.ask(v.bo, "POST", "/api/v1/statuses", status="@ada Fine", in_reply_to_id=first["id"])
    quote = v.ask(v.bo, "POST", "/api/v1/statuses", status="Look", quoted_status_id=first["id"])
    v.ask(v.dee, "POST", "/api/v1/statuses", status="Look there", quoted_status_id=quote["id"])
    poll = {"options": ["Oak :oak:", "Beech"], "expires_in": 3_600, "hide_totals": True}
    asked = v.ask(v.bo, "POST", "/api/v1/statuses", status="Which?", poll=poll)
    v.ask(v.ada, "GET", f"/api/v1/polls/{asked['poll']['id']}")
    v.ask(v.ada, "POST", f"/api/v1/polls/{asked['poll']['id']}/votes", choices=[0])
    v.ask(v.bo, "POST", f"/api/v1/statuses/{first['id']}/reblog")
    for act in ("favourite", "bookmark", "mute"):
        v.ask(v.bo, "POST", f"/api/v1/statuses/{first['id']}/{act}")
    v.ask(v.ada, "POST", f"/api/v1/statuses/{first['id']}/pin")
    edit = {"status": "Two trees", "poll": {"options": ["Oak", "Elm"], "expires_in": 7_200}}
    v.ask(v.bo, "PUT", f"/api/v1/statuses/{asked['id']}", **edit)
    v.ask(v.bo, "PUT", f"/api/v1/statuses/{quote['id']}", status="Look here")
    for status in (first, asked, quote):
        v.ask(v.visitor, "GET", f"/api/v1/statuses/{status['id']}/history")
    v.ask(v.bo, "GET", f"/api/v1/statuses/{first['id']}/source")
    v.ask(v.visitor, "GET", f"/api/v1/statuses/{reply['id']}/context")
    for friend in (v.bo, v.cy):
        v.ask(friend, "POST", "/api/v1/statuses", status="@ada psst", visibility="direct")
    _link(v, [v.ada, v.bo, v.dee])
    v.ask(v.visitor, "GET", "/api/v1/timelines/public")
    v.ask(v.bo, "GET", "/api/v1/timelines/home")


def _link(v: Village, writers: list[Member]) -> None:
    for writer in writers:
        made = v.ask(writer, "POST", "/api/v1/statuses", status=f"News: {PAGE.url}")
        card_id = v.db.read_now(find_linked_card, int(made["id"]))
    v.do(store_card, card_id, PAGE)
    v.ask(v.visitor, "GET", f"/api/v1/statuses/{made['id']}")


def _sort(v: Village) -> None:
    keywords = [{"keyword": "brook", "whole_word": True}]
    made = v.ask(
        v.bo,
        "POST",
        "/api/v2/filters",
        title="Water",
        context=["home", "public"],
        filter_action="warn",
        keywords_attributes=keywords,
    )
    theirs = v.ask(v.visitor, "GET", f"/api/v1/accounts/{v.ada.id}/statuses")
    v.ask(v.bo, "POST", f"/api/v2/filters/{made['id']}/statuses", status_id=theirs[-1]["id"])
    v.ask(v.bo, "POST", "/api/v2/filters", title="Fire", context=["home"], expires_in=3_600)
    v.ask(v.bo, "GET", "/api/v2/filters")
    v.ask(v.bo, "POST", "/api/v1/filters", phrase="smoke", context=["home"], expires_in=600)
    v.ask(v.bo, "GET", "/api/v1/timelines/home")
    listed = v.ask(v.ada, "POST", "/api/v1/lists", title="Near", exclusive=True)
    v.ask(v.ada, "POST", f"/api/v1/lists/{listed['id']}/accounts", account_ids=[v.bo.id])
    v.ask(v.bo, "POST", "/api/v1/markers", home={"last_read_id": theirs[0]["id"]})
    v.ask(v.bo, "POST", f"/api/v1/accounts/{v.dee.id}/mute", duration=3_600)
    v.ask(v.bo, "POST", f"/api/v1/accounts/{v.cy.id}/mute")
    v.ask(v.bo, "GET", "/api/v1/mutes")
    v.ask(v.bo, "GET", "/api/v1/preferences")
    both = [v.ada.id, v.bo.id]
    v.ask(v.dee, "GET", "/api/v1/accounts/familiar_followers", **{"id[]": both})
    people = [v.ada.id, v.cy.id, v.dee.id]
    v.ask(v.bo, "GET", "/api/v1/accounts/relationships", **{"id[]": people})


def _gather(v: Village) -> None:
    made = v.ask(
        v.ada,
        "POST",
        "/api/v1/collections",
        name="Planters",
        description="They plant",
        language="en",
        tag_name="trees",
        account_ids=[v.bo.id],
    )["collection"]
    v.ask(v.ada, "POST", "/api/v1/collections", name="Nobody yet")
    v.ask(v.visitor, "GET", f"/api/v1/collections/{made['id']}")
    v.ask(v.visitor, "GET", f"/api/v1/accounts/{v.ada.id}/collections")
    v.ask(v.dee, "PATCH", "/api/v1/profile", discoverable=True)
    v.ask(v.ada, "POST", f"/api/v1/collections/{made['id']}/items", account_id=v.dee.id)
    v.ask(v.ada, "POST", "/api/v1/featured_tags", name="trees")
    v.ask(v.ada, "POST", "/api/v1/featured_tags", name="acorns")
    v.ask(v.ada, "GET", "/api/v1/profile")
    v.ask(v.bo, "POST", "/api/v1/tags/trees/follow")
    v.ask(v.visitor, "GET", "/api/v1/tags/trees")


def _tend(v: Village) -> None:
    soon = {"scheduled_at": "2026-03-02T12:00:00.000Z"}
    kept = v.do(add_finished, v.ada.account.id, _upload("Bark"), PICTURE)
    v.ask(v.ada, "POST", "/api/v1/statuses", status="Soon", **soon)
    poll = {"options": ["Yes", "No"], "expires_in": 3_600}
    v.ask(
        v.ada,
        "POST",
        "/api/v1/statuses",
        status="Soon too",
        poll=poll,
        sensitive=True,
        spoiler_text="later",
        language="en",
        in_reply_to_id=v.ask(v.visitor, "GET", "/api/v1/timelines/public")[0]["id"],
        quote_approval_policy="followers",
        **soon,
    )
    v.ask(v.ada, "POST", "/api/v1/statuses", media_ids=[str(kept.id)], **soon)
    waiting = v.do(
        add_unfinished,
        v.ada.account.id,
        MediaChange(AttachmentId(new_id())),
        FILM,
        process_at=1 << 42,
    )
    v.ask(v.ada, "GET", f"/api/v1/media/{waiting.id}")
    rule = v.ask(v.visitor, "GET", "/api/v1/instance/rules")[0]
    broken = {"category": "violation", "rule_ids": [rule["id"]], "comment": "Rude"}
    v.ask(v.bo, "POST", "/api/v1/reports", account_id=v.cy.id, **broken)
    v.ask(v.bo, "POST", "/api/v1/reports", account_id=v.cy.id)
    keys = {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx"
        "aOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    }
    subscription = {"endpoint": "https://push.example/x", "keys": keys, "standard": True}
    data = {"alerts": {"mention": True, "admin.report": True}, "policy": "followed"}
    v.ask(v.ada, "POST", "/api/v1/push/subscription", subscription=subscription, data=data)
    grant = {"grant_type": "client_credentials", "scope": "read"}
    ids = {name: v.kite[name] for name in ("client_id", "client_secret")}
    v.ask(v.visitor, "POST", "/oauth/token", **grant, **ids)
    v.ask(v.ada, "GET", "/api/v1/apps/verify_credentials")


def _look_around(v: Village) -> None:
    said = v.ask(v.visitor, "GET", f"/api/v1/accounts/{v.ada.id}/statuses")[0]["url"]
    moot = v.do(publish_announcement, f"Moot on Friday, says @bo #moot :oak: {said}")
    over = {"starts_at": clock.now() - clock.DAY, "ends_at": clock.now() + clock.DAY}
    v.do(publish_announcement, "A feast", all_day=True, **over)
    for name in ("oak", "🎉"):
        v.ask(v.bo, "PUT", f"/api/v1/announcements/{moot.id}/reactions/{name}")
    v.ask(v.bo, "GET", "/api/v1/announcements")
    day = start_of_day(_day_of(clock.now() + 90 * clock.DAY))
    new_terms = {DocumentKind.TERMS: "# Terms\n\nBe kind."}
    v.do(publish_version, documents=new_terms, effective_from=day)
    v.ask(v.visitor, "GET", "/api/v1/instance/terms_of_service")
    v.ask(v.visitor, "GET", f"/api/v1/instance/terms_of_service/{clock.iso_day(day)}")
    v.do(compute_trends)
    for path in (
        *("/api/v1/instance", "/api/v2/instance", "/api/v1/instance/activity"),
        *("/api/v1/instance/extended_description", "/api/v1/instance/privacy_policy"),
        *("/api/v1/custom_emojis", "/api/v1/instance/languages", "/api/v1/trends/links"),
        *("/api/v1/trends/tags", "/nodeinfo/2.0", "/nodeinfo/2.1", "/.well-known/nodeinfo"),
        "/.well-known/service-card",
        "/readyz",
    ):
        v.ask(v.visitor, "GET", path)
    v.ask(v.visitor, "GET", "/.well-known/webfinger", resource="acct:ada@127.0.0.1:8080")
    mine = v.ask(v.visitor, "GET", f"/api/v1/accounts/{v.ada.id}/statuses")
    v.ask(v.visitor, "GET", "/api/oembed", url=mine[0]["url"])
    v.ask(v.dee, "GET", "/api/v2/suggestions")
    for version in ("v1", "v2"):
        v.ask(v.dee, "GET", f"/api/{version}/search", q="trees")
    v.ask(v.ada, "GET", "/oauth/userinfo")


def _day_of(at: int) -> dt.date:
    return dt.date.fromisoformat(clock.iso_day(at))


def _be_told(v: Village) -> None:
    me = v.ada.account.id

    def tell(tx: Tx, kind: NoticeKind, detail: msgspec.Struct) -> None:
        text = msgspec.json.encode(detail).decode()
        sender = get_account(tx, me)
        notice = Notice(kind=kind, sender=sender, subject_id=7, detail=text)
        notifications.notify(tx, [me], notice)

    v.do(tell, NoticeKind.SEVERANCE, Severance("user_domain_block", "far.example", 2, 3))
    v.do(tell, NoticeKind.WARNING, Warned("screen", "Spam", (5,)))
    v.ask(v.ada, "GET", "/api/v1/notifications")
    for expand in ("full", "partial_avatars"):
        v.ask(v.ada, "GET", "/api/v2/notifications", expand_accounts=expand)
    for path in ("/api/v1/notifications", "/api/v2/notifications"):
        v.ask(
            v.bo, "GET", path, **{"types[]": "added_to_collection", "supported_types[]": "follow"}
        )
    v.ask(v.ada, "GET", "/api/v1/notifications/requests")
    v.ask(v.ada, "GET", "/api/v1/notifications/requests/merged")
    v.ask(v.ada, "GET", "/api/v2/notifications/policy")
    v.ask(v.ada, "GET", "/api/v1/notifications/policy")
    v.ask(v.ada, "GET", "/api/v1/notifications/unread_count")
    v.ask(v.ada, "GET", "/api/v1/conversations")


def push_message(v: Village) -> bytes:
    """What wakes a client when ada is mentioned."""
    mention = v.ask(v.ada, "GET", "/api/v1/notifications", **{"types[]": "mention"})[0]

    def present(tx: Tx) -> bytes:
        found = get_notification(tx, v.ada.account.id, int(mention["id"]))
        return present_push(v.app, tx, found, "the token of the client")

    return v.db.read_now(present)


def _leave(v: Village) -> None:
    made = v.ask(v.dee, "POST", "/api/v1/statuses", status="A slip", spoiler_text="oh")
    v.ask(v.dee, "DELETE", f"/api/v1/statuses/{made['id']}")
    v.do(_move, v)
    v.ask(v.visitor, "GET", f"/api/v1/accounts/{v.dee.id}")


def _move(tx: Tx, v: Village) -> None:
    target = add_alias(tx, get_account(tx, v.bo.account.id), "dee")
    move_account(tx, get_account(tx, v.dee.account.id), target)


def _judge(v: Village) -> None:
    """Ada works for the village, and wears the badge for it."""
    token = v.do(
        issue_token,
        int(v.kite["id"]),
        account_id=v.ada.account.id,
        scopes="admin:read admin:write",
    )
    ada = v.ada.with_token(token)
    v.do(record, v.cy.account.id, Method.PASSWORD, Visit("192.0.2.7", "Kite"), succeeded=True)
    admin = "/api/v1/admin"
    reports = v.ask(ada, "GET", f"{admin}/reports")
    v.ask(ada, "POST", f"{admin}/reports/{reports[0]['id']}/assign_to_self")
    v.ask(ada, "POST", f"{admin}/reports/{reports[0]['id']}/unassign")
    first = v.ask(v.visitor, "GET", f"/api/v1/accounts/{v.bo.id}/statuses")[-1]
    v.ask(v.dee, "POST", "/api/v1/reports", account_id=v.bo.id, status_ids=[first["id"]])
    v.ask(ada, "GET", f"{admin}/reports")
    notice = {"url": v.cy.account.url, "rule": "spam-1", "explanation": "Forty times"}
    made = v.ask(v.bo, "POST", "/api/folkmoot/v1/reports", **notice)
    said = {"text": "spam-1: the same link, forty times", "report_id": reports[0]["id"]}
    v.ask(ada, "POST", f"{admin}/accounts/{v.cy.id}/action", type="silence", **said)
    v.ask(ada, "GET", f"{admin}/reports/{reports[0]['id']}")
    where = f"/api/folkmoot/v1/reports/{made['code']}"
    v.ask(v.visitor, "GET", where, key=made["key"])
    v.ask(ada, "GET", f"{admin}/accounts/{v.cy.id}")
    v.ask(ada, "GET", "/api/v2/admin/accounts")
    v.ask(ada, "POST", f"{admin}/email_domain_blocks", domain="Spam.example")
    v.ask(ada, "POST", f"{admin}/canonical_email_blocks", email="M.E+x@spam.example")
    network = {"ip": "192.0.2.0/24", "severity": "sign_up_block", "comment": "Forty at once"}
    v.ask(ada, "POST", f"{admin}/ip_blocks", **network)
    v.ask(v.bo, "POST", "/api/v1/statuses", status="More #trees")
    v.do(compute_trends)
    for kind in ("tags", "links", "statuses"):
        v.ask(ada, "GET", f"{admin}/trends/{kind}")
    span = {"start_at": "2026-03-01", "end_at": "2026-03-02"}
    v.ask(ada, "POST", f"{admin}/measures", keys=["new_users", "opened_reports"], **span)
    v.ask(ada, "POST", f"{admin}/retention", **span)
    v.ask(ada, "POST", f"{admin}/dimensions", keys=["software_versions", "space_usage"])


def _be_judged(v: Village) -> None:
    subject = Subject(SubjectKind.ACCOUNT, v.bo.account.id, v.bo.account.id)
    until = clock.now() + clock.DAY
    pause = Draft(step=Step.PAUSE, rule_code="spam-1", facts="Spam", ends_at=until)
    paused = v.do(decide, v.ada.account.id, subject, draft=pause)
    v.do(appeal_as_author, paused.id, "It was bread.")
    v.ask(v.bo, "GET", "/api/v1/notifications", **{"types[]": "moderation_warning"})
