"""Samples of the desk's pages on practice, second looks, agreement and staffing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from folkmoot.surfaces.web.charts import DAYS, heat_week
from folkmoot.surfaces.web.pages import quality
from folkmoot.surfaces.web.pages.frame import Form, Pager
from folkmoot.surfaces.web.pages.posts import Media
from surfaces.web.samples import DAY, HOUR, NOON, STAFF

if TYPE_CHECKING:
    from folkmoot.surfaces.web.pages.frame import Frame, Page

CHOICES = quality.Choices(
    rules=(
        ("", "Choose a rule"),
        ("spam-1", "Do not flood people with what they did not ask for (spam-1)"),
        ("harassment-1", "Do not harass people (harassment-1)"),
    ),
    steps=(
        ("", "Choose a step"),
        ("no-action", "No action"),
        ("unlist", "Out of public timelines"),
        ("quarantine", "The post is withheld"),
    ),
)
NOTHING = quality.Decided("No action")
UNLISTED = quality.Decided("Out of public timelines", "Do not flood people (spam-1)")
WITHHELD = quality.Decided("The post is withheld", "Do not flood people (spam-1)")
SOCKS = "Lovely picture! By the way, hand-knitted socks, 20 % off this week only: [link]"
PICTURE = Media(kind="image", url="/media/socks.png", alt="Socks on a line", width=1200, height=800)
LOOKS = (
    quality.LookLine(
        id="1", on_account=False, at=NOON, first=UNLISTED, second=NOTHING, agrees=False,
        wish="proposed",
    ),
    quality.LookLine(
        id="2", on_account=True, at=NOON - DAY, first=WITHHELD, second=WITHHELD, agrees=True
    ),
    quality.LookLine(
        id="3", on_account=False, at=NOON - 2 * DAY, first=NOTHING, second=UNLISTED, agrees=False,
        wish="kept",
    ),
)  # fmt: skip
TYPED = {
    "arrivals": "1.0", "handling": "1.0", "clocks": "1.0", "minutes": "45", "opens": "8",
    "closes": "20", "days": "every",
}  # fmt: skip
PEOPLE = [
    0 if not 8 <= hour % 24 < 20 else 1 + (14 <= hour % 24 < 18) + (hour // 24 == 5)
    for hour in range(168)
]


def at(path: str) -> Frame:
    return msgspec.structs.replace(STAFF, path=path)


def quality_pages() -> dict[str, Page]:
    """The pages by a name of their own."""
    return _practice() | _looks() | _numbers()


def _practice() -> dict[str, Page]:
    one = quality.PracticeCasePage(
        frame=at("/desk/practice/1"),
        id="1",
        on_account=False,
        text=SOCKS,
        language="en",
        about="The same text stands under twenty-six posts of different people.",
        choices=CHOICES,
        form=Form(values={"rule": "spam-1", "step": ""}, errors={"step": "Choose another step"}),
        media=PICTURE,
    )
    edit = {
        "case": "1", "kind": "post", "text": SOCKS, "rule": "spam-1", "low": "unlist",
        "high": "quarantine", "reasons": "The same words under twenty-six posts.",
    }  # fmt: skip
    line = quality.PracticeLine(id="1", excerpt=SOCKS, answer=UNLISTED, shipped=True)
    return {
        "desk_practice": quality.PracticePage(
            frame=at("/desk/practice"),
            answered=12,
            right=8,
            step_off=3,
            rule_off=1,
            waiting=4,
            leads=True,
        ),
        "desk_practice_none": quality.PracticePage(
            frame=at("/desk/practice"), answered=0, right=0, step_off=0, rule_off=0, waiting=0
        ),
        "desk_practice_case": one,
        "desk_practice_answered": msgspec.structs.replace(
            one,
            form=Form(),
            media=None,
            media_gone=True,
            mine=NOTHING,
            verdict="step-off",
            right=(UNLISTED, WITHHELD),
            reasons="Nobody is deceived, so taking it out of public timelines is enough at first.",
            others=(quality.Counted(UNLISTED, 5), quality.Counted(NOTHING, 2)),
            more=True,
        ),
        "desk_practice_right": msgspec.structs.replace(
            one, mine=UNLISTED, verdict="right", right=(UNLISTED,), reasons="It floods.", about=""
        ),
        "desk_practice_cases": quality.PracticeCasesPage(
            frame=at("/desk/practice/cases"),
            cases=(
                line,
                msgspec.structs.replace(line, id="2", shipped=False, answered=7, right=5),
            ),
            closed=(
                quality.ClosedLine(
                    id="9",
                    title="A post by @noor@a-rather-long-name.example.social",
                    harm="Harassment",
                    closed_at=NOON,
                ),
            ),
            shipped=8,
            pager=Pager(older_url="?max_id=1"),
            older_closed="/desk/practice/cases?before=1#closed",
        ),
        "desk_practice_cases_none": quality.PracticeCasesPage(
            frame=at("/desk/practice/cases"), cases=(), closed=()
        ),
        "desk_practice_edit": quality.PracticeEditPage(
            frame=at("/desk/practice/cases/prepare"),
            form=Form(values=edit, errors={"text": "This still names @wren"}),
            choices=CHOICES,
            pictures=(("7", "Socks on a line"),),
        ),
    }


def _looks() -> dict[str, Page]:
    one = quality.SecondLookPage(
        frame=at("/desk/second-looks/1"),
        id="1",
        on_account=True,
        name="Noor van der Meer-Hasanović",
        address="noor@a-rather-long-name.example.social",
        note="Socks, and what goes with them.",
        posts=(
            quality.GivenPost(
                text=SOCKS, warning="", language="en", at=NOON - HOUR, media=(PICTURE,)
            ),
            quality.GivenPost(text="又是袜子。", warning="袜子", language="zh", at=NOON),
        ),
        complaints=(("Spam and platform manipulation", "Third time today."), ("Illegal", "")),
        until=NOON + HOUR // 2,
        choices=CHOICES,
    )
    compared = quality.ComparedPage(
        frame=at("/desk/second-looks/1"),
        line=LOOKS[0],
        why="Once is not spam.",
        case_id="9",
        wish_why="The link led to a seed library, and it was one post.",
        may_settle=True,
        form=Form(errors={"why": "Say why, in up to 2,000 characters"}),
    )
    return {
        "desk_second_looks": quality.SecondLooksPage(
            frame=at("/desk/second-looks"),
            waiting=3,
            by_me=LOOKS,
            of_mine=LOOKS[1:],
            wished=LOOKS[:1],
            differing=LOOKS[::2],
            leads=True,
        ),
        "desk_second_looks_held": quality.SecondLooksPage(
            frame=at("/desk/second-looks"), waiting=1, held="1"
        ),
        "desk_second_looks_none": quality.SecondLooksPage(
            frame=at("/desk/second-looks"), waiting=0
        ),
        "desk_second_look": one,
        "desk_second_look_found": msgspec.structs.replace(
            one, on_account=False, posts=one.posts[1:], complaints=(), note=""
        ),
        "desk_compared": compared,
        "desk_compared_wish": msgspec.structs.replace(
            compared, line=LOOKS[2], wish_why="", may_settle=False, may_wish=True, form=Form()
        ),
        "desk_compared_settled": msgspec.structs.replace(
            compared,
            line=LOOKS[2],
            case_id="",
            may_settle=False,
            settled_why="The same text stood under twenty-six posts.",
        ),
    }


def _numbers() -> dict[str, Page]:
    rule = quality.Agreed(
        rule="Do not flood people with what they did not ask for (spam-1)",
        code="spam-1",
        cases=64,
        on_rule="They agree well",
        rule_value="0.88 (0.79 to 0.97)",
        on_step="They agree poorly",
        step_value="0.41 (0.15 to 0.67)",
        published=True,
    )
    few = quality.Agreed(
        rule="Do not attack people for who they are (hate-1)",
        code="hate-1",
        cases=4,
        on_rule="Too few cases to say",
        rule_value="0.62 (-0.10 to 1.00)",
        on_step="All came to the same: there is nothing to compare",
        step_value="",
    )
    staffing = quality.StaffingPage(
        frame=at("/desk/staffing"),
        form=Form(values=TYPED, errors={"clocks": "Give a number from 0.5 to 10."}),
        weeks=8,
        cases=12_345,
        handled=9_876,
        enough=True,
        supposed=True,
        most=3,
        hours=132,
        a_week="1,543",
        between="1,516 to 1,571",
        minutes="4.2",
        clocks=(
            ("Grave", "4 h", "4 h"),
            ("Serious", "24 h", "7 h"),
            ("Lesser", "72 h", "10 h"),
        ),
        late=(("grave", "12"), ("serious", "0.3")),
        people=heat_week(PEOPLE),
        in_words=tuple((day, "0 to 8: nobody; 8 to 14: 1; 14 to 24: 2") for day in DAYS),
        arrivals=heat_week([number * 1.7 for number in PEOPLE], digits=1),
    )
    return {
        "desk_quality": quality.QualityPage(
            frame=at("/desk/quality"),
            whole=msgspec.structs.replace(rule, rule="", code="", cases=412),
            rules=(rule, few),
            share="5 %",
            wished=1,
            publish_from=20,
        ),
        "desk_quality_none": quality.QualityPage(
            frame=at("/desk/quality"), whole=None, rules=(), share="5 %", wished=0, publish_from=20
        ),
        "desk_staffing": staffing,
        "desk_staffing_little": quality.StaffingPage(
            frame=at("/desk/staffing"),
            form=Form(values=TYPED),
            weeks=1,
            cases=1,
            handled=0,
            enough=False,
        ),
    }
