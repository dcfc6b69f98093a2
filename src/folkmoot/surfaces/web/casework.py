"""Cases as the desk shows them: lines of lists, evidence, reports, findings, earlier decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from folkmoot.domain.accounts.model import decode_fields
from folkmoot.domain.accounts.queries import list_accounts
from folkmoot.domain.decisions.model import Decision, SubjectKind
from folkmoot.domain.decisions.queries import list_in_force, list_of_case, list_strikes
from folkmoot.domain.detection.queries import list_findings_on_account, list_findings_on_post
from folkmoot.domain.posts.model import PostId, Visibility
from folkmoot.domain.posts.queries import list_mentioned_ids, list_posts
from folkmoot.domain.reports import queries as reports
from folkmoot.domain.reports.model import By, Part
from folkmoot.domain.reports.model import Category as Reason
from folkmoot.domain.review import queries
from folkmoot.domain.review.model import Sight, detectors_of, post_mark, sight_of_post, why_here
from folkmoot.kit.clock import MINUTE, spoken
from folkmoot.kit.db import Page as Stretch
from folkmoot.surfaces.web.gathering import present_evidence
from folkmoot.surfaces.web.pages.about import Fact
from folkmoot.surfaces.web.pages.cases import (
    Before,
    CaseLine,
    Comment,
    Evidence,
    Finding,
    Profile,
    Seen,
)
from folkmoot.surfaces.web.presenting import present_person
from folkmoot.surfaces.web.rendering import cut, day
from folkmoot.surfaces.web.wording import REASONS, REPORTERS, STEPS, harm_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from folkmoot.domain.accounts.model import Account, AccountId
    from folkmoot.domain.posts.model import Post
    from folkmoot.domain.reports.model import Report, Standing
    from folkmoot.domain.review.model import Case
    from folkmoot.surfaces.web.pages.posts import Post as Shown
    from folkmoot.surfaces.web.visits import Visit

NAMED = 10
_COMMENTS = 20
_PARTS = {
    Part.WHOLE: "",
    Part.MEDIA: "They mean a picture, film or sound ({detail}).",
    Part.LINK: "They mean the link {detail}",
}
AUDIENCE = {
    Visibility.PUBLIC: "Public",
    Visibility.UNLISTED: "Public, but not in timelines",
    Visibility.FOLLOWERS: "For followers only",
    Visibility.DIRECT: "Only for those mentioned",
}


def seen_today(visit: Visit) -> Seen:
    """The reviewer's own exposure counter."""
    found = queries.get_exposure(visit.tx, visit.me.account.id)
    return Seen(
        cases=found.cases,
        minutes=found.lasted_ms // MINUTE,
        grave=found.grave,
        grave_minutes=found.grave_ms // MINUTE,
        looks=found.looks,
        rest=found.suggests_break,
    )


def list_lines(
    visit: Visit, cases: Sequence[Case], *, why: dict[int, str] | None = None
) -> list[CaseLine]:
    """Cases as lists name them, read in one go; `why` says what to give as the reason."""
    tx = visit.tx
    wanted = {case.account_id for case in cases} | {c.leased_by for c in cases if c.leased_by}
    known = list_accounts(tx, sorted(wanted))
    post_ids = [c.subject_id for c in cases if c.subject_kind == SubjectKind.POST and c.subject_id]
    posts = list_posts(tx, [PostId(one) for one in post_ids])
    return [
        msgspec.structs.replace(
            case_line(visit, case, known, why=(why or {}).get(case.id, "")),
            excerpt=_excerpt(case, posts),
        )
        for case in cases
    ]


def case_line(
    visit: Visit, case: Case, known: dict[AccountId, Account], *, why: str = ""
) -> CaseLine:
    """A case in a line; `known` holds its account, and who has it."""
    now = visit.tx.now
    about = known.get(case.account_id)
    handle = f"@{about.acct}" if about else "somebody who is gone"
    is_post = case.subject_kind == SubjectKind.POST
    held = case.leased_by is not None and (case.lease_until or 0) > now
    holder = known.get(case.leased_by) if held and case.leased_by else None
    mine = held and case.leased_by == visit.viewer_id
    return CaseLine(
        id=str(case.id),
        title=f"A post by {handle}" if is_post else f"The account {handle}",
        harm=harm_words(case.harm),
        severity=case.severity,
        why=why or why_here(case, now),
        opened_at=case.opened_at,
        due_at=case.due_at,
        late=case.due_at < now,
        holder="you" if mine else f"@{holder.acct}" if holder else "",
        held_until=case.lease_until or 0 if held else 0,
    )


def _excerpt(case: Case, posts: dict[PostId, Post]) -> str:
    """How a post begins that everybody can read; a line in a list is no reason to see another."""
    post = posts.get(PostId(case.subject_id)) if case.subject_id else None
    if post is None or post.visibility > Visibility.UNLISTED:
        return ""
    return cut(post.spoiler_text or post.text, 120)


def gather_evidence(visit: Visit, case: Case) -> tuple[Evidence, ...]:
    """The post that a case is about, or those that reports about an account name; each shown,
    asked for, or kept from everybody, as the room says.
    """
    if case.subject_kind == SubjectKind.POST:
        if case.subject_id is None:
            return (Evidence(id="", sight="gone"),)
        ids = [PostId(case.subject_id)]
        named = {one for one in ids if reports.names_post(visit.tx, case.id, one)}
    else:
        ids = reports.list_named_posts(visit.tx, case.id, limit=NAMED)
        named = set(ids)
    return show_evidence(visit, ids, named, case_id=case.id, since=case.opened_at)


def show_evidence(
    visit: Visit, ids: list[PostId], named: set[PostId], *, case_id: int, since: int
) -> tuple[Evidence, ...]:
    """Posts as far as the reviewer may see them: `named` are those that a report names, `since`
    when they came to attention.
    """
    posts = list_posts(visit.tx, ids)
    looked = queries.list_looked(visit.tx, case_id, visit.viewer_id)
    sights = {one: sight_of_post(posts[one], named=one in named) for one in ids if one in posts}
    may = [one for one, sight in sights.items() if _may_see(one, sight, looked)]
    shown = present_evidence(visit.app, visit.tx, [posts[one] for one in may])
    by_id = {int(post.id): post for post in shown}
    return tuple(_evidence(posts[one], sights[one], by_id.get(one), since) for one in sights)


def _may_see(post_id: int, sight: Sight, looked: set[str]) -> bool:
    return sight is Sight.OPEN or (sight is Sight.ASKED and post_mark(post_id) in looked)


def _evidence(post: Post, sight: Sight, shown: Shown | None, since: int) -> Evidence:
    """What the author covered is uncovered here: the desk veils everything in its own way."""
    bare = shown and msgspec.structs.replace(
        shown,
        sensitive=False,
        warning="",
        media=tuple(msgspec.structs.replace(each, muted=True) for each in shown.media),
    )
    return Evidence(
        id=str(post.id),
        sight="shown" if shown else "never" if sight is Sight.NEVER else "ask",
        audience=AUDIENCE[Visibility(post.meant_for)]
        + (", withheld at present" if post.visibility == Visibility.WITHHELD else ""),
        post=bare,
        warning=post.spoiler_text if shown else "",
        sensitive=post.sensitive,
        changed=(post.edited_at or 0) > since,
    )


def show_profile(visit: Visit, account: Account) -> Profile:
    """Whom a case is about, as everybody sees them, with what decisions make of them."""
    holding = restraint_words(visit, account)
    facts = [
        Fact("Here since", day(account.created_at)),
        Fact("Followers", f"{account.followers_count:,}"),
        Fact("Posts", f"{account.posts_count:,}"),
        *(Fact("In force", words) for words in holding),
    ]
    return Profile(
        person=present_person(visit.app, account),
        bio_html=account.note_html,
        header_url=visit.app.header_url(account.id, account.header),
        fields=tuple((field.name, field.html) for field in decode_fields(account)),
        facts=tuple(facts),
    )


def restraint_words(visit: Visit, account: Account) -> list[str]:
    """What decisions in force do to an account, each in words with its end."""
    found = list_in_force(visit.tx, SubjectKind.ACCOUNT, account.id)
    return [f"{STEPS[decision.step]}, {_until(decision)}" for decision in found]


def _until(decision: Decision) -> str:
    if decision.ends_at is not None:
        return f"until {spoken(decision.ends_at)}"
    return f"looked at again on {day(decision.review_at or 0)}"


def list_comments(visit: Visit, case: Case) -> tuple[tuple[Comment, ...], int]:
    """What the latest reports say, and how many more there are. Nobody's name stands there: who
    judges needs to know what somebody is, whether they are meant, and how often they were right.
    """
    tx = visit.tx
    latest = reports.list_of_case(tx, case.id, Stretch(limit=_COMMENTS))
    members = [one.reporter_id for one in latest if one.reporter_id is not None]
    standings = reports.list_standings(tx, members)
    meant: set[int] = set()
    if case.subject_kind == SubjectKind.POST and case.subject_id is not None:
        meant = set(list_mentioned_ids(tx, PostId(case.subject_id)))
    made = tuple(present_comment(one, standings, meant) for one in latest)
    return made, max(0, case.reports - len(latest))


def present_comment(report: Report, standings: dict[int, Standing], meant: set[int]) -> Comment:
    """A report's words; `meant` are those whom the post addresses."""
    by = REPORTERS[By(report.by)]
    if report.reporter_id in meant:
        by += " whom the post addresses"
    known = standings.get(report.reporter_id or 0)
    return Comment(
        by=by,
        text=report.comment,
        means=_PARTS[Part(report.part)].format(detail=report.detail),
        at=report.created_at,
        standing=f"{known.upheld} of {known.decided} reports led to something" if known else "",
    )


def group_reports(visit: Visit, case: Case) -> tuple[tuple[str, str], ...]:
    """The reports of a case by who and why, each group with its number."""
    return tuple(
        (f"{_reason(group.harm, group.category)}, by {REPORTERS[By(group.by)]}", str(group.number))
        for group in reports.list_groups(visit.tx, case.id)
    )


def _reason(harm: str, category: str) -> str:
    return harm_words(harm) if harm else REASONS[Reason(category)].capitalize()


def list_findings(visit: Visit, case: Case) -> tuple[Finding, ...]:
    """What detectors found of the subject; those that a case names without a finding on record
    are named all the same.
    """
    if case.subject_kind == SubjectKind.POST and case.subject_id is not None:
        found = list_findings_on_post(visit.tx, case.subject_id)
    else:
        found = list_findings_on_account(visit.tx, case.account_id)
    made = [Finding(one.name, _found(one.found), one.created_at) for one in found]
    names = {one.name for one in made}
    made += [Finding(name, "", case.opened_at) for name in detectors_of(case) if name not in names]
    return tuple(made)


def _found(names: str) -> str:
    return ", ".join(msgspec.json.decode(names, type=list[str]))


def list_before(visit: Visit, account_id: AccountId) -> tuple[Before, ...]:
    """The decisions that weigh on the next one, newest first."""
    return tuple(_before(one, visit.tx.now) for one in reversed(list_strikes(visit.tx, account_id)))


def list_decided(visit: Visit, case: Case) -> tuple[Before, ...]:
    """What was decided in a case, oldest first."""
    return tuple(_before(one, visit.tx.now) for one in list_of_case(visit.tx, case.id))


def _before(decision: Decision, now: int) -> Before:
    ended = "over" if decision.restricts else ""
    return Before(
        step=STEPS[decision.step],
        rule=decision.rule_code,
        facts=decision.facts,
        at=decision.created_at,
        state=_until(decision) if decision.holds_at(now) else ended,
        in_force=decision.holds_at(now),
    )
