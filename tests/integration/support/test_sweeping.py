# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What a failed test leaves on the shared host goes by its ids, and nothing else does."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import libvirt

from support.crashing import CrashingCloud, in_process
from support.private_libvirt import PrivateLibvirt
from support.sweeping import known_ids, sweep

FOREIGN = """
<domain type='qemu'>
  <name>theirs</name>
  <memory unit='MiB'>16</memory>
  <os><type arch='x86_64'>hvm</type></os>
</domain>
"""


def made(host: PrivateLibvirt, root: Path) -> CrashingCloud:
    """A cloud with a guest that runs, one that does not, a security group and a volume."""
    cloud = CrashingCloud(root, host.uri, f"sqlite:///{root}/cairn.db")
    cloud.prepare()
    fields = {"service_offering": "tiny", "networks": ["crash"], "security_groups": ["in"]}
    documents = [
        *cloud.infrastructure(),
        {"kind": "security_group", "name": "in"},
        {"kind": "instance", "name": "one", **fields},
        {"kind": "instance", "name": "two", "state": "deployed", **fields},
        {"kind": "volume", "name": "data", "size": 1, "vm": "one"},
    ]
    assert in_process(cloud.finished, documents) == 0
    return cloud


def objects(host: PrivateLibvirt) -> set[str]:
    with contextlib.closing(libvirt.open(host.uri)) as connection:
        found = [*connection.listAllDomains(), *connection.listAllNetworks(), *connection.listAllStoragePools()]
        return {one.name() for one in (*found, *connection.listAllNWFilters())}


def test_all_of_one_cloud_goes_and_others_stay(libvirt_host: PrivateLibvirt, tmp_path: Path) -> None:
    before = objects(libvirt_host)
    cloud = made(libvirt_host, libvirt_host.storage / tmp_path.name)
    files = cloud.root / "primary"
    (files / "theirs.qcow2").touch()
    with contextlib.closing(libvirt.open(libvirt_host.uri)) as connection:
        theirs = connection.defineXML(FOREIGN)
        try:
            ids = known_ids(cloud.root / "cairn.db")
            left = cloud.sweep()
            sorts = {one.partition(" ")[0] for one in left}
            assert sorts == {"domain", "network", "filter", "pool", "file"}
            assert objects(libvirt_host) == before | {"theirs"}
            assert [path.name for path in files.iterdir()] == ["theirs.qcow2"]
            assert sweep(libvirt_host.uri, ids, libvirt_host.storage) == []
        finally:
            theirs.undefine()


def test_another_cloud_takes_the_place_of_one_that_was_swept(libvirt_host: PrivateLibvirt, tmp_path: Path) -> None:
    """The same names, subnet and directory."""
    root = libvirt_host.storage / tmp_path.name
    first = made(libvirt_host, root)
    first.sweep()
    for path in root.rglob("*"):
        path.unlink() if path.is_file() else None
    for folder in ("staging", "primary", "secondary"):
        (root / folder).rmdir()
    second = made(libvirt_host, root)
    assert (root / "told.json").read_text() == "{}"
    second.sweep()


def test_ids_are_known_of_what_is_gone_and_none_of_what_cannot_be_read(tmp_path: Path) -> None:
    database = tmp_path / "cairn.db"
    assert known_ids(database) == set()
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE resource (id TEXT)")
        connection.execute("INSERT INTO resource VALUES ('a')")
        connection.commit()
        assert known_ids(database) == {"a"}
        connection.execute("CREATE TABLE event (resource TEXT)")
        connection.execute("INSERT INTO event VALUES ('b'), ('')")
        connection.commit()
    assert known_ids(database) == {"a", "b"}
    database.write_text("no database")
    assert known_ids(database) == set()
