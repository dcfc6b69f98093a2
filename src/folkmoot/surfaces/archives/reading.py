"""What an archive says of posts, understood: ActivityStreams as Mastodon and its kin write it.
Nothing in it is believed but words, dates and places.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from folkmoot.domain.importing.model import Incoming, NotAnArchive, PastMedia
from folkmoot.domain.polls.model import PastPoll
from folkmoot.domain.posts.model import Visibility
from folkmoot.kit import clock
from folkmoot.kit.errors import Invalid
from folkmoot.kit.settings import Settings
from folkmoot.kit.text import normalise_language, to_plain

_PUBLIC = {"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"}
_POSTS = {"Note", "Question", "Article", "Page"}
_TITLED = {"Article", "Page"}
_URI_CHARS = 1_000
_HTML_CHARS = 500_000
_MANY = 100
_QUOTE_LINK = re.compile(r'<p class="quote-inline">[^<]*(?:<(?!/p>)[^<]*)*</p>')
_MEDIA = "media_attachments/"
_USERNAME = re.compile(r"@?([\w.-]+?)(?:@([\w.:-]+))?")


class NotAPost(Invalid):
    """This is no post that can be brought in"""


class SomebodyElses(Invalid):
    """This post is somebody else's"""


class PostTooLong(Invalid):
    """This post is longer than this server keeps"""


class DateUnclear(Invalid):
    """There is no telling when this post was written"""


class MastodonEar:
    """Understands archives of Mastodon's. `domain.importing.model.Ear` says what for."""

    def __init__(self, settings: Settings) -> None:
        self._most = settings.portability.import_post_chars

    def owner(self, actor: Any) -> str:
        uri = _text(_get(actor, "id"))
        if not uri:
            raise NotAnArchive
        return uri

    def item(self, found: Any, owner: str) -> Incoming | None:
        kind = _get(found, "type")
        if kind == "Announce":
            return None
        note = _get(found, "object") if kind == "Create" else found
        if _get(note, "type") not in _POSTS:
            raise NotAPost
        if _reference(_get(note, "attributedTo")) != owner:
            raise SomebodyElses
        return self._read(note, owner)

    def _read(self, note: Mapping[str, Any], owner: str) -> Incoming:
        uri = _text(note.get("id"))
        if not uri or len(uri) > _URI_CHARS:
            raise NotAPost
        quoted_uri = _quoted(note)
        language, text = _content(note, quotes=bool(quoted_uri))
        text = _with_addresses(text, note, urlsplit(owner).netloc)
        spoiler = to_plain(_html(note.get("summary")))
        if len(text) + len(spoiler) > self._most:
            raise PostTooLong
        media, poll = _media(note), _poll(note)
        if not (text or spoiler or media or poll or quoted_uri):
            raise NotAPost
        sensitive = note.get("sensitive") is True or bool(spoiler)
        if not text:
            text, spoiler = spoiler, ""
        return Incoming(
            uri=uri,
            at=_moment(note.get("published")),
            edited_at=_edited(note.get("updated")),
            text=text,
            spoiler_text=spoiler,
            visibility=_visibility(note, owner),
            language=normalise_language(language) or "",
            sensitive=sensitive,
            parent_uri=_reference(note.get("inReplyTo"))[:_URI_CHARS],
            quoted_uri=quoted_uri,
            media=media,
            poll=poll,
        )


def _get(found: Any, name: str) -> Any:
    return found.get(name) if isinstance(found, dict) else None


def _text(found: Any) -> str:
    """A text that every database keeps; nothing for what is none."""
    if not isinstance(found, str):
        return ""
    return found.replace("\0", "").encode("utf-8", "replace").decode()


def _list(found: Any) -> list[Any]:
    """What may stand alone or in a list."""
    items = found if isinstance(found, list) else [] if found is None else [found]
    return items[:_MANY]


def _reference(found: Any) -> str:
    """An object named by its URI, or there in full."""
    return _text(_get(found, "id") if isinstance(found, dict) else found)


def _html(found: Any) -> str:
    html = _text(found)
    if len(html) > _HTML_CHARS:
        raise PostTooLong
    return html


def _quoted(note: Mapping[str, Any]) -> str:
    """What a post quotes, by URI: FEP-044f has one name for it, older servers have others."""
    for name in ("quote", "quoteUri", "quoteUrl", "_misskey_quote"):
        uri = _reference(note.get(name))
        if uri.startswith(("https://", "http://")) and len(uri) <= _URI_CHARS:
            return uri
    return ""


def _edited(found: Any) -> int | None:
    """When the last words came; unclear is as good as never."""
    try:
        return _moment(found)
    except DateUnclear:
        return None


def _content(note: Mapping[str, Any], *, quotes: bool) -> tuple[str, str]:
    """The language and the text: as it was typed, where the archive keeps that. The link to what
    a post `quotes`, put there for servers that know no quotes, is no part of it."""
    by_language = note.get("contentMap")
    languages = [_text(each) for each in by_language] if isinstance(by_language, dict) else []
    language = languages[0] if len(languages) == 1 else ""
    source = note.get("source")
    if _get(source, "mediaType") == "text/plain":
        return language, _html(_get(source, "content")).strip()
    html = note.get("content")
    if not html and isinstance(by_language, dict):
        html = next(iter(by_language.values()), "")
    text = _html(html)
    if quotes:
        text = _QUOTE_LINK.sub("", text)
    title = _text(note.get("name")) if note.get("type") in _TITLED else ""
    return language, f"{title}\n\n{to_plain(text)}".strip()


def _with_addresses(text: str, note: Mapping[str, Any], home: str) -> str:
    """Whom a post mentions, by their whole address: `@bo` is somebody else here."""
    for tag in _list(note.get("tag")):
        if _get(tag, "type") != "Mention":
            continue
        named = _USERNAME.fullmatch(_text(_get(tag, "name")))
        if named is None:
            continue
        host = named[2] or urlsplit(_text(_get(tag, "href"))).netloc or home
        bare = rf"(?<![\w@/.])@{re.escape(named[1])}(?![\w@])"
        whole = f"@{named[1]}@{host}".replace("\\", "")
        text = re.sub(bare, whole, text)
    return text


def _moment(found: Any) -> int:
    try:
        return clock.from_iso(_text(found))
    except (ValueError, OverflowError) as error:
        raise DateUnclear from error


def _visibility(note: Mapping[str, Any], owner: str) -> Visibility:
    to = {_reference(each) for each in _list(note.get("to"))}
    cc = {_reference(each) for each in _list(note.get("cc"))}
    if to & _PUBLIC:
        return Visibility.PUBLIC
    if cc & _PUBLIC:
        return Visibility.UNLISTED
    followers = {each for each in to | cc if each.startswith(owner) or each.endswith("/followers")}
    return Visibility.FOLLOWERS if followers else Visibility.DIRECT


def _media(note: Mapping[str, Any]) -> tuple[PastMedia, ...]:
    made = []
    for each in _list(note.get("attachment")):
        url = _get(each, "url")
        # Some give several links, the best first.
        first = next(iter(_list(url)), "")
        place = _place(_text(_get(first, "href") if isinstance(first, dict) else first))
        if place:
            description = _text(_get(each, "name")) or _text(_get(each, "summary"))
            focus = _focus(_get(each, "focalPoint"))
            made.append(PastMedia(place=place, description=description, focus=focus))
    return tuple(made)


def _place(url: str) -> str:
    """Where in an archive a file of an address lies: the path, without what a store puts before."""
    try:
        path = unquote(urlsplit(url).path).lstrip("/")
    except ValueError:
        return ""
    at = path.find(_MEDIA)
    return path[at:] if at > 0 else path


def _focus(found: Any) -> tuple[float, float] | None:
    if not isinstance(found, list) or len(found) != 2:
        return None
    if not all(isinstance(each, int | float) and -1 <= each <= 1 for each in found):
        return None
    return float(found[0]), float(found[1])


def _poll(note: Mapping[str, Any]) -> PastPoll | None:
    multiple = isinstance(note.get("anyOf"), list)
    options = _list(note.get("anyOf") if multiple else note.get("oneOf"))
    names = tuple(_text(_get(each, "name")) for each in options)
    if len(names) < 2 or not all(names):
        return None
    tallies = tuple(_number(_get(_get(each, "replies"), "totalItems")) for each in options)
    ended = note.get("closed") if isinstance(note.get("closed"), str) else note.get("endTime")
    return PastPoll(
        options=names,
        tallies=tallies,
        voters_count=_number(note.get("votersCount")) or (0 if multiple else sum(tallies)),
        multiple=multiple,
        ended_at=_moment(ended or note.get("published")),
    )


def _number(found: Any) -> int:
    fine = isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 2**31
    return found if fine else 0
