# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A control node that is none of a lab's machines: this one, in the lab's network, with nothing but an API key."""

from __future__ import annotations

import contextlib
import dataclasses as dc
import json
import os
import signal
import subprocess
import sys
import threading
import typing as t
from pathlib import Path

from support.collection import DEV_TREE
from support.machines import lab, traces, underlay
from support.machines.scenario import changed
from support.machines.underlay import Packet

PORT = 8250
# Prints status and text of what the daemon answers.
_GET = """
import os, ssl, sys, urllib.error, urllib.request
headers = {"Authorization": "Bearer " + os.environ["CAIRN_API_KEY"]} if "CAIRN_API_KEY" in os.environ else {}
asked = urllib.request.Request(os.environ["CAIRN_API_URL"] + sys.argv[1], headers=headers)
try:
    answer = urllib.request.urlopen(asked, context=ssl.create_default_context(cafile=os.environ["CAIRN_CA_PATH"]))
except urllib.error.HTTPError as error:
    answer = error
print(answer.status, answer.read().decode(), sep="\\n", end="")
"""


@dc.dataclass(frozen=True)
class Control:
    """Runs Ansible and asks the daemon of a lab, by ``api.key`` and ``cacert.pem`` of the lab's directory."""

    name: str

    @property
    def _lab(self) -> lab.Lab:
        found = lab.find(self.name)
        assert found is not None
        return found

    @property
    def addresses(self) -> dict[str, str]:
        """The lab's machines; the first one manages."""
        return {machine.name: machine.address for machine in self._lab.machines}

    @property
    def directory(self) -> Path:
        """Where a lab keeps what is its own on this machine."""
        return self._lab.directory

    def environment(self, *, key: bool = True) -> dict[str, str]:
        directory = self._lab.directory
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "CAIRN_"))}
        return {
            **inherited,
            "ANSIBLE_COLLECTIONS_PATH": str(DEV_TREE),
            "ANSIBLE_NOCOLOR": "true",
            "CAIRN_API_URL": f"https://{next(iter(self.addresses.values()))}:{PORT}",
            "CAIRN_CA_PATH": str(directory / "cacert.pem"),
            **({"CAIRN_API_KEY": (directory / "api.key").read_text().strip()} if key else {}),
        }

    def start(self, tasks: t.Sequence[t.Mapping[str, t.Any]], *arguments: str) -> subprocess.Popen[str]:
        """Begin to run tasks; what they say is on standard output."""
        path = self._lab.directory / "play.yml"
        path.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": list(tasks)}]))
        program = Path(sys.executable).with_name("ansible-playbook")
        return subprocess.Popen(
            [*self._lab.enter(), str(program), *arguments, str(path)],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def play(self, tasks: t.Sequence[t.Mapping[str, t.Any]], *arguments: str) -> str:
        """Run tasks; what they said."""
        running = self.start(tasks, *arguments)
        said = running.communicate(timeout=300)[0]
        assert running.returncode == 0, said
        return said

    def apply(self) -> int:
        """Apply the scenario's documents; how many tasks changed anything, of one."""
        return changed(self.play([{"cairn.cloud.apply": {"src": f"{self.directory}/documents.yml", "prune": True}}]))

    @contextlib.contextmanager
    def underlay(self) -> t.Iterator[list[Packet]]:
        """What passes between the lab's machines meanwhile; known when it ends."""
        command = [*self._lab.enter(), sys.executable, underlay.__file__]
        found: list[Packet] = []
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as watching:
            assert watching.stdout is not None
            assert watching.stdout.readline() == "ready\n"
            lines: list[str] = []
            reading = threading.Thread(target=lambda: lines.extend(t.cast("t.IO[str]", watching.stdout)))
            reading.start()
            try:
                yield found
            finally:
                for pid in traces.descendants(watching.pid):
                    os.kill(pid, signal.SIGTERM)
                reading.join()
        found += [Packet(*json.loads(line)) for line in lines]

    def get(self, path: str, *, key: bool = True) -> tuple[int, str]:
        """Status and text of what the daemon answers."""
        done = subprocess.run(
            [*self._lab.enter(), sys.executable, "-c", _GET, path],
            env=self.environment(key=key),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
        status, text = done.stdout.split("\n", 1)
        return int(status), text
