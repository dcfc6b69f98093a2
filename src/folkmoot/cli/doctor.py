"""`folkmoot doctor`: what is set, where it came from, and what is wrong."""

import sys
from typing import TYPE_CHECKING

import rich_click as click

from folkmoot.cli.main import EXIT_SETTINGS, chosen_file

if TYPE_CHECKING:
    from folkmoot.cli.checkup import Finding
    from folkmoot.kit.settings_rules import Problem
    from folkmoot.kit.settings_sources import Loaded

MARKS = {
    "well": "[green]well[/]",
    "note": "[blue]note[/]",
    "warning": "[yellow]warning[/]",
    "wrong": "[red]wrong[/]",
}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.option("--all", "everything", is_flag=True, help="Show the settings that are defaults, too.")
def command(as_json: bool, everything: bool) -> None:
    """Print what is set, where it came from, and what is wrong.

    Ends with 0 when nothing is wrong, 1 when something cannot work, 78 when the settings
    themselves cannot be read. Warnings do not count as wrong.
    """
    from folkmoot.cli.checkup import examine
    from folkmoot.kit.settings_sources import SettingsWrong, load

    try:
        loaded = load(chosen_file())
    except SettingsWrong as wrong:
        _tell_problems(wrong.problems, as_json=as_json)
        sys.exit(EXIT_SETTINGS)
    findings = list(examine(loaded))
    if as_json:
        _print_json(loaded, findings)
    else:
        _print_tables(loaded, findings, everything=everything)
    sys.exit(any(finding.state == "wrong" for finding in findings))


def _tell_problems(problems: "list[Problem]", *, as_json: bool) -> None:
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode({"problems": [each._asdict() for each in problems]}))
        return
    for problem in problems:
        click.echo(str(problem))


def _print_json(loaded: "Loaded", findings: "list[Finding]") -> None:
    import msgspec

    from folkmoot.kit.settings_sources import known_keys, shown

    settings = [
        {
            "key": known.key,
            "value": shown(known, getattr(getattr(loaded.settings, known.section), known.name)),
            "from": loaded.origin(known.key),
        }
        for known in known_keys().values()
    ]
    click.echo(msgspec.json.encode({"settings": settings, "findings": findings}))


def _print_tables(loaded: "Loaded", findings: "list[Finding]", *, everything: bool) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from folkmoot.cli.tables import settings_table

    console = Console()
    if everything or loaded.origins:
        console.print(settings_table(loaded, only_set=not everything), "")
    table = Table(box=None, pad_edge=False, show_header=False)
    for finding in findings:
        table.add_row(MARKS[finding.state], finding.subject, escape(finding.sentence))
    console.print(table)
