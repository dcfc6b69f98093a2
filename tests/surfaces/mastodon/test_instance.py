import msgspec
import pytest

from conftest import Client, Member, decode
from folkmoot.domain.policy import actions as policy
from folkmoot.domain.policy.model import Kind, check_rule, decode_translations
from folkmoot.kit import clock
from folkmoot.kit.db import Database
from folkmoot.kit.settings import Instance as InstanceSettings
from folkmoot.kit.settings import Settings
from folkmoot.surfaces.mastodon.entities.documents import TermsOfService
from folkmoot.surfaces.mastodon.entities.instance import Instance, V1Instance


def test_version_2_is_complete(visitor: Client, ada: Member) -> None:
    found = decode(visitor.get("/api/v2/instance"), Instance)
    assert found.domain == "127.0.0.1:8080"
    assert found.version.startswith("4.6.0 (compatible; Folkmoot ")
    assert found.configuration["urls"]["streaming"] == "ws://127.0.0.1:8080"
    assert found.configuration["statuses"]["max_characters"] == 500
    assert found.registrations.approval_required
    assert found.api_versions["mastodon"] >= 1
    assert len(found.rules) == 13
    assert found.rules[0].translations["zh"].text


def test_version_1_has_every_field(visitor: Client, ada: Member) -> None:
    found = decode(visitor.get("/api/v1/instance"), V1Instance)
    assert found.uri == "127.0.0.1:8080"
    assert found.urls == {"streaming_api": "ws://127.0.0.1:8080"}
    assert found.stats.user_count == 1


@pytest.mark.parametrize("path", ["/api/v1/instance/", "/api/v2/instance/"])
def test_a_final_slash_changes_nothing(visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code == 200


class TestContact:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        instance = InstanceSettings(contact_account="ada", contact_email="hi@folk.example")
        return msgspec.structs.replace(settings, instance=instance)

    def test_it_names_an_account(self, visitor: Client, ada: Member) -> None:
        contact = visitor.get("/api/v2/instance").json()["contact"]
        assert contact["email"] == "hi@folk.example"
        assert contact["account"]["id"] == ada.id
        assert visitor.get("/api/v1/instance").json()["contact_account"]["id"] == ada.id


def test_terms_show_their_versions(visitor: Client, db: Database) -> None:
    first = decode(visitor.get("/api/v1/instance/terms_of_service"), TermsOfService)
    assert first.effective
    assert first.succeeded_by is None
    assert "<h1>Terms of service</h1>" in first.content
    tomorrow = clock.day_start(clock.now()) + clock.DAY
    db.write_now(policy.publish_document, Kind.TERMS, "# New", effective_from=tomorrow)
    first = decode(visitor.get("/api/v1/instance/terms_of_service"), TermsOfService)
    day = clock.iso_day(tomorrow)
    assert (first.effective, first.succeeded_by) == (True, day)
    second = decode(visitor.get(f"/api/v1/instance/terms_of_service/{day}"), TermsOfService)
    assert (second.effective, second.content) == (False, "<h1>New</h1>\n")
    assert visitor.get("/api/v1/instance/terms_of_service/2001-01-01").status_code == 404
    assert visitor.get("/api/v1/instance/terms_of_service/nonsense").status_code == 404


def test_rules_name_harms_and_no_opinions() -> None:
    from folkmoot.domain.policy.model import Category, shipped_rules

    assert [rule.category for rule in shipped_rules()] == list(Category)
    for rule in shipped_rules():
        assert check_rule(rule.text, rule.hint, decode_translations(rule)) is None


@pytest.mark.parametrize(
    "path",
    [
        "extended_description",
        "privacy_policy",
        "peers",
        "domain_blocks",
        "languages",
        "translation_languages",
        "rules",
    ],
)
def test_what_else_there_is_to_read(visitor: Client, path: str) -> None:
    assert visitor.get(f"/api/v1/instance/{path}").status_code == 200
