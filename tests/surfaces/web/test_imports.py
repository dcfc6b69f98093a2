"""Bringing something in, in a browser without scripts."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import msgspec
import pytest

from domain.importing.test_posts import archive, note
from folkmoot.kit.settings import Settings
from surfaces.web.browser import Browser

Run = Callable[[], None]
HERE = "/settings/imports"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Archives of little more than a megabyte."""
    bounded = msgspec.structs.replace(settings.portability, import_bytes=1024 * 1024)
    return msgspec.structs.replace(settings, portability=bounded)


def send(ada: Browser, kind: str, data: bytes, mode: str = "merge") -> httpx.Response:
    ada.open(HERE)
    files = {"file": ("what I had.csv", data)}
    return ada.submit(HERE, files=files, kind=kind, mode=mode)


def test_a_list_is_looked_through_begun_and_watched(
    at_home: Callable[..., Browser], run_jobs: Run
) -> None:
    ada, bo = at_home("ada"), at_home("bo")
    text = b"Account address,Show boosts\nbo@127.0.0.1:8080,true\nmo@far.example,true\n"
    send(ada, "following", text)
    here = ada.page.url.path
    assert "This is what is in it" in ada.page.text
    assert "what I had.csv" in ada.page.text
    assert "mo@far.example" in ada.page.text
    assert "refresh" not in ada.page.headers
    ada.submit(f"{here}/begin")
    assert "It is being brought in" in ada.page.text
    assert ada.page.headers["refresh"] == "5"
    assert bo.open(here).status_code == 404
    run_jobs()
    ada.open(here)
    assert "It is brought in" in ada.page.text
    assert "2 of 2" in ada.page.text
    got = ada.open(f"{here}/failures.csv")
    assert got.text.splitlines()[1].startswith("mo@far.example,true,")
    assert bo.open(f"{here}/failures.csv").status_code == 404
    ada.open(here)
    ada.submit(f"{here}/drop")
    assert "It is forgotten" in ada.page.text
    assert here not in ada.page.text


def test_posts_are_brought_in(at_home: Callable[..., Browser], run_jobs: Run) -> None:
    ada = at_home("ada")
    send(ada, "posts", archive([note(1, "from long ago"), note(2, published="never")]))
    here = ada.page.url.path
    assert "It is being looked through" in ada.page.text
    assert ada.page.headers["refresh"] == "5"
    run_jobs()
    ada.open(here)
    assert "2019-04-02" in ada.page.text
    ada.submit(f"{here}/begin")
    run_jobs()
    ada.open(here)
    assert "no telling when" in ada.page.text
    assert "from long ago" in ada.open("/@ada").text


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        ("following", b"", "blank"),
        ("following", b"List name,x\na,b\n", "has no column"),
        ("nonsense", b"bo\n", "Please choose what it is"),
        ("blocks", b"\xff\xff", "not text in UTF-8"),
    ],
)
def test_what_cannot_be_taken_is_explained(
    at_home: Callable[..., Browser], kind: str, data: bytes, sentence: str
) -> None:
    ada = at_home("ada")
    send(ada, kind, data)
    assert ada.page.status_code == 422
    assert sentence in ada.page.text


def test_too_large_an_archive_is_refused_early(
    at_home: Callable[..., Browser], browser: Browser
) -> None:
    ada = at_home("ada")
    send(ada, "posts", bytes(3 * 1024 * 1024))
    assert ada.page.status_code == 413
    ada.open(HERE)
    data = ada.form(HERE)["fields"]
    files = {"file": ("x", bytes(100_000))}
    refused = browser._send("POST", HERE, data=data, files=files)
    assert refused.status_code == 303  # to the door, before the file is read
    assert refused.headers["location"] == "/auth/sign-in"
