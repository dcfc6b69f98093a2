"""/desk/quality: how far reviewers agree on each rule. Nobody's record stands there."""

from __future__ import annotations

from folkmoot.domain.auth.model import Permission
from folkmoot.domain.policy.queries import list_rules
from folkmoot.domain.quality.queries import count_wished, list_agreement
from folkmoot.surfaces.web.answering import agreed, title_of
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.quality import QualityPage
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit

router = Router()


@router.get("/desk/quality", permission=Permission.MANAGE_RULES)
def quality(visit: Visit) -> Answer:
    """Agreement on all rules together and on each."""
    titles = {rule.code: title_of(rule) for rule in list_rules(visit.tx)}
    least = visit.app.settings.quality.publish_from
    whole, *rules = [
        agreed(one, titles, published=one.may_be_told(least)) for one in list_agreement(visit.tx)
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
