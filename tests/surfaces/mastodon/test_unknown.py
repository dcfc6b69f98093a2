import pytest

from conftest import Client


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/api", "/oauth/nothing", "/.well-known/nothing", "/nodeinfo/9.9"]
)
def test_unknown_addresses_answer_in_the_shape_of_the_api(visitor: Client, path: str) -> None:
    response = visitor.get(path)
    assert response.status_code == 404
    assert response.json() == {"error": "Record not found"}
    assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["/api/v2/instance", "/health", "/nodeinfo/2.0"])
def test_a_wrong_method_is_told(visitor: Client, path: str) -> None:
    response = visitor.delete(path)
    assert response.status_code == 405
    assert response.json() == {"error": "This address does not answer this method"}
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_who_must_sign_in_learns_how(visitor: Client) -> None:
    response = visitor.get("/api/v1/timelines/home")
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Bearer realm="Folkmoot"'


def test_preflights_of_unknown_addresses_pass(visitor: Client) -> None:
    assert visitor.request("OPTIONS", "/api/v1/nothing").status_code == 204


def test_elsewhere_people_get_a_page(visitor: Client) -> None:
    response = visitor.get("/no/such/page")
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
