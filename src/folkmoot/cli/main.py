"""The group of commands, and what they share: the settings file and how refusals are told."""

import os
import sys
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click
from click import get_current_context

from folkmoot import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from folkmoot.kit.settings_sources import Loaded
    from folkmoot.surfaces.app import App

# In the order of the help. `import` is a word of Python, so its file is `import_`.
COMMANDS = (
    *("init", "doctor", "serve", "worker", "demo"),
    *("account", "policy", "detector", "matchlist", "log", "report", "disclosure"),
    *("announce", "emoji", "trends"),
    *("rebuild", "db", "settings", "testing"),
)

EXIT_SETTINGS = 78  # EX_CONFIG of sysexits.h


class Commands(click.RichGroup):
    """Imports a command's file only when the command is called (or help lists it)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name.rstrip("_") for name in COMMANDS]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        for module in COMMANDS:
            if module.rstrip("_") == name:
                command: click.Command = import_module(f"folkmoot.cli.{module}").command
                return command
        return None

    def invoke(self, ctx: click.Context) -> Any:
        from folkmoot.kit.errors import Refusal

        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            raise click.ClickException(refusal.sentence) from refusal


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The settings file. Without it: $FOLKMOOT_CONFIG, ./folkmoot.toml, "
    "$XDG_CONFIG_HOME/folkmoot/folkmoot.toml.",
)
@click.version_option(__version__, "-V", "--version", prog_name="folkmoot")
def folkmoot(config: Path | None) -> None:
    """Folkmoot: a self-hosted micro-blog service that governs itself in the open."""
    if config is not None:
        # Processes that this one starts read the same file.
        os.environ["FOLKMOOT_CONFIG"] = str(config.absolute())


def chosen_file() -> Path | None:
    """The value of `--config`."""
    chosen: Path | None = get_current_context().find_root().params["config"]
    return chosen


def settings_in_use() -> "Loaded":
    """The settings every command works with; ends the command when they are wrong."""
    from folkmoot.kit.settings_sources import SettingsWrong, load

    try:
        return load(chosen_file())
    except SettingsWrong as wrong:
        for problem in wrong.problems:
            click.echo(str(problem), err=True)
        click.echo("The settings cannot be used; `folkmoot doctor` says more.", err=True)
        sys.exit(EXIT_SETTINGS)


@contextmanager
def open_instance() -> "Iterator[App]":
    """The instance of the settings in use, its database open for the length of a command."""
    from folkmoot import wiring

    app = wiring.build_app(settings_in_use().settings)
    try:
        yield app
    finally:
        app.db.close()


def main() -> None:
    """Entry point of the `folkmoot` script."""
    folkmoot(prog_name="folkmoot")
