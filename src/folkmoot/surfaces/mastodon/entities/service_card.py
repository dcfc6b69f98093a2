"""Who runs this service, on what licence, how to reach them, and by which rules (D2)."""

import msgspec

from folkmoot.domain.appeals.model import ANSWER_WITHIN
from folkmoot.domain.decisions.model import APPEAL_WINDOW
from folkmoot.domain.policy.queries import get_version_in_force
from folkmoot.domain.tallies.queries import list_reports
from folkmoot.kit.clock import DAY, iso_day
from folkmoot.kit.db import Tx
from folkmoot.kit.text import escape
from folkmoot.surfaces.app import App


class Operator(msgspec.Struct):
    """The person or organisation legally responsible; empty where nothing is stated."""

    name: str
    address: str
    phone: str
    registrations: list[str]


class ContactPoints(msgspec.Struct):
    """Where members and visitors, and where authorities, reach the operator, and in which
    languages (Digital Services Act, articles 11 and 12).
    """

    members: str
    authorities: str
    page: str
    languages: list[str]


class RulesInForce(msgspec.Struct):
    """Which version of the rules, terms and privacy policy holds, and where they are read."""

    version: int
    effective_from: str
    rules: str
    versions: str
    terms: str
    privacy: str


class Redress(msgspec.Struct):
    """How anybody reports something, and how a decision is contested: for how many days after it,
    and within how many it is answered by somebody else (Digital Services Act, articles 16 to 21).
    """

    report: str
    contest_within_days: int
    answered_within_days: int
    decisions: str
    dispute_bodies: list[str]


class Figures(msgspec.Struct):
    """Where it can be checked what was done here: the public log, the transparency reports (the
    period of the latest, empty before the first), and how many are reached in the EU in an average
    month (article 24), where the operator states it.
    """

    log: str
    reports: str
    latest_report: str
    monthly_recipients_in_eu: int | None


class ServiceCard(msgspec.Struct):
    """What the operator states about the service."""

    service: str
    domain: str
    operator: Operator
    contact: ContactPoints
    policy: RulesInForce
    redress: Redress
    transparency: Figures


def build_service_card(app: App, tx: Tx) -> ServiceCard:
    """The card, of the settings and of the version in force."""
    instance, base = app.settings.instance, app.base_url
    version = get_version_in_force(tx)
    latest = list_reports(tx, limit=1)
    return ServiceCard(
        service=instance.title,
        domain=app.settings.domain,
        operator=Operator(
            name=instance.operator_name,
            address=instance.operator_address,
            phone=instance.operator_phone,
            registrations=list(instance.registrations),
        ),
        contact=ContactPoints(
            members=instance.contact_email,
            authorities=instance.authority_email,
            page=f"{base}/about#contact",
            languages=list(instance.languages),
        ),
        policy=RulesInForce(
            version=version.id,
            effective_from=iso_day(version.effective_from),
            rules=f"{base}/rules",
            versions=f"{base}/rules/versions",
            terms=f"{base}/terms",
            privacy=f"{base}/privacy",
        ),
        redress=Redress(
            report=f"{base}/report",
            contest_within_days=APPEAL_WINDOW // DAY,
            answered_within_days=ANSWER_WITHIN // DAY,
            decisions=f"{base}/settings/decisions",
            dispute_bodies=list(instance.dispute_bodies),
        ),
        transparency=Figures(
            log=f"{base}/log",
            reports=f"{base}/transparency",
            latest_report=latest[0].code if latest else "",
            monthly_recipients_in_eu=app.settings.disclosure.eu_recipients or None,
        ),
    )


def card_html(app: App) -> str:
    """What of the card is stated, as HTML for apps, which show it below the description."""
    instance = app.settings.instance
    facts = [
        ("Operator", instance.operator_name),
        ("Address", instance.operator_address),
        ("Telephone", instance.operator_phone),
        *(("Registration or licence", number) for number in instance.registrations),
        ("For members and visitors", instance.contact_email),
        ("For authorities", instance.authority_email),
    ]
    stated = [f"<li>{name}: {escape(value)}</li>" for name, value in facts if value]
    return f"<h2>Who answers for it</h2>\n<ul>{''.join(stated)}</ul>\n" if stated else ""
