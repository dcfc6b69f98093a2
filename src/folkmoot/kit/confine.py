"""Programs that read strangers' files run here: as a child of their own, with limits on memory,
processor time, written bytes and the clock, with no inherited environment, and at low priority.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import msgspec

from folkmoot.kit.errors import Invalid

# The limits are set by a shell that then becomes the program: unlike a function run between fork
# and exec, that is safe in a process with threads. Not every shell knows `ulimit -v` or `-t`
# (macOS refuses the first), therefore each may fail by itself.
_LIMITED = (
    'ulimit -v "$1" 2>/dev/null; ulimit -t "$2" 2>/dev/null; ulimit -f "$3" 2>/dev/null; '
    'ulimit -c 0 2>/dev/null; shift 3; exec nice -n 10 "$@"'
)
_MOST_OUTPUT = 4 * 1024 * 1024
_running: set[subprocess.Popen[bytes]] = set()


class OutOfBounds(Invalid):
    """This file takes too much time or memory to process"""


class Limits(msgspec.Struct, frozen=True):
    memory_bytes: int = 3 * 1024**3
    cpu_s: int = 600
    wall_s: float = 900.0
    file_bytes: int = 512 * 1024**2


class Finished(msgspec.Struct, frozen=True):
    """`status` is the exit status; `out` and `err` are cut at four megabytes."""

    status: int
    out: bytes
    err: bytes

    @property
    def last_words(self) -> str:
        """The end of what the program complained about, for the log and never for a client."""
        return self.err[-2000:].decode("utf-8", "replace").strip()


def find_program(name: str) -> str | None:
    """The absolute path of a program, or None when it is not installed."""
    return shutil.which(name)


def run_confined(argv: Sequence[str], *, limits: Limits, cwd: Path) -> Finished:
    """Runs `argv` to its end. Raises OutOfBounds when it crosses a limit.

    Signals that only a limit sends (SIGXCPU, SIGXFSZ) and the clock count as crossing; any other
    failure is left to the caller, who knows what the program's exit status means.
    """
    blocks = limits.file_bytes // 512
    shell = ["/bin/sh", "-c", _LIMITED, "limited"]
    shell += [str(limits.memory_bytes // 1024), str(limits.cpu_s), str(blocks), *argv]
    # What it says goes to files, not pipes, so that the limit on files also bounds its chatter.
    with tempfile.TemporaryFile(dir=cwd) as out, tempfile.TemporaryFile(dir=cwd) as err:
        status = _wait(shell, cwd=cwd, wall_s=limits.wall_s, out=out, err=err)
        if status in (-signal.SIGXCPU, -signal.SIGXFSZ, -signal.SIGKILL):
            raise OutOfBounds
        return Finished(status, _first(out), _last(err))


def _wait(argv: list[str], *, cwd: Path, wall_s: float, out: IO[bytes], err: IO[bytes]) -> int:
    child = subprocess.Popen(  # noqa: S603 - the program is ours and the arguments are no shell text
        argv,
        cwd=cwd,
        env={"PATH": os.defpath, "LC_ALL": "C", "HOME": str(cwd), "TMPDIR": str(cwd)},
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=err,
        start_new_session=True,
    )
    _running.add(child)
    try:
        return child.wait(timeout=wall_s)
    except subprocess.TimeoutExpired:
        raise OutOfBounds from None
    finally:
        _running.discard(child)
        _end(child)


def end_confined() -> None:
    """Ends what still runs here, for a process that wants to end: whoever waits for a program
    has been told to wait no longer.
    """
    for child in tuple(_running):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ends the whole session, so that nothing the program started outlives it."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _first(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(_MOST_OUTPUT)


def _last(file: IO[bytes]) -> bytes:
    file.seek(max(0, file.seek(0, os.SEEK_END) - _MOST_OUTPUT))
    return file.read()
