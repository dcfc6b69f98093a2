"""Who visits: the member whose session the cookie names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.model import Role
from folkmoot.domain.leaving.queries import find_leaver
from folkmoot.domain.sessions.queries import find_suspended, find_viewer
from folkmoot.surfaces.web import cookies
from folkmoot.surfaces.web.visits import Incoming, Reader

if TYPE_CHECKING:
    from folkmoot.kit.db import Tx
    from folkmoot.surfaces.app import App


def session_token(app: App, incoming: Incoming) -> str:
    """The secret in the browser's session cookie; empty for none."""
    name = cookies.secret_name(cookies.SESSION, secure=app.settings.server.secure)
    return incoming.cookies.get(name, "")


def find_suspended_reader(app: App, tx: Tx, incoming: Incoming) -> Reader | None:
    """The member of a suspended account, for the few pages that are theirs: reasons and appeals,
    taking along what they have, and leaving. Who leaves has a door of their own."""
    token = session_token(app, incoming)
    viewer = find_suspended(tx, token) if token else None
    if viewer is None or find_leaver(tx, token) is not None:
        return None
    return Reader(
        session_id=viewer.session_id,
        account=get_account(tx, viewer.account_id),
        role=viewer.role,
        staff=False,
        suspended=True,
    )


def find_reader(app: App, tx: Tx, incoming: Incoming) -> Reader | None:
    """The member who visits; None for a visitor or a session that ended."""
    token = session_token(app, incoming)
    viewer = find_viewer(tx, token) if token else None
    if viewer is None:
        return None
    app.session_uses.note(viewer.session_id, viewer.account_id, tx.now)
    return Reader(
        session_id=viewer.session_id,
        account=get_account(tx, viewer.account_id),
        role=viewer.role,
        staff=viewer.role is not Role.MEMBER,
        factor_missing=viewer.factor_missing,
    )
