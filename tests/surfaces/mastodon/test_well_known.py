import msgspec
import pytest

from conftest import Client, Member, decode
from folkmoot.kit.db import Database
from folkmoot.kit.settings import Disclosure, Metrics, Settings
from folkmoot.kit.settings import Instance as InstanceSettings
from folkmoot.surfaces.mastodon.entities.nodeinfo import NodeInfo, NodeInfoLinks
from folkmoot.surfaces.mastodon.entities.service_card import ServiceCard
from folkmoot.surfaces.mastodon.well_known import Jrd


def test_nodeinfo_is_found_and_names_whose_api_it_speaks(visitor: Client, ada: Member) -> None:
    ada.post("/api/v1/statuses", status="hello")
    links = decode(visitor.get("/.well-known/nodeinfo"), NodeInfoLinks).links
    for link, version in zip(links, ("2.0", "2.1"), strict=True):
        found = decode(visitor.get(link.href), NodeInfo)
        assert found.version == version
        assert found.software["name"] == "folkmoot"
        assert found.metadata["upstream"]["name"] == "mastodon"
        assert found.usage["users"]["total"] == 1
        assert found.usage["localPosts"] == 1


@pytest.mark.parametrize(
    "resource",
    [
        "acct:ada@127.0.0.1:8080",
        "acct:Ada@127.0.0.1:8080",
        "@ada@127.0.0.1:8080",
        "http://127.0.0.1:8080/@ada",
        "http://127.0.0.1:8080/users/ada",
    ],
)
def test_webfinger_finds_members(visitor: Client, ada: Member, resource: str) -> None:
    response = visitor.get("/.well-known/webfinger", resource=resource)
    assert response.headers["content-type"].startswith("application/jrd+json")
    found = decode(response, Jrd)
    assert found.subject == "acct:ada@127.0.0.1:8080"
    assert found.links[0].href == "http://127.0.0.1:8080/@ada"


@pytest.mark.parametrize(
    ("resource", "status"),
    [
        ("acct:bo@127.0.0.1:8080", 404),
        ("acct:ada@elsewhere.example", 404),
        ("https://elsewhere.example/@ada", 404),
        ("http://127.0.0.1:8080/about", 404),
        ("http://[", 404),
        ("", 400),
    ],
)
def test_webfinger_finds_nobody_else(
    visitor: Client, ada: Member, resource: str, status: int
) -> None:
    assert visitor.get("/.well-known/webfinger", resource=resource).status_code == status


class TestServiceCard:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        instance = InstanceSettings(
            title="Harbour Moot",
            operator_name="Harbour <Co-operative>",
            operator_address="Slipway 4",
            registrations=("Court no. 4711", "Licence 12-34"),
            contact_email="hello@moot.example",
            authority_email="legal@moot.example",
            languages=("en", "zh-CN"),
        )
        disclosure = Disclosure(eu_recipients=1_234)
        return msgspec.structs.replace(settings, instance=instance, disclosure=disclosure)

    def test_the_same_card_stands_in_every_place(self, visitor: Client) -> None:
        card = decode(visitor.get("/.well-known/service-card"), ServiceCard)
        assert card.operator.registrations == ["Court no. 4711", "Licence 12-34"]
        assert card.contact.authorities == "legal@moot.example"
        assert card.contact.languages == ["en", "zh-CN"]
        assert (card.policy.version, card.policy.rules) == (1, "http://127.0.0.1:8080/rules")
        assert (card.redress.contest_within_days, card.redress.answered_within_days) == (184, 14)
        assert card.transparency.reports == "http://127.0.0.1:8080/transparency"
        assert (card.transparency.latest_report, card.transparency.monthly_recipients_in_eu) == (
            "",
            1_234,
        )
        for address in (card.redress.report, card.transparency.log, card.transparency.reports):
            assert visitor.get(address.removeprefix("http://127.0.0.1:8080")).status_code == 200
        plain = msgspec.to_builtins(card)
        assert visitor.get("/api/v2/instance").json()["service_card"] == plain
        assert visitor.get("/nodeinfo/2.1").json()["metadata"]["serviceCard"] == plain

    def test_apps_show_it_below_the_description(self, visitor: Client) -> None:
        content = visitor.get("/api/v1/instance/extended_description").json()["content"]
        assert "<li>Operator: Harbour &lt;Co-operative&gt;</li>" in content
        assert content.count("Registration or licence") == 2

    def test_it_stands_on_the_web(self, visitor: Client) -> None:
        about = visitor.get("/about").text
        for fact in (
            "Court no. 4711",
            "legal@moot.example",
            "hello@moot.example",
            "Slipway 4",
            "1,234",
        ):
            assert fact in about
        assert visitor.get("/contact").headers["location"] == "/about#contact"


def test_a_card_that_states_nothing_is_not_shown(visitor: Client) -> None:
    content = visitor.get("/api/v1/instance/extended_description").json()["content"]
    assert "Who answers for it" not in content


def test_host_meta_leads_to_webfinger(visitor: Client) -> None:
    response = visitor.get("/.well-known/host-meta")
    assert "/.well-known/webfinger?resource={uri}" in response.text


def test_health_speaks_both_ways(visitor: Client) -> None:
    assert visitor.get("/health").text == "OK"
    asked = visitor.request("GET", "/health", headers={"Accept": "application/json"})
    assert asked.json() == {"status": "UP"}


def test_it_is_ready_only_with_its_schema(visitor: Client, db: Database) -> None:
    assert visitor.get("/readyz").json() == {"status": "UP"}
    before = db.read_now(lambda tx: tx.script("SELECT version_num FROM alembic_version")[0][0])

    def set_to(revision: str) -> None:
        db.write_now(lambda tx: tx.script(f"UPDATE alembic_version SET version_num='{revision}'"))

    set_to("0000")
    try:
        assert visitor.get("/readyz").status_code == 503
    finally:
        set_to(before)


def test_metrics_are_for_this_machine(visitor: Client) -> None:
    assert b"process_cpu_seconds_total" in visitor.get("/metrics").content


class TestToken:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return msgspec.structs.replace(settings, metrics=Metrics(token="open"))

    def test_metrics_can_need_a_token(self, visitor: Client) -> None:
        assert visitor.get("/metrics").status_code == 404
        visitor.token = "wrong"
        assert visitor.get("/metrics").status_code == 404
        visitor.token = "open"
        assert visitor.get("/metrics").status_code == 200
