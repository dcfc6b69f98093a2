"""Who is told of what lower rooms announce, and what is taken back with what was undone."""

from collections.abc import Sequence

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.accounts.model import Account
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.events import MemberAdmitted
from folkmoot.domain.auth.model import Permission
from folkmoot.domain.boundaries.events import AccountBlocked, AccountMuted, DomainBlocked
from folkmoot.domain.collections.events import (
    AccountFeatured,
    AccountParted,
    CollectionChanged,
    CollectionDeleted,
)
from folkmoot.domain.collections.model import Collection
from folkmoot.domain.collections.queries import list_items
from folkmoot.domain.interactions.events import PostFavourited, PostUnfavourited
from folkmoot.domain.notifications import actions, queries
from folkmoot.domain.notifications.model import Kind, Notice
from folkmoot.domain.polls.events import PollEnded
from folkmoot.domain.polls.queries import list_voter_ids
from folkmoot.domain.posts.events import PostBoosted, PostDeleted, PostEdited, PostPublished
from folkmoot.domain.posts.model import Post, QuoteState, Visibility
from folkmoot.domain.posts.queries import get_post
from folkmoot.domain.relationships.events import (
    AccountFollowed,
    AccountUnfollowed,
    FollowRequested,
    FollowRequestEnded,
)
from folkmoot.kit.db import Tx


def tell_of_post(tx: Tx, fact: PostPublished) -> None:
    """One post tells each member once: of the quote, else of the mention, else of the post."""
    post, author = fact.post, fact.author
    told: set[int] = set()
    if post.quote_of_id is not None and post.quote_state == QuoteState.ACCEPTED:
        quoted = get_post(tx, post.quote_of_id)
        told.add(quoted.author_id)
        _tell(tx, [quoted.author_id], Kind.QUOTE, author, post)
    mentioned = [i for i in fact.mentioned_ids if i not in told]
    told.update(mentioned)
    _tell(tx, mentioned, Kind.MENTION, author, post)
    answers_another = post.in_reply_to_account_id not in (None, author.id)
    if post.visibility != Visibility.DIRECT and not answers_another:
        waiting = [i for i in queries.list_who_wants_posts(tx, author.id) if i not in told]
        _tell(tx, waiting, Kind.POST, author, post)


def tell_of_edit(tx: Tx, fact: PostEdited) -> None:
    """Tells whom the post mentions only now, who boosted it and who quoted it; the notification
    of an earlier edit gives way."""
    post, author = fact.post, fact.author
    _tell(tx, fact.added_ids, Kind.MENTION, author, post)
    actions.take_back(tx, Kind.EDIT, from_id=author.id, post_id=post.id)
    _tell(tx, queries.list_boosters(tx, post.id), Kind.EDIT, author, post)
    for quoting in queries.list_quoting(tx, post.id):
        actions.take_back(tx, Kind.QUOTED_EDIT, from_id=author.id, post_id=quoting.id)
        _tell(tx, [quoting.author_id], Kind.QUOTED_EDIT, author, quoting)


def tell_of_boost(tx: Tx, fact: PostBoosted) -> None:
    _tell(tx, [fact.original.author_id], Kind.BOOST, fact.booster, fact.original)


def tell_of_favourite(tx: Tx, fact: PostFavourited) -> None:
    if fact.account_id != fact.post.author_id:
        sender = get_account(tx, fact.account_id)
        _tell(tx, [fact.post.author_id], Kind.FAVOURITE, sender, fact.post)


def take_favourite_back(tx: Tx, fact: PostUnfavourited) -> None:
    actions.take_back(tx, Kind.FAVOURITE, from_id=fact.account_id, post_id=fact.post.id)


def tell_of_follow(tx: Tx, fact: AccountFollowed) -> None:
    """Who let somebody in by hand knows that they follow now."""
    by_hand = fact.followed.locked or fact.follower.limited_at is not None
    if not by_hand:
        _tell(tx, [fact.followed.id], Kind.FOLLOW, fact.follower)


def take_follow_back(tx: Tx, fact: AccountUnfollowed) -> None:
    actions.take_back(tx, Kind.FOLLOW, account_id=fact.followed_id, from_id=fact.follower_id)


def tell_of_request(tx: Tx, fact: FollowRequested) -> None:
    _tell(tx, [fact.followed.id], Kind.FOLLOW_REQUEST, fact.follower)


def take_request_back(tx: Tx, fact: FollowRequestEnded) -> None:
    actions.take_back(
        tx, Kind.FOLLOW_REQUEST, account_id=fact.followed_id, from_id=fact.follower_id
    )


def tell_of_sign_up(tx: Tx, fact: MemberAdmitted) -> None:
    team = queries.list_who_may(tx, Permission.DECIDE_SIGN_UPS)
    _tell(tx, team, Kind.SIGN_UP, get_account(tx, fact.account_id))


def tell_of_collection(tx: Tx, fact: AccountFeatured) -> None:
    _tell_of_collection(tx, [fact.item.account_id], Kind.COLLECTED, fact.collection)


def tell_of_collection_edit(tx: Tx, fact: CollectionChanged) -> None:
    """Tells those in it what is said of them now; the notification of an earlier edit gives way."""
    owner_id = fact.collection.account_id
    items = list_items(tx, [fact.collection.id], viewer_id=owner_id)
    recipients = [item.account_id for item in items if item.account_id != owner_id]
    for account_id in recipients:
        _take_collection_back(tx, Kind.COLLECTION_EDIT, fact.collection, account_id)
    _tell_of_collection(tx, recipients, Kind.COLLECTION_EDIT, fact.collection)


def take_parted_back(tx: Tx, fact: AccountParted) -> None:
    for kind in (Kind.COLLECTED, Kind.COLLECTION_EDIT):
        _take_collection_back(tx, kind, fact.collection, fact.account_id)


def forget_collection(tx: Tx, fact: CollectionDeleted) -> None:
    for account_id in fact.account_ids:
        take_parted_back(tx, AccountParted(fact.collection, account_id))


def _tell_of_collection(
    tx: Tx, recipients: Sequence[int], kind: Kind, collection: Collection
) -> None:
    owner = get_account(tx, collection.account_id)
    actions.notify(tx, recipients, Notice(kind=kind, sender=owner, subject_id=collection.id))


def _take_collection_back(tx: Tx, kind: Kind, collection: Collection, account_id: int) -> None:
    owner_id, subject_id = collection.account_id, collection.id
    actions.take_back(tx, kind, account_id=account_id, from_id=owner_id, subject_id=subject_id)


def tell_of_poll(tx: Tx, fact: PollEnded) -> None:
    """Tells the author, of their own poll too, and who voted."""
    poll = fact.poll
    recipients = [poll.account_id, *list_voter_ids(tx, poll.id)]
    author, post = get_account(tx, poll.account_id), get_post(tx, poll.post_id)
    _tell(tx, recipients, Kind.POLL, author, post)


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    post = fact.post
    actions.forget(tx, queries.list_about_post(tx, post.id))
    if post.boost_of_id is not None:
        actions.take_back(tx, Kind.BOOST, from_id=post.author_id, post_id=post.boost_of_id)


def forget_blocked(tx: Tx, fact: AccountBlocked) -> None:
    actions.forget_sender(tx, fact.account_id, fact.target_id)
    actions.forget_sender(tx, fact.target_id, fact.account_id)


def forget_muted(tx: Tx, fact: AccountMuted) -> None:
    if fact.hide_notifications:
        actions.forget_sender(tx, fact.account_id, fact.target_id)


def forget_domain(tx: Tx, fact: DomainBlocked) -> None:
    actions.forget(tx, queries.list_all_from_domain(tx, fact.account_id, fact.domain))


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    while actions.forget_some(tx, fact.account_id):
        pass


def _tell(
    tx: Tx, recipients: Sequence[int], kind: Kind, sender: Account, post: Post | None = None
) -> None:
    if recipients:
        actions.notify(tx, recipients, Notice(kind=kind, sender=sender, post=post))
