"""Every page with sample data, for the tests and for looking at them (preview.py)."""

from __future__ import annotations

import msgspec

from folkmoot.domain.matchlists.model import ListedDomain
from folkmoot.surfaces.web import log_words
from folkmoot.surfaces.web.charts import stack_columns
from folkmoot.surfaces.web.desk_places import PLACES
from folkmoot.surfaces.web.pages import about, access, detectors, log, people, settings
from folkmoot.surfaces.web.pages.alerts import Alert, AlertsPage
from folkmoot.surfaces.web.pages.around import (
    Edition,
    HistoryPage,
    PostPeoplePage,
    QuotesPage,
)
from folkmoot.surfaces.web.pages.errors import error_page
from folkmoot.surfaces.web.pages.frame import (
    Card,
    Emoji,
    Form,
    Frame,
    Notice,
    Page,
    Pager,
    Person,
    Place,
    Site,
)
from folkmoot.surfaces.web.pages.links import LinkPage
from folkmoot.surfaces.web.pages.posts import (
    DeletePage,
    Draft,
    FrontPage,
    Label,
    Media,
    Poll,
    PollOption,
    Post,
    Preview,
    Reply,
    Restraint,
    SearchPage,
    Standing,
    TagLink,
    TagPage,
    ThreadPage,
    TimelinePage,
)
from surfaces.web.sample_rules import rule_pages

NOON = 1_763_900_000_000
HOUR = 3_600_000
DAY = 24 * HOUR

SITE = Site(
    name="Harbour Moot",
    domain="moot.example",
    base_url="https://moot.example",
    description="A small place by the water for people who make, mend and grow things. "
    "We decide together what is fine here, and write down why.",
    version="0.1.0",
    source_url="https://example.org/folkmoot",
    operator="Harbour Co-operative",
    registrations="open",
    members=214,
    posts=5012,
    active_month=96,
)


def person(name: str, handle: str, number: int, **more: object) -> Person:
    path = f"/@{handle}"
    return Person(
        name=name, handle=handle, url=path, avatar_url=f"/media/avatar-{number}.png", **more
    )


WREN = person("Wren Okafor", "wren", 1, emojis=(Emoji("kelp", "/media/emoji-kelp.png"),))
MEI = person("林梅", "meilin", 2)
TOMAS = person("Tomás Rey", "tomas", 3)
ADA = person("Ada Lindqvist", "ada", 4, locked=True)
TIDES = person("Tide Table", "tides", 5, automated=True)
FAR = person("Noor van der Meer-Hasanović", "noor@a-rather-long-name.example.social", 6)

FRAME = Frame(site=SITE, csrf="c5rf", path="/")
MEMBER = msgspec.structs.replace(FRAME, viewer=WREN, unread=3)
STAFF = msgspec.structs.replace(
    MEMBER, desk=tuple(Place(path, words, drawing) for path, words, drawing, _ in PLACES)
)
MAY = Standing()

TEXT = Post(
    id="115600000000000001",
    url="/@wren/115600000000000001",
    author=WREN,
    html="<p>The old slipway is clear again. Eleven of us, four hours, one very patient dog. "
    'Photos tomorrow, sleep now. <a href="/tags/harbour" rel="tag">#harbour</a> :kelp:</p>',
    posted_at=NOON,
    language="en",
    emojis=(Emoji("kelp", "/media/emoji-kelp.png"),),
    replies=4,
    boosts=12,
    favourites=38,
)
CHINESE = Post(
    id="115600000000000002",
    url="/@meilin/115600000000000002",
    author=MEI,
    html="<p>今天在码头修好了第三艘小船。木头要慢慢来，急不得——“慢工出细活”，外婆总这么说。</p>"
    '<p>周六下午两点，欢迎来一起刷桐油，工具我们都有。<a href="/tags/修船" rel="tag">#修船</a></p>',
    posted_at=NOON - 2 * HOUR,
    language="zh-CN",
    media=(
        Media(
            kind="image",
            url="/media/photo-1.jpg",
            alt="A small wooden boat upside down on two trestles, half of it freshly oiled.",
            width=1200,
            height=800,
            focal_x=30,
        ),
    ),
    replies=2,
    boosts=5,
    favourites=1204,
)
POLL = Post(
    id="115600000000000003",
    url="/@ada/115600000000000003",
    author=ADA,
    html="<p>Where should the tool library live this winter?</p>",
    posted_at=NOON - 5 * HOUR,
    edited_at=NOON - 4 * HOUR,
    language="en",
    poll=Poll(
        options=(
            PollOption(title="The boathouse, as before", votes=41, chosen=True),
            PollOption(title="The school, Tuesdays and Fridays", votes=63),
            PollOption(title="Somewhere else (tell me where)", votes=7),
        ),
        voters=111,
        multiple=False,
        closes_at=NOON + DAY,
        closed=False,
    ),
    replies=9,
    boosts=3,
    favourites=14,
)
WARNED = Post(
    id="115600000000000004",
    url="/@tomas/115600000000000004",
    author=TOMAS,
    html="<p>It heals well. Four stitches, and I have learned to respect the bandsaw.</p>",
    posted_at=NOON - 9 * HOUR,
    warning="Small injury, all fine",
    sensitive=True,
    language="en",
    visibility="unlisted",
    media=(
        Media(
            kind="image", url="/media/photo-2.jpg", alt="A bandaged thumb.", width=800, height=800
        ),
    ),
)
LABELLED = msgspec.structs.replace(
    TEXT,
    id="31",
    labels=(
        Label("The harbour office says that the bridge is open.", "scams-1", "/rules/versions/1"),
    ),
    restraints=(Restraint("Out of public timelines", "The same, often.", NOON, "/statements/7"),),
)
GALLERY = Post(
    id="115600000000000005",
    url="/@noor/115600000000000005",
    author=FAR,
    html="<p>Three views from the ferry this morning, and one of breakfast.</p>",
    posted_at=NOON - 26 * HOUR,
    language="en",
    boosted_by=WREN,
    media=tuple(
        Media(kind="image", url=f"/media/photo-{n}.jpg", alt=alt, width=1200, height=800)
        for n, alt in ((3, "Fog over the sound."), (4, "A buoy."), (5, ""), (6, "Two rolls."))
    ),
    boosts=31,
    favourites=88,
)
SENSITIVE = Post(
    id="115600000000000006",
    url="/@tomas/115600000000000006",
    author=TOMAS,
    html="<p>From the life drawing evening.</p>",
    posted_at=NOON - 30 * HOUR,
    sensitive=True,
    language="en",
    media=(
        Media(
            kind="image",
            url="/media/photo-7.jpg",
            alt="A charcoal drawing.",
            width=900,
            height=1200,
        ),
    ),
)
QUOTE = Post(
    id="115600000000000007",
    url="/@ada/115600000000000007",
    author=ADA,
    html="<p>This is what I mean when I say the harbour runs on patience.</p>",
    posted_at=NOON - 3 * DAY,
    language="en",
    quoted=TEXT,
    favourites=6,
)
LINKED = Post(
    id="115600000000000008",
    url="/@tides/115600000000000008",
    author=TIDES,
    html='<p>High water 06:12 and 18:41. <a href="https://tides.example/harbour">'
    '<span class="invisible">https://</span><span>tides.example/harbour</span></a></p>',
    posted_at=NOON - 4 * DAY,
    language="en",
    preview=Preview(
        url="https://tides.example/harbour",
        title="Tides at the harbour, this week and next",
        description="Heights and times for the inner basin, with the storm surge forecast.",
        provider="Tide Office",
        image_url="/media/photo-3.jpg",
        width=1200,
        height=630,
    ),
)
SOUND = Post(
    id="115600000000000009",
    url="/@tomas/115600000000000009",
    author=TOMAS,
    html="<p>Shanty practice, second verse finally in tune.</p>",
    posted_at=NOON - 5 * DAY,
    language="en",
    reply_to=WREN,
    media=(
        Media(kind="audio", url="/media/shanty.ogg", alt="Six people singing, one of them flat."),
    ),
    quote_withheld="The quoted post is no longer available.",
)
VIDEO = Post(
    id="115600000000000010",
    url="/@wren/115600000000000010",
    author=WREN,
    html="",
    posted_at=NOON - 6 * DAY,
    visibility="followers",
    media=(
        Media(
            kind="video",
            url="/media/tide.mp4",
            preview_url="/media/photo-4.jpg",
            alt="The tide coming in, sped up.",
            width=1280,
            height=720,
        ),
    ),
)
OPEN_POLL = msgspec.structs.replace(
    POLL,
    id="115600000000000011",
    pinned=True,
    poll=msgspec.structs.replace(POLL.poll, vote_url="/posts/115600000000000011/vote"),
)
PLAIN_LINK = msgspec.structs.replace(
    LINKED,
    id="115600000000000012",
    preview=Preview(url="https://words.example/a", title="A page without a picture"),
)
SIDE_LINK = msgspec.structs.replace(
    LINKED,
    id="115600000000000013",
    preview=Preview(
        url="https://words.example/b",
        title="A page with a small square picture",
        description="It has a description, too.",
        image_url="/media/photo-6.jpg",
        width=300,
        height=300,
    ),
)
ALL = (
    TEXT,
    CHINESE,
    POLL,
    WARNED,
    GALLERY,
    SENSITIVE,
    QUOTE,
    LINKED,
    SOUND,
    VIDEO,
    PLAIN_LINK,
    SIDE_LINK,
    LABELLED,
)


def seen_by_member(posts: tuple[Post, ...]) -> tuple[Post, ...]:
    standing = (Standing(favourited=True, boosted=True, bookmarked=True), Standing(own=True), MAY)
    return tuple(
        msgspec.structs.replace(post, standing=standing[n % 3]) for n, post in enumerate(posts)
    )


TAGS = tuple(TagLink(name, f"/tags/{name}") for name in ("harbour", "修船", "toollibrary", "tea"))
RULES = (
    access.Rule(
        "Speak to people as you would in their kitchen.",
        "Disagree with what was said, not with who they are.",
    ),
    access.Rule("No threats, no hate, no harassment."),
    access.Rule(
        "Say what pictures show, and put a warning before what not everyone wants to see.",
        "Adult content without a warning is removed; with one it may stay.",
    ),
    access.Rule("What is advertising says so."),
)
CARD = Card(
    title="Harbour Moot",
    description="A small place by the water.",
    url="https://moot.example/",
    image_url="https://moot.example/media/photo-1.jpg",
    image_alt="A boat",
    oembed_url="https://moot.example/api/oembed?url=x",
    activity_url="https://moot.example/@wren/1",
    published_at=NOON,
    kind="article",
)
PAGER = Pager(newer_url="/?min_id=9", older_url="/?max_id=1")

PROFILE = people.Profile(
    person=WREN,
    bio_html="<p>Boatbuilder, bread baker, keeper of the harbour's spare keys. "
    "Ask me about caulking. :kelp:</p>",
    joined_at=NOON - 400 * DAY,
    header_url="/media/photo-1.jpg",
    fields=(
        people.ProfileField(
            name="Workshop",
            html='<a href="https://wren.example" rel="me nofollow noopener">wren.example</a>',
            verified_at=NOON - 90 * DAY,
        ),
        people.ProfileField(name="Pronouns", html="she/her"),
        people.ProfileField(name="Languages", html="English, 中文, a little Tagalog"),
    ),
    posts=1320,
    followed=87,
    followers=12_406,
    roles=("Reviewer",),
)
BARE = people.Profile(
    moved_to=MEI, person=ADA, header_url="/media/photo-2.jpg", bio_html="", joined_at=NOON - 3 * DAY
)
TILES = tuple(
    people.MediaTile(
        media=Media(
            kind="video" if n == 4 else "image",
            url=f"/media/photo-{n}.jpg",
            preview_url=f"/media/photo-{n}.jpg",
            alt=f"Picture {n}",
        ),
        post_url=f"/@wren/{n}",
        warning="Small injury" if n == 2 else None,
    )
    for n in range(1, 8)
)


def at(frame: Frame, path: str, **more: object) -> Frame:
    return msgspec.structs.replace(frame, path=path, **more)


def _public() -> dict[str, Page]:
    thread = at(MEMBER, TEXT.url)
    replies = (
        Reply(msgspec.structs.replace(SOUND, standing=MAY), 0, linked=True),
        Reply(msgspec.structs.replace(CHINESE, standing=MAY), 1),
        Reply(msgspec.structs.replace(LINKED, standing=MAY), 2),
        Reply(msgspec.structs.replace(POLL, standing=MAY), 0),
    )
    return {
        "front": FrontPage(
            frame=FRAME,
            card=CARD,
            posts=ALL,
            rules=tuple(rule.text for rule in RULES),
            tags=TAGS,
            pager=PAGER,
        ),
        "front_later": FrontPage(frame=FRAME, posts=ALL, pager=PAGER, first=False),
        "front_empty": FrontPage(
            frame=at(
                FRAME,
                "/",
                site=msgspec.structs.replace(
                    SITE, registrations="closed", operator=None, members=1, posts=0
                ),
            ),
            posts=(),
        ),
        "home": TimelinePage(
            frame=at(MEMBER, "/home", notices=(Notice("Your post is out."),)),
            title="Home",
            which="home",
            posts=seen_by_member((OPEN_POLL, *ALL)),
            draft=Draft(),
            tags=TAGS,
            pager=PAGER,
        ),
        "home_empty": TimelinePage(frame=at(MEMBER, "/home"), title="Home", which="home", posts=()),
        "alerts": AlertsPage(
            frame=at(MEMBER, "/alerts"),
            alerts=(
                Alert(
                    icon="scales",
                    people=(),
                    count=1,
                    words="Something about your account or a post of yours was decided",
                    at=NOON,
                    url="/alerts/9",
                ),
                Alert(
                    icon="favourite",
                    people=(MEI, TOMAS, ADA),
                    count=12,
                    words="favourited your post",
                    at=NOON,
                    post=TEXT,
                ),
                Alert(
                    icon="person",
                    people=(ADA,),
                    count=1,
                    words="asks to follow you",
                    at=NOON,
                    asks=True,
                ),
                Alert(
                    icon="reply",
                    people=(MEI,),
                    count=1,
                    words="mentioned you",
                    at=NOON,
                    post=CHINESE,
                    whole=True,
                ),
                Alert(
                    icon="boost",
                    people=(TOMAS,),
                    count=1,
                    words="boosted your post",
                    at=NOON,
                    post=WARNED,
                ),
            ),
            pager=PAGER,
        ),
        "filtered": TimelinePage(
            frame=at(MEMBER, "/home"),
            title="Home",
            which="home",
            posts=(msgspec.structs.replace(CHINESE, filtered_by="Boats", standing=MAY),),
        ),
        "boosts": PostPeoplePage(
            frame=at(FRAME, TEXT.url + "/boosts"),
            post=TEXT,
            which="boosts",
            entries=(people.Entry(person=MEI, bio_html="<p>木匠</p>"),),
            pager=PAGER,
        ),
        "favourites_none": PostPeoplePage(frame=FRAME, post=TEXT, which="favourites", entries=()),
        "quotes": QuotesPage(frame=FRAME, post=TEXT, quotes=(QUOTE,)),
        "quotes_none": QuotesPage(frame=FRAME, post=TEXT, quotes=()),
        "history": HistoryPage(
            frame=at(FRAME, POLL.url + "/history"),
            post=POLL,
            editions=(
                Edition(at=NOON, html=POLL.html, options=("A", "B")),
                Edition(at=NOON - HOUR, html="<p>Were?</p>", warning="Typo", descriptions=("",)),
                Edition(at=NOON - DAY, html="<p>Wher?</p>"),
            ),
        ),
        "alerts_none": AlertsPage(frame=at(MEMBER, "/alerts"), alerts=()),
        "compose_again": TimelinePage(
            frame=at(MEMBER, "/compose"),
            title="Your post",
            which="compose",
            posts=(),
            draft=Draft(
                form=Form(values={"text": "x"}, problem="This is too long."), language="zh-CN"
            ),
        ),
        "delete": DeletePage(frame=at(MEMBER, "/posts/1/delete"), post=TEXT),
        "thread": ThreadPage(
            frame=at(FRAME, TEXT.url),
            card=CARD,
            ancestors=(QUOTE, WARNED),
            post=TEXT,
            replies=replies,
            more=True,
        ),
        "thread_member": ThreadPage(
            frame=thread,
            ancestors=(),
            post=msgspec.structs.replace(GALLERY, boosted_by=None, standing=MAY),
            replies=replies,
            draft=Draft(
                reply_to="1",
                form=Form(values={"text": "@meilin "}, problem="A post cannot be empty."),
            ),
        ),
        "tag": TagPage(
            frame=at(MEMBER, "/tags/harbour"),
            name="harbour",
            posts=(TEXT, LINKED),
            uses=12,
            following=False,
            follow_url="/tags/harbour/follow",
        ),
        "tag_empty": TagPage(frame=FRAME, name="nothing", posts=()),
        "search": SearchPage(
            frame=at(FRAME, "/search"), query="boat", people=(WREN, MEI), posts=(TEXT,), tags=TAGS
        ),
        "search_empty": SearchPage(frame=FRAME, query="qwxz"),
        "profile": people.ProfilePage(
            frame=at(FRAME, WREN.url),
            card=CARD,
            profile=PROFILE,
            pinned=(msgspec.structs.replace(QUOTE, pinned=True),),
            posts=(TEXT, CHINESE, GALLERY),
            tags=TAGS,
            pager=PAGER,
        ),
        "profile_member": people.ProfilePage(
            frame=at(MEMBER, ADA.url),
            profile=msgspec.structs.replace(BARE, following="no", follows_you=True),
            posts=(),
        ),
        "profile_apart": people.ProfilePage(
            frame=at(MEMBER, FAR.url),
            profile=msgspec.structs.replace(
                BARE,
                person=FAR,
                following="no",
                bond=people.Bond(blocked=True, muted=True, muted_until=NOON, domain_blocked=True),
            ),
            posts=(),
        ),
        "profile_followed": people.ProfilePage(
            frame=at(MEMBER, MEI.url),
            profile=msgspec.structs.replace(
                BARE, person=MEI, following="yes", bond=people.Bond(boosts_hidden=True, told=True)
            ),
            posts=(msgspec.structs.replace(CHINESE, standing=Standing(may_quote=True)),),
        ),
        "profile_tagged": people.ProfilePage(
            frame=at(FRAME, WREN.url + "/tagged/harbour"),
            profile=PROFILE,
            tag="harbour",
            posts=(TEXT,),
        ),
        "profile_media": people.ProfilePage(
            frame=at(FRAME, WREN.url), profile=PROFILE, tab="media", tiles=TILES
        ),
        "followers": people.PeoplePage(
            frame=at(MEMBER, WREN.url + "/followers"),
            profile=PROFILE,
            which="followers",
            entries=(
                people.Entry(person=MEI, bio_html="<p>木匠，修船。</p>", following="yes"),
                people.Entry(person=FAR, bio_html="<p>Ferries.</p>", following="no"),
                people.Entry(person=WREN, following="self"),
            ),
            pager=PAGER,
        ),
        "following_hidden": people.PeoplePage(
            frame=FRAME, profile=BARE, which="following", entries=(), hidden=True
        ),
        "about": about.AboutPage(
            frame=at(FRAME, "/about"),
            contestable_days=184,
            description_html="<p>We began in 2019 as a mailing list for the boatyard. Today some "
            "two hundred people talk here about boats, bread and the weather.</p>"
            "<p>The server is owned by its members; each has one vote.</p>",
            rules=RULES,
            operator=(
                about.Fact("Operator", "Harbour Co-operative, registered society"),
                about.Fact("Address", "Slipway 4, 12345 Port Example"),
                about.Fact("Register", "Example court, no. 4711"),
                about.Fact("For authorities", "legal@moot.example", "mailto:legal@moot.example"),
            ),
            contact=ADA,
            email="hello@moot.example",
        ),
        "about_bare": about.AboutPage(
            frame=at(FRAME, "/about"), description_html="", rules=(), contestable_days=184
        ),
        **rule_pages(FRAME, MEMBER),
        "privacy": about.PolicyPage(
            frame=at(FRAME, "/privacy"),
            title="Privacy policy",
            since=NOON - 100 * DAY,
            html="<h2>What is stored</h2><p>What you write, and what the server needs to deliver "
            "it.</p><ul><li>Your e-mail address</li><li>Sign-ins of the last 30 days</li></ul>"
            "<h2>What is not</h2><p>Your name, unless you tell it.</p>",
        ),
    } | {
        f"error_{status}": error_page(
            at(FRAME, "/lost"), status, retry_after_s=30 if status == 429 else None
        )
        for status in (0, 401, 403, 404, 429, 500, 503)
    }


def _doors() -> dict[str, Page]:
    door = at(FRAME, "/auth/sign-up")
    bad = Form(
        values={"username": "wren", "email": "wren@"},
        errors={
            "username": "This name is taken.",
            "email": "This does not look like an e-mail address.",
        },
    )
    approval = msgspec.structs.replace(SITE, registrations="approval")
    invited = msgspec.structs.replace(SITE, registrations="invitation")
    closed = msgspec.structs.replace(SITE, registrations="closed")
    return {
        "sign_up": access.SignUpPage(frame=door, rules=RULES, minimum_age=16),
        "sign_up_errors": access.SignUpPage(frame=door, rules=RULES, minimum_age=16, form=bad),
        "sign_up_approval": access.SignUpPage(
            frame=at(door, "/auth/sign-up", site=approval),
            rules=RULES,
            reason_asked=True,
            return_to="/oauth/authorize?x=1",
        ),
        "sign_up_invited": access.SignUpPage(
            frame=at(door, "/auth/sign-up", site=invited),
            rules=(),
            invitation="abc",
            invited_by=MEI,
        ),
        "sign_up_uninvited": access.SignUpPage(
            frame=at(door, "/auth/sign-up", site=invited), rules=RULES
        ),
        "sign_up_closed": access.SignUpPage(frame=at(door, "/auth/sign-up", site=closed), rules=()),
        "mail_confirm": access.MailSentPage(
            frame=door, email="wren@example.org", why="confirm", approval=True
        ),
        "mail_reset": access.MailSentPage(frame=door, email="wren@example.org", why="reset"),
        "confirm": access.ConfirmPage(frame=door, key="k3y", email="wren@example.org"),
        "confirmed": access.ConfirmedPage(frame=door, worked=True),
        "confirmed_waiting": access.ConfirmedPage(frame=door, worked=True, awaiting_approval=True),
        "confirmed_not": access.ConfirmedPage(frame=door, worked=False),
        "sign_in": access.SignInPage(
            frame=at(FRAME, "/auth/sign-in"),
            application="Toot",
            return_to="/oauth/authorize?x=1",
        ),
        "sign_in_wrong": access.SignInPage(
            frame=at(FRAME, "/auth/sign-in"),
            form=Form(values={"login": "wren"}, problem="Name and password do not match."),
        ),
        "factor_totp": access.SecondFactorPage(
            frame=at(FRAME, "/auth/second-factor"),
            method="totp",
            methods=("totp", "passkey", "recovery"),
        ),
        "factor_passkey": access.SecondFactorPage(
            frame=at(FRAME, "/auth/second-factor"),
            method="passkey",
            methods=("totp", "passkey", "recovery"),
            return_to="/home",
        ),
        "factor_recovery": access.SecondFactorPage(
            frame=at(FRAME, "/auth/second-factor"),
            method="recovery",
            methods=("totp", "recovery"),
            form=Form(errors={"code": "This code was used before."}),
        ),
        "leaving": access.LeavingPage(
            frame=at(FRAME, "/auth/leaving"), username="wren", due_at=NOON + 20 * DAY
        ),
        "forgotten": access.ForgottenPage(frame=at(FRAME, "/auth/password-reset")),
        "new_password": access.NewPasswordPage(frame=FRAME, token="t0k"),
        "new_password_expired": access.NewPasswordPage(frame=FRAME, token="t0k", expired=True),
        "consent": access.ConsentPage(
            frame=at(MEMBER, "/oauth/authorize"),
            application="Phanpy",
            website="https://phanpy.social",
            redirect_to="phanpy.social",
            permissions=(
                access.Permission(
                    "Read your timelines, notifications and everything else you can see", "public"
                ),
                access.Permission("Post, boost, favourite and follow in your name", "pencil"),
                access.Permission("Send you push messages", "bell"),
                access.Permission("Act as a reviewer of this server", "scales", True),
            ),
            fields=(("client_id", "x"), ("state", "<y>")),
        ),
        "out_of_band": access.OutOfBandPage(
            frame=at(MEMBER, "/oauth/authorize"),
            application="toot",
            code="kq8-Zp3_0aYx7fLm2RtVwB1s",
        ),
    }


def _settings() -> dict[str, Page]:
    here = at(MEMBER, "/settings")
    return {
        "settings_profile": settings.ProfileSettingsPage(
            frame=here,
            avatar_url=WREN.avatar_url,
            has_avatar=True,
            header_url="/media/photo-1.jpg",
            home_url="https://moot.example/@wren",
            form=Form(
                values={
                    "display_name": "Wren Okafor",
                    "bio": "Boatbuilder",
                    "field_name_1": "Workshop",
                    "field_value_1": "https://wren.example",
                    "indexable": "1",
                }
            ),
        ),
        "settings_preferences": settings.PreferencesPage(
            frame=here,
            form=Form(values={"language": "zh"}),
            languages=(("en", "English"), ("zh", "中文")),
        ),
        "settings_security": settings.SecurityPage(
            frame=here,
            totp=True,
            recovery_left=8,
            email="wren@example.org",
            unconfirmed_email="new@example.org",
            passkeys=(
                settings.Passkey(
                    id="1", name="My laptop", created_at=NOON - 50 * DAY, used_at=NOON - DAY
                ),
            ),
            sessions=(
                settings.Session(
                    id="1",
                    device="Firefox on Linux",
                    address="192.0.2.7",
                    seen_at=NOON,
                    created_at=NOON - 9 * DAY,
                    current=True,
                ),
                settings.Session(
                    id="2",
                    device="Safari on iPhone",
                    address="2001:db8::7",
                    seen_at=NOON - DAY,
                    created_at=NOON - 40 * DAY,
                ),
            ),
        ),
        "settings_security_off": settings.SecurityPage(
            frame=here,
            totp=False,
            recovery_left=0,
            passkeys=(),
            sessions=(),
            required=True,
            email="wren@example.org",
            password_form=Form(errors={"current": "This is not your password."}),
        ),
        "settings_totp": settings.TotpPage(
            frame=here,
            secret="JBSW Y3DP EHPK 3PXP",
            uri="otpauth://totp/Harbour:wren?secret=JBSWY3DPEHPK3PXP&issuer=Harbour",
        ),
        "settings_recovery": settings.RecoveryCodesPage(
            frame=here, codes=tuple(f"{n:04d}-moss-{n * 7:04d}" for n in range(1, 11))
        ),
        "settings_applications": settings.ApplicationsPage(
            frame=here,
            applications=(
                settings.Application(
                    id="1",
                    name="Phanpy",
                    website="https://phanpy.social",
                    granted_at=NOON - 30 * DAY,
                    used_at=NOON,
                    permissions=("read everything", "post and follow"),
                ),
                settings.Application(
                    id="2",
                    name="toot",
                    website=None,
                    granted_at=NOON - 90 * DAY,
                    used_at=None,
                    permissions=("read everything",),
                ),
            ),
        ),
        "settings_applications_none": settings.ApplicationsPage(frame=here, applications=()),
        "settings_data": settings.DataPage(
            frame=here,
            files=(
                settings.DataFile("People I follow", "/settings/data/following.csv", 87),
                settings.DataFile("Lists", "/settings/data/lists.csv", 1),
            ),
            exports=(
                settings.Transfer(
                    id="4", name="Archive", state="running", started_at=NOON, done=412, total=1320
                ),
                settings.Transfer(
                    id="1",
                    name="Archive",
                    state="done",
                    started_at=NOON - 6 * DAY,
                    done=1320,
                    total=1320,
                    url="/settings/data/exports/1",
                    bytes=48_200_000,
                    until=NOON + DAY,
                ),
            ),
            may_export_at=NOON + DAY,
        ),
        "settings_data_new": settings.DataPage(frame=here, files=()),
        "settings_account": settings.AccountPage(
            frame=here,
            aliases=(("https://old.example/users/wren", "old.example/users/wren"),),
            alias_form=Form(errors={"alias": "There is no account of that address"}),
        ),
        "settings_imports": settings.ImportsPage(
            frame=here,
            kinds=(("following", "People I follow (CSV)"), ("posts", "Posts (archive)")),
            imports=(
                settings.Transfer(
                    id="2",
                    name="Posts",
                    state="running",
                    started_at=NOON,
                    done=412,
                    total=1320,
                    failed=3,
                    url="/settings/imports/2",
                ),
                settings.Transfer(
                    id="3",
                    name="People I follow",
                    state="failed",
                    started_at=NOON - DAY,
                    done=12,
                    total=80,
                    problem="The archive broke off.",
                    url="/settings/imports/3",
                ),
            ),
            form=Form(errors={"file": "File can't be blank"}),
        ),
        "settings_import": settings.ImportPage(
            frame=here,
            transfer=settings.Transfer(
                id="2", name="Posts", state="checked", started_at=NOON, total=1320
            ),
            file_name="archive-20251120.zip",
            facts=(
                ("Posts", "1320"),
                ("Boosts, which are left out", "201"),
                ("From", "2019-04-01"),
            ),
            may_begin=True,
        ),
        "settings_import_running": settings.ImportPage(
            frame=here,
            transfer=settings.Transfer(
                id="3",
                name="People I follow",
                state="running",
                started_at=NOON,
                done=412,
                total=1320,
                failed=2,
            ),
            file_name="following_accounts.csv",
            replaces=True,
            failures=(
                settings.Failure("mo@far.example", "People on other servers cannot be reached"),
                settings.Failure("nobody", "Nobody here has this name"),
            ),
        ),
        "settings_deletion": settings.DeletionPage(frame=here, username="wren", days=30),
        "settings_account_moved": settings.AccountPage(frame=here, moved_to=MEI),
    }


def _log() -> dict[str, Page]:
    state = log.LogState(
        entries=1_204,
        size=1_203,
        root="9f" * 32,
        signed_at=NOON,
        key="moot.example/log+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        witnesses=("harbour.example/witness",),
    )
    said = (
        ("Decision", "Case C-2291 about scams under rule scams: post quarantined."),
        ("Appeal decided", "An appeal by the author against D-2113: the decision was reversed."),
        ("Policy version", "Rule paid-posts was published, in force from 2025-12-07."),
    )
    lines = tuple(
        log.Line(position=1_203 - at, title=title, sentence=sentence, at=NOON - at * HOUR,
                 signed=at > 0)
        for at, (title, sentence) in enumerate(said)
    )  # fmt: skip
    months = [
        (name, {"Policy": at % 3, "Decisions": 12 * at % 31, "Redress": at % 5})
        for at, name in enumerate(("Jun 2025", "Jul 2025", "Aug 2025", "Sep 2025", "Oct 2025"))
    ]
    asked = Form(values={"kind": "decision", "month": "", "q": "C-2291"})
    frame = at(FRAME, "/log")
    shared = {"frame": frame, "kinds": (("decision", "Decision"), ("policy", "Policy version"))}
    months_shown = (("2025-11", "Nov 2025"), ("2025-10", "Oct 2025"))
    return {
        "log": log.LogPage(
            **shared, state=state, lines=lines, form=Form(), months=months_shown, pager=PAGER,
            chart=stack_columns("Entries of each month", list(months[0][1]), months),
        ),
        "log_nothing_found": log.LogPage(
            **shared, state=state, lines=(), form=asked, months=months_shown, filtered=True
        ),
        "log_empty": log.LogPage(
            **shared, state=log.LogState(entries=0), lines=(), form=Form(), months=months_shown
        ),
        "log_figures": log.FiguresPage(
            frame=frame, decided=412, undone=21, appeals=60, upheld=19,
            steps=stack_columns("Decisions of each month", list(log_words.STEPS), [
                (label, dict(zip(log_words.STEPS, (9, 7, 5 + n, 3, 1, 12), strict=True)))
                for n, (label, _) in enumerate(months)
            ]),
            times=stack_columns(
                "From report to decision by a person", list(log_words.TIMES.values()), [
                    (label, dict(zip(log_words.TIMES.values(), (n, 8, 14, 4, 1), strict=True)))
                    for n, (label, _) in enumerate(months)
                ],
            ),
            rules=(
                log.Share(name="spam-1", url="/log?q=spam-1", decided=301, undone=12),
                log.Share(name="harassment-1", url="/log?q=harassment-1", decided=111, undone=9),
            ),
            detectors=(
                log.Share(name="links", url="/log?q=links", decided=44, undone=11),
            ),
        ),
        "link_listed": LinkPage(
            frame=frame, address="https://login.wallet-fix.example/restore?account=wren&step=2",
            domain="wallet-fix.example",
            listed=ListedDomain(
                "wallet-fix.example", "phishing-sites", "Sites that ask for passwords, by a "
                "group of banks; imported every week.", "Copies the page of a bank",
            ),
        ),
        "link_not_listed": LinkPage(
            frame=frame, address="https://bread.example/today", domain="bread.example"
        ),
        "log_figures_empty": log.FiguresPage(frame=frame, decided=0, undone=0, appeals=0, upheld=0),
        "log_entry": log.LogEntryPage(
            frame=frame, line=lines[1], state=state, hash="ab" * 32, commitment="cd" * 32,
            facts=(
                about.Fact("Decision", "D-2113", "/log?q=D-2113"),
                about.Fact("Outcome", "reversed"),
                about.Fact("Decided by", "r-abcdefghijklmnop", "/log?q=r-abcdefghijklmnop"),
            ),
            leaf='{"at":"2025-11-23T12:13:20Z","commitment":"' + "cd" * 32 + '","entry":{}}',
            earlier=1_201, later=1_203,
        ),
        "log_entry_fresh": log.LogEntryPage(
            frame=frame, line=lines[0], state=state, hash="ab" * 32, facts=(), leaf="{}"
        ),
    }  # fmt: skip


def _detectors() -> dict[str, Page]:
    frame = msgspec.structs.replace(STAFF, path="/desk/detectors")
    scam = detectors.ShownDetector(
        name="recovery-phrase-requests",
        title="Asking for the recovery phrase of a wallet",
        description="Finds posts that ask people to send the recovery phrase of a wallet. Whoever "
        "has it can empty the wallet; nobody honest ever asks for it.",
        rule="scams-1",
        asks_for="A person looks at what is found.",
        state="active",
        since=NOON - 20 * DAY,
    )
    flood = msgspec.structs.replace(
        scam,
        name="link-flood-from-new-accounts",
        title="Many posts with links from an account that is days old",
        rule="spam-1",
        state="shadow",
        since=NOON - DAY,
    )
    source = """name = "recovery-phrase-requests"
title = "Asking for the recovery phrase of a wallet"
rule = "scams-1"
condition = '''
found.secret && size(text.body) > 3
'''

[words]
secret = ["seed phrase", "recovery phrase", "助记词"]
"""
    editor = detectors.EditorPage(
        frame=frame,
        name=scam.name,
        state="shadow",
        since=NOON - DAY,
        form=Form(values={"source": source, "text": "Send me your seed phrase"}),
        checked=True,
        tests=5,
        finds=True,
        steps=("backtest", "activate", "retire"),
        history=(
            detectors.Happened(
                "shadowed", 2, "tomas", "The sample is right but for one.", NOON - DAY
            ),
            detectors.Happened("created", 1, "", "Three reports this week.", NOON - 2 * DAY),
        ),
        tried=detectors.Tried(True, 48_200, 31, 12, 92, 65, 99, ((flood.name, 4),)),
        sample=(
            detectors.Sampled("1", "", "Your wallet is out of date. Enter your seed phrase", ""),
            detectors.Sampled("2", "Scam", "They wrote: send me your seed phrase. 😡", "fine"),
        ),
        may_put_in_force=True,
    )
    return {
        "detectors": detectors.DetectorsPage(frame=FRAME, active=(scam,), shadow=(flood,)),
        "detectors_none": detectors.DetectorsPage(frame=FRAME, active=(), shadow=()),
        "desk_detectors": detectors.DeskDetectorsPage(
            frame=frame,
            detectors=(scam, flood),
            offers=(detectors.Offer("private-numbers", "Numbers that identify a person"),),
        ),
        "desk_detectors_none": detectors.DeskDetectorsPage(frame=frame, detectors=(), offers=()),
        "desk_detector": editor,
        "desk_detector_wrong": msgspec.structs.replace(
            editor,
            finds=None,
            spots=(
                detectors.Spot(
                    5,
                    17,
                    "size() of a text counts bytes, not characters; text.chars counts those",
                    "found.secret && ",
                    "size(text.body) > 3",
                ),
            ),
        ),
        "desk_detector_version": detectors.DetectorVersionPage(
            frame=frame,
            name=scam.name,
            number=2,
            note="The sample is right but for one.",
            by="tomas",
            at=NOON - DAY,
            lines=(
                ("", "[words]"),
                ("-", 'secret = ["seed phrase", "recovery phrase"]'),
                ("+", 'secret = ["seed phrase", "recovery phrase", "助记词"]'),
            ),
        ),
        "desk_detector_new": detectors.EditorPage(
            frame=frame, name="", state="", since=0, form=Form()
        ),
    }


def pages() -> dict[str, Page]:
    """All pages by a name of their own."""
    from surfaces.web.samples_desk import desk_pages  # which build on what is above
    from surfaces.web.samples_members import member_pages
    from surfaces.web.samples_official import official_pages
    from surfaces.web.samples_quality import quality_pages
    from surfaces.web.samples_redress import redress_pages

    made = _public() | _doors() | _settings() | _log() | _detectors() | member_pages()
    return made | redress_pages() | desk_pages() | official_pages() | quality_pages()
