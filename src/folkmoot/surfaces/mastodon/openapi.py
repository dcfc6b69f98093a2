"""The API's own OpenAPI 3.1 document, made from the operations.

Every status that an operation answers with stands in it: successes as the operation names them,
refusals by the rules in `_refusals`. The tests hold each answer they get against the document.
"""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from folkmoot import __version__
from folkmoot.domain.oauth.model import SCOPES
from folkmoot.surfaces.mastodon.errors import Error
from folkmoot.surfaces.mastodon.operations import (
    APP,
    NO_AUTH,
    NOT_OFFERED,
    OPTIONAL,
    TWINS,
    Answer,
    Call,
    NoParams,
    Operation,
    PageParams,
    Router,
)
from folkmoot.surfaces.mastodon.schemas import Requests, Schema, answer_schemas, ref

router = Router("instance")

PATH_PARAM = re.compile(r"{(\w+)}")

_ABOUT = """\
What applications of members speak: the client API of Mastodon.

**Parameters** of a body may be sent as JSON, as a form or as multipart, nested after Rails' rules
(`poll[options][]=Yes`), or in the query. Numbers and booleans may be texts; `PUT` and `PATCH` are
the same; unknown parameters are ignored. **Ids** are texts of digits.

**Lists** come in pages: `Link` leads to the next and the previous one; follow it rather than
counting ids. **Limits**: `X-RateLimit-Remaining` of `X-RateLimit-Limit` requests are left until
`X-RateLimit-Reset`.

**Streaming**: the operations under `/api/v1/streaming/` are server-sent events; one WebSocket at
`/api/v1/streaming` carries all channels (`{"type": "subscribe", "stream": "user"}`).

Some operations of Mastodon exist only to say, with 404 and a sentence, that they are not offered;
they are marked as deprecated here."""

_SENTENCES = {
    400: "The request could not be understood",
    401: "The token is missing or not valid",
    403: "The token's scopes, or who it belongs to, do not allow this",
    404: "There is no such thing, or it is not for this reader",
    409: "Somebody else was faster, or something stands against it",
    422: "A parameter is missing or not valid",
    429: "Too many requests: wait until the time in `X-RateLimit-Reset`",
}
_SUCCESSES = {
    200: "Success",
    202: "Taken in, not yet processed",
    206: "Not yet processed",
    503: "Not ready",
}
_RATE_HEADERS = {
    "X-RateLimit-Limit": "How many requests the tightest limit allows in its time",
    "X-RateLimit-Remaining": "How many of them are left",
    "X-RateLimit-Reset": "When they are all there again (RFC 3339)",
}


def describe(
    operations: Sequence[Operation], *, base_url: str, contact: str = ""
) -> dict[str, Any]:
    """The document of these operations."""
    described = [*operations, *_twins(operations)]
    answers = [Error, *(kind for o in described for kind in _answers(o))]
    schemas, components = answer_schemas(answers)
    schema_of = {repr(kind): schema for kind, schema in zip(answers, schemas, strict=True)}
    requests = Requests(list(dict.fromkeys(o.params for o in described)))
    paths: dict[str, dict[str, Any]] = {}
    for operation in described:
        entry = _Entry(operation, requests, schema_of).build()
        paths.setdefault(operation.path, {})[operation.method.lower()] = entry
    licence = {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Folkmoot client API",
            "version": __version__,
            "description": _ABOUT,
            "license": licence,
            "termsOfService": f"{base_url}/terms",
            **({"contact": {"email": contact}} if contact else {}),
        },
        "servers": [{"url": base_url}],
        "tags": [{"name": tag} for tag in sorted({o.tag for o in operations})],
        "paths": paths,
        "components": {
            "schemas": components | requests.components,
            "responses": {_name(code): _refusal(code) for code in _SENTENCES},
            "headers": {
                name: {"description": text, "schema": {"type": "string"}}
                for name, text in {
                    **_RATE_HEADERS,
                    "Link": "Pages beside this one (RFC 8288): `next`, `prev`",
                }.items()
            },
            "securitySchemes": _security_schemes(base_url),
        },
    }


def _twins(operations: Sequence[Operation]) -> list[Operation]:
    """The operations that answer for others, because PUT and PATCH are the same."""
    there = {(o.method, o.path) for o in operations}
    return [
        msgspec.structs.replace(o, method=TWINS[o.method])
        for o in operations
        if o.method in TWINS and (TWINS[o.method], o.path) not in there
    ]


def _answers(operation: Operation) -> tuple[Any, ...]:
    returns = operation.returns
    return returns if isinstance(returns, tuple) else (returns,)


def _security_schemes(base_url: str) -> dict[str, Any]:
    token_url = f"{base_url}/oauth/token"
    every = {scope: f"The scope {scope}" for scope in SCOPES}
    return {
        "member": {
            "type": "oauth2",
            "description": "A member's token, as `Authorization: Bearer …`",
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": f"{base_url}/oauth/authorize",
                    "tokenUrl": token_url,
                    "scopes": every,
                }
            },
        },
        "application": {
            "type": "oauth2",
            "description": "An application's own token, or a member's",
            "flows": {"clientCredentials": {"tokenUrl": token_url, "scopes": every}},
        },
    }


def _name(code: int) -> str:
    return f"Refusal{code}"


def _refusal(code: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "description": _SENTENCES[code],
        "headers": _headers(*_RATE_HEADERS),
        "content": {"application/json": {"schema": ref("Error")}},
    }
    return made


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


class _Entry:
    """What the document says of one operation."""

    def __init__(
        self, operation: Operation, requests: Requests, schema_of: dict[str, Schema]
    ) -> None:
        self._operation = operation
        self._requests = requests
        self._schema_of = schema_of
        self._in_query = operation.method in ("GET", "DELETE")
        self._path_params = PATH_PARAM.findall(operation.path)

    def build(self) -> dict[str, Any]:
        operation = self._operation
        entry: dict[str, Any] = {
            "tags": [operation.tag],
            "operationId": _operation_id(operation),
            "summary": operation.summary,
        }
        if operation.details:
            entry["description"] = operation.details
        entry["parameters"] = self._parameters()
        if operation.params is not NoParams and not self._in_query:
            entry["requestBody"] = self._body()
        entry["responses"] = self._responses()
        if operation.auth != NO_AUTH:
            entry["security"] = self._security()
        if operation.scope == NOT_OFFERED:
            entry["deprecated"] = True
        return entry

    def _parameters(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in self._path_params
        ]
        found += [
            {"name": name, "in": "header", "description": text, "schema": {"type": "string"}}
            for name, text in self._operation.headers
        ]
        if self._in_query:
            found += self._requests.query(self._operation.params)
        return found

    def _body(self) -> dict[str, Any]:
        params = self._operation.params
        body: dict[str, Any] = {
            "content": {
                kind: {"schema": schema} for kind, schema in self._requests.bodies(params).items()
            }
        }
        if params.__doc__:
            body["description"] = " ".join(params.__doc__.split())
        if self._requests.needs_something(params):
            body["required"] = True
        return body

    def _responses(self) -> dict[str, Any]:
        operation = self._operation
        found: dict[str, Any] = {}
        if operation.scope != NOT_OFFERED:
            codes = sorted({operation.status, *operation.also})
            found = {str(code): self._success(code) for code in codes}
        for code in sorted(self._refusals()):
            found[str(code)] = {"$ref": f"#/components/responses/{_name(code)}"}
        return found

    def _success(self, code: int) -> dict[str, Any]:
        operation = self._operation
        schemas = [self._schema_of[repr(kind)] for kind in _answers(operation)]
        schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
        paged = issubclass(operation.params, PageParams)
        return {
            "description": _SUCCESSES[code],
            "headers": _headers(*_RATE_HEADERS, *(["Link"] if paged else [])),
            "content": {
                kind: {"schema": {"type": "string"} if kind.startswith("text/") else schema}
                for kind in operation.media
            },
        }

    def _refusals(self) -> set[int]:
        """How an operation may refuse: what cannot be read, a token of a closed account and too
        many requests always; the rest
        by what it needs and takes."""
        operation = self._operation
        found = {400, 403, 429, *operation.refuses}
        if operation.scope == NOT_OFFERED:
            found.add(404)
        if operation.auth != NO_AUTH:
            found.add(401)
        if self._path_params or (not self._in_query and self._requests.names_ids(operation.params)):
            found.add(404)
        if operation.params is not NoParams or self._path_params or operation.method != "GET":
            found.add(422)
        return found

    def _security(self) -> list[dict[str, list[str]]]:
        operation = self._operation
        scopes = operation.scope.split()
        name = "application" if operation.auth == APP else "member"
        needs = [{name: [scope]} for scope in scopes] or [{name: []}]
        return [*needs, {}] if operation.auth == OPTIONAL else needs


def _operation_id(operation: Operation) -> str:
    words = re.findall(r"\w+", operation.path.replace("-", "_"))
    return "_".join([operation.method.lower(), *words])


@router.get("/api/openapi.json", returns=dict[str, Any])
def openapi(call: Call) -> Answer:
    """This API's OpenAPI 3.1 document."""
    made: bytes | None = call.app.built.get("openapi")
    if made is None:
        contact = call.app.settings.instance.contact_email
        document = describe(call.app.operations, base_url=call.app.base_url, contact=contact)
        made = msgspec.json.encode(document)
        call.app.built.put("openapi", made)
    return Answer(made)
