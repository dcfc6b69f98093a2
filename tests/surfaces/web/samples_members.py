"""Sample data for what members and the team arrange: lists, filters, blocks, messages, sign-ups."""

from __future__ import annotations

import msgspec

from folkmoot.surfaces.web.pages import (
    boundaries,
    curating,
    desk,
    desk_team,
    messages,
    people,
    settings,
)
from folkmoot.surfaces.web.pages.frame import Form, Frame, Page, Pager
from folkmoot.surfaces.web.pages.posts import (
    ComposePage,
    Draft,
    Kept,
    Post,
    ScheduledPage,
    Waiting,
)
from surfaces.web.samples import ADA, CHINESE, DAY, FAR, HOUR, MEI, MEMBER, NOON, STAFF, TEXT, TOMAS

PAGER = Pager(older_url="?max_id=1")
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"
ARABIC = "المرفأ هادئ هذا الصباح، والقوارب كلها عادت"


def at(path: str) -> Frame:
    return msgspec.structs.replace(MEMBER, path=path)


def member_pages() -> dict[str, Page]:
    """The pages by a name of their own."""
    return _apart() | _curated() | _written() | _team()


def _apart() -> dict[str, Page]:
    here = at("/settings/blocks")
    apart = boundaries.Apart
    return {
        "settings_blocks": boundaries.BlocksPage(
            frame=here, which="blocked", people=(apart(person=FAR), apart(person=MEI)), pager=PAGER
        ),
        "settings_blocks_none": boundaries.BlocksPage(frame=here, which="blocked"),
        "settings_muted": boundaries.BlocksPage(
            frame=here,
            which="muted",
            people=(apart(person=TOMAS, until=NOON + DAY), apart(person=ADA)),
        ),
        "settings_servers": boundaries.BlocksPage(
            frame=here,
            which="servers",
            servers=("spam.example", f"{LONG.lower().replace('ä', 'ae')}.example"),
            form=Form(
                values={"domain": "not a server"},
                errors={"domain": "Domain is not a valid domain name"},
            ),
        ),
        "part_block": boundaries.PartPage(frame=at("/@meilin/block"), person=MEI, which="block"),
        "part_mute": boundaries.PartPage(frame=at("/@tomas/mute"), person=FAR, which="mute"),
        "requests": boundaries.RequestsPage(
            frame=at("/follow-requests"),
            locked=True,
            entries=(
                people.Entry(person=FAR, bio_html=f"<p>{LONG} {LONG}</p>", following="no"),
                people.Entry(person=MEI, following="yes"),
            ),
        ),
        "requests_none": boundaries.RequestsPage(
            frame=at("/follow-requests"), locked=False, entries=()
        ),
    }


def _curated() -> dict[str, Page]:
    harbour = curating.ListLink(id="1", title="Harbour", chosen=True)
    far = curating.ListLink(id="2", title=LONG, exclusive=True)
    filters = at("/settings/filters")
    return {
        "lists": curating.ListsPage(
            frame=at("/lists"),
            lists=(harbour, far),
            form=Form(errors={"title": "Title can't be blank"}),
        ),
        "lists_none": curating.ListsPage(frame=at("/lists"), lists=()),
        "list": curating.ListPage(frame=at("/lists/1"), list=harbour, posts=(TEXT, CHINESE)),
        "list_quiet": curating.ListPage(frame=at("/lists/2"), list=far, posts=()),
        "list_settings": curating.ListSettingsPage(
            frame=at("/lists/1/edit"),
            list=harbour,
            form=Form(values={"title": "Harbour", "replies": "list"}),
            members=(MEI, FAR),
            member_form=Form(
                values={"member": "@nobody"}, errors={"member": "There is nobody of that name."}
            ),
        ),
        "on_lists": curating.OnListsPage(
            frame=at("/@meilin/lists"), person=MEI, lists=(harbour, far)
        ),
        "on_lists_none": curating.OnListsPage(frame=at("/@meilin/lists"), person=MEI, lists=()),
        "settings_filters": curating.FiltersPage(
            frame=filters,
            filters=(
                curating.FilterLink(
                    id="1",
                    title="The last film",
                    words=("spoiler", "结局", LONG),
                    places=("home and lists", "threads"),
                    hides=False,
                    posts=2,
                    until=NOON + DAY,
                ),
                curating.FilterLink(
                    id="2",
                    title="Sport",
                    words=("cup final",),
                    places=("public timelines",),
                    hides=True,
                    until=NOON - DAY,
                    over=True,
                ),
            ),
        ),
        "settings_filters_none": curating.FiltersPage(frame=filters, filters=()),
        "settings_filter": curating.FilterPage(
            frame=filters,
            id="1",
            title="The last film",
            until=NOON + DAY,
            rows=4,
            form=Form(
                values={
                    "title": "The last film",
                    "word_id_1": "7",
                    "word_1": "spoiler",
                    "whole_1": "1",
                    "in_home": "1",
                    "action": "warn",
                    "until": "keep",
                },
            ),
        ),
        "settings_filter_new": curating.FilterPage(
            frame=filters, rows=3, form=Form(problem="Title can't be blank")
        ),
    }


def _written() -> dict[str, Page]:
    arabic = Post(
        id="9", url="/@wren/9", author=FAR, html=f"<p>{ARABIC}</p>", posted_at=NOON, language="ar"
    )
    return {
        "compose": ComposePage(
            frame=at("/compose"),
            draft=Draft(
                key="k",
                form=Form(
                    values={
                        "text": ARABIC,
                        "warning": "!",
                        "option_1": "Yes",
                        "at": "2030-01-01T10:00",
                    },
                    errors={"at": "Choose a time at least five minutes from now."},
                ),
                kept=(
                    Kept(id="1", kind="image", preview_url="/media/photo-1.jpg", alt="A boat"),
                    Kept(id="2", kind="audio"),
                ),
            ),
        ),
        "compose_quote": ComposePage(
            frame=at("/compose"), title="Quote a post", draft=Draft(quoting=arabic)
        ),
        "edit": ComposePage(
            frame=at("/posts/1/edit"),
            title="Change your post",
            button="Save the change",
            draft=Draft(
                action="/posts/1/edit",
                published=True,
                language="",
                form=Form(values={"text": LONG}, errors={"text": "Text can't be blank"}),
            ),
        ),
        "scheduled": ScheduledPage(
            frame=at("/scheduled"),
            waiting=(
                Waiting(
                    id="1",
                    text=f"{LONG}\n\n{ARABIC}",
                    warning="Long",
                    visibility="followers",
                    language="de",
                    at=NOON + DAY,
                    files=2,
                    poll=True,
                    form=Form(values={"at": "2030-01-01T10:00"}),
                ),
                Waiting(
                    id="2",
                    text="Too late",
                    warning="",
                    visibility="public",
                    language="en",
                    at=NOON - HOUR,
                    problem="The account can no longer publish",
                    back=True,
                    form=Form(errors={"at": "Choose a time at least five minutes from now."}),
                ),
            ),
        ),
        "scheduled_none": ScheduledPage(frame=at("/scheduled"), waiting=()),
        "messages": messages.MessagesPage(
            frame=at("/messages"),
            talks=(
                messages.Talk(id="1", people=(MEI, FAR, TOMAS), last=CHINESE, unread=True),
                messages.Talk(id="2", people=(), last=arabic),
            ),
        ),
        "messages_none": messages.MessagesPage(frame=at("/messages"), talks=()),
    }


def _roles() -> desk_team.TeamPage:
    role = desk_team.TeamMember(
        id="1", username="noor", role="Owner", rests=False, last_seen_at=NOON
    )
    return desk_team.TeamPage(
        frame=msgspec.structs.replace(STAFF, path="/desk/team"),
        roles=(("reviewer", "Reviewer"), ("owner", "Owner"), ("member", "Member, without a role")),
        team=(
            role,
            msgspec.structs.replace(
                role,
                id="2",
                username="kit",
                role="Reviewer",
                rests=True,
                last_seen_at=None,
                back=True,
                form=Form(values={"role": "owner"}, errors={"why": "Say why: they read it."}),
            ),
        ),
        changes=(
            desk_team.Changed(
                username="kit",
                before="Member, without a role",
                after="Reviewer",
                by="noor",
                why=ARABIC,
                at=NOON,
            ),
            desk_team.Changed(
                username="noor", before="Reviewer", after="Owner", by="", why="", at=NOON
            ),
        ),
        form=Form(values={"username": "zoe"}, errors={"username": "Nobody here is called so"}),
    )


def _team() -> dict[str, Page]:
    here = at("/settings/invitations")
    sign_up = desk.SignUp(
        id="1", username="noor", email="noor@example.org", asked_at=NOON, reason=f"{LONG}. {ARABIC}"
    )
    return {
        "desk_sign_ups": desk.SignUpsPage(
            frame=msgspec.structs.replace(STAFF, path="/desk/sign-ups"),
            waiting=(
                sign_up,
                msgspec.structs.replace(
                    sign_up,
                    id="2",
                    username="kit",
                    reason="",
                    back=True,
                    form=Form(errors={"reason": "Say why, for the person to read."}),
                ),
            ),
        ),
        "desk_team": _roles(),
        "desk_sign_ups_none": desk.SignUpsPage(frame=STAFF, waiting=()),
        "settings_invitations": settings.InvitationsPage(
            frame=here,
            days=7,
            most=1000,
            manages=True,
            form=Form(
                values={"uses": "0"},
                errors={"uses": "An invitation can be for one up to 10 people"},
            ),
            invitations=(
                settings.Invitation(
                    id="1",
                    url="https://moot.example/auth/sign-up?invitation=c7Qw-7Qm_kZr0d3b",
                    note="For my sister",
                    uses=0,
                    max_uses=3,
                    expires_at=NOON + DAY,
                    good=True,
                ),
                settings.Invitation(
                    id="2",
                    url="https://moot.example/auth/sign-up?invitation=c7Qw",
                    note="",
                    uses=1,
                    max_uses=1,
                    expires_at=NOON,
                    good=False,
                    by=MEI,
                ),
            ),
        ),
        "settings_invitations_none": settings.InvitationsPage(
            frame=here, days=7, most=10, invitations=()
        ),
        "settings_invitations_all": settings.InvitationsPage(
            frame=here, days=7, most=1000, manages=True, everybody=True, invitations=()
        ),
        "settings_sign_ins": settings.SignInsPage(
            frame=at("/settings/security/sign-ins"),
            days=90,
            sign_ins=(
                settings.SignIn(
                    at=NOON,
                    device="Firefox on Linux",
                    address="192.0.2.7",
                    way="by password and authenticator app",
                    worked=True,
                ),
                settings.SignIn(
                    at=NOON - HOUR,
                    device="curl",
                    address="2001:db8:85a3:8d3:1319:8a2e:370:7348",
                    way="by password",
                    worked=False,
                ),
            ),
        ),
        "settings_sign_ins_none": settings.SignInsPage(frame=here, days=90, sign_ins=()),
    }
