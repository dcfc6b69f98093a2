"""One gate that every write passes, in its own transaction, and that no direct message meets."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from domain.detection.detectors import Life, detector_file
from folkmoot.domain.accounts.actions import change_profile, create_account
from folkmoot.domain.accounts.model import ProfileChanges
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.cards.actions import store_card
from folkmoot.domain.cards.model import Found
from folkmoot.domain.cards.queries import find_card_by_key
from folkmoot.domain.decisions.actions import decide, end_decision
from folkmoot.domain.decisions.model import Draft as DecisionDraft
from folkmoot.domain.decisions.model import Ending, Step, Subject, SubjectKind
from folkmoot.domain.detection import queries, reactions
from folkmoot.domain.detection.model import State
from folkmoot.domain.detection.reactions import Gate
from folkmoot.domain.posts.actions import import_post
from folkmoot.domain.posts.model import PastPost, PostId, Visibility
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Tx
from surfaces.mastodon.test_publishing import follow, picture

HOLD = 'do = "hold"\nhours = 24'


def found(life: Life) -> list[tuple[str, bool]]:
    return [(one.event, one.post_id is not None) for one in reversed(life.findings())]


def test_every_kind_of_write_passes(life: Life, db: Database, ada: Any, bo: Any) -> None:
    life.activate(detector_file())

    def post(**body: Any) -> Any:
        made = ada.post("/api/v1/statuses", **body)
        assert made.status_code == 200, made.text
        return made.json()

    first = post(status="a ZEBRA")
    post(status="x", spoiler_text="zebra")
    post(status="x", poll={"options": ["zebra", "no"], "expires_in": 600})
    post(media_ids=[picture(db, ada, "a zebra, grazing")])
    post(status="https://example.com/zebra")
    post(status="only for you: zebra", visibility="private")
    post(status="zebra!", in_reply_to_id=first["id"])
    assert found(life) == [("post", True)] * 7
    plain = post(status="nothing")
    ada.put(f"/api/v1/statuses/{plain['id']}", status="now a zebra")
    bo.post(f"/api/v1/statuses/{first['id']}/reblog")
    quote = bo.post("/api/v1/statuses", status="see this zebra", quoted_status_id=first["id"])
    assert quote.status_code == 200
    assert found(life)[7:] == [("edit", True), ("boost", True), ("quote", True)]

    def profile(tx: Tx) -> None:
        change_profile(tx, get_account(tx, ada.account.id), ProfileChanges(note="I am a zebra"))
        changes = ProfileChanges(note="", fields=(("Animal", "zebra"),))
        change_profile(tx, get_account(tx, ada.account.id), changes)

    db.write_now(profile)
    db.write_now(lambda tx: create_account(tx, "zebra", base_url="https://here.example"))
    assert found(life)[10:] == [("profile", False), ("profile", False), ("sign-up", False)]


def test_all_that_others_read_of_a_post_is_looked_at(
    life: Life, db: Database, ada: Any, bo: Any
) -> None:
    """Its warning, poll and descriptions, also when they come with an edit and with a boost."""
    life.activate(detector_file())
    poll = {"options": ["zebra", "no"], "expires_in": 600}
    first = ada.post("/api/v1/statuses", status="x", poll=poll).json()
    seen = ada.post("/api/v1/statuses", media_ids=[picture(db, ada, "a zebra")]).json()
    warned = ada.post("/api/v1/statuses", status="x", spoiler_text="zebra").json()
    assert found(life) == [("post", True)] * 3
    for post in (first, seen, warned):
        assert bo.post(f"/api/v1/statuses/{post['id']}/reblog").status_code == 200
    assert found(life)[3:] == [("boost", True)] * 3
    for change in (
        {"spoiler_text": "zebra"},
        {"poll": poll},
        {"media_ids": [picture(db, ada, "a zebra")]},
    ):
        plain = ada.post("/api/v1/statuses", status="nothing").json()
        edited = ada.put(f"/api/v1/statuses/{plain['id']}", status="nothing", **change)
        assert edited.status_code == 200, edited.text
    assert found(life)[6:] == [("edit", True)] * 3
    shown = picture(db, ada, "a horse")
    plain = ada.post("/api/v1/statuses", media_ids=[shown]).json()
    words = [{"id": shown, "description": "no, a zebra"}]
    ada.put(f"/api/v1/statuses/{plain['id']}", media_ids=[shown], media_attributes=words)
    assert found(life)[9:] == [("edit", True)]


def test_all_that_a_profile_shows_is_looked_at(life: Life, db: Database, ada: Any) -> None:
    life.activate(detector_file())
    changes = (
        ProfileChanges(display_name="A zebra"),
        ProfileChanges(display_name="", fields=(("zebra", "x"),)),
        ProfileChanges(fields=(), avatar="a/b", avatar_description="a zebra"),
        ProfileChanges(avatar_description="", header="a/c", header_description="a zebra"),
        ProfileChanges(header_description="a horse"),
    )
    for one in changes:
        db.write_now(lambda tx, one=one: change_profile(tx, get_account(tx, ada.account.id), one))
    assert found(life) == [("profile", False)] * 4


def test_the_reason_for_signing_up_is_looked_at(life: Life, db: Database) -> None:
    from folkmoot.domain.auth.actions import create_user

    life.activate(detector_file(condition="found.w && event == 'sign-up'", facts="event='sign-up'"))

    def join(tx: Tx, name: str, reason: str) -> None:
        account = create_account(tx, name, base_url="https://here.example", pending=True)
        create_user(tx, account.id, email=f"{name}@here.example", reason=reason)

    db.write_now(join, "cy", "I sell zebras")
    db.write_now(join, "dee", "I like horses")
    assert found(life) == [("sign-up", False)]


def test_posts_from_elsewhere_pass_too(life: Life, db: Database, ada: Any, bo: Any) -> None:
    """They are found, do not count among what is found in an hour, and slow nobody down."""
    life.activate(detector_file())
    slow = detector_file(name="zebra-slows", effect='do = "slow-down"\nhours = 2')
    life.activate(slow)

    def bring(tx: Tx, order: int, visibility: Visibility) -> PostId:
        account = get_account(tx, ada.account.id)
        past = PastPost(at=tx.now - clock.DAY, order=order, text="a zebra", visibility=visibility)
        return import_post(tx, account, past).id

    db.write_now(bring, 1, Visibility.PUBLIC)
    db.write_now(bring, 2, Visibility.PUBLIC)
    db.write_now(bring, 3, Visibility.DIRECT)
    assert found(life) == [("import", True)] * 2
    assert db.read_now(get_account, ada.account.id).slowed_until is None
    between = {"since": clock.now() - clock.HOUR, "until": clock.now() + clock.HOUR}
    assert db.read_now(queries.count_findings, life.get().version_id, **between) == 0
    ada.post("/api/v1/statuses", status="zebra")
    between["until"] = clock.now() + clock.HOUR
    assert db.read_now(queries.count_findings, life.get().version_id, **between) == 1
    life.activate(detector_file(name="zebra-holds", effect=HOLD))
    held = db.write_now(bring, 4, Visibility.PUBLIC)
    assert (bo.get(f"/api/v1/statuses/{held}").status_code) == 404
    assert ada.get(f"/api/v1/statuses/{held}").status_code == 200


def test_where_a_link_leads_is_looked_at_when_it_is_known(
    life: Life, db: Database, ada: Any, bo: Any
) -> None:
    """Once more for posts that are out, at once for later ones; never in direct messages."""
    file = {"condition": "found.bad", "parts": '[domains]\nbad = ["evil.example"]'}
    life.activate(detector_file(hit="https://evil.example/", effect=HOLD, **file))
    life.activate(
        detector_file(
            name="all-links", condition="links.count > 0", parts="", hit="https://a.example/"
        )
    )
    short = "https://short.example/a"
    first = ada.post("/api/v1/statuses", status=f"see {short}").json()["id"]
    direct = ada.post("/api/v1/statuses", status=f"@bo see {short}", visibility="direct").json()
    assert (found(life), len(life.findings("all-links"))) == ([], 1)

    def learn(tx: Tx, target: str) -> None:
        card = find_card_by_key(tx, short)
        assert card is not None
        store_card(tx, card.id, Found(url=short, title="A page", target=target))

    db.write_now(learn, "https://fine.example/")
    assert bo.get(f"/api/v1/statuses/{first}").status_code == 200
    db.write_now(learn, "https://login.evil.example/x")
    db.write_now(learn, "https://login.evil.example/x")
    assert found(life) == [("link", True)]
    # Whoever found it before does not find again what nobody wrote since.
    assert len(life.findings("all-links")) == 1
    assert bo.get(f"/api/v1/statuses/{first}").status_code == 404
    assert bo.get(f"/api/v1/statuses/{direct['id']}").status_code == 200
    second = bo.post("/api/v1/statuses", status=f"also {short}#part").json()["id"]
    assert found(life) == [("link", True), ("post", True)]
    assert ada.get(f"/api/v1/statuses/{second}").status_code == 404


def test_direct_messages_are_never_looked_at(
    life: Life, db: Database, ada: Any, bo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refusal 6: neither sent, nor edited, nor quoted in, nor answered; and not by a backtest."""
    life.activate(detector_file())
    before = len(life.findings())
    bodies: list[str] = []
    examine = reactions.Engine.examine

    def spy(engine: Any, deed: Any) -> Any:
        bodies.append(deed.body)
        return examine(engine, deed)

    monkeypatch.setattr(reactions.Engine, "examine", spy)
    sent = ada.post("/api/v1/statuses", status="@bo a secret zebra", visibility="direct").json()
    ada.put(f"/api/v1/statuses/{sent['id']}", status="@bo another secret zebra")
    answer = {"status": "@ada my zebra", "visibility": "direct", "in_reply_to_id": sent["id"]}
    assert bo.post("/api/v1/statuses", **answer).status_code == 200
    poll = {"options": ["zebra", "no"], "expires_in": 600}
    ada.post("/api/v1/statuses", status="@bo x", visibility="direct", poll=poll)
    own = bo.post("/api/v1/statuses", status="open zebra").json()
    bo.post(
        "/api/v1/statuses", status="@ada see zebra", visibility="direct", quoted_status_id=own["id"]
    )
    assert bodies == ["open zebra"]
    assert len(life.findings()) == before + 1
    done = life.backtest()
    assert (done.seen, done.matched) == (1, 1)


def test_an_undone_write_leaves_no_finding(life: Life, db: Database, ada: Any) -> None:
    from folkmoot.domain.posts.actions import publish_post
    from folkmoot.domain.posts.model import Draft

    life.activate(detector_file())

    def fail(tx: Tx) -> None:
        publish_post(tx, get_account(tx, ada.account.id), draft=Draft(text="zebra"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.write_now(fail)
    assert life.findings() == []


def test_a_condition_that_cannot_be_decided_loses_no_post(
    life: Life, db: Database, ada: Any
) -> None:
    """It is counted, and the detector steps back."""
    life.activate(detector_file(condition="found.w && 10 / (account.followers - 1) != 7"))
    bo = ada.post("/api/v1/statuses", status="zebra")
    assert bo.status_code == 200
    assert len(life.findings()) == 1
    db.write_now(lambda tx: tx.script("UPDATE accounts SET followers_count = 1"))
    made = ada.post("/api/v1/statuses", status="another zebra")
    assert made.status_code == 200
    assert ada.get(f"/api/v1/statuses/{made.json()['id']}").status_code == 200
    detector = life.get()
    assert detector.state == State.SHADOW
    assert "could not be decided" in life.steps()[-1][1]
    ada.post("/api/v1/statuses", status="a third zebra")
    assert db.read_now(queries.count_failures, detector.id) == 2
    assert life.get().since == detector.since


def test_a_version_that_is_not_understood_any_more_loses_no_post(
    life: Life, db: Database, ada: Any
) -> None:
    life.activate(detector_file())
    life.activate(
        detector_file(name="horse-words", hit="horse", miss="cow", parts='[words]\nw = ["horse"]')
    )
    gone = detector_file().replace("found.w'", "found.w && gone.fact'").replace("'", "''")
    db.write_now(
        lambda tx: tx.script(
            f"UPDATE detector_versions SET source = '{gone}' WHERE id = {life.get().version_id}"
        )
    )
    db.write_now(lambda tx: tx.script("UPDATE detector_changes SET id = id + 1"))
    life.wait(5_000)
    assert ada.post("/api/v1/statuses", status="zebra and horse").status_code == 200
    assert life.get().state == State.SHADOW
    assert (len(life.findings()), len(life.findings("horse-words"))) == (0, 1)


def test_other_processes_take_changes_up_within_seconds(life: Life, db: Database, ada: Any) -> None:
    """A gate that heard nothing of a change, as in another process, looks for itself."""
    gate = Gate()

    def live(tx: Tx) -> bool:
        return gate._find_live(tx) is not None

    assert db.write_now(live) is False
    life.shadow(detector_file())
    life.wait(reactions.LOOKS_EVERY)
    assert db.write_now(live) is True


def test_with_no_detector_the_gate_costs_next_to_nothing(db: Database, ada: Any) -> None:
    """Below ten microseconds a post, of two milliseconds that publishing takes."""
    from folkmoot.domain.posts.events import PostPublished
    from folkmoot.domain.posts.queries import get_post

    made = int(ada.post("/api/v1/statuses", status="hello").json()["id"])

    def measure(tx: Tx) -> float:
        gate = Gate()
        fact = PostPublished(get_post(tx, made), get_account(tx, ada.account.id), ())
        gate.examine_post(tx, fact)
        started = time.process_time()
        for _ in range(2_000):
            gate.examine_post(tx, fact)
        return (time.process_time() - started) / 2_000

    assert db.write_now(measure) < 10e-6


def test_rates_and_strangers_are_looked_up(life: Life, db: Database, ada: Any, join: Any) -> None:
    bo, _ = join("bo"), join("cy")
    follow(bo, ada)
    life.shadow(
        detector_file(
            condition="rates.posts_hour >= 3 && rates.mentions_hour == 4 && mentions.strangers == 1"
            " && rates.posts_day >= 3 && mentions.count == 2",
            parts="",
            facts="rates.posts_hour = 3\nrates.posts_day = 3\nrates.mentions_hour = 4\n"
            "mentions.strangers = 1\nmentions.count = 2",
        )
    )
    for text in ("@bo @cy one", "two", "@bo @cy three"):
        ada.post("/api/v1/statuses", status=text)
    assert found(life) == [("post", True)]


def test_copies_are_known_again_whatever_their_links_and_numbers(
    life: Life, ada: Any, bo: Any
) -> None:
    life.shadow(
        detector_file(
            condition="copies.hour >= 2 && copies.authors == 1",
            parts="",
            facts="copies.hour = 2\ncopies.authors = 1",
        )
    )
    for member, text in (
        (ada, "You have won a prize, number 17! Take it at https://a.example/1"),
        (ada, "@bo You have won a prize: number 23. Take it at https://b.example/x?y=2"),
        (bo, "you have WON a prize number 5 take it at"),
        (bo, "good day"),
    ):
        member.post("/api/v1/statuses", status=text)
    assert [one.account_id for one in life.findings()] == [bo.account.id]


def test_what_people_decided_before_is_known_until_it_is_undone(
    life: Life, db: Database, ada: Any, bo: Any, join: Callable[..., Any]
) -> None:
    rev = join("rev", role="reviewer")
    life.shadow(detector_file(condition="history.upheld > 0", parts="", facts="history.upheld = 1"))
    subject = Subject(SubjectKind.ACCOUNT, ada.account.id, ada.account.id)
    draft = DecisionDraft(step=Step.LIMIT, rule_code="spam-1", facts="Forty links.")
    made = db.write_now(decide, rev.account.id, subject, draft=draft)
    life.wait(10)
    for member in (ada, bo):
        member.post("/api/v1/statuses", status="hello")
    assert [one.account_id for one in life.findings()] == [ada.account.id]
    db.write_now(end_decision, made.id, Ending.APPEALED)
    ada.post("/api/v1/statuses", status="hello again")
    assert len(life.findings()) == 1


def test_what_was_found_goes_with_its_post(life: Life, ada: Any) -> None:
    life.shadow(detector_file(condition="found.w || copies.hour > 99"))
    made = ada.post("/api/v1/statuses", status="a zebra that runs and runs and runs").json()
    assert len(life.findings()) == 1
    ada.delete(f"/api/v1/statuses/{made['id']}")
    assert life.findings() == []
