"""/api/oembed"""

from html import escape
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.posts.model import Post, PostNotFound
from folkmoot.domain.posts.queries import get_visible_post
from folkmoot.kit.ids import parse_id
from folkmoot.surfaces.mastodon.operations import (
    NEEDED,
    Call,
    Router,
)

router = Router("oembed")

_WIDTH = 400
_A_DAY_S = 86_400


class OEmbedParams(msgspec.Struct):
    """Which status, and how large it may be shown."""

    url: Annotated[str, NEEDED] = ""
    maxwidth: int | None = None
    maxheight: int | None = None


class OEmbed(msgspec.Struct):
    """How another page shows a status (oembed.com, type `rich`)."""

    type: str
    version: str
    title: str
    author_name: str
    author_url: str
    provider_name: str
    provider_url: str
    cache_age: int
    html: str
    width: int
    height: int | None


@router.get("/api/oembed", returns=OEmbed, refuses=(404,))
def oembed(call: Call, params: OEmbedParams) -> OEmbed:
    """How another page may show a public status."""
    post = _find(call, params.url)
    author = get_account(call.tx, post.author_id)
    name = author.display_name or author.username
    # The words alone, so that nothing of ours runs in a page of somebody else's.
    quoted = post.html if not post.spoiler_text else f"<p>{escape(post.spoiler_text)}</p>"
    return OEmbed(
        type="rich",
        version="1.0",
        title=f"New status by {name}",
        author_name=name,
        author_url=author.url,
        provider_name=call.app.settings.domain,
        provider_url=f"{call.app.base_url}/",
        cache_age=_A_DAY_S,
        html=(
            f'<blockquote class="folkmoot-post" cite="{escape(post.url)}" '
            f'style="max-width: 100%">{quoted}<footer>'
            f'<a href="{escape(post.url)}">{escape(name)} (@{escape(author.username)}'
            f"@{escape(call.app.settings.domain)})</a></footer></blockquote>"
        ),
        width=max(1, min(params.maxwidth or _WIDTH, _WIDTH)),
        height=None,
    )


def _find(call: Call, url: str) -> Post:
    """The post behind an address of this server, as a visitor may read it."""
    path = url.removeprefix(f"{call.app.base_url}/@")
    parts = urlsplit(f"/{path}").path.strip("/").split("/") if path != url else []
    if len(parts) != 2:
        raise PostNotFound
    post = get_visible_post(call.tx, parse_id(parts[1]), viewer_id=0)
    if post.boost_of_id is not None:
        raise PostNotFound
    return post
