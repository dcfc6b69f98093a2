"""The API's own OpenAPI 3.1 document and its reference page, both made from the operations."""

import inspect
import re
from collections.abc import Sequence
from typing import Any

import msgspec

from folkmoot import __version__
from folkmoot.surfaces.mastodon.documented import DOCUMENTED
from folkmoot.surfaces.mastodon.errors import Error
from folkmoot.surfaces.mastodon.operations import (
    APP,
    NO_AUTH,
    NOT_OFFERED,
    OPTIONAL,
    Answer,
    NoParams,
    Operation,
    Router,
)

router = Router("instance")

_REF = "#/components/schemas/{name}"
_PATH_PARAM = re.compile(r"{(\w+)}")
_BODY_TYPES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")


def describe(operations: Sequence[Operation], *, base_url: str) -> dict[str, Any]:
    """The document of these operations."""
    kinds: list[Any] = [Error]
    for operation in operations:
        kinds += [operation.params, operation.returns]
    described, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    schema_of = dict(zip(map(repr, kinds), described, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        params = _resolve(schema_of[repr(operation.params)], components)
        entry = _describe_one(operation, params, schema_of[repr(operation.returns)])
        paths.setdefault(operation.path, {})[operation.method.lower()] = entry
    return {
        "openapi": "3.1.0",
        "info": {"title": "Folkmoot client API", "version": __version__},
        "servers": [{"url": base_url}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _resolve(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return dict(components[name]) if name else schema


def _describe_one(
    operation: Operation, params: dict[str, Any], returns: dict[str, Any]
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "tags": [operation.tag],
        "operationId": f"{operation.method.lower()} {operation.path}",
        "summary": operation.summary,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in _PATH_PARAM.findall(operation.path)
        ],
        "responses": {
            **_success(operation, returns),
            "4XX": _response("What is wrong, as a sentence", {"$ref": _REF.format(name="Error")}),
        },
    }
    if operation.auth != NO_AUTH:
        entry["security"] = [{"token": []}, *([{}] if operation.auth == OPTIONAL else [])]
    if operation.params is not NoParams:
        _add_params(entry, operation, params)
    return entry


def _success(operation: Operation, returns: dict[str, Any]) -> dict[str, Any]:
    if operation.scope == NOT_OFFERED:
        return {}
    codes = {operation.status, *operation.also}
    return {str(code): _response("Success", returns, operation.media) for code in sorted(codes)}


def _response(
    description: str, schema: dict[str, Any], media: Sequence[str] = ("application/json",)
) -> dict[str, Any]:
    return {"description": description, "content": {kind: {"schema": schema} for kind in media}}


def _add_params(entry: dict[str, Any], operation: Operation, params: dict[str, Any]) -> None:
    if operation.method in ("GET", "DELETE"):
        required = params.get("required", [])
        for name, schema in params.get("properties", {}).items():
            many = schema.get("type") == "array"
            entry["parameters"].append(
                {
                    "name": f"{name}[]" if many else name,
                    "in": "query",
                    "required": name in required,
                    "schema": schema,
                }
            )
        return
    entry["requestBody"] = {
        "required": bool(params.get("required")),
        "content": {kind: {"schema": params} for kind in _BODY_TYPES},
    }


# Documented operations that are pages for people; the web surface serves them.
_PAGES = {("GET", "/oauth/authorize"): "a browser, where a member lets an application in"}


def write_reference(operations: Sequence[Operation]) -> str:
    """`docs/client-api.md`: which documented operations work, which are not offered, and ours."""
    ours = {_key(o.method, o.path): o for o in operations}
    for operation in list(ours.values()):
        twin = {"PUT": "PATCH", "PATCH": "PUT"}.get(operation.method)
        if twin:
            ours.setdefault(_key(twin, operation.path), operation)
    lines: dict[str, list[str]] = {"works": [], "not": []}
    documented = set()
    for entry in DOCUMENTED:
        method, _, path = entry.partition(" ")
        key = _key(method, path)
        documented.add(key)
        found = ours.get(key)
        if key in _PAGES:
            lines["works"].append(f"| `{method}` | `{path}` | {_PAGES[key]} |")
        elif found is None or found.scope == NOT_OFFERED:
            lines["not"].append(f"| `{method}` | `{path}` | {_why_not(found)} |")
        else:
            lines["works"].append(f"| `{method}` | `{path}` | {_needs(found)} |")
    extra = [
        f"| `{o.method}` | `{o.path}` | {_needs(o)} |"
        for o in operations
        if _key(o.method, o.path) not in documented and o.scope != NOT_OFFERED
    ]
    return _PAGE.format(
        count=len(DOCUMENTED),
        works=len(lines["works"]),
        missing=len(lines["not"]),
        works_rows="\n".join(lines["works"]),
        not_rows="\n".join(lines["not"]),
        extra_rows="\n".join(extra),
    )


_PAGE = """# The client API

Generated from the routes by `scripts/write-client-api`; a test holds it current. The OpenAPI
document, with schemas of requests and answers, is served at `/api/openapi.json`.

Of the {count} operations that Mastodon documents for clients, {works} work and {missing} are not
offered.

## Work

| | path | needs |
|---|---|---|
{works_rows}

## Not offered

They answer 404 with a sentence.

| | path | why |
|---|---|---|
{not_rows}

## Beside the documented ones

| | path | needs |
|---|---|---|
{extra_rows}
"""


def _key(method: str, path: str) -> tuple[str, str]:
    return method, _PATH_PARAM.sub("{}", path)


def _needs(operation: Operation) -> str:
    if operation.scope:
        either = " or ".join(f"`{scope}`" for scope in operation.scope.split())
        return f"{either}{' (optional)' if operation.auth == OPTIONAL else ''}"
    return {NO_AUTH: "nothing", OPTIONAL: "a token is optional", APP: "an application's token"}.get(
        operation.auth, "a member's token"
    )


def _why_not(operation: Operation | None) -> str:
    if operation is None:
        return "unknown to this server"
    return (inspect.getdoc(operation.function) or "").splitlines()[0]


@router.get("/api/openapi.json", returns=dict[str, Any])
def openapi(call: Any) -> Answer:
    """This API's OpenAPI 3.1 document."""
    return Answer(describe(call.app.operations, base_url=call.app.base_url))
