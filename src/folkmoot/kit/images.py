"""The darkroom: strangers' pictures are decoded, cleaned of metadata, resized and hashed in
processes of their own (`images_worker`), so that a decoder's crash is not the service's crash.
What goes in is bytes; what comes out are new files that hold pixels and nothing else.
"""

import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import msgspec

from folkmoot.kit.errors import Invalid
from folkmoot.kit.sniff import AVIF, GIF, HEAD_BYTES, JPEG, PNG, WEBP, sniff

READABLE = (JPEG, PNG, GIF, WEBP, AVIF)
_PID = struct.Struct("!I")
_LENGTH = struct.Struct("!Q")


class UnknownImage(Invalid):
    """This is not a picture in a format we can read (JPEG, PNG, GIF, WebP or AVIF)"""


class UnreadableImage(Invalid):
    """This picture is damaged and cannot be read"""


class ImageTooHeavy(Invalid):
    """This picture is larger than the {bytes_max} bytes allowed"""


class ImageTooLarge(Invalid):
    """This picture has more than the {pixels_max} pixels allowed"""


class ImageTooDemanding(Invalid):
    """This picture takes too much time or memory to process"""


class ImageLimits(msgspec.Struct, frozen=True):
    """`pixels_max` counts one frame; `animation_pixels_max` counts all frames together."""

    bytes_max: int = 16 * 1024**2
    pixels_max: int = 33_177_600
    frames_max: int = 600
    animation_pixels_max: int = 100_000_000
    memory_bytes: int = 1536 * 1024**2
    cpu_s: int = 30
    wall_s: float = 60.0


class Want(msgspec.Struct, frozen=True):
    """One file to make of a picture.

    With `pixels_max` the whole picture is scaled down to that area; with `width` and `height` it
    is cropped in its middle to that shape. Nothing is ever scaled up. `format` "same" keeps the
    format where browsers know it; "small" takes JPEG, or WebP for transparent pictures.
    """

    name: str
    pixels_max: int = 0
    width: int = 0
    height: int = 0
    format: Literal["same", "small", "png"] = "same"
    animated: bool = False


class Rendition(msgspec.Struct, frozen=True):
    mime: str
    suffix: str
    width: int
    height: int
    animated: bool
    data: bytes


class Picture(msgspec.Struct, frozen=True):
    """What was learnt (`width` and `height` as the picture is looked at) and what was made. `pdq`
    and `quality` are as `kit.pdq.hash_picture` gives them, of the first frame.
    """

    mime: str
    width: int
    height: int
    animated: bool
    frames: int
    blurhash: str
    pdq: str
    quality: int
    renditions: dict[str, Rendition]


class Order(msgspec.Struct, frozen=True):
    """What the worker is told; the picture's bytes follow it."""

    limits: ImageLimits
    wants: tuple[Want, ...]


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    reason: Literal["unknown", "unreadable", "large", "demanding"]


class Developed(msgspec.Struct, frozen=True, tag="developed"):
    picture: Picture


ATTACHMENT = (
    Want("original", pixels_max=8_294_400),
    Want("small", pixels_max=230_400, format="small"),
)
THUMBNAIL = (Want("small", pixels_max=230_400, format="small"),)
# One that a person chose keeps the format they chose.
CHOSEN_THUMBNAIL = (Want("small", pixels_max=230_400),)
AVATAR = (
    Want("original", width=400, height=400, animated=True),
    Want("static", width=400, height=400, format="small"),
)
HEADER = (
    Want("original", width=1500, height=500, animated=True),
    Want("static", width=1500, height=500, format="small"),
)
EMOJI = (
    Want("original", pixels_max=65_536, animated=True),
    Want("static", pixels_max=65_536, format="png"),
)
ANIMATION = (Want("original", pixels_max=8_294_400, format="png", animated=True),)
"""Any animation as an animated PNG, which ffmpeg reads where it does not read WebP."""


class Darkroom:
    """Develops pictures, `parallel` at a time; safe to share between threads.

    The first picture starts a small parent process that has the decoders loaded; each picture is
    decoded in a fork of it. Closing the darkroom, or the death of this process, ends them.
    """

    def __init__(self, limits: ImageLimits | None = None, *, parallel: int = 2) -> None:
        self.limits = limits or ImageLimits()
        self._places = threading.BoundedSemaphore(parallel)
        self._lock = threading.Lock()
        self._parent: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def develop(self, data: bytes, wants: tuple[Want, ...]) -> Picture:
        """Makes what is wanted of the picture `data`. Raises an Invalid that says what is wrong."""
        if len(data) > self.limits.bytes_max:
            raise ImageTooHeavy(bytes_max=self.limits.bytes_max)
        if sniff(data[:HEAD_BYTES]) not in READABLE:
            raise UnknownImage
        with self._places:
            answer = self._run(Order(self.limits, wants), data)
        if isinstance(answer, Developed):
            return answer.picture
        raise self._refusal(answer)

    def close(self) -> None:
        with self._lock:
            self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _refusal(self, answer: Refused) -> Invalid:
        match answer.reason:
            case "unknown":
                return UnknownImage()
            case "large":
                return ImageTooLarge(pixels_max=self.limits.pixels_max)
            case "demanding":
                return ImageTooDemanding()
            case "unreadable":
                return UnreadableImage()

    def _run(self, order: Order, data: bytes) -> Developed | Refused:
        until = time.monotonic() + self.limits.wall_s
        connection, pid = self._fork(until)
        with connection:
            try:
                _send(connection, msgspec.msgpack.encode(order), until)
                _send(connection, data, until)
                answer = _receive(connection, until)
            except TimeoutError:
                # The worker holds its end of the connection open, so it lives and the id is its.
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                return Refused("demanding")
            except OSError:
                # It died: of the limit on processor time, or of the picture.
                spent = time.monotonic() - (until - self.limits.wall_s)
                return Refused("demanding" if spent >= self.limits.cpu_s else "unreadable")
        return msgspec.msgpack.decode(answer, type=Developed | Refused)

    def _fork(self, until: float) -> tuple[socket.socket, int]:
        """A connection to a fresh worker and its process id.

        The parent process is started anew, once, when it turns out to be gone.
        """
        for attempt in (1, 2):
            control = self._running()
            ours, theirs = socket.socketpair()
            try:
                with theirs:
                    socket.send_fds(control, [b"."], [theirs.fileno()])
                (pid,) = _PID.unpack(_exactly(ours, _PID.size, until))
            except OSError:
                ours.close()
                if attempt == 2:
                    raise
                with self._lock:
                    # Unless another thread has replaced it already.
                    if self._control is control:
                        self._stop()
            else:
                return ours, pid
        raise AssertionError("unreachable")

    def _running(self) -> socket.socket:
        with self._lock:
            return self._control or self._start()

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        package_root = str(Path(__file__).resolve().parents[2])
        with theirs:
            self._parent = subprocess.Popen(  # noqa: S603 - our own module, run by our own Python
                [
                    sys.executable,
                    "-P",
                    "-s",
                    "-m",
                    "folkmoot.kit.images_worker",
                    str(theirs.fileno()),
                ],
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C", "PYTHONPATH": package_root},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._control = ours
        return ours

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._parent is not None:
            try:
                self._parent.wait(timeout=2)
            except subprocess.TimeoutExpired:
                self._parent.kill()
                self._parent.wait()
            self._parent = None


def _send(connection: socket.socket, data: bytes, until: float) -> None:
    connection.settimeout(max(0.001, until - time.monotonic()))
    connection.sendall(_LENGTH.pack(len(data)))
    connection.sendall(data)


def _receive(connection: socket.socket, until: float) -> bytes:
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size, until))
    return _exactly(connection, length, until)


def _exactly(connection: socket.socket, length: int, until: float) -> bytes:
    """Reads `length` bytes; an early end means that the other side died."""
    data = bytearray()
    while len(data) < length:
        connection.settimeout(max(0.001, until - time.monotonic()))
        part = connection.recv(min(length - len(data), 1 << 20))
        if not part:
            raise ConnectionResetError
        data += part
    return bytes(data)
