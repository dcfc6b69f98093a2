"""/api/folkmoot/v1/reports: notices by organisations' systems, and what became of them (Digital
Services Act, Articles 16 and 22).
"""

from typing import Annotated

import msgspec

from folkmoot.domain.media.queries import list_attachments
from folkmoot.domain.policy.model import Category as Harm
from folkmoot.domain.policy.queries import get_rule
from folkmoot.domain.reports import actions
from folkmoot.domain.reports.model import Category, Complaint, Contact, Part, PartInvalid
from folkmoot.domain.reports.queries import get_report
from folkmoot.kit.errors import Invalid, NotFound
from folkmoot.surfaces.addresses import Found, find_at
from folkmoot.surfaces.mastodon.entities.notice import NoticeReceipt, present_receipt
from folkmoot.surfaces.mastodon.operations import APP, NEEDED, NO_AUTH, Call, Id, Router

router = Router("notices")

HERE = "/api/folkmoot/v1/reports"


class NothingThere(Invalid):
    """Url must be the address of a post or account on this server that you can see"""


class NoSuchRule(Invalid):
    """Rule must be the code of a rule that is in force, or be left out"""


class NoticeParams(msgspec.Struct):
    """What is reported and why.

    `url` is the exact address of a post or an account, `media_id` a file of the post where only
    that is meant. `rule` is the code of the rule that it breaks, where there is one; `illegal`
    that it is against the law: then `explanation`, `good_faith` and, of an application without a
    member, `name` and `email` are needed. For the sexual exploitation of children nobody is asked
    who they are, and what is given is not kept.
    """

    url: Annotated[str, NEEDED] = ""
    explanation: str = ""
    rule: str = ""
    illegal: bool = False
    good_faith: bool = False
    name: str = ""
    email: str = ""
    media_id: Id | None = None
    language: str = "en"


class ReceiptParams(msgspec.Struct):
    """The key of the receipt, which stands in its `status_url`."""

    key: Annotated[str, NEEDED] = ""


@router.post(HERE, auth=APP, scope="write:reports", returns=NoticeReceipt, rate="reports")
def file(call: Call, params: NoticeParams) -> NoticeReceipt:
    """Files a notice and gives its receipt.

    With an application's own token it is a visitor's, with a member's token the member's; a
    trusted flagger's comes first."""
    try:
        found = find_at(call.tx, params.url, base_url=call.app.base_url, viewer_id=call.viewer_id)
    except NotFound as missing:
        raise NothingThere(field="url") from missing
    complaint = _complaint(call, params, found)
    target_id, language = found.account.id, params.language[:10]
    if call.viewer_id:
        me = call.me.account_id
        report = actions.file_report(call.tx, me, target_id, complaint, language=language)
    else:
        contact = Contact(params.name, params.email)
        report = actions.file_report_as_visitor(
            call.tx, target_id, complaint, contact=contact, language=language
        )
    # Filed, it has joined its case.
    return present_receipt(call.app, call.tx, get_report(call.tx, report.id))


def _complaint(call: Call, params: NoticeParams, found: Found) -> Complaint:
    try:
        rule = get_rule(call.tx, params.rule) if params.rule else None
    except NotFound as missing:
        raise NoSuchRule(field="rule") from missing
    category = Category.VIOLATION if rule else Category.OTHER
    media = _media(call, params, found)
    return Complaint(
        category=Category.LEGAL if params.illegal else category,
        harm=Harm(rule.category) if rule else None,
        comment=params.explanation.strip(),
        part=Part.MEDIA if media else Part.WHOLE,
        detail=media,
        good_faith=params.good_faith,
        rule_ids=(rule.id,) if rule else (),
        post_ids=(found.post.id,) if found.post else (),
    )


def _media(call: Call, params: NoticeParams, found: Found) -> str:
    """The file that is meant, as a report names it; PartInvalid for one that is not in the post."""
    if params.media_id is None:
        return ""
    files = list_attachments(call.tx, [found.post.id]).get(found.post.id, []) if found.post else []
    if params.media_id not in [each.id for each in files]:
        raise PartInvalid(field="media_id")
    return str(params.media_id)


@router.get(f"{HERE}/{{code}}", auth=NO_AUTH, returns=NoticeReceipt, rate="reports")
def receipt(call: Call, params: ReceiptParams) -> NoticeReceipt:
    """What became of a report, for who has its key.

    A wrong key and an unknown code look alike."""
    report = actions.get_receipt(call.tx, call.path["code"], params.key)
    return present_receipt(call.app, call.tx, report)
