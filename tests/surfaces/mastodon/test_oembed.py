import pytest

from conftest import Client, Member, decode
from folkmoot.surfaces.mastodon.oembed import OEmbed


def test_public_statuses_can_be_shown_elsewhere(visitor: Client, ada: Member) -> None:
    post = ada.post("/api/v1/statuses", status="<b>hello</b>").json()
    found = decode(visitor.get("/api/oembed", url=post["url"]), OEmbed)
    assert (found.type, found.version, found.width) == ("rich", "1.0", 400)
    assert "&lt;b&gt;hello" in found.html
    assert f'href="{post["url"]}"' in found.html
    assert "<script" not in found.html
    assert visitor.get("/api/oembed", url=post["url"], maxwidth=200).json()["width"] == 200


def test_what_is_under_a_warning_stays_there(visitor: Client, ada: Member) -> None:
    post = ada.post("/api/v1/statuses", status="the end", spoiler_text="film").json()
    html = visitor.get("/api/oembed", url=post["url"]).json()["html"]
    assert "film" in html
    assert "the end" not in html


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "http://[",
        "https://elsewhere.example/@ada/1",
        "http://127.0.0.1:8080/@ada/1",
        "http://127.0.0.1:8080/@ada/x",
        "http://127.0.0.1:8080/@ada",
    ],
)
def test_other_addresses_are_not_found(visitor: Client, ada: Member, url: str) -> None:
    assert visitor.get("/api/oembed", url=url).status_code == 404


def test_posts_to_few_are_not_found(visitor: Client, ada: Member) -> None:
    post = ada.post("/api/v1/statuses", status="few", visibility="private").json()
    assert visitor.get("/api/oembed", url=post["url"]).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/api/v1/annual_reports", "/api/v1/annual_reports/2026", "/api/v1_alpha/async_refreshes/1"],
)
def test_what_is_not_offered_says_why(ada: Member, path: str) -> None:
    response = ada.get(path)
    assert response.status_code == 404
    assert response.json()["error"].startswith("This server ")


def test_nobody_has_identity_proofs(ada: Member) -> None:
    assert ada.get(f"/api/v1/accounts/{ada.id}/identity_proofs").json() == []
    assert ada.get("/api/v1/accounts/1/identity_proofs").status_code == 404


def test_the_page_that_is_counted_as_an_operation_is_there(visitor: Client) -> None:
    assert visitor.get("/oauth/authorize").status_code != 404
