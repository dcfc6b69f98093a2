"""Facts about decisions."""

import msgspec

from folkmoot.domain.decisions.model import Decision


class Decided(msgspec.Struct, frozen=True):
    """A decision was taken and is in force."""

    decision: Decision


class DecisionEnded(msgspec.Struct, frozen=True):
    """A decision is in force no longer; it says how it ended, and by which appeal if by one."""

    decision: Decision
    appeal: str = ""


class DecisionKept(msgspec.Struct, frozen=True):
    """A decision without an end was looked at again and stays in force, for a reason."""

    decision: Decision
    reason: str
