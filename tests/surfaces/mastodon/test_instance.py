import pytest

from conftest import Client, Member, decode
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
