"""Holds every answer of the API to its OpenAPI document: the status, the type, the fields."""

import copy
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
import jsonschema_rs
import msgspec

from folkmoot import wiring
from folkmoot.surfaces.mastodon.openapi import describe


@cache
def document() -> dict[str, Any]:
    """The document as it is served."""
    made = describe(wiring.operations(), base_url="http://127.0.0.1:8080")
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(made))
    return found


def check(response: httpx.Response) -> None:
    """Fails when an operation answers by what the document does not say of it."""
    request = response.request
    found = _operation(request.method, request.url.path.rstrip("/"))
    if found is None or response.status_code == 405:
        return
    where = f"{request.method} {request.url.path}: {response.status_code}"
    told = document()["paths"][found][request.method.lower()]["responses"]
    assert str(response.status_code) in told, f"{where} is not documented: {response.text[:300]}"
    wrong = describe_mismatch(found, request.method.lower(), response)
    assert not wrong, f"{where} {wrong}"


def describe_mismatch(path: str, method: str, response: httpx.Response) -> str:
    """What of an answer the document does not know."""
    kind = response.headers.get("content-type", "").partition(";")[0]
    content = _response(path, method, str(response.status_code))["content"]
    if kind not in content:
        return f"is {kind}, not {list(content)}"
    if not kind.endswith("json"):
        return ""
    validator = _validator(path, method, str(response.status_code), kind)
    return "; ".join(
        f"{'/'.join(map(str, error.instance_path))}: {error.message[:300]}"
        for error in validator.iter_errors(msgspec.json.decode(response.content))
    )


def entities(response: httpx.Response) -> Iterator[tuple[str, Any]]:
    """Every entity in an answer with its name, outer ones first."""
    method = response.request.method
    path = _operation(method, response.request.url.path)
    kind = response.headers["content-type"].partition(";")[0]
    if path is None or not kind.endswith("json"):
        return
    told = _response(path, method.lower(), str(response.status_code))
    yield from _walk(told["content"][kind]["schema"], msgspec.json.decode(response.content))


def _walk(schema: dict[str, Any], value: Any) -> Iterator[tuple[str, Any]]:
    if value is None:
        return
    if "anyOf" in schema:
        yield from _walk(next(s for s in schema["anyOf"] if _fits(s, value)), value)
    elif "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if isinstance(value, dict):
            yield name, value
        yield from _walk(document()["components"]["schemas"][name], value)
    elif isinstance(value, list):
        for each in value:
            yield from _walk(schema.get("items", {}), each)
    elif isinstance(value, dict):
        for name, inner in value.items():
            found = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
            if isinstance(found, dict):
                yield from _walk(found, inner)


def _fits(schema: dict[str, Any], value: Any) -> bool:
    whole = {**_closed(schema), "components": _components()}
    return bool(jsonschema_rs.is_valid(whole, value))


def _response(path: str, method: str, status: str) -> dict[str, Any]:
    found: dict[str, Any] = document()["paths"][path][method]["responses"][status]
    name = found.get("$ref", "").rpartition("/")[2]
    return document()["components"]["responses"][name] if name else found


@cache
def _validator(path: str, method: str, status: str, kind: str) -> Any:
    schema = _response(path, method, status)["content"][kind]["schema"]
    whole = {**_closed(schema), "components": _components()}
    return jsonschema_rs.validator_for(whole, validate_formats=True)


@cache
def _components() -> dict[str, Any]:
    schemas = {n: _closed(s) for n, s in document()["components"]["schemas"].items()}
    return {"schemas": schemas}


def _closed(schema: Any) -> Any:
    """The schema without room for what it does not name."""
    made = copy.deepcopy(schema)
    if made.get("properties") and "additionalProperties" not in made:
        made["additionalProperties"] = False
    return made


@cache
def _patterns() -> list[tuple[re.Pattern[str], str, frozenset[str]]]:
    found = []
    for path, methods in document()["paths"].items():
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
        found.append((re.compile(pattern), path, frozenset(methods)))
    # Fixed parts go before variable ones, as in the router.
    return sorted(found, key=lambda entry: entry[1].count("{"))


def _operation(method: str, path: str) -> str | None:
    for pattern, template, methods in _patterns():
        if pattern.fullmatch(path):
            return template if method.lower() in methods else None
    return None
