"""/@name and what is below it: a person's page and posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from folkmoot.domain.accounts.model import AccountNotFound, decode_fields
from folkmoot.domain.accounts.queries import find_account as find_account_by_id
from folkmoot.domain.accounts.queries import find_account_by_name, list_accounts
from folkmoot.domain.auth.queries import list_roles
from folkmoot.domain.relationships import queries as relationships
from folkmoot.domain.tags.queries import find_tag, list_featured_tags
from folkmoot.domain.timelines import queries as timelines
from folkmoot.domain.timelines.queries import ProfileChoice
from folkmoot.kit.ids import parse_id
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.gathering import present_posts
from folkmoot.surfaces.web.pages.frame import Card
from folkmoot.surfaces.web.pages.people import (
    Bond,
    Entry,
    Following,
    MediaTile,
    PeoplePage,
    Profile,
    ProfileField,
    ProfilePage,
    ProfileTab,
)
from folkmoot.surfaces.web.pages.posts import TagLink
from folkmoot.surfaces.web.presenting import account_path, present_person
from folkmoot.surfaces.web.rendering import cut, plain
from folkmoot.surfaces.web.routes.threads import thread
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit

if TYPE_CHECKING:
    from folkmoot.domain.accounts.model import Account, AccountId
    from folkmoot.domain.posts.model import PostId
    from folkmoot.domain.relationships.model import Tie
    from folkmoot.domain.tags.model import Tag
    from folkmoot.surfaces.web.pages.posts import Post

router = Router()

_PEOPLE = 40
_PINNED = ProfileChoice(pinned=True)
_CHOICES: dict[ProfileTab, ProfileChoice] = {
    "posts": ProfileChoice(without_answers=True),
    "replies": ProfileChoice(without_boosts=True),
    "media": ProfileChoice(only_media=True),
}


def find_account(visit: Visit) -> Account:
    """The account whose handle is the address's first part; AccountNotFound for others."""
    handle = visit.incoming.params["handle"]
    if not handle.startswith("@"):
        raise AccountNotFound
    name, _, domain = handle[1:].partition("@")
    if domain == visit.app.settings.server.domain:
        domain = ""
    found = find_account_by_name(visit.tx, name, domain)
    if found is None or found.pending or found.suspended_at is not None:
        raise AccountNotFound
    return found


@router.get("/{handle}")
def profile(visit: Visit) -> Answer:
    """A person's page with their posts."""
    return _profile(visit, find_account(visit), "posts")


@router.get("/{handle}/{rest}")
def below(visit: Visit) -> Answer:
    """A tab of a person's page, a list of people, or one of their posts by its id."""
    account = find_account(visit)
    rest = visit.incoming.params["rest"]
    if rest == "with_replies":
        return _profile(visit, account, "replies")
    if rest == "media":
        return _profile(visit, account, "media")
    if rest in ("followers", "following"):
        return _people(visit, account, rest)
    if post_id := parse_id(rest):
        return thread(visit, account, post_id)
    raise AccountNotFound


@router.get("/{handle}/tagged/{name}")
def tagged(visit: Visit) -> Answer:
    """A person's posts with one tag."""
    account = find_account(visit)
    tag = find_tag(visit.tx, visit.incoming.params["name"])
    if tag is None:
        raise AccountNotFound
    return _profile(visit, account, "posts", tag)


def _profile(visit: Visit, account: Account, tab: ProfileTab, tag: Tag | None = None) -> Answer:
    ids = _list(visit, account, ProfileChoice() if tag else _CHOICES[tab], tag)
    posts = present_posts(visit.app, visit.tx, visit.viewer_id, ids, place="account")
    first = visit.number("max_id") is None and visit.number("min_id") is None
    pinned = _list(visit, account, _PINNED) if tab == "posts" and first and not tag else []
    shown = present_profile(visit, account)
    page = ProfilePage(
        frame=frame(visit, forms=False),
        card=profile_card(visit, account, shown),
        profile=shown,
        tab=tab,
        tag=tag.display_name if tag else None,
        pinned=tuple(
            msgspec.structs.replace(post, pinned=True)
            for post in present_posts(visit.app, visit.tx, visit.viewer_id, pinned)
        ),
        posts=() if tab == "media" else posts,
        tiles=_tiles(posts) if tab == "media" else (),
        tags=tuple(
            TagLink(tag.display_name, f"{account_path(account)}/tagged/{tag.name}")
            for tag in list_featured_tags(visit.tx, account.id)
        ),
        pager=pager(visit, ids),
    )
    return show(visit, page, public=True)


def _list(
    visit: Visit, account: Account, choice: ProfileChoice, tag: Tag | None = None
) -> list[PostId]:
    return timelines.list_account_posts(
        visit.tx,
        account.id,
        stretch(visit),
        viewer_id=visit.viewer_id,
        choice=choice,
        tag_id=tag.id if tag else None,
    )


def _tiles(posts: tuple[Post, ...]) -> tuple[MediaTile, ...]:
    """The pictures of posts one by one, those that warn behind their warning."""
    return tuple(
        MediaTile(
            media=media,
            post_url=post.url,
            warning=post.warning if post.warning or post.sensitive else None,
        )
        for post in posts
        for media in post.media
    )


def _people(visit: Visit, account: Account, which: Any) -> Answer:
    """Who follows a person, or is followed, unless they keep that to themselves."""
    hidden = account.hide_collections and account.id != visit.viewer_id
    read = relationships.list_followers if which == "followers" else relationships.list_following
    part = stretch(visit, limit=_PEOPLE)
    found = [] if hidden else read(visit.tx, account.id, part, viewer_id=visit.viewer_id)
    page = PeoplePage(
        frame=frame(visit, forms=False),
        profile=present_profile(visit, account),
        which=which,
        entries=present_entries(visit, [row.account_id for row in found]),
        hidden=hidden,
        pager=pager(visit, [row.id for row in found], limit=_PEOPLE),
    )
    return show(visit, page, public=True)


def present_entries(visit: Visit, ids: list[AccountId]) -> tuple[Entry, ...]:
    """People in a list, in the order of the ids, each with how the reader stands to them."""
    accounts = list_accounts(visit.tx, ids)
    standing = _ties(visit, list(accounts))
    return tuple(
        Entry(
            person=present_person(visit.app, accounts[one]),
            bio_html=accounts[one].note_html,
            following=_following(visit, one, standing.get(one)),
        )
        for one in ids
        if one in accounts
    )


def _ties(visit: Visit, ids: list[AccountId]) -> dict[AccountId, Tie]:
    """How the reader stands to each account; a visitor stands to nobody."""
    if not visit.viewer_id:
        return {}
    found = relationships.list_ties(visit.tx, visit.viewer_id, list(ids))
    return {tie.target_id: tie for tie in found}


def _following(visit: Visit, account_id: AccountId, tie: Tie | None) -> Following | None:
    if account_id == visit.viewer_id:
        return "self"
    if tie is None:
        return None
    return "yes" if tie.follow_id else "requested" if tie.request_id else "no"


def present_profile(visit: Visit, account: Account) -> Profile:
    """A person with everything their page tells."""
    tie = _ties(visit, [account.id]).get(account.id)
    moved = find_account_by_id(visit.tx, account.moved_to_id) if account.moved_to_id else None
    role = list_roles(visit.tx, [account.id]).get(account.id)
    return Profile(
        person=present_person(visit.app, account),
        bio_html=account.note_html,
        joined_at=account.created_at,
        header_url=visit.app.header_url(account.id, account.header),
        fields=tuple(
            ProfileField(name=f.name, html=f.html, verified_at=f.verified_at)
            for f in decode_fields(account)
        ),
        posts=account.posts_count,
        followed=account.following_count,
        followers=account.followers_count,
        following=_following(visit, account.id, tie),
        follows_you=tie.followed_by if tie else False,
        roles=(role.capitalize(),) if role else (),
        bond=_bond(tie) if tie and account.id != visit.viewer_id else None,
        group=account.group,
        moved_to=present_person(visit.app, moved) if moved else None,
        indexable=account.indexable,
    )


def _bond(tie: Tie) -> Bond:
    """What the member has chosen about somebody."""
    return Bond(
        blocked=tie.blocking,
        muted=tie.mute_id is not None,
        muted_until=tie.mute_expires_at,
        boosts_hidden=tie.follow_id is not None and not tie.show_boosts,
        told=tie.notify,
        domain_blocked=tie.domain_blocking,
    )


def profile_card(visit: Visit, account: Account, shown: Profile) -> Card:
    """How a person's page introduces itself elsewhere."""
    person = shown.person
    words = plain(account.note_html)
    return Card(
        title=f"{person.name} (@{account.acct})",
        description=cut(words)
        if words
        else f"{person.name} on {visit.app.settings.instance.title}",
        url=account.url or f"{visit.app.base_url}{person.url}",
        kind="profile",
        image_url=person.avatar_url,
        image_alt=account.avatar_description or None,
        indexable=account.indexable,
    )
