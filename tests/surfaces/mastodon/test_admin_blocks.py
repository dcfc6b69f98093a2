"""From what nobody signs up, as administrators set it; what a sign-up meets of it."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from conftest import ALL_SCOPES, Client, Member
from folkmoot.domain.accounts.actions import remove_account
from folkmoot.domain.auth.queries import find_user_by_login
from folkmoot.domain.oauth.actions import issue_token, register_app
from folkmoot.domain.registration import queries
from folkmoot.domain.registration.model import BlockKind, networks_of
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Tx
from folkmoot.kit.settings import Registration, Settings
from plans import check_page_plan, check_plan

DOMAINS = "/api/v1/admin/email_domain_blocks"
EMAILS = "/api/v1/admin/canonical_email_blocks"
NETWORKS = "/api/v1/admin/ip_blocks"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    registration = Registration(mode="open", min_age=0, confirm_email=False)
    return msgspec.structs.replace(settings, registration=registration)


@pytest.fixture
def root(join: Callable[..., Member]) -> Member:
    return join("root", role="administrator", scopes=f"{ALL_SCOPES} admin:read admin:write")


@pytest.fixture
def sign_up(visitor: Client, db: Database) -> Callable[..., Any]:
    def work(tx: Tx) -> str:
        app = register_app(tx, name="Kite", redirect_uris=["kite://back"], scopes="write").app
        return issue_token(tx, app.id, account_id=None, scopes="write")

    headers = {"Authorization": f"Bearer {db.write_now(work)}"}

    def ask(name: str, email: str) -> Any:
        form = {
            "username": name,
            "email": email,
            "password": "seven quiet herons",
            "agreement": True,
        }
        return visitor.request("POST", "/api/v1/accounts", json=form, headers=headers)

    return ask


def test_no_sign_ups_from_a_provider_or_below(root: Any, sign_up: Any, ada: Any) -> None:
    made = root.post(DOMAINS, domain=" Throwaway.EXAMPLE ").json()
    assert made["domain"] == "throwaway.example"
    for host in ("throwaway.example", "mail.throwaway.example"):
        refused = sign_up("kit", f"kit@{host}")
        assert refused.status_code == 422
        assert refused.json()["details"]["email"][0]["error"] == "ERR_BLOCKED"
    assert sign_up("kit", "kit@nothrowaway.example").status_code == 200
    assert root.post(DOMAINS, domain="throwaway.example").status_code == 422
    assert [one["id"] for one in root.get(DOMAINS).json()] == [made["id"]]
    assert root.get(f"{DOMAINS}/{made['id']}").json() == made
    assert root.delete(f"{DOMAINS}/{made['id']}").json() == {}
    assert root.get(DOMAINS).json() == []
    assert root.delete(f"{DOMAINS}/{made['id']}").status_code == 404
    assert sign_up("noor", "noor@throwaway.example").status_code == 200
    assert ada.get("/api/v1/accounts/verify_credentials").status_code == 200


def test_an_address_is_blocked_however_it_is_spelt(root: Any, sign_up: Any) -> None:
    made = root.post(EMAILS, email="bad.one@mail.example").json()
    assert len(made["canonical_email_hash"]) == 64
    assert "bad" not in root.get(EMAILS).text
    for spelt in ("badone@mail.example", "b.a.d.o.n.e+x@MAIL.example"):
        assert [one["id"] for one in root.post(f"{EMAILS}/test", email=spelt).json()] == [
            made["id"]
        ]
        refused = sign_up("kit", spelt)
        assert refused.json()["details"]["email"][0]["description"] == "is not accepted here"
    assert root.post(f"{EMAILS}/test", email="good@mail.example").json() == []
    assert root.get(f"{EMAILS}/{made['id']}").json() == made
    assert root.delete(f"{EMAILS}/{made['id']}").status_code == 200
    again = root.post(EMAILS, canonical_email_hash=made["canonical_email_hash"].upper()).json()
    assert again["canonical_email_hash"] == made["canonical_email_hash"]
    assert sign_up("kit", "badone@mail.example").status_code == 422


def test_no_sign_ups_from_a_network_for_a_time(
    root: Any, sign_up: Any, ada: Any, monkeypatch: Any
) -> None:
    made = root.post(
        NETWORKS, ip="127.0.0.9/24", severity="sign_up_block", comment="Forty", expires_in=3_600
    ).json()
    assert (made["ip"], made["comment"]) == ("127.0.0.0/24", "Forty")
    refused = sign_up("kit", "kit@example.test")
    assert (refused.status_code, "from your network until" in refused.text) == (403, True)
    assert ada.get("/api/v1/accounts/verify_credentials").status_code == 200
    later = clock.now() + clock.HOUR + clock.SECOND
    monkeypatch.setattr(clock, "now", lambda: later)
    assert sign_up("kit", "kit@example.test").status_code == 200
    assert root.post(NETWORKS, ip="127.0.0.0/24", severity="sign_up_block").status_code == 200
    assert len(root.get(NETWORKS).json()) == 1


def test_a_network_may_need_approval(root: Any, sign_up: Any, db: Database) -> None:
    made = root.post(NETWORKS, ip="127.0.0.1", severity="sign_up_requires_approval").json()
    assert made["ip"] == "127.0.0.1/32"
    assert sign_up("kit", "kit@example.test").status_code == 200
    kit = db.read_now(find_user_by_login, "kit")
    assert kit is not None
    assert kit.approved_at is None


def test_changes_and_ends_stay_on_record(root: Any, db: Database) -> None:
    made = root.post(NETWORKS, ip="192.0.2.0/24", severity="sign_up_block").json()
    where = f"{NETWORKS}/{made['id']}"
    changed = root.put(where, comment="Worse", severity="sign_up_requires_approval").json()
    assert changed["id"] == made["id"]
    assert (changed["comment"], changed["severity"]) == ("Worse", "sign_up_requires_approval")
    assert changed["expires_at"] == made["expires_at"]
    assert root.put(where, ip="198.51.100.0/24").json()["ip"] == "198.51.100.0/24"
    assert root.delete(where).status_code == 200

    def read(tx: Tx) -> list[Any]:
        return tx.script("SELECT what, severity, ended_by FROM sign_up_blocks ORDER BY id")

    me = root.account.id
    assert sorted(db.read_now(read)) == [
        ("192.0.2.0/24", "approval", me),
        ("192.0.2.0/24", "refusal", me),
        ("198.51.100.0/24", "approval", me),
    ]
    db.write_now(remove_account, me)
    assert {row[2] for row in db.read_now(read)} == {None}


@pytest.mark.parametrize(
    ("where", "sent", "said"),
    [
        (DOMAINS, {"domain": "not a domain"}, "not a valid domain"),
        (DOMAINS, {}, "not a valid domain"),
        (EMAILS, {}, "Email can't be blank"),
        (EMAILS, {"email": "nonsense"}, "not an e-mail address"),
        (EMAILS, {"canonical_email_hash": "abc"}, "64 hexadecimal digits"),
        (f"{EMAILS}/test", {"email": "nonsense"}, "not an e-mail address"),
        (NETWORKS, {"severity": "sign_up_block"}, "IP must be"),
        (NETWORKS, {"ip": "10.0.0.0/8", "severity": "sign_up_block"}, "too many addresses"),
        (NETWORKS, {"ip": "2001:db8::/16", "severity": "sign_up_block"}, "too many addresses"),
        (NETWORKS, {"ip": "10.0.0.1", "severity": "no_access"}, "who did nothing"),
        (NETWORKS, {"ip": "10.0.0.1", "severity": "silence"}, "Severity must be"),
        (
            NETWORKS,
            {"ip": "10.0.0.1", "severity": "sign_up_block", "expires_in": 0},
            "more than 0 seconds",
        ),
        (
            NETWORKS,
            {"ip": "10.0.0.1", "severity": "sign_up_block", "expires_in": 10**9},
            "at most 366 days",
        ),
        (
            NETWORKS,
            {"ip": "10.0.0.1", "severity": "sign_up_block", "comment": "x" * 501},
            "Comment is too long",
        ),
    ],
)
def test_what_cannot_be_blocked_is_said(
    root: Any, where: str, sent: dict[str, Any], said: str
) -> None:
    refused = root.post(where, **sent)
    assert refused.status_code == 422
    assert said in refused.json()["error"]


def test_two_blocks_never_become_the_same(root: Any) -> None:
    first, second = (
        root.post(NETWORKS, ip=f"192.0.2.{n}", severity="sign_up_block").json() for n in (1, 2)
    )
    refused = root.put(f"{NETWORKS}/{first['id']}", ip=second["ip"])
    assert (refused.status_code, "blocked already" in refused.text) == (422, True)
    assert root.put(f"{NETWORKS}/{first['id']}", ip=first["ip"]).status_code == 200


@pytest.mark.parametrize("where", [DOMAINS, EMAILS, NETWORKS])
def test_reviewers_block_nothing(join: Any, where: str) -> None:
    rev = join("rev", role="reviewer", scopes="admin:read admin:write")
    assert rev.get(where).status_code == 403
    assert rev.post(where).status_code == 403


def test_networks_of_an_address() -> None:
    assert networks_of("nonsense") == []
    found = networks_of("192.0.2.200")
    assert (found[0], found[-1], len(found)) == ("192.0.0.0/12", "192.0.2.200/32", 21)
    assert networks_of("::ffff:192.0.2.200") == found
    assert "2001:db8::/32" in networks_of("2001:db8::1")


def test_blocks_are_found_by_an_index(db: Database) -> None:
    kind = BlockKind.NETWORK
    db.read_now(lambda tx: check_page_plan(tx, queries._BLOCKS, kind=kind))
    whats = ["192.0.2.0/24"]
    db.read_now(lambda tx: check_plan(tx, queries._STANDING, kind=kind, whats=whats))
