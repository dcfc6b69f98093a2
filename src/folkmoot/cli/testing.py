"""`folkmoot testing`: what client suites expect to find. Refused outside a test instance."""

from typing import TYPE_CHECKING

import msgspec
import rich_click as click

from folkmoot.cli.main import open_instance

if TYPE_CHECKING:
    from folkmoot.kit.db import Tx


class Expected(msgspec.Struct, frozen=True):
    """An account, with a token of known text where the suite acts as it."""

    username: str
    token: str = ""
    role: str = "member"
    locked: bool = False
    locale: str = "en"


# What Mastodon.py's own suite is configured with (tests/setup.sql of its source package; the
# owner `admin` is the one that Mastodon's development seeds make).
CLIENT_ID = "__MASTODON_PY_TEST_CLIENT_ID"
CLIENT_SECRET = "__MASTODON_PY_TEST_CLIENT_SECRET"  # noqa: S105 - public, of a test instance
TOKEN = "__MASTODON_PY_TEST_ACCESS_TOKEN"  # noqa: S105
PASSWORD = "5fc638e0e53eafd9c4145b6bb852667d"  # noqa: S105
EXPECTED = (
    Expected("mastodonpy_test", TOKEN, locked=True, locale="ja"),
    Expected("mastodonpy_test_2", f"{TOKEN}_3", locale="ja"),
    Expected("admin", f"{TOKEN}_2", role="owner", locale="de"),
    Expected("admin2", locale="de"),
)


@click.group("testing", hidden=True)
def command() -> None:
    """Prepare an instance for suites of clients."""


@command.command("seed")
def seed() -> None:
    """Make the accounts and tokens that Mastodon.py's suite expects; the owner's role is in effect,
    as if there were a second factor."""
    from folkmoot.kit.passwords import hash_now

    with open_instance() as app:
        if not app.settings.testing.enabled:
            raise click.ClickException(
                "This makes accounts with tokens that everybody knows. Only for an instance with "
                "testing.enabled, which needs a loopback address and FOLKMOOT_TESTING=1."
            )
        app.db.write_now(_seed, hash_now(PASSWORD))


def _seed(tx: "Tx", password_hash: str) -> None:
    from folkmoot.domain.accounts.actions import create_account, save_profile
    from folkmoot.domain.auth.actions import create_user, save_user
    from folkmoot.domain.oauth.actions import issue_token, register_app

    app = register_app(
        tx,
        name="Mastodon.py test suite",
        redirect_uris=["urn:ietf:wg:oauth:2.0:oob"],
        scopes="read write follow push admin:read admin:write",
        known=(CLIENT_ID, CLIENT_SECRET),
    ).app
    for person in EXPECTED:
        account = create_account(tx, person.username, base_url=tx.settings.server.base_url)
        save_profile(
            tx, account, locked=person.locked, discoverable=not person.locked, indexable=True
        )
        user = create_user(
            tx,
            account.id,
            email=f"{person.username}@localhost",
            password_hash=password_hash,
            role=person.role,
            locale=person.locale,
        )
        scopes = "read write follow push"
        if person.role != "member":
            save_user(tx, user, second_factor_at=tx.now)
            scopes += " admin:read admin:write"
        if person.token:
            issue_token(
                tx,
                app.id,
                account_id=account.id,
                scopes=scopes,
                token=person.token,
            )
