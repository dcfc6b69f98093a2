"""Start tags of a web page in order, however broken the page.

The few rules of the HTML standard's tokeniser that matter here, in one pass: the standard
library's parser takes quadratic time on some broken input.
"""

import html as entities
import re
from collections.abc import Collection, Iterator

import msgspec

MAX_VALUE_CHARS = 4096

_TAG = re.compile(r"<(?:(!--)|(/?)([a-zA-Z][^\s/>]*+))")
# To the end of a tag: only after an equals sign do quotes enclose anything.
_REST = re.compile(r"""(?:[^>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+|["'])*+>""")
_ATTRIBUTE = re.compile(
    r"""[\s/]*+([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>]*+)))?+"""
)
# What stands in these is no markup, up to the closing tag of the same name.
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "template", "noframes", "xmp", "iframe")
}


class StartTag(msgspec.Struct, frozen=True):
    """A start tag; of `title` also the text inside. Names are lowered, values unescaped."""

    name: str
    attributes: dict[str, str]
    text: str = ""


def scan_tags(html: str, names: Collection[str]) -> Iterator[StartTag]:
    """Give the start tags called one of `names`, outside comments and scripts."""
    position = 0
    while opening := _TAG.search(html, position):
        if opening[1]:
            # The dashes that open may close as well: `<!-->` is a whole comment.
            end = html.find("-->", opening.end() - 2)
            if end < 0:
                return
            position = end + 3
            continue
        rest = _REST.match(html, opening.end())
        if rest is None:
            # A tag that never ends swallows the page; so it does in a browser.
            return
        position = rest.end()
        if opening[2]:
            continue
        name = opening[3].lower()
        text = ""
        if name in _RAW:
            closing = _RAW[name].search(html, position)
            if closing is None:
                return
            text = html[position : closing.start()] if name == "title" else ""
            position = closing.end()
        if name in names:
            attributes = _read_attributes(html, opening.end(), rest.end() - 1)
            yield StartTag(name, attributes, _unescape(text))


def _read_attributes(html: str, start: int, end: int) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(html, start, end):
        value = match[2] or match[3] or match[4] or ""
        # The first of two attributes of one name counts.
        attributes.setdefault(match[1].lower(), _unescape(value))
    return attributes


def _unescape(value: str) -> str:
    """Resolve references; in a bounded piece, because a number may have too many digits."""
    value = value[:MAX_VALUE_CHARS]
    return entities.unescape(value) if "&" in value else value
