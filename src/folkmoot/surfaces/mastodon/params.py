"""What clients send, in any of their encodings, as one struct.

Query, form, multipart and JSON are merged into nested dicts and lists, after Rails' rules for
names (`a[b]`, `a[]`, `a[0][b]`), then converted to the operation's msgspec struct.
"""

import re
import types
import typing
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

import msgspec

from folkmoot.kit.errors import Invalid
from folkmoot.kit.ids import MAX_ID, parse_id
from folkmoot.surfaces.mastodon.errors import BadRequest

P = TypeVar("P")

MAX_NAMES = 2_000
MAX_DEPTH = 6
_PART = re.compile(r"\[([^\]]*)\]")
_TRUE = frozenset({"true", "1", "t", "on", "yes", "TRUE", "True"})
_FALSE = frozenset({"false", "0", "f", "off", "no", "FALSE", "False"})


class ParameterInvalid(Invalid):
    """{name} is not valid: {why}"""


def parse_pairs(text: str) -> list[tuple[str, Any]]:
    """The pairs of a query string or form; BadRequest when there are too many or they are
    not UTF-8."""
    if not text:
        return []
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_NAMES)
    except ValueError as error:
        raise BadRequest("The parameters could not be read: send UTF-8 names and values") from error


def nest(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Nested values of flat names: `a[b][]=1` becomes `{"a": {"b": ["1"]}}`."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        head, bracket, _ = name.partition("[")
        if not bracket:
            tree[name] = value
            continue
        parts = [head, *_PART.findall(name)]
        if len(parts) > MAX_DEPTH:
            raise BadRequest(f"The parameter {name[:60]} is nested too deeply")
        _put(tree, parts, value)
    return tree


def _put(tree: dict[str, Any], parts: list[str], value: Any) -> None:
    here: Any = tree
    for part, after in zip(parts, [*parts[1:], None], strict=True):
        if after is None:
            _leaf(here, part, value)
            return
        here = _branch(here, part, after)


def _branch(here: Any, part: str, after: str) -> Any:
    """Steps into `part`, making it; `after` tells whether a list or a dict is wanted there."""
    if isinstance(here, list):
        # `a[][b]`: a new element begins when b is there already.
        if not here or not isinstance(here[-1], dict) or after in here[-1]:
            here.append({})
        return here[-1] if part == "" else _branch(here[-1], part, after)
    found = here.get(part)
    if not isinstance(found, list if after == "" else dict):
        found = here[part] = [] if after == "" else {}
    return found


def _leaf(here: Any, part: str, value: Any) -> None:
    if isinstance(here, list):
        if part == "":
            here.append(value)
            return
        if not here or not isinstance(here[-1], dict) or part in here[-1]:
            here.append({})
        here[-1][part] = value
    else:
        here[part] = value


def convert(tree: dict[str, Any], into: type[P]) -> P:
    """The struct; ParameterInvalid names what does not fit."""
    try:
        return msgspec.convert(_shape(tree, into), into, strict=False)
    except msgspec.ValidationError as error:
        why, _, where = str(error).partition(" - at `$.")
        name = where.rstrip("`") or "The request"
        raise ParameterInvalid(name=name, why=_in_words(why)) from error


_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "str": "a text",
    "array": "a list",
    "object": "an object with names and values",
    "Upload": "a file",
}


def _in_words(why: str) -> str:
    """What msgspec says is wrong, for whoever knows the API and not this program."""
    wanted = re.match(r"Expected `([^`]+)`", why)
    if wanted:
        kinds = [_KINDS.get(kind, kind) for kind in wanted[1].split(" | ") if kind != "null"]
        return f"it must be {' or '.join(kinds)}"
    missing = re.match(r"Object missing required field `([^`]+)`", why)
    return f"{missing[1]} is missing" if missing else why[:1].lower() + why[1:]


@cache
def _hints(into: type) -> dict[str, Any]:
    return get_type_hints(into)


def _shape(value: Any, kind: Any) -> Any:
    """Bends what forms cannot say (lists, absent numbers, booleans) towards the wanted type."""
    origin = get_origin(kind)
    if origin is typing.Annotated:
        return _shape(value, get_args(kind)[0])
    if origin in (typing.Union, types.UnionType):
        return _shape_union(value, get_args(kind))
    if origin in (list, tuple, frozenset, set):
        return _shape_list(value, get_args(kind)[0])
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _shape_struct(value, kind) if isinstance(value, dict) else value
    return _shape_single(value, kind)


def _shape_single(value: Any, kind: Any) -> Any:
    if value == "" and kind in (int, float, bool):
        return msgspec.UNSET
    if kind is str and isinstance(value, str) and "\0" in value:
        # No text has a use for it, and PostgreSQL refuses it.
        return value.replace("\0", "")
    if kind is int:
        return _bounded(value)
    if kind is bool and isinstance(value, str):
        return True if value in _TRUE else False if value in _FALSE else value
    return value


def _bounded(value: Any) -> Any:
    """A number that fits a column, or something that `convert` refuses."""
    if isinstance(value, str):
        return value if len(value) <= 18 or parse_id(value) else f"{value[:40]}…"
    if isinstance(value, int | float) and not -MAX_ID <= value <= MAX_ID:
        return "a number out of range"
    return value


def _shape_struct(value: dict[str, Any], kind: type[msgspec.Struct]) -> dict[str, Any]:
    hints = _hints(kind)
    shaped = {}
    names = zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True)
    for field, name in names:
        if name in value:
            inner = _shape(value[name], hints[field])
            if inner is not msgspec.UNSET:
                shaped[name] = inner
    return shaped


def _shape_union(value: Any, kinds: tuple[Any, ...]) -> Any:
    kinds = tuple(k for k in kinds if k is not msgspec.UnsetType)
    if value == "" and str not in kinds:
        return None if types.NoneType in kinds else msgspec.UNSET
    wanted = [k for k in kinds if k is not types.NoneType]
    return _shape(value, wanted[0]) if len(wanted) == 1 and value is not None else value


def _shape_list(value: Any, kind: Any) -> Any:
    if isinstance(value, dict):
        value = list(value.values())
    elif value is None or value == "":
        return []
    elif not isinstance(value, list):
        value = [value]
    return [_shape(each, kind) for each in value]
