"""`folkmoot log`: the public log, of this instance and of any other."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from folkmoot.cli.main import open_instance

if TYPE_CHECKING:
    from folkmoot.cli.verifying import Verdict

EXIT_WRONG = 1
EXIT_UNREACHABLE = 69  # EX_UNAVAILABLE of sysexits.h
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("log")
def command() -> None:
    """The public log: look at ours, verify anybody's."""


@command.command("verify")
@click.argument("url")
@click.option("--key", default="", help="The log's verifier key, if you have it from elsewhere.")
@click.option(
    "--statement", "statements", type=_FILE, multiple=True, help="A statement to prove; repeatable."
)
@click.option(
    "--checkpoint", "checkpoints", type=_FILE, multiple=True, help="A checkpoint others have seen."
)
@click.option("--witnesses", default=0, help="How many known witnesses must have cosigned.")
@click.option("--resume", is_flag=True, help="Check only what came after the last look.")
@click.option("--parallel", default=8, show_default=True, type=click.IntRange(1, 64))
@click.option(
    "--state",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that remembers what was seen. Default: $XDG_STATE_HOME/folkmoot/logs.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def verify(url: str, as_json: bool, **how: Any) -> None:
    """Verify the public log of the server at URL, from outside and without an account.

    Fetches the signed checkpoint, every tile and every entry; hashes all of it again; compares it
    with every checkpoint seen before; checks statements. Ends with 0 when all is well, 1 when
    something is wrong, 69 when the log cannot be reached.
    """
    from folkmoot.cli.verifying import Asked, Unreachable, look

    asked = Asked(url=url, quiet=as_json or not sys.stderr.isatty(), **how)
    try:
        verdict = asyncio.run(look(asked))
    except Unreachable as unreachable:
        click.echo(str(unreachable), err=True)
        sys.exit(EXIT_UNREACHABLE)
    _print(verdict, as_json=as_json)
    sys.exit(EXIT_WRONG if verdict.problems else 0)


def _print(verdict: "Verdict", *, as_json: bool) -> None:
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode(verdict))
        return
    for sentence in verdict.well:
        click.echo(f"  {sentence}")
    for sentence in verdict.notes:
        click.echo(f"  Note: {sentence}")
    for sentence in verdict.problems:
        click.echo(click.style("  WRONG: ", fg="red", bold=True) + sentence)
    if verdict.problems:
        count = len(verdict.problems)
        things = "one thing is" if count == 1 else f"{count} things are"
        click.echo(f"This log is not in order: {things} wrong.")
    else:
        click.echo(click.style("The log is in order.", fg="green", bold=True))


@command.command("report")
@click.argument("url")
@click.option("--period", "code", required=True, help="Such as 2026, 2026-H1, 2026-Q3, 2026-11.")
@click.option("--key", default="", help="The log's verifier key, if you have it from elsewhere.")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder into which the recomputed files are written.",
)
@click.option("--parallel", default=8, show_default=True, type=click.IntRange(1, 64))
@click.option(
    "--state",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that remembers what was seen, as for verify.",
)
def report(url: str, code: str, output: Path | None, **how: Any) -> None:
    """Recompute a transparency report of the server at URL from its public log alone.

    Verifies the whole log, counts the period, and compares every file with the one that was
    published. Ends with 0 when they are the same to the byte, 1 when not, 69 when the log cannot
    be reached.
    """
    from folkmoot.cli.recounting import recount, write_files
    from folkmoot.cli.verifying import Asked, Unreachable
    from folkmoot.domain.tallies.model import parse_period

    period = parse_period(code)
    try:
        found = asyncio.run(recount(Asked(url=url, **how), period))
    except Unreachable as unreachable:
        click.echo(str(unreachable), err=True)
        sys.exit(EXIT_UNREACHABLE)
    _print(found.log, as_json=False)
    for sentence in found.well:
        click.echo(f"  {sentence}")
    for sentence in found.problems:
        click.echo(click.style("  WRONG: ", fg="red", bold=True) + sentence)
    if output is not None and found.files:
        write_files(found.files, output)
        click.echo(f"{len(found.files)} files are written to {output}.")
    sys.exit(EXIT_WRONG if found.problems else 0)


@command.command("status")
def status() -> None:
    """Show this instance's log: its key, how far it is signed, who cosigned."""
    from folkmoot.domain.transparency import queries
    from folkmoot.kit import clock

    with open_instance() as app:
        entries = app.db.read_now(queries.count_entries)
        signed = app.db.read_now(queries.find_signed)
        signer = app.db.read_now(queries.find_signer, queries.LOG)
        witness = app.db.read_now(queries.find_signer, queries.WITNESS)
        said = {each.witness: each for each in app.db.read_now(queries.list_cosignatures)}
        ours = queries.list_witnesses(app.settings)
        prefix = queries.prefix_of(app.settings)
    if signed is None or signer is None or witness is None:
        click.echo(f"{entries} entries; nothing was signed yet, the server does that as it runs.")
        return
    click.echo(f"Log          {prefix}")
    click.echo(f"Key          {signer.vkey.text}")
    click.echo(f"Witness key  {witness.vkey.text}")
    click.echo(f"Signed       {signed.size} of {entries} entries, {clock.iso(signed.signed_at)}")
    click.echo(f"Root         {signed.root}")
    for each in ours:
        last = said.get(each.key.text)
        word = f"{last.size} entries, {clock.iso(last.cosigned_at)}" if last else "nothing yet"
        click.echo(f"Witness      {each.key.name}: cosigned {word}")


@command.command("proof")
@click.argument("position", type=click.IntRange(0))
@click.option(
    "--private", is_flag=True, help="With what the entry commits to, for the one it is about."
)
def proof(position: int, private: bool) -> None:
    """Print the statement that proves an entry, as `verify --statement` takes it."""
    import msgspec

    from folkmoot.domain.transparency import queries

    with open_instance() as app:
        found = app.db.read_now(queries.get_proof, position, opened=private)
    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2))


@command.command("recover")
def recover() -> None:
    """Take back entries that were signed and that a restored database lacks.

    Run it after restoring a copy of the database, before the server starts.
    """
    from folkmoot.domain.transparency import jobs

    with open_instance() as app:
        count = jobs.recover(app.context)
    click.echo(f"{count} entries were taken back from the files.")
