"""Policies, standings, and the verdict they lead to."""

from enum import StrEnum

import msgspec

from folkmoot.domain.accounts.model import Account, AccountId
from folkmoot.kit import clock

NEW_ACCOUNT = 30 * clock.DAY
NEW_FOLLOWER = 3 * clock.DAY


class Verdict(StrEnum):
    """What becomes of a notification: told, held back as a request, or never made."""

    ACCEPT = "accept"
    FILTER = "filter"
    DROP = "drop"


class Policy(msgspec.Struct, frozen=True):
    """What a member wants done with strangers' notifications, by what makes them strangers."""

    for_not_following: Verdict = Verdict.ACCEPT
    for_not_followers: Verdict = Verdict.ACCEPT
    for_new_accounts: Verdict = Verdict.ACCEPT
    for_private_mentions: Verdict = Verdict.FILTER
    for_limited_accounts: Verdict = Verdict.FILTER
    for_bots: Verdict = Verdict.ACCEPT


DEFAULT_POLICY = Policy()


class Standing(msgspec.Struct):
    """How a recipient stands to a sender and a thread; the policy's columns are None without one.

    `followed_at` is since when the sender follows the recipient.
    """

    account_id: AccountId
    blocked: bool
    muted: bool
    domain_blocked: bool
    thread_muted: bool
    following: bool
    followed_at: int | None
    permitted: bool
    for_not_following: Verdict | None
    for_not_followers: Verdict | None
    for_new_accounts: Verdict | None
    for_private_mentions: Verdict | None
    for_limited_accounts: Verdict | None
    for_bots: Verdict | None

    @property
    def silenced(self) -> bool:
        """Whether the recipient wants nothing of the sender, or nothing of the thread."""
        by_domain = self.domain_blocked and not self.following
        return self.blocked or self.muted or self.thread_muted or by_domain


def judge(
    standing: Standing, sender: Account, *, now: int, filterable: bool, unsolicited: bool
) -> Verdict:
    """What becomes of a notification from a sender. Only a `filterable` one is held back;
    `unsolicited` marks a direct post that does not answer one of the recipient's.
    """
    if standing.silenced:
        return Verdict.DROP
    if not filterable or standing.permitted or standing.account_id == sender.id:
        return Verdict.ACCEPT
    return _by_policy(standing, sender, now=now, unsolicited=unsolicited)


def _by_policy(standing: Standing, sender: Account, *, now: int, unsolicited: bool) -> Verdict:
    stranger = not standing.following
    newcomer = standing.followed_at is None or standing.followed_at > now - NEW_FOLLOWER
    applies = {
        "for_not_following": stranger,
        "for_not_followers": newcomer,
        "for_new_accounts": stranger and sender.created_at > now - NEW_ACCOUNT,
        "for_private_mentions": stranger and unsolicited,
        "for_limited_accounts": stranger and sender.limited_at is not None,
        "for_bots": stranger and sender.bot,
    }
    asked = {
        getattr(standing, rule) or getattr(DEFAULT_POLICY, rule)
        for rule, holds in applies.items()
        if holds
    }
    if Verdict.DROP in asked:
        return Verdict.DROP
    return Verdict.FILTER if Verdict.FILTER in asked else Verdict.ACCEPT
