"""/settings and /settings/preferences: how the member's posts start out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.auth.actions import save_user
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.posts.model import QuotePolicy, Visibility
from folkmoot.domain.words.model import LANGUAGES as LETTERS
from folkmoot.domain.words.model import language_for
from folkmoot.kit.errors import Invalid
from folkmoot.kit.text import LANGUAGES, normalise_language
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.settings import PreferencesPage
from folkmoot.surfaces.web.presenting import SEEN_BY
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.kit.errors import Refusal

router = Router()

_BY_NAME = {name: Visibility(number) for number, name in SEEN_BY.items()}


class PreferenceInvalid(Invalid):
    """Please choose one of what is offered."""


@router.get("/settings", members=True)
def settings(visit: Visit) -> Answer:
    """The settings begin with the profile."""
    return redirect(visit, "/settings/profile")


def _page(visit: Visit, form: Form) -> Answer:
    named = sorted(((one.code, one.name) for one in LANGUAGES.values()), key=lambda each: each[1])
    page = PreferencesPage(
        frame=frame(visit),
        form=form,
        languages=(("", "Not said"), *named),
        letters=tuple((code, name) for code, (name, _) in LETTERS.items()),
    )
    return show(visit, page)


@router.get("/settings/preferences", members=True)
def preferences(visit: Visit) -> Answer:
    """How the member's posts start out."""
    user = get_user(visit.tx, visit.me.account.id)
    values = {
        "visibility": SEEN_BY[user.default_visibility],
        "language": user.default_language,
        "quote_policy": user.default_quote_policy,
        "sensitive": "1" if user.default_sensitive else "",
        "letters": language_for(user.locale),
    }
    return _page(visit, Form(values=values))


def _again(visit: Visit, refusal: Refusal) -> Answer:
    return _page(
        visit,
        form_of(visit, refusal, "visibility", "language", "quote_policy", "sensitive", "letters"),
    )


@router.post("/settings/preferences", again=_again)
def save(visit: Visit) -> Answer:
    """Keeps how the member's posts start out."""
    visibility = _BY_NAME.get(visit.field("visibility"))
    language = visit.field("language")
    policy = visit.field("quote_policy")
    if visibility is None or visibility is Visibility.DIRECT:
        raise PreferenceInvalid(field="visibility")
    if language and normalise_language(language) is None:
        raise PreferenceInvalid(field="language")
    if policy not in list(QuotePolicy):
        raise PreferenceInvalid(field="quote_policy")
    user = get_user(visit.tx, visit.me.account.id)
    letters = visit.field("letters")
    if letters not in LETTERS:
        raise PreferenceInvalid(field="letters")
    save_user(
        visit.tx,
        user,
        # A finer locale, such as zh-TW, stays while its language does.
        locale=user.locale if language_for(user.locale) == letters else letters,
        default_visibility=int(visibility),
        default_language=normalise_language(language) or "",
        default_quote_policy=policy,
        default_sensitive=visit.ticked("sensitive"),
    )
    return redirect(visit, "/settings/preferences", notice="saved")
