"""`folkmoot policy`: the rules, the terms of service and the privacy policy."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from folkmoot.cli.dates import Moment
from folkmoot.cli.main import open_instance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from folkmoot.domain.policy.model import RuleDraft, Version

TEXTS = ("rules", "terms", "privacy")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OPENING = """\
# The rules of version {id}, in force from {day}.
# Edit, then: folkmoot policy publish FILE. A code stands for its rule for ever: a new rule takes
# the next number of its category, and the code of a rule that ends is not used again.
"""


@click.group("policy")
def command() -> None:
    """Publish what binds, in numbered versions. Earlier ones stay readable."""


@command.command("show")
@click.argument("text", type=click.Choice(TEXTS), default="rules")
@click.option("--version", "number", type=int, help="The number of a version; else the newest.")
def show(text: str, number: int | None) -> None:
    """Print the rules as TOML, or a document as Markdown, to start the next version from."""
    from folkmoot.domain.policy import queries
    from folkmoot.domain.policy.model import Kind, draft_of, format_rules
    from folkmoot.kit.clock import iso_day

    def read(tx: Any) -> str:
        version = queries.list_versions(tx)[0]
        if number is not None:
            version = queries.get_version(tx, number)
        if text != "rules":
            return queries.get_document(tx, Kind(text), version).body
        opening = _OPENING.format(id=version.id, day=iso_day(version.effective_from))
        rules = queries.list_rules(tx, version)
        return f"{opening}\n{format_rules([draft_of(rule) for rule in rules])}"

    with open_instance() as app:
        click.echo(app.db.read_now(read), nl=False)


@command.command("check")
@click.argument("file", type=_FILE)
def check(file: Path) -> None:
    """Say what is wrong with a file of rules, or how it differs from the newest version."""
    from folkmoot.domain.policy import queries

    with open_instance() as app, _located(file):
        changes = app.db.read_now(queries.list_draft_changes, _read_rules(file))
    changed = [change for change in changes if change.changed]
    for change in changed:
        click.echo(f"{change.code}: {change.what}")
    click.echo("These rules can be published." if changed else "No rule would change.")


@command.command("publish")
@click.argument("file", type=_FILE, required=False)
@click.option("--terms", type=_FILE, help="New terms of service, in Markdown.")
@click.option("--privacy", type=_FILE, help="A new privacy policy, in Markdown.")
@click.option(
    "--effective-from",
    type=Moment(),
    help="The day from which it holds; else the earliest that gives members notice.",
)
@click.option("--note", default="", help="What has changed, in a sentence or two, for members.")
def publish(
    file: Path | None,
    terms: Path | None,
    privacy: Path | None,
    effective_from: int | None,
    note: str,
) -> None:
    """Publish the next version. What is not given stays as in the newest one."""
    from folkmoot.domain.policy import actions
    from folkmoot.domain.policy.model import Kind

    if not (file or terms or privacy):
        raise click.UsageError("Give a file of rules, --terms or --privacy.")
    given = {Kind.TERMS: terms, Kind.PRIVACY: privacy}
    documents = {kind: _read(path) for kind, path in given.items() if path}
    with open_instance() as app, _located(file):
        version = app.db.write_now(
            actions.publish_version,
            rules=_read_rules(file) if file else None,
            documents=documents,
            effective_from=effective_from,
            note=note,
        )
    click.echo(f"Published as version {version.id}. {_binds(version)}")


@command.command("versions")
def versions() -> None:
    """List the versions, newest first, and how many members have accepted each."""
    from folkmoot.domain.auth.queries import count_members
    from folkmoot.domain.policy import queries

    def read(tx: Any) -> list[str]:
        members = count_members(tx)
        return [
            f"{version.id}\t{_binds(version)}\t"
            f"accepted by {queries.count_accepted(tx, version)} of {members}"
            for version in queries.list_versions(tx)
        ]

    with open_instance() as app:
        for line in app.db.read_now(read):
            click.echo(line)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as wrong:
        raise click.ClickException(f"This is not text in UTF-8: {file}") from wrong


def _read_rules(file: Path) -> "list[RuleDraft]":
    from folkmoot.domain.policy.model import parse_rules

    return parse_rules(_read(file))


@contextmanager
def _located(file: Path | None) -> "Iterator[None]":
    """Names the lines of a file in what is wrong with the rules in it."""
    from folkmoot.domain.policy.model import RulesInvalid, locate

    try:
        yield
    except RulesInvalid as wrong:
        text = _read(file) if file else ""
        raise RulesInvalid(locate(wrong.faults, text)) from wrong


def _binds(version: "Version") -> str:
    from folkmoot.domain.policy.model import AfterGrace
    from folkmoot.kit.clock import iso_day

    text = f"In force from {iso_day(version.effective_from)}."
    if version.grace_until is None:
        return text
    text += f" Members of before accept it until {iso_day(version.grace_until)}"
    paused = version.after_grace == AfterGrace.PAUSE_POSTING
    return text + ("; then posting pauses until they do." if paused else ".")
