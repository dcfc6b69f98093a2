"""imports and their rows, and which posts came from where."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

# `position` is how far an archive has been read; a CSV file's rows say themselves what is done.
imports = table(
    "imports",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("replaces", sa.Boolean, nullable=False),  # what is there and not in the file goes
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),  # of the archive in the store
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("after_id", Id, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("preview", sa.Text, nullable=False),
    sa.Column("problem", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Index("imports_account", "account_id", "id"),
    sa.Index("imports_expiry", "expires_at"),
    sa.Index("imports_key", "key"),
)

# The lines of a CSV file; of an archive only the posts that could not be brought in.
import_rows = table(
    "import_rows",
    sa.Column("import_id", Id, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),  # whom or what it means here; empty: unknown
    sa.Column("state", sa.Text, nullable=False),  # waiting, done, failed
    sa.Column("reason", sa.Text, nullable=False),
    sa.Index("import_rows_state", "import_id", "state", "position"),
    sa.Index("import_rows_target", "import_id", "target"),
)

# Which post came from where, so that the same archive adds nothing a second time.
imported_posts = table(
    "imported_posts",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("uri", sa.Text, primary_key=True),
    sa.Column("post_id", Id, nullable=False),
    sa.Index("imported_posts_post", "post_id"),
)
