# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Two private libvirt hosts with a cable between them, for VXLANs too, and certificates by which their QEMUs know each
other."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from support import tapping
from support.collection import CHECKOUT
from support.private_libvirt import PrivateLibvirt
from support.small_cloud import Documents

ADDRESSES = ("192.0.2.1", "192.0.2.2")
CABLE = "cable"
_PROGRAM = CHECKOUT / "roles" / "certificate" / "files" / "certificate.py"
_CONF = 'migrate_tls_x509_cert_dir = "{}"\nmigrate_tls_x509_verify = 1\n'


class MovingHosts:
    """``pki`` is where certificates are, for each host a directory; use :meth:`started`."""

    def __init__(self, hosts: tuple[PrivateLibvirt, PrivateLibvirt], pki: Path) -> None:
        self.hosts, self.pki = hosts, pki
        self.cable(CABLE)
        for host, address in zip(hosts, ADDRESSES, strict=True):
            host.run(["ip", "addr", "add", f"{address}/24", "dev", CABLE])

    @classmethod
    @contextlib.contextmanager
    def started(cls, pki: Path) -> Iterator[MovingHosts]:
        _certificate("authority", "--directory", pki / "authority", "--renew-days", 1)
        settings = [_CONF.format(_issue(pki, number, address)) for number, address in enumerate(ADDRESSES, 1)]
        with (
            PrivateLibvirt(qemu=settings[0], vxlan_device=CABLE) as one,
            PrivateLibvirt(qemu=settings[1], vxlan_device=CABLE) as two,
        ):
            yield cls((one, two), pki)

    def documents(self, rest: Documents, *, shared: Path | None = None) -> Documents:
        """Documents with two hosts, each with a storage of its own or one that they share, in the place of the one host
        of ``rest``."""
        others = [one for one in rest if one["kind"] not in ("host", "primary_storage")]
        mine: Documents = []
        for number, (host, address) in enumerate(zip(self.hosts, ADDRESSES, strict=True), 1):
            fields = {"url": host.uri, "virt_type": "qemu", "migration_address": address}
            mine.append({"kind": "host", "name": f"h{number}", **fields})
            url = f"file://{host.storage}/primary"
            if shared is None:
                mine.append({"kind": "primary_storage", "name": f"s{number}", "storage_url": url, "host": f"h{number}"})
        if shared is not None:
            url = f"SharedMountPoint://{shared}"
            mine.append({"kind": "primary_storage", "name": "common", "storage_url": url, "cluster": "main"})
        return [*others[:3], *mine, *others[3:]]

    def cable(self, name: str) -> None:
        one, two = self.hosts
        ends = (("type", "veth"), ("peer", "name", name, "netns", str(two.pid)))
        subprocess.run(["ip", "link", "add", name, "netns", str(one.pid), *ends[0], *ends[1]], check=True)
        for host in self.hosts:
            host.run(["ip", "link", "set", name, "up"])

    def join_bridges(self) -> None:
        """Make one of the bridges that the network has on both hosts."""
        self.cable("lan")
        for host in self.hosts:
            network = host.run(["virsh", "-q", "net-list", "--name"]).stdout.split()[0]
            (name,) = re.findall(r"bridge name='([^']+)'", host.run(["virsh", "net-dumpxml", network]).stdout)
            host.run(["ip", "link", "set", "lan", "master", name])

    def domains(self, number: int, *states: str) -> str:
        """Names of the domains of host 1 or 2, by options of ``virsh list``."""
        return self.hosts[number - 1].run(["virsh", "-q", "list", "--name", *states]).stdout.strip()

    @contextlib.contextmanager
    def uncertified(self, number: int) -> Iterator[None]:
        """Host 1 or 2 has no certificates meanwhile."""
        trusted = self.pki / f"h{number}" / "ca-cert.pem"
        trusted.rename(trusted.with_suffix(".away"))
        try:
            yield
        finally:
            trusted.with_suffix(".away").rename(trusted)

    @contextlib.contextmanager
    def tapped(self, text: str) -> Iterator[dict[str, int]]:
        """How many bytes cross the cable meanwhile, and how often the text is among them: known in the end."""
        told: dict[str, int] = {}
        pipe = subprocess.PIPE
        tap = self.hosts[0].popen([sys.executable, tapping.__file__, CABLE, text], stdout=pipe, text=True)
        assert tap.stdout is not None
        tap.stdout.readline()
        try:
            yield told
        finally:
            self.hosts[0].end(tap)
            told.update(json.loads(tap.stdout.read()))
            tap.stdout.close()


def _issue(pki: Path, number: int, address: str) -> Path:
    """The directory with a certificate of the authority for a host's QEMU."""
    here = pki / f"h{number}"
    files = ["--key", here / "server-key.pem", "--certificate", here / "server-cert.pem"]
    subject = ["--name", f"h{number}", "--address", address, "--usage", "both"]
    trusted = (pki / "authority" / "cacert.pem").read_bytes()
    asked = _certificate("request", *files, *subject, "--renew-days", 1, "--trusted", _text(trusted))
    request = _text(asked["request"].encode())
    signed = _certificate("sign", "--directory", pki / "authority", *subject, "--days", 2, "--request", request)
    _certificate("install", *files, "--text", _text(signed["certificate"].encode()))
    (here / "ca-cert.pem").write_bytes(trusted)
    for name in ("cert.pem", "key.pem"):
        (here / f"client-{name}").symlink_to(f"server-{name}")
    return here


def _certificate(*words: object) -> Any:
    """What the program of role certificate answers."""
    command = [sys.executable, str(_PROGRAM), *map(str, words)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
