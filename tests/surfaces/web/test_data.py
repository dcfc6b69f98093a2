"""Taking everything along, in a browser without scripts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from surfaces.web.browser import Browser


def test_lists_are_downloaded(at_home: Callable[..., Browser]) -> None:
    ada, _ = at_home("ada"), at_home("bo")
    ada.open("/@bo")
    ada.submit("/@bo/follow")
    ada.open("/settings/data")
    assert "/settings/data/files/following_accounts.csv" in ada.page.text
    got = ada.open("/settings/data/files/following_accounts.csv")
    assert got.text.splitlines()[1] == "bo@127.0.0.1:8080,true,false,"
    assert got.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="following_accounts.csv"' in got.headers["content-disposition"]
    assert got.headers["cache-control"] == "private, no-store"
    assert ada.open("/settings/data/files/passwords.csv").status_code == 404


def test_an_archive_is_packed_watched_and_fetched(
    at_home: Callable[..., Browser], run_jobs: Callable[[], None], browser: Browser
) -> None:
    ada, bo = at_home("ada"), at_home("bo")
    ada.open("/home")
    ada.submit("/compose", text="Take me along", visibility="public", language="en")
    ada.open("/settings/data")
    assert "refresh" not in ada.page.headers
    ada.submit("/settings/data/exports")
    assert "Your archive is being packed" in ada.page.text
    assert ada.page.headers["refresh"] == "5"
    assert "Pack my archive" not in ada.page.text
    run_jobs()
    ada.open("/settings/data")
    assert "refresh" not in ada.page.headers
    address = ada.page.text.split('href="/settings/data/exports/')[1].split('"')[0]
    got = ada.open(f"/settings/data/exports/{address}")
    assert int(got.headers["content-length"]) == len(got.content)
    assert b"Take me along" in zipfile.ZipFile(io.BytesIO(got.content)).read("outbox.json")
    assert bo.open(f"/settings/data/exports/{address}").status_code == 404
    assert browser.open(f"/settings/data/exports/{address}").url.path == "/auth/sign-in"
    assert ada.open("/settings/data/exports/nonsense").status_code == 404


def test_only_one_archive_in_some_days(at_home: Callable[..., Browser]) -> None:
    ada = at_home("ada")
    ada.open("/settings/data")
    page = ada.page
    ada.submit("/settings/data/exports")
    ada.page = page
    ada.submit("/settings/data/exports")
    assert ada.page.status_code == 429
    assert "lately" in ada.page.text
