"""`folkmoot detector`: detectors from file to force, and what they find."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from folkmoot.cli.main import open_instance

if TYPE_CHECKING:
    from folkmoot.domain.detectors.model import Detector

_FILE = click.argument("file", type=click.File("r", encoding="utf-8"))
_NOTE = click.option("--note", required=True, help="Why: it is kept with the change.")
LEFT_ALONE, FOUND, WRONG = 0, 1, 2


@click.group("detector")
def command() -> None:
    """Check, save, backtest and run detectors; docs/policy-language.md describes them."""


@command.command("shipped")
@click.argument("name", required=False)
def shipped(name: str | None) -> None:
    """List the detectors that ship with the program, or print one to start from."""
    from folkmoot.domain.detectors.model import read_detector, shipped_detectors

    for source in shipped_detectors():
        read = read_detector(source)
        if name is None:
            click.echo(f"{read.name}\t{read.rule}\t{read.title}")
        elif name == read.name:
            click.echo(source, nl=False)
            return
    if name is not None:
        raise click.ClickException(f"No detector {name} ships with the program")


@command.command("check")
@_FILE
def check(file: Any) -> None:
    """Check a file and run its tests; nothing is saved. Tells every problem with its place."""
    read = _read(file)
    click.echo(f"{read.name}: sound, and {len(read.examples)} tests come out as they say.")


@command.command("try")
@_FILE
@click.argument("text")
def try_(file: Any, text: str) -> None:
    """Say whether a detector finds a text. Ends with 1 when it does, 0 when not."""
    from folkmoot.domain.detectors.model import Example, try_out

    found = try_out(_read(file), Example(text, True, {}, {}))
    click.echo("found" if found else "left alone")
    sys.exit(FOUND if found else LEFT_ALONE)


def _read(file: Any) -> "Detector":
    from folkmoot.domain.detectors.model import DetectorInvalid, read_detector

    try:
        return read_detector(file.read())
    except DetectorInvalid as error:
        for problem in error.problems:
            click.echo(f"{file.name}:{problem.line}:{problem.column}: {problem.sentence}", err=True)
        sys.exit(WRONG)


@command.command("save")
@_FILE
@_NOTE
def save(file: Any, note: str) -> None:
    """Save a file as a new detector, or as the next version of the one of its name. It is a draft
    then: nothing looks with it yet.
    """
    from folkmoot.domain.detection import actions

    source = file.read()
    file.seek(0)
    _read(file)
    with open_instance() as app:
        saved = app.db.write_now(actions.save_detector, None, source=source, note=note)
    click.echo(f"Saved {saved.detector.name} as version {saved.version.number}, a draft.")


@command.command("backtest")
@click.argument("name")
def backtest(name: str) -> None:
    """Have the present version tried on all past public posts. A job does it; `show` tells."""
    from folkmoot.domain.detection import actions

    with open_instance() as app:
        app.db.write_now(actions.start_backtest, name)
    click.echo("Started; `folkmoot detector show` tells how far it is.")


@command.command("shadow")
@click.argument("name")
@_NOTE
def shadow(name: str, note: str) -> None:
    """Let a detector look at what is written, without anything following from it."""
    from folkmoot.domain.detection import actions

    with open_instance() as app:
        app.db.write_now(actions.start_shadow, None, name, note=note)
    click.echo(f"{name} looks on in shadow.")


@command.command("activate")
@click.argument("name")
@_NOTE
def activate(name: str, note: str) -> None:
    """Put a detector in force that has run in shadow for the set time."""
    from folkmoot.domain.detection import actions

    with open_instance() as app:
        app.db.write_now(actions.activate, None, name, note=note)
    click.echo(f"{name} is in force.")


@command.command("retire")
@click.argument("name")
@_NOTE
def retire(name: str, note: str) -> None:
    """End a detector. What it did stays readable."""
    from folkmoot.domain.detection import actions

    with open_instance() as app:
        app.db.write_now(actions.retire, None, name, note=note)
    click.echo(f"{name} is retired.")


@command.command("list")
def list_() -> None:
    """List the detectors with their states."""
    from folkmoot.domain.detection import queries
    from folkmoot.kit.clock import iso_day

    with open_instance() as app:
        for detector in app.db.read_now(queries.list_detectors):
            click.echo(f"{detector.name}\t{detector.state}\tsince {iso_day(detector.since)}")


@command.command("show")
@click.argument("name")
def show(name: str) -> None:
    """Show what became of a detector: its changes, its backtest, what it found."""
    from folkmoot.domain.detection import queries
    from folkmoot.kit.clock import iso
    from folkmoot.kit.db import Page

    with open_instance() as app:
        detector = app.db.read_now(queries.get_detector, name)
        changes = app.db.read_now(queries.list_changes, detector.id, Page(limit=50))
        done = app.db.read_now(queries.find_backtest, detector.version_id)
        failures = app.db.read_now(queries.count_failures, detector.id)
        click.echo(f"{detector.name} is {detector.state} since {iso(detector.since)}.")
        if done is not None:
            estimate = app.db.read_now(queries.estimate_precision, done.id)
            state = "finished" if done.finished_at is not None else "running"
            click.echo(f"Backtest {done.id} {state}: {done.matched:,} of {done.seen:,} found.")
            if estimate.of:
                click.echo(
                    f"Of {estimate.of} labelled, {estimate.share:.0%} break the rule: "
                    f"surely between {estimate.low:.0%} and {estimate.high:.0%}."
                )
        if failures:
            click.echo(f"{failures} times it could not be decided.")
    for change in changes:
        click.echo(f"  {iso(change.created_at)}\t{change.step}\t{change.note}")


@command.command("sample")
@click.argument("name")
def sample(name: str) -> None:
    """Print the sample of the newest backtest that waits for labels: ids and texts."""
    from folkmoot.domain.detection import queries

    with open_instance() as app:
        detector = app.db.read_now(queries.get_detector, name)
        done = app.db.read_now(queries.find_backtest, detector.version_id)
        if done is None:
            raise click.ClickException("This version has no backtest yet")
        for shown in app.db.read_now(queries.list_shown_sample, done.id):
            said = {None: "?", 1: "breaks the rule", 0: "is fine"}[shown.verdict]
            click.echo(f"{shown.post_id}\t{said}\t{' '.join(shown.text.split())}")


@command.command("label")
@click.argument("name")
@click.argument("post", type=int)
@click.argument("verdict", type=click.Choice(("breaks", "fine")))
def label(name: str, post: int, verdict: str) -> None:
    """Say of a sampled post whether it breaks the detector's rule."""
    from folkmoot.domain.detection import actions, queries
    from folkmoot.domain.posts.model import PostId

    with open_instance() as app:
        detector = app.db.read_now(queries.get_detector, name)
        done = app.db.read_now(queries.find_backtest, detector.version_id)
        if done is None:
            raise click.ClickException("This version has no backtest yet")
        breaks = verdict == "breaks"
        app.db.write_now(actions.label_match, None, done.id, PostId(post), breaks=breaks)


@command.command("diff")
@click.argument("name")
@click.argument("old", type=int)
@click.argument("new", type=int)
def diff(name: str, old: int, new: int) -> None:
    """Compare two versions of a detector, line by line."""
    from difflib import unified_diff

    from folkmoot.domain.detection import queries

    with open_instance() as app:
        detector = app.db.read_now(queries.get_detector, name)
        versions = app.db.read_now(queries.list_versions, detector.id)
    sources = {version.number: version.source for version in versions}
    for number in (old, new):
        if number not in sources:
            raise click.ClickException(f"{name} has no version {number}")
    before, after = (sources[number].splitlines(keepends=True) for number in (old, new))
    lines = unified_diff(before, after, f"{name}, version {old}", f"{name}, version {new}")
    click.echo("".join(lines), nl=False)


@command.command("export")
@click.argument("name")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(name: str, folder: Path) -> None:
    """Write the present version as a file into a folder, to change it there."""
    from folkmoot.domain.detection import queries

    with open_instance() as app:
        detector = app.db.read_now(queries.get_detector, name)
        version = app.db.read_now(queries.get_version, detector.version_id)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{detector.name}.toml"
    file.write_text(version.source, encoding="utf-8")
    click.echo(str(file))
