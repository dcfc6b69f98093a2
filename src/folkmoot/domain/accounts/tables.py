"""accounts, and the words of their names for search."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

accounts = table(
    "accounts",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("username", sa.Text, nullable=False),
    sa.Column("username_key", sa.Text, nullable=False),
    sa.Column("domain", sa.Text, nullable=False),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("note_html", sa.Text, nullable=False),
    sa.Column("fields", sa.Text, nullable=False),
    sa.Column("avatar", sa.Text, nullable=False),
    sa.Column("avatar_static", sa.Text, nullable=False),
    sa.Column("avatar_description", sa.Text, nullable=False),
    sa.Column("header", sa.Text, nullable=False),
    sa.Column("header_static", sa.Text, nullable=False),
    sa.Column("header_description", sa.Text, nullable=False),
    sa.Column("bot", sa.Boolean, nullable=False),
    sa.Column("group", sa.Boolean, nullable=False),
    sa.Column("locked", sa.Boolean, nullable=False),
    sa.Column("discoverable", sa.Boolean, nullable=False),
    sa.Column("indexable", sa.Boolean, nullable=False),
    sa.Column("hide_collections", sa.Boolean, nullable=False),
    sa.Column("memorial", sa.Boolean, nullable=False),
    sa.Column("show_media", sa.Boolean, nullable=False),
    sa.Column("show_media_replies", sa.Boolean, nullable=False),
    sa.Column("show_featured", sa.Boolean, nullable=False),
    sa.Column("attribution_domains", sa.Text, nullable=False),
    sa.Column("aliases", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("uri", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("rev", sa.Integer, nullable=False),
    sa.Column("posts_count", sa.Integer, nullable=False),
    sa.Column("followers_count", sa.Integer, nullable=False),
    sa.Column("following_count", sa.Integer, nullable=False),
    sa.Column("last_post_at", Moment),
    sa.Column("limited_at", Moment),
    sa.Column("suspended_at", Moment),
    sa.Column("screened_at", Moment),
    sa.Column("contact_limited_at", Moment),
    sa.Column("paused_until", Moment),
    sa.Column("slowed_until", Moment),
    sa.Column("moved_to_id", Id),
    # Unseen: not yet confirmed or approved, or on the way out.
    sa.Column("pending", sa.Boolean, nullable=False),
    sa.Column("avatar_pdq", sa.Text, nullable=False),
    sa.Column("header_pdq", sa.Text, nullable=False),
    sa.UniqueConstraint("username_key", "domain", name="accounts_name"),
)
_moved = sa.text("moved_to_id IS NOT NULL")
sa.Index("accounts_moved", accounts.c.moved_to_id, sqlite_where=_moved, postgresql_where=_moved)
_remote = sa.text("domain <> ''")
sa.Index("accounts_domain", accounts.c.domain, sqlite_where=_remote, postgresql_where=_remote)

# Who agreed to be shown around, in the orders in which they are.
IS_DISCOVERABLE = sa.text(
    "accounts.discoverable AND NOT accounts.pending AND accounts.suspended_at IS NULL "
    "AND accounts.limited_at IS NULL AND accounts.moved_to_id IS NULL"
)
_shown = sa.text(IS_DISCOVERABLE.text.replace("accounts.", ""))
for _name, _column in (
    ("new", accounts.c.id),
    ("active", accounts.c.last_post_at),
    ("followed", accounts.c.followers_count),
):
    sa.Index(
        f"accounts_discoverable_{_name}", _column, sqlite_where=_shown, postgresql_where=_shown
    )

# Whom decisions restrict are few among many.
RESTRICTED = {
    "suspended": sa.text("accounts.suspended_at IS NOT NULL"),
    "limited": sa.text("accounts.limited_at IS NOT NULL"),
    "screened": sa.text("accounts.screened_at IS NOT NULL"),
}
for _name, _is in RESTRICTED.items():
    _bare = sa.text(_is.text.replace("accounts.", ""))
    sa.Index(f"accounts_{_name}", accounts.c.id, sqlite_where=_bare, postgresql_where=_bare)

# Names whose accounts are gone, as keyed hashes: nobody can take one over and be mistaken for
# somebody, and nobody reads here who was a member once.
former_names = table("former_names", sa.Column("hash", sa.Text, primary_key=True))

# Derived from names. Compared by code point on both databases, so that the terms with a common
# beginning are one range of the key.
Term = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

account_terms = table(
    "account_terms",
    sa.Column("term", Term, primary_key=True),
    sa.Column("account_id", Id, primary_key=True),
    sa.Index("account_terms_account", "account_id", "term"),
)
