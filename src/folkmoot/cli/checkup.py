"""What `folkmoot doctor` looks at. Each check is a function from the settings to findings."""

import base64
import binascii
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from folkmoot.kit.settings import Settings
from folkmoot.kit.settings_rules import is_loopback
from folkmoot.kit.settings_sources import Loaded

SQLITE_NEEDED = (3, 40, 0)  # the oldest that the suite runs on
POSTGRESQL_NEEDED = 15
LITTLE_SPACE = 1024**3
CLOCK_TOLERANCE_S = 5
LOG_PATIENCE_S = 120
# The year this code was written: a clock before it is wrong beyond doubt.
NOT_BEFORE_S = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


class Finding(msgspec.Struct, frozen=True):
    """What a check found: well, worth knowing, likely trouble, or cannot work."""

    subject: str
    state: Literal["well", "note", "warning", "wrong"]
    sentence: str


def well(subject: str, sentence: str) -> Finding:
    return Finding(subject, "well", sentence)


def note(subject: str, sentence: str) -> Finding:
    return Finding(subject, "note", sentence)


def warning(subject: str, sentence: str) -> Finding:
    return Finding(subject, "warning", sentence)


def wrong(subject: str, sentence: str) -> Finding:
    return Finding(subject, "wrong", sentence)


def examine(loaded: Loaded) -> Iterator[Finding]:
    """Runs every check. One that breaks is itself a finding."""
    for check in CHECKS:
        try:
            yield from check(loaded)
        except Exception as error:  # noqa: BLE001 - the examination goes on
            yield wrong(check.__name__, f"The check itself failed: {error!r}.")


def settings_file(loaded: Loaded) -> Iterator[Finding]:
    if loaded.file is None:
        yield note("settings", "There is no settings file; `folkmoot init` writes one.")
        return
    mode = stat.S_IMODE(loaded.file.stat().st_mode)
    if mode & 0o077:
        yield warning(
            "settings", f"{loaded.file} can be read by others (mode {mode:03o}): chmod 600."
        )
    else:
        yield well("settings", f"Read from {loaded.file}.")


def secrets(loaded: Loaded) -> Iterator[Finding]:
    given = loaded.settings.secrets
    for name, value in (
        ("secret_key", given.secret_key),
        ("vapid_private_key", given.vapid_private_key),
    ):
        key = f"secrets.{name}"
        if not value:
            yield wrong(key, "Not set; `folkmoot init` generates it.")
        elif _decoded_length(value) != 32:
            yield wrong(key, "Not 32 bytes in base64url.")
        else:
            yield well(key, "Set.")


def _decoded_length(text: str) -> int:
    try:
        return len(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        return -1


def address(loaded: Loaded) -> Iterator[Finding]:
    server = loaded.settings.server
    if server.secure:
        yield well("address", f"People reach this server at {server.base_url}.")
    elif is_loopback(server.base_url):
        yield note("address", f"{server.base_url} is for this machine only.")
    else:
        yield wrong(
            "address", f"{server.base_url} is not https; clients insist on it, and tokens need it."
        )
    if server.secure and not server.tls_cert and not server.trusted_proxies:
        yield warning(
            "address",
            "TLS ends elsewhere, but server.trusted_proxies is empty: "
            "every visitor would have the proxy's address.",
        )


def certificate(loaded: Loaded) -> Iterator[Finding]:
    server = loaded.settings.server
    if not server.tls_cert:
        return
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        chain = x509.load_pem_x509_certificates(Path(server.tls_cert).read_bytes())
        key = load_pem_private_key(Path(server.tls_key).read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        yield wrong("certificate", f"Cannot be used: {error}.")
        return
    first = chain[0]
    if first.public_key() != key.public_key():
        yield wrong("certificate", "server.tls_key is not the key of server.tls_cert.")
    ends = first.not_valid_after_utc
    left = ends - datetime.now(UTC)
    if left < timedelta(0):
        yield wrong("certificate", f"Ended on {ends:%Y-%m-%d}.")
    elif left < timedelta(days=14):
        yield warning("certificate", f"Ends on {ends:%Y-%m-%d}.")
    else:
        yield well("certificate", f"Valid until {ends:%Y-%m-%d}.")


def folders(loaded: Loaded) -> Iterator[Finding]:
    for key, folder in _folders(loaded.settings):
        standing = _nearest(folder)
        if not os.access(standing, os.W_OK | os.X_OK):
            yield wrong(key, f"{standing} cannot be written to.")
            continue
        free = shutil.disk_usage(standing).free
        state = warning if free < LITTLE_SPACE else well
        yield state(key, f"{folder}, {free / 1024**3:.1f} GiB free.")


def _folders(settings: Settings) -> Iterator[tuple[str, Path]]:
    if settings.database.url.startswith("sqlite"):
        yield "database.url", _sqlite_file(settings).parent
    if settings.media.backend == "local":
        yield "media.folder", settings.media.folder
    if not settings.mail.host:
        yield "mail.folder", settings.mail.folder


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that exists: the rest is made when needed."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def _sqlite_file(settings: Settings) -> Path:
    return Path(settings.database.url.removeprefix("sqlite:///"))


def database(loaded: Loaded) -> Iterator[Finding]:
    settings = loaded.settings
    if settings.database.url.startswith("sqlite"):
        reached = yield from _sqlite(settings)
    else:
        reached = yield from _postgresql(settings)
    if reached:
        yield _schema(settings)


def _sqlite(settings: Settings) -> Generator[Finding, None, bool]:
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < SQLITE_NEEDED:
        yield wrong("database", f"SQLite {version}; 3.40 or newer is needed.")
        return False
    with closing(sqlite3.connect(":memory:")) as memory:
        try:
            memory.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
        except sqlite3.OperationalError:
            yield wrong("database", f"SQLite {version} lacks FTS5, which search needs.")
            return False
    file = _sqlite_file(settings)
    if not file.exists():
        yield note("database", f"SQLite {version}; {file} does not exist yet.")
        return False
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        [(answer,)] = connection.execute("PRAGMA quick_check(1)").fetchall()
    if answer != "ok":
        yield wrong("database", f"{file} is damaged: {answer}.")
        return False
    yield well("database", f"SQLite {version} with FTS5; {file} is sound.")
    return True


def _postgresql(settings: Settings) -> Generator[Finding, None, bool]:
    import psycopg

    url = settings.database.url.replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            server = connection.info.server_version
            row = connection.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()
            encoding = connection.info.parameter_status("server_encoding")
    except psycopg.Error as error:
        yield wrong("database", f"PostgreSQL cannot be reached: {str(error).splitlines()[0]}.")
        return False
    if server // 10_000 < POSTGRESQL_NEEDED:
        yield wrong("database", f"PostgreSQL {server // 10_000}; 15 or newer is needed.")
    elif encoding != "UTF8":
        yield wrong("database", f"The database's encoding is {encoding}; it must be UTF8.")
    else:
        yield well("database", f"PostgreSQL {server // 10_000} answers.")
    if row:
        yield _compared_clock("PostgreSQL", float(row[0]))
    return True


def _schema(settings: Settings) -> Finding:
    from folkmoot.kit.db.schema import current_revision, newest_revision

    current, newest = current_revision(settings), newest_revision()
    if current == newest:
        return well("schema", f"At revision {current}, the newest.")
    if current is None:
        return note("schema", "The database is empty; `folkmoot serve` fills it in.")
    return note("schema", f"At revision {current}; `folkmoot serve` brings it to {newest}.")


def public_log(loaded: Loaded) -> Iterator[Finding]:
    """Its keys open, all of it is signed, and the files are those of the database."""
    from folkmoot.domain.transparency import jobs
    from folkmoot.domain.transparency.model import KeysUnreadable
    from folkmoot.kit.context import Context
    from folkmoot.kit.db import Database
    from folkmoot.kit.db.schema import current_revision, newest_revision

    if current_revision(loaded.settings) != newest_revision():
        return
    db = Database(loaded.settings)
    try:
        state = jobs.examine(Context(loaded.settings, db))
    except KeysUnreadable as error:
        yield wrong("public log", f"{error.sentence}.")
        return
    finally:
        db.close()
    if state is None:
        yield note("public log", "Nothing was signed yet; the server does that as it runs.")
        return
    yield from (wrong("public log", sentence) for sentence in state.wrong)
    if state.waiting_s > LOG_PATIENCE_S:
        yield warning(
            "public log",
            f"Entries not signed yet: {state.entries - state.size}, for {state.waiting_s} seconds; "
            "is a worker running?",
        )
    if not state.wrong:
        yield well("public log", f"Signed entries: {state.size}, by {state.key}.")


def disclosure(loaded: Loaded) -> Iterator[Finding]:
    """Statements of reasons reach the EU transparency database, where they are to be sent."""
    from folkmoot.domain.disclosure.queries import get_sending
    from folkmoot.kit.db import Database
    from folkmoot.kit.db.schema import current_revision, newest_revision

    sends = loaded.settings.disclosure.sends
    if not sends or current_revision(loaded.settings) != newest_revision():
        return
    db = Database(loaded.settings)
    try:
        sending = db.read_now(get_sending)
    finally:
        db.close()
    if sending.refused:
        yield warning(
            "disclosure",
            f"Statements refused: {sending.refused}; `folkmoot disclosure status` says why.",
        )
    if sending.problem:
        yield warning("disclosure", f"Statements wait: {sending.waiting}; {sending.problem}.")
    elif not sending.refused:
        yield well("disclosure", f"Statements are sent; {sending.waiting} wait for the next time.")


def redis(loaded: Loaded) -> Iterator[Finding]:
    url = loaded.settings.redis.url
    if not url:
        return
    import redis as client

    try:
        with closing(client.Redis.from_url(url, socket_timeout=5)) as connection:
            version = connection.info("server")["redis_version"]
            seconds, _ = connection.time()
    except client.RedisError as error:
        yield wrong("redis", f"Cannot be reached: {error}.")
        return
    yield well("redis", f"Redis {version} answers.")
    yield _compared_clock("Redis", float(seconds))


def _compared_clock(whose: str, seconds: float) -> Finding:
    off = abs(seconds - time.time())
    if off > CLOCK_TOLERANCE_S:
        return warning("clock", f"This machine and {whose} differ by {off:.0f} seconds.")
    return well("clock", f"Agrees with {whose}.")


def clock(_loaded: Loaded) -> Iterator[Finding]:
    if time.time() < NOT_BEFORE_S:
        yield wrong("clock", f"It says {datetime.now(UTC):%Y-%m-%d}, which is past.")
        return
    try:
        answer = subprocess.run(
            ["timedatectl", "show", "--property=NTPSynchronized", "--value"],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        yield note("clock", f"It says {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC.")
        return
    if answer == "yes":
        yield well("clock", "Kept right by the network.")
    else:
        yield warning("clock", "Not synchronised; ids and signatures rely on the time.")


def mail(loaded: Loaded) -> Iterator[Finding]:
    settings = loaded.settings
    if not settings.mail.host:
        sentence = f"No SMTP server is set; letters are written to {settings.mail.folder}."
        open_to_others = settings.server.secure and settings.registration.mode != "closed"
        yield (warning if open_to_others else note)("mail", sentence)
        return
    import asyncio

    from folkmoot.kit.mail import Mailer, MailFailed

    try:
        asyncio.run(Mailer(settings).greet())
    except MailFailed as failed:
        yield wrong("mail", f"{settings.mail.host} does not take our letters: {failed}.")
    else:
        yield well("mail", f"{settings.mail.host} takes our letters.")


def media(_loaded: Loaded) -> Iterator[Finding]:
    missing = [name for name in ("ffmpeg", "ffprobe") if shutil.which(name) is None]
    if missing:
        yield warning("media", f"{' and '.join(missing)} missing: no films, no sounds.")
        return
    first = subprocess.run(
        ["ffmpeg", "-version"],  # noqa: S607 - whichever the operator installed
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    ).stdout.partition(" Copyright")[0]
    yield well("media", first or "ffmpeg is there.")


def service_card(loaded: Loaded) -> Iterator[Finding]:
    """A public service has to say who runs it."""
    instance = loaded.settings.instance
    missing = [
        f"instance.{name}"
        for name in ("operator_name", "contact_email")
        if not getattr(instance, name)
    ]
    if missing:
        yield warning(
            "service card", f"Visitors cannot learn who runs this: set {' and '.join(missing)}."
        )
    else:
        yield well("service card", f"Run by {instance.operator_name}.")


def testing(loaded: Loaded) -> Iterator[Finding]:
    if loaded.settings.testing.enabled:
        yield warning("testing", "The test mode is on: anyone who reaches this server is let in.")


def environment(_loaded: Loaded) -> Iterator[Finding]:
    version = sys.version.partition(" ")[0]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        yield warning("system", f"Python {version}; better not run as root.")
    else:
        yield well("system", f"Python {version}.")


CHECKS: tuple[Callable[[Loaded], Iterator[Finding]], ...] = (
    environment,
    settings_file,
    secrets,
    address,
    certificate,
    service_card,
    folders,
    database,
    public_log,
    disclosure,
    redis,
    mail,
    media,
    clock,
    testing,
)
