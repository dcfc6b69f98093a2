"""The index for searching posts."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # Terms arrive cut (kit/text/terms.py); the tokeniser only parts them at spaces.
        op.execute(
            "CREATE VIRTUAL TABLE post_index USING fts5(terms, tokenize='ascii', columnsize=0)"
        )
        return
    op.execute("CREATE TABLE post_index (rowid bigint PRIMARY KEY, terms tsvector NOT NULL)")
    op.execute("CREATE INDEX post_index_terms ON post_index USING gin (terms)")
