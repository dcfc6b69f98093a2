"""Notification, and what comes with its rarer kinds."""

from collections.abc import Collection as Collection_
from collections.abc import Sequence
from html import escape

import msgspec

from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.appeals.model import By, State
from folkmoot.domain.appeals.queries import find_appeal
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.collections.model import CollectionNotFound
from folkmoot.domain.collections.queries import get_collection
from folkmoot.domain.notifications.model import Kind, Listed, Severance, Warned
from folkmoot.domain.notifications.model import Notification as DomainNotification
from folkmoot.domain.reports.queries import find_report
from folkmoot.domain.words.model import say
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.account import Account, encoded_accounts, present_accounts
from folkmoot.surfaces.mastodon.entities.collection import Collection, present_collections
from folkmoot.surfaces.mastodon.entities.encoded import encoded
from folkmoot.surfaces.mastodon.entities.report import Report, present_report
from folkmoot.surfaces.mastodon.entities.status import Status, present_statuses

_encode = msgspec.json.Encoder().encode

TYPES: dict[str, str] = {
    Kind.MENTION: "mention",
    Kind.POST: "status",
    Kind.BOOST: "reblog",
    Kind.FOLLOW: "follow",
    Kind.FOLLOW_REQUEST: "follow_request",
    Kind.FAVOURITE: "favourite",
    Kind.POLL: "poll",
    Kind.EDIT: "update",
    Kind.QUOTE: "quote",
    Kind.QUOTED_EDIT: "quoted_update",
    Kind.SIGN_UP: "admin.sign_up",
    Kind.REPORT: "admin.report",
    Kind.SEVERANCE: "severed_relationships",
    Kind.WARNING: "moderation_warning",
    Kind.COLLECTED: "added_to_collection",
    Kind.COLLECTION_EDIT: "collection_update",
}
_OF_COLLECTIONS = frozenset({Kind.COLLECTED, Kind.COLLECTION_EDIT})
DETAILED = frozenset({Kind.REPORT, Kind.SEVERANCE, Kind.WARNING, *_OF_COLLECTIONS})
KINDS = {name: Kind(kind) for kind, name in TYPES.items()}


class RelationshipSeveranceEvent(msgspec.Struct):
    """Why follows ended without either side ending them."""

    id: str
    type: str
    purged: bool
    target_name: str
    followers_count: int
    following_count: int
    created_at: str


class Appeal(msgspec.Struct):
    """How a member has contested a decision, and what became of it."""

    text: str
    state: str


class AccountWarning(msgspec.Struct):
    """What was done to a member's account or posts, and why."""

    id: str
    action: str
    text: str
    status_ids: list[str]
    target_account: Account
    appeal: Appeal | None
    created_at: str


class NotificationFallback(msgspec.Struct, kw_only=True):
    """What a client shows of a notification whose type it does not know, as HTML."""

    title: str
    summary: str | None = None
    details: str | None = None


class Details(msgspec.Struct, kw_only=True):
    """What only some kinds of notification have."""

    report: Report | msgspec.UnsetType = msgspec.UNSET
    event: RelationshipSeveranceEvent | msgspec.UnsetType = msgspec.UNSET
    moderation_warning: AccountWarning | msgspec.UnsetType = msgspec.UNSET
    collection: Collection | msgspec.UnsetType = msgspec.UNSET
    fallback: NotificationFallback | msgspec.UnsetType = msgspec.UNSET


class Notification(Details, kw_only=True):
    """Something a member is told of."""

    id: str
    type: str
    group_key: str
    created_at: str
    account: Account
    status: Status | msgspec.UnsetType = msgspec.UNSET


def build_details(
    app: App, tx: Tx, found: DomainNotification, supported: Collection_[str] | None = None
) -> Details:
    """What a report, a severance, a warning or a collection says beside the rest; words for it
    where the client has named the types that it supports, and this is none of them."""
    if found.kind in _OF_COLLECTIONS:
        return _collection_details(app, tx, found, supported)
    at = iso(found.created_at)
    if found.kind == Kind.REPORT and found.subject_id is not None:
        report = find_report(tx, found.subject_id)
        return Details(report=msgspec.UNSET if report is None else present_report(app, tx, report))
    if found.kind == Kind.SEVERANCE:
        severance = msgspec.json.decode(found.detail, type=Severance)
        return Details(
            event=RelationshipSeveranceEvent(
                id=str(found.subject_id or found.id),
                type=severance.cause,
                purged=False,
                target_name=severance.target,
                followers_count=severance.followers,
                following_count=severance.following,
                created_at=at,
            )
        )
    if found.kind == Kind.WARNING:
        return Details(moderation_warning=_build_warning(app, tx, found))
    return Details()


# What Mastodon calls the steps of the ladder. Those that it does not have are warnings there; the
# text then says what was done.
_ACTIONS = {
    ("screen", True): "mark_statuses_as_sensitive",
    ("screen", False): "sensitive",
    ("limit", False): "silence",
    ("unlist", False): "silence",
    ("suspend", False): "suspend",
}
_APPEALS = {State.OPEN: "pending", State.UPHELD: "approved", State.REJECTED: "rejected"}


def _build_warning(app: App, tx: Tx, found: DomainNotification) -> AccountWarning:
    warned = msgspec.json.decode(found.detail, type=Warned)
    target = encoded(present_accounts(app, tx, [found.account_id])[found.account_id])
    action = _ACTIONS.get((warned.action, bool(warned.post_ids)), "none")
    said = [warned.text]
    if warned.action != "none":
        said.insert(0, say(get_user(tx, found.account_id).locale, f"steps.{warned.action}") + ".")
    appeal = find_appeal(tx, found.subject_id or 0, By.AUTHOR)
    return AccountWarning(
        id=str(found.subject_id or found.id),
        action=action,
        text=" ".join(text for text in said if text),
        status_ids=[str(i) for i in warned.post_ids],
        target_account=target,
        appeal=None if appeal is None else Appeal(appeal.text, _APPEALS[State(appeal.state)]),
        created_at=iso(found.created_at),
    )


def _collection_details(
    app: App, tx: Tx, found: DomainNotification, supported: Collection_[str] | None
) -> Details:
    try:
        collection = get_collection(tx, found.subject_id or 0, viewer_id=found.account_id)
    except CollectionNotFound:
        return Details()
    (entity,) = present_collections(app, tx, found.account_id, [collection])
    made = Details(collection=entity)
    if supported is not None and TYPES[found.kind] not in supported:
        owner = get_account(tx, found.from_id)
        told = say(
            get_user(tx, found.account_id).locale,
            f"fallback.{found.kind}",
            name=escape(owner.display_name or owner.username),
            collection=escape(collection.name),
        )
        made.fallback = NotificationFallback(title=told)
    return made


_NO_DETAILS = Details()


def present_notifications(
    app: App,
    tx: Tx,
    viewer_id: int,
    found: Sequence[Listed],
    *,
    supported: Collection_[str] | None = None,
) -> dict[int, bytes]:
    """The encoded entities by id. What shows a post that the viewer may not read is left out.
    `supported` are the types that the client says it can show, where it says so."""
    post_ids = [n.post_id for n in found if n.post_id is not None]
    statuses = present_statuses(app, tx, viewer_id, post_ids) if post_ids else {}
    accounts = encoded_accounts(app, tx, {n.from_id: n.from_rev for n in found})
    made: dict[int, bytes] = {}
    for n in found:
        status = None if n.post_id is None else statuses.get(n.post_id)
        if n.post_id is not None and status is None:
            continue
        details = build_details(app, tx, n, supported) if n.kind in DETAILED else _NO_DETAILS
        made[n.id] = _encode(
            Notification(
                id=str(n.id),
                type=TYPES[n.kind],
                group_key=n.group_key,
                created_at=iso(n.created_at),
                account=encoded(accounts[n.from_id]),
                status=msgspec.UNSET if status is None else encoded(status),
                report=details.report,
                event=details.event,
                moderation_warning=details.moderation_warning,
                collection=details.collection,
                fallback=details.fallback,
            )
        )
    return made
