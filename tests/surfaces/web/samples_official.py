"""Sample data for transparency reports, and for what the team writes down of requests."""

from __future__ import annotations

import msgspec

from folkmoot.domain.tallies.model import Count, Identity, Tally, parse_period
from folkmoot.domain.transparency import model as log
from folkmoot.surfaces.official.report_files import build_files
from folkmoot.surfaces.web.pages import official
from folkmoot.surfaces.web.pages.about import Fact
from folkmoot.surfaces.web.pages.frame import Form, Frame, Page
from folkmoot.surfaces.web.pages.quality import Agreed
from folkmoot.surfaces.web.routes.transparency import cards_of, charts_of, tables_of
from surfaces.web.samples import CARD, FRAME, MEMBER, NOON, STAFF
from surfaces.web.samples_members import ARABIC, LONG, PAGER

IDENTITY = Identity(service="Harbour", provider="Harbour Ltd", published_on="2026-07-10")
BY, SECOND = "r-abcdefghijklmnop", "r-ponmlkjihgfedcba"


def figures() -> Tally:
    """Half a year in which a little of everything happened."""
    made = Count(parse_period("2026-H1"))
    for month in range(1, 7):
        at = f"2026-{month:02d}-10T10:00:00Z"
        later = f"2026-{month:02d}-11T16:30:00Z"
        entries: list[log.AnyEntry] = []
        for number in range(month * 2):
            code, flagged = f"{month}-{number}", number % 3 == 0
            entries.append(
                log.Notice(
                    code=f"R-{code}",
                    received_at=at,
                    source="trusted-flagger" if flagged else "article-16",
                    category="SCAMS_AND_FRAUD",
                    keyword="PHISHING",
                )
            )
            entries.append(
                log.Decision(
                    code=f"D-{code}",
                    case=f"C-{code}",
                    decided_at=later,
                    received_at=at,
                    category="CYBER_VIOLENCE",
                    keywords=("CYBER_HARASSMENT",),
                    source="voluntary",
                    automated_detection=flagged,
                    automated_decision="not",
                    by=BY,
                    ground="incompatible",
                    measures=(log.Measure(restriction="visibility-disabled", step="quarantine"),),
                )
            )
        entries += [
            log.Answer(decision=f"D-{month}-0", notices=(f"R-{month}-0",), answered_at=later),
            log.Complaint(
                code=f"A-{month}", decision="D-1", by="author", filed_at=at, about="visibility"
            ),
            log.Appeal(
                code=f"A-{month}",
                decision="D-1",
                by="author",
                filed_at=at,
                decided_at=later,
                outcome="reversed" if month % 2 else "upheld",
                decided_by=SECOND,
            ),
            log.LegalRequest(
                code=f"L-{month}",
                order="to-inform",
                country="FR" if month % 2 else "US",
                authority="Court",
                basis="Act",
                category="NOT_SPECIFIED_ORDER",
                outcome="narrowed",
                received_at=at,
                answered_at=later,
                agreed_by=(BY, SECOND),
                member_told=True,
            ),
            log.Dispute(
                code=f"O-{month}",
                decision="D-1",
                body="Arbiters",
                filed_at=at,
                ended_at=later,
                outcome="upheld",
                implemented=True,
            ),
            log.Misuse(
                code=f"M-{month}",
                of="unfounded-notices",
                warned_at=at,
                from_at=at,
                until=later,
                by=BY,
            ),
        ]
        for entry in entries:
            made.take(log.Leaf(v=1, at=at, entry=entry))
    return made.tally()


def _reports() -> dict[str, Page]:
    tally = figures()
    names = tuple(name for name, _ in build_files(IDENTITY, tally))
    line = official.ReportLine(
        code="2026-H1",
        period="1 Jan 2026 to 30 Jun 2026",
        published_at=NOON,
        decisions=tally.decisions,
        reports=tally.reports,
    )
    page = official.ReportPage(
        frame=msgspec.structs.replace(FRAME, path="/transparency/2026-H1"),
        card=CARD,
        code="2026-H1",
        period=line.period,
        published_at=NOON,
        position=12_345,
        cards=cards_of(tally),
        charts=tuple(charts_of(tally)),
        tables=tuple(table for table in tables_of(tally) if table.rows),
        files=names,
    )
    nothing = Tally(parse_period("2026-02"))
    return {
        "transparency": official.ReportsPage(
            frame=FRAME,
            card=CARD,
            reports=(line,),
            agreement=(
                Agreed(
                    rule="Do not harass people (harassment-1)",
                    code="harassment-1",
                    cases=64,
                    on_rule="They agree well",
                    rule_value="0.88 (0.79 to 0.97)",
                    on_step="Too few cases to say",
                    step_value="",
                    published=True,
                ),
            ),
        ),
        "transparency_none": official.ReportsPage(frame=FRAME, card=CARD, reports=()),
        "transparency_report": page,
        "transparency_report_empty": msgspec.structs.replace(
            page,
            cards=cards_of(nothing),
            charts=tuple(charts_of(nothing)),
            tables=tuple(table for table in tables_of(nothing) if table.rows),
        ),
    }


def _desk() -> dict[str, Page]:
    def at(path: str) -> Frame:
        return msgspec.structs.replace(STAFF, path=path)

    line = official.RecordLine(
        code="L-7K3M-Q2XD",
        words=f"District court of the harbour (FR), for information about somebody, {LONG}",
        at=NOON,
        state="waits for a second person",
        tone="warning",
        url="/desk/requests/1",
    )
    done = msgspec.structs.replace(line, code="L-2222-3333", state="refused", tone="good")
    wrong = Form(
        values={"country": "France", "data-handle": "1"},
        errors={
            "country": "Give the country as two capital letters, such as FR",
            "data": "Choose what is given: the least that serves",
        },
    )
    facts = (
        Fact("Asked by", "District court of the harbour (a court, FR)"),
        Fact("Member", "@ada", "/@ada"),
        Fact("Received", "25 November 2026, 10:00 UTC"),
    )
    request = official.RequestPage(
        frame=at("/desk/requests/1"),
        id="1",
        code="L-7K3M-Q2XD",
        facts=facts,
        asked=f"{LONG} {ARABIC}",
        state="open",
        answer="",
        given=(),
        informs=True,
        about_member=True,
        mine=False,
        form=wrong,
    )
    proposed = msgspec.structs.replace(
        request,
        state="proposed",
        answer="They asked for everything; we give the address of two posts.",
        given=(Fact("Answer", "Narrowed, then given"), Fact("Proposed by", BY)),
        form=Form(),
    )
    referral = official.ReferralPage(
        frame=at("/desk/referrals/1"),
        id="1",
        code="E-7K3M-Q2XD",
        facts=facts,
        why=f"{LONG} {ARABIC}",
        state="proposed",
        mine=False,
    )
    return {
        "desk_requests": official.RequestsPage(
            frame=at("/desk/requests"),
            waiting=(line,),
            lines=(line, done),
            form=wrong,
            opened=True,
            pager=PAGER,
            categories=(("NOT_SPECIFIED_ORDER", "Not specified"), ("VIOLENCE", "Violence")),
        ),
        "desk_requests_none": official.RequestsPage(
            frame=at("/desk/requests"), waiting=(), lines=(), form=Form(), alone=True
        ),
        "desk_request": request,
        "desk_request_proposed": proposed,
        "desk_request_mine": msgspec.structs.replace(proposed, mine=True, informs=False),
        "desk_request_forgotten": msgspec.structs.replace(
            proposed, state="agreed", asked="", answer=""
        ),
        "desk_referrals": official.ReferralsPage(
            frame=at("/desk/referrals"), waiting=(line,), lines=(line,), form=wrong, opened=True
        ),
        "desk_referrals_none": official.ReferralsPage(
            frame=at("/desk/referrals"), waiting=(), lines=(), form=Form()
        ),
        "desk_referral": referral,
        "desk_referral_mine": msgspec.structs.replace(referral, mine=True),
        "desk_referral_agreed": msgspec.structs.replace(referral, state="agreed", why=""),
        "desk_reports": official.PublishPage(
            frame=at("/desk/transparency"),
            periods=(("2026-H1", "2026-H1, 2026-01-01 to 2026-06-30"),),
            published=("2025",),
            form=Form(values={"period": "2026-H1"}),
            code="2026-H1",
            period="2026-01-01 to 2026-06-30",
            ready=True,
            cards=cards_of(figures()),
            tables=tuple(table for table in tables_of(figures()) if table.rows),
        ),
        "desk_reports_none": official.PublishPage(
            frame=at("/desk/transparency"),
            periods=(),
            published=(),
            form=Form(values={"period": "soon"}, errors={"period": "Name a period like 2026"}),
        ),
        "desk_disputes": official.DisputesPage(
            frame=at("/desk/disputes"),
            waiting=(),
            lines=(line,),
            form=Form(values={"follows": "1", "decision": "D-1"}),
            opened=True,
        ),
        "desk_disputes_none": official.DisputesPage(
            frame=at("/desk/disputes"), waiting=(), lines=(), form=Form()
        ),
    }


def _own() -> dict[str, Page]:
    frame = msgspec.structs.replace(MEMBER, path="/settings/requests")
    lines = (Fact("Asked by", LONG), Fact("In the public log", "L-7K3M-Q2XD", "/log"))
    return {
        "settings_requests": official.OwnRequestsPage(
            frame=frame,
            requests=(("L-7K3M-Q2XD", lines),),
            referrals=(("E-7K3M-Q2XD", (Fact("Why", ARABIC),)),),
        ),
        "settings_requests_none": official.OwnRequestsPage(frame=frame, requests=(), referrals=()),
    }


def official_pages() -> dict[str, Page]:
    """Its pages by name."""
    return _reports() | _desk() | _own()
