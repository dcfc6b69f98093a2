"""Posts as values, what makes a draft valid, and how a text is shown."""

from collections.abc import Sequence
from enum import IntEnum, StrEnum
from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import Account, AccountId
from folkmoot.domain.polls.model import PastPoll, PollDraft
from folkmoot.kit.errors import Forbidden, Invalid, NotFound
from folkmoot.kit.settings import Limits
from folkmoot.kit.text import ParsedText, normalise_tag, parse_post, post_length, to_html
from folkmoot.kit.text.render import link_html

PostId = NewType("PostId", int)


NOBODY = AccountId(0)
"""Whom an answer answers when that account is gone, or was never here."""


class Visibility(IntEnum):
    """Who may read a post; the larger, the fewer."""

    PUBLIC = 0
    UNLISTED = 1
    FOLLOWERS = 2
    DIRECT = 3
    WITHHELD = 4  # by a decision: its author alone; nobody can choose it


class QuotePolicy(StrEnum):
    """Who may quote a post beside its author."""

    PUBLIC = "public"
    FOLLOWERS = "followers"
    NOBODY = "nobody"


class QuoteState(StrEnum):
    """Whether the quoted author agreed; only an accepted quote shows what it quotes."""

    NONE = ""
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REVOKED = "revoked"
    DELETED = "deleted"


class PostNotFound(NotFound):
    """Record not found"""


class PostInvalid(Invalid):
    """Validation failed"""


class NotYourPost(Forbidden):
    """This action is not allowed"""


class ParentNotFound(NotFound):
    """The post you are replying to does not seem to exist"""


class QuotedNotFound(NotFound):
    """The post you are quoting does not seem to exist"""


class QuoteRefused(Forbidden):
    """The author of this post does not let you quote it"""


class QuotedNotMentioned(Invalid):
    """A direct post can quote only those whom it mentions"""


class Mentioned(msgspec.Struct, frozen=True):
    """A mentioned account as the post keeps it, to be presented without a look-up."""

    id: AccountId
    username: str
    acct: str
    url: str


class Label(msgspec.Struct, frozen=True):
    """What a decision lets everybody read beside a post, and by which rule of which version."""

    decision_id: int
    text: str
    rule_code: str
    version_id: int


class Restraint(msgspec.Struct, frozen=True, kw_only=True):
    """What all decisions in force do to a post together: whom it is for at most, whether its media
    are behind a screen, what is said beside it.
    """

    visibility: Visibility = Visibility.PUBLIC
    screened: bool = False
    labels: tuple[Label, ...] = ()


class Post(msgspec.Struct):
    """A row of posts, in the table's order. A boost has `boost_of_id` and no text of its own.

    `meant_for` is the visibility that its author chose, `visibility` the one in force: no wider,
    and narrower where a decision says so. A post that was held before anybody heard of it is
    `announced` when the hold ends.
    """

    id: PostId
    author_id: AccountId
    text: str
    html: str
    spoiler_text: str
    visibility: int
    language: str
    sensitive: bool
    in_reply_to_id: PostId | None
    in_reply_to_account_id: AccountId | None
    thread_id: PostId
    boost_of_id: PostId | None
    quote_of_id: PostId | None
    quote_state: str
    quote_policy: str
    app_id: int | None
    mentions: str
    tags: str
    media_count: int
    poll_id: int | None
    card_id: int | None
    url: str
    uri: str
    created_at: int
    edited_at: int | None
    pinned_at: int | None
    rev: int
    replies_count: int
    boosts_count: int
    favourites_count: int
    quotes_count: int
    local: bool
    meant_for: int
    screened: bool
    labels: str
    announced: bool

    @property
    def veiled(self) -> bool:
        """Whether its media are shown only on demand, by its author's wish or by a decision."""
        return self.sensitive or self.screened


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a member wants to publish. What is None is as the member prefers it.

    `scheduled_id` is the scheduled post that this was; its media are held for it.
    """

    text: str = ""
    spoiler_text: str = ""
    sensitive: bool | None = None
    visibility: Visibility | None = None
    language: str | None = None
    in_reply_to_id: PostId | None = None
    quote_of_id: PostId | None = None
    quote_policy: QuotePolicy | None = None
    media_ids: tuple[int, ...] = ()
    poll: PollDraft | None = None
    app_id: int | None = None
    scheduled_id: int = 0


class PastPost(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote elsewhere, to stand here as it was. `at` is when, `order` parts what
    was written in one moment. Of an answer to others, only that it is one is kept.
    """

    at: int
    order: int
    text: str
    edited_at: int | None = None
    spoiler_text: str = ""
    visibility: Visibility = Visibility.PUBLIC
    language: str = ""
    sensitive: bool = False
    parent_id: PostId | None = None
    answers_others: bool = False
    quoted_id: PostId | None = None
    media_ids: tuple[int, ...] = ()
    poll: PastPoll | None = None


class Preferences(msgspec.Struct, frozen=True):
    """What an author prefers where a draft is silent."""

    visibility: int = Visibility.PUBLIC
    sensitive: bool = False
    language: str = ""
    quote_policy: str = QuotePolicy.PUBLIC
    locale: str = ""


class Manner(msgspec.Struct, frozen=True):
    """How a draft is published, with everything settled."""

    visibility: Visibility
    sensitive: bool
    language: str
    quote_policy: str


class Written(msgspec.Struct, frozen=True):
    """A text and its warning as they stand on a post."""

    text: str
    spoiler_text: str
    parsed: ParsedText


def decode_mentions(post: Post) -> list[Mentioned]:
    return msgspec.json.decode(post.mentions, type=list[Mentioned])


def decode_labels(post: Post) -> list[Label]:
    return msgspec.json.decode(post.labels, type=list[Label])


def decode_tags(post: Post) -> list[str]:
    return msgspec.json.decode(post.tags, type=list[str])


def check_text(limits: Limits, text: str, spoiler_text: str, *, other: bool) -> Written:
    """The text and its warning as they will stand; PostInvalid when there is neither text nor
    anything `other` to show, or too much text. A warning of nothing is the text itself.
    """
    text, spoiler_text = text.strip(), spoiler_text.strip()
    if not text:
        text, spoiler_text = spoiler_text, ""
    if not text and not other:
        raise PostInvalid("Text can't be blank", field="text")
    parsed = parse_post(text)
    most = limits.post_chars
    if post_length(parsed) + post_length(spoiler_text) > most:
        raise PostInvalid(f"Text character limit of {most} exceeded", field="text")
    return Written(text, spoiler_text, parsed)


def render(
    base_url: str, parsed: ParsedText, mentioned: Sequence[Mentioned], *, quoted: Post | None = None
) -> str:
    """The HTML of a post's text.

    Clients that know no quotes find the quoted post by a link, in a paragraph that those who do
    leave out.
    """
    urls = {m.acct.lower(): m.url for m in mentioned}
    html = to_html(parsed, mention_url=urls, tag_url=lambda name: f"{base_url}/tags/{name}")
    if quoted is None or quoted.url in parsed.text:
        return html
    return quote_paragraph(quoted) + html


def quote_paragraph(quoted: Post) -> str:
    """The paragraph by which clients that know no quotes find the quoted post."""
    link = link_html(quoted.url, rel="nofollow noopener")
    return f'<p class="quote-inline">RE: {link}</p>'


def tag_names(parsed: ParsedText) -> list[tuple[str, str]]:
    """Each tag of a text once: its normalised name and the spelling used."""
    names = {normalise_tag(t.name): t.name for t in reversed(parsed.tags)}
    return list(reversed(names.items()))


def quote_policy_of(wish: str, visibility: int) -> str:
    """Who may quote a post of a visibility: only public and unlisted ones are for others."""
    return wish if visibility <= Visibility.UNLISTED else QuotePolicy.NOBODY


def answered_account(author_id: AccountId, parent: Post | None) -> AccountId | None:
    """Whom an answer answers. Who goes on with their own answer still answers the same person."""
    if parent is None:
        return None
    if parent.author_id == author_id and parent.in_reply_to_account_id is not None:
        return parent.in_reply_to_account_id
    return parent.author_id


def new_post(
    post_id: PostId,
    author: Account,
    text: Written,
    manner: Manner,
    *,
    base_url: str,
    created_at: int,
) -> Post:
    """The row of a post that answers and quotes nothing, mentions nobody and shows no media."""
    return Post(
        id=post_id,
        author_id=author.id,
        text=text.text,
        html=render(base_url, text.parsed, ()),
        spoiler_text=text.spoiler_text,
        visibility=int(manner.visibility),
        language=manner.language,
        sensitive=manner.sensitive or bool(text.spoiler_text),
        in_reply_to_id=None,
        in_reply_to_account_id=None,
        thread_id=post_id,
        boost_of_id=None,
        quote_of_id=None,
        quote_state=QuoteState.NONE,
        quote_policy=manner.quote_policy,
        app_id=None,
        mentions="[]",
        tags=msgspec.json.encode([name for name, _ in tag_names(text.parsed)]).decode(),
        media_count=0,
        poll_id=None,
        card_id=None,
        url=f"{base_url}/@{author.username}/{post_id}",
        uri=f"{base_url}/users/{author.username}/statuses/{post_id}",
        created_at=created_at,
        edited_at=None,
        pinned_at=None,
        rev=1,
        replies_count=0,
        boosts_count=0,
        favourites_count=0,
        quotes_count=0,
        local=author.is_local,
        meant_for=int(manner.visibility),
        screened=author.screened_at is not None,
        labels="[]",
        announced=True,
    )


def boost_of(
    original: Post, booster: Account, *, boost_id: PostId, visibility: int, base_url: str, now: int
) -> Post:
    """The boost of a post as a row of its own."""
    return msgspec.structs.replace(
        original,
        id=boost_id,
        author_id=booster.id,
        text="",
        html="",
        spoiler_text="",
        visibility=visibility,
        in_reply_to_id=None,
        in_reply_to_account_id=None,
        thread_id=boost_id,
        boost_of_id=original.id,
        quote_of_id=None,
        quote_state=QuoteState.NONE,
        app_id=None,
        mentions="[]",
        tags="[]",
        media_count=0,
        poll_id=None,
        card_id=None,
        url=f"{base_url}/@{booster.username}/{boost_id}",
        uri=f"{base_url}/users/{booster.username}/statuses/{boost_id}/activity",
        created_at=now,
        edited_at=None,
        pinned_at=None,
        rev=1,
        replies_count=0,
        boosts_count=0,
        favourites_count=0,
        quotes_count=0,
        local=booster.is_local,
        meant_for=visibility,
        screened=False,
        labels="[]",
        announced=True,
    )
