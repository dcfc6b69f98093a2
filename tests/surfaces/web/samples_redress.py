"""Sample data for reporting, receipts, statements, and the lists of one's own."""

from __future__ import annotations

import msgspec

from folkmoot.surfaces.web.pages import flaggers, redress, reporting
from folkmoot.surfaces.web.pages.about import Fact
from folkmoot.surfaces.web.pages.frame import Form, Frame, Page
from surfaces.web.samples import DAY, FRAME, HOUR, MEI, MEMBER, NOON, STAFF, TOMAS
from surfaces.web.samples_members import ARABIC, LONG, PAGER

VISITOR = msgspec.structs.replace(FRAME, path="/report")
POST = reporting.Reported(
    about="/@tomas/1", person=TOMAS, words=f"You are a fool, {LONG}", files=2, is_post=True
)
CHOSEN = {"part": "whole", "why": "harassment-1", "illegal": "yes"}
REASONS = (
    reporting.Reason(
        "harassment-1",
        "Do not harass people",
        "Following somebody around, insulting them again and again, or setting others on them.",
        "en",
    ),
    reporting.Reason("spam-1", "禁止垃圾信息", "不要重复发布同样的内容。", "zh-CN"),
)
FACTS = (
    Fact("What was done", "Withheld from everybody but its author"),
    Fact("Rule", "Do not harass people (harassment-1, version 1)", "/rules/versions/1"),
    Fact("Automation", "Found without automation. Decided by a person, heron-41."),
    Fact("Decided", "2026-01-31 12:00 UTC"),
)
BODIES = (Fact("Council for Disputes, Malta", "adr.example", "https://adr.example"),)
OTHER_WAYS = {
    "elsewhere": "Other ways",
    "court": "You can also go to court.",
    "bodies_lead": "You can also turn to a body outside this service that settles disputes:",
    "bodies": BODIES,
}


def redress_pages() -> dict[str, Page]:
    """The pages by a name of their own."""
    return _reporting() | _outcomes() | _suspended() | _lists() | _flaggers()


def _reporting() -> dict[str, Page]:
    words = reporting.ReportPage(
        frame=VISITOR,
        step="words",
        form=Form(
            values={**CHOSEN, "comment": ARABIC, "email": "nowhere"},
            errors={"email": "This is not an e-mail address that mail can be sent to"},
        ),
        reported=POST,
        chosen=(Fact("What", "The whole post"), Fact("Why", "Do not harass people")),
        illegal=True,
        named=True,
        letters=True,
    )
    return {
        "report": reporting.ReportPage(frame=VISITOR, step="which"),
        "report_unknown": reporting.ReportPage(
            frame=VISITOR,
            step="which",
            form=Form(
                values={"about": "@nobody"},
                errors={"about": "Nothing that you can see is at this address."},
            ),
        ),
        "report_why": reporting.ReportPage(
            frame=VISITOR,
            step="why",
            form=Form(values={"why": "spam-1"}, errors={"part": "Please choose one"}),
            reported=POST,
            parts=(
                ("whole", "The whole post"),
                ("link:https://x.example", "A link"),
            ),
            reasons=REASONS,
        ),
        "report_words": words,
        "report_children": msgspec.structs.replace(
            words,
            form=Form(values=CHOSEN),
            named=False,
            letters=False,
            children=True,
            reported=reporting.Reported(about="/@meilin", person=MEI),
        ),
    }


def _outcomes() -> dict[str, Page]:
    waiting = redress.OutcomePage(
        frame=VISITOR,
        tongue="",
        title="Report R-7K3M-Q2XD",
        lead="A post by @tomas · Received 2026-01-31 12:00 UTC",
        state="Waiting",
        tone="warning",
        text="A person will look at it. We mean to decide by 2026-02-03 12:00 UTC.",
        address="https://moot.example/reports/R-7K3M-Q2XD?key=vN3kq0Yw2mM9sQeJ7t1c0A",
        keep=("Thank you. Keep this address: it is shown here once.",),
    )
    form = redress.Contest(
        heading="Contest the outcome",
        notes=("Nobody in the team is without a part in the decision.",),
        action="/reports/R-7K3M-Q2XD/appeal",
        key="vN3kq0Yw2mM9sQeJ7t1c0A",
        hint="Say why you think that the outcome is wrong. You can do so once.",
        label="Why is it wrong?",
        button="Contest it",
        form=Form(values={"text": " "}, errors={"text": "Say why the decision is wrong"}),
        **OTHER_WAYS,  # type: ignore[arg-type]
    )
    answered = redress.Contest(
        heading="原决定维持不变",
        passages=(
            redress.Passage(heading="答复", text="四十次是四十次。\n\n我们数过了。"),
            redress.Passage(heading="您写的内容", text=ARABIC),
        ),
        elsewhere="其他途径",
        court="您也可以向法院起诉。",
    )
    return {
        "receipt_new": waiting,
        "receipt": msgspec.structs.replace(
            waiting,
            state="No measure",
            tone="",
            address="",
            text="We have looked at what you reported. No rule calls for a measure.",
            passages=(redress.Passage(heading="Reasons", text="One link, about bread."),),
            facts=FACTS,
            contest=form,
        ),
        "statement": redress.OutcomePage(
            frame=at_home("/statements/7"),
            tongue="zh-Hans",
            title="关于您的一条帖子的决定",
            lead="除作者外，任何人都看不到",
            state="有效",
            tone="warning",
            passages=(
                redress.Passage(heading="事实", text="It calls her names.", language="en"),
                redress.Passage(
                    heading="帖子",
                    text="You are a fool",
                    language="en",
                    url="/@wren/1",
                    link="发布于 2026-01-31 12:00 UTC",
                ),
            ),
            facts=(Fact("规则", "不要骚扰他人（harassment-1，第 1 版）", "/rules/versions/1"),),
            links=(Fact("", "证明它已记入公开日志", "/statements/7/proof.json"),),
            contest=answered,
        ),
    }


def _flaggers() -> dict[str, Page]:
    now = flaggers.Flagger(
        id="3",
        person=TOMAS,
        area="Phishing with parcel notices",
        organisation="Consumer Office, Malta",
        awarded_at=NOON,
        awarded_by="heron-41",
        awarded_why="Two years of careful reports.",
        decided=40,
        upheld=37,
        form=Form(values={"why": ""}, errors={"why": "Say why, in up to 1,000 characters"}),
        back=True,
    )
    once = flaggers.Flagger(
        id="4",
        person=MEI,
        area=LONG,
        organisation="",
        awarded_at=NOON - 9 * DAY,
        awarded_by="",
        awarded_why=ARABIC,
        decided=0,
        upheld=0,
        revoked_at=NOON,
        revoked_by="heron-41",
        revoked_why="Asked for it.",
    )
    form = Form(values={"member": "@x"}, errors={"member": "Nobody here has this name"})
    desk = msgspec.structs.replace(STAFF, path="/desk/flaggers")
    return {
        "flaggers": flaggers.FlaggersPage(frame=FRAME, flaggers=(now, once)),
        "flaggers_none": flaggers.FlaggersPage(frame=FRAME, flaggers=()),
        "desk_flaggers": flaggers.DeskFlaggersPage(frame=desk, flaggers=(now, once), form=form),
    }


def _suspended() -> dict[str, Page]:
    words = {
        "frame": msgspec.structs.replace(FRAME, path="/auth/suspended", suspended=True),
        "tongue": "",
        "title": "Your account is suspended",
        "lead": "@wren is not shown to anybody now, and nothing can be posted with it.",
        "read": "Read the reasons, and contest it",
        "rest": "What you have stays yours. You can still",
        "out": "Sign out",
        "unknown": "The reasons are not kept here. Ask the people who run this server:",
        "links": (
            Fact("", "see every decision that concerns you", "/settings/decisions"),
            Fact("", "delete your account", "/settings/deletion"),
        ),
    }
    reason = redress.Suspension(
        what="The account is suspended",
        since="Since 2026-01-31 12:00 UTC",
        facts="Forty threats in a day, after two decisions.",
        url="/statements/7",
    )
    return {
        "suspended": redress.SuspendedPage(decisions=(reason,), **words),  # type: ignore[arg-type]
        "suspended_unknown": redress.SuspendedPage(**words),  # type: ignore[arg-type]
    }


def at_home(path: str) -> Frame:
    return msgspec.structs.replace(MEMBER, path=path)


def _lists() -> dict[str, Page]:
    decisions, reports = at_home("/settings/decisions"), at_home("/settings/reports")
    return {
        "settings_decisions": redress.DecisionsPage(
            frame=decisions,
            tongue="",
            decisions=(
                redress.DecisionLine(
                    url="/statements/7",
                    title="A decision about a post of yours",
                    what="Pictures and films behind a warning",
                    at=NOON,
                    state="In force",
                    tone="warning",
                    appeal="Appeal waits for an answer",
                ),
                redress.DecisionLine(
                    url="/statements/6",
                    title="A decision about your account",
                    what="Posting is paused for a time",
                    at=NOON - 9 * DAY,
                    state="No longer in force",
                    tone="good",
                ),
            ),
            pager=PAGER,
        ),
        "settings_decisions_none": redress.DecisionsPage(frame=decisions, tongue="", decisions=()),
        "settings_reports": reporting.ReportsPage(
            frame=reports,
            reports=(
                reporting.ReportLine(
                    code="R-7K3M-Q2XD",
                    url="/reports/R-7K3M-Q2XD?key=vN3kq0Yw2mM9sQeJ7t1c0A",
                    about="@tomas",
                    at=NOON - HOUR,
                    state="We have acted",
                    good=True,
                ),
                reporting.ReportLine(
                    code="R-2222-3333",
                    url="/reports/R-2222-3333?key=vN3kq0Yw2mM9sQeJ7t1c0A",
                    about=f"@{LONG}",
                    at=NOON,
                    state="Waiting",
                ),
            ),
            paused_until=NOON + DAY,
            pager=PAGER,
        ),
        "settings_reports_none": reporting.ReportsPage(frame=reports, reports=()),
    }
