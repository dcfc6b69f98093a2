"""Reads the settings: defaults, then one TOML file, then environment variables.

Remembers where each value came from, and reports everything that is wrong at once, naming the
key, the source, what was found and what is expected.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

import msgspec

from folkmoot.kit.settings import Rate, Section, Settings
from folkmoot.kit.settings_rules import Problem, contradictions

FILE_NAME = "folkmoot.toml"
_PREFIX = "FOLKMOOT_"
_TABLE = re.compile(r"\s*\[\s*([A-Za-z0-9_.-]+)\s*\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+(?:\s*\.\s*[A-Za-z0-9_-]+)*)\s*=")


class SettingsWrong(Exception):
    """The settings cannot be used."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Known(NamedTuple):
    """One key there is: its section, name, type with bounds, default and description."""

    section: str
    name: str
    type: Any
    default: Any
    meta: msgspec.Meta

    @property
    def key(self) -> str:
        return f"{self.section}.{self.name}"

    @property
    def variable(self) -> str:
        return f"{_PREFIX}{self.section.upper()}__{self.name.upper()}"

    @property
    def secret(self) -> bool:
        return bool((self.meta.extra or {}).get("secret"))


class Loaded(NamedTuple):
    """The settings, the file they were read from, and for each key that is not a default its
    origin: `folkmoot.toml, line 4` or an environment variable's name."""

    settings: Settings
    file: Path | None
    origins: dict[str, str]

    def origin(self, key: str) -> str:
        return self.origins.get(key, "default")


@cache
def known_sections() -> dict[str, type[Section]]:
    """Section types by name, in the order of the reference."""
    return get_type_hints(Settings)


@cache
def known_keys() -> dict[str, Known]:
    """Every key there is, by its dotted name."""
    found = {}
    for section, kind in known_sections().items():
        for field in msgspec.structs.fields(kind):
            meta = next(m for m in get_args(field.type)[1:] if isinstance(m, msgspec.Meta))
            known = Known(section, field.name, field.type, field.default, meta)
            found[known.key] = known
    return found


def find_file(environ: Mapping[str, str], given: Path | None = None) -> Path | None:
    """The settings file: as given, else $FOLKMOOT_CONFIG, ./folkmoot.toml, or the user's own."""
    named = given or (Path(chosen) if (chosen := environ.get("FOLKMOOT_CONFIG")) else None)
    if named is not None:
        return named.absolute()
    home = environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    for candidate in (Path(FILE_NAME), Path(home) / "folkmoot" / FILE_NAME):
        if candidate.is_file():
            return candidate.absolute()
    return None


def load(given: Path | None = None, environ: Mapping[str, str] | None = None) -> Loaded:
    """Reads the settings. Relative paths count from the file's folder.

    Raises SettingsWrong with everything that is wrong.
    """
    variables = os.environ if environ is None else environ
    file = find_file(variables, given)
    problems: list[Problem] = []
    raw = _from_file(file, problems) if file else {}
    raw |= _from_environment(variables, problems)
    values, origins = _decode(raw, file.parent if file else Path.cwd(), problems)
    if problems:
        raise SettingsWrong(problems)
    sections: dict[str, Any] = {
        name: kind(**values[name]) for name, kind in known_sections().items()
    }
    loaded = Settings(**sections)
    problems = [
        problem._replace(source=origins.get(problem.key, "default"))
        for problem in contradictions(loaded, variables)
    ]
    if problems:
        raise SettingsWrong(problems)
    return Loaded(loaded, file, origins)


class _Raw(NamedTuple):
    """A value as found, before decoding. `text`: it came as text, from the environment."""

    value: Any
    origin: str
    text: bool


def _from_file(file: Path, problems: list[Problem]) -> dict[str, _Raw]:
    try:
        text = file.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except OSError as error:
        problems.append(Problem("", str(file), error.strerror or "unreadable", "a readable file"))
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(Problem("", str(file), str(error), "a valid TOML file in UTF-8"))
        return {}
    lines = dict(_key_lines(text))
    found: dict[str, _Raw] = {}
    for key, value in _flatten(tables):
        line = lines.get(key)
        origin = f"{file.name}, line {line}" if line else file.name
        _accept(key, _Raw(value, origin, text=False), found, problems)
    return found


def _flatten(tables: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for section, table in tables.items():
        if not isinstance(table, dict):
            yield section, table
            continue
        for name, value in table.items():
            yield f"{section}.{name}", value


def _key_lines(text: str) -> Iterator[tuple[str, int]]:
    """Where each key stands. Lines inside multi-line strings are passed over."""
    table, inside = "", ""
    for number, line in enumerate(text.splitlines(), 1):
        if not inside:
            if match := _TABLE.match(line):
                table = match[1] + "."
            elif match := _KEY.match(line):
                yield table + re.sub(r"\s", "", match[1]), number
        for quotes in ('"""', "'''"):
            if inside in ("", quotes) and line.count(quotes) % 2:
                inside = "" if inside else quotes


def _from_environment(environ: Mapping[str, str], problems: list[Problem]) -> dict[str, _Raw]:
    found: dict[str, _Raw] = {}
    sections = tuple(f"{_PREFIX}{name.upper()}_" for name in known_sections())
    for variable, value in sorted(environ.items()):
        if not variable.startswith(_PREFIX):
            continue
        section, separator, name = variable.removeprefix(_PREFIX).partition("__")
        if separator:
            key = f"{section.lower()}.{name.lower()}"
            _accept(key, _Raw(value, f"${variable}", text=True), found, problems)
        elif variable.startswith(sections) and not variable.startswith(f"{_PREFIX}TESTING"):
            likely = difflib.get_close_matches(
                variable, [k.variable for k in known_keys().values()]
            )
            expected = (
                f"perhaps {likely[0]}" if likely else "two underscores between section and key"
            )
            problems.append(Problem(variable, "environment", "no such variable", expected))
    return found


def _accept(key: str, raw: _Raw, found: dict[str, _Raw], problems: list[Problem]) -> None:
    """Takes a key that is known; of others, says which one may have been meant."""
    known = known_keys()
    if key in known:
        found[key] = raw
        return
    if key in known_sections():
        problems.append(Problem(key, raw.origin, "a value", f"a table, written [{key}]"))
        return
    likely = difflib.get_close_matches(key, known, n=1)
    if not likely:
        likely = [name for name in known if name.partition(".")[2] == key.rpartition(".")[2]][:1]
    expected = f"perhaps {likely[0]}" if likely else "one of those in docs/operating.md"
    problems.append(Problem(key, raw.origin, "an unknown key", expected))


def _decode(
    raw: dict[str, _Raw], home: Path, problems: list[Problem]
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    values: dict[str, dict[str, Any]] = {}
    origins: dict[str, str] = {}
    for known in known_keys().values():
        taken = raw.get(known.key)
        try:
            value = known.default if taken is None else _convert(known, taken)
        except (msgspec.ValidationError, ValueError):
            assert taken is not None
            shown = "(hidden)" if known.secret else repr(taken.value)
            problems.append(Problem(known.key, taken.origin, shown, expectation(known.type)))
            continue
        values.setdefault(known.section, {})[known.name] = _anchored(known, value, home)
        if taken is not None:
            origins[known.key] = taken.origin
    return values, origins


def _convert(known: Known, raw: _Raw) -> Any:
    value = raw.value
    if raw.text and get_origin(_bare(known.type)) is tuple:
        value = [part.strip() for part in value.split(",") if part.strip()]
    return msgspec.convert(value, known.type, strict=not raw.text, dec_hook=_decode_own)


def _decode_own(kind: type, value: Any) -> Any:
    if isinstance(value, str) and kind in (Rate, Path):
        return kind(value)
    raise ValueError(value)


def _anchored(known: Known, value: Any, home: Path) -> Any:
    """Paths that are relative count from the settings file's folder, wherever one starts from."""
    if isinstance(value, Path):
        return home / value.expanduser()
    if known.key in ("server.tls_cert", "server.tls_key") and value:
        return str(home / Path(value).expanduser())
    if known.key == "database.url" and value.startswith("sqlite:///"):
        return f"sqlite:///{home / Path(value.removeprefix('sqlite:///')).expanduser()}"
    return value


def _bare(kind: Any) -> Any:
    return get_args(kind)[0]


_NOUNS: dict[Any, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    Path: "a path",
    Rate: "a rate such as 300/5min",
}


def expectation(kind: Any) -> str:
    """A sentence's half that says what a key takes: `a whole number from 1 to 65535`."""
    bare, meta = _bare(kind), get_args(kind)[1]
    if get_origin(bare) is Literal:
        return "one of " + ", ".join(get_args(bare))
    if get_origin(bare) is tuple:
        return "a list of texts" + (", not empty" if meta.min_length else "")
    noun = _NOUNS[bare]
    low, high = meta.ge, meta.le
    if low is not None and high is not None:
        return f"{noun} from {low} to {high}"
    if low is not None:
        return f"{noun} of at least {low}"
    if meta.gt is not None:
        return f"{noun} above {meta.gt}" + (f" and at most {high}" if high is not None else "")
    if meta.max_length is not None:
        return f"{noun} of at most {meta.max_length} characters"
    return noun + (", not empty" if meta.min_length else "")


def shown(known: Known, value: Any) -> str:
    """A value for people: secrets masked, of addresses only their password."""
    if known.secret and value:
        if "://" in value:
            return _without_password(value)
        return "••••••"
    if isinstance(value, tuple):
        return ", ".join(value) or "(none)"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if value != "" else "(not set)"


def _without_password(url: str) -> str:
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":••••••@") if password else url


def write_file(file: Path, values: Mapping[str, Mapping[str, Any]], opening: str = "") -> None:
    """Writes a new settings file that only its owner may read. Never overwrites one."""
    known = known_keys()
    parts = [f"# {line}".rstrip() for line in opening.splitlines()]
    for section, entries in values.items():
        parts += ["", f"[{section}]"]
        for name, value in entries.items():
            assert f"{section}.{name}" in known, name
            parts.append(f"{name} = {_toml(value)}")
    text = "\n".join(parts).lstrip("\n") + "\n"
    tomllib.loads(text)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)


def _toml(value: Any) -> str:
    # JSON's strings, numbers, booleans and arrays are TOML's, too, but for DEL, which TOML
    # wants escaped.
    plain = str(value) if isinstance(value, (Path, Rate)) else value
    return msgspec.json.encode(plain).decode().replace("\x7f", "\\u007F")
