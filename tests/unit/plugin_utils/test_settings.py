# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Where the cloud is: the argument, the environment, the file, the default, in this order."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError
from ansible_collections.cairn.cloud.plugins.plugin_utils import _settings
from ansible_collections.cairn.cloud.plugins.plugin_utils._settings import Settings, settings


@pytest.fixture(autouse=True)
def no_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No configuration file of this machine counts."""
    monkeypatch.setattr(_settings, "CONFIG_FILES", (str(tmp_path / "first.yml"), str(tmp_path / "second.yml")))


def configured(tmp_path: Path, text: str) -> dict[str, str]:
    """An environment that names a configuration file with this text."""
    (tmp_path / "cairn.yml").write_text(text)
    return {"CAIRN_CONFIG": str(tmp_path / "cairn.yml")}


def test_the_default() -> None:
    assert settings(environment={}) == Settings()
    assert settings(environment={"CAIRN_API_URL": ""}) == Settings()


def test_what_goes_before_what(tmp_path: Path) -> None:
    environment = configured(tmp_path, "api_url: postgresql://file/c\nstate_dir: /file\n")
    assert settings(None, environment) == Settings(api_url="postgresql://file/c", state_dir="/file")
    environment["CAIRN_API_URL"] = "postgresql://environment/c"
    assert settings(None, environment).api_url == "postgresql://environment/c"
    assert settings("postgresql://argument/c", environment).api_url == "postgresql://argument/c"
    assert settings("postgresql://argument/c", environment).state_dir == "/file"
    environment["CAIRN_STATE_DIR"] = "/environment"
    assert settings(None, environment).state_dir == "/environment"


def test_the_state_is_beside_a_database_that_is_a_file() -> None:
    assert settings("sqlite:////srv/cloud/cairn.db", {}).state_dir == "/srv/cloud"
    assert settings("sqlite:////srv/cloud/cairn.db", {"CAIRN_STATE_DIR": "/x"}).state_dir == "/x"
    assert settings("postgresql://db/c", {}).state_dir == Settings().state_dir


def test_the_first_file_that_is_there_counts(tmp_path: Path) -> None:
    (tmp_path / "second.yml").write_text("api_url: postgresql://second/c\n")
    assert settings(environment={}).api_url == "postgresql://second/c"
    (tmp_path / "first.yml").write_text("api_url: postgresql://first/c\n")
    assert settings(environment={}).api_url == "postgresql://first/c"


@pytest.mark.parametrize("text", ["", "# nothing\n", "api_url:\n", "api_url: ~\nstate_dir:\n"])
def test_a_file_without_values_says_nothing(tmp_path: Path, text: str) -> None:
    assert settings(environment=configured(tmp_path, text)) == Settings()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("api_urls: x", "has api_urls; known are api_url, local_dirs, pki_path, secret_key_file, state_dir"),
        ("- api_url", "has \\(no mapping\\); known are "),
        ("text", "has \\(no mapping\\)"),
        ("1: x", "has 1; known are "),
        ("api_url: [", "cannot be read: it is not YAML; mend it"),
        ("api_url: 2026-13-45", "cannot be read: it is not YAML; mend it"),
    ],
)
def test_a_file_that_is_not_as_it_should_be(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(CairnError, match=f"the configuration file {tmp_path}/cairn.yml {words}"):
        settings(environment=configured(tmp_path, text))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CairnError, match=f"{tmp_path} cannot be read: Is a directory; mend it"):
        settings(environment={"CAIRN_CONFIG": str(tmp_path)})
    with pytest.raises(CairnError, match=f"{tmp_path}/none does not exist; mend CAIRN_CONFIG"):
        settings(environment={"CAIRN_CONFIG": f"{tmp_path}/none"})
    (tmp_path / "cairn.yml").write_bytes(b"api_url: \xff")
    with pytest.raises(CairnError, match="it is not YAML"):
        settings(environment={"CAIRN_CONFIG": str(tmp_path / "cairn.yml")})


def test_the_key_of_secrets(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("abc=\n")
    assert Settings(secret_key_file=str(tmp_path / "secret.key")).secret_key() == b"abc="
    assert Settings(secret_key_file=str(tmp_path / "none")).secret_key() is None
    with pytest.raises(CairnError, match=f"the key file {tmp_path} cannot be read"):
        Settings(secret_key_file=str(tmp_path)).secret_key()


def test_the_folders_whose_files_a_daemons_callers_may_name(tmp_path: Path) -> None:
    assert settings(environment={"CAIRN_STATE_DIR": "/s"}).folders == ("/s/exchange", "/s/images")
    assert settings(environment={"CAIRN_LOCAL_DIRS": "/a:/b/c"}).folders == ("/a", "/b/c")
    assert settings(environment=configured(tmp_path, "local_dirs: [/a, /b]\n")).folders == ("/a", "/b")
    for text in ("local_dirs: [/a, b]\n", "local_dirs: b\n"):
        with pytest.raises(CairnError, match="local_dirs: 'b' is not an absolute path; write it from the root"):
            settings(environment=configured(tmp_path, text))


def test_the_clouds_own_files(tmp_path: Path) -> None:
    own = Settings(api_url="sqlite:////s/c.db", secret_key_file="/k", state_dir="/s", pki_path="/p").own()
    assert own == ["/s/c.db", "/s/c.db-wal", "/s/c.db-shm", "/s/c.db-journal", "/k", "/s/staging", "/p"]
    assert Settings(api_url="postgresql://db/c", secret_key_file="/k").own() == ["/k", "/var/lib/cairn/staging"]
    (tmp_path / "first.yml").touch()
    assert Settings(api_url="postgresql://db/c").own()[-1] == str(tmp_path / "first.yml")
