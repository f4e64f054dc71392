# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The daemon asked as AWX does: by ansible-runner, with a project, and an environment that says where the cloud is."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import ansible_runner
import pytest

from support.collection import make_dev_tree
from support.daemon import Daemon

DOCUMENTS = """
- {kind: zone, name: by-runner}
- {kind: user_data, name: greeting, user_data: "password: swordfish"}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What AWX checks out of a repository."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "cloud.yml").write_text(DOCUMENTS)
    tasks: list[dict[str, Any]] = [
        {"cairn.cloud.apply": {"src": "cloud.yml"}},
        {"cairn.cloud.zone_info": {"name": "by-runner"}},
    ]
    (folder / "site.yml").write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    return tmp_path


def run(folder: Path, daemon: Daemon, key: str, **more: Any) -> Any:
    environment = {
        "CAIRN_API_URL": daemon.https,
        "CAIRN_API_KEY": key,
        "CAIRN_CA_PATH": str(daemon.certificate),
        "ANSIBLE_COLLECTIONS_PATH": str(make_dev_tree()),
        "HOME": str(folder),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    found = {"localhost": {"ansible_connection": "local"}}
    return ansible_runner.run(
        private_data_dir=str(folder),
        playbook="site.yml",
        inventory={"all": {"hosts": found}},
        envvars=environment,
        extravars={"awx_user_name": "alice"},
        quiet=True,
        suppress_env_files=True,
        **more,
    )


def test_a_runner_changes_the_cloud_once(project: Path, daemon: Daemon, key: str) -> None:
    checked = run(project, daemon, key, cmdline="--check")
    assert (checked.status, checked.stats["changed"]) == ("successful", {"localhost": 1})
    first, second = run(project, daemon, key), run(project, daemon, key)
    assert (first.status, first.stats["changed"]) == ("successful", {"localhost": 1})
    assert (second.status, second.stats["changed"]) == ("successful", {})
    read = [event for event in second.events if event["event"] == "runner_on_ok"][-1]["event_data"]["res"]
    assert [zone["name"] for zone in read["zones"]] == ["by-runner"]
    answer = daemon.ask("POST", "/v1/run/event_info", {"args": {"name": "by-runner"}})[1][-1]["result"]["events"]
    assert {event["user"] for event in answer} == {"key:tests/alice"}
    # Neither the key nor a secret is in what the runner keeps of its runs, but for the environment that it was given.
    artifacts = [path for path in project.rglob("artifacts/**/*") if path.is_file() and path.name != "command"]
    kept = b"".join(path.read_bytes() for path in artifacts)
    assert b"swordfish" not in kept
    assert key.encode() not in kept


def test_a_runner_without_a_key_is_refused_in_a_sentence(project: Path, daemon: Daemon) -> None:
    refused = run(project, daemon, "cairn-of-nobody")
    assert refused.status == "failed"
    failed = next(event for event in refused.events if event["event"] == "runner_on_failed")
    assert "key" in failed["event_data"]["res"]["msg"]
