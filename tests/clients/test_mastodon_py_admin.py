"""Mastodon.py's calls for administrators, each that is offered, on a server that runs for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from mastodon import (
    Mastodon,
    MastodonAPIError,
    MastodonNotFoundError,
    MastodonUnauthorizedError,
)
from tests.clients.live import Live, run_folkmoot, serve

from folkmoot.cli.testing import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.clients


@pytest.fixture(scope="module")
def live(
    tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[Path], str]
) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("admin")
    reviewed = {"discovery": {"trends_review": True}}
    with serve(folder, fresh_database(folder), more=reviewed) as running:
        run_folkmoot(running, "testing", "seed")
        yield running


def _client(live: Live, token: str) -> Mastodon:
    return Mastodon(access_token=token, api_base_url=live.url, version_check_mode="none")


@pytest.fixture
def root(live: Live) -> Mastodon:
    return _client(live, f"{TOKEN}_2")


@pytest.fixture
def ada(live: Live) -> Mastodon:
    return _client(live, TOKEN)


@pytest.fixture
def bo(live: Live) -> Mastodon:
    return _client(live, f"{TOKEN}_3")


def names(accounts: Any) -> list[str]:
    return sorted(account["username"] for account in accounts)


def test_accounts_are_found(root: Mastodon, ada: Mastodon) -> None:
    everybody = ["admin", "admin2", "mastodonpy_test", "mastodonpy_test_2"]
    assert names(root.admin_accounts()) == everybody
    assert names(root.admin_accounts_v1(staff_only=True)) == ["admin"]
    assert names(root.admin_accounts_v2(permissions="staff", origin="local")) == ["admin"]
    assert names(root.admin_accounts_v2(username="admin2")) == ["admin2"]
    assert root.admin_accounts_v2(origin="remote") == []
    found = root.admin_account(ada.me())
    assert (found.email, found.account.username) == ("mastodonpy_test@localhost", found.username)
    with pytest.raises((MastodonAPIError, MastodonUnauthorizedError)):
        ada.admin_accounts()


@pytest.mark.parametrize(
    ("action", "text", "state", "inverse"),
    [
        ("silence", "spam-1: one link, forty times", "silenced", "admin_account_unsilence"),
        ("sensitive", "adult-content-1: no warning", "sensitized", "admin_account_unsensitive"),
        ("suspend", "scams-1: a false bank", "suspended", "admin_account_unsuspend"),
    ],
)
def test_an_action_with_reasons_is_done_and_undone(
    root: Mastodon, bo: Mastodon, action: str, text: str, state: str, inverse: str
) -> None:
    him = bo.me()
    with pytest.raises(MastodonAPIError, match="Say which rule"):
        root.admin_account_moderate(him, action)
    root.admin_account_moderate(him, action, text=text)
    assert root.admin_account(him)[state]
    assert not getattr(root, inverse)(him)[state]
    assert root.admin_account_enable(him).disabled is False


def test_nothing_is_destroyed_early(root: Mastodon, bo: Mastodon) -> None:
    with pytest.raises(MastodonAPIError, match="Only what a suspended account holds"):
        root.admin_account_delete(bo.me())


def test_only_who_waits_is_let_in_or_turned_away(root: Mastodon, bo: Mastodon) -> None:
    for act in (root.admin_account_approve, root.admin_account_reject):
        with pytest.raises(MastodonAPIError, match="does not wait for a decision"):
            act(bo.me())


def test_a_report_is_taken_resolved_and_opened_again(
    root: Mastodon, ada: Mastodon, bo: Mastodon
) -> None:
    post = bo.status_post("buy now")
    made = ada.report(bo.me(), [post], "Again", category="spam")
    assert made.id in [one.id for one in root.admin_reports()]
    assert root.admin_report(made).statuses[0].id == post.id
    mine = root.admin_report_assign(made)
    assert mine.assigned_account.username == "admin"
    assert root.admin_report_unassign(made).assigned_account is None
    done = root.admin_report_resolve(made)
    assert (done.action_taken, done.action_taken_by_account.username) == (True, "admin")
    assert made.id in [one.id for one in root.admin_reports(resolved=True)]
    assert not root.admin_report_reopen(made).action_taken


def test_a_report_is_resolved_by_acting(root: Mastodon, ada: Mastodon, bo: Mastodon) -> None:
    made = bo.report(ada.me(), comment="Links", category="spam")
    root.admin_account_moderate(ada.me(), "silence", report_id=made, text="One link, forty times")
    assert root.admin_report(made).action_taken
    assert ada.notifications(types=["moderation_warning"])
    root.admin_account_unsilence(ada.me())


def test_blocks_are_set_and_lifted(root: Mastodon) -> None:
    domain = root.admin_create_email_domain_block("throwaway.example")
    assert root.admin_email_domain_block(domain).domain == "throwaway.example"
    assert domain.id in [one.id for one in root.admin_email_domain_blocks()]
    root.admin_delete_email_domain_block(domain)
    assert root.admin_email_domain_blocks() == []

    email = root.admin_create_canonical_email_block("b.ad@mail.example")
    assert root.admin_canonical_email_block(email).id == email.id
    assert root.admin_test_canonical_email_block("bad+x@mail.example")[0].id == email.id
    assert root.admin_canonical_email_blocks()[0].id == email.id
    root.admin_delete_canonical_email_block(email)
    assert root.admin_canonical_email_blocks() == []

    network = root.admin_create_ip_block("192.0.2.0/24", "sign_up_block", comment="Forty")
    assert root.admin_ip_block(network).ip == "192.0.2.0/24"
    assert root.admin_update_ip_block(network, comment="Fifty").comment == "Fifty"
    assert root.admin_ip_blocks()[0].comment == "Fifty"
    root.admin_delete_ip_block(network)
    assert root.admin_ip_blocks() == []
    with pytest.raises(MastodonAPIError, match="who did nothing"):
        root.admin_create_ip_block("192.0.2.0/24", "no_access")


def test_trends_are_let_through(live: Live, root: Mastodon, ada: Mastodon, bo: Mastodon) -> None:
    ada.account_update_credentials(discoverable=True)
    for one in (ada, bo):
        one.status_post("Under the #oak")
    run_folkmoot(live, "trends", "compute")
    (tag,) = root.admin_trending_tags(limit=5)
    assert tag.name == "oak"
    assert root.trending_tags() == []
    assert root.admin_approve_trending_tag(tag).name == "oak"
    assert [one.name for one in root.trending_tags()] == ["oak"]
    root.admin_reject_trending_tag(tag)
    assert root.trending_tags() == []
    assert root.admin_trending_statuses() == []
    assert root.admin_trending_links() == []
    for act in (
        root.admin_approve_trending_status,
        root.admin_reject_trending_status,
        root.admin_approve_trending_link,
        root.admin_reject_trending_link,
    ):
        with pytest.raises(MastodonNotFoundError):
            act(1)


def test_figures_are_counted(root: Mastodon) -> None:
    now = datetime.now(UTC)
    measures = root.admin_measures(
        now - timedelta(days=5), now, new_users=True, opened_reports=True, active_users=True
    )
    found = {one.key: one.total for one in measures}
    assert (set(found), int(found["new_users"])) == ({"new_users", "opened_reports"}, 4)
    (versions,) = root.admin_dimensions(
        now - timedelta(days=5), now, software_versions=True, languages=True
    )
    assert versions.data[0].key == "folkmoot"
    (cohort,) = root.admin_retention(now, now)
    assert (cohort.frequency, int(cohort.data[0].value)) == ("day", 4)


def test_what_is_not_offered_says_so(root: Mastodon) -> None:
    for act in (root.admin_domain_blocks, root.admin_domain_allows):
        with pytest.raises(MastodonNotFoundError):
            act()
