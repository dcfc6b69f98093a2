"""Taking everything along and bringing it in, in Chromium, with scripts and without: asked for,
watched, fetched; a list, an archive and a broken file sent."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from browser.test_web import CHROMIUM, chromium, join, live, window
from domain.importing.test_posts import archive, note, png

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from clients.live import Live

__all__ = ["chromium", "live", "png", "window"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

WATCHED_MS = 30_000
PICTURES = 60


def send(page: Page, kind: str, name: str, data: bytes) -> None:
    page.goto("/settings/imports")
    page.select_option("#f-kind", label=kind)
    page.set_input_files("#f-file", [{"name": name, "mimeType": "x/y", "buffer": data}])
    page.click("text=Look through it")


def begin(page: Page) -> None:
    page.click("main >> text=Bring it in")
    page.wait_for_selector("text=It is brought in", timeout=WATCHED_MS)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
def test_everything_is_packed_watched_and_fetched(
    window: Callable[..., Page], tmp_path: Path, scripts: bool
) -> None:
    name = "ute" if scripts else "vic"
    page = window()
    join(page, name)
    page.fill("#c-text", "Take me along")
    page.click(".composer button[type=submit]")
    page.wait_for_url(re.compile(rf"/@{name}/\d+"))
    if not scripts:
        state = page.context.storage_state()
        page = window(java_script_enabled=False, storage_state=state)
    page.goto("/settings/data")
    page.click("text=Pack my archive")
    assert "Your archive is being packed" in page.inner_text("main")
    link = page.wait_for_selector("a:has-text('of your archive')", timeout=WATCHED_MS)
    assert link is not None
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == f"archive-{name}.zip"
    download.value.save_as(tmp_path / "archive.zip")
    with zipfile.ZipFile(tmp_path / "archive.zip") as packed:
        assert packed.testzip() is None
        (item,) = json.loads(packed.read("outbox.json"))["orderedItems"]
    assert item["object"]["content"] == "<p>Take me along</p>"
    assert page.is_visible("text=A new archive can be packed from")
    assert not page.is_visible("text=Pack my archive")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
def test_a_list_and_an_archive_are_brought_in(
    window: Callable[..., Page], live: Live, png: bytes, scripts: bool
) -> None:
    name = "wil" if scripts else "xia"
    page = window()
    join(page, name)
    other = window()
    join(other, f"friend_of_{name}")
    if not scripts:
        state = page.context.storage_state()
        page = window(java_script_enabled=False, storage_state=state)
    host = live.url.removeprefix("http://")
    text = f"Account address\nfriend_of_{name}@{host}\nmo@far.example\n"
    send(page, "People I follow (CSV)", "following_accounts.csv", text.encode())
    assert "This is what is in it" in page.inner_text("main")
    begin(page)
    words = page.inner_text("main")
    assert "2 of 2, of which 1 could not be brought in" in words
    assert "People on other servers cannot be reached" in words
    page.goto(f"/@friend_of_{name}")
    assert "1 follower" in page.inner_text("main")

    picture = [{"type": "Document", "url": "media_attachments/a.png", "name": "All green"}]
    items: list[Any] = [note(n, f"number {n}", attachment=picture) for n in range(PICTURES)]
    items += [note(PICTURES, "undated", published="never"), {"type": "Announce"}]
    send(page, "Posts (archive)", "archive.zip", archive(items, {"media_attachments/a.png": png}))
    page.wait_for_selector("text=This is what is in it", timeout=WATCHED_MS)
    assert "Boosts, which are left out" in page.inner_text("main")
    page.click("main >> text=Bring it in")
    shares = watch(page)
    assert shares == sorted(shares)
    assert any(0 < share < 100 for share in shares)
    words = page.inner_text("main")
    assert f"{PICTURES + 1} of {PICTURES + 1}, of which 1 could not be brought in" in words
    assert "There is no telling when this post was written" in words
    page.goto(f"/@{name}")
    assert "number 55" in page.inner_text("main")
    assert page.locator("main img[alt='All green']").count()


def watch(page: Page) -> list[int]:
    """How far it was at each look, until it is brought in."""
    shares = []
    while not page.is_visible("text=It is brought in"):
        shares.append(int(page.get_attribute("[role=progressbar]", "aria-valuenow") or 0))
        page.goto(page.url)
    return shares


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
def test_a_broken_file_is_explained(window: Callable[..., Page], scripts: bool) -> None:
    name = "yan" if scripts else "zoe"
    page = window()
    join(page, name)
    if not scripts:
        state = page.context.storage_state()
        page = window(java_script_enabled=False, storage_state=state)
    send(page, "Blocked people (CSV)", "lists.csv", b"List name,Who\nx,y\n")
    assert "it has no column" in page.inner_text("main")
    assert page.get_attribute("#f-file", "aria-invalid") == "true"
    whole = archive([note(n) for n in range(30)])
    send(page, "Posts (archive)", "archive.zip", whole[: len(whole) // 2])
    page.wait_for_selector("text=It stopped", timeout=WATCHED_MS)
    words = page.inner_text("main")
    assert "This is no zip or tar.gz file, or it did not arrive whole" in words
    assert not page.is_visible("text=Bring it in")
    assert not page.is_visible("text=Go on")
    send(page, "Posts (archive)", "archive.zip", b"")
    assert page.is_visible("#f-file")
    assert page.inner_text("main .error")
