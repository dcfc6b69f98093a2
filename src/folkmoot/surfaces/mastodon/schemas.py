"""JSON schemas of what operations take and answer, made from their structs by msgspec and bent to
what a request can say: nested names in forms, files in multipart, lists in a query.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from folkmoot.surfaces.mastodon.operations import ID_KEY, NEEDED_KEY, Upload

Schema = dict[str, Any]

_REF = "#/components/schemas/{name}"
_BINARY: Schema = {"type": "string", "format": "binary"}
_NULL: Schema = {"type": "null"}
_ID: Schema = {"type": ["string", "integer"], "pattern": "^[0-9]{1,19}$"}
# Names that end like those of moments although they hold days.
_DAYS = frozenset({"last_status_at"})


def ref(name: str) -> Schema:
    """A reference to a component."""
    return {"$ref": _REF.format(name=name)}


def answer_schemas(kinds: Sequence[Any]) -> tuple[list[Schema], dict[str, Schema]]:
    """A schema for each kind of answer, and the components they name.

    What an answer always holds is required, also where the struct has a default for it.
    """
    schemas, made = msgspec.json.schema_components(kinds, ref_template=_REF)
    components = {name: _bent(schema) for name, schema in made.items()}
    for found in _structs(msgspec.inspect.multi_type_info(kinds)):
        struct = found.cls
        name = struct.__name__
        if name in components and not struct.__struct_config__.omit_defaults:
            components[name]["required"] = [
                field.encode_name for field in found.fields if not _may_be_absent(field)
            ]
    return list(schemas), components


def _may_be_absent(field: msgspec.inspect.Field) -> bool:
    return not field.required and field.default is field.default_factory is msgspec.NODEFAULT


def _structs(infos: Sequence[Any]) -> Iterator[msgspec.inspect.StructType]:
    """Every struct that is reachable from the types, each once."""
    seen: set[type] = set()
    left = list(infos)
    while left:
        info = left.pop()
        if isinstance(info, msgspec.inspect.StructType):
            if info.cls in seen:
                continue
            seen.add(info.cls)
            yield info
            left += [field.type for field in info.fields]
        elif isinstance(info, msgspec.inspect.UnionType):
            left += info.types
        else:
            names = ("item_type", "key_type", "value_type", "type")
            left += [inner for name in names if (inner := getattr(info, name, None)) is not None]


class Requests:
    """What operations take, as the parts of a request that can carry it."""

    def __init__(self, kinds: Sequence[type]) -> None:
        schemas, components = msgspec.json.schema_components(kinds, ref_template=_REF)
        self._components = {name: _bent(_whole(schema)) for name, schema in components.items()}
        self._by_kind = dict(zip(kinds, schemas, strict=True))

    def query(self, kind: type) -> list[Schema]:
        """Parameters of a query string."""
        top = self._top(kind)
        needed = top.get("required", [])
        found = []
        for name, schema in self._flat("", top, files=False):
            entry: Schema = {"name": name, "in": "query", "schema": schema}
            if name.removesuffix("[]") in needed:
                entry["required"] = True
            found.append(entry)
        return found

    def bodies(self, kind: type) -> dict[str, Schema]:
        """Schemas of a body by media type."""
        top = self._top(kind)
        made = {
            "application/json": self._json(top),
            "application/x-www-form-urlencoded": self._form(top, files=False),
            "multipart/form-data": self._form(top, files=True),
        }
        needed = len(top.get("required", []))
        # What only multipart can carry makes it the only way.
        return {
            kind: schema
            for kind, schema in made.items()
            if len(schema.get("required", [])) == needed or kind == "multipart/form-data"
        }

    def needs_something(self, kind: type) -> bool:
        """Whether a request without parameters cannot succeed."""
        return bool(self._top(kind).get("required"))

    def names_ids(self, kind: type) -> bool:
        """Whether parameters, at any depth, are ids of something."""
        left: list[Any] = [self._top(kind)]
        seen: set[str] = set()
        while left:
            value = left.pop()
            if isinstance(value, list):
                left += value
            elif isinstance(value, dict):
                if value.get("pattern") == _ID["pattern"]:
                    return True
                for name in set(_refs(value)) - seen:
                    seen.add(name)
                    left.append(self._components[name])
                left += value.values()
        return False

    @property
    def components(self) -> dict[str, Schema]:
        """What the schemas of JSON bodies name, and what those name."""
        found: dict[str, Schema] = {}
        left = [name for kind in self._by_kind for name in _refs(self._json(self._top(kind)))]
        while left:
            name = left.pop()
            if name not in found:
                component = self._components[name]
                has_fields = "properties" in component
                found[name] = component | self._json(component) if has_fields else component
                left += _refs(found[name])
        return found

    def _top(self, kind: type) -> Schema:
        return self._resolved(self._by_kind[kind])

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self._components[schema["$ref"].rpartition("/")[2]]
        return schema

    def _json(self, top: Schema) -> Schema:
        """The schema without what JSON cannot carry."""
        properties = {}
        for name, schema in top.get("properties", {}).items():
            left = [s for s in _choices(schema) if not _is_upload(s)]
            if [s for s in left if s != _NULL]:
                properties[name] = _joined(schema, left)
        needed = [name for name in top.get("required", []) if name in properties]
        return {"type": "object", "properties": properties} | _required(needed)

    def _form(self, top: Schema, *, files: bool) -> Schema:
        """The names of a form after Rails' rules: `a[b]`, `a[]`, `a[][b]`."""
        properties: dict[str, Schema] = {}
        patterns: dict[str, Schema] = {}
        for name, schema in self._flat("", top, files=files):
            (patterns if name.endswith("[*]") else properties)[name] = schema
        needed = [n for n in properties if n.removesuffix("[]") in top.get("required", [])]
        made: Schema = {"type": "object", "properties": properties} | _required(needed)
        if patterns:
            made["patternProperties"] = {
                rf"^{_literal(name.removesuffix('[*]'))}\[[a-z_.]+\]$": schema
                for name, schema in patterns.items()
            }
        return made

    def _flat(self, name: str, schema: Schema, *, files: bool) -> Iterator[tuple[str, Schema]]:
        choices = [s for s in _choices(schema) if s != _NULL]
        uploads = [s for s in choices if _is_upload(s)]
        if uploads:
            plain = [s for s in choices if s not in uploads]
            carried = [_BINARY, *plain] if files else plain
            if carried:
                yield name, _joined(schema, carried)
            return
        whole = [self._resolved(s) for s in choices]
        objects = [s for s in whole if s.get("type") == "object"]
        lists = [s for s in whole if s.get("type") == "array"]
        plain = [s for s in whole if s not in objects and s not in lists]
        if plain:
            yield name, _joined(schema, plain)
        elif objects:
            yield from self._flat_object(name, objects[0], files=files)
        else:
            yield from self._flat_list(name, lists[0], files=files)

    def _flat_object(
        self, name: str, schema: Schema, *, files: bool
    ) -> Iterator[tuple[str, Schema]]:
        for key, inner in schema.get("properties", {}).items():
            yield from self._flat(f"{name}[{key}]" if name else key, inner, files=files)
        if isinstance(schema.get("additionalProperties"), dict):
            yield f"{name}[*]", schema["additionalProperties"]

    def _flat_list(self, name: str, schema: Schema, *, files: bool) -> Iterator[tuple[str, Schema]]:
        items = self._resolved(schema.get("items", {}))
        if items.get("type") != "object":
            yield f"{name}[]", {"type": "array", "items": items}
            return
        for key, inner in self._flat_object("", items, files=files):
            yield f"{name}[][{key}]", {"type": "array", "items": inner}


def _literal(name: str) -> str:
    """A name in a regular expression of ECMA 262."""
    return name.replace("[", "\\[").replace("]", "\\]")


def _whole(schema: Schema) -> Schema:
    """A component as a request knows it: what the domain needs is required."""
    properties = schema.get("properties", {})
    needed = [*schema.get("required", []), *(n for n, s in properties.items() if NEEDED_KEY in s)]
    kept = {key: value for key, value in schema.items() if key != "required"}
    return kept | _required(needed)


def _bent(value: Any) -> Any:
    """A schema of msgspec without our marks and without defaults that say nothing."""
    if isinstance(value, list):
        return [_bent(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    told = {key: _bent(inner) for key, inner in value.items() if key not in (NEEDED_KEY, ID_KEY)}
    if ID_KEY in value:
        told |= _ID
    if "default" in told and (not told["default"] or NEEDED_KEY in value):
        del told["default"]
    if isinstance(told.get("description"), str):
        told["description"] = " ".join(told["description"].split())
    if "properties" in told:
        told["properties"] = {n: _timed(n, s) for n, s in told["properties"].items()}
    return told


def _timed(name: str, schema: Schema) -> Schema:
    """A property with the format of a moment where its name says that it is one."""
    if not name.endswith("_at"):
        return schema
    if "anyOf" in schema:
        return schema | {"anyOf": [_timed(name, choice) for choice in schema["anyOf"]]}
    kind = "date" if name in _DAYS else "date-time"
    return schema | {"format": kind} if schema.get("type") == "string" else schema


def _required(names: list[str]) -> Schema:
    return {"required": names} if names else {}


def _choices(schema: Schema) -> list[Schema]:
    found: list[Schema] = schema.get("anyOf", [schema])
    return found


def _joined(schema: Schema, choices: list[Schema]) -> Schema:
    """One schema of several, with what is said about all of them."""
    told = {key: value for key, value in schema.items() if key in ("description", "default")}
    return told | (choices[0] if len(choices) == 1 else {"anyOf": choices})


def _is_upload(schema: Schema) -> bool:
    name: str = schema.get("$ref", "").rpartition("/")[2]
    return name == Upload.__name__


def _refs(value: Any) -> list[str]:
    """The components that a schema names itself."""
    if isinstance(value, dict):
        here = [value["$ref"].rpartition("/")[2]] if isinstance(value.get("$ref"), str) else []
        return here + [name for inner in value.values() for name in _refs(inner)]
    if isinstance(value, list):
        return [name for inner in value for name in _refs(inner)]
    return []
