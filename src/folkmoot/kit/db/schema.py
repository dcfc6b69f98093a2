"""The schema on disk: brought to the newest revision by Alembic, on either database."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from folkmoot.kit.settings import Settings

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def migrate(settings: Settings, revision: str = "head") -> None:
    """Brings the database of an instance to a revision, creating it where there is none."""
    from alembic import command  # slow to import, and only this needs it

    command.upgrade(_config(settings), revision)


def current_revision(settings: Settings) -> str | None:
    """The revision that the database has; None when it has no schema yet. Asked at each start,
    so by the bare driver.
    """
    url = settings.database.url
    asked = "SELECT version_num FROM alembic_version"
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        if not path.exists():
            return None
        with closing(sqlite3.connect(path)) as connection:
            try:
                row = connection.execute(asked).fetchone()
            except sqlite3.OperationalError:
                return None
        return str(row[0]) if row else None
    import psycopg

    with psycopg.connect(url) as server:
        try:
            row = server.execute(asked).fetchone()
        except psycopg.errors.UndefinedTable:
            return None
    return str(row[0]) if row else None


def newest_revision() -> str:
    """The revision that this version of the program needs: the number of the last file."""
    return max(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def is_current(settings: Settings) -> bool:
    """Whether the database has the newest revision."""
    return current_revision(settings) == newest_revision()


def make_engine(settings: Settings) -> Any:
    """An SQLAlchemy engine for what is not a unit of work: migrations, checks, copies."""
    import sqlalchemy as sa

    url = settings.database.url
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        return sa.create_engine(url)
    return sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))


def _config(settings: Settings) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["settings"] = settings
    return config
