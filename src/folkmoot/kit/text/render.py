"""Parsed text as HTML, in the shape Mastodon's clients know how to read and restyle."""

from collections.abc import Callable, Mapping

import regex

from folkmoot.kit.text.markup import Emoji, Link, Mention, ParsedText, Tag

MentionUrls = Callable[[Mention], str | None] | Mapping[str, str]
"""Where a mention leads: a function, or a mapping by `Mention.address`. None: leave it as text."""

SHOWN_URL_CHARS = 30

_PARAGRAPH_BREAK = regex.compile(r"\n\n++")
_URL_PREFIX = regex.compile(r"https?://(?:www\.)?", regex.IGNORECASE)


def escape(text: str) -> str:
    """Make `text` safe inside an element and inside a double-quoted attribute."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if '"' in text:
        text = text.replace('"', "&quot;")
    if "'" in text:
        text = text.replace("'", "&#39;")
    return text


def to_html(
    parsed: ParsedText,
    *,
    mention_url: MentionUrls,
    tag_url: Callable[[str], str],
    link_rel: str = "nofollow noopener",
    multiline: bool = True,
    with_domains: bool = False,
) -> str:
    """Give `parsed` as HTML that is safe to show.

    `tag_url` gets the tag as typed. An empty line parts paragraphs, a line break stays one; with
    `multiline=False` the inline HTML alone is given, its line breaks turned into spaces. A mention
    shows its domain where two people of one name are mentioned, or always `with_domains`.
    """
    text = parsed.text
    resolve = _resolver(mention_url)
    ambiguous = _ambiguous_usernames(parsed)
    pieces: list[str] = []
    position = 0
    for span in parsed.spans:
        if isinstance(span, Emoji):
            continue
        if isinstance(span, Link):
            html = link_html(span.url, rel=link_rel)
        elif isinstance(span, Tag):
            html = _tag_html(span.name, tag_url(span.name))
        else:
            url = resolve(span)
            if url is None:
                continue
            with_domain = with_domains or span.username.lower() in ambiguous
            html = _mention_html(span, url, with_domain=with_domain)
        pieces.append(escape(text[position : span.start]))
        pieces.append(html)
        position = span.end
    pieces.append(escape(text[position:]))
    inline = "".join(pieces)
    return _paragraphs(inline) if multiline else " ".join(inline.splitlines())


def link_html(url: str, *, rel: str) -> str:
    """Give a link whose text hides the scheme and what exceeds thirty characters.

    Both stay in the document for whoever copies the text.
    """
    prefix = _URL_PREFIX.match(url)
    shown_from = prefix.end() if prefix else 0
    shown_to = shown_from + SHOWN_URL_CHARS
    rest = url[shown_to:]
    return (
        f'<a href="{escape(url)}" rel="{rel}" target="_blank" translate="no">'
        f'<span class="invisible">{escape(url[:shown_from])}</span>'
        f'<span class="{"ellipsis" if rest else ""}">{escape(url[shown_from:shown_to])}</span>'
        f'<span class="invisible">{escape(rest)}</span></a>'
    )


def _tag_html(name: str, url: str) -> str:
    # A tag holds word characters only: there is nothing in it to escape.
    return f'<a href="{escape(url)}" class="mention hashtag" rel="tag">#<span>{name}</span></a>'


def _mention_html(mention: Mention, url: str, *, with_domain: bool) -> str:
    name = mention.username
    if with_domain and mention.domain is not None:
        name = f"{name}@{mention.domain}"
    return (
        f'<span class="h-card" translate="no"><a href="{escape(url)}" class="u-url mention">'
        f"@<span>{name}</span></a></span>"
    )


def _resolver(mention_url: MentionUrls) -> Callable[[Mention], str | None]:
    if not isinstance(mention_url, Mapping):
        return mention_url
    urls = mention_url
    return lambda mention: urls.get(mention.address)


def _ambiguous_usernames(parsed: ParsedText) -> set[str]:
    """Give the lowered usernames that the text mentions at more than one domain."""
    mentions = parsed.mentions
    if len(mentions) < 2:
        return set()
    addresses = {mention.address for mention in mentions}
    usernames = [address.partition("@")[0] for address in addresses]
    return {name for name in usernames if usernames.count(name) > 1}


def _paragraphs(inline: str) -> str:
    if "\r" in inline:
        inline = inline.replace("\r\n", "\n").replace("\r", "\n")
    inline = inline.strip("\n")
    if not inline:
        return ""
    if "\n" not in inline:
        return f"<p>{inline}</p>"
    paragraphs = _PARAGRAPH_BREAK.split(inline)
    return "".join(f"<p>{lines}</p>" for lines in paragraphs).replace("\n", "<br />")
