"""`folkmoot init`: the settings file with fresh secrets, the database, the owner's account."""

import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import rich_click as click

from folkmoot.cli.main import EXIT_SETTINGS, chosen_file

if TYPE_CHECKING:
    from folkmoot.kit.settings import Settings

OPENING = """\
Settings of this instance. It holds secrets: keep it readable by its owner alone.
All keys are described in docs/operating.md; `folkmoot doctor` tells what is wrong."""


@click.command("init")
@click.option("--base-url", help="Address by which people reach it, or just the domain.")
@click.option("--title", help="Name of the service.")
@click.option("--owner", help="User name of the owner's account.")
@click.option("--email", help="The owner's e-mail address; shown to nobody.")
@click.option("--database", default="", help="sqlite:///path or postgresql://…")
@click.option("--yes", is_flag=True, help="Ask nothing: take the options and the defaults.")
def command(
    base_url: str | None,
    title: str | None,
    owner: str | None,
    email: str | None,
    database: str,
    yes: bool,
) -> None:
    """Set up a new instance: settings with fresh secrets, the database, the owner's account.

    Asks for what was not given as an option, and prints the owner's password once.
    """
    file = (chosen_file() or Path("folkmoot.toml")).absolute()
    if file.exists():
        raise click.ClickException(f"{file} exists already; edit it, or name another by --config.")
    address = full_address(_asked(base_url, "Domain or address", yes))
    host = address.partition("://")[2].partition(":")[0]
    name = _asked(title, "Name of the service", yes, host)
    first = _owner(_asked(owner, "Owner's user name", yes), _asked(email, "Owner's e-mail", yes))
    values: dict[str, dict[str, Any]] = {
        "server": _server(address),
        "instance": {"title": name, "contact_account": first.username},
    }
    if database:
        values["database"] = {"url": database}
    _set_up(file, values, first)
    click.echo(f"Settings written to {file}; keep it secret, and keep a copy.")
    click.echo(f"The owner signs in at {address} with {first.email} and {first.password}")
    click.echo("Next: `folkmoot doctor`, then `folkmoot serve`.")


def _server(address: str) -> dict[str, Any]:
    """Behind a proxy the port is free to choose; on this machine alone it is the address's."""
    from folkmoot.kit.settings_rules import is_loopback

    try:
        port = urlsplit(address).port if is_loopback(address) else None
    except ValueError:
        port = None  # the settings' own rules say what is wrong with the address
    return {"base_url": address, "port": port} if port else {"base_url": address}


class Owner(NamedTuple):
    """The first account, with the password that is printed once."""

    username: str
    email: str
    password: str


def _owner(username: str, email: str) -> Owner:
    from folkmoot.domain.accounts.model import check_username
    from folkmoot.domain.auth.model import parse_email

    return Owner(check_username(username), parse_email(email).address, secrets.token_urlsafe(15))


def full_address(given: str) -> str:
    """`folk.example` becomes `https://folk.example`; a loopback name gets http."""
    from folkmoot.kit.settings_rules import is_loopback

    text = given.strip().rstrip("/").lower()
    if "://" in text:
        return text
    return f"http://{text}" if is_loopback(f"http://{text}") else f"https://{text}"


def _asked(given: str | None, question: str, yes: bool, default: str = "") -> str:
    if given is not None:
        return given
    if not yes:
        answer: str = click.prompt(question, default=default or None)
        return answer
    if not default:
        raise click.ClickException(f"{question}: with --yes, give it as an option.")
    return default


def _set_up(file: Path, values: Mapping[str, Mapping[str, Any]], owner: Owner) -> None:
    """Writes the file, makes the database and the owner; takes the file back if that fails."""
    from folkmoot.kit.db.schema import migrate
    from folkmoot.kit.fresh_secrets import fresh_secrets
    from folkmoot.kit.settings_sources import SettingsWrong, load, write_file

    file.parent.mkdir(parents=True, exist_ok=True)
    write_file(file, {**values, "secrets": fresh_secrets()}, opening=OPENING)
    try:
        settings = load(file).settings
        migrate(settings)
        _enrol(settings, owner)
    except SettingsWrong as wrong:
        file.unlink()
        for problem in wrong.problems:
            click.echo(str(problem), err=True)
        sys.exit(EXIT_SETTINGS)
    except BaseException:
        file.unlink()
        raise


def _enrol(settings: "Settings", owner: Owner) -> None:
    from folkmoot import wiring
    from folkmoot.domain.registration.actions import create_owner
    from folkmoot.kit.db import Database
    from folkmoot.kit.passwords import hash_now

    password_hash = hash_now(owner.password)
    db = Database(settings, facts=wiring.facts())
    try:
        db.write_now(create_owner, owner.username, email=owner.email, password_hash=password_hash)
    finally:
        db.close()
