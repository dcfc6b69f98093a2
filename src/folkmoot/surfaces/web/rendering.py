"""Turns a page into HTML: the Jinja environment, made at the first page, and its few filters.

Escaping is always on and an unknown name is an error. Only `trusted` and what is built here
yields markup; every caller of `trusted` passes what the domain has sanitised.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from folkmoot.surfaces.web import assets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import BytecodeCache, Environment

    from folkmoot.surfaces.web.pages.frame import Emoji, Page

TEMPLATES: Final = Path(__file__).parent / "templates"

# Months are written out here because strftime follows the locale of the process.
MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def render(page: Page) -> str:
    """The page as HTML."""
    frame = page.frame
    template = environment().get_template(page.template)
    return template.render(page=page, frame=frame, site=frame.site, viewer=frame.viewer)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates, compiled as they are first used and kept."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    env = Environment(
        bytecode_cache=_bytecode(),
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals |= {"asset": assets.bundle().url, "icon": icon, "plural": plural, "qr": qr}
    env.filters |= {
        "trusted": trusted,
        "emojified": emojified,
        "count": count,
        "whole": whole,
        "iso": iso,
        "day": day,
        "minute": minute,
        "tenth": tenth,
        "size": size,
        "plain": plain,
        "cut": cut,
        "bare": bare,
        "language_of": language_of,
    }
    return env


def _bytecode() -> BytecodeCache | None:
    """Keeps compiled templates where Python keeps compiled modules, if it may write there: a
    first page then takes 20 ms instead of 500."""
    from jinja2 import FileSystemBytecodeCache

    folder = TEMPLATES / "__pycache__"
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    if not os.access(folder, os.W_OK):
        return None
    return FileSystemBytecodeCache(str(folder), f"%s-{sys.implementation.cache_tag}.bin")


@lru_cache(maxsize=500)
def icon(name: str, label: str | None = None) -> Markup:
    """A drawing from the sprite: decoration, or with a label an image in its own right."""
    href = f"{assets.bundle().url('icons.svg')}#{name}"
    role = (
        Markup('role="img" aria-label="{}"').format(label)
        if label
        else Markup('aria-hidden="true"')
    )
    return Markup('<svg class="icon" {} focusable="false"><use href="{}"/></svg>').format(
        role, href
    )


def trusted(html: str, emojis: Iterable[Emoji] = ()) -> Markup:
    """HTML that the domain has sanitised, with its custom emoji drawn."""
    return _with_emojis(Markup(html), emojis)  # noqa: S704 - see the module docstring


def emojified(text: str, emojis: Iterable[Emoji] = ()) -> Markup:
    """Plain text, escaped, with its custom emoji drawn."""
    return _with_emojis(escape(text), emojis)


def _with_emojis(html: Markup, emojis: Iterable[Emoji]) -> Markup:
    for emoji in emojis:
        code = f":{emoji.shortcode}:"
        if code in html:
            drawn = Markup('<img class="emoji" src="{}" alt="{}" title="{}" loading="lazy">')
            html = html.replace(code, drawn.format(emoji.url, code, code))
    return html


def count(number: int) -> str:
    """A number as a tally shows it: 950, 1.2K, 38K, 4.1M."""
    for limit, letter in ((1_000_000, "M"), (1_000, "K")):
        if number >= limit:
            # Rounded down, so that a tally never claims more than there is.
            tenths = number * 10 // limit
            return (
                f"{tenths // 10}{letter}"
                if tenths >= 100 or tenths % 10 == 0
                else (f"{tenths // 10}.{tenths % 10}{letter}")
            )
    return str(number)


def whole(number: int) -> str:
    """A number in full: 38,204."""
    return f"{number:,}"


def plural(number: int, one: str, many: str) -> str:
    """The word that goes with the number."""
    return one if number == 1 else many


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)


def iso(milliseconds: int) -> str:
    """For the datetime attribute."""
    return _moment(milliseconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(milliseconds: int) -> str:
    """3 Mar 2026"""
    moment = _moment(milliseconds)
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def minute(milliseconds: int) -> str:
    """3 Mar 2026, 14:05 UTC"""
    return f"{day(milliseconds)}, {_moment(milliseconds):%H:%M} UTC"


def tenth(per_cent: int) -> int:
    """A focal point as one of eleven steps; inline styles are forbidden by the policy."""
    return max(0, min(10, round(per_cent / 10)))


def size(number: int) -> str:
    """A number of bytes: 12 KB, 3.4 MB."""
    value = float(number)
    for unit in ("bytes", "KB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit != "MB" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def plain(html: str) -> str:
    """The words of some HTML, for descriptions; paragraphs and breaks become spaces."""
    spaced = html.replace("</p><p>", " ").replace("<br", " <br")
    return " ".join(Markup(spaced).striptags().split())  # noqa: S704 - the tags are taken out


def cut(text: str, length: int = 200) -> str:
    """At most so many characters, ending in … where something was left out."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def bare(url: str) -> str:
    """An address as people say it: without scheme and closing slash."""
    return url.split("://", 1)[-1].rstrip("/")


def language_of(code: str | None, page_language: str) -> Markup:
    """The lang attribute of a text, where it differs from the page's."""
    if not code or code == page_language:
        return Markup("")
    return Markup(' lang="{}"').format(code)


def qr(uri: str) -> Markup:
    """The address as a QR code in inline SVG, black on white in any light, without styles."""
    import segno

    drawn = segno.make(uri, error="m").svg_inline(
        lineclass="qr-dark", dark=None, border=1, omitsize=True
    )
    return Markup(drawn)  # noqa: S704 - made here from a bitmap
