"""Writes of users: address, password, role, preferences."""

import secrets
from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.actions import show_account, touch_account
from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.auth import queries
from folkmoot.domain.auth.events import (
    EmailConfirmed,
    MemberAdmitted,
    PasswordChanged,
    RoleChanged,
    UserDisabled,
)
from folkmoot.domain.auth.model import (
    LINK_LIFE,
    MAX_WHY_CHARS,
    Addressee,
    AlreadyConfirmed,
    EmailTaken,
    LetterKind,
    LetterOrder,
    LinkExpired,
    OwnerNeeded,
    Permission,
    Role,
    RoleChange,
    User,
    WhyNeeded,
    compose_notice,
    parse_email,
    parse_new_email,
    require,
    seal_notice,
)
from folkmoot.domain.auth.tables import letter_links, role_changes, users
from folkmoot.domain.words.model import say
from folkmoot.kit import jobs
from folkmoot.kit.db import Moment, Tx, command, insert_all, param
from folkmoot.kit.ids import new_id

_INSERT = insert_all(users)
_INSERT_ROLE_CHANGE = insert_all(role_changes)
_FORGET_ROLE_CHANGES = (
    command(sa.delete(role_changes).where(role_changes.c.account_id == param("account_id"))),
    command(
        sa.update(role_changes)
        .where(role_changes.c.by_id == param("account_id"))
        .values(by_id=sa.null())
    ),
)
# What decides whether a role is shown on a profile.
_SHOWN = frozenset({"role", "second_factor_at", "disabled_at"})
_ACTIVE = command(
    sa.update(users)
    .where(users.c.account_id == param("id"))
    .values(last_active_at=param("at", Moment))
)
_MARK_FILTERS = command(
    sa.update(users)
    .where(users.c.account_id == param("id"))
    .values(filters_rev=param("filters_rev"))
)
_FORGET = command(sa.delete(users).where(users.c.account_id == param("account_id")))
_INSERT_LINK = insert_all(letter_links)
_SPEND_LINKS = command(
    sa.delete(letter_links).where(
        letter_links.c.account_id == param("account_id"), letter_links.c.kind == param("kind")
    )
)
_FORGET_LINKS = command(
    sa.delete(letter_links).where(letter_links.c.account_id == param("account_id"))
)
_SWEEP_LINKS = command(sa.delete(letter_links).where(letter_links.c.expires_at <= param("now")))


def create_user(
    tx: Tx,
    account_id: AccountId,
    *,
    email: str,
    password_hash: str = "",
    role: str = "member",
    locale: str = "en",
    **more: Any,
) -> User:
    """The private half of a new local account, confirmed and approved unless `more`, columns by
    name, says otherwise. Without a password nobody signs in until one is set. May raise
    EmailInvalid and EmailTaken.
    """
    address = parse_email(email)
    if queries.find_user_by_email(tx, address.key):
        raise EmailTaken(field="email")
    user = User(
        account_id=account_id,
        email=address.address,
        email_key=address.key,
        new_email="",
        password_hash=password_hash,
        password_set_at=tx.now,
        role=role,
        locale=locale,
        created_at=tx.now,
        confirmed_at=tx.now,
        approved_at=tx.now,
        disabled_at=None,
        second_factor_at=None,
        app_id=None,
        invitation_id=None,
        reason="",
        default_visibility=0,
        default_sensitive=False,
        default_language="",
        default_quote_policy="public",
        expand_media="default",
        expand_spoilers=False,
        last_active_at=None,
        filters_rev=0,
    )
    user = msgspec.structs.replace(user, **more)
    tx.insert(_INSERT, user)
    _admit(tx, user)
    return user


def mark_filters(tx: Tx, account_id: AccountId, filters_rev: int) -> None:
    """Keeps which revision a member's filters have; 0 says that there are none."""
    tx.run(_MARK_FILTERS, id=account_id, filters_rev=filters_rev)


def save_user(tx: Tx, user: User, **changes: object) -> User:
    """Writes changed columns of a user, preferences among them; returns the new user."""
    columns: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in sorted(changes)}
    statement = command(
        sa.update(users).where(users.c.account_id == param("account_id")).values(**columns)
    )
    tx.run(
        statement,
        account_id=user.account_id,
        **{f"new_{name}": value for name, value in changes.items()},
    )
    if not _SHOWN.isdisjoint(changes):
        touch_account(tx, user.account_id)
    return msgspec.structs.replace(user, **changes)


def note_activity(tx: Tx, seen: Mapping[AccountId, int]) -> None:
    """Writes down when members were last active."""
    tx.many(_ACTIVE, [{"id": account_id, "at": at} for account_id, at in seen.items()])


def send_notice(tx: Tx, to: User | Addressee, letter: str, /, **facts: object) -> None:
    """Sends somebody one of the catalogue's letters, in their language, once this transaction is
    committed. Nothing is sent when it is undone."""
    notice = compose_notice(tx.settings, letter, to=to.email, locale=to.locale, **facts)
    jobs.enqueue(tx, "auth.notice", seal_notice(tx.settings, notice))


def ask_confirmation(tx: Tx, user: User) -> None:
    """Sends the letter by which a new member confirms the address."""
    _order(tx, user, LetterKind.CONFIRM, user.email)


def resend_confirmation(tx: Tx, user: User, new_email: str = "") -> User:
    """Sends the letter anew, to another address if one is given while the first is unconfirmed.

    AlreadyConfirmed when nothing waits for confirmation; EmailInvalid, EmailBlocked, EmailTaken.
    """
    if user.confirmed_at is None:
        if new_email:
            address = _free_address(tx, user, new_email)
            user = save_user(tx, user, email=address.address, email_key=address.key)
        ask_confirmation(tx, user)
        return user
    if not user.new_email:
        raise AlreadyConfirmed
    _order(tx, user, LetterKind.NEW_EMAIL, user.new_email)
    return user


def change_email(tx: Tx, user: User, email: str) -> User:
    """Asks the owner of a new address to confirm it; until then the old one stays.

    EmailInvalid, EmailBlocked, EmailTaken. The caller has checked the password.
    """
    address = _free_address(tx, user, email)
    user = save_user(tx, user, new_email=address.address)
    _order(tx, user, LetterKind.NEW_EMAIL, address.address)
    return user


def _free_address(tx: Tx, user: User, email: str) -> Any:
    address = parse_new_email(email, tx.settings.registration.blocked_email_domains)
    owner = queries.find_user_by_email(tx, address.key)
    if owner is not None and owner.account_id != user.account_id:
        raise EmailTaken(field="email")
    return address


def confirm_email(tx: Tx, key: str) -> User:
    """Confirms the address to which the key was sent; LinkExpired when it does not work."""
    link = queries.find_link(tx, key, LetterKind.CONFIRM, LetterKind.NEW_EMAIL)
    if link is None:
        raise LinkExpired
    user = queries.get_user(tx, link.account_id)
    tx.run(_SPEND_LINKS, account_id=user.account_id, kind=link.kind)
    if link.kind == LetterKind.NEW_EMAIL:
        if link.email != user.new_email:
            raise LinkExpired
        return _adopt_email(tx, user)
    if link.email != user.email:
        raise LinkExpired
    return confirm_user(tx, user)


def confirm_user(tx: Tx, user: User) -> User:
    """Takes the address as confirmed."""
    if user.confirmed_at is not None:
        return user
    user = save_user(tx, user, confirmed_at=tx.now)
    tx.announce(EmailConfirmed(user.account_id))
    _admit(tx, user)
    return user


def approve_user(tx: Tx, user: User) -> User:
    """Lets somebody in who waited for approval."""
    if user.approved_at is not None:
        return user
    user = save_user(tx, user, approved_at=tx.now)
    _admit(tx, user)
    return user


def _admit(tx: Tx, user: User) -> None:
    if user.confirmed_at is not None and user.approved_at is not None:
        show_account(tx, user.account_id)
        tx.announce(MemberAdmitted(user.account_id))


def _adopt_email(tx: Tx, user: User) -> User:
    address = _free_address(tx, user, user.new_email)
    send_notice(tx, user, "email_changed", email=address.address)
    return save_user(tx, user, email=address.address, email_key=address.key, new_email="")


def request_password_reset(tx: Tx, email: str) -> None:
    """Sends a link for a new password if somebody has this address; tells nobody whether."""
    user = queries.find_user_by_email(tx, email.strip().casefold())
    if user is not None and user.disabled_at is None:
        _order(tx, user, LetterKind.PASSWORD, user.email)


def reset_password(tx: Tx, key: str, password_hash: str) -> User:
    """Sets the password by the key from a letter, and signs out everywhere; LinkExpired."""
    link = queries.find_link(tx, key, LetterKind.PASSWORD)
    if link is None:
        raise LinkExpired
    user = queries.get_user(tx, link.account_id)
    if link.email != user.email:
        raise LinkExpired
    return set_password(tx, user, password_hash, everything=True)


def set_password(
    tx: Tx, user: User, password_hash: str, *, everything: bool, keep_session_id: int = 0
) -> User:
    """Sets a password that was checked and hashed. Browsers are signed out but for the session to
    keep; with `everything`, applications as well.
    """
    user = save_user(tx, user, password_hash=password_hash, password_set_at=tx.now)
    tx.run(_SPEND_LINKS, account_id=user.account_id, kind=LetterKind.PASSWORD)
    tx.announce(PasswordChanged(user.account_id, everything, keep_session_id))
    send_notice(tx, user, "password_changed")
    return user


def refresh_hash(tx: Tx, user: User, password_hash: str) -> User:
    """Keeps the same password under today's hash parameters."""
    return save_user(tx, user, password_hash=password_hash)


def make_link(tx: Tx, order: LetterOrder, email: str) -> str:
    """The key for a letter's link to an address. Earlier letters' links work until one is used."""
    key = secrets.token_urlsafe(32)
    tx.run(
        _INSERT_LINK,
        hash=queries.hash_key(key),
        account_id=order.account_id,
        kind=order.kind,
        email=email,
        expires_at=tx.now + LINK_LIFE[order.kind],
    )
    return key


def _order(tx: Tx, user: User, kind: LetterKind, email: str) -> None:
    # However often somebody asks, one letter to an address waits at a time.
    unique_key = f"letter:{kind}:{user.account_id}:{queries.hash_key(email)}"
    jobs.enqueue(tx, "auth.letter", LetterOrder(user.account_id, kind), unique_key=unique_key)


def set_role(tx: Tx, by: User | None, user: User, role: Role, *, why: str = "") -> User:
    """Gives a role, tells the person and keeps the record; by None the operator at the command
    line, who need not say why. One owner must remain.

    PermissionMissing, WhyNeeded, OwnerNeeded.
    """
    if by is not None:
        require(by, Permission.MANAGE_ROLES)
        if not 0 < len(why.strip()) <= MAX_WHY_CHARS:
            raise WhyNeeded(field="why")
    before = Role(user.role)
    if before is role:
        return user
    if before is Role.OWNER:
        owners = [one for one in queries.list_team(tx) if one.role == Role.OWNER]
        if len(owners) == 1:
            raise OwnerNeeded(field="role")
    user = save_user(tx, user, role=role.value)
    by_id = by.account_id if by else None
    change = RoleChange(new_id(), user.account_id, before, role, by_id, why.strip(), tx.now)
    tx.insert(_INSERT_ROLE_CHANGE, change)
    tx.announce(RoleChanged(user.account_id, role))
    rests = role is not Role.MEMBER and user.second_factor_at is None
    letter = "role_rests" if rests else "role"
    reason = why.strip() or "–"
    send_notice(tx, user, letter, role=say(user.locale, f"roles.{role}"), why=reason)
    return user


def disable_user(tx: Tx, user: User) -> User:
    """Keeps somebody from signing in, and ends what is open."""
    user = save_user(tx, user, disabled_at=tx.now)
    tx.announce(UserDisabled(user.account_id))
    return user


def enable_user(tx: Tx, user: User) -> User:
    """Lets somebody sign in again."""
    return save_user(tx, user, disabled_at=None)


def forget_user(tx: Tx, account_id: AccountId) -> None:
    """Removes the private half of an account."""
    tx.run(_FORGET, account_id=account_id)
    tx.run(_FORGET_LINKS, account_id=account_id)
    for statement in _FORGET_ROLE_CHANGES:
        tx.run(statement, account_id=account_id)


def sweep_links(tx: Tx) -> None:
    """Forgets links that ran out."""
    tx.run(_SWEEP_LINKS, now=tx.now)
