"""/report: reporting something, with or without an account, in steps that carry along what was
chosen; what is written stands in the last one alone, and in no address."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import msgspec

from folkmoot.domain.accounts.model import decode_fields
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.media.queries import list_attachments
from folkmoot.domain.policy.model import Category as Harm
from folkmoot.domain.policy.queries import list_rules
from folkmoot.domain.reports import actions
from folkmoot.domain.reports.model import (
    Category,
    Complaint,
    Contact,
    Part,
    PartInvalid,
    needs_name,
    receipt_path,
)
from folkmoot.kit.errors import Invalid, NotFound
from folkmoot.surfaces.addresses import find_at
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.about import Fact
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.reporting import Reason, Reported, ReportPage
from folkmoot.surfaces.web.presenting import account_path, present_person
from folkmoot.surfaces.web.rendering import bare, cut, plain
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.domain.accounts.model import Account
    from folkmoot.domain.media.model import Attachment
    from folkmoot.domain.policy.model import Rule
    from folkmoot.domain.posts.model import Post
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/report"
OTHER = "other"
_CHOICES = ("part", "why", "illegal")
_WORDS = ("comment", "good_faith", "name", "email")
_MEDIA = {"image": "A picture", "gifv": "A moving picture", "video": "A film", "audio": "A sound"}
# Links that lead to people and tags here are no links that anybody would report.
_LINK = re.compile(r'<a href="(https?://[^"]+)"(?![^>]*class="[^"]*mention)')


class NothingThere(Invalid):
    """Nothing that you can see is at this address. Is it copied whole?"""


class NotChosen(Invalid):
    """Please choose one"""


class _Target(msgspec.Struct, frozen=True):
    """Whom a report is about, and which post of theirs."""

    account: Account
    post: Post | None = None
    media: tuple[Attachment, ...] = ()

    @property
    def about(self) -> str:
        path = account_path(self.account)
        return f"{path}/{self.post.id}" if self.post else path


@router.get(HERE)
def ask(visit: Visit) -> Answer:
    """Which, then why, then the words, as far as the address says already."""
    about = visit.query("about").strip()
    if not about:
        return _which(visit, Form())
    try:
        target = _find_target(visit, about)
    except NotFound:
        refusal = NothingThere(field="about")
        return _which(visit, Form(values={"about": about}, errors={"about": refusal.sentence}))
    if visit.query("step") != "words":
        return _why(visit, target, Form(values=_asked(visit)))
    missing = _missing(visit, target)
    if missing:
        return _why(visit, target, Form(values=_asked(visit), errors=missing))
    return _words(visit, target, Form(values=_asked(visit)))


def _asked(visit: Visit) -> dict[str, str]:
    return {name: visit.query(name) or visit.field(name) for name in _CHOICES}


def _missing(visit: Visit, target: _Target) -> dict[str, str]:
    chosen, sentence = _asked(visit), NotChosen.__doc__ or ""
    offered = {
        "part": [value for value, _ in _parts(target)],
        "why": [OTHER, *(rule.code for rule in list_rules(visit.tx))],
        "illegal": ["yes", "no"],
    }
    return {name: sentence for name in _CHOICES if chosen[name] not in offered[name]}


def _find_target(visit: Visit, text: str) -> _Target:
    """The account or post at an address of this server, or at a handle; AccountNotFound,
    PostNotFound for what the visitor cannot see."""
    base_url = visit.app.base_url
    found = find_at(visit.tx, text, base_url=base_url, viewer_id=visit.viewer_id)
    if found.post is None:
        return _Target(found.account)
    media = list_attachments(visit.tx, [found.post.id]).get(found.post.id, [])
    return _Target(found.account, found.post, tuple(media))


def _parts(target: _Target) -> list[tuple[str, str]]:
    """What can be meant: the whole, or one of its files or links."""
    account, post = target.account, target.post
    if post is not None:
        files = [
            (f"media:{each.id}", f"{_MEDIA.get(each.kind, 'A file')} in it{_called(each)}")
            for each in target.media
        ]
        links = _links(post.html)
        return [("whole", "The whole post"), *files, *links]
    pictures = [("media:avatar", "The picture")] if account.avatar else []
    pictures += [("media:header", "The picture behind the name")] if account.header else []
    said = account.note_html + "".join(field.html for field in decode_fields(account))
    return [("whole", "The whole account"), *pictures, *_links(said)]


def _called(each: Attachment) -> str:
    return f": {cut(each.description, 80)}" if each.description else ""


def _links(html: str) -> list[tuple[str, str]]:
    found = dict.fromkeys(unescape(url) for url in _LINK.findall(html))
    return [(f"link:{url}", f"The link to {cut(bare(url), 80)}") for url in found]


def _reported(visit: Visit, target: _Target) -> Reported:
    person, post = present_person(visit.app, target.account), target.post
    if post is None:
        words = plain(target.account.note_html)
        return Reported(about=target.about, person=person, words=cut(words, 160))
    return Reported(
        about=target.about,
        person=person,
        words=cut(post.spoiler_text or plain(post.html), 280),
        language=post.language or None,
        files=len(target.media),
        is_post=True,
    )


def _which(visit: Visit, form: Form) -> Answer:
    page = ReportPage(frame=frame(visit), step="which", form=form)
    return show(visit, page, status=422 if form.errors else 200)


def _why(visit: Visit, target: _Target, form: Form) -> Answer:
    page = ReportPage(
        frame=frame(visit),
        step="why",
        form=form,
        reported=_reported(visit, target),
        parts=tuple(_parts(target)),
        reasons=tuple(_reason(visit, rule) for rule in list_rules(visit.tx)),
    )
    return show(visit, page, status=422 if form.errors else 200)


def _reason(visit: Visit, rule: Rule) -> Reason:
    language, words = rule.words_in(*visit.app.settings.instance.languages)
    return Reason(rule.code, words.title, words.text, language)


def _words(visit: Visit, target: _Target, form: Form) -> Answer:
    complaint = _complaint(visit, target)
    chosen = _asked(visit)
    titles = {rule.code: _reason(visit, rule).title for rule in list_rules(visit.tx)}
    parts = dict(_parts(target))
    visitor = visit.reader is None
    children = complaint.harm is Harm.SEXUAL_EXPLOITATION
    named = visitor and needs_name(complaint.category, complaint.harm)
    page = ReportPage(
        frame=frame(visit),
        step="words",
        form=form,
        reported=_reported(visit, target),
        chosen=(
            Fact("What", parts[chosen["part"]]),
            Fact("Why", titles.get(chosen["why"], "Something else")),
            Fact("Against the law", "Yes" if chosen["illegal"] == "yes" else "I do not say so"),
        ),
        illegal=complaint.category is Category.LEGAL,
        named=named,
        letters=visitor and not children,
        children=children,
    )
    return show(visit, page)


def _complaint(visit: Visit, target: _Target) -> Complaint:
    chosen = _asked(visit)
    rule = next((r for r in list_rules(visit.tx) if r.code == chosen["why"]), None)
    part, _, detail = chosen["part"].partition(":")
    category = Category.VIOLATION if rule else Category.OTHER
    return Complaint(
        category=Category.LEGAL if chosen["illegal"] == "yes" else category,
        harm=Harm(rule.category) if rule else None,
        comment=visit.field("comment").strip(),
        part=Part(part) if detail else Part.WHOLE,
        detail=detail,
        good_faith=visit.ticked("good_faith"),
        rule_ids=(rule.id,) if rule else (),
        post_ids=(target.post.id,) if target.post else (),
    )


def _again(visit: Visit, refusal: Refusal) -> Answer:
    """The last step once more; one before where that no longer fits what is there."""
    about = visit.field("about")
    try:
        target = _find_target(visit, about)
    except NotFound:
        found = NothingThere(field="about")
        return _which(visit, Form(values={"about": about}, errors={"about": found.sentence}))
    if missing := _missing(visit, target):
        return _why(visit, target, Form(values=_asked(visit), errors=missing))
    return _words(visit, target, form_of(visit, refusal, *_CHOICES, *_WORDS))


@router.post(HERE, members=False, rate="reports", again=_again)
def file(visit: Visit) -> Answer:
    """Files the report and leads to its receipt."""
    target = _find_target(visit, visit.field("about"))
    if _missing(visit, target):
        raise PartInvalid(field=next(iter(_missing(visit, target))))
    complaint = _complaint(visit, target)
    if visit.reader is not None:
        locale = get_user(visit.tx, visit.viewer_id).locale
        report = actions.file_report(
            visit.tx, visit.reader.account.id, target.account.id, complaint, language=locale
        )
    else:
        report = actions.file_report_as_visitor(
            visit.tx,
            target.account.id,
            complaint,
            contact=Contact(visit.field("name"), visit.field("email")),
            language=visit.language,
        )
    there = receipt_path(visit.app.settings.secrets.secret_key, report.code)
    return redirect(visit, f"{there}&new=1")
