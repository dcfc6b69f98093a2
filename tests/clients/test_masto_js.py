"""Ada and Bo, who use applications made with masto.js: `node/story.mjs`, run by Node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import sample_media as samples

if TYPE_CHECKING:
    from tests.clients.live import Live
    from tests.clients.people import Person

NODE = Path(__file__).parent / "node"

pytestmark = [pytest.mark.clients, pytest.mark.sqlite]


def tell(live: Live, people: dict[str, Person], folder: Path) -> list[str]:
    """Runs the story; whenever it waits at a consent page, the person named opens that page. What
    was told until it ended."""
    picture = folder / "square.png"
    picture.write_bytes(samples.picture())
    environ = dict(live.environ)
    if live.authority:
        environ["NODE_EXTRA_CA_CERTS"] = str(live.authority)
    errors = folder / "node.log"
    told: list[str] = []
    with (
        errors.open("w") as log,
        subprocess.Popen(
            ["node", str(NODE / "story.mjs"), live.url, str(picture)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environ,
            text=True,
        ) as node,
    ):
        assert node.stdin
        assert node.stdout
        try:
            for line in node.stdout:
                said = json.loads(line)
                if "told" in said:
                    told.append(said["told"])
                    continue
                code = people[said["name"]].let_in(said["address"], named=said["clientName"])
                node.stdin.write(json.dumps(code) + "\n")
                node.stdin.flush()
        finally:
            node.kill()
    assert not errors.read_text(), (told, errors.read_text())
    return told


STORIES = [
    "a picture and a question reach a follower",
    "what one does the other is told",
    "edits and deletions reach who saw the post",
    "lists and filters change what one sees",
    "every timeline is read page by page",
    "search finds posts, people and tags",
    "signing out ends what the application may",
]


def test_stories(live: Live, ada: Person, bo: Person, tmp_path: Path) -> None:
    assert tell(live, {"ada": ada, "bo": bo}, tmp_path) == STORIES
