"""Refusals in the shape of Mastodon's Error entity."""

from typing import Any

import msgspec

from folkmoot.domain.oauth.model import OAuthRefusal
from folkmoot.kit.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, TooMany


class Error(msgspec.Struct, omit_defaults=True):
    """An error a client can show: `error` is a sentence."""

    error: str
    error_description: str = ""
    details: dict[str, list[dict[str, str]]] | None = None


class Unauthorised(Refusal):
    """The access token is invalid"""


class BadRequest(Refusal):
    """The request could not be understood"""


class RecordInvalid(Refusal):
    """Record invalid"""


class MethodNotAllowed(Refusal):
    """This address does not answer this method"""


_STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (Unauthorised, 401),
    (BadRequest, 400),
    (MethodNotAllowed, 405),
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (Invalid, 422),
    (RecordInvalid, 422),
    (TooMany, 429),
)


def present_refusal(refusal: Refusal) -> tuple[int, Error]:
    """The status code and the entity."""
    if isinstance(refusal, OAuthRefusal):
        return refusal.status, Error(refusal.code, refusal.sentence)
    status = next((code for kind, code in _STATUS if isinstance(refusal, kind)), 400)
    text = refusal.sentence
    if isinstance(refusal, Invalid) and text != "Validation failed" and ":" not in text:
        text = f"Validation failed: {text}"
    return status, Error(text, details=_details(refusal.facts))


def _details(facts: dict[str, Any]) -> dict[str, list[dict[str, str]]] | None:
    details = facts.get("details")
    return details if isinstance(details, dict) else None
