import os
import subprocess
import sys
from pathlib import Path

import pytest

from folkmoot.kit import metrics

SOURCE = Path(metrics.__file__).parents[2]


def test_what_is_counted_is_rendered() -> None:
    posts = metrics.Counter("tomatoes_total", "Tomatoes", "colour")
    posts.add("red")
    posts.add("red", by=2)
    open_streams = metrics.Gauge("baskets", "Open baskets")
    open_streams.add()
    open_streams.set(to=5)
    took = metrics.Histogram("ripening_seconds", "Ripening", "colour")
    took.observe("red", value=0.002)
    text = metrics.rendered().decode()
    assert 'tomatoes_total{colour="red"} 3.0' in text
    assert "baskets 5.0" in text
    assert 'ripening_seconds_bucket{colour="red",le="0.0025"} 1.0' in text
    assert "process_resident_memory_bytes" in text


def test_a_declaration_imports_nothing() -> None:
    code = (
        "import sys; from folkmoot.kit import metrics; metrics.Counter('a_total', 'a');"
        "print('prometheus_client' in sys.modules)"
    )
    assert run(code, {}) == "False"


def test_several_processes_are_rendered_together(tmp_path: Path) -> None:
    environ = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    count = "from folkmoot.kit import metrics as m; m.Counter('a_total', 'a').add(); print(1)"
    for _ in range(2):
        run(count, environ)
    text = run("from folkmoot.kit import metrics as m; print(m.rendered().decode())", environ)
    assert "a_total 2.0" in text


def run(code: str, environ: dict[str, str]) -> str:
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environ | {"PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        pytest.fail(result.stderr)
    return result.stdout.strip()
