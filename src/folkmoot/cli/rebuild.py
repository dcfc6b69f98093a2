"""`folkmoot rebuild`: what is derived, built anew from what is stored."""

import rich_click as click

from folkmoot.cli.main import open_instance


@click.group("rebuild")
def command() -> None:
    """Build anew what is derived from what is stored."""


@command.command("search")
def search() -> None:
    """Build the index for searching posts anew; until it is done, search finds less."""
    from folkmoot.domain.search.jobs import rebuild

    with open_instance() as app:
        count = rebuild(app.db)
    click.echo(f"{count} posts are in the index.")
