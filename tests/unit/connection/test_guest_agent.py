# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The connection's own part: files in pieces, what fails. The agent is a shell of this machine."""

from __future__ import annotations

import base64
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure, AnsibleError, AnsibleFileNotFound
from ansible.playbook.play_context import PlayContext
from ansible.plugins.shell.sh import ShellModule

from ansible_collections.cairn.cloud.plugins.connection import guest_agent

PIECE = 100


class Agent:
    """Runs what it is asked to, and keeps how it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def __call__(self, action: str, args: dict[str, Any], _run: Any) -> dict[str, Any]:
        assert action == "instance_command"
        self.asked.append(args)
        if args["id"] == "silent":
            return {"failed": True, "msg": "the guest's agent does not answer"}
        given = base64.b64decode(args["stdin"])
        ran = subprocess.run(args["argv"], input=given, capture_output=True, check=False)
        told = {"stdout": base64.b64encode(ran.stdout).decode(), "stderr": base64.b64encode(ran.stderr).decode()}
        return {"changed": True, "rc": ran.returncode} | told | ({"failed": True, "msg": "x"} if ran.returncode else {})


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> Agent:
    made = Agent()
    monkeypatch.setattr(guest_agent, "execute", made)
    monkeypatch.setattr(guest_agent, "PIECE", PIECE)
    return made


def connection(instance: str = "web1") -> Any:
    found = guest_agent.Connection(PlayContext(), shell=ShellModule())
    found.get_option = {"instance": instance, "api_url": "sqlite:////x"}.get
    return found


def test_a_command_gets_its_input_and_tells_how_it_ended(agent: Agent) -> None:
    assert connection().exec_command("cat; echo oops >&2; exit 3", in_data=b"\x00\xff") == (3, b"\x00\xff", b"oops\n")
    assert (agent.asked[0]["id"], agent.asked[0]["api_url"]) == ("web1", "sqlite:////x")


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_files_arrive_whole_there_and_back(agent: Agent, tmp_path: Path, size: int) -> None:
    content, there = os.urandom(size), tmp_path / "it's $HOME; -x"
    (tmp_path / "from").write_bytes(content)
    there.write_bytes(b"something that was there, and was longer" * 10)
    connection().put_file(str(tmp_path / "from"), str(there))
    assert there.read_bytes() == content
    assert len(agent.asked) == max(1, -(-size // PIECE))
    connection().fetch_file(str(there), str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == content


@pytest.mark.usefixtures("agent")
def test_files_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(AnsibleFileNotFound, match="there is no file /nowhere"):
        connection().put_file("/nowhere", str(tmp_path / "x"))
    with pytest.raises(AnsibleError, match=r"/nowhere in the instance: .*No such file"):
        connection().fetch_file("/nowhere", str(tmp_path / "x"))
    (tmp_path / "from").write_text("x")
    with pytest.raises(AnsibleError, match=r"/no/where in the instance: "):
        connection().put_file(str(tmp_path / "from"), "/no/where")


@pytest.mark.usefixtures("agent")
def test_an_agent_that_does_not_answer_makes_the_instance_unreachable() -> None:
    with pytest.raises(AnsibleConnectionFailure, match="the guest's agent does not answer"):
        connection("silent").exec_command("true")
