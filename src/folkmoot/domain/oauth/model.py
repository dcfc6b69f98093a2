"""Applications, tokens and scopes (RFC 6749) as values."""

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.auth.model import Role


class Application(msgspec.Struct):
    """A registered client, in the table's order."""

    id: int
    client_id: str
    client_secret_hash: str
    name: str
    website: str
    redirect_uris: str
    scopes: str
    created_at: int


class Bearer(msgspec.Struct, frozen=True):
    """Who a token speaks for: an application and, unless it is the application's own, a member."""

    token_id: int
    app_id: int
    scopes: frozenset[str]
    account_id: AccountId
    role: Role = Role.MEMBER
    has_filters: bool = False

    def allows(self, scope: str) -> bool:
        """Whether the token's scopes cover one: `read` covers `read:statuses`."""
        return scope in self.scopes or scope.partition(":")[0] in self.scopes
