"""Entries of the public log in plain words: a sentence for each kind, and its fields by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from folkmoot.domain.transparency import model
from folkmoot.surfaces.web.pages.about import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

# Fields that name something else in the log: they lead to all entries about it.
_LEADS_ON = frozenset(
    {"code", "case", "decision", "rule", "appeal", "flagger", "by", "seconded_by", "decided_by"}
    | {"category"}
)

GROUPS: dict[str, tuple[str, ...]] = {
    "Policy": ("policy",),
    "Decisions": ("decision", "answer"),
    "Redress": ("complaint", "appeal", "reversal", "dispute"),
    "Detectors and lists": ("detector", "accuracy", "list-import"),
    "Reports received": ("notice", "trusted-flagger", "misuse"),
    "Authorities, published reports": ("legal-request", "referral", "report"),
}
"""Kinds of entries as the chart gathers them."""


STEPS: dict[str, tuple[str, ...]] = {
    "Labels and screens": ("label", "screen"),
    "Fewer readers": ("unlist", "limit", "slow"),
    "Withheld posts": ("quarantine", "hold"),
    "Pauses": ("pause",),
    "Suspensions": ("suspend",),
    "Nothing restricted": ("no-action",),
}
"""Steps as the chart gathers them."""

TIMES = {
    "hour": "Within an hour",
    "four-hours": "Within four hours",
    "day": "Within a day",
    "three-days": "Within three days",
    "longer": "Longer",
}


def say(entry: Any) -> str:
    """An entry in one sentence."""
    return _SAY[type(entry)](entry)


def _policy(entry: model.PolicyVersion) -> str:
    count = len(entry.rules)
    word = "rule" if count == 1 else "rules"
    return f"Version {entry.version} of {count} {word}, in force from {entry.effective_on}."


def _detector(entry: model.DetectorChange) -> str:
    done = {
        "drafted": "was drafted",
        "tested": "was tested on past posts",
        "shadowed": "runs in the shadow: it is counted, nothing is done",
        "activated": "was made active",
        "fell-back": "fell back into the shadow by itself",
        "retired": "was retired",
    }[entry.event]
    return f"Detector {entry.code} (version {entry.version}, for rule {entry.rule}) {done}."


def _accuracy(entry: model.DetectorAccuracy) -> str:
    right = entry.decided - entry.needed_nothing
    return (
        f"Of {entry.decided} matches of detector {entry.code} that were decided "
        f"from {entry.from_on} to {entry.to_on}, {right} were right."
    )


def _notice(entry: model.Notice) -> str:
    whose = " of a trusted flagger" if entry.source == "trusted-flagger" else ""
    return f"A report{whose} was received, about {_plain(entry.category)}."


def _answer(entry: model.Answer) -> str:
    count = len(entry.notices)
    word = "report was" if count == 1 else "reports were"
    return f"{count} {word} answered by decision {entry.decision}."


def _decision(entry: model.Decision) -> str:
    if not entry.measures:
        return f"Case {entry.case} about {_plain(entry.category)}: nothing was restricted."
    done = ", ".join(_plain(measure.step) for measure in entry.measures)
    rule = f" under rule {entry.rule}" if entry.rule else ""
    return f"Case {entry.case} about {_plain(entry.category)}{rule}: {done}."


def _complaint(entry: model.Complaint) -> str:
    return f"The {entry.by} contests decision {entry.decision}."


def _appeal(entry: model.Appeal) -> str:
    done = {
        "upheld": "the decision stands",
        "reversed": "the decision was reversed",
        "partly-reversed": "the decision was reversed in part",
        "omitted": "it was not decided on",
        "withdrawn": "it was withdrawn",
    }[entry.outcome]
    alone = "" if entry.independent else " No independent reviewer exists here."
    return f"An appeal by the {entry.by} against {entry.decision}: {done}.{alone}"


def _reversal(entry: model.Reversal) -> str:
    why = {
        "appeal": "after an appeal",
        "dispute": "after an out-of-court dispute",
        "court": "by order of a court",
        "own-review": "on our own review",
        "detector-error": "because a detector was wrong",
    }[entry.because]
    return f"Decision {entry.decision} was undone {why}; what it restricted was restored."


def _dispute(entry: model.Dispute) -> str:
    return f"A dispute about {entry.decision} before {entry.body} ended: {_plain(entry.outcome)}."


def _misuse(entry: model.Misuse) -> str:
    return f"Somebody was suspended until {entry.until[:10]}, after a warning: {_plain(entry.of)}."


def _list_import(entry: model.ListImport) -> str:
    if entry.event == "undone":
        return f"The import of the list “{entry.name}” was undone."
    return (
        f"The list “{entry.name}” ({_plain(entry.holds)}) was imported: {entry.added} added, "
        f"{entry.removed} removed, {entry.total} in all."
    )


def _legal_request(entry: model.LegalRequest) -> str:
    done = {
        "given": "was fulfilled",
        "narrowed": "was narrowed, then fulfilled",
        "refused": "was refused",
    }[entry.outcome]
    return f"An order of {entry.authority} ({entry.country}) {_plain(entry.order)} {done}."


def _referral(entry: model.Referral) -> str:
    return f"A life was at risk: two people agreed to tell those who can help ({entry.country})."


def _report(entry: model.PublishedReport) -> str:
    return f"“{entry.name}” was published, about {entry.from_on} to {entry.to_on}."


def _flagger(entry: model.TrustedFlagger) -> str:
    done = {
        "awarded": "is a trusted flagger now",
        "suspended": "is suspended as a trusted flagger",
        "revoked": "is no trusted flagger any more",
    }[entry.event]
    return f"{entry.organisation} {done}."


_SAY: dict[type, Callable[[Any], str]] = {
    model.PolicyVersion: _policy,
    model.DetectorChange: _detector,
    model.DetectorAccuracy: _accuracy,
    model.Notice: _notice,
    model.Answer: _answer,
    model.Decision: _decision,
    model.Complaint: _complaint,
    model.Appeal: _appeal,
    model.Reversal: _reversal,
    model.Dispute: _dispute,
    model.Misuse: _misuse,
    model.ListImport: _list_import,
    model.LegalRequest: _legal_request,
    model.Referral: _referral,
    model.PublishedReport: _report,
    model.TrustedFlagger: _flagger,
}


def tell_facts(entry: model.Entry) -> tuple[Fact, ...]:
    """Every field of an entry that says something, in the order of its kind; hashes stand in the
    leaf alone.
    """
    return tuple(
        fact
        for name, value in msgspec.structs.asdict(entry).items()
        if value not in (None, ())
        for fact in _facts(entry, name, value)
    )


def _facts(entry: model.Entry, name: str, value: Any) -> Iterator[Fact]:
    heading = _plain(name)[:1].upper() + _plain(name)[1:]
    if isinstance(value, tuple):
        yield Fact(heading, ", ".join(map(_one, value)))
        return
    if name == "version" and isinstance(entry, model.PolicyVersion):
        yield Fact(heading, _one(value), f"/rules/versions/{value}")
        return
    leads_on = name in _LEADS_ON and isinstance(value, str)
    yield Fact(heading, _one(value), f"/log?q={quote(str(value))}" if leads_on else None)


def _one(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, model.Measure):
        until = f" until {value.until}" if value.until else ""
        return f"{_plain(value.step)} ({_plain(value.restriction)}){until}"
    if isinstance(value, model.Hashed):
        return value.name
    return str(value)


def _plain(code: str) -> str:
    """A code as words; those of the EU transparency database are written in capitals."""
    code = code.lower() if code.isupper() else code
    return code.replace("-", " ").replace("_", " ")
