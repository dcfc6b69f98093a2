"""Admin::Account: what the team sees of a member beyond the profile, as far as it needs to."""

from collections.abc import Sequence

import msgspec

from folkmoot.domain.accounts.model import Account as DomainAccount
from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import get_account, list_accounts
from folkmoot.domain.auth.model import User
from folkmoot.domain.auth.queries import list_users
from folkmoot.domain.registration.queries import map_inviters
from folkmoot.domain.sessions.queries import list_sign_ins
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Page, Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.account import Account, present_accounts
from folkmoot.surfaces.mastodon.entities.encoded import encoded
from folkmoot.surfaces.mastodon.entities.role import CredentialRole, build_own_role

_SIGN_INS = 100


class AdminIp(msgspec.Struct):
    """An address from which a member signed in or up, and when last."""

    ip: str
    used_at: str


class AdminAccount(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A member as the team sees them. `email`, `ip` and `ips` are empty in lists and wherever else
    nobody needs them; who asks for one account sees them, which is recorded.
    """

    id: str
    username: str
    domain: str | None
    created_at: str
    email: str
    ip: str | None
    ips: list[AdminIp]
    locale: str | None
    invite_request: str | None
    role: CredentialRole | None
    confirmed: bool
    approved: bool
    disabled: bool
    silenced: bool
    sensitized: bool
    suspended: bool
    account: Account
    created_by_application_id: str | None = None
    invited_by_account_id: str | None = None


def present_admin_accounts(
    app: App, tx: Tx, ids: Sequence[AccountId]
) -> dict[AccountId, AdminAccount]:
    """The entities of those of the accounts that exist, in the order of the ids, without what is
    private."""
    wanted = list(dict.fromkeys(ids))
    accounts = list_accounts(tx, wanted)
    users = list_users(tx, wanted)
    shown = present_accounts(app, tx, wanted)
    invited = [user.invitation_id for user in users.values() if user.invitation_id]
    inviters = map_inviters(tx, invited)
    return {
        i: _build(accounts[i], users.get(i), shown[i], inviters) for i in wanted if i in accounts
    }


def present_admin_account(app: App, tx: Tx, account_id: int) -> AdminAccount:
    """The entity of one account without what is private; AccountNotFound."""
    account = get_account(tx, account_id)
    return present_admin_accounts(app, tx, [account.id])[account.id]


def present_private(app: App, tx: Tx, account_id: int) -> AdminAccount:
    """The entity with address and sign-ins. Whoever calls records the look."""
    made = present_admin_account(app, tx, account_id)
    user = list_users(tx, [AccountId(account_id)]).get(AccountId(account_id))
    if user is None:
        return made
    ips = _ips(tx, user.account_id)
    return msgspec.structs.replace(made, email=user.email, ips=ips, ip=ips[0].ip if ips else None)


def _ips(tx: Tx, account_id: AccountId) -> list[AdminIp]:
    """Each address once, the latest first, as far as sign-ins are on record."""
    latest: dict[str, int] = {}
    for one in list_sign_ins(tx, account_id, Page(limit=_SIGN_INS)):
        if one.succeeded and one.address:
            latest.setdefault(one.address, one.created_at)
    return [AdminIp(address, iso(at)) for address, at in latest.items()]


def _build(
    account: DomainAccount,
    user: User | None,
    shown: msgspec.Raw,
    inviters: dict[int, AccountId],
) -> AdminAccount:
    inviter = inviters.get(user.invitation_id or 0) if user else None
    return AdminAccount(
        id=str(account.id),
        username=account.username,
        domain=account.domain or None,
        created_at=iso(account.created_at),
        email="",
        ip=None,
        ips=[],
        locale=user.locale if user else None,
        invite_request=(user.reason or None) if user else None,
        role=build_own_role(user) if user else None,
        confirmed=user is not None and user.confirmed_at is not None,
        approved=user is None or user.approved_at is not None,
        disabled=user is not None and user.disabled_at is not None,
        silenced=account.limited_at is not None,
        sensitized=account.screened_at is not None,
        suspended=account.suspended_at is not None,
        account=encoded(shown),
        created_by_application_id=str(user.app_id) if user and user.app_id else None,
        invited_by_account_id=str(inviter) if inviter else None,
    )
