"""/@name/<id>: a post with what it answers and what answers it."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from folkmoot.domain.posts.model import PostNotFound, Visibility
from folkmoot.domain.posts.queries import get_visible_post
from folkmoot.domain.reading.queries import list_above, list_below
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.gathering import present_posts
from folkmoot.surfaces.web.pages.frame import Card, Form
from folkmoot.surfaces.web.pages.posts import Reply, ThreadPage
from folkmoot.surfaces.web.rendering import cut, plain
from folkmoot.surfaces.web.routes.composing import new_draft
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Visit, redirect

if TYPE_CHECKING:
    from folkmoot.domain.accounts.model import Account
    from folkmoot.domain.posts.model import Post as DomainPost
    from folkmoot.domain.posts.model import PostId
    from folkmoot.surfaces.web.pages.posts import Draft, Post

# A page, not an archive: what lies deeper is reached by opening an answer.
_ABOVE, _BELOW, _DEPTH = 40, 200, 50


def thread(visit: Visit, author: Account, post_id: int) -> Answer:
    """The page of a post; an address with another's name leads to the right one."""
    post = get_visible_post(visit.tx, post_id, viewer_id=visit.viewer_id)
    if post.boost_of_id is not None or post.author_id != author.id:
        found = present_posts(visit.app, visit.tx, visit.viewer_id, [post.id])
        if not found:
            raise PostNotFound
        return redirect(visit, found[0].url)
    above, below = _around(visit, post)
    around = present_posts(
        visit.app, visit.tx, visit.viewer_id, [*above, post.id, *below], place="thread"
    )
    at = next(number for number, one in enumerate(around) if one.id == str(post.id))
    shown = msgspec.structs.replace(around[at], filtered_by=None)
    page = ThreadPage(
        frame=frame(visit, forms=False),
        card=_card(visit, post, shown, author),
        ancestors=around[:at],
        post=shown,
        replies=arrange(around[at + 1 :], shown.id),
        more=len(below) >= _BELOW,
        draft=reply_draft(visit, shown),
    )
    return show(visit, page, public=True)


def _around(visit: Visit, post: DomainPost) -> tuple[list[PostId], list[PostId]]:
    """What a post answers, from the top down, and what answers it."""
    above: list[PostId] = []
    if post.in_reply_to_id is not None:
        above = list_above(visit.tx, post.id, viewer_id=visit.viewer_id, most=_ABOVE)
    below = list_below(visit.tx, post.id, viewer_id=visit.viewer_id, most=_BELOW, depth=_DEPTH)
    return above, below


def arrange(answers: tuple[Post, ...], root: str) -> tuple[Reply, ...]:
    """Answers with how far they stand in. A conversation without branches stays in one line; who
    is one of several to answer the same post stands one step further in than it."""
    count = Counter(answer.reply_to_id for answer in answers)
    depths: dict[str, int] = {}
    made: list[Reply] = []
    for answer, after in zip_longest(answers, answers[1:]):
        parent = answer.reply_to_id or root
        above = depths.get(parent, 0)
        depth = above + 1 if parent in depths and count[parent] > 1 else above
        depths[answer.id] = depth
        goes_on = after is not None and after.reply_to_id == answer.id and count[answer.id] == 1
        made.append(Reply(answer, depth, linked=goes_on))
    return tuple(made)


def reply_draft(visit: Visit, post: Post) -> Draft | None:
    """The composer for an answer, with whom it addresses and as many readers as the post has."""
    if visit.reader is None:
        return None
    me, empty = visit.reader.account, new_draft(visit)
    addressed = "" if post.author.handle == me.acct else f"@{post.author.handle} "
    return msgspec.structs.replace(
        empty,
        reply_to=post.id,
        visibility="unlisted" if post.visibility == "public" else post.visibility,
        language=post.language or empty.language,
        form=Form(values={**empty.form.values, "text": addressed}),
    )


def _card(visit: Visit, post: DomainPost, shown: Post, author: Account) -> Card | None:
    """How a post introduces itself elsewhere; one that is not for everyone does not."""
    if post.visibility > Visibility.UNLISTED:
        return None
    picture = next((m for m in shown.media if m.kind == "image"), None)
    words = post.spoiler_text or plain(post.html)
    own = f"{visit.app.base_url}{shown.url}"
    veiled = post.sensitive or bool(post.spoiler_text)
    return Card(
        title=f"{shown.author.name} (@{author.acct})",
        description=cut(words) if words else "A post without words",
        url=post.url or own,
        kind="article",
        image_url=None if veiled or picture is None else picture.preview_url or picture.url,
        image_alt=picture.alt if picture and not veiled else None,
        published_at=post.created_at,
        oembed_url=f"{visit.app.base_url}/api/oembed?" + urlencode({"url": post.url or own}),
        indexable=author.indexable and post.visibility == Visibility.PUBLIC,
    )
