"""Accounts and posts as ActivityStreams objects, as Mastodon's archive holds them."""

from typing import Any
from urllib.parse import quote

import msgspec

from folkmoot.domain.accounts.model import Account, decode_fields, decode_list
from folkmoot.domain.media.model import ATTACHMENTS, Attachment, decode_meta
from folkmoot.domain.polls.model import Poll, decode_options, decode_tallies
from folkmoot.domain.portability.model import Packed
from folkmoot.domain.posts.model import Mentioned, Post, Visibility, decode_mentions, decode_tags
from folkmoot.kit.clock import iso

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
CONTEXT = [
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/v1",
    {
        "toot": "http://joinmastodon.org/ns#",
        "schema": "http://schema.org#",
        "sensitive": "as:sensitive",
        "Hashtag": "as:Hashtag",
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
        "featured": {"@id": "toot:featured", "@type": "@id"},
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "blurhash": "toot:blurhash",
        "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
        "votersCount": "toot:votersCount",
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
        "quoteUri": "http://fedibird.com/ns#quoteUri",
    },
]
MEDIA = "media_attachments/files"
"""Where media lie in an archive."""


def media_name(key: str) -> str:
    """The place in an archive of what is stored under a key."""
    return f"{MEDIA}/{key.removeprefix(ATTACHMENTS + '/')}"


def actor(account: Account) -> dict[str, Any]:
    """The profile: its pictures, posts and marks lie beside it."""
    found: dict[str, Any] = {
        "@context": CONTEXT,
        "id": account.uri,
        "type": "Service" if account.bot else "Person",
        "preferredUsername": account.username,
        "name": account.display_name,
        "summary": account.note_html,
        "url": account.url,
        "inbox": f"{account.uri}/inbox",
        "following": f"{account.uri}/following",
        "followers": f"{account.uri}/followers",
        "outbox": "outbox.json",
        "featured": "featured.json",
        "likes": "likes.json",
        "bookmarks": "bookmarks.json",
        "manuallyApprovesFollowers": account.locked,
        "discoverable": account.discoverable,
        "indexable": account.indexable,
        "published": iso(account.created_at),
        "alsoKnownAs": decode_list(account.aliases),
        "attachment": [
            {"type": "PropertyValue", "name": f.name, "value": f.html}
            for f in decode_fields(account)
        ],
    }
    for name, what, key in (
        ("icon", "avatar", account.avatar),
        ("image", "header", account.header),
    ):
        if key:
            suffix = key.rpartition(".")[2]
            found[name] = {"type": "Image", "url": f"{what}.{suffix}"}
    return found


def item(packed: Packed, author: Account, base_url: str) -> dict[str, Any]:
    """A post as the activity that made it, or a boost."""
    post = packed.post
    to, cc = audience(post, author, base_url)
    made = {"actor": author.uri, "published": iso(post.created_at), "to": to, "cc": cc}
    if post.boost_of_id is not None:
        return {"id": post.uri, "type": "Announce", **made, "object": packed.original_uri}
    note = _note(packed, author, base_url) | {"to": to, "cc": cc}
    return {"id": f"{post.uri}/activity", "type": "Create", **made, "object": note}


def audience(post: Post, author: Account, base_url: str) -> tuple[list[str], list[str]]:
    """For whom its author meant a post, as `to` and `cc`."""
    mentioned = [_uri_of(m, base_url) for m in decode_mentions(post)]
    followers = f"{author.uri}/followers"
    if post.meant_for == Visibility.PUBLIC:
        return [PUBLIC], [followers, *mentioned]
    if post.meant_for == Visibility.UNLISTED:
        return [followers], [PUBLIC, *mentioned]
    if post.meant_for == Visibility.FOLLOWERS:
        return [followers], mentioned
    return mentioned, []


def _uri_of(mentioned: Mentioned, base_url: str) -> str:
    if "@" in mentioned.acct:
        return mentioned.url
    return f"{base_url}/users/{mentioned.username}"


def _note(packed: Packed, author: Account, base_url: str) -> dict[str, Any]:
    post = packed.post
    note: dict[str, Any] = {
        "id": post.uri,
        "type": "Question" if packed.poll else "Note",
        "summary": post.spoiler_text or None,
        "inReplyTo": packed.parent_uri or None,
        "published": iso(post.created_at),
        "url": post.url,
        "attributedTo": author.uri,
        "sensitive": post.sensitive,
        "content": post.html,
        # The text as it was typed, from which the HTML was made (ActivityPub, 3.3).
        "source": {"content": post.text, "mediaType": "text/plain"},
        "attachment": [_document(attachment) for attachment in packed.attachments],
        "tag": _tags(post, base_url),
    }
    if post.language:
        note["contentMap"] = {post.language: post.html}
    if post.edited_at is not None:
        note["updated"] = iso(post.edited_at)
    if packed.quoted_uri:
        note["quoteUri"] = packed.quoted_uri
    if packed.poll:
        note |= _question(packed.poll)
    return note


def _document(attachment: Attachment) -> dict[str, Any]:
    meta = decode_meta(attachment)
    found: dict[str, Any] = {
        "type": "Document",
        "mediaType": attachment.mime,
        "url": media_name(attachment.original),
        "name": attachment.description or None,
        "blurhash": attachment.blurhash or None,
    }
    if meta.original is not None:
        found |= {"width": meta.original.width, "height": meta.original.height}
    if meta.focus is not None:
        found["focalPoint"] = [meta.focus.x, meta.focus.y]
    return found


def _tags(post: Post, base_url: str) -> list[dict[str, str]]:
    mentions = [
        {"type": "Mention", "href": _uri_of(m, base_url), "name": f"@{m.acct}"}
        for m in decode_mentions(post)
    ]
    names = [
        {"type": "Hashtag", "href": f"{base_url}/tags/{quote(name)}", "name": f"#{name}"}
        for name in decode_tags(post)
    ]
    return mentions + names


def _question(poll: Poll) -> dict[str, Any]:
    options = [
        {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": votes}}
        for name, votes in zip(decode_options(poll), decode_tallies(poll), strict=True)
    ]
    found: dict[str, Any] = {
        "anyOf" if poll.multiple else "oneOf": options,
        "endTime": iso(poll.expires_at),
        "votersCount": poll.voters_count,
    }
    if poll.closed_at is not None:
        found["closed"] = iso(poll.closed_at)
    return found


def begin_collection(name: str) -> bytes:
    """The beginning of a collection that is written an item at a time."""
    context = msgspec.json.encode(CONTEXT)
    head = b'{"@context":%s,"id":"%s","type":"OrderedCollection","orderedItems":[\n'
    return head % (context, name.encode())


def end_collection(total: int) -> bytes:
    """Its end, which tells how many items there were."""
    return b'\n],"totalItems":%d}\n' % total


def encode(found: dict[str, Any] | str) -> bytes:
    return msgspec.json.encode(found)
