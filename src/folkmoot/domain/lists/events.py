"""Facts about lists."""

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.lists.model import MemberList


class ListMembersChanged(msgspec.Struct, frozen=True):
    """Accounts came onto a list or left it."""

    list: MemberList
    added: tuple[AccountId, ...] = ()
    removed: tuple[AccountId, ...] = ()


class ListPolicyChanged(msgspec.Struct, frozen=True):
    """A list shows other answers than before."""

    list: MemberList


class ListDeleted(msgspec.Struct, frozen=True):
    """A list is gone, and its feed with it."""

    list: MemberList
