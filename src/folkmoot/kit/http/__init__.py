"""HTTP to other servers: a client that cannot be turned against the network it stands in."""

from folkmoot.kit.http.client import Client, Response, Signer, matches_type
from folkmoot.kit.http.errors import (
    AddressRefused,
    BadStatus,
    BrokenBody,
    FetchFailed,
    TimedOut,
    TooBig,
    TooManyRedirects,
    Unreachable,
    UrlRefused,
    WrongType,
)
from folkmoot.kit.http.guard import Guard, is_public

__all__ = [
    "AddressRefused",
    "BadStatus",
    "BrokenBody",
    "Client",
    "FetchFailed",
    "Guard",
    "Response",
    "Signer",
    "TimedOut",
    "TooBig",
    "TooManyRedirects",
    "Unreachable",
    "UrlRefused",
    "WrongType",
    "is_public",
    "matches_type",
]
