# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Bad input gets one clear sentence, no traceback, and changes nothing."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from support.playbook import Result
from support.small_cloud import SmallCloud

Documents = list[dict[str, Any]]


@pytest.fixture
def ready(cloud: SmallCloud) -> SmallCloud:
    """The small cloud with one instance, not started, at a fixed address."""
    cloud.documents.append(cloud.instance("vm1", state="deployed", ip_address="10.77.0.50"))
    cloud.apply(cloud.documents)
    return cloud


def refused(cloud: SmallCloud, result: Result, before: dict[str, str], *expected: str) -> None:
    text = " ".join((result.stdout + result.stderr).split())
    assert result.returncode != 0
    assert "Traceback" not in text
    for part in expected:
        assert part in text, text
    assert cloud.fingerprint() == before


def image(cloud: SmallCloud, name: str, *arguments: str) -> str:
    path = cloud.state / name
    subprocess.run(["qemu-img", "create", "-q", *arguments[:-1], str(path), arguments[-1]], check=True)
    return f"file://{path}"


def backed(cloud: SmallCloud) -> dict[str, Any]:
    base = image(cloud, "base.qcow2", "-f", "qcow2", "1M").removeprefix("file://")
    return {"url": image(cloud, "backed.qcow2", "-f", "qcow2", "-b", base, "-F", "qcow2", "1M")}


def external(cloud: SmallCloud) -> dict[str, Any]:
    data = cloud.state / "data.raw"
    return {"url": image(cloud, "external.qcow2", "-f", "qcow2", "-o", f"data_file={data},data_file_raw=on", "1M")}


def damaged(cloud: SmallCloud) -> dict[str, Any]:
    return {"url": f"file://{cloud.image}", "checksum": f"sha256:{'0' * 64}"}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"kind": "pod", "name": "p9", "zone": "nowhere"}, ("pod 'p9'", "field zone", "zone 'nowhere' not found")),
        ({"kind": "instance", "name": "a/b"}, ("instance 'a/b'", "field name", "host name")),
        ({"kind": "zone", "name": "a'b"}, ("zone 'a'b'", "field name", "a name has")),
        (
            {"kind": "instance", "name": "vm2", "ip_address": "10.99.0.1"},
            ("instance 'vm2'", "field ip_address", "10.99.0.1 is not an address"),
        ),
        (
            {"kind": "instance", "name": "vm2", "ip_address": "10.77.0.50"},
            ("instance 'vm2'", "field ip_address", "taken by instance 'vm1'"),
        ),
        (
            {"kind": "service_offering", "name": "x", "cpu_number": "many", "memory": 1},
            ("cloud.yml, document 13", "service offering 'x'", "field cpu_number", "whole number"),
        ),
        ({"kind": "instance", "name": "vm2", "templat": "tiny"}, ("field templat", "did you mean template?")),
    ],
)
def test_documents(ready: SmallCloud, document: dict[str, Any], expected: tuple[str, ...]) -> None:
    before = ready.fingerprint()
    refused(ready, ready.apply([*ready.documents, document], check=False), before, *expected)


def test_an_offering_too_large_for_every_host(ready: SmallCloud) -> None:
    before = ready.fingerprint()
    huge = {"kind": "service_offering", "name": "huge", "cpu_number": 1, "memory": 1 << 22}
    wanted = ready.instance("vm2", service_offering="huge")
    small = [{**d, "service_offering": "tiny"} if d["kind"] == "instance" else d for d in ready.documents]
    result = ready.apply([*small, huge, wanted], check=False)
    refused(ready, result, before, "instance 'vm2'", "no host can take it", "here:", "MiB of memory are free")


@pytest.mark.parametrize(
    ("make", "expected"), [(damaged, "checksum"), (backed, "backing file"), (external, "data file")]
)
def test_images(ready: SmallCloud, make: Callable[[SmallCloud], dict[str, Any]], expected: str) -> None:
    fields = make(ready)
    before = ready.fingerprint()
    for arguments in (("--check",), ()):
        result = ready.task("template", *arguments, check=False, name="bad", **fields)
        refused(ready, result, before, "template 'bad'", expected)
    assert list((ready.host.storage / "secondary").glob(".cairn-incoming*")) == []


def test_an_unreachable_host(ready: SmallCloud) -> None:
    before = ready.fingerprint()
    result = ready.task("host", check=False, name="far", url="qemu+tcp://127.0.0.1:9/system")
    refused(ready, result, before, "host 'far'", "qemu+tcp://127.0.0.1:9/system")


def test_a_full_disk(ready: SmallCloud) -> None:
    full = ready.host.storage / "full"
    full.mkdir()
    ready.host.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(full)])
    try:
        ready.task("primary_storage", name="full", storage_url=f"file://{full}", storage_tags=["full"])
        ready.task("service_offering", name="on-full", cpu_number=1, memory=64, storage_tags=["full"])
        before = ready.fingerprint()
        result = ready.task("instance", check=False, name="vm2", service_offering="on-full", ssh_keys=["me"])
        refused(ready, result, before, "instance 'vm2'", "storage full has no room for 64 MiB more")
    finally:
        ready.task("primary_storage", name="full", state="absent")
        ready.task("service_offering", name="on-full", state="absent")
        ready.host.run(["umount", str(full)])


def test_a_locked_database(ready: SmallCloud) -> None:
    before = ready.fingerprint()
    with sqlite3.connect(ready.database, isolation_level=None) as connection:
        connection.execute("BEGIN IMMEDIATE")
        result = ready.task("zone", check=False, name="z2", wait_timeout=1)
        connection.execute("ROLLBACK")
    connection.close()
    refused(ready, result, before, "is locked by another process")
