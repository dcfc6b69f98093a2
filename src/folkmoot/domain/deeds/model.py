"""Deeds as values, and the facts that a condition may ask for: names, types and meaning."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Protocol
from urllib.parse import urlsplit

import msgspec
import regex

from folkmoot.kit.clock import DAY, HOUR
from folkmoot.kit.criteria import Kind, LazyFacts, fold_text
from folkmoot.kit.text import parse_post
from folkmoot.kit.text.markup import Emoji, Tag, count_graphemes


class Event(StrEnum):
    """What is examined. Direct messages are not among it, by design."""

    POST = "post"
    EDIT = "edit"
    BOOST = "boost"
    QUOTE = "quote"
    IMPORT = "import"
    LINK = "link"
    PROFILE = "profile"
    SIGN_UP = "sign-up"


class Author(msgspec.Struct, frozen=True, gc=False):
    """Who acts, as far as conditions may know."""

    created_at: int
    followers: int = 0
    following: int = 0
    posts: int = 0
    local: bool = True
    bot: bool = False
    pictured: bool = False


class Medium(msgspec.Struct, frozen=True, gc=False):
    """A picture, film or sound. `hashes` are those of its pictures by which they are surely known
    again.
    """

    kind: str
    description: str = ""
    hashes: tuple[str, ...] = ()


class Later(Protocol):
    """Facts that take a look into the database; asked only for conditions that may hold."""

    def targets_of(self, urls: Sequence[str]) -> list[str]: ...
    def strangers_mentioned(self) -> int: ...
    def posts_since(self, since: int) -> int: ...
    def mentions_since(self, since: int) -> int: ...
    def copies_since(self, since: int) -> int: ...
    def copiers_since(self, since: int) -> int: ...
    def strikes_at(self, at: int) -> int: ...


class Deed(msgspec.Struct):
    """Something that was done, to be examined. `body` is all its words, as written: a post's
    text, warning, poll options and media descriptions, or a profile's name, text and fields and
    the reason given for signing up.
    """

    event: Event
    at: int
    author: Author
    body: str
    language: str = ""
    reply: bool = False
    public: bool = True
    tags: tuple[str, ...] = ()
    mentions: int = 0
    media: tuple[Medium, ...] = ()
    poll_options: int = 0
    later: Later | None = None
    _links: list[str] | None = None

    @property
    def links(self) -> list[str]:
        """The links in it, as written."""
        if self._links is None:
            body = self.body
            self._links = [found.url for found in parse_post(body).links] if "://" in body else []
        return self._links


class Fact(msgspec.Struct, frozen=True):
    """A fact by name. What is not `ready` costs a look into the database."""

    name: str
    kind: Kind
    meaning: str
    find: Callable[[Deed], Any]
    ready: bool = True


def _domains(deed: Deed) -> list[str]:
    led = deed.later.targets_of(deed.links) if deed.links and deed.later else []
    hosts = (urlsplit(url).hostname or "" for url in [*deed.links, *led])
    return list(dict.fromkeys(host.rstrip(".") for host in hosts))


def _capitals(deed: Deed) -> float:
    letters = sum(map(str.isalpha, deed.body))
    return sum(map(str.isupper, deed.body)) / letters if letters else 0.0


def _age(unit: int) -> Callable[[Deed], int]:
    return lambda deed: max(0, deed.at - deed.author.created_at) // unit


def _later(find: Callable[[Later, Deed], int]) -> Callable[[Deed], int]:
    return lambda deed: find(deed.later, deed) if deed.later else 0


_BOOL, _INT, _TEXT, _TEXTS = Kind.BOOL, Kind.INT, Kind.TEXT, Kind.TEXTS

FACTS = (
    Fact(
        "event",
        _TEXT,
        "what is done: post, edit, boost, quote, import (of a post from elsewhere), link (of a "
        "post, seen to lead elsewhere), profile or sign-up",
        lambda d: d.event.value,
    ),
    Fact(
        "text.body",
        _TEXT,
        "all words as written: text, warning, poll options, media descriptions; of a profile its "
        "name, text, fields and descriptions; of a sign-up the reason given, too",
        lambda d: d.body,
    ),
    Fact(
        "text.chars", _INT, "how many characters a reader sees", lambda d: count_graphemes(d.body)
    ),
    Fact("text.words", _INT, "how many words, parted by spaces", lambda d: len(d.body.split())),
    Fact("text.lines", _INT, "how many lines", lambda d: d.body.count("\n") + 1),
    Fact(
        "text.capitals",
        Kind.DOUBLE,
        "the share of letters that are capital, from 0.0 to 1.0",
        _capitals,
    ),
    Fact(
        "post.language",
        _TEXT,
        "the language given, as en; empty when none is",
        lambda d: d.language,
    ),
    Fact("post.reply", _BOOL, "whether it answers a post", lambda d: d.reply),
    Fact("post.public", _BOOL, "whether everybody may read it", lambda d: d.public),
    Fact("links.count", _INT, "how many links", lambda d: len(d.links)),
    Fact("links.urls", _TEXTS, "the links as written", lambda d: d.links),
    Fact(
        "links.domains",
        _TEXTS,
        "their domains, each once, in small letters, and those they were seen to lead to",
        _domains,
    ),
    Fact("tags.count", _INT, "how many hashtags", lambda d: len(d.tags)),
    Fact("tags.names", _TEXTS, "the hashtags, in small letters", lambda d: list(d.tags)),
    Fact("mentions.count", _INT, "how many people are mentioned", lambda d: d.mentions),
    Fact(
        "mentions.strangers",
        _INT,
        "how many of them do not follow the author",
        _later(lambda later, _: later.strangers_mentioned()),
        ready=False,
    ),
    Fact("media.count", _INT, "how many pictures, films and sounds", lambda d: len(d.media)),
    Fact(
        "media.kinds",
        _TEXTS,
        "what they are: image, gifv (moves without a sound), video or audio; of a profile image",
        lambda d: [one.kind for one in d.media],
    ),
    Fact(
        "media.descriptions",
        _TEXTS,
        "what their descriptions say, where they have one",
        lambda d: [one.description for one in d.media if one.description],
    ),
    Fact(
        "media.hashes",
        _TEXTS,
        "the PDQ hashes of pictures and of the frames that stand for films, of a quality from 50",
        lambda d: [each for one in d.media for each in one.hashes],
    ),
    Fact(
        "poll.options",
        _INT,
        "how many options its poll has; 0 without a poll",
        lambda d: d.poll_options,
    ),
    Fact("account.age_hours", _INT, "whole hours since the account was made", _age(HOUR)),
    Fact("account.age_days", _INT, "whole days since the account was made", _age(DAY)),
    Fact("account.followers", _INT, "how many follow it", lambda d: d.author.followers),
    Fact("account.following", _INT, "how many it follows", lambda d: d.author.following),
    Fact(
        "account.posts", _INT, "how many posts it has, this one included", lambda d: d.author.posts
    ),
    Fact(
        "account.local", _BOOL, "whether it is a member's of this server", lambda d: d.author.local
    ),
    Fact("account.bot", _BOOL, "whether it says that it is automated", lambda d: d.author.bot),
    Fact(
        "account.pictured",
        _BOOL,
        "whether it has a picture of its own",
        lambda d: d.author.pictured,
    ),
    Fact(
        "rates.posts_hour",
        _INT,
        "its posts and boosts of the last hour, this one included",
        _later(lambda later, d: later.posts_since(d.at - HOUR)),
        ready=False,
    ),
    Fact(
        "rates.posts_day",
        _INT,
        "its posts and boosts of the last 24 hours, this one included",
        _later(lambda later, d: later.posts_since(d.at - DAY)),
        ready=False,
    ),
    Fact(
        "rates.mentions_hour",
        _INT,
        "whom it mentioned in the last hour, each mention counted",
        _later(lambda later, d: later.mentions_since(d.at - HOUR)),
        ready=False,
    ),
    Fact(
        "copies.hour",
        _INT,
        "other posts of the last hour with the same words, whatever their links, mentions, "
        "numbers and signs",
        _later(lambda later, d: later.copies_since(d.at - HOUR)),
        ready=False,
    ),
    Fact(
        "copies.authors",
        _INT,
        "by how many other accounts those are",
        _later(lambda later, d: later.copiers_since(d.at - HOUR)),
        ready=False,
    ),
    Fact(
        "history.upheld",
        _INT,
        "decisions of the last year about it or its posts that people took and nobody undid",
        _later(lambda later, d: later.strikes_at(d.at)),
        ready=False,
    ),
)
KINDS: Mapping[str, Kind] = {fact.name: fact.kind for fact in FACTS}
# Numbers that the author brings along cost nothing; what a walk through the text tells comes last.
READY = tuple(
    sorted(
        (fact.name for fact in FACTS if fact.ready),
        key=lambda name: name.startswith("text."),
    )
)
_FINDERS = {fact.name: fact.find for fact in FACTS}


def facts_of(deed: Deed) -> LazyFacts:
    """The facts about a deed, each found out when asked for."""
    return LazyFacts(deed, _FINDERS)


# Greetings are short and alike everywhere; to say the same at length is no accident.
LEAST_LETTERS = 20
_LETTERS = regex.compile(r"[\p{L}\p{M}]++")


def print_of(text: str) -> int | None:
    """Two texts have the same print when they have the same letters in the same order, beside
    links, mentions, numbers, signs and case. None for texts too short to tell.
    """
    pieces, at = [], 0
    for span in parse_post(text).spans:
        if not isinstance(span, Tag | Emoji):
            pieces.append(text[at : span.start])
            at = span.end
    letters = "".join(_LETTERS.findall(fold_text(" ".join([*pieces, text[at:]]))))
    if len(letters) < LEAST_LETTERS and len(letters.encode()) < 2 * LEAST_LETTERS:
        return None
    digest = blake2b(letters.encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
