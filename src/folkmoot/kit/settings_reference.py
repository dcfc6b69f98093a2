"""Writes the reference of all settings as Markdown, from the settings themselves."""

import inspect
from typing import Any

from folkmoot.kit.settings_sources import Known, expectation, known_keys, known_sections

OPENING = "<!-- settings: written by `folkmoot settings reference --write`, do not edit below -->"
CLOSING = "<!-- /settings -->"


def reference() -> str:
    """One heading and one table for each section."""
    parts = []
    for name, kind in known_sections().items():
        parts += [f"### [{name}]", "", inspect.cleandoc(kind.__doc__ or ""), ""]
        parts += ["| key | default | takes | what for |", "|---|---|---|---|"]
        parts += [_row(known) for known in known_keys().values() if known.section == name]
        parts.append("")
    return "\n".join(parts)


def replaced(document: str) -> str:
    """The document with everything between the two marks written anew."""
    before, opening, rest = document.partition(OPENING)
    _, closing, after = rest.partition(CLOSING)
    if not opening or not closing:
        raise ValueError("the document holds no place for the settings")
    return f"{before}{OPENING}\n\n{reference()}\n{CLOSING}{after}"


def _row(known: Known) -> str:
    sentence = known.meta.description or ""
    if known.secret:
        sentence += " Secret."
    cells = (f"`{known.name}`", _default(known.default), expectation(known.type), sentence)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default(value: Any) -> str:
    if value in ("", ()):
        return "–"
    if isinstance(value, tuple):
        return ", ".join(f"`{part}`" for part in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
