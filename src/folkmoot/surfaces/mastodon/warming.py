"""What the first reader after a start would wait for, done before anybody is answered."""

from folkmoot.domain.feeds.queries import list_feed
from folkmoot.domain.oauth.queries import find_bearer
from folkmoot.domain.timelines.queries import list_public
from folkmoot.kit.db import Page, Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.status import present_page

_NOBODY = -1


def warm_up(tx: Tx, app: App) -> None:
    """Reads a member's home page and the newest public posts, for nobody.

    The text of each statement is made when it is first used, which takes longer than to run it;
    pages of the database come into memory, and the newest posts are built.
    """
    find_bearer(tx, "")
    newest = list_public(tx, Page(), viewer_id=_NOBODY)
    present_page(app, tx, _NOBODY, [*list_feed(tx, _NOBODY, Page(), viewer_id=_NOBODY), *newest])
