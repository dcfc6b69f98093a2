"""Usage, suggestions and trends as values, and the formula of trends (docs/trends.md)."""

from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.posts.model import PostId
from folkmoot.kit import clock
from folkmoot.kit.errors import Invalid, NotFound

WINDOW_DAYS = 7
"""How far back the use of tags and links counts."""

POST_WINDOW = 3 * clock.DAY
HALF_LIFE = clock.DAY
POST_HALF_LIFE = 12 * clock.HOUR
MIN_PEOPLE = 2
"""One person alone sets no trend."""

PER_AUTHOR = 2
"""Posts of one author among those that trend."""

MOST_TRENDS = 40


class LinkNotTrending(NotFound):
    """Record not found"""


class TrendNotFound(NotFound):
    """Record not found"""


class TrendsNotReviewed(Invalid):
    """Nobody lets trends through here: what trends follows from the published formula alone"""


class Usage(msgspec.Struct, frozen=True):
    """How many members there are and how many of them were active; `posts` are theirs."""

    members: int
    posts: int
    active_month: int
    active_half_year: int


class Source(StrEnum):
    """Why an account is suggested."""

    TEAM = "team"
    FRIENDS = "friends"
    FOLLOWED = "followed"


class Suggestion(msgspec.Struct):
    """An account that somebody may want to follow, and why they are told of it."""

    account_id: AccountId
    sources: list[Source]


class Kind(StrEnum):
    """What trends."""

    TAG = "tag"
    POST = "post"
    LINK = "link"


class Trend(msgspec.Struct, frozen=True):
    """A row of trends, in the table's order; the first rank is 0."""

    kind: str
    rank: int
    subject_id: int
    author_id: int
    score: float


class Candidate(msgspec.Struct, frozen=True):
    """What might trend: how much it was used, and how long ago, by so many people."""

    subject_id: int
    author_id: int
    score: float
    people: int


class PostUse(msgspec.Struct, frozen=True):
    """A recent public post and what others did with it."""

    id: PostId
    author_id: AccountId
    created_at: int
    boosts: int
    favourites: int


class DayUse(msgspec.Struct, frozen=True):
    """By how many accounts something was used on a day, which is given by its midnight."""

    subject_id: int
    day: int
    uses: int
    accounts: int


def is_web_address(text: str) -> bool:
    """Whether a text can be taken apart as the address of a web page."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def decay(score: float, age: int, half_life: int) -> float:
    """A score as it counts now: half of it after each half-life."""
    return float(score * 0.5 ** (max(0, age) / half_life))


def score_days(days: Iterable[DayUse], now: int) -> list[Candidate]:
    """Tags or links by the accounts that used them each day, older days counting less."""
    scores: dict[int, float] = {}
    people: dict[int, int] = {}
    today = clock.day_start(now)
    for day in days:
        counted = decay(day.accounts, today - day.day, HALF_LIFE)
        scores[day.subject_id] = scores.get(day.subject_id, 0.0) + counted
        people[day.subject_id] = max(people.get(day.subject_id, 0), day.accounts)
    return [Candidate(subject, 0, score, people[subject]) for subject, score in scores.items()]


def score_posts(posts: Iterable[PostUse], now: int) -> list[Candidate]:
    """Posts by their boosts and favourites, older posts counting less."""
    return [
        Candidate(
            post.id,
            post.author_id,
            decay(post.boosts + post.favourites, now - post.created_at, POST_HALF_LIFE),
            max(post.boosts, post.favourites),
        )
        for post in posts
    ]


def rank(kind: Kind, candidates: Iterable[Candidate]) -> list[Trend]:
    """The best, best first; of equals the newer. No author takes more than a few places."""
    taken: dict[int, int] = {}
    ranked: list[Trend] = []
    for each in sorted(candidates, key=lambda c: (-c.score, -c.subject_id)):
        if each.people < MIN_PEOPLE or len(ranked) == MOST_TRENDS:
            continue
        if each.author_id:
            if taken.get(each.author_id, 0) == PER_AUTHOR:
                continue
            taken[each.author_id] = taken.get(each.author_id, 0) + 1
        score = round(each.score, 6)
        ranked.append(Trend(kind, len(ranked), each.subject_id, each.author_id, score))
    return ranked
