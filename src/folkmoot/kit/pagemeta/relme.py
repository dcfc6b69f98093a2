"""Pages that name other pages of the same person by rel=me, and so confirm a claim made there.

See microformats.org/wiki/rel-me.
"""

from collections.abc import Collection
from urllib.parse import urljoin, urlsplit

from folkmoot.kit.pagemeta.charset import decode_page
from folkmoot.kit.pagemeta.scan import scan_tags

MAX_PAGE_BYTES = 2_000_000


def links_back(html: bytes | str, target_urls: Collection[str], *, base_url: str = "") -> bool:
    """Tell whether the page links to one of `target_urls` by rel=me, as its own visible markup.

    `base_url` is where the page was found, for links that are relative.
    """
    wanted = {_comparable(url) for url in target_urls} - {None}
    return any(_comparable(url) in wanted for url in list_rel_me(html, base_url=base_url))


def list_rel_me(html: bytes | str, *, base_url: str = "") -> list[str]:
    """Give what the page's rel=me links lead to, in order."""
    if isinstance(html, bytes):
        html = decode_page(html[:MAX_PAGE_BYTES])
    found = []
    for tag in scan_tags(html[:MAX_PAGE_BYTES], {"a", "area", "link"}):
        if "me" in tag.attributes.get("rel", "").lower().split():
            try:
                found.append(urljoin(base_url, tag.attributes.get("href", "").strip()))
            except ValueError:
                continue
    return found


def _comparable(url: str) -> tuple[str, int, str, str] | None:
    """Give what must be equal for two URLs to name one page; None for what names no web page.

    The scheme may differ, and a last slash; the path counts in its exact spelling.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return None
    default = 443 if parts.scheme == "https" else 80
    custom_port = port if port is not None and port != default else 0
    return host.rstrip("."), custom_port, parts.path.rstrip("/"), parts.query
