"""NodeInfo 2.0 and 2.1 (nodeinfo.diaspora.software): how directories learn of this server."""

from typing import Any

import msgspec

from folkmoot import __version__
from folkmoot.domain.discovery.model import Usage
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.instance import VERSION
from folkmoot.surfaces.mastodon.entities.service_card import build_service_card


class NodeInfoLink(msgspec.Struct):
    """Where a version of the document is."""

    rel: str
    href: str


class NodeInfoLinks(msgspec.Struct):
    """What `/.well-known/nodeinfo` answers."""

    links: list[NodeInfoLink]


class NodeInfo(msgspec.Struct, kw_only=True):
    """The document. `software` has a `repository` in 2.1 only."""

    version: str
    software: dict[str, str]
    protocols: list[str]
    services: dict[str, list[str]]
    openRegistrations: bool  # noqa: N815 - the standard's spelling
    usage: dict[str, Any]
    metadata: dict[str, Any]


def build_links(app: App) -> NodeInfoLinks:
    """Where the documents are."""
    schema = "http://nodeinfo.diaspora.software/ns/schema"
    versions = ("2.0", "2.1")
    return NodeInfoLinks(
        [NodeInfoLink(f"{schema}/{v}", f"{app.base_url}/nodeinfo/{v}") for v in versions]
    )


def build_nodeinfo(app: App, tx: Tx, usage: Usage, *, version: str) -> NodeInfo:
    """The document of a version."""
    source = app.settings.instance.source_url
    software = {"name": "folkmoot", "version": __version__}
    if version == "2.1" and source:
        software["repository"] = source
    return NodeInfo(
        version=version,
        software=software,
        protocols=[],
        services={"inbound": [], "outbound": []},
        openRegistrations=app.settings.registration.mode == "open",
        usage={
            "users": {
                "total": usage.members,
                "activeMonth": usage.active_month,
                "activeHalfyear": usage.active_half_year,
            },
            "localPosts": usage.posts,
        },
        metadata=_metadata(app, tx),
    )


def _metadata(app: App, tx: Tx) -> dict[str, Any]:
    """Who runs it and how to reach them. `upstream` is how clients that know a server only by
    its name learn whose API it speaks.
    """
    instance = app.settings.instance
    return {
        "nodeName": instance.title,
        "nodeDescription": instance.short_description,
        "langs": list(instance.languages),
        "upstream": {"name": "mastodon", "version": VERSION.partition(" ")[0]},
        "serviceCard": msgspec.to_builtins(build_service_card(app, tx)),
        "rules": f"{app.base_url}/rules",
        "termsOfService": f"{app.base_url}/terms",
        "privacyPolicy": f"{app.base_url}/privacy",
    }
