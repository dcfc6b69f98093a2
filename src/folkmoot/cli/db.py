"""`folkmoot db`: the database as a whole."""

from typing import TYPE_CHECKING

import msgspec
import rich_click as click

from folkmoot.cli.main import settings_in_use

if TYPE_CHECKING:
    from folkmoot.kit.settings import Settings


@click.group("db")
def command() -> None:
    """Bring the schema up to date, or move to another database."""


@command.command("migrate")
def migrate() -> None:
    """Bring the database to the schema of this version, creating it where there is none."""
    from folkmoot.kit.db import schema

    settings = settings_in_use().settings
    before = schema.current_revision(settings)
    schema.migrate(settings)
    click.echo(f"The schema was at {before or 'nothing'} and is at {schema.newest_revision()}.")


@command.command("copy")
@click.option("--to", "target", required=True, help="postgresql://… or sqlite:///path, empty.")
def copy(target: str) -> None:
    """Copy the whole instance into another, empty database, and check it row for row.

    Stop the server first, or what is written meanwhile is missing in the copy. Afterwards set
    `database.url` to the new address.
    """
    from rich.console import Console
    from sqlalchemy.exc import OperationalError

    from folkmoot import wiring
    from folkmoot.kit.db import schema
    from folkmoot.kit.db.copy import copy_database

    wiring.load_tables()
    source = settings_in_use().settings
    if not target.startswith(("sqlite:///", "postgresql://")):
        raise click.BadParameter("postgresql://user:password@host/name or sqlite:///path, please")
    if not schema.is_current(source):
        raise click.ClickException("The schema is not up to date: run `folkmoot db migrate` first.")
    database = msgspec.structs.replace(source.database, url=target)
    settings = msgspec.structs.replace(source, database=database)
    console = Console()
    try:
        schema.migrate(settings)
    except OperationalError as error:
        raise click.ClickException(f"The target cannot be reached: {error.orig}") from error
    done = copy_database(
        source, settings, told=lambda copied: console.print(f"{copied.table}: {copied.rows}")
    )
    total = sum(copied.rows for copied in done)
    console.print(f"Copied and compared {total} rows of {len(done)} tables.")
    console.print(f"{_rebuild_search(settings)} posts are in the new index for searching.")


def _rebuild_search(settings: "Settings") -> int:
    """The index is another thing on each database, and made of the copied posts."""
    from folkmoot.domain.search.jobs import rebuild
    from folkmoot.kit.db import Database

    db = Database(settings)
    try:
        return rebuild(db)
    finally:
        db.close()
