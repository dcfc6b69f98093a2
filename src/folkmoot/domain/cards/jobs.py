"""Asking linked pages what they say of themselves, and keeping a small copy of their picture, so
that reading a post asks nobody but this server.
"""

import asyncio
from urllib.parse import urlsplit

import msgspec
import structlog

from folkmoot.domain.cards.actions import CardToFetch, give_up_card, store_card
from folkmoot.domain.cards.model import Found
from folkmoot.domain.cards.queries import find_card, list_images
from folkmoot.domain.media.model import file_key, id_of_key
from folkmoot.kit import clock
from folkmoot.kit.context import Context
from folkmoot.kit.errors import Refusal
from folkmoot.kit.http import FetchFailed
from folkmoot.kit.images import Rendition, Want
from folkmoot.kit.pagemeta import PageMeta, parse_page
from folkmoot.kit.pagemeta.scan import scan_tags

log = structlog.get_logger("cards")

IMAGES = "cards"
_PAGES = ("text/html", "application/xhtml+xml")
_JSON = ("application/json", "application/json+oembed", "text/json")
_PAGE_BYTES = 4_000_000
_OEMBED_BYTES = 200_000
_IMAGE_BYTES = 8_000_000
_SMALL = (Want("card", pixels_max=360_000, format="small"),)
_ORPHAN_AGE = clock.DAY
_BATCH = 500


class Sweep(msgspec.Struct, frozen=True):
    """A repeating job: remove pictures that no card shows, left behind by a crash."""


class _OEmbed(msgspec.Struct):
    """What of an oEmbed description (oembed.com, section 2.3) is of use."""

    type: str = ""
    title: str = ""
    author_name: str = ""
    author_url: str = ""
    provider_name: str = ""
    provider_url: str = ""
    html: str = ""
    width: int | str | None = None
    height: int | str | None = None


async def fetch(context: Context, payload: CardToFetch) -> None:
    """A page that cannot be had, or that has no title, gives no card; nobody is bothered."""
    card = await context.db.read(find_card, payload.card_id)
    if card is None:
        return
    try:
        found = await _look(context, card.id, card.url)
    except FetchFailed as failure:
        log.info("no card", card=card.id, why=str(failure))
        found = None
    if found is None:
        await context.db.write(give_up_card, card.id)
    else:
        await context.db.write(store_card, card.id, found)


async def sweep(context: Context, payload: Sweep) -> None:
    del payload
    await asyncio.to_thread(_sweep, context)


async def _look(context: Context, card_id: int, url: str) -> Found | None:
    page = await context.http.get(url, types=_PAGES, max_bytes=_PAGE_BYTES)
    page.require_ok()
    content_type = page.headers.get("content-type", "")
    meta = await asyncio.to_thread(parse_page, page.body, page.url, content_type)
    more = await _ask_oembed(context, meta)
    title = meta.title or more.title
    if not title:
        return None
    frame, width, height = _frame(meta, more)
    image = await _small_image(context, meta)
    key = ""
    if image is not None:
        key = file_key(IMAGES, card_id, image.suffix)
        await asyncio.to_thread(context.storage.put, key, image.data, mime=image.mime)
    return Found(
        url=url,
        kind="video" if frame else "link",
        title=title,
        description=meta.description,
        author_name=meta.author_name or more.author_name[:200],
        author_url=meta.author_url or _web(more.author_url),
        provider_name=meta.provider_name or more.provider_name[:200],
        provider_url=_web(more.provider_url),
        embed_url=frame,
        width=width or (image.width if image else 0),
        height=height or (image.height if image else 0),
        image=key,
        image_description=meta.image.alt if meta.image and key else "",
        blurhash=image.blurhash if image else "",
        language=meta.language or "",
        published_at=meta.published_at,
        creator=meta.fediverse_creator or "",
        target=page.url if _domain(page.url) != _domain(url) else "",
    )


def _domain(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


async def _ask_oembed(context: Context, meta: PageMeta) -> _OEmbed:
    """The page's oEmbed description; an empty one when there is none of use."""
    link = next((link for link in meta.oembed if link.format == "json"), None)
    if link is None:
        return _OEmbed()
    try:
        answer = await context.http.get(link.url, types=_JSON, max_bytes=_OEMBED_BYTES)
        return msgspec.json.decode(answer.require_ok().body, type=_OEmbed)
    except (FetchFailed, msgspec.MsgspecError, UnicodeDecodeError):
        return _OEmbed()


def _frame(meta: PageMeta, more: _OEmbed) -> tuple[str, int, int]:
    """Where the page's player is, and its size; empty when it has none."""
    if meta.embed is not None:
        return meta.embed.url, meta.embed.width or 0, meta.embed.height or 0
    if more.type == "video":
        for tag in scan_tags(more.html + "</iframe>", {"iframe"}):
            source = tag.attributes.get("src", "")
            if source.startswith("https://") and _web(source):
                return source, _side(more.width), _side(more.height)
    return "", 0, 0


class _Image(msgspec.Struct, frozen=True):
    mime: str
    suffix: str
    width: int
    height: int
    data: bytes
    blurhash: str


async def _small_image(context: Context, meta: PageMeta) -> _Image | None:
    """A small clean copy of the page's picture; None when there is none that can be read."""
    if meta.image is None:
        return None
    try:
        answer = await context.http.get(meta.image.url, types=("image/*",), max_bytes=_IMAGE_BYTES)
        answer.require_ok()
        picture = await asyncio.to_thread(context.darkroom.develop, answer.body, _SMALL)
    except Refusal as refusal:
        log.info("no picture for a card", why=str(refusal))
        return None
    made: Rendition = picture.renditions["card"]
    return _Image(made.mime, made.suffix, made.width, made.height, made.data, picture.blurhash)


def _web(url: str) -> str:
    """A URL as it is if it leads to the web; empty otherwise."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    return url if is_web and len(url) <= 2_048 else ""


def _side(value: int | str | None) -> int:
    text = str(value)
    number = int(text) if text.isdecimal() and len(text) < 6 else 0
    return min(number, 10_000)


def _sweep(context: Context) -> None:
    before = clock.now() - _ORPHAN_AGE
    old = [s.key for s in context.storage.list(IMAGES) if s.modified_at < before]
    for start in range(0, len(old), _BATCH):
        some = old[start : start + _BATCH]
        needed = context.db.read_now(list_images, sorted({id_of_key(key) for key in some}))
        context.storage.delete([key for key in some if key not in needed])
