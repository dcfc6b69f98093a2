"""A server process pinned to one core, and what it has used."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
# Compiled files are kept, as on every ordinary machine.
_ENVIRON = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


class Server:
    """Runs a command on one core until `stop`; knows its CPU time and memory with all children."""

    def __init__(self, command: list[str], url: str, *, core: int, env: dict[str, str]) -> None:
        began = time.perf_counter()
        self._process = subprocess.Popen(
            ["taskset", "-c", str(core), *command],
            env={**_ENVIRON, **env},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._await(url)
        self.start_s = time.perf_counter() - began

    def _await(self, url: str) -> None:
        give_up = time.perf_counter() + 30
        while time.perf_counter() < give_up:
            if self._process.poll() is not None:
                raise SystemExit(f"the server ended at once: {self._process.args}")
            try:
                urllib.request.urlopen(url, timeout=1).read()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.005)
        self.stop()
        raise SystemExit("the server did not answer within half a minute")

    def cpu_s(self) -> float:
        """Seconds of CPU used so far, user and system."""
        total = 0
        for pid in self._pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def memory(self) -> int:
        """Bytes of memory: proportional set size, so that shared pages count once. Without the
        pages of the database that are mapped, which belong to the kernel's cache."""
        return self._resident() - self.mapped()

    def mapped(self) -> int:
        """Bytes of database files that are mapped into memory."""
        return self._resident(only=".db")

    def _resident(self, only: str = "") -> int:
        total = 0
        for pid in self._pids():
            counts = not only
            for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
                if line[0] in "0123456789abcdef" and "-" in line.partition(" ")[0]:
                    counts = line.rstrip().endswith(only)
                elif counts and line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        return total

    def stop(self) -> None:
        """Ends it politely, then firmly."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            for pid in self._pids():
                os.kill(pid, signal.SIGKILL)
            self._process.wait()

    def _pids(self) -> list[int]:
        found, queue = [], [self._process.pid]
        while queue:
            pid = queue.pop()
            found.append(pid)
            children = Path(f"/proc/{pid}/task/{pid}/children")
            if children.exists():
                queue += [int(child) for child in children.read_text().split()]
        return found


def folkmoot(config: Path, url: str, *, core: int) -> Server:
    """The server of a settings file."""
    command = [sys.executable, "-m", "folkmoot", "--config", str(config), "serve"]
    return Server(command, f"{url}/health", core=core, env={})


def constant(port: int, body: Path, *, core: int) -> Server:
    """A server that answers every request with the bytes of a file: the ceiling."""
    command = [sys.executable, str(Path(__file__).parent / "constant.py"), str(port), str(body)]
    return Server(command, f"http://127.0.0.1:{port}/constant", core=core, env={})
