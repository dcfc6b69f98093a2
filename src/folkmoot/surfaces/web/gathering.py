"""Everything a page of posts needs, read once for all of them.

As everywhere: ids → `list_stamps` (visibility, counts, the viewer's own flags) → batched reads
→ the viewer's filters → what the page shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from folkmoot.domain.accounts.queries import list_accounts
from folkmoot.domain.auth.queries import find_filters_rev
from folkmoot.domain.cards.queries import list_cards
from folkmoot.domain.decisions.queries import list_in_force_of_posts
from folkmoot.domain.filters.model import FilterAction, Sieve
from folkmoot.domain.filters.queries import list_filters
from folkmoot.domain.matchlists.model import ListedDomain, led_through, links_in, listed_above
from folkmoot.domain.matchlists.queries import map_listed
from folkmoot.domain.media.queries import list_attachments
from folkmoot.domain.polls.model import PollId, decode_options
from folkmoot.domain.polls.queries import list_choices, list_polls
from folkmoot.domain.posts.model import PostId, QuoteState, Visibility, decode_labels
from folkmoot.domain.posts.queries import list_posts
from folkmoot.domain.reading.queries import list_aside, list_stamps
from folkmoot.domain.words.model import say
from folkmoot.surfaces.web.pages.posts import Label, Post, Restraint, Standing
from folkmoot.surfaces.web.presenting import (
    SEEN_BY,
    emojis_in,
    present_card,
    present_media,
    present_person,
    present_poll,
)
from folkmoot.surfaces.web.rendering import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from folkmoot.domain.accounts.model import AccountId
    from folkmoot.domain.cards.model import Card, CardId
    from folkmoot.domain.decisions.model import Decision
    from folkmoot.domain.filters.model import Match
    from folkmoot.domain.media.model import Attachment
    from folkmoot.domain.polls.model import Poll as DomainPoll
    from folkmoot.domain.posts.model import Label as DomainLabel
    from folkmoot.domain.posts.model import Post as DomainPost
    from folkmoot.domain.reading.model import Stamp
    from folkmoot.kit.db import Tx
    from folkmoot.surfaces.app import App
    from folkmoot.surfaces.web.pages.frame import Person

# Where filters work, in the words of the client API that members set them by.
Place = Literal["home", "notifications", "public", "thread", "account", ""]

_WITHHELD = {
    QuoteState.PENDING: "The author of the quoted post has not agreed to the quote yet.",
    QuoteState.REJECTED: "The author of the quoted post does not want it quoted here.",
    QuoteState.REVOKED: "The author of the quoted post has withdrawn it from here.",
    QuoteState.DELETED: "The quoted post has been deleted.",
    QuoteState.ACCEPTED: "The quoted post is not for you to see.",
}


class _Found(msgspec.Struct):
    app: App
    now: int
    viewer_id: int
    stamps: dict[PostId, Stamp]
    posts: dict[PostId, DomainPost]
    people: dict[AccountId, Person]
    media: dict[int, list[Attachment]]
    polls: dict[PollId, DomainPoll]
    choices: dict[PollId, list[int]]
    listed: dict[str, ListedDomain]
    cards: dict[CardId, Card]
    aside: set[PostId]
    restraints: dict[int, list[Decision]]


def present_posts(
    app: App, tx: Tx, viewer_id: int, ids: Sequence[int], *, place: Place = ""
) -> tuple[Post, ...]:
    """Those of the posts that the viewer (0: a visitor) may read, in the order of the ids; at a
    `place`, as the viewer's filters for it have it."""
    found = _find(app, tx, viewer_id, ids)
    sieve = _sieve(app, tx, viewer_id) if place and viewer_id else None
    made: list[Post] = []
    for post_id in ids:
        post = found.posts.get(PostId(post_id))
        original = post and (found.posts.get(post.boost_of_id) if post.boost_of_id else post)
        if post is None or original is None:
            continue
        matches = _matches(found, original, sieve, place) if sieve else []
        if any(match.filter.action == FilterAction.HIDE for match in matches):
            continue
        shown = _present(found, original)
        shown = _covered(shown, matches)
        if post is not original:
            shown = msgspec.structs.replace(shown, boosted_by=found.people[post.author_id])
        made.append(shown)
    return tuple(made)


def present_evidence(app: App, tx: Tx, posts: Sequence[DomainPost]) -> tuple[Post, ...]:
    """Posts as who judges them reads them, whoever else may. Whoever calls has made sure that
    they may be seen, and recorded it. What they quote is shown as far as everybody can read it.
    """
    quoted = [p.quote_of_id for p in posts if p.quote_of_id is not None]
    stamps = list_stamps(tx, 0, quoted)
    known = list_posts(tx, list(stamps)) | {p.id: p for p in posts}
    found = _gather(app, tx, 0, stamps, known)
    return tuple(_present(found, post) for post in posts)


def _find(app: App, tx: Tx, viewer_id: int, ids: Iterable[int]) -> _Found:
    stamps = list_stamps(tx, viewer_id, ids)
    posts = list_posts(tx, list(stamps)) if stamps else {}
    return _gather(app, tx, viewer_id, stamps, posts)


def _gather(
    app: App, tx: Tx, viewer_id: int, stamps: dict[PostId, Stamp], posts: dict[PostId, DomainPost]
) -> _Found:
    """What belongs to the posts, each kind in one read."""
    wanted = {p.author_id for p in posts.values()}
    wanted |= {p.in_reply_to_account_id for p in posts.values() if p.in_reply_to_account_id}
    accounts = list_accounts(tx, sorted(wanted))
    poll_ids: list[int] = [p.poll_id for p in posts.values() if p.poll_id is not None]
    card_ids: list[int] = [p.card_id for p in posts.values() if p.card_id is not None]
    own = [p.id for p in posts.values() if p.author_id == viewer_id and _is_restrained(p)]
    quoted = [p.quote_of_id for p in posts.values() if p.quote_of_id is not None]
    cards = list_cards(tx, card_ids)
    urls = [url for post in posts.values() for url in links_in(post.html)]
    return _Found(
        app=app,
        now=tx.now,
        listed=map_listed(tx, [*urls, *(card.url for card in cards.values())]),
        viewer_id=viewer_id,
        stamps=stamps,
        posts=posts,
        people={key: present_person(app, account) for key, account in accounts.items()},
        media=list_attachments(tx, [p.id for p in posts.values() if p.media_count]),
        polls=list_polls(tx, poll_ids),
        choices=list_choices(tx, viewer_id, poll_ids),
        cards=cards,
        aside=set(list_aside(tx, viewer_id, quoted)),
        restraints=list_in_force_of_posts(tx, own),
    )


def _sieve(app: App, tx: Tx, viewer_id: int) -> Sieve | None:
    """The viewer's filters made ready; none for most."""
    rev = find_filters_rev(tx, viewer_id)
    if not rev:
        return None
    kept = app.built.get(("filters", viewer_id))
    if kept is None or kept[0] != rev:
        kept = (rev, Sieve(list_filters(tx, viewer_id)))
        app.built.put(("filters", viewer_id), kept)
    made: Sieve = kept[1]
    return made


def _matches(found: _Found, post: DomainPost, sieve: Sieve, place: Place) -> list[Match]:
    """Which of the viewer's filters match at this place; one's own posts pass."""
    if post.author_id == found.viewer_id:
        return []
    said = [post.spoiler_text, post.text]
    said += [attachment.description for attachment in found.media.get(post.id, ())]
    poll = found.polls.get(PollId(post.poll_id)) if post.poll_id else None
    said += decode_options(poll) if poll else []
    folded = "\n".join(text for text in said if text).casefold()
    matches = sieve.match(folded, (post.id,), now=found.now)
    return [match for match in matches if place in match.filter.contexts]


def _covered(shown: Post, matches: list[Match]) -> Post:
    """The post behind its filter's name, or with its pictures covered where that is enough."""
    for match in matches:
        if match.filter.action != FilterAction.BLUR:
            return msgspec.structs.replace(shown, filtered_by=match.filter.title)
    return msgspec.structs.replace(shown, sensitive=True) if matches else shown


def _present(found: _Found, post: DomainPost, *, inner: bool = False) -> Post:
    stamp = found.stamps.get(post.id)  # none for evidence: nobody's visit stamps it
    counted = stamp or post
    author = found.people[post.author_id]
    answered = post.in_reply_to_account_id
    quoted, withheld = (None, None) if inner else _quoted(found, post)
    poll = found.polls.get(PollId(post.poll_id)) if post.poll_id else None
    card = found.cards.get(post.card_id) if post.card_id else None  # type: ignore[call-overload]
    if card is not None and listed_above(card.url, found.listed):
        card = None  # a card would lead past the warning
    return Post(
        id=str(post.id),
        url=f"{author.url}/{post.id}",
        author=author,
        html=led_through(post.html, found.app.base_url, found.listed),
        posted_at=post.created_at,
        edited_at=post.edited_at,
        warning=post.spoiler_text,
        sensitive=post.veiled,
        screened=post.screened,
        labels=tuple(_label(label) for label in decode_labels(post)),
        restraints=tuple(_restraint(decision) for decision in found.restraints.get(post.id, ())),
        language=post.language or None,
        visibility=SEEN_BY[post.meant_for],
        emojis=emojis_in(found.app, post.text, post.spoiler_text),
        media=tuple(present_media(found.app, a) for a in found.media.get(post.id, ())),
        poll=None
        if poll is None
        else present_poll(
            poll,
            now=found.now,
            chosen=found.choices.get(poll.id, []),
            may_vote=found.viewer_id not in (0, post.author_id),
        ),
        preview=present_card(found.app, card) if card else None,
        quoted=quoted,
        quote_withheld=withheld,
        reply_to=found.people.get(answered) if answered else None,
        reply_to_id=str(post.in_reply_to_id) if post.in_reply_to_id else None,
        replies=counted.replies_count,
        boosts=counted.boosts_count,
        favourites=counted.favourites_count,
        quotes=counted.quotes_count,
        standing=_standing(found, post, stamp) if found.viewer_id and stamp else None,
    )


def _label(label: DomainLabel) -> Label:
    url = f"/rules/versions/{label.version_id}#{label.rule_code}"
    return Label(label.text, label.rule_code, url)


def _restraint(decision: Decision) -> Restraint:
    what = say("en", f"steps.{decision.step}")
    return Restraint(what, cut(decision.facts, 160), decision.ends_at, f"/statements/{decision.id}")


def _is_restrained(post: DomainPost) -> bool:
    return post.screened or post.visibility > post.meant_for or post.labels != "[]"


def _quoted(found: _Found, post: DomainPost) -> tuple[Post | None, str | None]:
    """What a post quotes, or why that is not shown."""
    if not post.quote_state:
        return None, None
    state = QuoteState(post.quote_state)
    quoted = found.posts.get(post.quote_of_id) if post.quote_of_id else None
    if state is not QuoteState.ACCEPTED or quoted is None:
        return None, _WITHHELD[state]
    if quoted.id in found.aside:
        return None, "The quoted post is by somebody you have muted or blocked."
    return _present(found, quoted, inner=True), None


def _standing(found: _Found, post: DomainPost, stamp: Stamp) -> Standing:
    own = post.author_id == found.viewer_id
    listed = post.visibility <= Visibility.UNLISTED
    return Standing(
        favourited=stamp.favourited,
        boosted=stamp.boosted,
        bookmarked=stamp.bookmarked,
        own=own,
        may_boost=listed or (own and post.visibility == Visibility.FOLLOWERS),
        may_quote=stamp.may_quote,
        pinned=stamp.pinned,
        thread_muted=stamp.thread_muted,
    )
