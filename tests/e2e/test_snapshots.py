# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Snapshots of a guest that writes: what was lost comes back, the guest goes on, and other guests start from it.

The tests share one guest, each leaving it running.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.private_libvirt import PrivateLibvirt
from support.small_cloud import SmallCloud

MOUNT = "mkdir -p /mnt/d; grep -q /mnt/d /proc/mounts || mount /dev/vdb /mnt/d"
WRITE = f"{MOUNT}; dd if=/dev/urandom of=/mnt/d/file bs=64k count=32"
SPOIL = "dd if=/dev/zero of=/mnt/d/file bs=64k count=8 conv=notrunc; sync"
SUM = "sha256sum /mnt/d/file"
# A process that outlives the login, and counts where no disk is.
COUNT = (
    "mkdir -p /dev/shm; echo 'echo $$ > /dev/shm/pid; while true; do i=$((i+1)); echo $i > /dev/shm/count; "
    "sleep 0.1; done' > /dev/shm/run; setsid sh /dev/shm/run > /dev/null 2>&1 < /dev/null & "
    "sleep 1; cat /dev/shm/count"
)


def digest(said: str) -> str:
    found = re.search(r"[0-9a-f]{64}", said)
    assert found, said
    return found.group()


def number(said: str) -> int:
    found = re.search(r"^\d+$", said, re.MULTILINE)
    assert found, said
    return int(found.group())


@pytest.fixture(scope="module")
def cloud(
    libvirt_host: PrivateLibvirt, tmp_path_factory: pytest.TempPathFactory, tiny_image: Path
) -> Iterator[SmallCloud]:
    """A small cloud with the instance vm1, whose data volume has a file system."""
    with SmallCloud(libvirt_host, tmp_path_factory.mktemp("snapshots"), tiny_image) as small:
        small.documents.append(small.instance("vm1", disk_size=1))
        small.apply(small.documents)
        small.reach("vm1", "mkfs.ext4 -q /dev/vdb")
        yield small


def test_a_guest_goes_on_from_its_memory(cloud: SmallCloud) -> None:
    before = digest(cloud.reach("vm1", f"{WRITE}; sync; {SUM}"))
    number(cloud.reach("vm1", COUNT))
    snapshot = {"name": "whole", "vm": "vm1"}
    assert cloud.task("instance_snapshot", snapshot_memory=True, **snapshot).changed == 1
    assert cloud.task("instance_snapshot", snapshot_memory=True, **snapshot).changed == 0
    counted = number(cloud.reach("vm1", "cat /dev/shm/count"))
    spoilt = cloud.reach("vm1", f"{SPOIL}; {SUM}; kill $(cat /dev/shm/pid); sleep 1; rm /dev/shm/*; ls /dev/shm")
    assert digest(spoilt) != before
    assert "count" not in spoilt.splitlines()
    assert cloud.task("instance_snapshot", state="revert", **snapshot).changed == 1
    assert cloud.answer("drift")["drift"] == []
    # Its page cache came back as well; the disk is asked.
    cold = f"sync; echo 3 > /proc/sys/vm/drop_caches; {SUM}"
    assert digest(cloud.reach("vm1", cold)) == before
    first = number(cloud.reach("vm1", "cat /dev/shm/count"))
    assert first <= counted + 600
    time.sleep(1)
    assert number(cloud.reach("vm1", "cat /dev/shm/count")) > first
    assert cloud.task("instance_snapshot", state="absent", **snapshot).changed == 1
    assert cloud.apply(cloud.documents).changed == 0


def test_all_disks_are_as_they_were_and_the_guest_starts_anew(cloud: SmallCloud) -> None:
    # Not synced by hand: the guest's agent writes it out. That it starts at all shows its root volume.
    before = digest(cloud.reach("vm1", f"{WRITE}; {SUM}"))
    snapshot = {"name": "disks", "vm": "vm1"}
    assert cloud.task("instance_snapshot", **snapshot).changed == 1
    (shown,) = cloud.answer("instance_snapshot_info")["instance_snapshots"]
    assert (shown["type"], shown["current"], shown["quiesced"]) == ("Disk", True, True)
    cloud.reach("vm1", SPOIL)
    assert cloud.task("instance_snapshot", state="revert", wait=False, **snapshot).changed == 1
    assert digest(cloud.reach("vm1", f"{MOUNT}; {SUM}")) == before
    assert "absent" in cloud.reach("vm1", "test -e /dev/shm/count || echo absent")
    assert cloud.task("instance_snapshot", state="absent", **snapshot).changed == 1
    assert cloud.answer("drift")["drift"] == []


# The program, at a time that is given before its words.
AT = """
import sys
from ansible_collections.cairn.cloud.plugins.plugin_utils import _wiring
from ansible_collections.cairn.cloud.plugins.plugin_utils._cli.app import main
moment = sys.argv.pop(1)
_wiring.now = lambda: moment
main()
"""


def at(cloud: SmallCloud, moment: str, *words: str) -> dict[str, Any]:
    """What ``cairn`` says at a moment, as the timer runs it on the host."""
    environment = cloud.ansible.environment()
    environment["PYTHONPATH"] = environment["ANSIBLE_COLLECTIONS_PATH"]
    command = [sys.executable, "-c", AT, moment, "-o", "json", *words]
    found: dict[str, Any] = json.loads(cloud.host.run(command, env=environment).stdout)
    return found


def test_a_policy_takes_snapshots_and_keeps_exactly_the_count(cloud: SmallCloud) -> None:
    policy = {"vm": "vm1", "device_id": 1, "interval_type": "hourly", "schedule": "30", "max_snaps": 2}
    cloud.task("volume_snapshot_policy", **policy)
    cloud.task("volume_snapshot", name="by hand", volume="DATA-vm1")
    taken = []
    for hour in range(4):
        moment = f"2040-01-01T{hour:02}:35:00Z"
        predicted, told = at(cloud, moment, "snapshots", "--check"), at(cloud, moment, "snapshots")
        assert predicted == told
        taken += told["taken"]
        assert told["removed"] == taken[hour - 2 : hour - 1]
        assert at(cloud, moment, "snapshots")["changed"] is False
    kept = cloud.answer("volume_snapshot_info", policy="hourly")["volume_snapshots"]
    assert [one["name"] for one in kept] == taken[-2:]
    assert all(one["taken"] and one["quiesced"] for one in kept)
    primary = cloud.host.storage / "primary"
    assert len(list(primary.glob("volume_snapshot-*.qcow2"))) == 3
    for name in ["by hand", *taken[-2:]]:
        cloud.task("volume_snapshot", name=name, state="absent")
    cloud.task("volume_snapshot_policy", vm="vm1", device_id=1, interval_type="hourly", state="absent")
    assert cloud.answer("drift")["drift"] == []


def test_what_was_lost_comes_back_and_others_start_from_it(cloud: SmallCloud) -> None:
    documents = cloud.documents
    # Not synced by hand: the guest's agent writes it out for the snapshot.
    before = digest(cloud.reach("vm1", f"{WRITE}; {SUM}"))
    root = {"kind": "volume_snapshot", "name": "root", "volume": "ROOT-vm1"}
    data = {"kind": "volume_snapshot", "name": "data", "volume": "DATA-vm1"}
    pid = cloud.qemu_pid(cloud.domain_of("vm1"))
    assert cloud.apply([*documents, root, data]).changed == 1
    assert cloud.apply([*documents, root, data]).changed == 0
    assert cloud.qemu_pid(cloud.domain_of("vm1")) == pid
    taken = {one["name"]: one for one in cloud.answer("volume_snapshot_info")["volume_snapshots"]}
    assert taken.keys() == {"data", "root"}
    assert all(one["taken"] and one["quiesced"] for one in taken.values())

    spoilt = cloud.reach("vm1", f"dd if=/dev/zero of=/mnt/d/file bs=64k count=8 conv=notrunc; sync; {SUM}")
    assert digest(spoilt) != before
    refused = cloud.task("volume_snapshot", name="data", state="reverted", check=False)
    assert "instance 'vm1' has to be restarted; stop it, or say force: true" in refused.stdout
    assert cloud.task("volume_snapshot", name="data", state="reverted", force=True, wait_timeout=60).changed == 1
    assert digest(cloud.reach("vm1", f"{MOUNT}; {SUM}")) == before
    assert cloud.apply([*documents, root, data]).changed == 0

    golden = {"kind": "template", "name": "golden", "snapshot": "root"}
    copy = {"kind": "volume", "name": "copy", "snapshot": "data", "vm": "vm2"}
    second = [*documents, golden, cloud.instance("vm2", template="golden"), copy]
    assert cloud.apply(second).changed == 1
    assert digest(cloud.reach("vm2", f"{MOUNT}; {SUM}; hostname")) == before
    assert cloud.apply(second).changed == 0
    for name in ("root", "data"):
        assert cloud.task("volume_snapshot", name=name, state="absent").changed == 1
    assert cloud.answer("drift")["drift"] == []
