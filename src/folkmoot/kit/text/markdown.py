"""Markdown as operators write it: policies, rules, the description of a service."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # slow to load, and few pages need it

    return MarkdownIt("commonmark", {"html": False}).enable("table")


def render_markdown(text: str) -> str:
    """CommonMark and tables as HTML. HTML in the text is shown as text, and links lead only to
    addresses that cannot run anything."""
    return str(_parser().render(text)) if text.strip() else ""
