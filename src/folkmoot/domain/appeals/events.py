"""Facts about appeals."""

import msgspec

from folkmoot.domain.appeals.model import Appeal


class AppealFiled(msgspec.Struct, frozen=True):
    """Somebody contests a decision."""

    appeal: Appeal


class AppealDecided(msgspec.Struct, frozen=True):
    """An independent reviewer has answered."""

    appeal: Appeal
