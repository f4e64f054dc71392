# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""One playbook, three ways to the cloud: in process, by the daemon's socket, and by TLS. All tell the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.daemon import Daemon
from support.playbook import Ansible, Result

# What differs from run to run, in what tasks return and print.
VARYING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    r"|06:[0-9a-f:]{14}|/\S*?(?=/hosts/|/secondary|/empty\.raw|/cloud\.yml|/out\.yml)|(?<=number.: )\d+"
)
DOCUMENTS = """
- {kind: zone, name: z1}
- {kind: pod, name: p1}
- {kind: cluster, name: c1}
- {kind: host, name: h1, url: "test://HERE/hosts/h1.xml"}
- {kind: primary_storage, name: local, storage_url: "file:///var/lib/cairn/primary"}
- {kind: secondary_storage, name: images, url: "file://HERE/secondary"}
- {kind: network_offering, name: shared}
- {kind: network, name: lan, cidr: 10.0.0.0/24}
- {kind: service_offering, name: small, cpu_number: 1, memory: 512}
- {kind: template, name: empty, url: "file://HERE/empty.raw", format: RAW}
- {kind: user_data, name: greeting, user_data: "password: swordfish"}
- {kind: instance, name: vm1, user_data_name: greeting, tags: {role: web}}
"""
TASKS: list[dict[str, Any]] = [
    {"cairn.cloud.apply": {"src": "cloud.yml", "prune": True, "explain": True}},
    {"cairn.cloud.apply": {"src": ["cloud.yml"], "prune": True}},
    {"cairn.cloud.zone": {"name": "z1", "dns1": "9.9.9.9"}},
    {"cairn.cloud.instance": {"name": "vm2"}},
    {"cairn.cloud.instance": {"name": "vm3", "networks": ["lan"], "user_data": "password: swordfish"}},
    {"cairn.cloud.instance": {"name": "vm3", "display_name": "third"}},
    {"cairn.cloud.instance": {"name": "vm2", "state": "stopped", "wait": False}},
    {"cairn.cloud.ssh_key": {"name": "pair"}, "no_log": True},
    {"cairn.cloud.instance_info": {"tags": {"role": "web"}}},
    {"cairn.cloud.instance": {"name": "vm4", "service_offering": "huge"}, "ignore_errors": True},
    {"cairn.cloud.zone": {"name": "z1", "colour": "red"}, "ignore_errors": True},
    {"cairn.cloud.zone_info": {"colour": "red"}, "ignore_errors": True},
    {"cairn.cloud.apply": {"src": "broken.yml"}, "ignore_errors": True},
    {"cairn.cloud.apply": {"src": "nowhere"}, "ignore_errors": True},
    {"cairn.cloud.drift": {}},
    {"cairn.cloud.capacity_info": {"type": "zone"}},
    {"cairn.cloud.event_info": {"kind": "zone"}},
    {"cairn.cloud.scheduled_snapshots": {}},
    {"cairn.cloud.export": {"dest": "out.yml", "kinds": ["zone", "pod"]}},
    {"cairn.cloud.export": {"dest": "out.yml", "kinds": ["zone", "pod"]}},
    {"cairn.cloud.rebuild": {"hosts": ["nowhere"]}, "ignore_errors": True},
    {"cairn.cloud.instance": {"name": "vm3", "state": "expunged"}},
]
WAYS = ("sqlite", "unix", "https")


class Way:
    """A cloud of its own in a folder, and Ansible that reaches it in one way."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        folder.mkdir()
        self.daemon = Daemon(folder / "cloud")
        self.folder, cloud = folder, str(self.daemon.directory)
        self.ansible = Ansible(folder)
        (self.daemon.directory / "empty.raw").write_bytes(b"0" * 4096)
        (folder / "cloud.yml").write_text(DOCUMENTS.replace("HERE", cloud))
        (folder / "broken.yml").write_text("kind: zone\nname: z9\ndns1: x\n")
        (folder / "source.cairn.yml").write_text("plugin: cairn.cloud.instances\n")
        self.tasks = json.loads(json.dumps(TASKS).replace("HERE", cloud))

    def settings(self) -> dict[str, Any]:
        """What the configuration file of a user says."""
        if self.name == "sqlite":
            directory = self.daemon.directory
            state = {"secret_key_file": str(self.daemon.key), "state_dir": str(directory / "state")}
            return {"api_url": self.daemon.database, **state}
        if self.name == "unix":
            return {"api_url": self.daemon.unix}
        result = self.daemon.ask("POST", "/v1/run/api_key", {"args": {"name": "root"}})[1][-1]["result"]
        return {
            "api_url": self.daemon.https,
            "api_key": result["api_key"],
            "ca_path": str(self.daemon.certificate),
        }

    def configure(self) -> None:
        folder = self.folder / ".config" / "cairn"
        folder.mkdir(parents=True)
        (folder / "cairn.yml").write_text(yaml.safe_dump(self.settings()))

    def play(self, *arguments: str) -> Result:
        return self.ansible.play(self.tasks, "--diff", "-v", *arguments)

    def told(self, *arguments: str) -> str:
        """What a run prints, without what differs from cloud to cloud."""
        text = VARYING.sub("X", self.play(*arguments).stdout).replace(str(self.folder), "X")
        text = text.replace("key:root", "root")
        return re.sub(r"Using .*ansible.cfg.*\n", "", text)

    def listed(self) -> str:
        """What the inventory lists."""
        found = self.ansible.run("ansible-inventory", "-i", "source.cairn.yml", "--list").json()
        return VARYING.sub("X", json.dumps(found, sort_keys=True)).replace(str(self.folder), "X")


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Way]]:
    folder = tmp_path_factory.mktemp("ways")
    made = {name: Way(name, folder / name) for name in WAYS}
    try:
        for name, way in made.items():
            if name != "sqlite":
                way.daemon.start()
            way.configure()
        yield made
    finally:
        for way in made.values():
            way.daemon.__exit__()


def test_all_ways_tell_the_same(ways: dict[str, Way]) -> None:
    """Predicted, done, and done again; secrets are in nothing that is told, logged or kept."""
    for arguments in (("--check",), (), ()):
        told = {name: way.told(*arguments) for name, way in ways.items()}
        assert told["unix"].splitlines() == told["sqlite"].splitlines()
        assert told["https"].splitlines() == told["sqlite"].splitlines()
        assert "swordfish" not in told["sqlite"].replace('"user_data": "password: swordfish"', "")
    listed = {name: way.listed() for name, way in ways.items()}
    assert listed["unix"] == listed["https"] == listed["sqlite"]
    assert '"vm1"' in listed["sqlite"]
    for way in (ways["unix"], ways["https"]):
        assert "swordfish" not in way.daemon.log.read_text()
        assert way.daemon.stop() == 0
        kept = b"".join(path.read_bytes() for path in (way.daemon.directory / "state").glob("cairn.db*"))
        assert b"swordfish" not in kept
        assert b"OPENSSH" not in kept
        way.daemon.start()
