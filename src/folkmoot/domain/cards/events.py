"""Facts about cards."""

import msgspec

from folkmoot.domain.cards.model import CardId


class LinkLed(msgspec.Struct, frozen=True):
    """The link of these posts turned out to lead to another domain than it names."""

    post_ids: tuple[int, ...]


class CardChanged(msgspec.Struct, frozen=True):
    """A card can be shown with the posts that link to it, or shows something else."""

    card_id: CardId
    post_ids: tuple[int, ...]
