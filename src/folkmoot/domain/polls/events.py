"""Facts about polls."""

import msgspec

from folkmoot.domain.polls.model import Poll


class PollEnded(msgspec.Struct, frozen=True):
    """A poll's time ran out; its author and who voted may want to know."""

    poll: Poll
