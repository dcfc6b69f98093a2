"""/api/v1/instance, /api/v2/instance"""

import datetime as dt

import msgspec

from folkmoot.domain.discovery.actions import WEEKS, week_start
from folkmoot.domain.discovery.model import Usage
from folkmoot.domain.discovery.queries import count_usage
from folkmoot.domain.instance.model import UsageWeek
from folkmoot.domain.instance.queries import list_weeks
from folkmoot.domain.policy import queries as policy
from folkmoot.domain.policy.model import (
    Document,
    DocumentNotFound,
    Kind,
    render_document,
    start_of_day,
)
from folkmoot.kit.clock import DAY, MINUTE, iso, iso_day
from folkmoot.kit.text import LANGUAGES, render_markdown
from folkmoot.surfaces.mastodon.entities.documents import (
    ExtendedDescription,
    PrivacyPolicy,
    TermsOfService,
)
from folkmoot.surfaces.mastodon.entities.instance import (
    Instance,
    V1Instance,
    build_instance,
    build_v1_instance,
)
from folkmoot.surfaces.mastodon.entities.rule import Rule, build_rule
from folkmoot.surfaces.mastodon.entities.service_card import card_html
from folkmoot.surfaces.mastodon.operations import Call, Router

router = Router("instance")

_USAGE_KEPT = 5 * MINUTE


def current_usage(call: Call) -> Usage:
    """How much the instance is used, counted at most every five minutes in a process."""
    kept: tuple[int, Usage] | None = call.app.built.get("usage")
    if kept is None or kept[0] <= call.tx.now:
        kept = (call.tx.now + _USAGE_KEPT, count_usage(call.tx))
        call.app.built.put("usage", kept)
    return kept[1]


@router.get("/api/v2/instance", returns=Instance)
def show(call: Call) -> Instance:
    """The instance: its limits, rules, versions and people."""
    return build_instance(call.app, call.tx, policy.list_rules(call.tx), current_usage(call))


@router.get("/api/v1/instance", returns=V1Instance)
def show_v1(call: Call) -> V1Instance:
    """The instance, in the form of version 1."""
    return build_v1_instance(call.app, call.tx, policy.list_rules(call.tx), current_usage(call))


@router.get("/api/v1/instance/rules", returns=list[Rule])
def rules(call: Call) -> list[Rule]:
    """The rules in force."""
    languages = call.app.settings.instance.languages
    return [build_rule(rule, languages) for rule in policy.list_rules(call.tx)]


@router.get("/api/v1/instance/peers", returns=list[str])
def peers(call: Call) -> list[str]:
    """Domains of other servers that this one has met."""
    return []


@router.get("/api/v1/instance/domain_blocks", returns=list[dict[str, str]])
def domain_blocks(call: Call) -> list[dict[str, str]]:
    """Other servers that this one keeps out or limits."""
    return []


@router.get("/api/v1/instance/extended_description", returns=ExtendedDescription)
def extended_description(call: Call) -> ExtendedDescription:
    """What the operator says about the instance, and who they are."""
    html = render_markdown(call.app.settings.instance.description) + card_html(call.app)
    return ExtendedDescription(updated_at=iso(call.app.started_at), content=html)


@router.get("/api/v1/instance/privacy_policy", returns=PrivacyPolicy)
def privacy_policy(call: Call) -> PrivacyPolicy:
    """The privacy policy in force."""
    document = policy.get_document(call.tx, Kind.PRIVACY)
    return PrivacyPolicy(
        updated_at=iso(document.effective_from),
        content=render_document(document.body, call.app.settings),
    )


@router.get("/api/v1/instance/terms_of_service", returns=TermsOfService)
def terms_of_service(call: Call) -> TermsOfService:
    """The terms of service in force."""
    return _terms(call, policy.get_document(call.tx, Kind.TERMS))


@router.get("/api/v1/instance/terms_of_service/{date}", returns=TermsOfService)
def terms_of_service_of(call: Call) -> TermsOfService:
    """The version of the terms of service that takes effect on a day."""
    try:
        day = start_of_day(dt.date.fromisoformat(call.path["date"]))
    except ValueError as error:
        raise DocumentNotFound from error
    return _terms(call, policy.get_document_of_day(call.tx, Kind.TERMS, day))


def _terms(call: Call, document: Document) -> TermsOfService:
    version = policy.get_version(call.tx, document.version_id)
    successor = policy.find_successor(call.tx, version)
    begun = document.effective_from <= call.tx.now
    ended = successor is not None and successor.effective_from <= call.tx.now
    return TermsOfService(
        effective_date=iso_day(document.effective_from),
        effective=begun and not ended,
        content=render_document(document.body, call.app.settings),
        succeeded_by=iso_day(successor.effective_from) if successor else None,
    )


class ActivityWeek(msgspec.Struct):
    """The use in one week; numbers as texts, the week by its first second since 1970."""

    week: str
    statuses: str
    logins: str
    registrations: str


@router.get("/api/v1/instance/activity", returns=list[ActivityWeek])
def activity(call: Call) -> list[ActivityWeek]:
    """The use in each of the last weeks, this one first."""
    this = week_start(call.tx.now)
    starts = [this - back * 7 * DAY for back in range(WEEKS)]
    known = {week.starts_at: week for week in list_weeks(call.tx, since=starts[-1])}
    weeks = [known.get(start) or UsageWeek(start, 0, 0, 0) for start in starts]
    return [
        ActivityWeek(str(w.starts_at // 1_000), str(w.posts), str(w.active), str(w.sign_ups))
        for w in weeks
    ]


class LanguageEntity(msgspec.Struct):
    """A language that posts can be written in."""

    code: str
    name: str


@router.get("/api/v1/instance/languages", returns=list[LanguageEntity])
def languages(call: Call) -> list[LanguageEntity]:
    """Languages that posts can be said to be in."""
    return [LanguageEntity(language.code, language.name) for language in LANGUAGES.values()]


@router.get("/api/v1/instance/translation_languages", returns=dict[str, list[str]])
def translation_languages(call: Call) -> dict[str, list[str]]:
    """Languages between which posts are translated here: none."""
    return {}
