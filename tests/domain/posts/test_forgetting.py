"""What is deleted is gone (I8): from every column of every table."""

from collections.abc import Callable
from typing import Any

import pytest

from acts import do_everything
from conftest import ALL_SCOPES, Member
from folkmoot import wiring
from folkmoot.domain.accounts.model import Account
from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.leaving.actions import ask_deletion
from folkmoot.domain.oauth.actions import issue_token
from folkmoot.kit.db import Database, Tx, metadata
from surfaces.mastodon.test_publishing import follow, picture

MARK = "xylograph"


def traces(db: Database, *needles: str) -> list[str]:
    """Where any of these still stands: as a number, or within a text."""

    def look(tx: Tx) -> list[str]:
        found = []
        wiring.load_tables()
        for table in metadata.sorted_tables:
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            for row in tx.script(f'SELECT {names} FROM "{table.name}"'):
                for column, value in zip(table.columns, row, strict=True):
                    text = str(value)
                    found += [f"{table.name}.{column.name}" for needle in needles if needle in text]
        return sorted(set(found))

    return db.write_now(look)


@pytest.fixture
def much(join: Any, db: Database) -> Any:
    """A post that everything possible was done with; gives its author and the status."""
    ada, bo, cy = join("ada"), join("bo"), join("cy")
    follow(bo, ada)
    ada.post(f"/api/v1/accounts/{bo.id}/follow")
    body = {
        "status": f"@bo {MARK} #{MARK} https://example.com/{MARK}",
        "media_ids": [picture(db, ada, MARK)],
        "poll": {"options": [MARK, "no"], "expires_in": 600},
    }
    headers = {"Idempotency-Key": "k"}
    made = ada.request("POST", "/api/v1/statuses", json=body, headers=headers).json()
    path = f"/api/v1/statuses/{made['id']}"
    ada.put(path, status=f"@cy {MARK} again", poll={"options": [MARK, "yes"], "expires_in": 600})
    for member in (bo, cy):
        for act in ("favourite", "bookmark", "reblog", "mute"):
            assert member.post(f"{path}/{act}").status_code == 200
        member.post(f"/api/v1/polls/{made['poll']['id']}/votes", choices=[0])
        member.post("/api/v1/statuses", status="ah", in_reply_to_id=made["id"])
        member.post("/api/v1/statuses", status="see", quoted_status_id=made["id"])
    ada.post(f"{path}/pin")
    word = bo.post("/api/v2/filters", title="x", context=["home"]).json()
    bo.post(f"/api/v2/filters/{word['id']}/statuses", status_id=made["id"])
    return ada, made


def test_nothing_of_a_deleted_post_is_left(much: Any, db: Database) -> None:
    ada, made = much
    needles = (made["id"], made["poll"]["id"], MARK)
    assert len(traces(db, *needles)) > 20
    assert ada.delete(f"/api/v1/statuses/{made['id']}", delete_media=True).status_code == 200
    left = traces(db, *needles)
    # The thread keeps its name, who muted it its mute; a tag is everybody's word; the jobs that
    # remove files and end polls come last.
    assert set(left) <= {
        *("posts.thread_id", "thread_mutes.thread_id"),
        *("tags.name", "tags.display_name", "jobs.payload"),
    }


def test_nothing_of_a_deleted_account_is_left(
    much: Any, db: Database, run_jobs: Callable[[], None]
) -> None:
    """Swept: every table there is."""
    ada, made = much
    do_everything(ada, Member(ada._asgi, ada._loop, *bo_of(db)))
    assert len({name.partition(".")[0] for name in traces(db, ada.id)}) > 25
    db.write_now(ask_deletion, db.read_now(get_user, ada.account.id), days=0)
    run_jobs()
    assert traces(db, ada.id) == []
    # A tag is everybody's word. What a thread began with is still its name among the answers: a
    # number that leads nowhere and is shown to nobody.
    assert set(traces(db, MARK)) <= {"tags.name", "tags.display_name"}
    assert set(traces(db, made["id"])) <= {"posts.thread_id", "thread_mutes.thread_id"}


def bo_of(db: Database) -> tuple[str, Account]:
    def find(tx: Tx) -> tuple[str, Account]:
        account = find_account_by_name(tx, "bo")
        assert account
        return issue_token(tx, 1, account_id=account.id, scopes=ALL_SCOPES), account

    return db.write_now(find)
