"""Runs the suite on SQLite and again on PostgreSQL, with private servers that end with it.

PostgreSQL and Redis listen on loopback, on free ports, in a temporary folder. Exactly these two
processes are stopped at the end. The last line holds the totals of both runs.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
START_S = 60
STOP_S = 30


def main(arguments: Sequence[str]) -> int:
    signal.signal(signal.SIGTERM, _leave)
    totals: Counter[str] = Counter()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="folkmoot-tests-")))
        folder.chmod(0o755)
        redis = stack.enter_context(_redis(folder))
        postgres = stack.enter_context(_postgres(folder))
        for name, database in (("SQLite", ""), ("PostgreSQL", postgres)):
            totals += _run(name, database, redis, folder / f"{name}.xml", arguments)
    skipped = f", {totals['skipped']} skipped" if totals["skipped"] else ""
    print(f"{totals['passed']} passed, {totals['failed']} failed{skipped}", flush=True)
    return 1 if totals["failed"] or not totals["passed"] else 0


def _leave(_signal: int, _frame: object) -> NoReturn:
    """Turns a request to end into an exception, so that the servers are stopped on the way out."""
    raise SystemExit(143)


def _run(
    name: str, database: str, redis: str, report: Path, arguments: Sequence[str]
) -> Counter[str]:
    print(f"\n== The suite on {name}", flush=True)
    # Settings of whoever runs the tests are not the tests' settings.
    environ = {name: value for name, value in os.environ.items() if name[:9] != "FOLKMOOT_"}
    environ |= {"FOLKMOOT_TEST_REDIS": redis, "FOLKMOOT_TEST_DATABASE": database}
    command = [sys.executable, "-m", "pytest", "-n", "2", f"--junitxml={report}", *arguments]
    code = subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode
    return _totals(report, code)


def _totals(report: Path, code: int) -> Counter[str]:
    """Counts of a JUnit report. A run that broke off counts as a failure of its own."""
    counts: Counter[str] = Counter()
    if report.exists():
        for suite in ET.parse(report).getroot().iter("testsuite"):
            failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped = int(suite.get("skipped", 0))
            counts["failed"] += failed
            counts["skipped"] += skipped
            counts["passed"] += int(suite.get("tests", 0)) - failed - skipped
    if code not in (0, 1) or (code and not counts["failed"]):
        counts["failed"] += 1
    return counts


@contextlib.contextmanager
def _redis(folder: Path) -> Iterator[str]:
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        raise SystemExit("redis-server is missing: run scripts/setup-tests")
    home, port = folder / "redis", _free_port()
    home.mkdir()
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--dir", str(home)]
    command += ["--save", "", "--appendonly", "no"]
    with _server("Redis", command, home / "log", signal.SIGTERM, lambda: _listens(port)):
        yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """A cluster of its own. Durability is off: the data are gone with the folder anyway."""
    home, data, port = folder / "postgres", folder / "postgres" / "data", _free_port()
    home.mkdir()
    programs, user = _postgres_programs(), _unprivileged()
    if user:
        shutil.chown(home, user)
    initdb = [str(programs / "initdb"), "-D", str(data), "-U", "folkmoot", "-A", "trust"]
    initdb += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run(initdb, user=user, cwd=home, stdout=subprocess.DEVNULL, check=True)
    options = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": "200",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }
    command = [str(programs / "postgres"), "-D", str(data)]
    for option, value in options.items():
        command += ["-c", f"{option}={value}"]
    probe = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]

    def ready() -> bool:
        return subprocess.run(probe, check=False).returncode == 0

    with _server("PostgreSQL", command, home / "log", signal.SIGINT, ready, user):
        yield f"postgresql://folkmoot@127.0.0.1:{port}/postgres"


def _postgres_programs() -> Path:
    """The folder of the newest PostgreSQL programs."""
    packaged = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if packaged:
        return max(packaged, key=lambda programs: int(programs.parent.name))
    found = shutil.which("initdb")
    if found is None:
        raise SystemExit("PostgreSQL is missing: run scripts/setup-tests")
    return Path(found).resolve().parent


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root; whoever is not root runs it as themself."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextlib.contextmanager
def _server(
    name: str,
    command: list[str],
    log: Path,
    stop: signal.Signals,
    ready: Callable[[], bool],
    user: str | None = None,
) -> Iterator[None]:
    with log.open("wb") as out:
        # In a session of its own, so that Ctrl-C reaches pytest first and the server last.
        process = subprocess.Popen(
            command,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            user=user,
            start_new_session=True,
        )
    try:
        _await(name, process, ready, log)
        yield
    finally:
        process.send_signal(stop)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(
    name: str, process: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path
) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        if ready():
            return
        time.sleep(0.05)
    raise SystemExit(f"{name} did not start:\n{log.read_text(errors='replace')}")


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
