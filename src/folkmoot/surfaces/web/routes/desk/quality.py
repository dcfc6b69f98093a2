"""/desk/quality: how far reviewers agree on each rule. Nobody's record stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.auth.model import Permission
from folkmoot.domain.policy.queries import list_rules
from folkmoot.domain.quality.model import Agreement, Grade, grade
from folkmoot.domain.quality.queries import count_wished, list_agreement
from folkmoot.surfaces.web.answering import title_of
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.quality import Agreed, QualityPage
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit

if TYPE_CHECKING:
    from folkmoot.kit.agreement import Reliability

router = Router()

_WORDS = {
    Grade.GOOD: "They agree well",
    Grade.FAIR: "They agree, but not well enough to rely on it",
    Grade.POOR: "They agree poorly",
    Grade.UNKNOWN: "Too few cases to say",
}


@router.get("/desk/quality", permission=Permission.MANAGE_RULES)
def quality(visit: Visit) -> Answer:
    """Agreement on all rules together and on each."""
    titles = {rule.code: title_of(rule) for rule in list_rules(visit.tx)}
    least = visit.app.settings.quality.publish_from
    whole, *rules = [
        _agreed(one, titles, published=one.may_be_told(least)) for one in list_agreement(visit.tx)
    ]
    page = QualityPage(
        frame=frame(visit),
        whole=whole if whole.cases else None,
        rules=tuple(rules),
        share=f"{visit.app.settings.quality.second_looks * 100:g} %",
        wished=count_wished(visit.tx),
        publish_from=least,
    )
    return show(visit, page)


def _agreed(found: Agreement, titles: dict[str, str], *, published: bool) -> Agreed:
    return Agreed(
        rule=titles.get(found.rule_code, found.rule_code),
        code=found.rule_code,
        cases=found.cases,
        on_rule=_words(found, found.on_rule),
        rule_value=_value(found.on_rule),
        on_step=_words(found, found.on_step),
        step_value=_value(found.on_step),
        published=published,
    )


def _words(found: Agreement, on: Reliability | None) -> str:
    if on is None and found.cases:
        return "All came to the same: there is nothing to compare"
    return _WORDS[grade(on)]


def _value(on: Reliability | None) -> str:
    return "" if on is None else f"{on.alpha:.2f} ({on.low:.2f} to {on.high:.2f})"
