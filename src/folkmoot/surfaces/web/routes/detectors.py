"""/detectors for everybody; /desk/detectors, where reviewers write, try and label them, and
administrators put them in force.
"""

from __future__ import annotations

from difflib import ndiff
from typing import TYPE_CHECKING, Protocol

import msgspec

from folkmoot.domain.accounts.queries import list_accounts
from folkmoot.domain.auth.model import Permission, may
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.detection import actions, queries
from folkmoot.domain.detection.model import (
    DetectorNotFound,
    State,
    StoredDetector,
    VersionNotFound,
)
from folkmoot.domain.detectors.model import (
    Detector,
    DetectorInvalid,
    Example,
    read_detector,
    shipped_detectors,
    try_out,
)
from folkmoot.domain.matchlists.queries import map_entries
from folkmoot.domain.posts.model import PostId
from folkmoot.kit.db import Page as Stretch
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.detectors import (
    DeskDetectorsPage,
    DetectorsPage,
    DetectorVersionPage,
    EditorPage,
    Happened,
    Offer,
    Sampled,
    ShownDetector,
    Spot,
    Tried,
)
from folkmoot.surfaces.web.pages.frame import Card, Form
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from folkmoot.domain.accounts.model import AccountId
    from folkmoot.domain.detection.model import Backtest
    from folkmoot.kit.db import Tx
    from folkmoot.kit.errors import Refusal

router = Router()

DESK = "/desk/detectors"
_ASKS = {
    "open-case": "A person looks at what is found.",
    "label": "A label is put on what is found.",
    "screen": "Media are put behind a warning.",
    "slow-down": "The author posts more slowly for a time.",
    "hold": "The post waits for a person to look, for a time that ends by itself.",
}
_STEPS = {
    State.DRAFT: ("backtest", "shadow", "retire"),
    State.SHADOW: ("backtest", "activate", "retire"),
    State.ACTIVE: ("backtest", "shadow", "retire"),
    State.RETIRED: (),
}
_SHOWN = 50


@router.get("/detectors")
def detectors(visit: Visit) -> Answer:
    """What is looked for on this server."""
    live = _shown(visit, queries.list_live(visit.tx))
    around = frame(visit, forms=False)
    page = DetectorsPage(
        frame=around,
        card=Card(
            title=f"What {around.site.name} looks for",
            description="Each detector, the rule it serves, and what happens then.",
            url=f"{visit.app.base_url}/detectors",
        ),
        active=tuple(one for one in live if one.state == State.ACTIVE),
        shadow=tuple(one for one in live if one.state == State.SHADOW),
    )
    return show(visit, page, public=True)


def _shown(visit: Visit, stored: Sequence[StoredDetector]) -> list[ShownDetector]:
    versions = queries.map_versions(visit.tx, [one.version_id for one in stored])
    found = []
    for detector in stored:
        try:
            read = read_detector(versions[detector.version_id].source)
        except DetectorInvalid:  # written for an older program; it finds nothing
            continue
        found.append(
            ShownDetector(
                name=detector.name,
                title=read.title,
                description=read.description,
                rule=read.rule,
                asks_for=_ASKS[read.effect.do],
                state=detector.state,
                since=detector.since,
            )
        )
    return found


@router.get(DESK, permission=Permission.REVIEW_REPORTS)
def desk(visit: Visit) -> Answer:
    """Every detector, and those that ship and were not taken up."""
    stored = queries.list_detectors(visit.tx)
    names = {one.name for one in stored}
    shipped = [read_detector(source) for source in shipped_detectors()]
    page = DeskDetectorsPage(
        frame=frame(visit),
        detectors=tuple(_shown(visit, stored)),
        offers=tuple(Offer(one.name, one.title) for one in shipped if one.name not in names),
    )
    return show(visit, page)


@router.get(f"{DESK}/{{name}}", permission=Permission.REVIEW_REPORTS)
def editor(visit: Visit) -> Answer:
    """A detector's file and life; `new` begins one, perhaps from what ships."""
    return show(visit, _editor(visit, visit.incoming.params["name"], Form()))


@router.get(f"{DESK}/{{name}}/versions/{{number}}", permission=Permission.REVIEW_REPORTS)
def version(visit: Visit) -> Answer:
    """What a version changed of the one before it, line by line."""
    detector = queries.get_detector(visit.tx, visit.incoming.params["name"])
    known = {str(one.number): one for one in queries.list_versions(visit.tx, detector.id)}
    this = known.get(visit.incoming.params["number"])
    if this is None:
        raise VersionNotFound
    before = known.get(str(this.number - 1))
    lines = ndiff((before.source if before else "").splitlines(), this.source.splitlines())
    page = DetectorVersionPage(
        frame=frame(visit),
        name=detector.name,
        number=this.number,
        note=this.note,
        by=_names(visit, [this.by_id]).get(this.by_id, ""),
        at=this.created_at,
        lines=tuple((line[0].strip(), line[2:]) for line in lines if line[0] != "?"),
    )
    return show(visit, page)


@router.post(f"{DESK}/{{name}}/check", permission=Permission.REVIEW_REPORTS)
def check(visit: Visit) -> Answer:
    """Says what is wrong with a file, and whether it finds a text. Keeps nothing."""
    form = Form(values=visit.typed("source", "note", "text"))
    return show(visit, _editor(visit, visit.incoming.params["name"], form))


def _save_again(visit: Visit, refusal: Refusal) -> Answer:
    form = form_of(visit, refusal, "source", "note", "text")
    return show(visit, _editor(visit, visit.incoming.params["name"], form), status=422)


@router.post(f"{DESK}/{{name}}/save", permission=Permission.REVIEW_REPORTS, again=_save_again)
def save(visit: Visit) -> Answer:
    """Keeps a file as the next version, a draft."""
    source = visit.field("source").replace("\r\n", "\n")
    saved = actions.save_detector(
        visit.tx, visit.me.account.id, source=source, note=visit.field("note")
    )
    return redirect(visit, f"{DESK}/{saved.detector.name}", notice="detector-saved")


def _step_again(visit: Visit, refusal: Refusal) -> Answer:
    form = form_of(visit, refusal, "note")
    name = visit.incoming.params["name"]
    return show(visit, _editor(visit, name, Form(), step_form=form), status=422)


@router.post(f"{DESK}/{{name}}/backtest", permission=Permission.REVIEW_REPORTS, again=_step_again)
def backtest(visit: Visit) -> Answer:
    """Has the present version tried on past public posts."""
    name = visit.incoming.params["name"]
    actions.start_backtest(visit.tx, name)
    return redirect(visit, f"{DESK}/{name}", notice="backtest-started")


@router.post(f"{DESK}/{{name}}/shadow", permission=Permission.MANAGE_RULES, again=_step_again)
def shadow(visit: Visit) -> Answer:
    """Lets it look on without anything following from it."""
    return _step(visit, actions.start_shadow)


@router.post(f"{DESK}/{{name}}/activate", permission=Permission.MANAGE_RULES, again=_step_again)
def activate(visit: Visit) -> Answer:
    """Puts it in force."""
    return _step(visit, actions.activate)


@router.post(f"{DESK}/{{name}}/retire", permission=Permission.MANAGE_RULES, again=_step_again)
def retire(visit: Visit) -> Answer:
    """Ends it."""
    return _step(visit, actions.retire)


class _Act(Protocol):
    def __call__(self, tx: Tx, by: AccountId | None, name: str, *, note: str) -> StoredDetector: ...


def _step(visit: Visit, act: _Act) -> Answer:
    name = visit.incoming.params["name"]
    act(visit.tx, visit.me.account.id, name, note=visit.field("note"))
    return redirect(visit, f"{DESK}/{name}", notice="saved")


@router.post(f"{DESK}/{{name}}/label", permission=Permission.REVIEW_REPORTS)
def label(visit: Visit) -> Answer:
    """Says of a sampled post whether it breaks the rule."""
    detector = queries.get_detector(visit.tx, visit.incoming.params["name"])
    done = queries.find_backtest(visit.tx, detector.version_id)
    post = visit.field("post")
    if done is not None and post.isascii() and post.isdigit() and len(post) < 20:
        actions.label_match(
            visit.tx,
            visit.me.account.id,
            done.id,
            PostId(int(post)),
            breaks=visit.field("verdict") == "breaks",
        )
    return redirect(visit, f"{DESK}/{detector.name}#sample")


def _editor(visit: Visit, name: str, form: Form, *, step_form: Form | None = None) -> EditorPage:
    tx = visit.tx
    detector = None if name == "new" else queries.find_detector(tx, name)
    if detector is None and name != "new":
        raise DetectorNotFound
    source = form.values.get("source", "").replace("\r\n", "\n")
    asked = bool(source)
    source = source or _present_source(visit, detector)
    spots, read = _checked(source) if source else ((), None)
    values = {**form.values, "source": source}
    may_act = may(get_user(tx, visit.me.account.id), Permission.MANAGE_RULES)
    page = EditorPage(
        frame=frame(visit),
        name=detector.name if detector else "",
        state=detector.state if detector else "",
        since=detector.since if detector else 0,
        form=Form(values=values, errors=form.errors, problem=None if spots else form.problem),
        spots=spots,
        checked=asked,
        tests=len(read.examples) if read else 0,
        finds=_finds(visit, read, values.get("text", "")),
        may_put_in_force=may_act,
        step_form=step_form or Form(),
    )
    return _with_life(visit, page, detector) if detector else page


def _present_source(visit: Visit, detector: StoredDetector | None) -> str:
    if detector is not None:
        return queries.get_version(visit.tx, detector.version_id).source
    wanted = visit.query("from")
    return next((one for one in shipped_detectors() if f'name = "{wanted}"\n' in one), "")


def _checked(source: str) -> tuple[tuple[Spot, ...], Detector | None]:
    try:
        return (), read_detector(source)
    except DetectorInvalid as error:
        lines = [*source.splitlines(), ""]
        spots = []
        for each in error.problems:
            line = lines[min(each.line, len(lines)) - 1]
            at = min(each.column - 1, len(line))
            before, after = line[max(0, at - 60) : at], line[at : at + 60]
            spots.append(Spot(each.line, each.column, each.sentence, before, after))
        return tuple(spots), None


def _finds(visit: Visit, read: Detector | None, text: str) -> bool | None:
    """Whether it finds a text, all else being as in its first test that is to be found."""
    if read is None or not text.strip():
        return None
    first = next(one for one in read.examples if one.match)
    lists = map_entries(visit.tx, read.lists)
    return try_out(read, Example(text.replace("\r\n", "\n"), True, first.facts, lists))


def _with_life(visit: Visit, page: EditorPage, detector: StoredDetector) -> EditorPage:
    tx = visit.tx
    numbers = {one.id: one.number for one in queries.list_versions(tx, detector.id)}
    changes = queries.list_changes(tx, detector.id, Stretch(limit=_SHOWN))
    names = _names(visit, [one.by_id for one in changes])
    done = queries.find_backtest(tx, detector.version_id)
    shown = queries.list_shown_sample(tx, done.id) if done else []
    verdicts = {None: "", 1: "breaks", 0: "fine"}
    return msgspec.structs.replace(
        page,
        steps=_STEPS[State(detector.state)],
        history=tuple(
            Happened(
                step=one.step,
                version=numbers[one.version_id],
                by=names.get(one.by_id, ""),
                note=one.note,
                at=one.created_at,
            )
            for one in changes
        ),
        tried=_tried(visit, done) if done else None,
        sample=tuple(
            Sampled(str(one.post_id), one.spoiler_text, one.text, verdicts[one.verdict])
            for one in shown
        ),
        failures=queries.count_failures(tx, detector.id),
    )


def _names(visit: Visit, ids: Sequence[AccountId | None]) -> dict[AccountId | None, str]:
    known = list_accounts(visit.tx, list({one for one in ids if one is not None}))
    return {one.id: one.acct for one in known.values()}


def _tried(visit: Visit, done: Backtest) -> Tried:
    estimate = queries.estimate_precision(visit.tx, done.id)
    names = {one.id: one.name for one in queries.list_detectors(visit.tx)}
    overlaps = queries.list_overlaps(visit.tx, done.id)
    return Tried(
        done=done.finished_at is not None,
        seen=done.seen,
        matched=done.matched,
        labelled=estimate.of,
        share=round(100 * estimate.share),
        low=round(100 * estimate.low),
        high=round(100 * estimate.high),
        overlaps=tuple((names[one.other_id], one.matches) for one in overlaps),
    )
