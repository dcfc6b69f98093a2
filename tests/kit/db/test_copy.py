"""Copies an SQLite instance into the database of the run: SQLite, or PostgreSQL."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from folkmoot import wiring
from folkmoot.domain.accounts.actions import create_account
from folkmoot.domain.posts.actions import publish_post
from folkmoot.domain.posts.model import Draft
from folkmoot.domain.posts.tables import posts
from folkmoot.kit.db import Database, Tx
from folkmoot.kit.db.copy import CopyDiffers, TargetNotEmpty, _compare, copy_database
from folkmoot.kit.db.schema import make_engine, migrate
from folkmoot.kit.settings import DatabaseSettings, Settings


@pytest.fixture
def source(tmp_path: Path) -> Settings:
    made = Settings(database=DatabaseSettings(url=f"sqlite:///{tmp_path / 'source.db'}"))
    migrate(made)
    db = Database(made, facts=wiring.facts())
    db.write_now(_fill)
    db.close()
    return made


def _fill(tx: Tx) -> None:
    ada = create_account(tx, "ada", base_url=tx.settings.server.base_url)
    for number in range(30):
        publish_post(tx, ada, draft=Draft(text=f"第 {number} 个 «post» #tag{number} \U0001f375"))


def test_every_row_arrives(source: Settings, settings: Settings) -> None:
    copied = {done.table: done.rows for done in copy_database(source, settings)}
    assert copied["posts"] == 30
    assert copied["post_tags"] == 30
    assert copied["accounts"] == 1
    engine = make_engine(settings)
    with engine.connect() as connection:
        texts = connection.scalars(sa.select(posts.c.text).order_by(posts.c.id)).all()
    engine.dispose()
    assert texts[7] == "第 7 个 «post» #tag7 \U0001f375"


def test_a_database_in_use_is_not_copied_into(source: Settings, settings: Settings) -> None:
    copy_database(source, settings)
    with pytest.raises(TargetNotEmpty):
        copy_database(source, settings)


def test_a_row_that_differs_is_found(source: Settings, settings: Settings) -> None:
    copy_database(source, settings)
    left, right = make_engine(source), make_engine(settings)
    with left.connect() as reading, right.begin() as writing:
        first = sa.select(sa.func.min(posts.c.id)).scalar_subquery()
        writing.execute(sa.update(posts).where(posts.c.id == first).values(sensitive=True))
        with pytest.raises(CopyDiffers):
            _compare(reading, writing, posts)
    left.dispose()
    right.dispose()
