"""`folkmoot announce`: what the team tells all members."""

from pathlib import Path

import rich_click as click

from folkmoot.cli.dates import Moment
from folkmoot.cli.main import open_instance


@click.group("announce")
def command() -> None:
    """Publish, list and withdraw announcements."""


@command.command("publish")
@click.argument("text", required=False)
@click.option(
    "--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Read it there."
)
@click.option("--starts", type=Moment(), help="When what is announced begins.")
@click.option("--ends", type=Moment(), help="When it ends; it is shown until then.")
@click.option("--all-day", is_flag=True, help="The times are days.")
def publish(
    text: str | None, file: Path | None, starts: int | None, ends: int | None, all_day: bool
) -> None:
    """Tell all members something, as plain text."""
    from folkmoot.domain.instance import actions

    body = file.read_text(encoding="utf-8") if file else text or ""
    with open_instance() as app:
        made = app.db.write_now(
            actions.publish_announcement, body, starts_at=starts, ends_at=ends, all_day=all_day
        )
    click.echo(f"Published as {made.id}.")


@command.command("withdraw")
@click.argument("id", type=int)
def withdraw(id: int) -> None:
    """Take an announcement back."""
    from folkmoot.domain.instance import actions

    with open_instance() as app:
        app.db.write_now(actions.withdraw_announcement, id)
    click.echo("Withdrawn.")


@command.command("list")
def list_all() -> None:
    """List every announcement."""
    from folkmoot.domain.instance import queries
    from folkmoot.kit.clock import iso_day

    with open_instance() as app:
        for each in app.db.read_now(queries.list_all_announcements):
            click.echo(f"{each.id}\t{iso_day(each.published_at)}\t{each.text}")
