"""/rules: what holds here, in every version, compared, and accepted."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import urlencode

from folkmoot.domain.policy import actions, queries
from folkmoot.domain.policy.model import (
    Kind,
    Rule,
    RuleChange,
    RuleDraft,
    Version,
    VersionNotFound,
    Words,
    fill_facts,
)
from folkmoot.kit.text import LANGUAGES, compare_paragraphs, compare_words
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.frame import Card
from folkmoot.surfaces.web.pages.rules import (
    AcceptPage,
    ComparedDocument,
    ComparedPart,
    ComparedRule,
    ComparePage,
    Pieces,
    RulesPage,
    ShownRule,
    Tongue,
    VersionLine,
    VersionsPage,
)
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, redirect
from folkmoot.surfaces.web.wording import ACTIONS, CATEGORIES, TONGUES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

router = Router()

_DOCUMENTS = {Kind.TERMS: "Terms of service", Kind.PRIVACY: "Privacy policy"}


@router.get("/rules")
def current(visit: Visit) -> Answer:
    """The rules in force."""
    return _show_rules(visit, queries.get_version_in_force(visit.tx))


@router.get("/rules/versions")
def versions(visit: Visit) -> Answer:
    """Every version there is."""
    policy = visit.app.settings.policy
    page = VersionsPage(
        frame=frame(visit, forms=False),
        versions=_lines(visit),
        notice_days=policy.notice_days,
        grace_days=policy.grace_days,
        card=_card(visit, "/rules/versions", "Versions of the rules"),
    )
    return show(visit, page, public=True)


@router.get("/rules/versions/{number}")
def version(visit: Visit) -> Answer:
    """The rules of a version, whether it holds, held or will hold."""
    return _show_rules(visit, _version(visit, visit.incoming.params["number"]))


@router.get("/rules/compare")
def compare(visit: Visit) -> Answer:
    """Two versions side by side: those the address names, or else the newest and its
    predecessor."""
    newest = queries.list_versions(visit.tx)[0]
    new = _version(visit, visit.query("to") or str(newest.id))
    old = _version(visit, visit.query("from") or str(max(new.id - 1, 1)))
    if old.id > new.id:
        old, new = new, old
    changes = queries.list_rule_changes(visit.tx, old, new)
    language, tongues = _tongues(visit, [c.new or c.old for c in changes])
    page = ComparePage(
        frame=frame(visit, forms=False),
        old=_line(visit, old),
        new=_line(visit, new),
        versions=_lines(visit),
        language=language,
        tongues=tongues,
        rules=tuple(_compared(change, language) for change in changes if change.changed),
        unchanged=sum(not change.changed for change in changes),
        documents=_compared_documents(visit, old, new),
        card=_card(visit, "/rules/compare", f"What changed from version {old.id} to {new.id}"),
    )
    return show(visit, page, public=True)


@router.get("/rules/accept", members=True)
def ask_accept(visit: Visit) -> Answer:
    """What a member is asked to accept."""
    pending = queries.find_pending(visit.tx, visit.me.account.id)
    if pending is None:
        return show(visit, AcceptPage(frame=frame(visit), version=None))
    accepted = max(queries.get_accepted(visit.tx, visit.me.account.id), 1)
    page = AcceptPage(
        frame=frame(visit),
        version=_line(visit, pending.version),
        due_at=pending.due_at,
        paused=pending.paused,
        compare_url=f"/rules/compare?from={accepted}&to={pending.version.id}",
    )
    return show(visit, page)


@router.post("/rules/accept")
def accept(visit: Visit) -> Answer:
    """Accepts the version that the member was shown, which may not be the newest by now."""
    shown = _version(visit, visit.field("version"))
    actions.accept_version(visit.tx, visit.me.account.id, shown.id)
    return redirect(visit, "/rules/accept", notice="rules-accepted")


def _show_rules(visit: Visit, version: Version) -> Answer:
    rules = queries.list_rules(visit.tx, version)
    language, tongues = _tongues(visit, rules)
    successor = queries.find_successor(visit.tx, version)
    line = _line(visit, version)
    page = RulesPage(
        frame=frame(visit, forms=False),
        version=line,
        language=language,
        tongues=tongues,
        rules=tuple(_shown(rule, language) for rule in rules),
        successor=_line(visit, successor) if successor else None,
        card=_card(visit, line.url, f"The rules of {visit.app.settings.instance.title}"),
    )
    return show(visit, page, public=True)


def _card(visit: Visit, path: str, title: str) -> Card:
    about = "What is not allowed here, with examples, and what follows when somebody does it."
    return Card(title=title, description=about, url=f"{visit.app.base_url}{path}")


def _version(visit: Visit, number: str) -> Version:
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise VersionNotFound
    return queries.get_version(visit.tx, int(number))


def _lines(visit: Visit) -> tuple[VersionLine, ...]:
    found = queries.list_versions(visit.tx)
    in_force = next(v.id for v in found if v.effective_from <= visit.tx.now)
    return tuple(_line_beside(version, in_force) for version in found)


def _line(visit: Visit, version: Version) -> VersionLine:
    return _line_beside(version, queries.get_version_in_force(visit.tx).id)


def _line_beside(version: Version, in_force: int) -> VersionLine:
    state: Literal["in force", "to come", "over"] = "in force"
    if version.id != in_force:
        state = "over" if version.id < in_force else "to come"
    return VersionLine(
        number=version.id,
        published_at=version.published_at,
        effective_from=version.effective_from,
        state=state,
        grace_until=version.grace_until,
        pauses=version.pauses_posting,
        note=version.note,
    )


def _tongues(visit: Visit, rules: Iterable[RuleDraft | None]) -> tuple[str, tuple[Tongue, ...]]:
    """The language in which rules are shown, and all in which they can be."""
    known = list(dict.fromkeys(code for rule in rules if rule for code in rule.words))
    wanted = (visit.query("lang"), *visit.app.settings.instance.languages, *known)
    current = next(code for code in wanted if code in known)
    asked = {name: values[-1] for name, values in visit.incoming.query.items()}
    return current, tuple(
        Tongue(
            code,
            TONGUES.get(code, LANGUAGES[code].name),
            f"{visit.incoming.path}?{urlencode({**asked, 'lang': code})}",
            code == current,
        )
        for code in known
    )


def _shown(rule: Rule, language: str) -> ShownRule:
    words = rule.words_in(language)[1]
    return ShownRule(
        code=rule.code,
        title=words.title,
        text=words.text,
        covered=words.covered,
        not_covered=words.not_covered,
        category=CATEGORIES[rule.category],
        actions=tuple(ACTIONS[action] for action in rule.actions),
        keywords=rule.statement.keywords,
    )


def _compared(change: RuleChange, language: str) -> ComparedRule:
    parts = [
        ComparedPart(name, rows)
        for name, rows in _all_parts(change, language).items()
        if any(piece.kind != "same" for row in rows for piece in row)
    ]
    newest = change.new or change.old
    title = _words(newest, language).title
    what = cast(Literal["new", "changed", "ends"], change.what)
    return ComparedRule(change.code, title, what, tuple(parts))


def _all_parts(change: RuleChange, language: str) -> Mapping[str, tuple[Pieces, ...]]:
    old, new = _words(change.old, language), _words(change.new, language)
    actions = [
        ", ".join(ACTIONS[action] for action in rule.actions) if rule else ""
        for rule in (change.old, change.new)
    ]
    keywords = [_keywords(rule) for rule in (change.old, change.new)]
    return {
        "Title": (compare_words(old.title, new.title),),
        "In plain words": (compare_words(old.text, new.text),),
        "Covered": compare_paragraphs("\n\n".join(old.covered), "\n\n".join(new.covered)),
        "Not covered": compare_paragraphs(
            "\n\n".join(old.not_covered), "\n\n".join(new.not_covered)
        ),
        "What can follow": (compare_words(*actions),),
        "Stated to the EU as": (compare_words(*keywords),),
    }


def _words(rule: RuleDraft | None, language: str) -> Words:
    return Words("", "") if rule is None else rule.words.get(language, Words("", ""))


def _keywords(rule: RuleDraft | None) -> str:
    if rule is None:
        return ""
    stated = rule.statement
    return ", ".join((stated.category, *stated.additions, *stated.keywords))


def _compared_documents(visit: Visit, old: Version, new: Version) -> tuple[ComparedDocument, ...]:
    found = []
    for kind, title in _DOCUMENTS.items():
        texts = [
            fill_facts(queries.get_document(visit.tx, kind, v).body, visit.app.settings)
            for v in (old, new)
        ]
        if texts[0] != texts[1]:
            found.append(ComparedDocument(title, _compared_texts(*texts)))
    return tuple(found)


@lru_cache(maxsize=16)
def _compared_texts(old: str, new: str) -> tuple[Pieces | None, ...]:
    """The rows around what changed; None for what is left out. Kept, because anybody may ask for
    it and long texts take a while."""
    rows = compare_paragraphs(old, new)
    changed = {at for at, row in enumerate(rows) if any(p.kind != "same" for p in row)}
    shown: list[Pieces | None] = []
    for at, row in enumerate(rows):
        if changed & {at - 1, at, at + 1}:
            shown.append(row)
        elif not shown or shown[-1] is not None:
            shown.append(None)
    return tuple(shown)
