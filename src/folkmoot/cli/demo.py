"""`folkmoot demo`: an instance of its own with the demo village in it."""

import asyncio
from pathlib import Path

import msgspec
import rich_click as click

from folkmoot.cli.main import EXIT_SETTINGS

HERE = Path("var/demo/folkmoot.toml")
PASSWORD = "kettle and lantern"  # noqa: S105 - of made-up people, on loopback


@click.command("demo")
@click.option(
    "--into",
    type=click.Path(dir_okay=False, path_type=Path),
    default=HERE,
    show_default=True,
    help="Where its settings file goes; everything else goes beside it.",
)
@click.option("--port", default=8080, show_default=True)
def command(into: Path, port: int) -> None:
    """Make an instance with the demo village, unless it is there already, and print the login."""
    if not into.exists():
        _make(into, port)
    _print_login(into)


def _make(into: Path, port: int) -> None:
    from folkmoot import wiring
    from folkmoot.cli.village.build import build_village
    from folkmoot.kit.db.schema import migrate
    from folkmoot.kit.fresh_secrets import fresh_secrets
    from folkmoot.kit.passwords import hash_now
    from folkmoot.kit.settings_sources import load, write_file

    unfinished = into.with_suffix(".making")
    unfinished.unlink(missing_ok=True)
    for old in into.parent.glob("folkmoot.db*"):
        old.unlink()
    into.parent.mkdir(parents=True, exist_ok=True)
    write_file(unfinished, {**_settings(into.parent.absolute(), port), "secrets": fresh_secrets()})
    settings = load(unfinished).settings
    click.echo("Building the village …")
    migrate(settings)
    app = wiring.build_app(settings)
    try:
        codes = asyncio.run(build_village(app.context, password_hash=hash_now(PASSWORD)))
        _codes_beside(into).write_bytes(msgspec.json.encode(codes))
    finally:
        app.db.close()
    unfinished.rename(into)


def _codes_beside(into: Path) -> Path:
    return into.parent / "second-steps.json"


def _settings(folder: Path, port: int) -> dict[str, dict[str, object]]:
    return {
        "server": {"base_url": f"http://127.0.0.1:{port}", "port": port},
        "instance": {
            "title": "The Village",
            "short_description": "A demonstration of Folkmoot: everyone here is made up.",
            "contact_account": "wren",
            "languages": ["en", "zh"],
        },
        "database": {"url": f"sqlite:///{folder / 'folkmoot.db'}"},
        "media": {"folder": str(folder / "media")},
        "mail": {"folder": str(folder / "mail")},
        # So few cases are decided here that a share of them would be none.
        "quality": {"second_looks": 1.0},
    }


def _print_login(into: Path) -> None:
    from folkmoot.cli.village.build import OWNER, email_of
    from folkmoot.kit.settings_sources import SettingsWrong, load

    try:
        server = load(into).settings.server
    except SettingsWrong as wrong:
        for problem in wrong.problems:
            click.echo(str(problem), err=True)
        raise SystemExit(EXIT_SETTINGS) from wrong
    click.echo(f"The village is at {server.base_url}")
    click.echo(f"Its owner signs in with {email_of(OWNER)} and the password: {PASSWORD}")
    click.echo("All villagers have that password: tomas@village.example, lin@village.example, …")
    beside = _codes_beside(into)
    if not beside.exists():  # made by an earlier version, whose team had no second step
        return
    click.echo("Who is of the team has a second step as well; each of these codes works once:")
    codes = msgspec.json.decode(beside.read_bytes(), type=dict[str, list[str]])
    for name, several in codes.items():
        click.echo(f"  {email_of(name)}: {', '.join(several[:5])}")
