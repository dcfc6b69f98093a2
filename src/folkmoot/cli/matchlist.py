"""`folkmoot matchlist`: lists of words, domains and pictures that detectors look for."""

from typing import Any

import rich_click as click

from folkmoot.cli.main import open_instance

FORMATS = ("plain", "hosts", "csv")
KINDS = ("domains", "words", "media")
_SHOWN = 20


@click.group("matchlist")
def command() -> None:
    """Import lists of others, see what changes, undo it, and protect what is wrongly listed."""


@command.command("list")
def list_() -> None:
    """List the lists."""
    from folkmoot.domain.matchlists import queries

    with open_instance() as app:
        for one in app.db.read_now(queries.list_lists):
            held = len(app.db.read_now(queries.list_entries, one))
            click.echo(f"{one.name}\t{one.kind}\t{held:,} entries\t{one.description}")


@command.command("create")
@click.argument("name")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--description", required=True, help="Whose list it is, and why it is used.")
def create(name: str, kind: str, description: str) -> None:
    """Make an empty list."""
    from folkmoot.domain.matchlists import actions
    from folkmoot.domain.matchlists.model import Kind

    with open_instance() as app:
        app.db.write_now(actions.create_list, name=name, kind=Kind(kind), description=description)
    click.echo(f"Made {name}.")


@command.command("import")
@click.argument("name")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--format", "form", type=click.Choice(FORMATS), default="plain", show_default=True)
@click.option("--source", required=True, help="Where it comes from: kept with every entry.")
@click.option("--whole", is_flag=True, help="Also take off what the file does not name.")
@click.option("--yes", is_flag=True, help="Import without asking.")
def import_(name: str, file: Any, form: str, source: str, whole: bool, yes: bool) -> None:
    """Show what an import would change, and import it when you agree."""
    from folkmoot.domain.matchlists import actions, queries
    from folkmoot.domain.matchlists.model import Format, Kind, read_list

    text = file.read()
    with open_instance() as app:
        the_list = app.db.read_now(queries.get_list, name)
        listed = read_list(text, Format(form), Kind(the_list.kind))
        plan = app.db.read_now(queries.plan_import, the_list, listed, whole=whole)
        _show("+", list(plan.added))
        _show("-", list(plan.removed))
        for refused in plan.refused[:_SHOWN]:
            click.echo(f"  line {refused.line}: {refused.problem}")
        click.echo(
            f"{len(plan.added):,} new, {len(plan.removed):,} taken off, {plan.kept:,} there "
            f"already, {len(plan.allowed):,} kept out by the allow-list, "
            f"{len(plan.refused):,} lines not understood."
        )
        if not yes:
            click.confirm("Import this?", abort=True)
        change = app.db.write_now(
            actions.import_list,
            None,
            name,
            text=text,
            form=Format(form),
            source=source,
            whole=whole,
        )
    click.echo(f"Imported; undo it with: folkmoot matchlist undo {name} {change.id}")


def _show(sign: str, entries: list[str]) -> None:
    for entry in sorted(entries)[:_SHOWN]:
        click.echo(f"{sign} {entry}")
    if len(entries) > _SHOWN:
        click.echo(f"{sign} … and {len(entries) - _SHOWN:,} more")


@command.command("undo")
@click.argument("name")
@click.argument("change", type=int)
def undo(name: str, change: int) -> None:
    """Take an import back."""
    from folkmoot.domain.matchlists import actions

    with open_instance() as app:
        made = app.db.write_now(actions.undo_import, None, name, change)
    click.echo(f"Undone: {made.added:,} put back, {made.removed:,} taken off.")


@command.command("changes")
@click.argument("name")
def changes(name: str) -> None:
    """List how a list came to be what it is, newest first."""
    from folkmoot.domain.matchlists import queries
    from folkmoot.kit.clock import iso
    from folkmoot.kit.db import Page

    with open_instance() as app:
        the_list = app.db.read_now(queries.get_list, name)
        for one in app.db.read_now(queries.list_changes, the_list, Page(limit=100)):
            undone = "\tundone" if one.undone_at is not None else ""
            click.echo(
                f"{one.id}\t{iso(one.created_at)}\t{one.kind}\t+{one.added} -{one.removed}"
                f"\t{one.source}{undone}"
            )


@command.command("allow")
@click.argument("name")
@click.argument("entry")
@click.option("--reason", required=True, help="Why it is listed wrongly.")
def allow(name: str, entry: str, reason: str) -> None:
    """Keep an entry off a list for good, whatever is imported."""
    from folkmoot.domain.matchlists import actions

    with open_instance() as app:
        app.db.write_now(actions.allow_entry, None, name, entry, reason=reason)
    click.echo(f"{entry} stays off {name}.")


@command.command("disallow")
@click.argument("name")
@click.argument("entry")
def disallow(name: str, entry: str) -> None:
    """Let imports put an entry onto a list again."""
    from folkmoot.domain.matchlists import actions

    with open_instance() as app:
        app.db.write_now(actions.disallow_entry, None, name, entry)
    click.echo(f"{entry} may stand on {name} again.")
