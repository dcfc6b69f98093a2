"""Versions: told ahead, never changed, accepted in time or posting pauses until they are."""

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from conftest import Member
from folkmoot import wiring
from folkmoot.domain.policy import actions, queries
from folkmoot.domain.policy.model import (
    AfterGrace,
    DocumentInvalid,
    Kind,
    NoteInvalid,
    NothingChanged,
    NoticeTooShort,
    RuleDraft,
    RuleNotFound,
    RulesInvalid,
    VersionExists,
    VersionNotFound,
    VersionTooEarly,
    VersionTooLate,
    draft_of,
    shipped_rules,
)
from folkmoot.domain.policy.tables import policy_versions
from folkmoot.kit import clock
from folkmoot.kit.clock import DAY
from folkmoot.kit.db import Database
from folkmoot.surfaces.app import App
from plans import check_plan

DRAFTS = [draft_of(rule) for rule in shipped_rules()]


def retitled(title: str, at: int = 0) -> list[RuleDraft]:
    """The shipped rules with another title of one of them."""
    rule = DRAFTS[at]
    words = {key: msgspec.structs.replace(w, title=title) for key, w in rule.words.items()}
    changed = msgspec.structs.replace(rule, words=words)
    return [*DRAFTS[:at], changed, *DRAFTS[at + 1 :]]


def added(code: str) -> list[RuleDraft]:
    rule = next(draft for draft in DRAFTS if code.startswith(draft.category))
    return [*DRAFTS, msgspec.structs.replace(rule, code=code)]


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Moves the clock ahead by so many milliseconds."""

    def move(by: int) -> None:
        now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: now + by)

    return move


class TestPublishing:
    def test_what_ships_is_version_1(self, db: Database) -> None:
        def read(tx):  # type: ignore[no-untyped-def]
            version = queries.get_version_in_force(tx)
            return version, queries.list_rules(tx), queries.list_versions(tx)

        unstored = db.read_now(read)
        db.write_now(actions.adopt_shipped)
        db.write_now(actions.adopt_shipped)
        version, rules, versions = db.read_now(read)
        assert (version.id, version.grace_until) == (1, None)
        assert rules == list(shipped_rules())
        assert versions == [version]
        assert unstored[1] == rules

    def test_before_anybody_is_there_a_version_holds_at_once(self, db: Database) -> None:
        version = db.write_now(actions.publish_version, rules=retitled("Be kind"))
        assert (version.id, version.grace_until) == (2, None)
        assert db.read_now(queries.get_version_in_force).id == 2
        assert db.read_now(queries.list_rules)[0].words["en"].title == "Be kind"

    def test_members_are_told_ahead(self, db: Database, ada: Member) -> None:
        today = clock.day_start(clock.now())
        with pytest.raises(NoticeTooShort, match="14 days ahead: the earliest day is 2"):
            db.write_now(
                actions.publish_version, rules=retitled("x"), effective_from=today + 14 * DAY
            )
        version = db.write_now(actions.publish_version, rules=retitled("x"), note="Kinder.")
        assert version.effective_from == today + 15 * DAY
        assert version.effective_from - version.published_at >= 14 * DAY
        assert version.grace_until == version.effective_from + 90 * DAY
        assert version.after_grace == AfterGrace.PAUSE_POSTING
        assert version.note == "Kinder."
        assert db.read_now(queries.get_version_in_force).id == 1

    def test_it_takes_effect_on_its_day(
        self, db: Database, ada: Member, travel: Callable[[int], None]
    ) -> None:
        db.write_now(actions.publish_version, rules=retitled("Be kind"))
        before = db.read_now(queries.get_version, 2)
        travel(15 * DAY)
        assert db.read_now(queries.get_version_in_force) == before
        assert db.read_now(queries.get_rule, "violence-1").words["en"].title == "Be kind"
        pinned = db.read_now(queries.get_rule_of_version, 1, "violence-1")
        assert pinned.words["en"].title == DRAFTS[0].words["en"].title

    def test_versions_take_effect_in_their_order(self, db: Database, ada: Member) -> None:
        first = db.write_now(
            actions.publish_version,
            rules=retitled("a"),
            effective_from=clock.now() + 30 * DAY,
        )
        with pytest.raises(VersionTooEarly, match="Version 2 takes effect on 20"):
            db.write_now(
                actions.publish_version, rules=retitled("b"), effective_from=clock.now() + 20 * DAY
            )
        second = db.write_now(actions.publish_version, rules=retitled("b"))
        assert second.effective_from == first.effective_from
        assert db.read_now(queries.find_successor, first) == second
        day = first.effective_from
        assert db.read_now(queries.get_version_of_day, day) == second

    def test_a_slip_of_the_year_does_not_keep_later_versions_away(self, db: Database) -> None:
        with pytest.raises(VersionTooLate, match="within a year"):
            db.write_now(
                actions.publish_version, rules=DRAFTS[1:], effective_from=clock.now() + 800 * DAY
            )

    def test_what_is_not_given_stays(self, db: Database) -> None:
        db.write_now(actions.publish_version, rules=retitled("Be kind"))
        version = db.write_now(actions.publish_version, documents={Kind.TERMS: "# Be good"})
        assert db.read_now(queries.get_document, Kind.TERMS).body == "# Be good"
        assert "Privacy policy" in db.read_now(queries.get_document, Kind.PRIVACY).body
        assert db.read_now(queries.list_rules)[0].words["en"].title == "Be kind"
        with pytest.raises(NothingChanged, match="of version 3 already"):
            db.write_now(actions.publish_version, rules=retitled("Be kind"))
        assert db.read_now(queries.get_version_in_force) == version

    def test_codes_keep_their_number_and_never_come_back(self, db: Database) -> None:
        db.write_now(actions.publish_version, rules=added("spam-2"))
        assert db.read_now(queries.get_rule, "spam-2").id == 14
        db.write_now(actions.publish_version, rules=DRAFTS)
        with pytest.raises(RulesInvalid, match=r"rule 14 \(spam-2\): this code was a rule's"):
            db.write_now(actions.publish_version, rules=added("spam-2"))
        db.write_now(actions.publish_version, rules=[*reversed(DRAFTS), added("spam-3")[-1]])
        rules = db.read_now(queries.list_rules)
        assert [rule.id for rule in rules] == [*range(13, 0, -1), 15]
        assert [rule.position for rule in rules] == list(range(1, 15))
        with pytest.raises(RuleNotFound):
            db.read_now(queries.get_rule, "spam-2")
        assert db.read_now(queries.get_rule_of_version, 2, "spam-2").id == 14

    @pytest.mark.parametrize("body", ["", " \n", "x" * 100_001])
    def test_a_document_has_a_bearable_length(self, db: Database, body: str) -> None:
        with pytest.raises(DocumentInvalid):
            db.write_now(actions.publish_version, documents={Kind.PRIVACY: body})

    def test_a_note_has_one_too(self, db: Database) -> None:
        with pytest.raises(NoteInvalid):
            db.write_now(actions.publish_version, rules=retitled("x"), note="x" * 1_001)

    def test_two_cannot_publish_the_same_number(self, db: Database) -> None:
        version = db.write_now(actions.publish_version, rules=retitled("x"))
        with pytest.raises(VersionExists):
            db.write_now(actions.store_version, version, (), {})

    def test_two_processes_that_start_at_once_store_one_first_version(
        self, db: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        db.write_now(actions.adopt_shipped)
        monkeypatch.setattr(queries, "find_stored", lambda tx: None)
        db.write_now(actions.adopt_shipped)
        assert len(db.read_now(queries.list_versions)) == 1

    def test_what_is_unknown_is_not_found(self, db: Database) -> None:
        for version_id in (0, 2, 1 << 62):
            with pytest.raises(VersionNotFound):
                db.read_now(queries.get_version, version_id)
        with pytest.raises(VersionNotFound):
            db.read_now(queries.get_rule_of_version, 7, "spam-1")
        with pytest.raises(RuleNotFound):
            db.read_now(queries.get_rule_of_version, 1, "opinion-1")


class TestAccepting:
    def test_who_joins_is_asked_for_nothing(self, db: Database, ada: Member) -> None:
        assert db.read_now(queries.find_pending, ada.account.id) is None

    def test_who_was_there_before_has_time(
        self, db: Database, ada: Member, travel: Callable[[int], None]
    ) -> None:
        version = db.write_now(actions.publish_version, rules=retitled("x"))
        pending = db.read_now(queries.find_pending, ada.account.id)
        assert pending is not None
        assert (pending.version, pending.due_at) == (version, version.grace_until)
        travel(104 * DAY)
        assert ada.post("/api/v1/statuses", status="Still here").status_code == 200

    def test_then_posting_pauses_until_they_accept(
        self, db: Database, ada: Member, bo: Member, travel: Callable[[int], None]
    ) -> None:
        db.write_now(actions.accept_in_force, ada.account.id)
        mine = ada.post("/api/v1/statuses", status="Hello").json()["id"]
        theirs = bo.post("/api/v1/statuses", status="Hello yourself").json()["id"]
        db.write_now(actions.publish_version, rules=retitled("x"))
        travel(106 * DAY)
        refused = ada.post("/api/v1/statuses", status="Still here")
        assert refused.status_code == 403
        assert "/rules/accept" in refused.json()["error"]
        assert ada.post(f"/api/v1/statuses/{theirs}/reblog").status_code == 403
        assert ada.put(f"/api/v1/statuses/{mine}", status="Hi").status_code == 403
        at = clock.iso(clock.now() + clock.DAY)
        assert ada.post("/api/v1/statuses", status="Later", scheduled_at=at).status_code == 403
        assert ada.get("/api/v1/timelines/home").status_code == 200
        assert ada.post(f"/api/v1/statuses/{theirs}/favourite").status_code == 200
        assert ada.delete(f"/api/v1/statuses/{mine}").status_code == 200
        db.write_now(actions.accept_version, ada.account.id, 2)
        assert ada.post("/api/v1/statuses", status="Still here").status_code == 200
        assert db.read_now(queries.find_pending, ada.account.id) is None

    def test_nothing_follows_where_the_version_says_so(
        self, db: Database, ada: Member, travel: Callable[[int], None]
    ) -> None:
        settings = msgspec.structs.replace(db.settings.policy, after_grace="nothing")
        db.settings = msgspec.structs.replace(db.settings, policy=settings)
        db.write_now(actions.publish_version, rules=retitled("x"))
        travel(200 * DAY)
        pending = db.read_now(queries.find_pending, ada.account.id)
        assert pending is not None
        assert not pending.paused
        assert ada.post("/api/v1/statuses", status="Still here").status_code == 200

    def test_the_newest_version_is_asked_for_with_the_first_deadline(
        self, db: Database, ada: Member
    ) -> None:
        first = db.write_now(actions.publish_version, rules=retitled("a"))
        later = clock.now() + 40 * DAY
        second = db.write_now(actions.publish_version, rules=retitled("b"), effective_from=later)
        pending = db.read_now(queries.find_pending, ada.account.id)
        assert pending is not None
        assert (pending.version, pending.due_at) == (second, first.grace_until)
        db.write_now(actions.accept_version, ada.account.id, first.id)
        pending = db.read_now(queries.find_pending, ada.account.id)
        assert pending is not None
        assert pending.due_at == second.grace_until

    def test_acceptances_are_counted(self, db: Database, ada: Member, bo: Member) -> None:
        db.write_now(actions.accept_in_force, bo.account.id)
        version = db.write_now(actions.publish_version, rules=retitled("a"))
        assert db.read_now(queries.count_accepted, version) == 0
        for _ in range(2):
            db.write_now(actions.accept_version, ada.account.id, version.id)
        assert db.read_now(queries.count_accepted, version) == 1
        assert db.read_now(queries.count_accepted, db.read_now(queries.get_version, 1)) == 2
        with pytest.raises(VersionNotFound):
            db.write_now(actions.accept_version, ada.account.id, 9)


def test_what_each_post_asks_is_found_by_indexes(db: Database, ada: Member) -> None:
    def check(tx):  # type: ignore[no-untyped-def]
        check_plan(tx, queries._ACCEPTED, account_id=1)
        check_plan(tx, queries._COUNT_ACCEPTED, version_id=1, sorted_by_index=False)
        check_plan(tx, queries._RULE, version_id=1, code="spam-1")
        check_plan(tx, queries._RULES, version_id=1, sorted_by_index=False)
        # The versions themselves are few: read whole, in their order.
        assert policy_versions.primary_key.columns.keys() == ["id"]

    db.read_now(check)


def test_a_server_that_starts_stores_what_ships(
    app: App, loop: asyncio.AbstractEventLoop, db: Database
) -> None:
    asgi = wiring.build_asgi(app)

    async def start() -> None:
        async with asgi.lifespan():
            assert (await db.read(queries.find_stored)) is not None

    loop.run_until_complete(start())
