"""Samples of the desk's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from folkmoot.surfaces.web.pages import cases, desk
from folkmoot.surfaces.web.pages import desk_decisions as second
from folkmoot.surfaces.web.pages.about import Fact
from folkmoot.surfaces.web.pages.around import Edition
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.posts import Reply
from surfaces.web.samples import CHINESE, DAY, FAR, HOUR, NOON, STAFF, TEXT, TOMAS

if TYPE_CHECKING:
    from folkmoot.surfaces.web.pages.frame import Frame, Page

SEEN = cases.Seen(cases=7, minutes=48, grave=2, grave_minutes=11, looks=3, rest=False)
TIRED = cases.Seen(cases=31, minutes=1, grave=1, grave_minutes=1, looks=1, rest=True)
GRAVE = cases.CaseLine(
    id="1",
    title="A post by @noor@a-rather-long-name.example.social",
    harm="Threats and incitement to violence",
    severity=3,
    why="grave harm, seen by about 12804, 14 reporters, a trusted flagger, found by "
    "threats-with-a-place, waiting for 5 hours",
    opened_at=NOON - 5 * HOUR,
    due_at=NOON - HOUR,
    late=True,
    holder="@wren",
    held_until=NOON,
    excerpt="We know where you buy your bread, and when the bakery opens in the morning. "
    "Somebody will be there.",
)
LESSER = cases.CaseLine(
    id="2",
    title="The account @tides",
    harm="No harm named",
    severity=1,
    why="lesser harm, seen by about 3, 1 reporter, waiting for 12 minutes",
    opened_at=NOON - HOUR,
    due_at=NOON + DAY,
)
MINE = msgspec.structs.replace(GRAVE, holder="you", late=False, due_at=NOON + HOUR)
RULES = (
    ("", "Choose a rule"),
    ("violence-1", "Do not threaten people (violence-1)"),
    ("harassment-1", "Leave people alone who want to be left alone (harassment-1)"),
)
STEPS = (
    ("post:no-action", "No action", ""),
    ("post:label", "A label or context on the post", ""),
    ("post:screen", "Media behind a warning", "Not by violence-1"),
    ("post:unlist", "Out of public timelines", ""),
    ("post:quarantine", "The post is withheld", ""),
    ("account:limit", "Fewer interactions", "Not by violence-1"),
    ("account:pause", "Posting is paused for a time", ""),
    ("account:suspend", "The account is suspended", ""),
)
LASTS = (("", "Until somebody looks again, in half a year"), ("86400000", "For 1 day"))
PROPOSED = cases.Proposed(
    "violence-1",
    "The post is withheld",
    "until it is looked at again",
    "a grave harm; no decision stands against the member; seen by about 12804",
)
STATEMENT = cases.Statement(
    tongue="en",
    title="A decision about your post",
    happened="What happened",
    facts="You wrote where somebody buys their bread, and that somebody would be waiting there.",
    label_heading="The label",
    label="Names a place where somebody can be met",
    items=(
        Fact("What is done", "The post is withheld"),
        Fact("Rule", "Do not threaten people (violence-1, version 1)", "/rules/versions/1"),
        Fact("Decision", "Decided by a person, calm-heron."),
    ),
)
DECIDE = cases.DecideForm(
    form=Form(values={"rule_code": "violence-1", "step": "post:quarantine", "ground": "terms"}),
    rules=RULES,
    steps=STEPS,
    lasts=LASTS,
    proposed=PROPOSED,
    on_post=True,
)
EVIDENCE = cases.Evidence(
    id="5",
    sight="shown",
    audience="Public",
    post=CHINESE,
    warning="The boat, at last",
    sensitive=True,
    changed=True,
)


def at(path: str) -> Frame:
    return msgspec.structs.replace(STAFF, path=path)


def desk_pages() -> dict[str, Page]:
    """The pages by a name of their own."""
    return _cases() | _second_looks()


def _cases() -> dict[str, Page]:
    queue = cases.QueuePage(
        frame=at("/desk/cases"),
        cases=(GRAVE, LESSER),
        open=1_204,
        late=17,
        seen=SEEN,
        form=Form(values={"harm": "violence", "late": "1"}),
        harms=(("violence", "Threats and incitement to violence"),),
        detectors=(("link-flood", "link-flood"),),
        narrowed=True,
        older_url="/desk/cases?after=2",
        first_url="/desk/cases",
    )
    case = cases.CasePage(
        frame=at("/desk/cases/1"),
        case=MINE,
        mine=True,
        state="open",
        profile=cases.Profile(
            person=FAR,
            bio_html="<p>Boats, bread, and no patience for fools.</p>",
            header_url="/media/header-6.jpg",
            fields=(("Boat", "La Patience"),),
            facts=(
                Fact("Here since", "3 Mar 2026"),
                Fact("Followers", "12,804"),
                Fact("In force", "Out of public timelines, until 2026-05-20 12:00 UTC"),
            ),
        ),
        evidence=(EVIDENCE,),
        groups=(
            ("Threats and incitement to violence, by a member", "13"),
            ("Spam, by a visitor", "1"),
        ),
        comments=(
            cases.Comment(
                by="a member whom the post addresses",
                text="They know my street. I am afraid to go out.",
                at=NOON - 4 * HOUR,
                means="They mean the link https://example.org/a-place",
                standing="3 of 4 reports led to something",
            ),
            cases.Comment(by="a visitor", text="", at=NOON - 5 * HOUR),
        ),
        more_comments=12,
        findings=(cases.Finding("threats-with-a-place", "places, times", NOON - 5 * HOUR),),
        before=(
            cases.Before(
                step="Out of public timelines",
                rule="harassment-1",
                facts="Wrote eleven times to somebody who had asked to be left alone.",
                at=NOON - 40 * DAY,
                state="until 2026-05-20 12:00 UTC",
                in_force=True,
            ),
        ),
        seen=SEEN,
        decide=DECIDE,
        held_s=212,
        share=71,
    )
    wrong = Form(
        values={**DECIDE.form.values, "ground": "law", "unfounded": "1"},
        errors={
            "step": "Choose what is done",
            "facts": "Say what happened, in up to 5,000 characters: the member reads it",
            "law": "Name the law that makes this illegal, in up to 500 characters",
        },
    )
    replace = msgspec.structs.replace
    return {
        "desk_cases": queue,
        "desk_cases_mine": replace(queue, mine=MINE, older_url=None, first_url=None, seen=TIRED),
        "desk_cases_none": replace(queue, cases=(), open=0, late=0, narrowed=False),
        "desk_case": case,
        "desk_case_wrong": replace(case, decide=replace(DECIDE, form=wrong)),
        "desk_case_preview": replace(
            case,
            decide=replace(DECIDE, statement=STATEMENT),
            context="thread",
            thread=(Reply(TEXT, 0, linked=True), Reply(CHINESE, 1)),
        ),
        "desk_case_kept": replace(
            case,
            evidence=(
                cases.Evidence(id="5", sight="ask", audience="For followers only"),
                cases.Evidence(id="6", sight="never", audience="Only for those mentioned"),
            ),
            seen=TIRED,
        ),
        "desk_case_history": replace(
            case, context="history", editions=(Edition(at=NOON, html="<p>Now</p>"),)
        ),
        "desk_case_others": replace(
            case,
            case=GRAVE,
            mine=False,
            decide=None,
            evidence=(cases.Evidence(id="5", sight="ask", audience="For followers only"),),
            groups=(),
            comments=(),
            findings=(),
            before=(),
            problem="Another reviewer has this case until 2026-05-20 12:00 UTC",
        ),
        "desk_case_gone": replace(
            case,
            evidence=(cases.Evidence(id="", sight="gone"),),
            case=LESSER,
            mine=False,
            decide=None,
            profile=replace(case.profile, person=TOMAS, bio_html="", fields=()),
        ),
        "desk_case_closed": replace(
            case, state="closed", mine=False, decide=None, decided=case.before
        ),
        "desk_case_proposed": replace(
            case,
            state="proposed",
            mine=False,
            decide=None,
            proposal=cases.Proposal(by="@wren", own=False, statement=STATEMENT),
            evidence=(cases.Evidence(id="5", sight="ask", audience="For followers only"),),
        ),
        "desk_case_proposed_over": replace(
            case,
            state="proposed",
            mine=False,
            decide=None,
            proposal=cases.Proposal(by="@wren", own=True, over="This step needs an end."),
        ),
        "desk_alike": cases.AlikePage(
            frame=at("/desk/cases/1/alike"),
            case=replace(LESSER, why="the case you came from"),
            alike=(replace(GRAVE, holder="", why="nearly the same words"),),
            chosen=frozenset({"2"}),
            decide=replace(DECIDE, form=Form(errors={"cases": "Choose the cases"})),
            most=50,
        ),
        "desk_alike_none": cases.AlikePage(
            frame=at("/desk/cases/1/alike"),
            case=LESSER,
            alike=(),
            chosen=frozenset(),
            decide=DECIDE,
            most=50,
        ),
        "desk_proposals": cases.ProposalsPage(frame=at("/desk/proposals"), cases=(GRAVE,)),
        "desk_proposals_none": cases.ProposalsPage(frame=at("/desk/proposals"), cases=()),
    }


def _second_looks() -> dict[str, Page]:
    replace = msgspec.structs.replace
    appeal = second.AppealLine(
        id="9",
        title="A post by @noor@a-rather-long-name.example.social",
        by="author",
        step="The post is withheld",
        filed_at=NOON - DAY,
        due_at=NOON + DAY,
    )
    page = second.DeskAppealPage(
        frame=at("/desk/appeals/9"),
        appeal=appeal,
        text="It was a joke between friends, and the bakery is mine.",
        statement=STATEMENT,
        decided_by="@wren and @tomas",
        evidence=(cases.Evidence(id="5", sight="ask", audience="For followers only"),),
        comments=(),
        form=Form(
            values={"verdict": "uphold"}, errors={"answer": "Give the reasons for your answer"}
        ),
    )
    unlisted = second.InForceLine(
        id="7",
        title="The account @tides",
        url="/@tides",
        step="Out of public timelines",
        rule="spam-1",
        facts="The same link, forty times an hour, to people who had not asked.",
        at=NOON - 200 * DAY,
        by="@wren",
        review_at=NOON - DAY,
        overdue=True,
    )
    return {
        "desk": desk.DeskPage(
            frame=at("/desk"),
            waiting=(
                desk.Waiting("/desk/cases", 1_204, "cases are open", 17),
                desk.Waiting("/desk/proposals", 1, "waits for a second"),
                desk.Waiting("/desk/appeals", 3, "appeals wait", 1),
                desk.Waiting("/desk/decisions?due=1", 2, "decisions to look at again"),
                desk.Waiting("/desk/sign-ups", 0, "ask to join"),
                desk.Waiting("/desk/detectors", 1, "detector on trial"),
            ),
            seen=SEEN,
        ),
        "desk_appeals": second.DeskAppealsPage(
            frame=at("/desk/appeals"),
            appeals=(
                replace(appeal, late=True, mine=True),
                replace(appeal, by="reporter", step="No action", nobody=True),
                appeal,
            ),
        ),
        "desk_appeals_none": second.DeskAppealsPage(frame=at("/desk/appeals"), appeals=()),
        "desk_appeal": page,
        "desk_appeal_reporter": replace(
            page,
            appeal=replace(appeal, by="reporter", mine=True, nobody=True),
            evidence=(EVIDENCE,),
            comments=(cases.Comment(by="a visitor", text="Please look.", at=NOON - 3 * DAY),),
            form=Form(),
        ),
        "desk_appeal_mine": replace(
            page,
            appeal=replace(appeal, mine=True),
            form=Form(problem="Somebody else has to decide"),
        ),
        "desk_appeal_over": replace(
            page, state="upheld", answer="The bakery is theirs indeed.", evidence=()
        ),
        "desk_decisions": second.InForcePage(
            frame=at("/desk/decisions"),
            which="all",
            decisions=(
                unlisted,
                replace(
                    unlisted,
                    id="8",
                    back="end",
                    form=Form(errors={"reason": "Say why, in up to 5,000 characters"}),
                ),
                replace(unlisted, id="10", own=True, url="", review_at=None, ends_at=NOON + DAY),
            ),
        ),
        "desk_decisions_none": second.InForcePage(
            frame=at("/desk/decisions"), which="due", decisions=()
        ),
    }
