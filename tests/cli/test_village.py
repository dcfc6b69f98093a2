"""The demo village: that its desk has something of everything to show."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from folkmoot import wiring
from folkmoot.cli import main as cli
from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.domain.appeals.queries import list_open
from folkmoot.domain.auth.model import Permission, may
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions.queries import count_strikes, list_every_in_force
from folkmoot.domain.detection.model import State
from folkmoot.domain.detection.queries import list_live
from folkmoot.domain.detectors.model import shipped_detectors
from folkmoot.domain.factors.actions import check_recovery_code
from folkmoot.domain.posts.actions import publish_post
from folkmoot.domain.posts.model import Draft as PostDraft
from folkmoot.domain.practice.queries import get_progress
from folkmoot.domain.quality.queries import count_waiting
from folkmoot.domain.reports.queries import get_standing
from folkmoot.domain.review.queries import count_open, count_proposed, list_queue
from folkmoot.kit.db import Page, Tx
from folkmoot.kit.settings_sources import load

pytestmark = pytest.mark.sqlite


def test_the_village_has_trouble_and_a_team(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLKMOOT_CONFIG", "")
    file = tmp_path / "village" / "folkmoot.toml"
    made = CliRunner().invoke(cli.folkmoot, ["demo", "--into", str(file)])
    assert made.exit_code == 0, made.output
    codes = {
        line.split("@")[0].strip(): line.split(": ")[1].split(", ")
        for line in made.output.splitlines()
        if line.startswith("  ")
    }
    assert set(codes) == {"wren", "kofi", "mei"}
    app = wiring.build_app(load(file).settings)

    def signs_in(tx: Tx, name: str, code: str) -> bool:
        account = find_account_by_name(tx, name)
        assert account
        user = get_user(tx, account.id)
        return may(user, Permission.REVIEW_REPORTS) and check_recovery_code(tx, user, code)

    for name, several in codes.items():
        assert app.db.write_now(signs_in, name, several[0])
        assert not app.db.write_now(signs_in, name, several[0])
    number, late = app.db.read_now(count_open)
    assert (number, late, app.db.read_now(count_proposed)) == (6, 1, 1)
    assert {case.harm for case in app.db.read_now(list_queue)} == {
        *("impersonation", "violence", "harassment", "spam"),
    }
    assert len(app.db.read_now(list_open)) == 1
    holding = app.db.read_now(list_every_in_force, Page())
    assert {decision.step for decision in holding} == {"unlist", "quarantine"}
    thorn = app.db.read_now(find_account_by_name, "thorn")
    assert thorn
    assert app.db.read_now(count_strikes, thorn.id, since_id=0) == 1
    assert app.db.read_now(get_standing, thorn.id).in_a_row == 1
    mei = app.db.read_now(find_account_by_name, "mei")
    assert mei
    assert app.db.read_now(get_progress, mei.id).waiting == 8
    assert app.db.read_now(count_waiting, mei.id) > 0
    watching = app.db.read_now(list_live)
    assert [one.state for one in watching] == [State.ACTIVE] * len(shipped_detectors())
    draft = PostDraft(text="Send me your seed phrase, and I will mend your wallet")
    app.db.write_now(publish_post, thorn, draft=draft)
    assert app.db.read_now(count_open)[0] == number + 1
    app.db.close()
