# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A cloud on a real libvirt host, whose runs are processes that can be killed at named moments.

The guests have an empty disk: they start and find nothing to boot. A process is forked from a server that has
everything imported, so that it costs little.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses as dc
import json
import multiprocessing as mp
import os
import signal
import subprocess
import typing as t
from pathlib import Path

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    DomainSeen,
    FilterSeen,
    HostSeen,
    NetworkSeen,
    PoolSeen,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt.connection import connector
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.store import SqlStore, open_store
from ansible_collections.cairn.cloud.plugins.plugin_utils._local import execute
from ansible_collections.cairn.cloud.plugins.plugin_utils._ports.hypervisor import Scope
from ansible_collections.cairn.cloud.plugins.plugin_utils._run import Run
from support.audit import audit
from support.faults import Moments
from support.sweeping import sweep

_PROCESSES = mp.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["support.crashing"])
_TIMEOUT = 120.0

Documents = list[dict[str, t.Any]]


@dc.dataclass(frozen=True)
class Kept:
    """Paths of images that are kept, and of anything that a run left beside them."""

    kept: frozenset[str]


@dc.dataclass(frozen=True)
class SeenHost:
    """What the host has of this cloud: directories are read as they are, without libvirt."""

    seen: HostSeen
    root: str

    @property
    def domains(self) -> t.Mapping[str, DomainSeen]:
        return self.seen.domains

    @property
    def networks(self) -> t.Mapping[str, NetworkSeen]:
        return self.seen.networks

    @property
    def filters(self) -> t.Mapping[str, FilterSeen]:
        return self.seen.filters

    @property
    def pools(self) -> t.Mapping[str, PoolSeen]:
        return {ident: pool for ident, pool in self.seen.pools.items() if pool.shape.path.startswith(self.root)}

    @property
    def files(self) -> t.Mapping[str, t.Iterable[str]]:
        primary = f"{self.root}/primary"
        return {primary: os.listdir(primary) if os.path.isdir(primary) else []}


@dc.dataclass(frozen=True)
class CrashingCloud:
    """A cloud in directory ``root``, on the host at ``url``, with the database at ``api_url``."""

    root: Path
    url: str
    api_url: str

    def prepare(self) -> None:
        """Make its directory, an image without a system, and the configuration."""
        (self.root / "staging").mkdir(parents=True)
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(self.image), "1M"], check=True)
        key = self.root / "secret.key"
        key.write_bytes(base64.urlsafe_b64encode(bytes(32)))
        configuration = {"api_url": self.api_url, "secret_key_file": str(key), "state_dir": str(self.root)}
        (self.root / "cairn.yml").write_text(json.dumps(configuration))

    @property
    def on_server(self) -> bool:
        return self.api_url.startswith("postgresql")

    @property
    def image(self) -> Path:
        return self.root / "empty.qcow2"

    @property
    def log(self) -> Path:
        return self.root / "moments.log"

    def infrastructure(self) -> Documents:
        return [
            {"kind": "zone", "name": "home"},
            {"kind": "pod", "name": "rack"},
            {"kind": "cluster", "name": "main", "cpu_overcommit_ratio": 32},
            {"kind": "host", "name": "here", "url": self.url, "virt_type": "qemu"},
            {"kind": "primary_storage", "name": "local", "storage_url": f"file://{self.root}/primary"},
            {"kind": "secondary_storage", "name": "images", "url": f"file://{self.root}/secondary"},
            {"kind": "network_offering", "name": "shared"},
            {"kind": "network", "name": "crash", "cidr": "10.78.0.0/24"},
            {"kind": "service_offering", "name": "tiny", "cpu_number": 1, "memory": 16},
            {"kind": "service_offering", "name": "small", "cpu_number": 1, "memory": 24},
            {"kind": "template", "name": "empty", "url": f"file://{self.image}"},
        ]

    def sweep(self) -> list[str]:
        """Remove what the host has of this cloud, whatever state it is in; says what there was."""
        ids: set[str] = set()
        with contextlib.suppress(DriverError), self.store() as store, store.reading() as tx:
            ids |= {one.id for one in tx.select(removing=None)} | {event.resource for event in tx.events()}
        return sweep(self.url, ids, self.root)

    # What processes do

    def run(self, documents: Documents) -> dict[str, t.Any]:
        """Bring the cloud to the documents, and nothing else, in this process."""
        os.environ["CAIRN_CONFIG"] = str(self.root / "cairn.yml")
        arguments = {"documents": documents, "prune": True, "set": "all", "wait": False}
        return execute("apply", arguments, Run())

    def noted(self, documents: Documents) -> None:
        """A run that notes its moments."""
        Moments(log=self.log).watch()
        result = self.run(documents)
        self._tell({"failed": result.get("failures")})

    def killed(self, documents: Documents, moment: str) -> None:
        """A run that is killed at a moment."""
        Moments(last=moment).watch()
        self._tell({"survived": moment} | self.run(documents))

    def finished(self, documents: Documents) -> None:
        """A run that finishes what another one began, one that has nothing to do, and an audit."""
        failed = self.run(documents).get("failures")
        again = self.run(documents)
        left = list(again["resources"]) if again["changed"] else []
        self._tell({"failed": failed, "again": again.get("failures"), "changed": left, "audit": audit(self)})

    def _tell(self, found: dict[str, t.Any]) -> None:
        (self.root / "told.json").write_text(json.dumps({key: value for key, value in found.items() if value}))

    # What the audit looks at

    @contextlib.contextmanager
    def store(self) -> t.Iterator[SqlStore]:
        key = (self.root / "secret.key").read_bytes()
        opened = open_store(self.api_url, kinds=KINDS, create=False, clock=lambda: "", secret_key=key)
        with contextlib.closing(opened):
            yield opened

    @property
    def hosts(self) -> dict[str, SeenHost]:
        return {self.url: self.host(self.url)}

    def host(self, url: str) -> SeenHost:
        with contextlib.closing(connector(lambda files: b"")(url)) as hypervisor:
            return SeenHost(hypervisor.observe(Scope()), str(self.root))

    @property
    def images(self) -> Kept:
        folders = (self.root / "secondary", self.root / "staging")
        return Kept(frozenset(str(path) for folder in folders for path in folder.glob("*")))


def in_process(work: t.Callable[..., None], *arguments: t.Any) -> int:
    """Do ``work`` in a process of its own; how that ended, as a signal's number below zero."""
    process = _PROCESSES.Process(target=work, args=arguments)
    process.start()
    process.join(_TIMEOUT)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise AssertionError(f"a run did not end in {_TIMEOUT:.0f} seconds")
    return process.exitcode


def note(cloud: CrashingCloud, documents: Documents) -> None:
    """Note the moments of a run in the cloud's log."""
    cloud.log.unlink(missing_ok=True)
    assert in_process(cloud.noted, documents) == 0
    assert json.loads((cloud.root / "told.json").read_text()) == {}


def kill(cloud: CrashingCloud, documents: Documents, moment: str) -> None:
    """Kill a run at the moment."""
    status = in_process(cloud.killed, documents, moment)
    assert status == -signal.SIGKILL, f"status {status}: {(cloud.root / 'told.json').read_text()}"


def finish(cloud: CrashingCloud, documents: Documents) -> dict[str, t.Any]:
    """What is wrong after a run that finishes what another one began."""
    assert in_process(cloud.finished, documents) == 0
    told: dict[str, t.Any] = json.loads((cloud.root / "told.json").read_text())
    return told
