"""The frame around a page: the server's facts, who visits, what there is to tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import folkmoot
from folkmoot.domain.discovery.queries import count_usage
from folkmoot.domain.notifications.queries import list_groups
from folkmoot.domain.policy.queries import find_pending
from folkmoot.domain.timelines.queries import list_markers
from folkmoot.kit import clock
from folkmoot.kit.db import Page
from folkmoot.surfaces.web import cookies
from folkmoot.surfaces.web.desk_places import places_of
from folkmoot.surfaces.web.pages.frame import Due, Frame, Notice, Site
from folkmoot.surfaces.web.presenting import present_person

if TYPE_CHECKING:
    from folkmoot.kit.db import Tx
    from folkmoot.surfaces.app import App
    from folkmoot.surfaces.web.visits import Visit

_SITE_S = 300
_MANY = 40

# The marker that apps know as theirs for notifications, so that what is read there is read here.
ALERTS_MARKER = "notifications"

NOTICES = {
    "posted": Notice("Your post is out."),
    "deleted": Notice("The post is deleted."),
    "saved": Notice("Saved."),
    "followed": Notice("You follow them now."),
    "requested": Notice("Your request to follow is on its way."),
    "tag-followed": Notice("Posts with this tag come to your home from now on."),
    "tag-unfollowed": Notice("You no longer follow this tag."),
    "let-in": Notice("They follow you now."),
    "turned-away": Notice("They do not follow you. They are not told."),
    "unfollowed": Notice("You no longer follow them."),
    "voted": Notice("Your vote is counted."),
    "signed-out": Notice("You are signed out."),
    "signed-out-everywhere": Notice("You are signed out everywhere."),
    "signed-out-elsewhere": Notice("You are signed out everywhere else."),
    "session-ended": Notice("That session is ended."),
    "password-changed": Notice("Your password is changed; other sessions have ended."),
    "letter-sent": Notice("A letter is on its way to you."),
    "totp-added": Notice("The authenticator app is in use from now on."),
    "totp-removed": Notice("The authenticator app is removed.", "warning"),
    "passkey-added": Notice("The passkey is added."),
    "passkey-removed": Notice("The passkey is removed.", "warning"),
    "revoked": Notice("The application can no longer act for you."),
    "rules-accepted": Notice("You have accepted. Thank you."),
    "forgotten": Notice("It is forgotten."),
    "packing": Notice("Your archive is being packed. A letter tells you when it is ready."),
    "leaving": Notice("Your account is hidden, and you are signed out everywhere.", "warning"),
    "kept": Notice("Your account stays, as it was. Good to have you back."),
    "blocked": Notice("They are blocked. Neither of you sees the other from now on."),
    "unblocked": Notice("The block is lifted."),
    "muted": Notice("You will not meet their posts from now on. They are not told."),
    "unmuted": Notice("You will meet their posts again."),
    "server-blocked": Notice("You will meet nobody from that server from now on."),
    "server-unblocked": Notice("The block of that server is lifted."),
    "list-made": Notice("The list is made. Whom would you like to read there?"),
    "list-deleted": Notice("The list is deleted. You still follow who was on it."),
    "filter-deleted": Notice("The filter is deleted."),
    "talk-removed": Notice("The conversation is off your list. Its posts are still there."),
    "approved": Notice("They are let in, and told so."),
    "role-given": Notice("The role is changed. They are told, and it is on record."),
    "rejected": Notice("They are turned away, and told why."),
    "invitation-made": Notice("The invitation is ready to be passed on."),
    "invitation-ended": Notice("That invitation opens no doors any more."),
    "pinned": Notice("The post stands on top of your page."),
    "unpinned": Notice("The post is no longer pinned."),
    "thread-muted": Notice("You are told no more of this thread."),
    "thread-unmuted": Notice("You are told of this thread again."),
    "edited": Notice("Your post is changed. Its earlier forms can still be read."),
    "scheduled": Notice("Your post is kept until its time has come."),
    "rescheduled": Notice("It will be published at the new time."),
    "unscheduled": Notice("It will not be published."),
    "detector-saved": Notice("Saved as a draft. Nothing looks with it yet."),
    "backtest-started": Notice("The backtest has begun. Look again in a moment."),
    "flagger-awarded": Notice("They are a trusted flagger now, and everybody can read why."),
    "flagger-revoked": Notice("They are no trusted flagger any more, and everybody can read why."),
    "contested": Notice("Your appeal is filed."),
    "nothing-waits": Notice("Nothing waits for you. Well done."),
    "case-decided": Notice("Decided. The member and whoever reported it are told."),
    "case-proposed": Notice("It waits for a second reviewer to agree.", "info"),
    "case-more": Notice("Decided. The case stays with you for what else there is.", "info"),
    "case-agreed": Notice("Agreed, and done. The member is told."),
    "case-disagreed": Notice("The case is back in the queue.", "info"),
    "case-skipped": Notice("Put aside for today. Others go on meeting it.", "info"),
    "case-released": Notice("Given back."),
    "cases-decided": Notice("Decided, each with a statement of its own."),
    "appeal-upheld": Notice("The appeal is upheld, and what it asks for is done."),
    "appeal-rejected": Notice("The appeal is answered: the decision stands."),
    "decision-ended": Notice("The decision is ended, and what it did is undone."),
    "decision-kept": Notice("It stays in force. The member is told why."),
    "request-noted": Notice("It is written down. What is answered needs two of you."),
    "answer-proposed": Notice("Proposed. Somebody else has to agree."),
    "answer-agreed": Notice("Agreed, and counted in the public log."),
    "not-agreed": Notice("Nothing follows from it. Another proposal can be made.", "warning"),
    "referral-proposed": Notice(
        "Proposed. Somebody else has to agree: tell them at once.", "warning"
    ),
    "referral-agreed": Notice("Agreed. Now tell those who can help.", "warning"),
    "report-published": Notice("The report is published, and its hashes are in the public log."),
    "dispute-recorded": Notice("It is recorded, and counted in the public log."),
    "practised": Notice("You have practised everything there is. Well done."),
    "practice-added": Notice("Reviewers can practise with it from now on."),
    "practice-retired": Notice("It is out of practice. Who has answered it can still read it."),
    "look-passed": Notice("It is left to others."),
    "look-proposed": Notice("Whoever leads the reviewers is asked to have it judged again."),
    "look-reopened": Notice("What was decided is undone, and the case is open again."),
    "look-kept": Notice("It stays as it was."),
    "moved": Notice("Your followers are being led to your new account."),
}


def site(app: App, tx: Tx) -> Site:
    """The server's facts, at most five minutes old."""
    kept: Any = app.built.get("web site")
    if kept is None or kept[0] < clock.now() - _SITE_S * clock.SECOND:
        kept = (clock.now(), _site(app, tx))
        app.built.put("web site", kept)
    made: Site = kept[1]
    return made


def _site(app: App, tx: Tx) -> Site:
    instance = app.settings.instance
    usage = count_usage(tx)
    return Site(
        name=instance.title,
        domain=app.settings.server.domain,
        base_url=app.base_url,
        description=instance.short_description,
        version=folkmoot.__version__,
        source_url=instance.source_url or None,
        operator=instance.operator_name or None,
        registrations=app.settings.registration.mode,
        members=usage.members,
        posts=usage.posts,
        active_month=usage.active_month,
        post_limit=app.settings.limits.post_chars,
    )


def frame(visit: Visit, *, forms: bool = True) -> Frame:
    """The frame of this visit's page. A page without forms needs no token, and so no cookie."""
    suspended = visit.reader is not None and visit.reader.suspended
    reader = None if suspended else visit.reader
    kept = visit.incoming.cookies
    theme: Any = kept.get(cookies.THEME)
    return Frame(
        site=site(visit.app, visit.tx),
        path=visit.incoming.path,
        viewer=present_person(visit.app, reader.account) if reader else None,
        desk=places_of(reader),
        keys=kept.get(cookies.KEYS) != "off",
        csrf=visit.form_token() if forms or visit.reader else "",
        theme=theme if theme in ("light", "dark") else "auto",
        unread=_unread(visit) if reader else 0,
        notices=_notices(visit),
        due=_due(visit) if reader else None,
        suspended=suspended,
    )


def _due(visit: Visit) -> Due | None:
    """What stands above each page until the member accepts it."""
    pending = find_pending(visit.tx, visit.viewer_id)
    if pending is None:
        return None
    return Due(
        effective_from=pending.version.effective_from,
        due_at=pending.due_at,
        begun=pending.version.effective_from <= visit.tx.now,
        paused=pending.paused,
    )


def _unread(visit: Visit) -> int:
    """How many alerts there are since the member looked at them last; many count as forty."""
    (me, last) = (visit.viewer_id, 0)
    for marker in list_markers(visit.tx, me, [ALERTS_MARKER]):
        last = marker.last_read_id
    return len(list_groups(visit.tx, me, Page(limit=_MANY, since_id=last)))


def _notices(visit: Visit) -> tuple[Notice, ...]:
    notice = NOTICES.get(visit.incoming.cookies.get(cookies.NOTICE, ""))
    if notice is None:
        return ()
    gone = cookies.set_cookie(cookies.NOTICE, "", secure=visit.secure, max_age_s=0)
    visit.keeping.append(gone)
    return (notice,)
