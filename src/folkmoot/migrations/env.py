"""Runs migrations on the database of the settings that `kit.db.schema` passes in."""

from alembic import context

from folkmoot.kit.db import metadata
from folkmoot.kit.db.schema import make_engine
from folkmoot.wiring import load_tables

load_tables()
engine = make_engine(context.config.attributes["settings"])
with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # Several processes that start together: one migrates, the others find it done.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7031686)")
        context.run_migrations()
engine.dispose()
