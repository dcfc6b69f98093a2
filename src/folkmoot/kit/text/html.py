"""HTML that strangers wrote: made safe to show, or made plain text.

What is allowed follows what Mastodon lets through, so that posts look alike in both places.
"""

import html as entities
import re

import nh3

MAX_TAGS = 4000
"""Tags beyond this number are cut off: parsing time grows with the square of their nesting."""

_TAGS = {
    *("p", "br", "span", "a", "abbr", "del", "s", "pre", "blockquote", "code", "b", "strong"),
    *("u", "sub", "sup", "i", "em", "ul", "ol", "li", "ruby", "rt", "rp"),
}
_ATTRIBUTES = {
    "a": {"href", "class", "title", "translate"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "li": {"value"},
    "ol": {"start", "reversed"},
    "span": {"class", "translate"},
}
_SCHEMES = {
    *("http", "https", "dat", "dweb", "ipfs", "ipns", "ssb", "gopher", "gemini"),
    *("xmpp", "magnet", "mailto"),
}
# Clients restyle mentions, tags and shortened links by these classes; any other could borrow a
# style of the page it lands on.
_CLASS = re.compile(r"(?:h|p|u|dt|e)-[a-z0-9-]++|mention|hashtag|ellipsis|invisible|quote-inline")
_HEADING = re.compile(r"<(/?)h[1-6](?=[\s/>])[^<>]*+>", re.IGNORECASE)

_LINK_REL = "nofollow noopener"

_PLAIN_TAGS = {"p", "br", "li", "ul", "ol", "pre", "blockquote", "div", "tr"}
_BLOCKS = {*_PLAIN_TAGS} - {"br", "li", "pre"}
_PRE = re.compile(r"(</?pre>)")
_SPACE = re.compile(r"[ \t\r\n\f]{2,}+|[\t\r\n\f]")
_BLOCK_EDGE = re.compile(rf" ?</?(?:{'|'.join(sorted(_BLOCKS))})> ?")
_ITEM = re.compile(r" ?<li> ?")
_LINE = re.compile(r" ?<br> ?")
_BLANK_LINES = re.compile(r"\n{3,}")


def sanitise_html(html: str) -> str:
    """Give `html` with nothing in it but harmless formatting and links to known schemes.

    Headings become strong paragraphs; links open elsewhere and tell crawlers not to follow.
    """
    if "<" not in html and "&" not in html and ">" not in html:
        return html
    cut = _HEADING.sub(_strong_paragraph, _cut_tags(html))
    return _SANITISER.clean(cut)


def _cut_tags(html: str) -> str:
    if html.count("<") <= MAX_TAGS:
        return html
    return "<".join(html.split("<", MAX_TAGS + 1)[: MAX_TAGS + 1])


def _strong_paragraph(match: re.Match[str]) -> str:
    return "</strong></p>" if match[1] else "<p><strong>"


def _keep_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        kept = [name for name in value.split() if _CLASS.fullmatch(name)]
        return " ".join(kept) or None
    if attribute == "translate":
        return value if value == "no" else None
    return value


_SANITISER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_keep_attribute,
    url_schemes=_SCHEMES,
    link_rel=_LINK_REL,
    set_tag_attribute_values={"a": {"target": "_blank"}},
    # A relative link was relative to somebody else's server.
    url_relative="deny",
)
_PLAINER = nh3.Cleaner(tags=_PLAIN_TAGS, attributes={}, link_rel=None)


def to_plain(html: str) -> str:
    """Give the text of `html` as a person would type it.

    Paragraphs are parted by an empty line; the whole URL of a shortened link is kept.
    """
    if "<" not in html and "&" not in html:
        return _tidy(_SPACE.sub(" ", html))
    # What the parser writes back is canonical: bare tags, balanced, nothing to be mistaken for one.
    cleaned = _PLAINER.clean(_HEADING.sub(_strong_paragraph, _cut_tags(html)))
    pieces: list[str] = []
    depth = 0
    for piece in _PRE.split(cleaned):
        if piece in {"<pre>", "</pre>"}:
            depth += 1 if piece == "<pre>" else -1
            pieces.append("\n\n")
        else:
            pieces.append(_unmark(piece if depth else _SPACE.sub(" ", piece)))
    return _tidy(entities.unescape("".join(pieces)).replace("\u00a0", " "))


def _unmark(piece: str) -> str:
    piece = _ITEM.sub("\n- ", piece.replace("</li>", ""))
    return _BLOCK_EDGE.sub("\n\n", _LINE.sub("\n", piece))


def _tidy(text: str) -> str:
    return _BLANK_LINES.sub("\n\n", text).strip()
