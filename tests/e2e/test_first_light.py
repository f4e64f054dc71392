# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""From documents to a virtual machine that answers Ansible."""

from __future__ import annotations

from support.small_cloud import SmallCloud

USER_DATA = "#cloud-config\nwrite_files:\n  - path: /etc/greeting\n    content: hello from user data\n"


def test_a_guest_answers_through_the_inventory(cloud: SmallCloud) -> None:
    documents = [*cloud.documents, cloud.instance("web1", disk_size=1, user_data=USER_DATA, tags={"role": "web"})]

    first = cloud.apply(documents)
    assert first.changed == 1
    shown = cloud.reach("web1", "hostname; cat /etc/greeting; cat /proc/partitions")
    assert "web1" in shown
    assert "hello from user data" in shown
    assert "vdb" in shown

    assert cloud.apply(documents).changed == 0
    assert cloud.answer("drift")["drift"] == []


def test_lifecycle_by_single_tasks(cloud: SmallCloud) -> None:
    cloud.apply([*cloud.documents, cloud.instance("vm1")])
    domain = cloud.domain_of("vm1")
    # A guest that has not booted yet hears nothing of a shutdown, nor lets go of a disk.
    cloud.reach("vm1", "true")
    assert cloud.task("instance", name="vm1", state="stopped", wait_timeout=60).changed == 1
    assert cloud.virsh("domstate", domain) == "shut off"
    assert cloud.task("instance", name="vm1", state="stopped").changed == 0
    assert cloud.task("instance", name="vm1").changed == 0
    assert cloud.task("instance", name="vm1", state="started").changed == 1
    assert cloud.virsh("domstate", domain) == "running"
    assert cloud.task("volume", name="data", size=1, vm="vm1", state="attached").changed == 1
    assert "vdb" in cloud.virsh("domblklist", domain)
    assert cloud.task("volume", name="data", size=2).changed == 1
    assert cloud.task("instance", name="vm1", state="destroyed").changed == 1
    assert cloud.domains() == []
    assert cloud.task("instance", name="vm1").changed == 1
    assert cloud.virsh("domstate", domain) == "running"
    cloud.reach("vm1", "true")
    assert cloud.task("volume", name="data", state="detached").changed == 1
    assert "vdb" not in cloud.virsh("domblklist", domain)
    assert cloud.task("instance", name="vm1", state="absent").changed == 1
    assert cloud.domains() == []
    assert cloud.task("volume", name="data", state="absent").changed == 1
