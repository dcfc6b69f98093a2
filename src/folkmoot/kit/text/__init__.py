"""Text: what people type, taken apart, measured, and shown as HTML.

`markup` parses and counts, `render` writes HTML, `tags` knows when two tags are one.
"""

from folkmoot.kit.text.markup import (
    Emoji,
    Link,
    Mention,
    ParsedText,
    Span,
    Tag,
    count_graphemes,
    parse_post,
    post_length,
)
from folkmoot.kit.text.render import escape, to_html
from folkmoot.kit.text.tags import is_tag, normalise_tag

__all__ = [
    "Emoji",
    "Link",
    "Mention",
    "ParsedText",
    "Span",
    "Tag",
    "count_graphemes",
    "escape",
    "is_tag",
    "normalise_tag",
    "parse_post",
    "post_length",
    "to_html",
]
