# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Which way a task goes, and that none pays for another one's imports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._run import FileJournal, Run, execute
from support.collection import make_dev_tree

LOADED = """
import sys
from ansible_collections.cairn.cloud.plugins.plugin_utils._run import Run, execute, prepare
prepare()
execute("zone_info", {}, Run())
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""


def loaded(url: str, tmp_path: Path) -> set[str]:
    """The packages that are imported after a task that goes to ``url``."""
    environment = {"PYTHONPATH": str(make_dev_tree()), "CAIRN_API_URL": url, "HOME": str(tmp_path), "PATH": "/bin"}
    command = [sys.executable, "-c", LOADED]
    return set(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split())


def test_in_process_nothing_of_the_daemon_is_imported(tmp_path: Path) -> None:
    found = loaded(f"sqlite:///{tmp_path}/cairn.db", tmp_path)
    assert {"sqlalchemy", "libvirt"} <= found
    assert not {"starlette", "uvicorn", "prometheus_client", "anyio"} & found


def test_for_a_daemon_nothing_of_the_engine_is_imported(tmp_path: Path) -> None:
    assert not {"sqlalchemy", "libvirt", "alembic", "starlette"} & loaded("unix:///nowhere/d.sock", tmp_path)


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ({"api_url": "http://h"}, "api_url: an API key must not travel in clear"),
        ({"api_url": "https://h", "validate_certs": "perhaps"}, "validate_certs: 'perhaps' is not a yes or no"),
        ({"api_url": "unix://h/x"}, "api_url: 'unix://h/x' is not the URL of a socket"),
        ({"api_url": "unix:///nowhere/d.sock"}, "the daemon at unix:///nowhere/d.sock cannot be reached"),
        ({"api_url": "mysql://h"}, "a database of the sort 'mysql' cannot be used"),
    ],
)
def test_a_way_that_is_none_fails_in_a_sentence(args: dict[str, str], sentence: str) -> None:
    told = execute("zone_info", args, Run())
    assert (told["failed"], told["changed"]) == (True, False)
    assert sentence in told["msg"]


def test_files_are_looked_for_before_a_daemon_is_asked(tmp_path: Path) -> None:
    args = {"api_url": "unix:///nowhere/d.sock", "src": "nowhere.yml"}
    told = execute("apply", args, Run(locate=lambda path: str(tmp_path / path)))
    assert told["msg"] == f"src {tmp_path}/nowhere.yml does not exist; name a file or a folder of YAML documents"


def test_a_journal_is_kept_apart_by_cloud_and_is_secret(tmp_path: Path) -> None:
    journal = FileJournal(str(tmp_path / "j"))
    assert journal.earlier("a") == []
    journal.add("a", {"n": 1})
    journal.add("b", {"n": 2})
    journal.add("a", {"n": 3})
    assert journal.earlier("a") == [{"n": 1}, {"n": 3}]
    assert (tmp_path / "j").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("api_url", ["https://cloud:1", "unix:///nowhere.sock"])
def test_sources_that_are_no_list_are_refused_in_a_sentence_before_a_daemon_is_asked(api_url: str) -> None:
    answer = execute("apply", {"api_url": api_url, "src": 5}, Run())
    assert answer == {"failed": True, "changed": False, "msg": "src: '5' is not a list; write a list"}
