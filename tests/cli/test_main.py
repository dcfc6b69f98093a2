import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from folkmoot import __version__
from folkmoot.cli import main as cli
from folkmoot.kit.errors import Forbidden

HEAVY = ("sqlalchemy", "litestar", "structlog", "cryptography", "PIL", "aiohttp", "jinja2")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    # The command line hands its file on to the processes it starts; here it must not linger.
    monkeypatch.setenv("FOLKMOOT_CONFIG", "")
    return CliRunner()


def test_it_says_its_version(run: CliRunner) -> None:
    result = run.invoke(cli.folkmoot, ["--version"])
    assert __version__ in result.output


def test_help_lists_every_command_with_a_sentence(run: CliRunner) -> None:
    result = run.invoke(cli.folkmoot, ["--help"])
    assert result.exit_code == 0
    for name in cli.COMMANDS:
        command = cli.folkmoot.get_command(None, name.rstrip("_"))  # type: ignore[arg-type]
        assert command is not None
        assert command.name == name.rstrip("_")
        assert command.help
        if not command.hidden:
            assert name.rstrip("_") in result.output


@pytest.mark.parametrize(
    "modules", ["folkmoot.cli.main", "folkmoot.cli.serve, folkmoot.kit.settings_sources"]
)
def test_start_up_imports_nothing_heavy(modules: str) -> None:
    """What watches over the serving processes stays small, too."""
    code = f"import sys, {modules}; print([m for m in {HEAVY} if m in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path(cli.__file__).parents[2])},
    )
    assert result.stdout.strip() == "[]"


def test_wrong_settings_end_a_command_with_the_reason(run: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "folkmoot.toml"
    file.write_text('[server]\nport = "x"\n')
    result = run.invoke(cli.folkmoot, ["--config", str(file), "settings", "show"])
    assert result.exit_code == cli.EXIT_SETTINGS
    assert "server.port (folkmoot.toml, line 2)" in result.output


def test_settings_are_shown_with_their_origin(run: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "folkmoot.toml"
    file.write_text('[instance]\ntitle = "Moot"\n[secrets]\nsecret_key = "hush"\n')
    result = run.invoke(cli.folkmoot, ["--config", str(file), "settings", "show", "--set"])
    assert "folkmoot.toml, line 2" in result.output
    assert "hush" not in result.output
    assert "server.port" not in result.output


def test_a_refusal_is_told_as_its_sentence(run: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise Forbidden("Not on a Sunday")

    monkeypatch.setattr("folkmoot.cli.settings.settings_in_use", refuse)
    result = run.invoke(cli.folkmoot, ["settings", "show"])
    assert result.exit_code == 1
    assert "Not on a Sunday" in result.output
    assert "Traceback" not in result.output
