"""/about, /privacy, /terms, /offline: what the server says of itself."""

from __future__ import annotations

import re
from html import unescape

from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.domain.decisions.model import APPEAL_WINDOW
from folkmoot.domain.policy import queries as policy
from folkmoot.domain.policy.model import Kind, render_document
from folkmoot.kit.clock import DAY
from folkmoot.kit.text import render_markdown
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.about import AboutPage, Fact, PolicyPage
from folkmoot.surfaces.web.pages.access import Rule
from folkmoot.surfaces.web.pages.errors import error_page
from folkmoot.surfaces.web.pages.frame import Card
from folkmoot.surfaces.web.presenting import present_person
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, redirect

router = Router()

_TITLE = re.compile(r"\s*<h1>([^<]+)</h1>")


@router.get("/about")
def about(visit: Visit) -> Answer:
    """Who runs this server, by which rules, and how to reach them."""
    instance = visit.app.settings.instance
    around = frame(visit, forms=False)
    contact = None
    if instance.contact_account:
        account = find_account_by_name(visit.tx, instance.contact_account)
        contact = present_person(visit.app, account) if account else None
    page = AboutPage(
        frame=around,
        card=Card(
            title=f"About {around.site.name}",
            description=around.site.description or f"Who runs {around.site.name}, and how.",
            url=f"{visit.app.base_url}/about",
        ),
        description_html=render_markdown(instance.description or instance.short_description),
        rules=present_rules(visit),
        contestable_days=APPEAL_WINDOW // DAY,
        operator=_operator(visit),
        contact=contact,
        email=instance.contact_email or None,
    )
    return show(visit, page, public=True)


@router.get("/contact")
def contact(visit: Visit) -> Answer:
    """The address that people guess for the contact points of the service card."""
    return redirect(visit, "/about#contact")


def present_rules(visit: Visit) -> tuple[Rule, ...]:
    """The rules in force."""
    languages = visit.app.settings.instance.languages
    found = [rule.words_in(*languages)[1] for rule in policy.list_rules(visit.tx)]
    return tuple(Rule(words.title, words.text) for words in found)


@router.get("/privacy")
def privacy(visit: Visit) -> Answer:
    """The privacy policy in force."""
    return _document(visit, Kind.PRIVACY, "Privacy policy")


@router.get("/terms")
def terms(visit: Visit) -> Answer:
    """The terms in force."""
    return _document(visit, Kind.TERMS, "Terms")


def _document(visit: Visit, kind: Kind, title: str) -> Answer:
    found = policy.get_document(visit.tx, kind)
    title, html = split_title(render_document(found.body, visit.app.settings), title)
    page = PolicyPage(
        frame=frame(visit, forms=False), title=title, html=html, since=found.effective_from
    )
    return show(visit, page, public=True)


def split_title(html: str, title: str) -> tuple[str, str]:
    """A text's own first heading, or else `title`, and the text with all others a step lower,
    because a page has one heading of the first order."""
    match = _TITLE.match(html)
    if match:
        title, html = unescape(match[1]), html[match.end() :]
    return title, html.replace("<h1>", "<h2>").replace("</h1>", "</h2>")


def _operator(visit: Visit) -> tuple[Fact, ...]:
    """The service card (D2): whatever the operator has stated."""
    instance = visit.app.settings.instance
    recipients = visit.app.settings.disclosure.eu_recipients
    facts = [
        Fact("Operator", instance.operator_name),
        Fact("Address", instance.operator_address),
        Fact("Telephone", instance.operator_phone, f"tel:{instance.operator_phone}"),
        *(Fact("Registration or licence", number) for number in instance.registrations),
        Fact("For authorities", instance.authority_email, f"mailto:{instance.authority_email}"),
        Fact("Languages", ", ".join(instance.languages)),
        Fact("Reached in the EU in an average month", f"{recipients:,}" if recipients else ""),
    ]
    return tuple(fact for fact in facts if fact.value)


@router.get("/offline")
def offline(visit: Visit) -> Answer:
    """What the service worker keeps for the time without a connection."""
    page = error_page(frame(visit, forms=False), 0)
    return show(visit, page, public=True)
