# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Snapshots of a volume that a guest writes to: what was lost comes back, and other guests start from it."""

from __future__ import annotations

import re

from support.small_cloud import SmallCloud

MOUNT = "mkdir -p /mnt/d; mountpoint -q /mnt/d || mount /dev/vdb /mnt/d"
WRITE = f"mkfs.ext4 -q /dev/vdb; {MOUNT}; dd if=/dev/urandom of=/mnt/d/file bs=64k count=32"
SUM = "sha256sum /mnt/d/file"


def digest(said: str) -> str:
    found = re.search(r"[0-9a-f]{64}", said)
    assert found, said
    return found.group()


def test_what_was_lost_comes_back_and_others_start_from_it(cloud: SmallCloud) -> None:
    documents = [*cloud.documents, cloud.instance("vm1", disk_size=1)]
    cloud.apply(documents)
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
