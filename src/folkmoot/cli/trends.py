"""`folkmoot trends`: what trends, and letting it through where trends are reviewed."""

import rich_click as click

from folkmoot.cli.main import open_instance

KINDS = ("tag", "post", "link")


@click.group("trends")
def command() -> None:
    """See what trends. With `discovery.trends_review`, say what may."""


@command.command("compute")
def compute() -> None:
    """Compute the trends now instead of within minutes."""
    from folkmoot.domain.discovery import actions

    with open_instance() as app:
        app.db.write_now(actions.compute_trends)


@command.command("waiting")
def waiting() -> None:
    """List what would trend and was not let through."""
    from folkmoot.domain.discovery import queries

    with open_instance() as app:
        for trend in app.db.read_now(queries.list_waiting_trends):
            click.echo(f"{trend.kind}\t{trend.subject_id}\t{trend.score:.2f}")


@command.command("allow")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("id", type=int)
def allow(kind: str, id: int) -> None:
    """Let something trend."""
    from folkmoot.domain.discovery import actions
    from folkmoot.domain.discovery.model import Kind

    with open_instance() as app:
        app.db.write_now(actions.allow_trend, Kind(kind), id)


@command.command("disallow")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("id", type=int)
def disallow(kind: str, id: int) -> None:
    """Take back what was let through."""
    from folkmoot.domain.discovery import actions
    from folkmoot.domain.discovery.model import Kind

    with open_instance() as app:
        app.db.write_now(actions.disallow_trend, Kind(kind), id)
