"""What plain text holds besides words: mentions, tags, links and emoji shortcodes.

One pass finds them all; work is linear in the text, whatever it holds. Offsets count code points.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

import regex
from msgspec import Struct

from folkmoot.kit.text.tags import SEPARATORS, WORD, trim_tag

if TYPE_CHECKING:
    from linkify_it import LinkifyIt

MAX_URL_CHARS = 2048
"""A longer one stays text: no browser bar shows it, and it bounds the work on each candidate."""

URL_WEIGHT = 23
"""What a link counts towards a post's length, however long it is; clients count likewise."""


class Mention(Struct, frozen=True, gc=False):
    """`@username` or `@username@domain`, as typed."""

    start: int
    end: int
    username: str
    domain: str | None

    @property
    def address(self) -> str:
        """`username` or `username@domain`, lowered: what two spellings of one address share."""
        if self.domain is None:
            return self.username.lower()
        return f"{self.username}@{self.domain}".lower()


class Tag(Struct, frozen=True, gc=False):
    """`#name`, as typed; `normalise_tag` gives the spelling to store."""

    start: int
    end: int
    name: str


class Link(Struct, frozen=True, gc=False):
    """A URL with its scheme, http or https."""

    start: int
    end: int
    url: str


class Emoji(Struct, frozen=True, gc=False):
    """`:shortcode:`, which stands for a custom emoji if one has that name."""

    start: int
    end: int
    shortcode: str


Span = Mention | Tag | Link | Emoji


class ParsedText(Struct, frozen=True):
    """A text and its spans: in order, not overlapping, offsets into `text`."""

    text: str
    spans: tuple[Span, ...] = ()

    @property
    def mentions(self) -> list[Mention]:
        return [span for span in self.spans if isinstance(span, Mention)]

    @property
    def tags(self) -> list[Tag]:
        return [span for span in self.spans if isinstance(span, Tag)]

    @property
    def links(self) -> list[Link]:
        return [span for span in self.spans if isinstance(span, Link)]

    @property
    def emoji(self) -> list[Emoji]:
        return [span for span in self.spans if isinstance(span, Emoji)]


# Each branch begins with its own trigger character and only then looks behind it: the search
# skips from trigger to trigger. Quantifiers are possessive, so nothing is ever tried twice.
_SPAN = regex.compile(
    rf"""
      @(?<![=/{WORD}]@)
        (?P<username>[A-Za-z0-9_]++(?:[.-]++[A-Za-z0-9_]++)*+)
        (?:@(?P<domain>[{WORD}]++(?:[.-]++[{WORD}]++)*+))?+
    | [#＃](?<![=/){WORD}].)(?P<tag>[{WORD}][{WORD}{SEPARATORS}]*+)
    | :(?<![\p{{Alnum}}:]:)(?P<shortcode>[A-Za-z0-9_]{{2,}}+):(?![\p{{Alnum}}:])
    | [hH][tT][tT][pP](?<![A-Za-z0-9@＠$#＃]....)(?P<secure>[sS]?+)://
    """,
    regex.VERBOSE | regex.V1,
)

# Besides white space and brackets of markup: punctuation that only a sentence written without
# spaces puts behind a URL. Copied URLs carry these characters percent-encoded.
_URL_STOP = regex.compile(
    r"[\p{White_Space}\p{Cc}<>（），、。；：！？「」『』《》【】〈〉“”]", regex.V1
)
_AUTHORITY = regex.compile(r"[^/?#]*+")

# Characters that never join with a neighbour: enough to count most posts without the full rules.
_LONE = re.compile(
    r"[\n -~\u00a0-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u2027\u2030-\u205e"
    r"\u3001-\u3029\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uff01-\uff9d]*+"
)
_GRAPHEME = regex.compile(r"\X")


@cache
def _linkifier() -> "LinkifyIt":
    from linkify_it import LinkifyIt

    return LinkifyIt()


def parse_post(text: str, *, links: bool = True) -> ParsedText:
    """Find the mentions, tags, links and emoji shortcodes of `text`, by Mastodon's rules.

    Nothing is looked up: whether a mention leads to anybody, the caller knows. With `links=False`
    URLs are left as text.
    """
    spans: list[Span] = []
    position = 0
    stop = -1
    search = _SPAN.search
    while match := search(text, position):
        kind = match.lastgroup
        start, position = match.span()
        if kind == "tag":
            name = trim_tag(match["tag"])
            if name is not None:
                position = start + 1 + len(name)
                spans.append(Tag(start, position, name))
        elif kind == "shortcode":
            spans.append(Emoji(start, position, match["shortcode"]))
        elif kind == "secure":
            if stop < position:
                stop = _stop_after(text, position)
            end = _url_end(text, start, position, stop)
            # Nothing inside a URL that proved too long is worth another look.
            if end is None:
                position = stop
            elif end > position:
                position = end
                if links:
                    spans.append(Link(start, end, text[start:end]))
        else:
            spans.append(Mention(start, position, match["username"], match["domain"]))
    return ParsedText(text, tuple(spans))


def _stop_after(text: str, position: int) -> int:
    stop = _URL_STOP.search(text, position)
    return stop.start() if stop else len(text)


def _url_end(text: str, start: int, after_slashes: int, stop: int) -> int | None:
    """Give where the URL begun at `start` ends: `after_slashes` if it is none, None if too long."""
    candidate = _without_open_bracket(text[start : min(stop, start + MAX_URL_CHARS + 1)])
    scheme = after_slashes - start - 2
    length: int = _linkifier().test_schema_at(candidate, candidate[:scheme].lower(), scheme)
    if not length:
        return after_slashes
    if scheme + length > MAX_URL_CHARS:
        return None
    authority = _AUTHORITY.match(candidate, scheme + 2, scheme + length)
    host = authority[0] if authority else ""
    # A bare word is no public host, and what stands before an @ only disguises the real host.
    if "." not in host or "@" in host:
        return after_slashes
    return start + scheme + length


def _without_open_bracket(candidate: str) -> str:
    """Cut a URL before a bracket that nothing closes.

    It would end there anyway; knowing so here spares the search for the closing one, which many
    such URLs in a row would make expensive.
    """
    for opening, closing in ("()", "[]", "{}"):
        bracket = candidate.find(opening)
        if bracket >= 0 and candidate.rfind(closing) < bracket:
            candidate = candidate[:bracket]
    return candidate


def count_graphemes(text: str) -> int:
    """Count what a reader sees as characters: extended grapheme clusters (Unicode annex 29)."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    if _LONE.fullmatch(text):
        return len(text)
    return len(_GRAPHEME.findall(text))


def post_length(text: str | ParsedText) -> int:
    """Count `text` as Mastodon's clients do.

    A link weighs 23 whatever its length, a mention counts without its domain, and everything else
    by what a reader sees as a character.
    """
    if isinstance(text, str):
        if "://" not in text and "@" not in text:
            return count_graphemes(text)
        text = parse_post(text)
    pieces: list[str] = []
    position = 0
    for span in text.spans:
        if isinstance(span, Link):
            replacement = "x" * URL_WEIGHT
        elif isinstance(span, Mention) and span.domain is not None:
            replacement = f"@{span.username}"
        else:
            continue
        pieces.append(text.text[position : span.start])
        pieces.append(replacement)
        position = span.end
    pieces.append(text.text[position:])
    return count_graphemes("".join(pieces))
