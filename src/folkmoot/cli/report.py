"""`folkmoot report`: transparency reports, counted from the public log."""

from pathlib import Path

import rich_click as click

from folkmoot.cli.main import open_instance

_PERIOD = "Such as 2026, 2026-H1, 2026-Q3 or 2026-11."


@click.group("report")
def command() -> None:
    """Transparency reports: look at the figures of a period, and publish them."""


@command.command("list")
def list_() -> None:
    """List the published reports."""
    from folkmoot.domain.tallies.queries import list_reports
    from folkmoot.kit import clock

    with open_instance() as app:
        found = app.db.read_now(list_reports)
    for each in found:
        day = clock.iso_day(each.published_at)
        click.echo(f"{each.code}\t{each.from_on} to {each.to_on}\tpublished {day}")


@command.command("preview", help=f"Write the files that a report would have. PERIOD: {_PERIOD}")
@click.argument("period")
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="A folder."
)
def preview(period: str, output: Path) -> None:
    from folkmoot.cli.recounting import write_files
    from folkmoot.domain.tallies.actions import identify
    from folkmoot.domain.tallies.model import parse_period
    from folkmoot.domain.tallies.queries import count_period
    from folkmoot.surfaces.official.report_files import build_files

    asked = parse_period(period)
    with open_instance() as app:
        tally = app.db.read_now(count_period, asked)
        identity = app.db.read_now(identify)
    files = build_files(identity, tally)
    write_files(files, output)
    click.echo(f"{len(files)} files from {tally.entries} entries are written to {output}.")


@command.command("publish", help=f"Publish a report, once and for ever. PERIOD: {_PERIOD}")
@click.argument("period")
@click.option("--yes", is_flag=True, help="Publish without asking.")
def publish(period: str, yes: bool) -> None:
    from folkmoot.domain.tallies.actions import check_publishable, publish_report
    from folkmoot.domain.tallies.model import parse_period
    from folkmoot.domain.tallies.queries import count_period
    from folkmoot.surfaces.official.report_files import build_files

    asked = parse_period(period)
    with open_instance() as app:
        app.db.read_now(check_publishable, asked)
        tally = app.db.read_now(count_period, asked)
        click.echo(
            f"{asked.from_on} to {asked.to_on}: {tally.decisions} decisions and "
            f"{tally.reports} reports, from {tally.entries} entries of the public log."
        )
        if not yes:
            click.confirm("Publish it? It cannot be changed or taken back.", abort=True)
        made = app.db.write_now(publish_report, tally, build_files)
        base = app.base_url
    click.echo(f"Published: {base}/transparency/{made.code}")
