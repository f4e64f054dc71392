# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The EXAMPLES of every module run as they stand, one after the other, on a real libvirt host.

All of them are one playbook. They begin with the small cloud of ``PRELUDE`` and leave it as it was, so
that each module's examples are understood by themselves.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import hashlib
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.fernet import Fernet
from e2e.conftest import build_image

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.seed import build_seed
from support.collection import CHECKOUT
from support.playbook import Ansible, Result
from support.private_libvirt import PrivateLibvirt

MODULES = CHECKOUT / "plugins" / "modules"
# Makes first, then what reads, then what works on the whole cloud.
OTHERS = [
    "apply",
    "export",
    "drift",
    "capacity_info",
    "event_info",
    "scheduled_snapshots",
    "instance_command",
    "rebuild",
]
ORDER = [*KINDS, *(f"{kind}_info" for kind in KINDS), *OTHERS]
MANAGING = [*KINDS, "apply", "instance_command", "rebuild"]
# By group, since a default of one module is one of all: they are one plugin for Ansible.
GROUP = "group/cairn.cloud.all"
PATIENT = ["router"]
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
TASK = re.compile(r"^TASK \[(?P<name>[^\n]*?)\] \*+\n(?P<body>.*?)(?=^(?:TASK|PLAY) |\Z)", re.DOTALL | re.MULTILINE)
WARNING = re.compile(r"\[WARNING\]: (.*)")
NEW_KEYS = "remote access vpn '203.0.113.22': it has new keys"
STATUS = re.compile(r"^(ok|changed|failed|fatal|skipping|included): ", re.MULTILINE)

PRELUDE = """
- {kind: zone, name: vie-1}
- {kind: pod, name: rack-1}
- {kind: cluster, name: kvm-1, cpu_overcommit_ratio: 8}
- {kind: host, name: node1, url: "qemu:///system", virt_type: qemu}
- {kind: primary_storage, name: local, storage_url: "file:///var/lib/cairn/primary"}
- {kind: secondary_storage, name: images, url: "file:///var/lib/cairn/secondary"}
- {kind: physical_network, name: cabling}
- {kind: network_offering, name: shared}
- {kind: network_offering, name: bridge-only, guest_ip_type: L2}
- {kind: network, name: lan, network_offering: shared, cidr: 10.1.1.0/24}
- kind: network
  name: dmz
  network_offering: shared
  cidr: 10.1.2.0/24
  start_ip: 10.1.2.10
  end_ip: 10.1.2.99
- {kind: vlan_ip_range, network: dmz, start_ip: 10.1.2.240, end_ip: 10.1.2.249}
- {kind: service_offering, name: small, cpu_number: 1, memory: 64}
- {kind: service_offering, name: medium, cpu_number: 1, memory: 96}
- {kind: service_offering, name: own size, is_customized: true}
- {kind: disk_offering, name: any size}
- {kind: template, name: debian-12, url: "file:///srv/images/debian-12.qcow2"}
- {kind: affinity_group, name: web servers, affinity_type: non-strict host anti-affinity}
- {kind: security_group, name: web}
- kind: ssh_key
  name: admin
  public_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJpcLvqgkpV3sw0d8EyaGpFZBGUfaXHxJxXu0MYLfCPV admin
- {kind: template, name: tiny, url: "file:///srv/images/tiny.qcow2"}
- {kind: instance, name: tool1, service_offering: medium, template: tiny, networks: [lan]}
- {kind: instance, name: db1, service_offering: small, template: debian-12, networks: [lan], state: deployed}
- {kind: network_offering, name: public, traffic_type: PUBLIC}
- {kind: network_offering, name: isolated, guest_ip_type: Isolated}
- kind: network
  name: internet
  network_offering: public
  cidr: 203.0.113.0/24
  start_ip: 203.0.113.20
  end_ip: 203.0.113.39
- {kind: network, name: private, network_offering: isolated}
- {kind: template, name: router, url: "https://images.example.com/router.qcow2", is_routing: true}
- {kind: instance, name: app1, service_offering: small, template: debian-12, networks: [private], state: deployed}
- {kind: instance, name: app2, service_offering: small, template: debian-12, networks: [private], state: deployed}
- {kind: loadbalancer_rule, name: balance_https, ip_address: 203.0.113.20, public_port: 443}
- kind: network
  name: staff
  network_offering: isolated
  cidr: 10.1.4.0/24
  source_nat_ip_address: 203.0.113.22
- {kind: remote_access_vpn, ip_address: 203.0.113.22}
- kind: vpn_user
  name: anna
  public_key: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=
- {kind: router, name: r-private, state: stopped}
- {kind: ip_address, ip_address: 203.0.113.21, network: private}
- {kind: instance, name: cache1, service_offering: small, template: debian-12, networks: [lan]}
"""


@dataclasses.dataclass(frozen=True)
class Example:
    """One task of a module's EXAMPLES."""

    module: str
    name: str
    status: str


@functools.cache
def documentation(module: str) -> dict[str, Any]:
    """The constants of a module's file."""
    tree = ast.parse((MODULES / f"{module}.py").read_text())
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def tasks_of(module: str) -> list[dict[str, Any]]:
    loaded = yaml.safe_load(documentation(module)["EXAMPLES"])
    return loaded or []


class World:
    """A private libvirt host and a directory in which playbooks are run on it."""

    def __init__(self, host: PrivateLibvirt, directory: Path, images: dict[str, Path]) -> None:
        self.ansible = Ansible(directory, host)
        self.directory, self.root, self._images = directory, host.storage / "examples", images
        self._make_files()

    def _make_files(self) -> None:
        images = self.root / "srv" / "images"
        images.mkdir(parents=True)
        self.extracted = self.root / "srv" / "extracted"
        self.extracted.mkdir()
        (self.root / "srv" / "common").mkdir()
        for name, sort in (("debian-12.qcow2", "qcow2"), ("debian-13.qcow2", "qcow2"), ("appliance.img", "raw")):
            subprocess.run(["qemu-img", "create", "-q", "-f", sort, str(images / name), "16M"], check=True)
        for name, image in self._images.items():
            shutil.copy(image, images / f"{name}.qcow2")
        (images / "debian-13-netinst.iso").write_bytes(build_seed({"README": "nothing to install"}))
        self._digest = hashlib.sha256((images / "debian-13.qcow2").read_bytes()).hexdigest()
        key = self.directory / ".ssh" / "id_ed25519"
        key.parent.mkdir(mode=0o700)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
        config = {"api_url": f"sqlite:///{self.root}/cairn.db", "secret_key_file": str(self.root / "secret.key")}
        (self.root / "secret.key").write_bytes(Fernet.generate_key())
        (self.directory / ".config" / "cairn").mkdir(parents=True)
        (self.directory / ".config" / "cairn" / "cairn.yml").write_text(yaml.safe_dump(config))
        (self.directory / "cloud").mkdir()
        (self.directory / "cloud" / "catalogue.yml").write_text("kind: disk_offering\nname: huge\ndisk_size: 4096\n")

    def real(self, text: str) -> str:
        """The text with what a test cannot have (machines, servers, the machine's directories) replaced."""
        for written, here in {
            "qemu+tls://node1.example.com/system": "qemu:///system",
            "qemu+tls://node2.example.com/system": "test:///default",
            "https://images.example.com/": "file:///srv/images/",
            DIGEST: self._digest,
            "/srv/": f"{self.root}/srv/",
            "/var/lib/cairn/": f"{self.root}/var/lib/cairn/",
            # Ansible's copy looks up the user's home by the user's name, whatever HOME says.
            "dest: ~/": f"dest: {self.directory}/",
        }.items():
            text = text.replace(written, here)
        return text

    def write(self) -> Path:
        """The playbook of the prelude and all examples."""
        prelude = [{"name": "Prelude", "cairn.cloud.apply": {"documents": yaml.safe_load(self.real(PRELUDE))}}]
        prelude[0]["cairn.cloud.apply"]["set"] = "prelude"
        tasks = []
        for module in ORDER:
            (self.directory / f"{module}.yml").write_text(self.real(documentation(module)["EXAMPLES"]))
            imported = {"ansible.builtin.import_tasks": f"{module}.yml"}
            # No guest runs that could shut down by itself, and a router has to boot.
            wait = {"wait_timeout": 120 if module in PATIENT else 1}
            tasks.append({"block": [imported], "module_defaults": {GROUP: wait}})
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "tasks": prelude + tasks,
        }
        path = self.directory / "examples.yml"
        path.write_text(yaml.safe_dump([play]))
        return path

    def forget(self) -> None:
        """Without what examples made besides the cloud: databases, which they want to be new, and files."""
        for path in (*(self.root / "var" / "lib" / "cairn").glob("*.db*"), *self.extracted.iterdir()):
            path.unlink()

    def clean(self) -> None:
        """Leave nothing of the cloud on the host, which other tests use too."""
        tasks = [{"cairn.cloud.apply": {"documents": [], "prune": True, "set": s}} for s in ("default", "prelude")]
        self.ansible.play(tasks)


def examples(result: Result) -> list[Example]:
    """What became of each example, all of which ran without a warning but that of a VPN that was read back."""
    warnings = WARNING.findall(result.stdout + result.stderr)
    assert [one for one in warnings if not one.startswith(NEW_KEYS)] == []
    ran = [(match["name"], STATUS.findall(match["body"])) for match in TASK.finditer(result.stdout)][1:]
    written = [(module, task["name"]) for module in ORDER for task in tasks_of(module)]
    assert [name for name, _statuses in ran] == [name for _module, name in written]
    return [
        Example(module, name, "changed" if "changed" in statuses else statuses[-1])
        for (module, name), (_name, statuses) in zip(written, ran, strict=True)
    ]


@pytest.fixture(scope="module")
def world(libvirt_host: PrivateLibvirt, tmp_path_factory: pytest.TempPathFactory) -> World:
    images = {name: build_image(tmp_path_factory.mktemp(name), name) for name in ("router", "tiny")}
    return World(libvirt_host, tmp_path_factory.mktemp("examples"), images)


@pytest.mark.parametrize("module", sorted(path.stem for path in MODULES.glob("*.py")))
def test_a_module_has_examples_that_use_it(module: str) -> None:
    assert module in ORDER
    tasks = tasks_of(module)
    assert len(tasks) >= 2
    assert all(task["name"] for task in tasks)
    used = {key for task in tasks for key in task if key.startswith("cairn.cloud.")}
    assert used == {f"cairn.cloud.{module}"}


def test_all_examples_work(world: World) -> None:
    playbook = world.write()
    try:
        ran = examples(world.ansible.playbook(playbook, timeout=600))
        world.forget()
        predicted = examples(world.ansible.playbook(playbook, "--check", timeout=600))
    finally:
        world.clean()
    managing = [example for example in ran if example.module in MANAGING]
    assert [example for example in managing if example.status != "changed"] == []
    reading = [example for example in ran if example.module not in MANAGING]
    assert [example for example in reading if example.status != "ok"] == []
    # The examples left the cloud as it was, so a check of them predicts what they did.
    assert predicted == ran
