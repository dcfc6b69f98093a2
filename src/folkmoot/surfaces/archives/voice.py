"""How an archive of this server speaks: what the domain hands over, as bytes."""

from collections.abc import Sequence

from folkmoot.domain.accounts.model import Account
from folkmoot.domain.portability.model import Kind, Line, Packed
from folkmoot.surfaces.archives import activities, csvs


class MastodonVoice:
    """Says things as Mastodon's archives do. `domain.portability.model.Voice` says what for."""

    def __init__(self, base_url: str, domain: str) -> None:
        self._base_url = base_url
        self._domain = domain

    def actor(self, account: Account) -> bytes:
        return activities.encode(activities.actor(account))

    def item(self, packed: Packed, author: Account) -> bytes:
        return activities.encode(activities.item(packed, author, self._base_url))

    def reference(self, uri: str) -> bytes:
        return activities.encode(uri)

    def begin_collection(self, name: str) -> bytes:
        return activities.begin_collection(name)

    def end_collection(self, total: int) -> bytes:
        return activities.end_collection(total)

    def media_name(self, key: str) -> str:
        return activities.media_name(key)

    def file_name(self, kind: Kind) -> str:
        return csvs.FILE_NAMES[kind]

    def csv_head(self, kind: Kind) -> bytes:
        return csvs.head(kind)

    def csv_lines(self, kind: Kind, lines: Sequence[Line]) -> bytes:
        return csvs.lines(kind, lines, self._domain)
