"""`folkmoot disclosure`: statements of reasons for the EU transparency database."""

import csv
import datetime as dt
import sys
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

import rich_click as click

from folkmoot.cli.main import open_instance

if TYPE_CHECKING:
    from folkmoot.domain.disclosure.model import Disclosed
    from folkmoot.surfaces.app import App

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("disclosure")
def command() -> None:
    """Statements of reasons for the EU transparency database: export them, see what was sent."""


@command.command("export")
@click.option("--from", "first", type=_DAY, required=True, help="The first day, UTC.")
@click.option("--to", "last", type=_DAY, required=True, help="The last day, UTC.")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl")
@click.option("--output", type=click.File("w", encoding="utf-8"), default="-")
def export(first: dt.datetime, last: dt.datetime, form: str, output: IO[str]) -> None:
    """Write the statements of decisions taken in a time: a line of JSON each, or RFC 4180 CSV."""
    if last < first:
        raise click.BadParameter("it lies before the first day", param_hint="--to")
    with open_instance() as app:
        rows = _rows(app, _start(first), _start(last + dt.timedelta(days=1)))
        count = _write_csv(rows, output) if form == "csv" else _write_lines(rows, output)
    click.echo(f"{count} statements.", err=True)


def _start(day: dt.datetime) -> int:
    return int(day.replace(tzinfo=dt.UTC).timestamp() * 1_000)


def _rows(app: "App", since: int, until: int) -> Iterator["Disclosed"]:
    """A page at a time, so that memory stays bounded."""
    from folkmoot.domain.disclosure.queries import list_decided

    last: Disclosed | None = None
    while page := app.db.read_now(list_decided, since, until, after=last):
        yield from page
        last = page[-1]


def _write_lines(rows: Iterator["Disclosed"], output: IO[str]) -> int:
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
        output.write(row.body + "\n")
    return count


def _write_csv(rows: Iterator["Disclosed"], output: IO[str]) -> int:
    from folkmoot.domain.disclosure.model import Statement

    writer, count = csv.writer(output), 0
    writer.writerow(Statement.__struct_fields__)
    for count, row in enumerate(rows, 1):  # noqa: B007
        said = row.statement
        writer.writerow(_cell(getattr(said, name)) for name in Statement.__struct_fields__)
    return count


def _cell(value: Any) -> str:
    """Several values stand as a JSON list, as the database's own downloads write them."""
    import msgspec

    if isinstance(value, tuple):
        return msgspec.json.encode(value).decode() if value else ""
    return str(value)


@command.command("status")
def status() -> None:
    """Show whether statements are sent, how many wait, and what was refused."""
    from folkmoot.domain.disclosure import queries

    with open_instance() as app:
        sends = app.settings.disclosure.sends
        sending = app.db.read_now(queries.get_sending)
        refused = app.db.read_now(queries.list_refused)
    where = app.settings.disclosure.eu_url if sends else "nowhere: no address and token are set"
    click.echo(f"Sent to   {where}")
    click.echo(f"Waiting   {sending.waiting}")
    if sending.problem:
        click.echo(f"          last: {sending.problem}")
    click.echo(f"Refused   {sending.refused}")
    for row in refused:
        click.echo(f"          {row.puid}: {row.problem}")
    sys.exit(1 if sending.refused else 0)


@command.command("retry")
def retry() -> None:
    """Let the refused statements be sent once more."""
    from folkmoot.domain.disclosure import actions

    with open_instance() as app:
        count = app.db.write_now(actions.send_again)
    click.echo(f"{count} statements wait again.")
