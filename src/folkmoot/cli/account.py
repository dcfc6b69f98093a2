"""`folkmoot account`: members, seen and helped by the operator."""

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import rich_click as click

from folkmoot.cli.main import open_instance
from folkmoot.kit.errors import NotFound

if TYPE_CHECKING:
    from folkmoot.domain.auth.model import Member, User
    from folkmoot.kit.db import Tx

ROLES = ("member", "reviewer", "administrator", "owner")


class NobodyCalledSo(NotFound):
    """Nobody here has that user name or e-mail address"""


@click.group("account")
def command() -> None:
    """Make members, let them in, give roles, help those who are locked out."""


@command.command("list")
@click.option("--pending", is_flag=True, help="Only those who wait to be let in.")
@click.option("--most", default=100, show_default=True, help="How many, the newest first.")
def list_all(pending: bool, most: int) -> None:
    """List members: name, address, role, state."""
    from rich.console import Console
    from rich.table import Table

    from folkmoot.domain.auth import queries
    from folkmoot.kit.db import Page

    with open_instance() as app:
        query = queries.list_pending if pending else queries.list_members
        found = app.db.read_now(query, Page(limit=most))
    table = Table(box=None, pad_edge=False)
    for heading in ("name", "e-mail", "role", "joined", "state"):
        table.add_column(heading, overflow="fold")
    for member in found:
        table.add_row(*_row(member))
    Console().print(table)


def _row(member: "Member") -> tuple[str, ...]:
    from folkmoot.kit.clock import iso_day

    joined = iso_day(member.created_at)
    return member.username, member.email, member.role, joined, _state(member)


def _state(member: "Member") -> str:
    """The first thing that keeps a member from what they have, in words."""
    if member.disabled_at is not None:
        return "disabled"
    if member.confirmed_at is None:
        return "e-mail not confirmed"
    if member.approved_at is None:
        return f"waits for approval: {member.reason or '(no reason given)'}"
    if member.role != "member" and member.second_factor_at is None:
        return "role rests: no second factor"
    return "in"


@command.command("create")
@click.argument("username")
@click.option("--email", required=True, help="Shown to nobody; letters go there.")
@click.option("--role", type=click.Choice(ROLES), default="member", show_default=True)
@click.option("--display-name", default="", help="The name others see.")
def create(username: str, email: str, role: str, display_name: str) -> None:
    """Make a member, confirmed and approved, and print the password once."""
    from folkmoot.domain.auth.model import Role
    from folkmoot.domain.registration.actions import create_member
    from folkmoot.kit.passwords import hash_now

    password = secrets.token_urlsafe(15)
    with open_instance() as app:
        app.db.write_now(
            create_member,
            username,
            email=email,
            password_hash=hash_now(password),
            role=Role(role),
            display_name=display_name,
        )
    click.echo(f"{username} signs in with {email} and {password}")
    if role != "member":
        click.echo("The role takes effect once a second factor is added under security.")


@command.command("reset-password")
@click.argument("name")
def reset_password(name: str) -> None:
    """Give a member a new password, print it once, and sign them out everywhere."""
    from folkmoot.domain.auth.actions import set_password
    from folkmoot.kit.passwords import hash_now

    password = secrets.token_urlsafe(15)
    password_hash = hash_now(password)
    _change(name, lambda tx, user: set_password(tx, user, password_hash, everything=True))
    click.echo(f"The new password is {password}")


@command.command("reset-factors")
@click.argument("name")
def reset_factors(name: str) -> None:
    """Remove a member's second factors, who has lost them all; a role rests until a new one."""
    from folkmoot.domain.factors.actions import reset_factors as reset

    _change(name, reset)
    click.echo("Removed; the password alone opens the account now.")


@command.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--why", default="", help="Told to the person, and kept on record.")
def give_role(name: str, role: str, why: str) -> None:
    """Give a member a role, or take it back by `member`."""
    from folkmoot.domain.auth.actions import set_role
    from folkmoot.domain.auth.model import Role

    user: User = _change(name, lambda tx, user: set_role(tx, None, user, Role(role), why=why))
    rests = role != "member" and user.second_factor_at is None
    click.echo(
        "Given; it takes effect once a second factor is added." if rests else "Given, in effect."
    )


@command.command("approve")
@click.argument("name")
def approve(name: str) -> None:
    """Let somebody in who waits for approval, and write to them."""
    from folkmoot.domain.registration.actions import approve_sign_up

    _change(name, lambda tx, user: approve_sign_up(tx, None, user.account_id))
    click.echo("Approved.")


@command.command("reject")
@click.argument("name")
@click.option("--reason", required=True, help="Sent to the person who asked.")
def reject(name: str, reason: str) -> None:
    """Turn somebody away who waits for approval, tell them why, and remove the account."""
    from folkmoot.domain.registration.actions import reject_sign_up

    _change(name, lambda tx, user: reject_sign_up(tx, None, user.account_id, reason))
    click.echo("Rejected; the account is removed.")


@command.command("confirm")
@click.argument("name")
def confirm(name: str) -> None:
    """Take a member's e-mail address as confirmed."""
    from folkmoot.domain.auth.actions import confirm_user

    _change(name, confirm_user)
    click.echo("Confirmed.")


@command.command("disable")
@click.argument("name")
def disable(name: str) -> None:
    """Keep a member from signing in, until enabled."""
    from folkmoot.domain.auth.actions import disable_user

    _change(name, disable_user)
    click.echo("Disabled.")


@command.command("enable")
@click.argument("name")
def enable(name: str) -> None:
    """Let a member sign in again."""
    from folkmoot.domain.auth.actions import enable_user

    _change(name, enable_user)
    click.echo("Enabled.")


@command.command("delete")
@click.argument("name")
@click.option("--now", is_flag=True, help="At once, without time to undo it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(name: str, now: bool, yes: bool) -> None:
    """Delete a member's account: hidden at once, gone after the days in which it can be undone."""
    from folkmoot.domain.leaving.actions import ask_deletion
    from folkmoot.kit.clock import iso_day

    if not yes:
        click.confirm(f"Delete {name} and everything that belongs to it?", abort=True)
    asked = _change(name, lambda tx, user: ask_deletion(tx, user, days=0 if now else None))
    click.echo(f"Hidden and signed out; deleted from {iso_day(asked.due_at)} on, by a job.")


@command.command("keep")
@click.argument("name")
def keep(name: str) -> None:
    """Keep an account that was going to be deleted, as it was."""
    from folkmoot.domain.leaving.actions import undo_deletion

    _change(name, lambda tx, user: undo_deletion(tx, user.account_id))
    click.echo("Kept.")


@command.command("export")
@click.argument("name")
def export(name: str) -> None:
    """Have an archive packed of all a member has, for them to fetch: direct posts are in it, so
    nobody else gets to see it."""
    from folkmoot.domain.portability.actions import ask_export

    _change(name, lambda tx, user: ask_export(tx, user.account_id, anyway=True))
    click.echo("It is packed by a job; a letter tells the member where to fetch it.")


@command.command("free-name")
@click.argument("username")
def free_name(username: str) -> None:
    """Let somebody take the name of a deleted account, which is kept from all else."""
    from folkmoot.domain.accounts.actions import free_name as free

    with open_instance() as app:
        freed = app.db.write_now(free, username)
    click.echo("Free." if freed else "No deleted account had this name.")


@command.command("invite")
@click.argument("name")
@click.option("--uses", default=1, show_default=True, help="How many people may come by it.")
@click.option("--note", default="", help="For whom it is; only the team sees it.")
def invite(name: str, uses: int, note: str) -> None:
    """Make an invitation in a member's name and print its address."""
    from folkmoot.domain.registration.actions import make_invitation

    made = _change(name, lambda tx, user: make_invitation(tx, user, max_uses=uses, note=note))
    with open_instance() as app:
        click.echo(f"{app.base_url}/auth/sign-up?invitation={made.code}")


def _change(name: str, change: "Callable[[Tx, User], Any]") -> Any:
    """Runs a change on the member whom a name or address means, in one transaction."""
    from folkmoot.domain.auth.queries import find_user_by_login

    def work(tx: "Tx") -> Any:
        user = find_user_by_login(tx, name)
        if user is None:
            raise NobodyCalledSo
        return change(tx, user)

    with open_instance() as app:
        return app.db.write_now(work)
