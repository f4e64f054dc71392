# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A guest starts from an ISO with an empty root volume, and gets all that can change while it runs."""

from __future__ import annotations

from pathlib import Path

from support import boot_iso
from support.small_cloud import SmallCloud


def test_a_guest_runs_from_an_iso(cloud: SmallCloud, tmp_path: Path) -> None:
    image = boot_iso.build(cloud.image, cloud.state / "boot.iso", tmp_path)
    machine = cloud.instance("fresh", iso="boot", root_disk_size=1, max_cpu=2, max_memory=160)
    large = {"kind": "service_offering", "name": "large", "cpu_number": 2, "memory": 160}
    machine["service_offering"] = "tiny"
    documents = [*cloud.documents, large, {"kind": "iso", "name": "boot", "url": f"file://{image}"}, machine]
    cloud.apply(documents)
    assert "disk" in cloud.reach("fresh", "cat /sys/block/vda/size && grep -c BOOT /dev/sr1 && echo disk")

    assert cloud.apply([*documents[:-1], {**machine, "root_disk_size": 2}]).changed == 1
    assert str(2 << 21) in cloud.reach("fresh", "cat /sys/block/vda/size")

    memory = _memory(cloud)
    assert cloud.task("instance", name="fresh", service_offering="large").changed == 1
    assert cloud.task("instance", name="fresh", service_offering="large").changed == 0
    assert "cpu1" in cloud.reach("fresh", "ls /sys/devices/system/cpu")
    assert _memory(cloud) > memory + 24 * 1024

    assert cloud.task("iso", name="boot", vm="fresh", state="detached").changed == 1
    assert cloud.task("iso", name="boot", vm="fresh", state="detached").changed == 0
    assert "empty" in cloud.reach("fresh", "head -c 1 /dev/sr1 >/dev/null 2>&1 || echo empty")
    assert cloud.task("iso", name="boot", state="absent").changed == 1
    assert not list((cloud.host.storage / "primary").glob("iso-*"))
    assert cloud.answer("drift")["drift"] == []


def _memory(cloud: SmallCloud) -> int:
    """KiB that the guest has, once its balloon has stopped changing."""
    count = "awk '/MemTotal/ {print $2}' /proc/meminfo"
    script = f"a=0; b=1; until [ $a = $b ]; do a=$b; sleep 2; b=$({count}); done; echo has $b"
    return int(cloud.reach("fresh", script).split("has ")[1].split()[0])
