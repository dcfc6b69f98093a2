import msgspec
import pytest

from conftest import Client, Member, decode
from folkmoot.domain.policy import actions as policy
from folkmoot.domain.policy.model import Kind, draft_of, shipped_rules
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
    later = clock.day_start(clock.now()) + 20 * clock.DAY
    new = {Kind.TERMS: "# New at {domain}"}
    db.write_now(policy.publish_version, documents=new, effective_from=later)
    first = decode(visitor.get("/api/v1/instance/terms_of_service"), TermsOfService)
    day = clock.iso_day(later)
    assert (first.effective, first.succeeded_by) == (True, day)
    second = decode(visitor.get(f"/api/v1/instance/terms_of_service/{day}"), TermsOfService)
    assert (second.effective, second.content) == (False, "<h1>New at 127.0.0.1:8080</h1>\n")
    assert visitor.get("/api/v1/instance/terms_of_service/2001-01-01").status_code == 404
    assert visitor.get("/api/v1/instance/terms_of_service/nonsense").status_code == 404


def test_a_rule_keeps_its_id_from_version_to_version(visitor: Client, db: Database) -> None:
    before = visitor.get("/api/v1/instance/rules").json()
    assert [rule["id"] for rule in before] == [str(number) for number in range(1, 14)]
    assert before[0]["translations"]["zh-CN"] == before[0]["translations"]["zh"]
    drafts = [draft_of(rule) for rule in shipped_rules()][1:]
    db.write_now(policy.publish_version, rules=drafts)
    assert visitor.get("/api/v1/instance/rules").json() == before[1:]


class TestLanguages:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        instance = InstanceSettings(languages=("zh-CN", "en"))
        return msgspec.structs.replace(settings, instance=instance)

    def test_rules_stand_first_in_the_languages_of_the_team(self, visitor: Client) -> None:
        rule = visitor.get("/api/v2/instance").json()["rules"][2]
        assert rule["text"] == "不要骚扰他人"
        assert rule["translations"]["en"]["text"] == "Do not harass people"


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
