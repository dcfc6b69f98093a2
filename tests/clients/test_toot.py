"""Ada lives in toot, on the command line; Bo sees what she does through the API."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.clients.test_mastodon_py import use

import sample_media as samples

if TYPE_CHECKING:
    from mastodon import Mastodon
    from tests.clients.live import Live
    from tests.clients.people import Person

pytestmark = [pytest.mark.clients, pytest.mark.sqlite]


class Toot:
    """The command, with a configuration of its own."""

    def __init__(self, folder: Path) -> None:
        path = os.environ.get("PATH", "")
        self._environ = {
            "PATH": path,
            "PYTHONUTF8": "1",
            "XDG_CONFIG_HOME": str(folder),
            "HOME": str(folder),
        }
        self._command = (sys.executable, "-m", "toot")

    def sign_in(self, live: Live, person: Person) -> None:
        """`toot login`: shows an address, then asks for the code found there."""
        with subprocess.Popen(
            [*self._command, "login", "--instance", live.url],
            env=self._environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as login:
            assert login.stdout
            address = next(line for line in login.stdout if "/oauth/authorize" in line).strip()
            code = person.let_in(address, named="toot")
            told, _ = login.communicate(f"n\n{code}\n", timeout=60)
        assert login.returncode == 0, told
        assert "Successfully logged in" in told

    def __call__(self, *arguments: str) -> str:
        ran = subprocess.run(
            [*self._command, *arguments],
            env=self._environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json"))

    def pages(self, *arguments: str) -> str:
        """What a timeline's pages say, one after the other."""
        return self(*arguments, "--no-pager", "--no-clear")


@pytest.fixture(scope="module")
def toot(live: Live, ada: Person, tmp_path_factory: pytest.TempPathFactory) -> Toot:
    made = Toot(tmp_path_factory.mktemp("toot"))
    made.sign_in(live, ada)
    assert "@ada" in made("whoami")
    return made


@pytest.fixture(scope="module")
def his(live: Live, bo: Person) -> Mastodon:
    return use(live, bo)


def test_posting(toot: Toot, his: Mastodon, tmp_path: Path) -> None:
    (tmp_path / "square.png").write_bytes(samples.picture())
    media = ("--media", str(tmp_path / "square.png"), "--description", "A red square")
    shown = toot.json("post", "My square", *media)
    (seen,) = his.status(shown["id"]).media_attachments
    assert (seen.type, seen.description) == ("image", "A red square")
    options = ("--poll-option", "Tea", "--poll-option", "Coffee", "--poll-expires-in", "1 day")
    asked = toot.json("post", "Which?", *options)
    his.poll_vote(his.status(asked["id"]).poll, [0])
    assert "1 vote" in toot("status", asked["id"])


def test_talking(toot: Toot, his: Mastodon) -> None:
    theirs = his.status_post("Good morning @ada")
    told = toot("notifications")
    assert "@bo" in told
    assert "Good morning" in told
    answer = toot.json("post", "@bo Good morning to you", "--reply-to", str(theirs.id))
    (below,) = his.status_context(theirs).descendants
    assert str(below.id) == answer["id"]
    assert "Good morning to you" in toot("thread", str(theirs.id))
    for act in ("favourite", "reblog", "bookmark"):
        toot(act, str(theirs.id))
    assert {n.type for n in his.notifications()} == {"mention", "favourite", "reblog"}
    assert "Good morning" in toot("bookmarks")
    assert "Good morning" in toot.pages("timelines", "favourites")
    assert re.search(r"^ada\b", toot("reblogged-by", str(theirs.id)), re.MULTILINE)
    toot("delete", answer["id"])
    assert his.status_context(theirs).descendants == []


def test_following_lists_and_timelines(toot: Toot, his: Mastodon) -> None:
    toot("follow", "bo")
    assert [a.acct for a in his.account_followers(his.me())] == ["ada"]
    toot("lists", "create", "Friends")
    toot("lists", "add", "Friends", "bo")
    assert "@bo" in toot("lists", "accounts", "Friends")
    posted = [str(his.status_post(f"Number {n} #counting").id) for n in range(5)]
    for timeline in (("home",), ("public", "--local"), ("tag", "counting"), ("list", "Friends")):
        read = toot.json("timelines", *timeline, "--limit", "3")
        assert [status["id"] for status in read] == posted[:1:-1], timeline
        last = ("--limit", "2", "--max-id", posted[2])
        older = toot.json("timelines", *timeline, *last)
        assert [status["id"] for status in older] == [posted[1], posted[0]], timeline
    assert "Number 4" in toot.pages("timelines", "home")
    assert "#counting" in toot("search", "counting")
    assert re.search(r"@bo\b", toot("search", "bo"))


def test_signing_out(toot: Toot) -> None:
    toot("logout", "ada@" + re.findall(r"ada@(\S+)", toot("auth"))[0])
    assert "not logged in" in toot("auth")
