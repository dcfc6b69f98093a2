"""/settings/deletion and /auth/leaving: the way out of the account, and back in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.leaving import actions
from folkmoot.domain.leaving.queries import find_leaver
from folkmoot.domain.sessions.queries import check_fresh, is_fresh
from folkmoot.surfaces.web import cookies
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.access import LeavingPage
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.settings import DeletionPage
from folkmoot.surfaces.web.readers import session_token
from folkmoot.surfaces.web.routes.security import me_by_password
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.kit.db import Tx
    from folkmoot.kit.errors import Refusal
    from folkmoot.surfaces.web.visits import Reader

router = Router()

HERE = "/settings/deletion"


def _page(visit: Visit, form: Form) -> Answer:
    days = visit.app.settings.portability.deletion_days
    return show(
        visit,
        DeletionPage(frame=frame(visit), username=visit.me.account.username, days=days, form=form),
    )


@router.get(HERE, members=True, suspended=True)
def deletion(visit: Visit) -> Answer:
    """What it means to go. Whoever asks has just signed in, with the second factor if there is
    one."""
    if not is_fresh(visit.tx, visit.me.session_id):
        return redirect(visit, "/auth/sign-in", again="1", return_to=HERE)
    return _page(visit, Form())


def _again(visit: Visit, refusal: Refusal) -> Answer:
    return _page(visit, form_of(visit, refusal, "current"))


@router.post(HERE, rate="sign_ins", again=_again, suspended=True)
async def delete(visit: Visit) -> Answer:
    """Hides the account and signs it out everywhere; the rest is a matter of days."""
    await me_by_password(visit, "current")
    await visit.app.db.write(_ask, visit.me)
    answer = redirect(visit, "/", notice="leaving")
    name = cookies.secret_name(cookies.SESSION, secure=visit.secure)
    answer.cookies.append(cookies.set_cookie(name, "", secure=visit.secure, max_age_s=0))
    return answer


def _ask(tx: Tx, me: Reader) -> None:
    check_fresh(tx, me.session_id)
    actions.ask_deletion(tx, get_user(tx, me.account.id))


def _leaving(visit: Visit, form: Form) -> Answer:
    leaver = find_leaver(visit.tx, session_token(visit.app, visit.incoming))
    if leaver is None:
        return redirect(visit, "/auth/sign-in")
    page = LeavingPage(
        frame=frame(visit),
        username=leaver.username,
        due_at=leaver.due_at,
        return_to=visit.return_to(""),
        form=form,
    )
    return show(visit, page)


@router.get("/auth/leaving")
def leaving(visit: Visit) -> Answer:
    """Where the door leads who signed in to an account on its way out."""
    return _leaving(visit, Form())


def _leaving_again(visit: Visit, refusal: Refusal) -> Answer:
    return _leaving(visit, Form(problem=refusal.sentence))


@router.post("/auth/leaving", members=False, again=_leaving_again)
def stay(visit: Visit) -> Answer:
    """Keeps the account as it was; the browser is signed in from here on."""
    leaver = find_leaver(visit.tx, session_token(visit.app, visit.incoming))
    if leaver is None:
        return redirect(visit, "/auth/sign-in")
    actions.undo_deletion(visit.tx, leaver.account_id)
    return redirect(visit, visit.return_to(), notice="kept")
