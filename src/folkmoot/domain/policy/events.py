"""Facts about what binds."""

import msgspec

from folkmoot.domain.policy.model import Version


class VersionPublished(msgspec.Struct, frozen=True):
    """A version stands, with its rules and documents, from now on; it may take effect later."""

    version: Version
