# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A small real cloud for end-to-end tests: one private libvirt host, the tiny image, and Ansible as a user runs it."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import yaml

from support.playbook import Ansible, Result
from support.private_libvirt import PrivateLibvirt
from support.sweeping import known_ids, sweep

Documents = list[dict[str, Any]]


def infrastructure(host: PrivateLibvirt, image: Path, *, login_user: str = "root") -> Documents:
    """A zone with one host, its storage, an offering, a template and a network."""
    return [
        {"kind": "zone", "name": "home"},
        {"kind": "pod", "name": "rack"},
        {"kind": "cluster", "name": "main", "cpu_overcommit_ratio": 32},
        {"kind": "host", "name": "here", "url": "qemu:///system", "virt_type": "qemu"},
        {"kind": "primary_storage", "name": "local", "storage_url": f"file://{host.storage}/primary"},
        {"kind": "secondary_storage", "name": "images", "url": f"file://{host.storage}/secondary"},
        {"kind": "network_offering", "name": "shared"},
        {"kind": "network", "name": "lan", "cidr": "10.77.0.0/24"},
        {"kind": "service_offering", "name": "tiny", "cpu_number": 1, "memory": 128},
        {"kind": "template", "name": "tiny", "url": f"file://{image}", "login_user": login_user},
    ]


class SmallCloud:
    """A directory with a database, a key pair and documents, on a private host; use as a context manager."""

    def __init__(self, host: PrivateLibvirt, directory: Path, image: Path, *, login_user: str = "root") -> None:
        self.host, self.directory, self.image = host, directory, image
        self.ansible = Ansible(directory, host)
        self.state = host.storage / directory.name
        self.state.mkdir(parents=True, exist_ok=True)
        self.database = self.state / "cairn.db"
        self.documents = infrastructure(host, image, login_user=login_user)
        self._ids: set[str] = set()
        self._configure()
        self._key = directory / "id_ed25519"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self._key)], check=True)
        self.documents.append({"kind": "ssh_key", "name": "me", "public_key": self.public_key})
        (directory / "cloud.cairn.yml").write_text(yaml.safe_dump(self._inventory()))

    def _configure(self) -> None:
        """The configuration file and key that role management would make."""
        folder = self.directory / ".config" / "cairn"
        folder.mkdir(parents=True)
        key = folder / "secret.key"
        key.write_bytes(base64.urlsafe_b64encode(os.urandom(32)))
        (folder / "cairn.yml").write_text(yaml.safe_dump({"api_url": self.api_url, "secret_key_file": str(key)}))

    @property
    def public_key(self) -> str:
        return self._key.with_suffix(".pub").read_text().strip()

    @property
    def api_url(self) -> str:
        return f"sqlite:///{self.database}"

    def _inventory(self) -> dict[str, Any]:
        options = "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ControlMaster=no"
        return {
            "plugin": "cairn.cloud.instances",
            "api_url": self.api_url,
            "compose": {"ansible_ssh_private_key_file": f"'{self._key}'", "ansible_ssh_common_args": f"'{options}'"},
        }

    def instance(self, name: str, **fields: Any) -> dict[str, Any]:
        """A document of an instance with the key, and more fields."""
        return {"kind": "instance", "name": name, "ssh_keys": ["me"], **fields}

    def write(self, documents: Iterable[Mapping[str, Any]]) -> Path:
        path = self.directory / "cloud.yml"
        path.write_text(yaml.safe_dump_all([dict(document) for document in documents]))
        return path

    def apply(self, documents: Iterable[Mapping[str, Any]], *arguments: str, check: bool = True, **more: Any) -> Result:
        """Run ``cairn.cloud.apply`` on the documents, as a playbook of one task."""
        task = {"src": str(self.write(documents)), "api_url": self.api_url, **more}
        with self._remembering():
            return self.ansible.play([{"cairn.cloud.apply": task}], *arguments, check=check, timeout=300)

    def task(self, module: str, *arguments: str, check: bool = True, **options: Any) -> Result:
        """Run one task of ours."""
        task = {f"cairn.cloud.{module}": {"api_url": self.api_url, **options}}
        with self._remembering():
            return self.ansible.play([task], *arguments, check=check, timeout=300)

    @contextlib.contextmanager
    def _remembering(self) -> Iterator[None]:
        """Whatever becomes of the database later, the ids of what there was in it are known."""
        try:
            yield
        finally:
            self._ids |= known_ids(self.database)

    def answer(self, module: str, **options: Any) -> dict[str, Any]:
        """What one task of ours returns."""
        out = self.directory / "answer.json"
        tasks: list[dict[str, Any]] = [
            {f"cairn.cloud.{module}": {"api_url": self.api_url, **options}, "register": "it"},
            {"ansible.builtin.copy": {"dest": str(out), "content": "{{ it | to_json }}", "mode": "0600"}},
        ]
        self.ansible.play(tasks, timeout=300)
        result: dict[str, Any] = json.loads(out.read_text())
        return result

    def instances(self) -> dict[str, dict[str, Any]]:
        return {item["name"]: item for item in self.answer("instance_info")["instances"]}

    def virsh(self, *arguments: str) -> str:
        return self.host.run(["virsh", "-q", *arguments]).stdout.strip()

    def domains(self) -> list[str]:
        return sorted(self.virsh("list", "--all", "--name").split())

    def domain_of(self, name: str) -> str:
        """The libvirt name of an instance's domain."""
        return next(domain for domain in self.domains() if domain.startswith(f"{name}-"))

    def qemu_pid(self, domain: str) -> int:
        """Process id of a running domain, inside the host's namespaces."""
        return int((self.host.workdir / "run/libvirt/qemu" / f"{domain}.pid").read_text())

    def fingerprint(self) -> dict[str, str]:
        """The database's file, every domain and every network, as digests: for proving that nothing was touched."""
        found = {"database": hashlib.sha256(self.database.read_bytes()).hexdigest()}
        for domain in self.domains():
            found[f"domain {domain}"] = _normal(self.virsh("dumpxml", "--inactive", domain))
            found[f"live domain {domain}"] = _normal(self.virsh("dumpxml", domain))
        for network in self.virsh("net-list", "--all", "--name").split():
            found[f"network {network}"] = _normal(self.virsh("net-dumpxml", network))
        for file in sorted((self.host.storage / "primary").glob("*")):
            found[f"file {file.name}"] = str(file.stat().st_mtime_ns) if file.suffix == ".iso" else "there"
        return found

    def reach(self, name: str, command: str, *, timeout: float = 180) -> str:
        """Run a command in the guest through the dynamic inventory and SSH, waiting until the guest lets us in."""
        deadline = time.monotonic() + timeout
        self._listens(self.instances()[name]["default_ip"], timeout)
        while True:
            result = self.ansible.run(
                "ansible", name, "-i", "cloud.cairn.yml", "-m", "ansible.builtin.raw", "-a", command, check=False
            )
            if result.returncode == 0:
                return result.stdout
            if time.monotonic() > deadline:
                raise AssertionError(f"instance {name} does not let us in: {result.stdout}{result.stderr}{self.seen()}")
            time.sleep(2)

    def _listens(self, address: str, timeout: float) -> None:
        """Wait until something answers at the guest's port 22: far cheaper to ask than SSH."""
        task = {"host": address, "port": 22, "timeout": int(timeout), "sleep": 1, "search_regex": "SSH"}
        waited = self.ansible.play([{"ansible.builtin.wait_for": task}], check=False, timeout=timeout + 60)
        assert waited.returncode == 0, f"{waited.stdout}{waited.stderr}{self.seen()}"

    def seen(self) -> str:
        """What an eye on the host sees of guests that do not answer."""
        told = [["virsh", "list", "--all"], ["ip", "neigh"], ["bridge", "fdb", "show"]]
        for domain in self.virsh("list", "--name").split():
            ping = ["virsh", "qemu-agent-command", domain, '{"execute": "guest-ping"}', "--timeout", "5"]
            told += [["virsh", "domstate", domain, "--reason"], ["virsh", "domstats", domain, "--interface"], ping]
        answers = [(words, self.host.run(words, check=False)) for words in told]
        return "\n".join(f"{' '.join(words)}: {done.stdout}{done.stderr}" for words, done in answers)

    def close(self) -> None:
        """Remove all of ours from the shared host, as a user would; fails the test that cannot.

        What is left of it then goes by its id, so that it fails no other test.
        """
        try:
            gone = [{"kind": "instance", "name": name, "state": "absent"} for name in self.instances()]
            self.task("apply", documents=gone, prune=True)
        finally:
            left = self.sweep()
        assert not [one for one in left if one.startswith("domain ")]

    def sweep(self) -> list[str]:
        """Remove what the shared host has of this cloud, whatever state it is in; says what there was."""
        return sweep(self.host.uri, self._ids | known_ids(self.database), self.host.storage)

    def __enter__(self) -> SmallCloud:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """After a failure, nothing more is asked of a cloud that may not answer."""
        if kind is None:
            self.close()
        else:
            self.sweep()


def _normal(text: str) -> str:
    return ET.canonicalize(text)
