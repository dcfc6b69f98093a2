"""`folkmoot settings`: every key, its value and where that came from; the reference."""

from pathlib import Path

import rich_click as click

from folkmoot.cli.main import settings_in_use


@click.group("settings")
def command() -> None:
    """Show the settings, or write their reference."""


@command.command("show")
@click.option("--set", "only_set", is_flag=True, help="Leave out what has its default.")
def show(only_set: bool) -> None:
    """Print every key, its value (secrets masked) and where it came from."""
    from rich.console import Console

    from folkmoot.cli.tables import settings_table

    Console().print(settings_table(settings_in_use(), only_set=only_set))


@command.command("reference")
@click.option(
    "--write",
    type=click.Path(exists=True, dir_okay=False, writable=True, path_type=Path),
    help="Write it into this document, between its marks, instead of printing it.",
)
def reference(write: Path | None) -> None:
    """Print the reference of all keys as Markdown."""
    from folkmoot.kit import settings_reference

    if write is None:
        click.echo(settings_reference.reference())
        return
    document = write.read_text(encoding="utf-8")
    write.write_text(settings_reference.replaced(document), encoding="utf-8")
