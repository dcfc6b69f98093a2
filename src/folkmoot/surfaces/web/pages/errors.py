"""The words for each kind of failure that ends in a page."""

from __future__ import annotations

from folkmoot.surfaces.web.pages.about import ErrorPage
from folkmoot.surfaces.web.pages.frame import Frame

WORDS = {
    0: ("No connection", "This page needs the network. It will be here when you are back online."),
    400: ("That did not arrive whole", "The request was not understood. Please go back and retry."),
    401: ("Please sign in first", "This page belongs to a member. Sign in to see it."),
    403: ("Not for you to open", "You may not see or do this with the account you are using."),
    404: ("No one at this stone", "There is nothing here: it was moved, deleted, or never was."),
    405: ("Not that way", "This address does not take that kind of request."),
    409: ("Something changed meanwhile", "Please go back, reload the page and look again."),
    410: ("No longer here", "What was here has been deleted, and it stays deleted."),
    413: ("Too much at once", "What you sent is larger than this server accepts."),
    422: ("Something in it is not right", "The server could not accept what was sent."),
    429: ("A moment, please", "There were too many requests from you in a short time."),
    500: ("Our mistake", "Something broke on our side. It has been noted for the operator."),
    503: ("Back in a moment", "The server is being looked after. Please try again shortly."),
}


def error_page(
    frame: Frame, status: int, sentence: str | None = None, *, retry_after_s: int | None = None
) -> ErrorPage:
    """The page for an HTTP status, with the given sentence or the usual one for it."""
    title, usual = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    return ErrorPage(
        frame=frame,
        status=status,
        title=title,
        sentence=sentence or usual,
        retry_after_s=retry_after_s,
    )
