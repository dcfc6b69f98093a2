"""Facts about cards."""

import msgspec

from folkmoot.domain.cards.model import CardId


class CardChanged(msgspec.Struct, frozen=True):
    """A card can be shown with the posts that link to it, or shows something else."""

    card_id: CardId
    post_ids: tuple[int, ...]
