"""The OpenAPI document is valid, says everything of every route, and is what is served."""

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

import answers
from conftest import Client, Member
from folkmoot import wiring
from folkmoot.domain.oauth.model import SCOPES
from folkmoot.surfaces.mastodon.operations import NOT_OFFERED, Operation

OPERATIONS = wiring.operations()


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return answers.document()


def entry(document: dict[str, Any], operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"][operation.path][operation.method.lower()]
    return found


def test_it_is_a_valid_document(document: dict[str, Any]) -> None:
    assert [str(error)[:500] for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_it_is_what_is_served(visitor: Client, document: dict[str, Any]) -> None:
    served = visitor.get("/api/openapi.json")
    assert served.json() == document
    assert visitor.get("/api/openapi.json").content == served.content


def test_every_operation_stands_in_it(document: dict[str, Any]) -> None:
    for operation in OPERATIONS:
        told = entry(document, operation)
        assert told["summary"], operation.path
        assert (told.get("deprecated") is True) == (operation.scope == NOT_OFFERED)
        if operation.scope != NOT_OFFERED:
            assert str(operation.status) in told["responses"]


def test_put_and_patch_are_the_same(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        assert ("put" in methods) == ("patch" in methods), path


def test_names_are_simple_and_used(document: dict[str, Any]) -> None:
    used = {name.rpartition("/")[2] for name in references(document)}
    for name in document["components"]["schemas"]:
        assert name.isalnum(), f"give {name} a name of its own"
        assert name in used, f"nothing names {name}"


def references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [found for inner in value for found in references(inner)]
    if not isinstance(value, dict):
        return []
    here = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
    return here + [found for inner in value.values() for found in references(inner)]


def test_marks_of_ours_do_not_leak(visitor: Client) -> None:
    text = visitor.get("/api/openapi.json").text
    assert '"x-id"' not in text
    assert '"x-needed"' not in text


def test_scopes_are_those_that_exist(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    assert set(schemes["member"]["flows"]["authorizationCode"]["scopes"]) == set(SCOPES)
    for operation in OPERATIONS:
        for need in entry(document, operation).get("security", []):
            for scopes in need.values():
                assert set(scopes) <= set(SCOPES)


def test_what_needs_a_token_says_so(document: dict[str, Any]) -> None:
    either = entry(document, _operation("GET", "/api/v1/blocks"))["security"]
    assert either == [{"member": ["read:blocks"]}, {"member": ["follow"]}]
    optional = entry(document, _operation("GET", "/api/v1/timelines/public"))["security"]
    assert optional == [{"member": []}, {}]
    application = entry(document, _operation("POST", "/api/v1/accounts"))["security"]
    assert application == [{"application": ["write:accounts"]}]
    assert "security" not in entry(document, _operation("GET", "/api/v2/instance"))


def _operation(method: str, path: str) -> Operation:
    return next(o for o in OPERATIONS if (o.method, o.path) == (method, path))


def test_forms_name_what_is_nested(document: dict[str, Any]) -> None:
    content = entry(document, _operation("POST", "/api/v1/statuses"))["requestBody"]["content"]
    form = content["application/x-www-form-urlencoded"]["schema"]["properties"]
    assert form["poll[options][]"] == {"type": "array", "items": {"type": "string"}}
    assert form["media_ids[]"]["items"]["type"] == ["string", "integer"]
    body = content["application/json"]["schema"]["properties"]
    assert body["poll"]["anyOf"][0] == {"$ref": "#/components/schemas/PollParams"}


def test_files_are_multipart(document: dict[str, Any]) -> None:
    upload = entry(document, _operation("POST", "/api/v2/media"))
    assert set(upload["requestBody"]["content"]) == {"multipart/form-data"}
    schema = upload["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert schema["required"] == ["file"]
    assert schema["properties"]["file"] == {"type": "string", "format": "binary"}
    assert set(upload["responses"]) >= {"200", "202", "401", "422"}
    profile = entry(document, _operation("PATCH", "/api/v1/profile"))["requestBody"]["content"]
    as_json = profile["application/json"]["schema"]["properties"]["avatar"]
    assert as_json == {"anyOf": [{"type": "string"}, {"type": "null"}]}


def test_what_is_needed_is_required(document: dict[str, Any]) -> None:
    app = entry(document, _operation("POST", "/api/v1/apps"))["requestBody"]
    assert app["required"] is True
    assert app["content"]["application/json"]["schema"]["required"] == [
        "client_name",
        "redirect_uris",
    ]
    search = entry(document, _operation("GET", "/api/v2/search"))["parameters"]
    assert [p["name"] for p in search if p.get("required")] == ["q"]


def test_what_an_id_names_may_be_missing(ada: Member, document: dict[str, Any]) -> None:
    for method, path in (("POST", "/api/v2/filters"), ("POST", "/api/v1/reports")):
        assert "404" in entry(document, _operation(method, path))["responses"]
    assert "404" not in entry(document, _operation("POST", "/api/v1/lists"))["responses"]
    keywords = [{"id": "98304", "_destroy": True}]
    sent = {"title": "x", "context": ["home"], "keywords_attributes": keywords}
    assert ada.post("/api/v2/filters", **sent).status_code == 404


def test_moments_and_days_are_told_apart(document: dict[str, Any]) -> None:
    account = document["components"]["schemas"]["Account"]["properties"]
    assert account["created_at"] == {"type": "string", "format": "date-time"}
    assert {"type": "string", "format": "date"} in account["last_status_at"]["anyOf"]
    assert "format" not in document["components"]["schemas"]["Token"]["properties"]["created_at"]


def test_answers_that_the_document_does_not_know_are_found(visitor: Client) -> None:
    rules = visitor.get("/api/v1/instance/rules")
    assert answers.describe_mismatch("/api/v1/instance/rules", "get", rules) == ""
    emojis = answers.describe_mismatch("/api/v1/custom_emojis", "get", rules)
    assert "required property" in emojis
    assert "were unexpected" in emojis
    assert "is application/json" in answers.describe_mismatch("/metrics", "get", rules)
