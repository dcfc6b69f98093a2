import re
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from folkmoot.kit.settings import Rate, Settings
from folkmoot.kit.settings_sources import (
    SettingsWrong,
    find_file,
    known_keys,
    load,
    shown,
    write_file,
)

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(text: str) -> Path:
        file = tmp_path / "folkmoot.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return _write


def wrong(file: Path | None, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(SettingsWrong) as raised:
        load(file, environ or {})
    return [str(problem) for problem in raised.value.problems]


def test_without_a_file_everything_has_its_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    loaded = load(environ={"XDG_CONFIG_HOME": str(tmp_path / "none")})
    assert loaded.file is None
    assert loaded.settings.server == Settings().server
    assert loaded.settings.database.url == f"sqlite:///{tmp_path}/var/folkmoot.db"
    assert loaded.settings.media.folder == tmp_path / "var/media"
    assert loaded.origin("server.port") == "default"


def test_a_file_is_found_where_documented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "home/folkmoot/folkmoot.toml"
    own.parent.mkdir(parents=True)
    own.touch()
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "home")}
    assert find_file(environ) == own
    (tmp_path / "folkmoot.toml").touch()
    assert find_file(environ) == tmp_path / "folkmoot.toml"
    assert find_file(environ | {"FOLKMOOT_CONFIG": "/srv/x.toml"}) == Path("/srv/x.toml")
    assert find_file(environ, Path("/srv/y.toml")) == Path("/srv/y.toml")


def test_a_value_knows_its_line(write: Write, tmp_path: Path) -> None:
    file = write(
        '[instance]\ndescription = """\nport = 1\n[server]\n"""\n\n'
        "[server] # where\n  port = 9000\n"
        '[rate_limits]\nposts = "10/min"\n[database]\nurl = "sqlite:///data/x.db"\n'
    )
    loaded = load(file, {})
    assert loaded.settings.server.port == 9000
    assert loaded.origin("server.port") == "folkmoot.toml, line 8"
    assert loaded.origin("instance.description") == "folkmoot.toml, line 2"
    assert loaded.settings.rate_limits.posts == Rate("10/min")
    assert loaded.settings.database.url == f"sqlite:///{tmp_path}/data/x.db"


def test_the_environment_wins_and_is_decoded_from_text(write: Write) -> None:
    file = write("[server]\nport = 9000\n")
    loaded = load(
        file,
        {
            "FOLKMOOT_SERVER__PORT": "9001",
            "FOLKMOOT_SERVER__TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8",
            "FOLKMOOT_REGISTRATION__CONFIRM_EMAIL": "false",
            "FOLKMOOT_RATE_LIMITS__MEDIA": "5/h",
            "FOLKMOOT_MAIL__TIMEOUT_S": "2.5",
            "FOLKMOOT_CONFIG": "elsewhere",
            "UNRELATED": "x",
        },
    )
    assert loaded.settings.server.port == 9001
    assert loaded.origin("server.port") == "$FOLKMOOT_SERVER__PORT"
    assert loaded.settings.server.trusted_proxies == ("127.0.0.1", "10.0.0.0/8")
    assert loaded.settings.registration.confirm_email is False
    assert loaded.settings.rate_limits.media.window_s == 3600
    assert loaded.settings.mail.timeout_s == 2.5


def test_errors_name_key_source_found_and_expected(write: Write) -> None:
    file = write(
        '[server]\nport = "eighty"\nbse_url = "http://x"\n'
        '[registration]\nmode = "oepn"\n[rate_limits]\nposts = "many"\n'
    )
    problems = wrong(file, {"FOLKMOOT_LIMITS__POST_CHARS": "0", "FOLKMOOT_LOG__LEVLE": "info"})
    assert (
        "\n".join(problems)
        == """\
server.bse_url (folkmoot.toml, line 3): found an unknown key; expected perhaps server.base_url
log.levle ($FOLKMOOT_LOG__LEVLE): found an unknown key; expected perhaps log.level
server.port (folkmoot.toml, line 2): found 'eighty'; expected a whole number from 1 to 65535
registration.mode (folkmoot.toml, line 5): found 'oepn'; \
expected one of open, approval, invitation, closed
limits.post_chars ($FOLKMOOT_LIMITS__POST_CHARS): found '0'; \
expected a whole number of at least 1
rate_limits.posts (folkmoot.toml, line 7): found 'many'; expected a rate such as 300/5min"""
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "server = 1\n",
            r"server \(.*line 1\): found a value; expected a table, written \[server\]",
        ),
        ("[server]\nport = true\n", "whole number"),
        ("[nonsense]\nfolder = 'x'\n", "perhaps media.folder"),
        ("[server\n", "valid TOML"),
    ],
)
def test_other_shapes_are_refused(write: Write, text: str, expected: str) -> None:
    assert re.search(expected, wrong(write(text))[0])


def test_a_variable_with_one_underscore_is_caught(write: Write) -> None:
    [problem] = wrong(write(""), {"FOLKMOOT_SERVER_PORT": "1"})
    assert "perhaps FOLKMOOT_SERVER__PORT" in problem


def test_a_named_file_that_is_absent_is_an_error(tmp_path: Path) -> None:
    assert "No such file" in wrong(tmp_path / "absent.toml")[0]


@pytest.mark.parametrize(
    ("environ", "key"),
    [
        ({"FOLKMOOT_SERVER__BASE_URL": "http://x/path"}, "server.base_url"),
        ({"FOLKMOOT_SERVER__BASE_URL": "http://Example.org"}, "server.base_url"),
        ({"FOLKMOOT_SERVER__BASE_URL": "http://x:99999"}, "server.base_url"),
        ({"FOLKMOOT_SERVER__BASE_URL": "ftp://x"}, "server.base_url"),
        ({"FOLKMOOT_SERVER__TLS_CERT": "/c.pem"}, "server.tls_key"),
        ({"FOLKMOOT_SERVER__WORKERS": "2"}, "server.workers"),
        ({"FOLKMOOT_SERVER__TRUSTED_PROXIES": "everyone"}, "server.trusted_proxies"),
        ({"FOLKMOOT_DATABASE__URL": "mysql://x"}, "database.url"),
        ({"FOLKMOOT_REDIS__URL": "localhost"}, "redis.url"),
        ({"FOLKMOOT_MEDIA__BACKEND": "s3"}, "media.s3_bucket"),
    ],
)
def test_contradictions_are_refused(write: Write, environ: dict[str, str], key: str) -> None:
    assert wrong(write(""), environ)[0].startswith(f"{key} (")


def test_the_test_mode_needs_loopback_and_a_second_sign(write: Write) -> None:
    on = {"FOLKMOOT_TESTING__ENABLED": "true"}
    assert "FOLKMOOT_TESTING=1" in wrong(write(""), on)[0]
    public = {"FOLKMOOT_SERVER__BASE_URL": "https://folk.example", "FOLKMOOT_TESTING": "1"}
    assert "loopback" in wrong(write(""), on | public)[0]
    for host in ("0.0.0.0", "::", "192.0.2.7", "folk.example"):
        heard = {"FOLKMOOT_SERVER__HOST": host, "FOLKMOOT_TESTING": "1"}
        assert "server.host" in wrong(write(""), on | heard)[0]
    for host in ("127.0.0.1", "::1", "localhost"):
        alone = {"FOLKMOOT_SERVER__HOST": host, "FOLKMOOT_TESTING": "1"}
        assert load(write(""), on | alone).settings.testing.enabled
    assert load(write(""), on | {"FOLKMOOT_TESTING": "1"}).settings.testing.enabled


def test_secrets_are_masked_and_never_in_errors(write: Write) -> None:
    keys = known_keys()
    assert shown(keys["secrets.secret_key"], "abc") == "••••••"
    url = "postgresql://folk:hush@db/folk"
    assert shown(keys["database.url"], url) == "postgresql://folk:••••••@db/folk"
    problems = wrong(write("[secrets]\nsecret_key = 12345\n"))
    assert "12345" not in problems[0]


def test_each_key_says_what_it_is_for() -> None:
    for known in known_keys().values():
        assert known.meta.description
        assert known.meta.description[0].isupper() or known.meta.description[0] in "`…"
        assert known.meta.description.endswith("."), known.key


def test_a_written_file_reads_back_and_is_private(tmp_path: Path) -> None:
    file = tmp_path / "folkmoot.toml"
    values: dict[str, dict[str, Any]] = {
        "instance": {"title": 'A "quoted" 村\\ \x7f', "languages": ["en", "zh"]},
        "secrets": {"secret_key": "abc"},
    }
    write_file(file, values, opening="Made by a test.")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert tomllib.loads(file.read_text(encoding="utf-8")) == values
    assert load(file, {}).settings.instance.languages == ("en", "zh")
    with pytest.raises(FileExistsError):
        write_file(file, values)


@pytest.mark.parametrize("text", [" ", "5", "0/min", "5/0min", "5/week", "-5/min"])
def test_a_rate_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        Rate(text)
