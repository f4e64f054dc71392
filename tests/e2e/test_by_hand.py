# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What somebody changes by hand is named by drift and mended by apply; what is not ours stays as it is."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest

from support.small_cloud import SmallCloud

FOREIGN_DOMAIN = """<domain type='qemu'><name>foreign-vm</name><memory unit='MiB'>32</memory><vcpu>1</vcpu>
<os><type arch='x86_64'>hvm</type></os></domain>"""
FOREIGN_NETWORK = """<network><name>foreign-net</name><bridge name='fbr0'/><ip address='10.78.0.1'
netmask='255.255.255.0'/></network>"""


@pytest.fixture
def foreign(cloud: SmallCloud, tmp_path: Path) -> list[tuple[str, str]]:
    """A running foreign domain and network; returns what shows them."""
    for name, text in (("domain.xml", FOREIGN_DOMAIN), ("network.xml", FOREIGN_NETWORK)):
        (cloud.state / name).write_text(text)
    cloud.virsh("define", str(cloud.state / "domain.xml"))
    cloud.virsh("start", "foreign-vm")
    cloud.virsh("net-define", str(cloud.state / "network.xml"))
    cloud.virsh("net-start", "foreign-net")
    yield [("dumpxml", "foreign-vm"), ("net-dumpxml", "foreign-net")]
    cloud.virsh("destroy", "foreign-vm")
    cloud.virsh("undefine", "foreign-vm")
    cloud.virsh("net-destroy", "foreign-net")
    cloud.virsh("net-undefine", "foreign-net")


def kill_qemu(cloud: SmallCloud, domain: str) -> None:
    cloud.host.run(["kill", "-9", str(cloud.qemu_pid(domain))])
    for _turn in range(50):
        if cloud.virsh("domstate", domain) == "shut off":
            return
        time.sleep(0.1)
    raise AssertionError("the domain is still there")


def drop_lease(cloud: SmallCloud) -> None:
    network = next(n for n in cloud.virsh("net-list", "--name").split() if n.startswith("lan-"))
    host = re.search(r"<host mac='[^']+'[^>]*/>", cloud.virsh("net-dumpxml", network))
    assert host
    cloud.virsh("net-update", network, "delete", "ip-dhcp-host", host[0], "--live", "--config")


def test_changes_by_hand_are_named_and_mended(cloud: SmallCloud, foreign: list[tuple[str, str]]) -> None:
    documents = [*cloud.documents, cloud.instance("vm1"), cloud.instance("vm2"), cloud.instance("vm3")]
    cloud.apply(documents)
    theirs = [cloud.virsh(*command) for command in foreign]

    kill_qemu(cloud, cloud.domain_of("vm1"))
    domain = cloud.domain_of("vm2")
    cloud.virsh("destroy", domain)
    cloud.virsh("undefine", domain)
    drop_lease(cloud)

    found = {(item["name"], item["field"].split(" ")[0]) for item in cloud.answer("drift")["drift"]}
    assert ("vm1", "power") in found
    assert ("vm2", "domain") in found
    assert any(field == "lease" for _name, field in found)

    result = cloud.apply(documents)
    assert result.changed == 1
    assert cloud.answer("drift")["drift"] == []
    assert {cloud.virsh("domstate", cloud.domain_of(name)) for name in ("vm1", "vm2", "vm3")} == {"running"}
    assert cloud.apply(documents).changed == 0
    assert [cloud.virsh(*command) for command in foreign] == theirs
    assert os.path.exists(cloud.database)
