"""/.well-known, /nodeinfo, /health, /readyz, /metrics: what machines ask first"""

import hmac
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

import msgspec

from folkmoot.domain.accounts.model import Account, AccountNotFound
from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.kit import metrics as kit_metrics
from folkmoot.kit.db import Tx, schema
from folkmoot.kit.errors import NotFound
from folkmoot.surfaces.mastodon.entities.nodeinfo import (
    NodeInfo,
    NodeInfoLinks,
    build_links,
    build_nodeinfo,
)
from folkmoot.surfaces.mastodon.entities.service_card import ServiceCard, build_service_card
from folkmoot.surfaces.mastodon.errors import BadRequest
from folkmoot.surfaces.mastodon.instance import current_usage
from folkmoot.surfaces.mastodon.operations import (
    NEEDED,
    Answer,
    Call,
    Router,
)

router = Router("machines")

_PROFILE_PAGE = "http://webfinger.net/rel/profile-page"
_AVATAR = "http://webfinger.net/rel/avatar"


class WebFingerParams(msgspec.Struct):
    """`acct:user@domain`, or the address of a profile."""

    resource: Annotated[str, NEEDED] = ""


class JrdLink(msgspec.Struct, omit_defaults=True):
    """A link of a resource."""

    rel: str
    type: str = ""
    href: str = ""
    template: str = ""


class Jrd(msgspec.Struct):
    """What is known of a resource (RFC 7033)."""

    subject: str
    aliases: list[str]
    links: list[JrdLink]


class Health(msgspec.Struct):
    """Whether the server is well."""

    status: str


@router.get("/.well-known/nodeinfo", returns=NodeInfoLinks)
def nodeinfo_links(call: Call) -> NodeInfoLinks:
    """Where the NodeInfo documents are."""
    return build_links(call.app)


@router.get("/nodeinfo/2.0", returns=NodeInfo)
def nodeinfo_2_0(call: Call) -> Answer:
    """NodeInfo 2.0."""
    return _nodeinfo(call, "2.0")


@router.get("/nodeinfo/2.1", returns=NodeInfo)
def nodeinfo_2_1(call: Call) -> Answer:
    """NodeInfo 2.1."""
    return _nodeinfo(call, "2.1")


def _nodeinfo(call: Call, version: str) -> Answer:
    profile = f"http://nodeinfo.diaspora.software/ns/schema/{version}#"
    return Answer(
        build_nodeinfo(call.app, call.tx, current_usage(call), version=version),
        content_type=f'application/json; profile="{profile}"; charset=utf-8'.encode(),
    )


@router.get("/.well-known/service-card", returns=ServiceCard)
def service_card(call: Call) -> ServiceCard:
    """Who runs this service, on what licence, and how to reach them."""
    return build_service_card(call.app, call.tx)


@router.get("/.well-known/host-meta", returns=str, media=("application/xrd+xml",))
def host_meta(call: Call) -> Answer:
    """Where WebFinger is asked (RFC 6415)."""
    template = quoteattr(f"{call.app.base_url}/.well-known/webfinger?resource={{uri}}")
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n'
        f'  <Link rel="lrdd" template={template}/>\n'
        "</XRD>\n"
    )
    return Answer(text.encode(), content_type=b"application/xrd+xml; charset=utf-8")


@router.get("/.well-known/webfinger", returns=Jrd, media=("application/jrd+json",), refuses=(404,))
def webfinger(call: Call, params: WebFingerParams) -> Answer:
    """A local account by its address (RFC 7033)."""
    if not params.resource:
        raise BadRequest("Say which resource is meant")
    account = _find_resource(call, params.resource)
    links = [JrdLink(_PROFILE_PAGE, "text/html", account.url)]
    if account.avatar:
        links.append(JrdLink(_AVATAR, href=call.app.media_url(account.avatar) or ""))
    jrd = Jrd(f"acct:{account.username}@{call.app.settings.domain}", [account.url], links)
    return Answer(jrd, content_type=b"application/jrd+json; charset=utf-8")


def _find_resource(call: Call, resource: str) -> Account:
    name = _name_in(resource, call.app.settings.domain, call.app.base_url)
    account = find_account_by_name(call.tx, name) if name else None
    if account is None or account.suspended_at is not None:
        raise AccountNotFound
    return account


def _name_in(resource: str, domain: str, base_url: str) -> str:
    """The user name that a resource of this server means; empty for any other."""
    if resource.startswith(("http://", "https://")):
        here = resource.startswith(f"{base_url}/")
        parts = urlsplit(resource).path.strip("/").split("/") if here else []
        if len(parts) == 1 and parts[0].startswith("@"):
            return parts[0][1:]
        return parts[1] if len(parts) == 2 and parts[0] == "users" else ""
    name, _, host = resource.removeprefix("acct:").removeprefix("@").partition("@")
    return name if host.lower() == domain else ""


@router.get("/health", returns=Health, media=("application/json", "text/plain"))
def health(call: Call) -> Answer:
    """Whether the server answers and reaches its database."""
    call.tx.script("SELECT 1")
    if b"application/json" in call.incoming.headers.get(b"accept", b""):
        return Answer(Health("UP"))
    return Answer(b"OK", content_type=b"text/plain; charset=utf-8")


@router.get("/readyz", returns=Health, also=(503,))
async def ready(call: Call) -> Answer:
    """Whether the server can do its work: the database answers and has the schema it needs."""
    found = await call.app.db.read(_revision)
    if found != schema.newest_revision():
        return Answer(Health("SCHEMA OUTDATED"), status=503)
    return Answer(Health("UP"))


def _revision(tx: Tx) -> str:
    return str(tx.script("SELECT version_num FROM alembic_version")[0][0])


@router.get("/metrics", returns=str, media=("text/plain",), refuses=(404,))
async def metrics(call: Call) -> Answer:
    """Prometheus metrics, for whoever has the token; without one, for this machine."""
    if not _may_read_metrics(call):
        raise NotFound
    return Answer(kit_metrics.rendered(), content_type=kit_metrics.CONTENT_TYPE.encode())


def _may_read_metrics(call: Call) -> bool:
    settings = call.app.settings.metrics
    if not settings.enabled:
        return False
    if settings.token:
        return hmac.compare_digest((call.incoming.token or "").encode(), settings.token.encode())
    try:
        return ip_address(call.incoming.address).is_loopback
    except ValueError:
        return False
