"""Text: what people type, taken apart, measured, shown as HTML, and found again.

`markup` parses and counts, `render`, `profile` and `markdown` write HTML, `html` tames the HTML of
others, `tags` and `languages` know names; `terms` feeds the full-text index, `search` reads
queries; `changes` compares two texts.
"""

from folkmoot.kit.text.changes import Piece, compare_paragraphs, compare_words
from folkmoot.kit.text.html import sanitise_html, to_plain
from folkmoot.kit.text.languages import LANGUAGES, Language, normalise_language
from folkmoot.kit.text.markdown import render_markdown
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
from folkmoot.kit.text.profile import field_html, note_html, sole_url
from folkmoot.kit.text.render import MentionUrls, escape, to_html
from folkmoot.kit.text.search import (
    Phrase,
    SearchQuery,
    parse_query,
    to_fts5,
    to_fts5_excluded,
    to_tsquery,
)
from folkmoot.kit.text.tags import is_tag, normalise_tag
from folkmoot.kit.text.terms import FTS5_TOKENIZER, index_terms, index_vector

__all__ = [
    "FTS5_TOKENIZER",
    "LANGUAGES",
    "Emoji",
    "Language",
    "Link",
    "Mention",
    "MentionUrls",
    "ParsedText",
    "Phrase",
    "Piece",
    "SearchQuery",
    "Span",
    "Tag",
    "compare_paragraphs",
    "compare_words",
    "count_graphemes",
    "escape",
    "field_html",
    "index_terms",
    "index_vector",
    "is_tag",
    "normalise_language",
    "normalise_tag",
    "note_html",
    "parse_post",
    "parse_query",
    "post_length",
    "render_markdown",
    "sanitise_html",
    "sole_url",
    "to_fts5",
    "to_fts5_excluded",
    "to_html",
    "to_plain",
    "to_tsquery",
]
