import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from click.testing import CliRunner, Result

from folkmoot.cli import checkup
from folkmoot.cli import main as cli
from folkmoot.domain.policy.actions import adopt_shipped
from folkmoot.kit.settings import Settings
from folkmoot.kit.settings_sources import Loaded, load
from folkmoot.surfaces.app import App

Doctor = Callable[..., Result]
KEY = "A" * 43


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    monkeypatch.setenv("FOLKMOOT_CONFIG", "")

    def run(text: str, *arguments: str) -> Result:
        file = tmp_path / "folkmoot.toml"
        file.write_text(text)
        file.chmod(0o600)
        return CliRunner().invoke(cli.folkmoot, ["--config", str(file), "doctor", *arguments])

    return run


def loaded(text: str, folder: Path) -> Loaded:
    file = folder / "folkmoot.toml"
    file.write_text(text)
    return load(file, {})


def states(findings: list[checkup.Finding]) -> set[str]:
    return {finding.state for finding in findings}


def test_the_public_log_is_looked_at(app: App, tmp_path: Path, run_jobs: Any) -> None:
    settings = app.settings
    text = (
        f'[secrets]\nsecret_key = "{settings.secrets.secret_key}"\n'
        f'[database]\nurl = "{settings.database.url}"\n'
        f'[media]\nfolder = "{settings.media.folder}"\n'
    )

    def found(changed: str = text) -> list[tuple[str, str]]:
        findings = checkup.public_log(loaded(changed, tmp_path))
        return [(each.state, each.sentence) for each in findings]

    assert found()[0][0] == "note"
    app.db.write_now(adopt_shipped)
    run_jobs()
    [(state, sentence)] = found()
    assert state == "well"
    assert sentence.startswith("Signed entries: 1, by 127.0.0.1:8080/log+")
    app.db.write_now(
        lambda tx: tx.script(
            "INSERT INTO log_entries (position, kind, recorded_at, leaf, hash) "
            "VALUES (1, 'policy', 1, '{}', '')"
        )
    )
    assert ("warning", "Entries not signed yet: 1") in [(s, t[:25]) for s, t in found()]
    app.context.storage.delete(["log/tile/0/000.p/1"])
    assert ("wrong", "tile/0/000.p/1 is missing or damaged: folkmoot rebuild log.") in found()
    other = text.replace(settings.secrets.secret_key, KEY)
    assert found(other)[0][0] == "wrong"
    assert "do not open" in found(other)[0][1]


def test_sending_statements_is_looked_at(app: App, tmp_path: Path) -> None:
    url = app.settings.database.url
    quiet = f'[database]\nurl = "{url}"\n'
    sends = quiet + '[disclosure]\neu_url = "https://eu.example/api/v1"\neu_token = "t"\n'
    assert list(checkup.disclosure(loaded(quiet, tmp_path))) == []
    assert states(list(checkup.disclosure(loaded(sends, tmp_path)))) == {"well"}
    for at, state in ((1, "waiting"), (2, "refused")):
        app.db.write_now(
            lambda tx, at=at, state=state: tx.script(
                "INSERT INTO disclosures (id, puid, decided_at, body, state, tries, next_at, "
                f"sent_at, reference, problem) VALUES ({at}, 'D-{at}', 1, '{{}}', '{state}', 1, 1, "
                "NULL, '', 'status 503')"
            )
        )
    found = [each.sentence for each in checkup.disclosure(loaded(sends, tmp_path))]
    assert found == [
        "Statements refused: 1; `folkmoot disclosure status` says why.",
        "Statements wait: 1; status 503.",
    ]


def test_it_tells_what_is_set_and_what_is_wrong(doctor: Doctor) -> None:
    result = doctor("[server]\nport = 9000\n")
    assert result.exit_code == 1
    assert "folkmoot.toml, line 2" in result.output
    assert "secrets.secret_key" in result.output
    assert "server.host" not in result.output
    assert "server.host" in doctor("[server]\nport = 9000\n", "--all").output


def test_a_sound_instance_has_nothing_wrong(doctor: Doctor, settings: Settings) -> None:
    text = (
        f'[secrets]\nsecret_key = "{KEY}"\nvapid_private_key = "{KEY}"\n'
        f'[database]\nurl = "{settings.database.url}"\n'
    )
    result = doctor(text, "--json")
    report = json.loads(result.output)
    assert result.exit_code == 0, report["findings"]
    by_subject = {finding["subject"]: finding for finding in report["findings"]}
    assert by_subject["schema"]["state"] == "well"
    assert by_subject["database"]["state"] == "well"
    assert KEY not in result.output
    [key] = [row for row in report["settings"] if row["key"] == "secrets.secret_key"]
    assert key["from"] == "folkmoot.toml, line 2"


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_settings_that_cannot_be_read_are_told(doctor: Doctor, arguments: tuple[str, ...]) -> None:
    result = doctor("[server]\nport = 0\n", *arguments)
    assert result.exit_code == cli.EXIT_SETTINGS
    assert "server.port" in result.output


def test_a_file_others_can_read_is_noticed(tmp_path: Path) -> None:
    found = loaded("", tmp_path)
    (tmp_path / "folkmoot.toml").chmod(0o644)
    assert states(list(checkup.settings_file(found))) == {"warning"}
    (tmp_path / "folkmoot.toml").chmod(0o600)
    assert states(list(checkup.settings_file(found))) == {"well"}


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ('base_url = "http://localhost:3000"', "note"),
        ('base_url = "http://folk.example"', "wrong"),
        ('base_url = "https://folk.example"', "warning"),
        ('base_url = "https://folk.example"\ntrusted_proxies = ["127.0.0.1"]', "well"),
    ],
)
def test_the_address_is_judged(tmp_path: Path, text: str, state: str) -> None:
    findings = list(checkup.address(loaded(f"[server]\n{text}\n", tmp_path)))
    assert state in states(findings)


@pytest.mark.parametrize(
    ("days", "other_key", "state"),
    [(90, False, "well"), (5, False, "warning"), (-1, False, "wrong"), (90, True, "wrong")],
)
def test_the_certificate_is_judged(tmp_path: Path, days: int, other_key: bool, state: str) -> None:
    until = datetime.now(UTC) + timedelta(days=days)
    since = until - timedelta(days=300)
    issued = trustme.CA().issue_cert("folk.example", not_after=until, not_before=since)
    key = trustme.CA().issue_cert("folk.example") if other_key else issued
    (tmp_path / "c.pem").write_bytes(issued.cert_chain_pems[0].bytes())
    (tmp_path / "k.pem").write_bytes(key.private_key_pem.bytes())
    found = loaded('[server]\ntls_cert = "c.pem"\ntls_key = "k.pem"\n', tmp_path)
    assert state in states(list(checkup.certificate(found)))


def test_a_certificate_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "c.pem").write_text("nothing")
    found = loaded('[server]\ntls_cert = "c.pem"\ntls_key = "absent.pem"\n', tmp_path)
    assert states(list(checkup.certificate(found))) == {"wrong"}


def test_a_damaged_database_is_noticed(tmp_path: Path) -> None:
    found = loaded('[database]\nurl = "sqlite:///x.db"\n', tmp_path)
    assert states(list(checkup.database(found))) == {"note"}
    (tmp_path / "x.db").write_bytes(b"SQLite format 3\0" + os.urandom(4096))
    assert states(list(checkup.examine(found))) >= {"wrong"}


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ('[database]\nurl = "postgresql://folk:hush@127.0.0.1:9/folk"', "database"),
        ('[redis]\nurl = "redis://:hush@127.0.0.1:9/0"', "redis"),
        ('[mail]\nhost = "127.0.0.1"\nport = 9\npassword = "hush"', "mail"),
    ],
)
def test_what_cannot_be_reached_is_told_without_secrets(
    doctor: Doctor, text: str, subject: str
) -> None:
    result = doctor(text, "--json")
    assert "hush" not in result.output
    findings = json.loads(result.output)["findings"]
    assert {"wrong"} == {each["state"] for each in findings if each["subject"] == subject}


@pytest.mark.redis
def test_redis_answers(tmp_path: Path) -> None:
    url = os.environ["FOLKMOOT_TEST_REDIS"]
    findings = list(checkup.redis(loaded(f'[redis]\nurl = "{url}"\n', tmp_path)))
    assert states(findings) == {"well"}


def test_a_check_that_breaks_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_loaded: Loaded) -> Any:
        raise RuntimeError("oh")

    monkeypatch.setattr(checkup, "CHECKS", (broken,))
    [finding] = checkup.examine(loaded("", tmp_path))
    assert finding.state == "wrong"
    assert "oh" in finding.sentence
