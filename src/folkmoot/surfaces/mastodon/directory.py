"""/api/v1/directory"""

from typing import Literal

import msgspec

from folkmoot.domain.discovery.queries import list_directory
from folkmoot.surfaces.mastodon.entities.account import Account, present_account_list
from folkmoot.surfaces.mastodon.operations import OPTIONAL, Answer, Call, Router

router = Router("directory")

_MOST_OFFSET = 10_000


class DirectoryParams(msgspec.Struct):
    """Whom to list, from where on."""

    offset: int = 0
    limit: int | None = None
    order: Literal["active", "new"] = "active"
    local: bool = False


@router.get("/api/v1/directory", auth=OPTIONAL, returns=list[Account])
def directory(call: Call, params: DirectoryParams) -> Answer:
    """Accounts that agreed to be shown around."""
    ids = list_directory(
        call.tx,
        order=params.order,
        local=params.local,
        viewer_id=call.viewer_id,
        limit=max(1, min(params.limit or 40, 80)),
        offset=max(0, min(params.offset, _MOST_OFFSET)),
    )
    return Answer(present_account_list(call.app, call.tx, ids))
