"""Facts about cases."""

import msgspec

from folkmoot.domain.decisions.model import Decision
from folkmoot.domain.review.model import Case


class CaseOpened(msgspec.Struct, frozen=True):
    """There is something to judge that nothing was to judge about before."""

    case: Case


class CaseClosed(msgspec.Struct, frozen=True):
    """A case was decided."""

    case: Case
    decision: Decision
