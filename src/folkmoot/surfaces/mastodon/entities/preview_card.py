"""PreviewCard."""

from html import escape

import msgspec

from folkmoot.domain.cards.model import Card
from folkmoot.kit.clock import iso
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.account import Account
from folkmoot.surfaces.mastodon.entities.encoded import encoded


class PreviewCardAuthor(msgspec.Struct):
    """Who wrote what is linked to; `account` when the page and an account name each other."""

    name: str
    url: str
    account: Account | None


class PreviewCard(msgspec.Struct, kw_only=True):
    """What a linked page says of itself."""

    url: str
    title: str
    description: str
    language: str | None
    type: str
    authors: list[PreviewCardAuthor]
    author_name: str
    author_url: str
    provider_name: str
    provider_url: str
    html: str
    width: int
    height: int
    image: str | None
    image_description: str
    embed_url: str
    blurhash: str | None
    published_at: str | None


class LinkUse(msgspec.Struct):
    """How often a link was posted on a day, which is given in seconds since the epoch."""

    day: str
    accounts: str
    uses: str


class TrendsLink(PreviewCard, kw_only=True):
    """A card with the use of its link over the last days, newest first."""

    history: list[LinkUse]


def build_card(app: App, card: Card, author: msgspec.Raw | None) -> PreviewCard:
    """The entity of a card; `author` is the encoded account of who wrote the page, if known."""
    authors = []
    shown = None if author is None else encoded(author)
    if author is not None or card.author_name:
        authors.append(PreviewCardAuthor(card.author_name, card.author_url, shown))
    return PreviewCard(
        url=card.url,
        title=card.title,
        description=card.description,
        language=card.language or None,
        type=card.kind,
        authors=authors,
        author_name=card.author_name,
        author_url=card.author_url,
        provider_name=card.provider_name,
        provider_url=card.provider_url,
        html=_frame(card) if card.kind == "video" else "",
        width=card.width,
        height=card.height,
        image=app.media_url(card.image),
        image_description=card.image_description,
        embed_url=card.embed_url if card.kind == "photo" else "",
        blurhash=card.blurhash or None,
        published_at=None if card.published_at is None else iso(card.published_at),
    )


def _frame(card: Card) -> str:
    """A frame around the page's own player; clients show it when their reader asks for it."""
    return (
        f'<iframe src="{escape(card.embed_url)}" width="{card.width}" height="{card.height}"'
        ' frameborder="0" allowfullscreen="" sandbox="allow-scripts allow-same-origin'
        ' allow-popups allow-popups-to-escape-sandbox allow-forms"></iframe>'
    )
