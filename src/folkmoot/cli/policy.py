"""`folkmoot policy`: the rules, the terms of service and the privacy policy."""

from pathlib import Path
from typing import Any

import rich_click as click

from folkmoot.cli.dates import Moment
from folkmoot.cli.main import open_instance

KINDS = ("terms", "privacy")
CATEGORIES = (
    *("violence", "hate", "harassment", "sexual-exploitation", "intimate-content", "self-harm"),
    *("scams", "spam", "impersonation", "private-information", "intellectual-property"),
    *("illegal-goods", "adult-content"),
)
_FROM = click.option(
    "--from",
    "effective_from",
    type=Moment(),
    default="today",
    show_default=True,
    help="The day from which it holds. People should know it before: give notice.",
)
_TRANSLATION = click.option(
    "--translation",
    "translations",
    type=(str, str),
    multiple=True,
    metavar="LANGUAGE TEXT",
    help="The rule in another language; may be repeated.",
)


@click.group("policy")
def command() -> None:
    """Publish what binds. Versions are dated, and earlier ones stay readable."""


@command.command("rules")
@click.option("--all", "every", is_flag=True, help="Also those that are over or yet to come.")
def rules(every: bool) -> None:
    """List the rules in force with their ids."""
    from folkmoot.domain.policy import queries
    from folkmoot.kit.clock import iso_day

    with open_instance() as app:
        query: Any = queries.list_all_rules if every else queries.list_rules
        for rule in app.db.read_now(query):
            until = f" to {iso_day(rule.retired_from)}" if rule.retired_from is not None else ""
            days = f"from {iso_day(rule.effective_from)}{until}"
            click.echo(f"{rule.id}\t{rule.category}\t{days}\n  {rule.text}\n  {rule.hint}")


@command.command("add-rule")
@click.argument("category", type=click.Choice(CATEGORIES))
@click.argument("text")
@click.option("--hint", default="", help="A longer explanation.")
@_TRANSLATION
@_FROM
def add_rule(
    category: str,
    text: str,
    hint: str,
    translations: tuple[tuple[str, str], ...],
    effective_from: int,
) -> None:
    """Add a rule. Its category is one of the harms that may be forbidden here."""
    from folkmoot.domain.policy import actions
    from folkmoot.domain.policy.model import Category, Translation

    with open_instance() as app:
        rule = app.db.write_now(
            actions.publish_rule,
            category=Category(category),
            text=text,
            hint=hint,
            translations={language: Translation(words) for language, words in translations},
            effective_from=effective_from,
        )
    click.echo(f"Published as {rule.id}.")


@command.command("reword-rule")
@click.argument("id", type=int)
@click.argument("text")
@click.option("--hint", default="", help="A longer explanation.")
@_TRANSLATION
@_FROM
def reword_rule(
    id: int,
    text: str,
    hint: str,
    translations: tuple[tuple[str, str], ...],
    effective_from: int,
) -> None:
    """Replace a rule's wording from a day on."""
    from folkmoot.domain.policy import actions
    from folkmoot.domain.policy.model import Translation

    with open_instance() as app:
        rule = app.db.write_now(
            actions.replace_rule,
            id,
            text=text,
            hint=hint,
            translations={language: Translation(words) for language, words in translations},
            effective_from=effective_from,
        )
    click.echo(f"Published as {rule.id}.")


@command.command("retire-rule")
@click.argument("id", type=int)
@_FROM
def retire_rule(id: int, effective_from: int) -> None:
    """End a rule on a day. What was decided by it stays explained."""
    from folkmoot.domain.policy import actions

    with open_instance() as app:
        app.db.write_now(actions.retire_rule, id, retired_from=effective_from)
    click.echo("Retired.")


@command.command("show")
@click.argument("kind", type=click.Choice(KINDS))
def show(kind: str) -> None:
    """Print a document in force, as Markdown to start a new version from."""
    from folkmoot.domain.policy import queries
    from folkmoot.domain.policy.model import Kind

    with open_instance() as app:
        click.echo(app.db.read_now(queries.get_document, Kind(kind)).body)


@command.command("versions")
@click.argument("kind", type=click.Choice(KINDS))
def versions(kind: str) -> None:
    """List the versions of a document, newest first."""
    from folkmoot.domain.policy import queries
    from folkmoot.domain.policy.model import Kind
    from folkmoot.kit.clock import iso_day

    with open_instance() as app:
        for version in app.db.read_now(queries.list_versions, Kind(kind)):
            click.echo(f"{iso_day(version.effective_from)}\t{len(version.body)} characters")


@command.command("publish")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_FROM
def publish(kind: str, file: Path, effective_from: int) -> None:
    """Publish a new version of a document, written in Markdown."""
    from folkmoot.domain.policy import actions
    from folkmoot.domain.policy.model import Kind
    from folkmoot.kit.clock import iso_day

    body = file.read_text(encoding="utf-8")
    with open_instance() as app:
        made = app.db.write_now(
            actions.publish_document, Kind(kind), body, effective_from=effective_from
        )
    click.echo(f"Published; in force from {iso_day(made.effective_from)}.")
