"""What is asked for and what becomes of it, as values; the rules for both."""

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.kit.errors import Conflict, Forbidden, NotFound

DELETE = "leaving.delete"


class NotLeaving(NotFound):
    """This account is not being deleted"""


class DeletionBegun(Conflict):
    """The account is being deleted already; this cannot be undone any more"""


class NotSuspended(Forbidden):
    """Only what a suspended account holds can be deleted by others than its member"""


class StillContestable(Forbidden):
    """Nothing is destroyed until {until}: until then the suspension can be contested"""


class Deletion(msgspec.Struct):
    """A row of deletions, in the table's order."""

    account_id: AccountId
    asked_at: int
    due_at: int
    begun_at: int | None


class Leaver(msgspec.Struct):
    """Somebody who signed in while their account is on its way out."""

    account_id: AccountId
    username: str
    due_at: int


class AccountToDelete(msgspec.Struct, frozen=True):
    """A job: delete an account whose time has come."""

    account_id: AccountId


class Sweep(msgspec.Struct, frozen=True):
    """A repeating job: forget what ran out, take up what got stuck."""
