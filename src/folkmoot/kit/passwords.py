"""Passwords as argon2id hashes (RFC 9106), made and checked outside the event loop and the
database's threads, a few at once: each takes tens of milliseconds and 32 MiB.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from folkmoot.kit.errors import TooMany

P = ParamSpec("P")
T = TypeVar("T")

_AT_ONCE = 2
_WAITING = 64
_HASHER = PasswordHasher(
    time_cost=2, memory_cost=32 * 1024, parallelism=1, hash_len=32, type=Type.ID
)
_queue = threading.BoundedSemaphore(_WAITING)


class SignInsBusy(TooMany):
    """Too many people are signing in at this moment: try again in some seconds"""


def hash_now(password: str) -> str:
    """The hash of a password, for callers without an event loop."""
    return _HASHER.hash(password)


def verify_now(password_hash: str | None, password: str) -> bool:
    """Whether a password is the one behind a hash.

    Where there is no hash (no such user, none set) a decoy is checked, so that the time it takes
    tells nobody who exists.
    """
    try:
        _HASHER.verify(password_hash or _decoy(), password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


async def hash_password(password: str) -> str:
    """The hash of a password. SignInsBusy when too many wait."""
    return await _elsewhere(hash_now, password)


async def verify_password(password_hash: str | None, password: str) -> bool:
    """`verify_now`, elsewhere. SignInsBusy when too many wait."""
    return await _elsewhere(verify_now, password_hash, password)


async def _elsewhere(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    if not _queue.acquire(blocking=False):
        raise SignInsBusy
    try:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_threads(), partial(function, *args, **kwargs))
    finally:
        _queue.release()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="password")


@cache
def _decoy() -> str:
    return _HASHER.hash("nobody's password")
