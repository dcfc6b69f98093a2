"""Applications, tokens and scopes (RFC 6749) as values, and the rules about them."""

import base64
import hashlib
import hmac
import re
from typing import NewType
from urllib.parse import urlsplit

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.auth.model import Role
from folkmoot.kit import clock
from folkmoot.kit.errors import Invalid, NotFound, Refusal

AppId = NewType("AppId", int)

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
CODE_LIFE = 10 * clock.MINUTE
MAX_APP_NAME = 60
MAX_URI = 2_000
MAX_REDIRECT_URIS = 20

_READ = (
    "accounts",
    "blocks",
    "bookmarks",
    "collections",
    "favourites",
    "filters",
    "follows",
    "lists",
    "mutes",
    "notifications",
    "search",
    "statuses",
)
_WRITE = (
    "accounts",
    "blocks",
    "bookmarks",
    "collections",
    "conversations",
    "favourites",
    "filters",
    "follows",
    "lists",
    "media",
    "mutes",
    "notifications",
    "reports",
    "statuses",
)
_ADMIN = (
    "accounts",
    "reports",
    "domain_allows",
    "domain_blocks",
    "ip_blocks",
    "email_domain_blocks",
    "canonical_email_blocks",
)

SCOPES = (
    "profile",
    "read",
    *(f"read:{name}" for name in _READ),
    "write",
    *(f"write:{name}" for name in _WRITE),
    "follow",
    "push",
    "admin:read",
    *(f"admin:read:{name}" for name in _ADMIN),
    "admin:write",
    *(f"admin:write:{name}" for name in _ADMIN),
)
_KNOWN = frozenset(SCOPES)
# The deprecated scope of the client API that stands for relationships.
_FOLLOW = tuple(
    f"{verb}:{thing}" for verb in ("read", "write") for thing in ("blocks", "follows", "mutes")
)

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
_DANGEROUS_SCHEMES = frozenset({"javascript", "data", "vbscript", "file", "about", "blob"})


class AppNotFound(NotFound):
    """Record not found"""


class AppInvalid(Invalid):
    """Validation failed"""


class OAuthRefusal(Refusal):
    """A refusal in the words of RFC 6749: `code` is for the client, the sentence for people."""

    code = "invalid_request"
    status = 400


class RequestInvalid(OAuthRefusal):
    """The request is missing a required parameter or has one that is not valid"""


class ClientInvalid(OAuthRefusal):
    """Client authentication failed: the client is unknown or its secret is wrong"""

    code = "invalid_client"
    status = 401


class GrantInvalid(OAuthRefusal):
    """The authorisation is not valid: it expired, was used, was revoked or belongs to another"""

    code = "invalid_grant"


class ScopeInvalid(OAuthRefusal):
    """The requested scope is unknown, malformed or more than the application registered"""

    code = "invalid_scope"


class GrantUnsupported(OAuthRefusal):
    """This server does not offer that grant type"""

    code = "unsupported_grant_type"


class ResponseUnsupported(OAuthRefusal):
    """This server answers only with a code"""

    code = "unsupported_response_type"


class ClientUnauthorised(OAuthRefusal):
    """This client may not revoke that token"""

    code = "unauthorized_client"
    status = 403


class Application(msgspec.Struct):
    """A registered client, in the table's order. URIs and scopes are separated by spaces."""

    id: AppId
    client_id: str
    client_secret_hash: str
    name: str
    website: str
    redirect_uris: str
    scopes: str
    created_at: int


class Bearer(msgspec.Struct, frozen=True):
    """Who a token speaks for: an application and, unless it is the application's own, a member.

    `role` is the role in effect: a member's until a second factor is enrolled.
    """

    token_id: int
    app_id: int
    scopes: frozenset[str]
    account_id: AccountId
    role: Role = Role.MEMBER

    def allows(self, scope: str) -> bool:
        """Whether the token's scopes cover one: `read` covers `read:statuses`."""
        return scope in self.scopes or scope.rpartition(":")[0] in self.scopes


class Token(msgspec.Struct, frozen=True):
    """A bearer token as it is handed out, once."""

    access_token: str
    scopes: str
    created_at: int


def covered(text: str) -> frozenset[str]:
    """What a scope string opens: `follow` stands for the six scopes of relationships."""
    named = text.split()
    return frozenset([*named, *_FOLLOW] if "follow" in named else named)


def parse_scopes(text: str) -> list[str]:
    """The scopes of a request, each once, in order; ScopeInvalid for one there is not."""
    named = list(dict.fromkeys(text.replace("+", " ").split()))
    unknown = [scope for scope in named if scope not in _KNOWN]
    if unknown:
        raise ScopeInvalid(f"The requested scope is unknown: {unknown[0][:60]}")
    return named


def within_scopes(asked: list[str], registered: str) -> bool:
    """Whether every scope asked for is among, or part of one of, those registered."""
    have = covered(registered)
    return all(scope in have or scope.rpartition(":")[0] in have for scope in asked)


def without_admin(scopes: list[str]) -> list[str]:
    """The scopes without those that need a role."""
    return [scope for scope in scopes if not scope.startswith("admin:")]


def is_redirect_uri(uri: str) -> bool:
    """Whether an application may be answered there: the out-of-band URN, or an absolute URI
    without a fragment (RFC 6749, 3.1.2) whose scheme a browser does not run or show itself.
    """
    if uri == OUT_OF_BAND:
        return True
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    if not _SCHEME.fullmatch(parts.scheme) or parts.scheme in _DANGEROUS_SCHEMES:
        return False
    if parts.fragment or len(uri) > MAX_URI or any(c <= " " or c == "\x7f" for c in uri):
        return False
    return (
        bool(parts.hostname) if parts.scheme in ("http", "https") else bool(uri.partition(":")[2])
    )


def check_challenge(challenge: str, method: str) -> None:
    """RFC 7636 with S256 only, whose challenge is 43 characters of base64url."""
    if not challenge:
        if method:
            raise RequestInvalid("code_challenge is missing")
        return
    if method != "S256":
        raise RequestInvalid("code_challenge_method must be S256")
    if not _CHALLENGE.fullmatch(challenge):
        raise RequestInvalid("code_challenge must be 43 characters of base64url")


def proves(verifier: str, challenge: str) -> bool:
    """Whether a code verifier belongs to an S256 challenge (RFC 7636, 4.6)."""
    if not challenge:
        return not verifier
    if not _VERIFIER.fullmatch(verifier):
        return False
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(made, challenge)
