"""Usage, and later trends and suggestions, as values."""

import msgspec


class Usage(msgspec.Struct, frozen=True):
    """How many members there are and how many of them were active; `posts` are theirs."""

    members: int
    posts: int
    active_month: int
    active_half_year: int
