"""A real server process for clients that others wrote: own folder and port, ended with the test."""

import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from folkmoot.kit.fresh_secrets import fresh_secrets
from folkmoot.kit.settings_sources import load, write_file

SRC = Path(__file__).parents[2] / "src"


class Live(msgspec.Struct, frozen=True):
    """A running server: its address, its settings file, and the process id of its parent."""

    url: str
    config: Path
    pid: int
    environ: Mapping[str, str]
    authority: Path | None = None

    def verify(self) -> ssl.SSLContext | bool:
        """What makes an httpx client trust it."""
        if self.authority is None:
            return True
        return ssl.create_default_context(cafile=str(self.authority))


def free_port() -> int:
    """A port of loopback that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def serve(
    folder: Path,
    database_url: str,
    *,
    port: int = 0,
    host: str = "127.0.0.1",
    scheme: str = "http",
    more: Mapping[str, Mapping[str, Any]] | None = None,
    environ: Mapping[str, str] | None = None,
    authority: Path | None = None,
) -> Iterator[Live]:
    """Serves a fresh instance of `folder` in a process of its own until the block ends.

    With https, `authority` is the certificate that clients are to trust.
    """
    port = port or free_port()
    url = f"{scheme}://{host}:{port}"
    sections: dict[str, dict[str, Any]] = {
        "server": {"base_url": url, "host": "127.0.0.1", "port": port},
        "database": {"url": database_url},
        "media": {"folder": str(folder / "media")},
        "mail": {"folder": str(folder / "mail")},
        "rate_limits": {"enabled": False},
        "registration": {"min_age": 0},
        "secrets": fresh_secrets(),
        "testing": {"enabled": True},
    }
    for section, values in (more or {}).items():
        sections[section] = {**sections.get(section, {}), **values}
    config = folder / "folkmoot.toml"
    write_file(config, sections)
    variables = {
        **os.environ,
        "FOLKMOOT_TESTING": "1",
        "PYTHONPATH": str(SRC),
        **(environ or {}),
    }
    load(config, variables)
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "folkmoot", "--config", str(config), "serve"],
            env=variables,
            stdout=log,
            stderr=log,
            cwd=folder,
        )
    try:
        _await(url, process, folder / "server.log")
        yield Live(url, config, process.pid, variables, authority)
    finally:
        _end(process)


@contextmanager
def serve_also(live: Live) -> Iterator[str]:
    """A second server of the same instance, on a port of its own; gives where it listens."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with run_also(live, "serve", FOLKMOOT_SERVER__PORT=str(port)) as process:
        _await(url, process, live.config.parent / "serve.log")
        yield url


@contextmanager
def run_also(live: Live, command: str, **environ: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Another process of the same instance, such as a worker, until the block ends."""
    with (live.config.parent / f"{command}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "folkmoot", "--config", str(live.config), command],
            env={**os.environ, "FOLKMOOT_TESTING": "1", "PYTHONPATH": str(SRC), **environ},
            stdout=log,
            stderr=log,
            cwd=live.config.parent,
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def run_folkmoot(live: Live, *arguments: str) -> str:
    """Runs a command of the command line on a running server's instance; what it printed."""
    command = [sys.executable, "-m", "folkmoot", "--config", str(live.config), *arguments]
    ran = subprocess.run(
        command, env=live.environ, check=False, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def _await(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        if process.poll() is not None:
            break
        try:
            httpx.get(f"{url}/health", verify=False, timeout=1)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{log.read_text()[-4000:]}")
