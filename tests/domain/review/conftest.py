from collections.abc import Callable

import pytest

from domain.detection.detectors import Life
from folkmoot.kit.db import Database


@pytest.fixture
def life(db: Database, run_jobs: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> Life:
    return Life(db, run_jobs, monkeypatch)
