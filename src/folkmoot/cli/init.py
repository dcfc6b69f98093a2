"""`folkmoot init`: the settings file with fresh secrets, and the database."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import rich_click as click

from folkmoot.cli.main import EXIT_SETTINGS, chosen_file

OPENING = """\
Settings of this instance. It holds secrets: keep it readable by its owner alone.
All keys are described in docs/operating.md; `folkmoot doctor` tells what is wrong."""


@click.command("init")
@click.option("--base-url", help="Address by which people reach it, or just the domain.")
@click.option("--title", help="Name of the service.")
@click.option("--database", default="", help="sqlite:///path or postgresql://…")
@click.option("--yes", is_flag=True, help="Ask nothing: take the options and the defaults.")
def command(base_url: str | None, title: str | None, database: str, yes: bool) -> None:
    """Set up a new instance: settings with fresh secrets, and the database.

    Asks for what was not given as an option.
    """
    file = (chosen_file() or Path("folkmoot.toml")).absolute()
    if file.exists():
        raise click.ClickException(f"{file} exists already; edit it, or name another by --config.")
    address = full_address(_asked(base_url, "Domain or address", yes, ""))
    host = address.partition("://")[2].partition(":")[0]
    values: dict[str, dict[str, Any]] = {
        "server": {"base_url": address},
        "instance": {"title": _asked(title, "Name of the service", yes, host)},
    }
    if database:
        values["database"] = {"url": database}
    _set_up(file, values)
    click.echo(f"Settings written to {file}.")


def full_address(given: str) -> str:
    """`folk.example` becomes `https://folk.example`; a loopback name gets http."""
    from folkmoot.kit.settings_rules import is_loopback

    text = given.strip().rstrip("/").lower()
    if "://" in text:
        return text
    return f"http://{text}" if is_loopback(f"http://{text}") else f"https://{text}"


def _asked(given: str | None, question: str, yes: bool, default: str) -> str:
    if given is not None:
        return given
    if not yes:
        answer: str = click.prompt(question, default=default or None)
        return answer
    if not default:
        raise click.ClickException(f"{question}: with --yes, give it as an option.")
    return default


def _set_up(file: Path, values: Mapping[str, Mapping[str, Any]]) -> None:
    """Writes the file and makes the database; takes the file back when it is of no use."""
    from folkmoot.kit.db.schema import migrate
    from folkmoot.kit.fresh_secrets import fresh_secrets
    from folkmoot.kit.settings_sources import SettingsWrong, load, write_file

    file.parent.mkdir(parents=True, exist_ok=True)
    write_file(file, {**values, "secrets": fresh_secrets()}, opening=OPENING)
    try:
        migrate(load(file).settings)
    except SettingsWrong as wrong:
        file.unlink()
        for problem in wrong.problems:
            click.echo(str(problem), err=True)
        sys.exit(EXIT_SETTINGS)
    except BaseException:
        file.unlink()
        raise
