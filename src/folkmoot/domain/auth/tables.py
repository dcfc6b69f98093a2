"""users: the private half of a local account; letter_links: the keys in letters;
role_changes: who got which role, when, by whom and why."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

users = table(
    "users",
    sa.Column("account_id", Id, primary_key=True, autoincrement=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("email_key", sa.Text, nullable=False, unique=True),
    sa.Column("new_email", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("password_set_at", Moment, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("locale", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("confirmed_at", Moment),
    sa.Column("approved_at", Moment),
    sa.Column("disabled_at", Moment),
    sa.Column("second_factor_at", Moment),
    sa.Column("app_id", Id),
    sa.Column("invitation_id", Id),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("default_visibility", sa.SmallInteger, nullable=False),
    sa.Column("default_sensitive", sa.Boolean, nullable=False),
    sa.Column("default_language", sa.Text, nullable=False),
    sa.Column("default_quote_policy", sa.Text, nullable=False),
    sa.Column("expand_media", sa.Text, nullable=False),
    sa.Column("expand_spoilers", sa.Boolean, nullable=False),
    sa.Column("last_active_at", Moment),
    sa.Column("filters_rev", Id, nullable=False),  # 0 without filters
)

# The few that wait or hold a role are found without reading all members.
IS_PENDING = sa.text("(users.approved_at IS NULL OR users.confirmed_at IS NULL)")
HAS_ROLE = sa.text("users.role <> 'member'")


def _index(name: str, *columns: sa.Column[int], where: sa.TextClause) -> None:
    bare = sa.text(where.text.replace("users.", ""))
    sa.Index(name, *columns, sqlite_where=bare, postgresql_where=bare)


_index("users_pending", users.c.account_id, where=IS_PENDING)
_index("users_role", users.c.account_id, where=HAS_ROLE)
IS_DISABLED = sa.text("users.disabled_at IS NOT NULL")
_index("users_disabled", users.c.account_id, where=IS_DISABLED)
IS_INVITED = sa.text("users.invitation_id IS NOT NULL")
_index("users_invitation", users.c.invitation_id, where=IS_INVITED)

letter_links = table(
    "letter_links",
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Index("letter_links_account", "account_id", "kind"),
    sa.Index("letter_links_expiry", "expires_at"),
)

role_changes = table(
    "role_changes",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("by_id", Id),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("role_changes_account", "account_id", "id"),
    sa.Index("role_changes_by", "by_id"),
)
