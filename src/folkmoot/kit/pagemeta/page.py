"""What a web page says of itself, for a preview card: Open Graph, Twitter cards, plain HTML."""

import datetime as dt
import re
from urllib.parse import urljoin, urlsplit

import msgspec

from folkmoot.kit.pagemeta.charset import decode_page
from folkmoot.kit.pagemeta.scan import StartTag, scan_tags
from folkmoot.kit.text.languages import normalise_language

MAX_PAGE_BYTES = 1_000_000
MAX_TITLE_CHARS = 500
MAX_DESCRIPTION_CHARS = 2000
MAX_NAME_CHARS = 200
MAX_URL_CHARS = 2048
MAX_SIDE_PX = 20_000

_OEMBED = {"application/json+oembed": "json", "text/json+oembed": "json", "text/xml+oembed": "xml"}
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff]+")
_FEDIVERSE = re.compile(r"@?([\w.-]+@[\w.-]+)")
_EPOCH = dt.datetime.fromtimestamp(0, dt.UTC)
_NUMBER = re.compile(r"\s*([0-9]{1,6})(?:px)?\s*")


class PageImage(msgspec.Struct, frozen=True):
    url: str
    width: int | None = None
    height: int | None = None
    alt: str = ""


class PageEmbed(msgspec.Struct, frozen=True):
    """A player that the page offers to be framed elsewhere."""

    url: str
    width: int | None = None
    height: int | None = None


class OEmbedLink(msgspec.Struct, frozen=True):
    """Where the page's oEmbed description lies; `format` is `json` or `xml`."""

    url: str
    format: str


class PageMeta(msgspec.Struct, frozen=True):
    """All URLs are absolute, http or https; what the page does not say is empty or None.

    `canonical` is given only where it stays on the page's own host: a page may not pass itself
    off as another's. `published_at` is in milliseconds since the epoch. `fediverse_creator` is
    `user@domain`, as the page claims.
    """

    url: str
    canonical: str | None = None
    kind: str = ""
    title: str = ""
    description: str = ""
    provider_name: str = ""
    author_name: str = ""
    author_url: str | None = None
    language: str | None = None
    published_at: int | None = None
    image: PageImage | None = None
    embed: PageEmbed | None = None
    oembed: tuple[OEmbedLink, ...] = ()
    fediverse_creator: str | None = None


def parse_page(html: bytes | str, url: str, content_type: str = "") -> PageMeta:
    """Read the metadata of the page found at `url`.

    Takes any bytes at all; only the first megabyte is read, in time linear in its length.
    """
    if isinstance(html, bytes):
        html = decode_page(html[:MAX_PAGE_BYTES], content_type)
    return _Head(html[:MAX_PAGE_BYTES], url).describe()


class _Head:
    """The tags of a page that speak of the page, sorted by what they speak of."""

    def __init__(self, html: str, url: str) -> None:
        self.url = url
        self.base = url
        self.language = ""
        self.title = ""
        self.metas: list[tuple[str, str]] = []
        self.links: list[StartTag] = []
        self._first: dict[str, str] = {}
        for tag in scan_tags(html, {"html", "base", "title", "meta", "link", "body"}):
            if tag.name == "body" and (self.title or self.metas):
                break
            self._take(tag)

    def _take(self, tag: StartTag) -> None:
        match tag.name:
            case "html":
                self.language = self.language or tag.attributes.get("lang", "")
            case "base":
                if self.base == self.url:
                    self.base = _absolute(tag.attributes.get("href", ""), self.url) or self.url
            case "title":
                self.title = self.title or tag.text
            case "meta":
                self._take_meta(tag.attributes)
            case "link":
                self.links.append(tag)

    def _take_meta(self, attributes: dict[str, str]) -> None:
        content = attributes.get("content", "").strip()
        names = " ".join(
            attributes.get(key, "") for key in ("property", "name", "itemprop", "http-equiv")
        )
        if not content:
            return
        for name in names.lower().split():
            self.metas.append((name, content))
            self._first.setdefault(name, content)

    def first(self, *names: str) -> str:
        """Give the first content found under the first of `names` that has any."""
        return next((self._first[name] for name in names if name in self._first), "")

    def absolute(self, *names: str) -> str | None:
        return _absolute(self.first(*names), self.base)

    def describe(self) -> PageMeta:
        author, author_url = self._author()
        return PageMeta(
            url=self.url,
            canonical=self._canonical(),
            kind=_line(self.first("og:type"), 40).lower(),
            title=_line(self.first("og:title", "twitter:title") or self.title, MAX_TITLE_CHARS),
            description=_line(
                self.first("og:description", "twitter:description", "description"),
                MAX_DESCRIPTION_CHARS,
            ),
            provider_name=_line(self.first("og:site_name", "application-name"), MAX_NAME_CHARS),
            author_name=author,
            author_url=author_url,
            language=self._language(),
            published_at=self._published_at(),
            image=self._image(),
            embed=self._embed(),
            oembed=tuple(self._oembed_links()),
            fediverse_creator=self._creator(),
        )

    def _canonical(self) -> str | None:
        href = next(
            (link.attributes.get("href", "") for link in self.links if "canonical" in _rel(link)),
            "",
        )
        for claimed in (_absolute(href, self.base), self.absolute("og:url")):
            if claimed and _bare_host(claimed) == _bare_host(self.url):
                return claimed
        return None

    def _author(self) -> tuple[str, str | None]:
        name, url = self.first("author", "dc.creator"), None
        for content in (self.first("article:author"), self.first("og:article:author")):
            if content.lower().startswith(("http://", "https://")):
                url = url or _absolute(content, self.base)
            else:
                name = name or content
        return _line(name, MAX_NAME_CHARS), url

    def _language(self) -> str | None:
        claims = (self.language, self.first("content-language", "og:locale"))
        return next((code for code in map(normalise_language, claims) if code), None)

    def _published_at(self) -> int | None:
        content = self.first(
            "article:published_time", "og:published_time", "datepublished", "dc.date", "date"
        )
        try:
            moment = dt.datetime.fromisoformat(content)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=dt.UTC)
            # Nothing was published on the web before the epoch.
            return int(moment.timestamp() * 1000) if moment >= _EPOCH else None
        except (ValueError, OverflowError):
            return None

    def _image(self) -> PageImage | None:
        group = self._first_group("og:image")
        for name in ("og:image:secure_url", "og:image", "og:image:url"):
            url = _absolute(group.get(name, ""), self.base)
            if url:
                return PageImage(
                    url,
                    _side(group.get("og:image:width", "")),
                    _side(group.get("og:image:height", "")),
                    _line(group.get("og:image:alt", ""), MAX_DESCRIPTION_CHARS),
                )
        url = self.absolute("twitter:image", "twitter:image:src", "image") or self._image_src()
        if url is None:
            return None
        return PageImage(url, alt=_line(self.first("twitter:image:alt"), MAX_DESCRIPTION_CHARS))

    def _image_src(self) -> str | None:
        hrefs = (
            link.attributes.get("href", "") for link in self.links if "image_src" in _rel(link)
        )
        return next((url for url in (_absolute(href, self.base) for href in hrefs) if url), None)

    def _embed(self) -> PageEmbed | None:
        group = self._first_group("og:video")
        if group.get("og:video:type", "").lower().startswith("text/html"):
            for name in ("og:video:secure_url", "og:video", "og:video:url"):
                url = _absolute(group.get(name, ""), self.base)
                if url and url.startswith("https://"):
                    width, height = (
                        group.get("og:video:width", ""),
                        group.get("og:video:height", ""),
                    )
                    return PageEmbed(url, _side(width), _side(height))
        url = self.absolute("twitter:player")
        if url is None or not url.startswith("https://"):
            return None
        width, height = self.first("twitter:player:width"), self.first("twitter:player:height")
        return PageEmbed(url, _side(width), _side(height))

    def _first_group(self, root: str) -> dict[str, str]:
        """Give what belongs to the first of several images or videos.

        Open Graph lists its structured properties after their root; a second root begins the next.
        """
        group: dict[str, str] = {}
        for name, content in self.metas:
            if name == root and (root in group):
                break
            if name == root or name.startswith(root + ":"):
                group.setdefault(name, content)
        return group

    def _oembed_links(self) -> list[OEmbedLink]:
        found = []
        for link in self.links:
            kind = _OEMBED.get(link.attributes.get("type", "").strip().lower())
            url = _absolute(link.attributes.get("href", ""), self.base)
            if kind and url and "alternate" in _rel(link):
                found.append(OEmbedLink(url, kind))
        return found[:4]

    def _creator(self) -> str | None:
        match = _FEDIVERSE.fullmatch(self.first("fediverse:creator")[:300])
        return match[1].lower() if match else None


def _rel(tag: StartTag) -> list[str]:
    return tag.attributes.get("rel", "").lower().split()


def _absolute(href: str, base: str) -> str | None:
    """Give an absolute http or https URL, or None."""
    href = href.strip()
    if not href or len(href) > MAX_URL_CHARS:
        return None
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
        # Reading the port checks it.
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return url if usable and not _BLANK.search(url) else None


def _bare_host(url: str) -> str:
    host = urlsplit(url).hostname or ""
    for prefix in ("www.", "m.", "mobile."):
        host = host.removeprefix(prefix)
    return host


def _line(text: str, max_chars: int) -> str:
    line = _BLANK.sub(" ", text).strip()
    return line if len(line) <= max_chars else line[: max_chars - 1].rstrip() + "…"


def _side(text: str) -> int | None:
    match = _NUMBER.fullmatch(text)
    side = int(match[1]) if match else 0
    return side if 0 < side <= MAX_SIDE_PX else None
