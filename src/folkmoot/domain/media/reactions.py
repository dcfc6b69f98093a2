"""What happens to files when the account that owns them goes."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.media.actions import delete_some_media, erase_files
from folkmoot.domain.media.model import AVATARS
from folkmoot.domain.media.queries import list_keys
from folkmoot.kit.db import Tx


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    """Its uploads, its avatar and its header go."""
    erase_files(tx, list_keys(tx, AVATARS, [fact.account_id]))
    while delete_some_media(tx, fact.account_id):
        pass
