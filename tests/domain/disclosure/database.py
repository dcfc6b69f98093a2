"""An EU transparency database of the tests' own: it enforces schema v2 as its source code does,
written from that and not from ours, answers with errors for each statement, and can be unwell.
"""

import json
import re
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "token-of-the-tests"

V = {f"DECISION_VISIBILITY_CONTENT_{x}" for x in ("REMOVED", "DISABLED", "DEMOTED", "LABELLED")}
V |= {f"DECISION_VISIBILITY_{x}" for x in ("CONTENT_AGE_RESTRICTED", "OTHER")}
V |= {"DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED"}
M = {f"DECISION_MONETARY_{x}" for x in ("SUSPENSION", "TERMINATION", "OTHER")}
P = {
    f"DECISION_PROVISION_{a}_{b}"
    for a in ("PARTIAL", "TOTAL")
    for b in ("SUSPENSION", "TERMINATION")
}
A = {"DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"}
C = {
    "STATEMENT_CATEGORY_" + x
    for x in [
        "ANIMAL_WELFARE",
        "CONSUMER_INFORMATION",
        "CYBER_VIOLENCE",
        "CYBER_VIOLENCE_AGAINST_WOMEN",
        "DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
        "ILLEGAL_OR_HARMFUL_SPEECH",
        "INTELLECTUAL_PROPERTY_INFRINGEMENTS",
        "NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
        "OTHER_VIOLATION_TC",
        "PROTECTION_OF_MINORS",
        "RISK_FOR_PUBLIC_SECURITY",
        "SCAMS_AND_FRAUD",
        "SELF_HARM",
        "UNSAFE_AND_PROHIBITED_PRODUCTS",
        "VIOLENCE",
        "NOT_SPECIFIED_NOTICE",
    ]
}
T = {
    f"CONTENT_TYPE_{x}"
    for x in ["APP", "AUDIO", "IMAGE", "PRODUCT", "SYNTHETIC_MEDIA", "TEXT", "VIDEO", "OTHER"]
}
S = {"SOURCE_ARTICLE_16", "SOURCE_TRUSTED_FLAGGER", "SOURCE_TYPE_OTHER_NOTIFICATION"}
S |= {"SOURCE_VOLUNTARY"}
D = {f"AUTOMATED_DECISION_{x}" for x in ("FULLY", "PARTIALLY", "NOT_AUTOMATED")}
SINGLE = {
    "decision_monetary": M,
    "decision_provision": P,
    "decision_account": A,
    "account_type": {"ACCOUNT_TYPE_BUSINESS", "ACCOUNT_TYPE_PRIVATE"},
    "decision_ground": {"DECISION_GROUND_ILLEGAL_CONTENT", "DECISION_GROUND_INCOMPATIBLE_CONTENT"},
    "category": C,
    "source_type": S,
    "automated_detection": {"Yes", "No"},
    "automated_decision": D,
    "incompatible_content_illegal": {"Yes", "No"},
}
SEVERAL: dict[str, Any] = {
    "decision_visibility": V.__contains__,
    "content_type": T.__contains__,
    "category_addition": C.__contains__,
    "category_specification": re.compile(r"KEYWORD_[A-Z_]+").fullmatch,
    "territorial_scope": re.compile(r"[A-Z]{2}").fullmatch,
}
LONGEST = {
    "puid": 500,
    "decision_visibility_other": 500,
    "decision_monetary_other": 500,
    "decision_ground_reference_url": 500,
    "illegal_content_legal_ground": 500,
    "illegal_content_explanation": 2000,
    "incompatible_content_ground": 500,
    "incompatible_content_explanation": 2000,
    "content_type_other": 500,
    "category_specification_other": 500,
    "decision_facts": 5000,
    "source_identity": 500,
}
REQUIRED = [
    "puid",
    "decision_ground",
    "content_type",
    "category",
    "content_date",
    "application_date",
    "decision_facts",
    "source_type",
    "automated_detection",
    "automated_decision",
]
RESTRICTIONS = (
    "decision_visibility",
    "decision_monetary",
    "decision_provision",
    "decision_account",
)


def validate(said: dict[str, Any]) -> dict[str, list[str]]:  # noqa: C901, PLR0912 - one rule after another
    """What is wrong, by field, as the service words it."""
    wrong: dict[str, list[str]] = {}

    def tell(field: str, how: str) -> None:
        wrong.setdefault(field, []).append(f"The {field.replace('_', ' ')} {how}")

    def needs(field: str, other: str, value: str) -> None:
        asked = value in said.get(other, []) if other in SEVERAL else said.get(other) == value
        if asked and not said.get(field):
            tell(field, f"field is required when {other.replace('_', ' ')} is {value}.")

    for field in REQUIRED:
        if not said.get(field):
            tell(field, "field is required.")
    if not any(said.get(each) for each in RESTRICTIONS):
        tell(RESTRICTIONS[0], "field is required when none of the others are present.")
    for field, allowed in SINGLE.items():
        if said.get(field) and said[field] not in allowed:
            tell(field, "is invalid.")
    for field, is_known in SEVERAL.items():
        value = said.get(field) or []
        if not isinstance(value, list):
            tell(field, "field must be an array.")
        elif not all(is_known(each) for each in value):
            tell(field, "is invalid.")
    for field, most in LONGEST.items():
        if len(said.get(field, "")) > most:
            tell(field, f"must not be greater than {most} characters.")
    for field in ("illegal_content_legal_ground", "illegal_content_explanation"):
        needs(field, "decision_ground", "DECISION_GROUND_ILLEGAL_CONTENT")
    for field in ("incompatible_content_ground", "incompatible_content_explanation"):
        needs(field, "decision_ground", "DECISION_GROUND_INCOMPATIBLE_CONTENT")
    needs("decision_visibility_other", "decision_visibility", "DECISION_VISIBILITY_OTHER")
    needs("decision_monetary_other", "decision_monetary", "DECISION_MONETARY_OTHER")
    needs("content_type_other", "content_type", "CONTENT_TYPE_OTHER")
    if not re.fullmatch(r"[a-zA-Z0-9_-]+", said.get("puid", "")):
        tell("puid", "format is invalid.")
    for field in [name for name in said if name.endswith("_date") or name.startswith("end_date_")]:
        first = {"content_date": "2000-01-01", "application_date": "2020-01-01"}.get(field, "")
        try:
            date.fromisoformat(said[field])
        except ValueError:
            tell(field, "does not match the format YYYY-MM-DD.")
        else:
            if not first <= said[field] <= "2038-01-01":
                tell(field, "is out of range.")
    return wrong


class EuDatabase:
    """Serves the API on a loopback port; `unwell` are answers given instead, first to last."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.batches: list[int] = []
        self.unwell: list[tuple[int, dict[str, str], bytes]] = []
        handler = type("Handler", (_Handler,), {"database": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/api/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, sent: Any) -> tuple[int, Any]:
        statements = sent.get("statements")
        if not isinstance(statements, list) or not 1 <= len(statements) <= 100:
            return 422, {"message": "The statements field must have between 1 and 100 items."}
        self.batches.append(len(statements))
        found = {f"statement_{at}": validate(each) for at, each in enumerate(statements)}
        wrong = {name: errors for name, errors in found.items() if errors}
        if wrong:
            return 422, {"errors": wrong}
        names = [each["puid"] for each in statements]
        doubled = [name for name in names if name in self.kept or names.count(name) > 1]
        if doubled:
            word = "The platform identifier(s) are not all unique within this call."
            return 422, {"message": word, "errors": {"puid": [word], "existing_puids": doubled}}
        self.kept |= {each["puid"]: each for each in statements}
        made = [{"puid": name, "uuid": f"uuid-of-{name}"} for name in names]
        return 201, {"statements": made}


class _Handler(BaseHTTPRequestHandler):
    database: EuDatabase

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.database.unwell:
            status, headers, said = self.database.unwell.pop(0)
            return self._answer(status, said, headers)
        if self.headers["authorization"] != f"Bearer {TOKEN}":
            return self._answer(401, b'{"message":"Unauthenticated."}')
        if self.path != "/api/v1/statements":
            return self._answer(404, b"{}")
        status, said = self.database.take(json.loads(body))
        return self._answer(status, json.dumps(said).encode())

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"content-type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass
