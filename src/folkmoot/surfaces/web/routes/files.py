"""The files of the web interface: styles, scripts, drawings, the manifest, the offline page."""

from __future__ import annotations

import msgspec

from folkmoot.kit.errors import NotFound
from folkmoot.surfaces.web.assets import bundle
from folkmoot.surfaces.web.visits import Answer, Router, Visit

router = Router()

_FOREVER = "public, max-age=31536000, immutable"
_SHORT = "public, max-age=3600"


def _file(visit: Visit, name: str, *, cache: str) -> Answer:
    asset = bundle().files.get(name)
    if asset is None:
        raise NotFound
    headers = [
        ("content-type", asset.content_type),
        ("cache-control", cache),
        ("access-control-allow-origin", "*"),
        ("cross-origin-resource-policy", "cross-origin"),
        # A drawing opened by itself may style itself and nothing else.
        ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'"),
    ]
    if asset.gzipped is None or b"gzip" not in visit.incoming.headers.get(b"accept-encoding", b""):
        return Answer(asset.body, headers=headers, ready=True)
    headers.append(("content-encoding", "gzip"))
    return Answer(asset.gzipped, headers=headers, ready=True)


@router.file("/static/{version}/{name}")
def versioned(visit: Visit) -> Answer:
    """A file under the hash of all: never changes. Another release's hash gets today's file,
    for a short while, so that pages opened before an upgrade keep working."""
    known = visit.incoming.params["version"] == bundle().version
    return _file(visit, visit.incoming.params["name"], cache=_FOREVER if known else _SHORT)


@router.file("/static/{name}")
def plain(visit: Visit) -> Answer:
    """A file by its lasting name, for addresses that others keep."""
    return _file(visit, visit.incoming.params["name"], cache=_SHORT)


@router.file("/favicon.ico")
def favicon(visit: Visit) -> Answer:
    """What browsers ask for unbidden."""
    return _file(visit, "icon-192.png", cache=_SHORT)


@router.file("/service-worker.js")
def service_worker(visit: Visit) -> Answer:
    """The script that keeps a page for the time without a connection."""
    answer = _file(visit, "service-worker.js", cache="no-cache")
    answer.headers = [h for h in answer.headers if h[0] != "content-security-policy"]
    return answer


@router.file("/manifest.webmanifest")
def manifest(visit: Visit) -> Answer:
    """What a device shows when this site is kept among its apps."""
    url = bundle().url
    png = "image/png"
    icons = [
        {"src": url("icon-192.png"), "sizes": "192x192", "type": png},
        {"src": url("icon-512.png"), "sizes": "512x512", "type": png},
        {"src": url("maskable-512.png"), "sizes": "512x512", "type": png, "purpose": "maskable"},
    ]
    title = visit.app.settings.instance.title
    body = {
        "name": title,
        "short_name": title[:12],
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#edf1ec",
        "theme_color": "#17694a",
        "icons": icons,
    }
    return _kept(msgspec.json.encode(body), "application/manifest+json")


@router.file("/opensearch.xml")
def opensearch(visit: Visit) -> Answer:
    """How a browser searches here."""
    from markupsafe import Markup

    title = visit.app.settings.instance.title
    text = Markup(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
        "<ShortName>{}</ShortName><Description>{}</Description>"
        '<Url type="text/html" template="{}/search?q={{searchTerms}}"/>'
        "</OpenSearchDescription>"
    ).format(title[:16], f"Search {title}", visit.app.base_url)
    return _kept(text.encode(), "application/opensearchdescription+xml")


@router.file("/robots.txt")
def robots(visit: Visit) -> Answer:
    """What crawlers need not look at; who may be found is said on each page."""
    closed = ("/auth/", "/oauth/", "/settings/", "/search", "/api/", "/home")
    text = "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in closed)
    return _kept(text.encode(), "text/plain; charset=utf-8")


def _kept(body: bytes, content_type: str) -> Answer:
    return Answer(body, headers=[("content-type", content_type), ("cache-control", _SHORT)])
