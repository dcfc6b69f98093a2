"""/@name and what is below it: a person's page and posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from folkmoot.domain.accounts.model import AccountNotFound, decode_fields
from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.domain.timelines import queries as timelines
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.frame import Card
from folkmoot.surfaces.web.pages.people import Profile, ProfileField, ProfilePage, ProfileTab
from folkmoot.surfaces.web.presenting import present_person, present_posts
from folkmoot.surfaces.web.rendering import cut, plain
from folkmoot.surfaces.web.routes.threads import thread
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit

if TYPE_CHECKING:
    from folkmoot.domain.accounts.model import Account

router = Router()


def find_account(visit: Visit) -> Account:
    """The account whose handle is the address's first part; AccountNotFound for others."""
    handle = visit.incoming.params["handle"]
    if not handle.startswith("@"):
        raise AccountNotFound
    name, _, domain = handle[1:].partition("@")
    if domain == visit.app.settings.server.domain:
        domain = ""
    found = find_account_by_name(visit.tx, name, domain)
    if found is None or found.suspended_at is not None:
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
    if rest.isascii() and rest.isdigit() and len(rest) < 20:
        return thread(visit, account, int(rest))
    raise AccountNotFound


def _profile(visit: Visit, account: Account, tab: ProfileTab) -> Answer:
    ids = timelines.list_account_posts(
        visit.tx, account.id, stretch(visit), viewer_id=visit.viewer_id
    )
    shown = present_profile(visit, account)
    page = ProfilePage(
        frame=frame(visit, forms=False),
        card=profile_card(visit, account, shown),
        profile=shown,
        tab=tab,
        posts=present_posts(visit.app, visit.tx, visit.viewer_id, ids),
        pager=pager(visit, ids),
    )
    return show(visit, page, public=True)


def present_profile(visit: Visit, account: Account) -> Profile:
    """A person with everything their page tells."""
    following: Any = None
    return Profile(
        person=present_person(visit.app, account),
        bio_html=account.note_html,
        joined_at=account.created_at,
        header_url=visit.app.media_url(account.header),
        fields=tuple(
            ProfileField(name=f.name, html=f.html, verified_at=f.verified_at)
            for f in decode_fields(account)
        ),
        posts=account.posts_count,
        followed=account.following_count,
        followers=account.followers_count,
        following=following,
        group=account.group,
        indexable=account.indexable,
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
        activity_url=account.uri or None,
        indexable=account.indexable,
    )
