"""The process that decodes pictures: `python -m folkmoot.kit.images_worker <fd>`.

It loads the decoders once and forks for every picture. The fork gives up, before it looks at a
stranger's byte, the right to open files or sockets, to write, and to use more than its share.
"""

import contextlib
import gc
import io
import os
import resource
import signal
import socket
import struct
import sys

import msgspec

from folkmoot.kit import images_develop
from folkmoot.kit.images import Developed, ImageLimits, Order, Picture, Refused

_PID = struct.Struct("!I")
_LENGTH = struct.Struct("!Q")


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    images_develop.load_decoders()
    gc.freeze()
    while True:
        _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not descriptors:
            return
        _fork(control, descriptors[0])


def _fork(control: socket.socket, descriptor: int) -> None:
    connection = socket.socket(fileno=descriptor)
    pid = os.fork()
    if pid:
        with connection:
            connection.sendall(_PID.pack(pid))
        return
    status = 1
    try:
        control.close()
        _work(connection)
        status = 0
    finally:
        # Leave at once: no handler or buffer of the parent may run twice.
        os._exit(status)


def _work(connection: socket.socket) -> None:
    with connection, connection.makefile("rb") as incoming:
        order = msgspec.msgpack.decode(_read(incoming), type=Order)
        _give_up_rights(order.limits)
        answer = msgspec.msgpack.encode(_develop(order, _read(incoming)))
        connection.sendall(_LENGTH.pack(len(answer)))
        connection.sendall(answer)


def _develop(order: Order, data: bytes) -> Developed | Refused:
    try:
        picture: Picture = images_develop.develop(data, order.wants, order.limits)
    except images_develop.TooLarge:
        return Refused("large")
    except images_develop.Unknown:
        return Refused("unknown")
    except MemoryError:
        return Refused("demanding")
    except Exception:  # noqa: BLE001 - decoders raise anything on damaged files, and we end after this
        return Refused("unreadable")
    return Developed(picture)


def _give_up_rights(limits: ImageLimits) -> None:
    memory = limits.memory_bytes
    with contextlib.suppress(ValueError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Descriptors that are open stay open; no number below zero is left for a new one.
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _read(incoming: io.BufferedReader) -> bytes:
    (length,) = _LENGTH.unpack(incoming.read(_LENGTH.size))
    return incoming.read(length)


if __name__ == "__main__":
    main()
