from pathlib import Path

from folkmoot.kit.db.schema import current_revision, is_current, migrate, newest_revision
from folkmoot.kit.settings import DatabaseSettings, Settings


def test_a_migrated_database_is_current(settings: Settings) -> None:
    assert is_current(settings)
    assert current_revision(settings) == newest_revision()


def test_a_database_is_brought_up_to_date(tmp_path: Path) -> None:
    fresh = Settings(database=DatabaseSettings(url=f"sqlite:///{tmp_path}/new/folkmoot.db"))
    assert not is_current(fresh)
    migrate(fresh)
    assert is_current(fresh)
