"""The gate: every write that is not a direct message passes it, inside its own transaction."""

from collections.abc import Sequence

import msgspec

from folkmoot.domain.accounts.events import AccountCreated, AccountDeleted, ProfileChanged
from folkmoot.domain.accounts.model import Account, AccountId
from folkmoot.domain.accounts.queries import get_account, list_accounts
from folkmoot.domain.cards.events import LinkLed
from folkmoot.domain.deeds.actions import forget_post as forget_print
from folkmoot.domain.deeds.actions import keep_print
from folkmoot.domain.deeds.model import Deed, Event
from folkmoot.domain.deeds.queries import deed_of_boost, deed_of_post, deed_of_profile
from folkmoot.domain.detection import actions, queries
from folkmoot.domain.detection.events import DetectorChanged
from folkmoot.domain.detection.model import StoredDetector
from folkmoot.domain.detectors.model import Detector, DetectorInvalid, Engine, read_detector
from folkmoot.domain.matchlists.queries import find_newest_change, map_entries
from folkmoot.domain.posts.events import (
    HeldPostEdited,
    PostBoosted,
    PostDeleted,
    PostEdited,
    PostImported,
    PostWritten,
)
from folkmoot.domain.posts.model import Post, PostId
from folkmoot.domain.posts.queries import list_posts
from folkmoot.kit.clock import SECOND
from folkmoot.kit.db import Tx

LOOKS_EVERY = 2 * SECOND
"""Within this time each process works with what was changed in another."""


class _Live(msgspec.Struct, frozen=True):
    """The detectors that look, as they were at a change of detectors and one of lists."""

    changes: tuple[int, int]
    detectors: Sequence[StoredDetector]
    read: Sequence[Detector]
    engine: Engine
    prints: bool


class Gate:
    """Examines what is written by the detectors in shadow and the active ones.

    They are kept compiled, and read anew when a change shows; with none, examining costs next to
    nothing. One gate serves all threads of a process.
    """

    def __init__(self) -> None:
        self._live: _Live | None = None
        self._looked_at = 0

    def examine_post(self, tx: Tx, fact: PostWritten) -> None:
        """Before anybody hears of it, so that what is held is never seen."""
        event = Event.POST if fact.post.quote_of_id is None else Event.QUOTE
        self._examine_written(tx, fact.post, fact.author, event)

    def examine_edit(self, tx: Tx, fact: PostEdited | HeldPostEdited) -> None:
        self._examine_written(tx, fact.post, fact.author, Event.EDIT)

    def examine_import(self, tx: Tx, fact: PostImported) -> None:
        self._examine_written(tx, fact.post, fact.author, Event.IMPORT)

    def examine_led(self, tx: Tx, fact: LinkLed) -> None:
        """Posts of which somebody learnt only later where their links lead."""
        if self._find_live(tx) is None:
            return
        found = list_posts(tx, [PostId(one) for one in fact.post_ids])
        authors = list_accounts(tx, list({post.author_id for post in found.values()}))
        for post in found.values():
            self._examine_written(tx, post, authors[post.author_id], Event.LINK)

    def examine_boost(self, tx: Tx, fact: PostBoosted) -> None:
        live = self._find_live(tx)
        if live and (deed := deed_of_boost(tx, fact.boost, fact.original, fact.booster)):
            _examine(tx, live, deed, fact.booster.id, fact.boost)

    def examine_profile(self, tx: Tx, fact: ProfileChanged) -> None:
        self._examine_profile(tx, fact.account_id, Event.PROFILE)

    def examine_sign_up(self, tx: Tx, fact: AccountCreated) -> None:
        """When all is written: what was said to the team comes after the account."""
        tx.at_last(self._examine_profile, fact.account_id, Event.SIGN_UP)

    def look_anew(self, _: Tx, __: DetectorChanged) -> None:
        """What this process changed counts at once. Should the change be undone, looking does no
        harm."""
        self._looked_at = 0

    def _examine_written(self, tx: Tx, post: Post, author: Account, event: Event) -> None:
        live = self._find_live(tx)
        if live is None or (deed := deed_of_post(tx, post, author, event)) is None:
            return
        _examine(tx, live, deed, author.id, post)
        if live.prints and event not in (Event.IMPORT, Event.LINK):
            if event is Event.EDIT:
                forget_print(tx, post.id)
            keep_print(tx, deed, post_id=post.id, author_id=author.id)

    def _examine_profile(self, tx: Tx, account_id: AccountId, event: Event) -> None:
        if live := self._find_live(tx):
            deed = deed_of_profile(tx, get_account(tx, account_id), event)
            _examine(tx, live, deed, account_id, None)

    def _find_live(self, tx: Tx) -> _Live | None:
        """The detectors that look now; None when there are none."""
        if not 0 <= tx.now - self._looked_at < LOOKS_EVERY:
            changes = (queries.find_newest_change(tx), find_newest_change(tx))
            if self._live is None or self._live.changes != changes:
                self._live = _load(tx, changes)
            self._looked_at = tx.now
        return self._live if self._live and self._live.detectors else None


def _load(tx: Tx, changes: tuple[int, int]) -> _Live:
    """A version that this program does not understand any more finds nothing: no post may be lost
    to it. It is counted as failing, and whoever looks sees it.
    """
    detectors, read = [], []
    present = queries.list_live(tx)
    versions = queries.map_versions(tx, [one.version_id for one in present])
    for detector in present:
        try:
            read.append(read_detector(versions[detector.version_id].source))
            detectors.append(detector)
        except DetectorInvalid as error:
            actions.record_failure(tx, detector, error.sentence)
    lists = map_entries(tx, {name for one in read for name in one.lists})
    return _Live(
        changes, detectors, read, Engine(read, lists), any(one.asks_for_copies for one in read)
    )


def _examine(tx: Tx, live: _Live, deed: Deed, account_id: AccountId, post: Post | None) -> None:
    fresh = deed.event in (Event.POST, Event.QUOTE)
    findings = live.engine.examine(deed)
    known = _already_found(tx, post) if post and deed.event is Event.LINK else set()
    for hit in findings.hits:
        if live.detectors[hit.place].name in known:
            continue
        actions.record_hit(
            tx,
            live.detectors[hit.place],
            live.read[hit.place],
            deed=deed,
            account_id=account_id,
            post=post,
            found=hit.found,
            fresh=fresh,
        )
    for place, why in findings.failures:
        actions.record_failure(tx, live.detectors[place], why)


def _already_found(tx: Tx, post: Post) -> set[str]:
    """Who needs not find again in a post what nobody wrote since."""
    return {one.name for one in queries.list_findings_on_post(tx, post.id)}


def record_change(tx: Tx, fact: DetectorChanged) -> None:
    actions.record_change(tx, fact.detector, fact.change)


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    actions.forget_post(tx, fact.post.id)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
