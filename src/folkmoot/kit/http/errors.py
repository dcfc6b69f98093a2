"""What can go wrong when another server is asked for something.

Each is a refusal of one kind, so that a surface can show it; the URL and the detail are for logs.
"""

from folkmoot.kit.errors import Invalid, NotFound, Refusal


class FetchFailed(Refusal):
    """The other server could not be reached or gave no usable answer"""

    def __init__(self, url: str, detail: str = "") -> None:
        super().__init__(url=url, detail=detail)
        self.url = url
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.sentence}: {self.url}" + (f" ({self.detail})" if self.detail else "")


class UrlRefused(FetchFailed, Invalid):
    """This address is not one that may be fetched"""


class AddressRefused(UrlRefused):
    """This address does not lead to the public internet"""


class Unreachable(FetchFailed, NotFound):
    """The other server cannot be reached"""


class TimedOut(Unreachable):
    """The other server took too long to answer"""


class TooManyRedirects(FetchFailed, NotFound):
    """The other server redirects too often"""


class TooBig(FetchFailed, NotFound):
    """The other server's answer is too big"""


class WrongType(FetchFailed, NotFound):
    """The other server answered with another kind of content than expected"""


class BrokenBody(FetchFailed, NotFound):
    """The other server's answer cannot be read"""


class BadStatus(FetchFailed, NotFound):
    """The other server answered with an error"""

    def __init__(self, url: str, status: int) -> None:
        super().__init__(url, str(status))
        self.status = status

    @property
    def is_gone(self) -> bool:
        """Whether asking again is pointless: it is not there, or no longer."""
        return self.status in {404, 410}

    @property
    def is_passing(self) -> bool:
        """Whether asking again later may help."""
        return self.status in {408, 425, 429} or self.status >= 500
