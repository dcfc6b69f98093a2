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


@command.command("log")
def log() -> None:
    """Write the public log's files anew, as after the loss of the media store."""
    from folkmoot.domain.transparency.jobs import rebuild

    with open_instance() as app:
        size = rebuild(app.context)
    click.echo(f"The files of {size} entries are written.")
