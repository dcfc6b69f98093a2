"""The invariants of the whole chain, held over generated histories: posts, findings, reports,
decisions, appeals, endings, deletions, and crashes between any two steps (I1 to I4, I6, I8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.detection.detectors import Life, detector_file
from folkmoot.domain.accounts.actions import remove_account
from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import find_account, get_account
from folkmoot.domain.appeals import actions as appeals
from folkmoot.domain.appeals import queries as appeal_queries
from folkmoot.domain.decisions import actions as decisions
from folkmoot.domain.decisions import queries as decision_queries
from folkmoot.domain.decisions.events import Decided
from folkmoot.domain.decisions.model import (
    Decision,
    Draft,
    Ending,
    Step,
    SubjectKind,
    code_of,
    restraint_on_account,
    restraint_on_post,
)
from folkmoot.domain.posts import actions as posts
from folkmoot.domain.posts.model import Draft as PostDraft
from folkmoot.domain.posts.model import Post, PostNotFound, Visibility
from folkmoot.domain.posts.queries import find_post, get_post, get_visible_post
from folkmoot.domain.reports import actions as reports
from folkmoot.domain.reports.model import Complaint, Contact
from folkmoot.domain.review import actions, queries
from folkmoot.domain.review.model import Case, NotToBeSeen, post_mark
from folkmoot.domain.revisions.actions import edit_post
from folkmoot.domain.revisions.model import Revision
from folkmoot.domain.transparency import model as log
from folkmoot.domain.transparency.actions import Merge
from folkmoot.domain.transparency.jobs import merge
from folkmoot.domain.transparency.queries import find_signed, list_consistency, list_from
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Page, Tx, metadata
from folkmoot.kit.errors import Refusal
from folkmoot.kit.tlog.merkle import is_consistent

STEPS = {
    SubjectKind.POST: (Step.NO_ACTION, Step.LABEL, Step.UNLIST, Step.QUARANTINE),
    SubjectKind.ACCOUNT: (Step.NO_ACTION, Step.LIMIT, Step.UNLIST, Step.PAUSE, Step.SUSPEND),
}
WORDS = ("bread", "zebra", "horse", "cow", "goose")
SEEN_BY = (Visibility.PUBLIC, Visibility.UNLISTED, Visibility.FOLLOWERS, Visibility.DIRECT)


class Crash(Exception):
    """The process dies here."""


@contextmanager
def dying_at(number: int) -> Iterator[None]:
    """Lets the process die before a statement, counted from the next one; never for 0."""
    left = [number]
    run = Tx._execute

    def execute(tx: Tx, statement: Any, params: dict[str, Any]) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise Crash
        return run(tx, statement, params)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Tx, "_execute", execute)
        yield


class World:
    """Some members and reviewers, and what was done; each act may die anywhere and is repeated."""

    def __init__(self, db: Database, join: Callable[..., Any], life: Life) -> None:
        self.db, self._join, self.life = db, join, life
        self.reviewers = [join(name, role="reviewer").account.id for name in ("rev", "sec", "thi")]
        self.members = [join(name).account.id for name in ("ada", "bo")]
        self.readers = [0, join("reader").account.id, *self.members, *self.reviewers]
        self.posts: list[int] = []
        self.gone: list[str] = []
        self.marks: set[str] = set()
        self.leaves: list[str] = []
        self.decided: set[str] = set()
        self.by_letter: set[int] = set()
        db.facts.on(Decided, self._note_letter)
        self._joined = 0

    def act(self, what: str, number: int, crash: int) -> None:
        """Does something as the number says; a refusal is an answer like another."""
        work: Callable[[Tx, int], object] = getattr(self, f"_{what}")
        if crash:
            with dying_at(crash), suppress(Crash, Refusal):
                self.db.write_now(lambda tx: self._and_die(tx, work, number))
            self.settle()
        with suppress(Refusal):
            kept = self.db.write_now(work, number)
            if what == "post" and isinstance(kept, Post):
                self.posts.append(kept.id)

    @staticmethod
    def _and_die(tx: Tx, work: Callable[[Tx, int], object], number: int) -> None:
        """Whatever was done is undone: nobody was told that it is done."""
        work(tx, number)
        tx.finish()
        raise Crash

    def _post(self, tx: Tx, number: int) -> Post:
        author = get_account(tx, self.members[number % 2])
        mark = f"xylograph{len(self.posts)}x"
        text = f"{WORDS[number % len(WORDS)]} {mark}"
        return posts.publish_post(
            tx, author, draft=PostDraft(text=text, visibility=SEEN_BY[number % 4])
        )

    def _edit(self, tx: Tx, number: int) -> None:
        if (post := self._some_post(tx, number)) is not None:
            author = get_account(tx, post.author_id)
            text = f"{WORDS[number // 3 % len(WORDS)]} {post.text.split()[1]}"
            edit_post(tx, author, post.id, revision=Revision(text=text))

    def _delete(self, tx: Tx, number: int) -> None:
        if (post := self._some_post(tx, number)) is not None:
            posts.remove_post(tx, post)

    def _some_post(self, tx: Tx, number: int) -> Post | None:
        return find_post(tx, self.posts[number % len(self.posts)]) if self.posts else None

    def _report(self, tx: Tx, number: int) -> None:
        post = self._some_post(tx, number)
        target = self.members[number % 2] if post is None else post.author_id
        said = Complaint(post_ids=(post.id,) if post and number % 3 else ())
        if number % 5 == 0:
            contact = Contact("Ed", "ed@example.test")
            reports.file_report_as_visitor(tx, target, said, contact=contact)
        else:
            reporter = next(member for member in self.members if member != target)
            reports.file_report(tx, reporter, target, said)

    def _decide(self, tx: Tx, number: int) -> None:
        reviewer = self.reviewers[number % 3]
        case = actions.take_next(tx, reviewer)
        self._look(tx, case, reviewer)
        steps = STEPS[actions.subject_of(case).kind]
        actions.decide_case(tx, reviewer, case.id, self._draft(tx, steps[number % len(steps)]))

    def _look(self, tx: Tx, case: Case, reviewer: AccountId) -> None:
        """I4: the team sees what was for everybody, or what a report is about, and is recorded."""
        if case.subject_kind != SubjectKind.POST or case.subject_id is None:
            return
        post = get_post(tx, case.subject_id)
        about = tx.script(
            "SELECT count(*) FROM report_posts JOIN reports ON reports.id = report_id "
            f"WHERE post_id = {post.id} AND case_id = {case.id}"
        )
        allowed = post.meant_for <= Visibility.UNLISTED or about[0][0] > 0
        try:
            actions.look_into(tx, reviewer, case.id, post.id)
        except NotToBeSeen:
            assert not allowed
            return
        assert allowed
        looks = queries.list_looks(tx, case.id, Page(limit=100))
        looked = [(one.reviewer_id, one.what) for one in looks]
        assert post.visibility <= Visibility.UNLISTED or (reviewer, post_mark(post.id)) in looked

    @staticmethod
    def _draft(tx: Tx, step: Step) -> Draft:
        ends_at = tx.now + clock.DAY if step is Step.PAUSE else None
        return Draft(step=step, rule_code="spam-1", facts="Often.", label="See.", ends_at=ends_at)

    def _agree(self, tx: Tx, number: int) -> None:
        for case in queries.list_proposed(tx, limit=1):
            if number % 4:
                actions.agree(tx, self.reviewers[number % 3], case.id)
            else:
                actions.disagree(tx, self.reviewers[number % 3], case.id)

    def _appeal(self, tx: Tx, number: int) -> None:
        found = self._decisions(tx)
        if found:
            appeals.appeal_as_author(tx, found[number % len(found)].id, "It was a joke.")

    def _answer(self, tx: Tx, number: int) -> None:
        waiting = appeal_queries.list_open(tx)
        if waiting:
            appeal = waiting[number % len(waiting)]
            reviewer = self.reviewers[number // 2 % 3]
            appeals.decide_appeal(
                tx, reviewer, appeal.id, upheld=number % 2 == 0, answer="So be it."
            )

    def _reverse(self, tx: Tx, number: int) -> None:
        found = self._decisions(tx)
        if found:
            one = found[number % len(found)]
            decisions.end_decision(tx, one.id, Ending.REVERSED, by=self.reviewers[number % 3])

    def _note_letter(self, tx: Tx, fact: Decided) -> None:
        """Who is suspended has no alerts, and is told by letter alone."""
        if get_account(tx, fact.decision.account_id).suspended_at is not None:
            letters = tx.script("SELECT count(*) FROM jobs WHERE kind = 'auth.notice'")
            assert letters[0][0] > 0
            self.by_letter.add(fact.decision.id)

    def _decisions(self, tx: Tx) -> list[Decision]:
        page = Page(limit=200)
        return [d for m in self.members for d in decision_queries.list_of_account(tx, m, page)]

    def _wait(self, tx: Tx, number: int) -> None:
        while decisions.end_due(tx):
            pass

    def _leave(self, tx: Tx, number: int) -> None:
        if number % 3 == 0:
            remove_account(tx, self.members[number % 2])

    def settle(self) -> None:
        """What ends by itself ends; somebody joins for who left; then all must hold."""
        while self.db.write_now(decisions.end_due):
            pass
        self._replace_who_left()
        self.db.read_now(self.check)

    def _replace_who_left(self) -> None:
        for place, member in enumerate(self.members):
            if self.db.read_now(find_account, member) is None:
                self._joined += 1
                self.members[place] = self._join(f"newcomer{self._joined}").account.id

    def check(self, tx: Tx) -> None:
        found = self._decisions(tx)
        self._check_reasons(tx, found)
        self._check_log(tx, found)
        self._check_appeals(tx, found)
        self._check_readers(tx)
        self._check_gone(tx)

    def _check_reasons(self, tx: Tx, found: list[Decision]) -> None:
        """I1: what restricts somebody is what decisions in force say, each with its reasons, and
        told; and the other way round.
        """
        warned = "SELECT subject_id FROM notifications WHERE kind = 'warning'"
        told = {subject_id for (subject_id,) in tx.script(warned)}
        for decision in found:
            assert decision.facts
            assert decision.rule_code
            assert not decision.restricts or decision.id in told | self.by_letter
        for member in self.members:
            holding = decision_queries.list_in_force(tx, SubjectKind.ACCOUNT, member)
            said = restraint_on_account(holding)
            if (account := find_account(tx, member)) is not None:
                for name in said.__struct_fields__:
                    assert getattr(account, name) == getattr(said, name), name
        for post_id in self.posts:
            if (post := find_post(tx, post_id)) is not None:
                holding = decision_queries.list_in_force(tx, SubjectKind.POST, post_id)
                wanted = restraint_on_post(holding)
                assert post.visibility == max(post.meant_for, wanted.visibility)
                assert msgspec.json.encode(wanted.labels).decode() == post.labels
                # I6: what nothing holds back any more has appeared.
                assert post.announced or wanted.visibility == Visibility.WITHHELD

    def _check_log(self, tx: Tx, found: list[Decision]) -> None:
        """I2: each decision has one entry, which agrees with it; what was in the log stays."""
        entries = list_from(tx, 0, limit=5_000)
        leaves = [entry.leaf for entry in entries]
        assert leaves[: len(self.leaves)] == self.leaves
        self.leaves = leaves
        told = [e.content.entry for e in entries if e.kind == "decision"]
        by_code = {entry.code: entry for entry in told if isinstance(entry, log.Decision)}
        assert len(by_code) == len(told)
        self.decided |= {code_of(decision.id) for decision in found}
        assert by_code.keys() >= self.decided
        for decision in found:
            entry = by_code[code_of(decision.id)]
            assert (entry.by or "", entry.seconded_by or "") == (
                decision.decider,
                decision.seconder,
            )
            assert [one.step for one in entry.measures] == [decision.step] * decision.restricts
            assert (entry.rule, entry.decided_at) == (
                decision.rule_code,
                log.moment(decision.created_at),
            )
            assert (entry.automated_decision == "fully") == decision.automated
        undone = [e.content.entry for e in entries if e.kind == "reversal"]
        named = [entry.decision for entry in undone if isinstance(entry, log.Reversal)]
        assert len(set(named)) == len(named)
        wrong = (Ending.APPEALED, Ending.REVERSED, Ending.OUT_OF_COURT)
        assert set(named) >= {code_of(d.id) for d in found if d.ending in wrong}
        assert not set(named) & {code_of(d.id) for d in found if d.ending not in wrong}

    def _check_appeals(self, tx: Tx, found: list[Decision]) -> None:
        """I3: nobody has answered an appeal against what they took part in."""
        for decision in found:
            for appeal in appeal_queries.list_of_decision(tx, decision.id):
                part = {decision.decider, decision.seconder, ""}
                assert appeal.decided_by is None or appeal.decider not in part
                assert appeal.decided_by not in (
                    {decision.decided_by, decision.seconded_by} - {None}
                )

    def _check_readers(self, tx: Tx) -> None:
        """I4: readers see what it is for them, and nothing else; a reviewer's look is recorded."""
        for post_id in self.posts:
            post = find_post(tx, post_id)
            if post is None:
                continue
            author = get_account(tx, post.author_id)
            for reader in self.readers:
                allowed = author.suspended_at is None and (
                    reader == post.author_id or post.visibility <= Visibility.UNLISTED
                )
                try:
                    seen = get_visible_post(tx, post_id, viewer_id=reader).id == post_id
                except PostNotFound:
                    seen = False
                assert seen == allowed, (post, reader)

    def _check_gone(self, tx: Tx) -> None:
        """I8: of what is deleted no word is left, wherever it was."""
        self.marks = {
            post.text.split()[1]
            for post_id in self.posts
            if (post := find_post(tx, post_id)) is not None
        }
        self.gone = [f"xylograph{n}x" for n in range(len(self.posts))]
        self.gone = [mark for mark in self.gone if mark not in self.marks]


def _everything(tx: Tx) -> str:
    names = [*metadata.tables, "post_index"]
    return "\n".join(str(tx.script(f'SELECT * FROM "{name}"')) for name in names)


# So often that most of what is drawn has something to act on.
ACTS = (
    *("post",) * 4,
    *("report", "decide") * 4,
    *("appeal", "answer") * 2,
    *("edit", "agree", "reverse", "delete", "wait", "leave"),
)
HISTORY = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 59), st.one_of(st.just(0), st.integers(1, 90))),
    min_size=12,
    max_size=24,
)


@pytest.fixture
def world(db: Database, join: Callable[..., Any], life: Life) -> World:
    hold = 'do = "hold"\nhours = 24'
    label = 'do = "label"\nlabel = "See"'
    slow = 'do = "slow-down"\nhours = 2'
    for word, effect in (("zebra", hold), ("horse", label), ("cow", slow), ("goose", "")):
        life.activate(
            detector_file(
                name=f"{word}-words",
                parts=f'[words]\nw = ["{word}"]',
                hit=word,
                miss="stone",
                effect=effect or 'do = "open-case"',
            )
        )
    return World(db, join, life)


@settings(
    max_examples=16,
    deadline=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=HISTORY)
def test_the_chain_holds_whatever_happens_and_whenever_it_dies(
    world: World, history: list[tuple[str, int, int]], app: Any, loop: Any
) -> None:
    sizes = []
    for what, number, crash in history:
        if what == "wait":
            world.life.wait(number * clock.HOUR)
        else:
            world.life.wait(11 * clock.MINUTE)
        world.act(what, number, crash)
        world.settle()
    loop.run_until_complete(merge(app.context, Merge()))
    signed = world.db.read_now(find_signed)
    assert signed is not None
    sizes.append((signed.size, bytes.fromhex(signed.root)))
    world.life.wait(8 * clock.DAY)
    world.settle()
    _check_nothing_is_held(world)
    everything = world.db.read_now(_everything)
    assert [mark for mark in world.gone if mark in everything] == []
    assert [mark for mark in world.marks if mark not in everything] == []
    _check_prefix(world, app, loop, sizes)


def _check_nothing_is_held(world: World) -> None:
    """I6: whatever held a post, slowed or paused somebody has ended by itself."""

    def read(tx: Tx) -> list[Decision]:
        timed = (Step.HOLD, Step.SLOW, Step.PAUSE)
        return [d for d in world._decisions(tx) if d.step in timed and d.ended_at is None]

    assert world.db.read_now(read) == []


def _check_prefix(world: World, app: Any, loop: Any, sizes: list[tuple[int, bytes]]) -> None:
    """I2: an earlier signed state is provably a prefix of the newest."""
    world.act("post", 0, 0)
    loop.run_until_complete(merge(app.context, Merge()))
    signed = world.db.read_now(find_signed)
    assert signed is not None
    for size, root in sizes:
        proof = world.db.read_now(list_consistency, size, signed.size)
        assert is_consistent(size, signed.size, root, bytes.fromhex(signed.root), proof)
