"""Why something cannot be done with a post."""

from folkmoot.kit.errors import Invalid


class OthersNotPinned(Invalid):
    """Someone else's post cannot be pinned"""


class BoostNotPinned(Invalid):
    """A boost cannot be pinned"""


class DirectNotPinned(Invalid):
    """Posts that are only visible to mentioned users cannot be pinned"""


class TooManyPinned(Invalid):
    """You have already pinned the maximum number of posts ({most})"""
