"""How `folkmoot log verify` goes about it: find the log, remember it, audit it, say what was found.

Nothing here opens a database or settings: whoever runs it needs only the network.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from folkmoot.cli.init import full_address
from folkmoot.kit import clock
from folkmoot.kit.http import Client, FetchFailed
from folkmoot.kit.settings_rules import is_loopback
from folkmoot.kit.tlog.audit import Found, Signed, Unsigned, audit, open_checkpoint
from folkmoot.kit.tlog.notes import KeyBroken, VerifierKey, parse_vkey
from folkmoot.kit.tlog.seen import (
    Memory,
    MemoryBroken,
    memory_file,
    read_memory,
    write_memory,
)
from folkmoot.kit.tlog.statements import Statement, StatementBroken, check_statement
from folkmoot.kit.tlog.tiles import MAX_BUNDLE_BYTES, WIDTH, Edge

if TYPE_CHECKING:
    from folkmoot.domain.transparency.model import Leaf

    Watch = Callable[[Leaf], None]

LOOPBACK = ("127.0.0.0/8", "::1/128")
POINTER = "/.well-known/folkmoot-log"
_TRIES = 4
PAUSE_S = 0.25
_PATIENCE_S = 60.0
_REMEMBER_EVERY = 64 * WIDTH
_SMALL = 200_000


class Unreachable(Exception):
    """The log cannot be reached."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked on the command line."""

    url: str
    key: str = ""
    statements: tuple[Path, ...] = ()
    checkpoints: tuple[Path, ...] = ()
    witnesses: int = 0
    resume: bool = False
    parallel: int = 8
    folder: Path | None = None
    quiet: bool = True


class Verdict(msgspec.Struct):
    """What was found, in sentences: what is well, what is worth knowing, what is wrong."""

    well: list[str] = []
    notes: list[str] = []
    problems: list[str] = []
    origin: str = ""
    key: str = ""
    size: int = 0
    root: str = ""


class Pointer(msgspec.Struct):
    """What a Folkmoot says of its log."""

    prefix: str
    key: str
    witnesses: list[str] = []


class Target(msgspec.Struct, frozen=True):
    """The log that is looked at; `own`: it is a Folkmoot's, whose entries are known."""

    prefix: str
    key: VerifierKey
    memory: Memory
    own: bool

    @property
    def witnesses(self) -> list[VerifierKey]:
        return [parse_vkey(text) for text in self.memory.witnesses]


class Web:
    """A log on the web. Asks again when the network fails; None stands for 404."""

    def __init__(self, client: Client, prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    async def get(self, path: str) -> bytes | None:
        largest = MAX_BUNDLE_BYTES if path.startswith("tile/entries/") else _SMALL
        return await fetch(self._client, f"{self._prefix}/{path}", max_bytes=largest)


async def fetch(client: Client, url: str, *, max_bytes: int = _SMALL) -> bytes | None:
    """What lies at an address; None for 404 and 410. Unreachable."""
    said = ""
    for attempt in range(_TRIES):
        if attempt:
            await asyncio.sleep(2**attempt * PAUSE_S)
        try:
            answer = await client.get(url, max_bytes=max_bytes, timeout_s=_PATIENCE_S)
        except FetchFailed as error:
            said = str(error)
            continue
        if answer.is_ok:
            return answer.body
        if answer.status in (404, 410):
            return None
        said = f"{url} answers {answer.status}"
    raise Unreachable(said)


async def look(asked: Asked, watch: "Watch | None" = None) -> Verdict:
    """Verifies the log at an address; `watch` is shown every entry, in order. Unreachable."""
    verdict = Verdict()
    url = full_address(asked.url)
    # Whoever names an address on the command line may reach it, wherever it is.
    client = Client(
        user_agent="folkmoot log verify",
        allow_hosts=[urlsplit(url).netloc],
        allow_networks=LOOPBACK if is_loopback(url) else (),
    )
    async with client:
        try:
            target = await _find(client, url, asked, verdict)
        except (KeyBroken, MemoryBroken) as broken:
            verdict.problems.append(f"{str(broken)[:1].upper()}{str(broken)[1:]}.")
            return verdict
        verdict.origin, verdict.key = target.key.name, target.key.text
        source = Web(client, target.prefix)
        signed = await _open(source, target, asked, verdict)
        if signed is not None:
            await _audit(source, signed, target, asked, verdict, watch)
    return verdict


async def _find(client: Client, url: str, asked: Asked, verdict: Verdict) -> Target:
    """Where the log is, whose key it has, what is remembered of it."""
    pointer = await _pointer(client, url)
    if pointer is None and not asked.key:
        raise Unreachable(
            f"{url} does not say that it has a log ({POINTER}). "
            "For another kind of log, give its prefix and --key."
        )
    prefix = pointer.prefix if pointer else url
    shown = parse_vkey(pointer.key) if pointer else parse_vkey(asked.key)
    given = parse_vkey(asked.key) if asked.key else None
    file = _file(asked, (given or shown).name)
    memory = read_memory(file) or Memory((given or shown).name, (given or shown).text)
    if given and memory.key != given.text:
        verdict.problems.append(
            f"The key given is not the one remembered from an earlier look ({memory.key})."
        )
    key = given or parse_vkey(memory.key)
    if shown != key:
        verdict.problems.append(f"The log's key has changed from {key.text} to {shown.text}.")
    if not memory.checkpoints and not given:
        verdict.notes.append(f"The key is trusted because it was seen first now: {key.text}")
    named = [*memory.witnesses, *(pointer.witnesses if pointer else ())]
    memory.witnesses = list(dict.fromkeys(named))
    return Target(prefix.rstrip("/"), key, memory, pointer is not None)


async def _pointer(client: Client, url: str) -> Pointer | None:
    raw = await fetch(client, url.removesuffix("/log") + POINTER)
    if raw is None:
        return None
    try:
        return msgspec.json.decode(raw, type=Pointer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise KeyBroken(f"{POINTER} cannot be read: {error}") from error


def _file(asked: Asked, origin: str) -> Path:
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state"
    return memory_file(asked.folder or Path(state) / "folkmoot/logs", origin)


async def _open(source: Web, target: Target, asked: Asked, verdict: Verdict) -> Signed | None:
    """The signed checkpoint, with what is to be said of it; None when it is none."""
    raw = await source.get("checkpoint")
    if raw is None:
        raise Unreachable("The log shows no checkpoint.")
    try:
        signed = open_checkpoint(raw, target.key, target.witnesses)
    except Unsigned as unsigned:
        verdict.problems.append(f"{str(unsigned)[:1].upper()}{str(unsigned)[1:]}.")
        return None
    now = signed.checkpoint
    verdict.size, verdict.root = now.size, now.root.hex()
    entries = "1 entry" if now.size == 1 else f"{now.size} entries"
    verdict.well.append(f"{now.origin} has signed {entries}, root {now.root.hex()}.")
    _tell_witnesses(signed, target.witnesses, asked, verdict)
    return signed


async def _audit(
    source: Web,
    signed: Signed,
    target: Target,
    asked: Asked,
    verdict: Verdict,
    watch: "Watch | None",
) -> None:
    """Reads the whole log, or what came since the last look, and remembers what it saw."""
    now, memory, file = signed.checkpoint, target.memory, _file(asked, target.key.name)
    oldest = _see_others(target.key, memory, asked, verdict)
    edge = memory.last_edge() if asked.resume else Edge()
    if edge.size > min(now.size, oldest):
        edge = Edge()
    check = EntryCheck(watch) if target.own else None
    skipped, seen = edge.size, list(memory.checkpoints)

    def remember(edge: Edge) -> None:
        memory.keep_edge(edge)
        if edge.size % _REMEMBER_EVERY == 0:
            write_memory(file, memory)
            if not asked.quiet:
                print(f"  {edge.size} of {now.size} entries …", flush=True)

    try:
        found = await audit(
            source,
            now,
            seen=seen,
            edge=edge,
            check_entry=check,
            parallel=asked.parallel,
            progress=remember,
        )
        if found.problems:
            memory.keep_edge(Edge())
    finally:
        # What the log signed is remembered whatever else happens: it is evidence.
        memory.see(now, signed.note, at=clock.now())
        write_memory(file, memory)
    verdict.problems += found.problems
    if check and check.unknown:
        named = ", ".join(sorted(check.unknown))
        verdict.notes.append(f"Kinds of entries that this version does not know: {named}.")
    if not found.problems:
        verdict.well += _tell_read(found, skipped, len(seen))


def _tell_read(found: Found, skipped: int, seen: int) -> Iterator[str]:
    before = f"; {skipped} entries were checked before" if skipped else ""
    yield f"Read and hashed again: entries {found.entries}, tiles {found.tiles}{before}."
    if seen:
        word = "the checkpoint" if seen == 1 else f"all {seen} checkpoints"
        yield f"It continues {word} seen before."


def _tell_witnesses(
    signed: Signed, witnesses: list[VerifierKey], asked: Asked, verdict: Verdict
) -> None:
    for name, at_s in signed.witnesses.items():
        verdict.well.append(f"{name} cosigned it, {clock.iso(at_s * clock.SECOND)}.")
    verdict.notes += [
        f"The witness {each.name} has not cosigned this state yet."
        for each in witnesses
        if each.name not in signed.witnesses
    ]
    if len(signed.witnesses) < asked.witnesses:
        verdict.problems.append(
            f"{len(signed.witnesses)} known witnesses cosigned; {asked.witnesses} are asked for."
        )


def _see_others(key: VerifierKey, memory: Memory, asked: Asked, verdict: Verdict) -> int:
    """Checkpoints from elsewhere, and statements: both are held against the log from now on.

    Gives the smallest size among them, from which on the tree must be looked at.
    """
    sizes: list[int] = []
    for file in asked.checkpoints:
        try:
            other = open_checkpoint(file.read_bytes(), key)
        except Unsigned as unsigned:
            verdict.problems.append(f"{file.name}: {unsigned}.")
        else:
            memory.see(other.checkpoint, other.note, at=clock.now())
            sizes.append(other.checkpoint.size)
    for file in asked.statements:
        try:
            statement = msgspec.json.decode(file.read_bytes(), type=Statement)
            checkpoint = check_statement(statement, key)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            verdict.problems.append(f"{file.name} is no statement: {error}.")
        except StatementBroken as broken:
            verdict.problems.append(f"{file.name} proves nothing: {broken}.")
        else:
            memory.see(checkpoint, statement.checkpoint, at=clock.now())
            sizes.append(checkpoint.size)
            opened = ", and it says what that entry commits to" if statement.private else ""
            verdict.well.append(f"{file.name} proves entry {statement.index}{opened}.")
    return min(sizes, default=1 << 62)


class EntryCheck:
    """Whether entries are written as those of a Folkmoot are. Kinds that a newer version may have
    made are gathered in `unknown`; all others are shown to who watches."""

    def __init__(self, watch: "Watch | None" = None) -> None:
        self.unknown: set[str] = set()
        self._watch = watch

    def __call__(self, index: int, raw: bytes) -> str | None:
        from folkmoot.domain.transparency.model import Leaf

        del index
        try:
            leaf = msgspec.json.decode(raw, type=Leaf)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            if self._is_newer(raw):
                return None
            return f"is not written as an entry should be: {error}"
        if self._watch is not None:
            self._watch(leaf)
        return None

    def _is_newer(self, raw: bytes) -> bool:
        from folkmoot.domain.transparency.model import KINDS

        try:
            kind = msgspec.json.decode(raw, type=_Outline).entry.kind
        except (msgspec.DecodeError, UnicodeDecodeError):
            return False
        if kind in KINDS:
            return False
        self.unknown.add(kind)
        return True


class _Kind(msgspec.Struct):
    kind: str


class _Outline(msgspec.Struct):
    entry: _Kind
