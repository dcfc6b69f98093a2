"""What people write about themselves: a note of some lines, and labelled fields of one line."""

from collections.abc import Callable

from folkmoot.kit.text.markup import parse_post
from folkmoot.kit.text.render import MentionUrls, to_html

FIELD_REL = "me nofollow noopener"
"""A link in a field claims that what it leads to is the same person's; IndieWeb's rel-me."""


def note_html(
    note: str, *, mention_url: MentionUrls, tag_url: Callable[[str], str], with_domains: bool = True
) -> str:
    """Give a profile's note as HTML; it is marked up like a post."""
    return to_html(
        parse_post(note), mention_url=mention_url, tag_url=tag_url, with_domains=with_domains
    )


def field_html(value: str, *, mention_url: MentionUrls, tag_url: Callable[[str], str]) -> str:
    """Give a profile field's value as one line of HTML, without a paragraph around it."""
    return to_html(
        parse_post(value.strip()),
        mention_url=mention_url,
        tag_url=tag_url,
        link_rel=FIELD_REL,
        multiline=False,
        with_domains=True,
    )


def sole_url(value: str) -> str | None:
    """Give the URL that is all of a field's value, so that it can be verified; None otherwise."""
    value = value.strip()
    links = parse_post(value).links
    return value if links and links[0].url == value else None
