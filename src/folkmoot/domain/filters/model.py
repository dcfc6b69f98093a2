"""Filters as values, and how a text is held against them."""

from enum import StrEnum

import msgspec
import regex

from folkmoot.domain.accounts.model import AccountId
from folkmoot.kit.errors import Invalid, NotFound
from folkmoot.kit.text.terms import DENSE

MAX_TITLE = 256
MAX_KEYWORD = 512
MAX_KEYWORDS = 500

CONTEXTS = ("home", "notifications", "public", "thread", "account")


class FilterNotFound(NotFound):
    """Record not found"""


class FilterInvalid(Invalid):
    """Validation failed"""


class TooManyFilters(Invalid):
    """You may have at most {limit} filters"""


class SharedFilter(Invalid):
    """This filter has several keywords: change where, how and how long it works as a whole"""


class FilterAction(StrEnum):
    """What to do with a post that matches."""

    WARN = "warn"
    HIDE = "hide"
    BLUR = "blur"


class Keyword(msgspec.Struct):
    """A row of filter_keywords."""

    id: int
    filter_id: int
    account_id: AccountId
    keyword: str
    whole_word: bool


class FilteredPost(msgspec.Struct):
    """A row of filter_posts."""

    id: int
    filter_id: int
    account_id: AccountId
    post_id: int


class FilterRow(msgspec.Struct):
    """A row of filters; `contexts` are parted by spaces."""

    id: int
    account_id: AccountId
    title: str
    contexts: str
    action: str
    expires_at: int | None
    created_at: int


class Filter(msgspec.Struct):
    """A filter with all it holds."""

    id: int
    title: str
    contexts: tuple[str, ...]
    action: str
    expires_at: int | None
    keywords: list[Keyword]
    posts: list[FilteredPost]


class KeywordDraft(msgspec.Struct, frozen=True):
    """A keyword to add, or with an id to change or remove; None leaves a value as it is."""

    keyword: str | None = None
    whole_word: bool | None = None
    id: int | None = None
    removed: bool = False


class Match(msgspec.Struct, frozen=True):
    """Why a filter matches a post."""

    filter: Filter
    keywords: tuple[str, ...]
    post_ids: tuple[int, ...]


def check_title(title: str) -> str:
    """The title without space around it; FilterInvalid."""
    title = title.strip()
    if not title:
        raise FilterInvalid("Title can't be blank")
    if len(title) > MAX_TITLE:
        raise FilterInvalid(f"Title is too long (maximum is {MAX_TITLE} characters)")
    return title


def check_contexts(contexts: tuple[str, ...]) -> str:
    """The contexts as they are stored; FilterInvalid when there is none or an unknown one."""
    if not contexts:
        raise FilterInvalid("Context can't be blank, Context None or invalid context supplied")
    if not set(contexts) <= set(CONTEXTS):
        raise FilterInvalid("Context None or invalid context supplied")
    return " ".join(name for name in CONTEXTS if name in contexts)


def check_action(action: str) -> FilterAction:
    """The action of that name; FilterInvalid."""
    if action not in set(FilterAction):
        raise FilterInvalid(f"'{action[:40]}' is not a valid filter_action")
    return FilterAction(action)


def check_keyword(keyword: str) -> str:
    """The keyword without space around it; FilterInvalid."""
    keyword = keyword.strip()
    if not keyword:
        raise FilterInvalid("Keyword can't be blank")
    if len(keyword) > MAX_KEYWORD:
        raise FilterInvalid(f"Keyword is too long (maximum is {MAX_KEYWORD} characters)")
    return keyword


# Scripts that part their words by spaces. Others have no ends of words to look for.
_SPACED = rf"[\w--{DENSE}]"
_IS_SPACED = regex.compile(_SPACED, regex.V1)


def _whole(keyword: str) -> regex.Pattern[str] | None:
    """What finds a keyword as a whole word: no letter of a spaced script beside one of its own.

    None where it ends in no such letters, so that finding it anywhere is enough.
    """
    before = rf"(?<!{_SPACED})" if _IS_SPACED.match(keyword[0]) else ""
    after = rf"(?!{_SPACED})" if _IS_SPACED.match(keyword[-1]) else ""
    if not before and not after:
        return None
    return regex.compile(before + regex.escape(keyword) + after, regex.V1)


class Sieve:
    """The filters of one member, made ready. Keywords are compared without regard to case."""

    __slots__ = ("_filters",)

    def __init__(self, filters: list[Filter]) -> None:
        self._filters = [
            (
                one,
                [
                    (k.keyword, folded, _whole(folded) if k.whole_word else None)
                    for k in one.keywords
                    if (folded := k.keyword.casefold())
                ],
                {p.post_id for p in one.posts},
            )
            for one in filters
        ]

    def match(self, folded: str, post_ids: tuple[int, ...], *, now: int) -> list[Match]:
        """Which filters match a post: `folded` is what it says, case-folded; `post_ids` are its
        own and that of its boost."""
        found: list[Match] = []
        for one, keywords, filtered in self._filters:
            if one.expires_at is not None and one.expires_at <= now:
                continue
            words = tuple(
                shown
                for shown, word, whole in keywords
                if word in folded and (whole is None or whole.search(folded) is not None)
            )
            ids = tuple(i for i in post_ids if i in filtered)
            if words or ids:
                found.append(Match(one, words, ids))
        return found
