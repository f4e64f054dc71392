# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The database is lost: it is read back from the host while the guest runs on."""

from __future__ import annotations

import json
from typing import Any

from support.small_cloud import SmallCloud

KINDS = {
    "host": "hosts",
    "instance": "instances",
    "network": "networks",
    "ssh_key": "ssh_keys",
    "template": "templates",
    "user_data": "user_data",
    "volume": "volumes",
    "volume_snapshot": "volume_snapshots",
}
BOOT_ID = "cat /proc/sys/kernel/random/boot_id"


def everything(cloud: SmallCloud) -> dict[str, list[dict[str, Any]]]:
    """What info modules return, but for what is learnt when a snapshot is taken; all in one play."""
    out = cloud.directory / "everything.json"
    tasks = [{f"cairn.cloud.{kind}_info": {"api_url": cloud.api_url}, "register": many} for kind, many in KINDS.items()]
    shown = ", ".join(f"'{many}': {many}.{many}" for many in KINDS.values())
    copy = {"dest": str(out), "content": f"{{{{ {{{shown}}} | to_json }}}}", "mode": "0600"}
    cloud.ansible.play([*tasks, {"ansible.builtin.copy": copy}], timeout=300)
    found: dict[str, list[dict[str, Any]]] = json.loads(out.read_text())
    for snapshot in found["volume_snapshots"]:
        snapshot.pop("quiesced", None)
    return found


def lose_database(cloud: SmallCloud) -> None:
    for suffix in ("", "-wal", "-shm"):
        cloud.database.with_name(f"{cloud.database.name}{suffix}").unlink(missing_ok=True)


def test_a_lost_database_is_read_back(cloud: SmallCloud) -> None:
    documents = [
        *cloud.documents,
        {"kind": "user_data", "name": "hello", "user_data": "#cloud-config\n{}\n"},
        cloud.instance("web", user_data_name="hello", tags={"role": "web"}),
        cloud.instance("spare", user_data="#!/bin/sh\necho secret-word\n", state="deployed"),
        {"kind": "volume", "name": "data", "size": 1, "vm": "web"},
        {"kind": "volume_snapshot", "name": "before", "volume": "data"},
    ]
    cloud.apply(documents)
    booted = cloud.reach("web", BOOT_ID)
    pid, before = cloud.qemu_pid(cloud.domain_of("web")), everything(cloud)
    records = cloud.host.storage.glob("primary/record-*")
    assert all("secret-word" not in record.read_text() for record in records)
    looks = {what: shown for what, shown in cloud.fingerprint().items() if what != "database"}

    lose_database(cloud)
    predicted = cloud.task("rebuild", "--check", hosts=["qemu:///system"])
    assert not cloud.database.exists()
    made = cloud.task("rebuild", hosts=["qemu:///system"])
    assert (predicted.changed, made.changed) == (1, 1)
    assert everything(cloud) == before
    assert cloud.answer("drift")["drift"] == []

    assert cloud.apply(documents).changed == 0
    assert {what: shown for what, shown in cloud.fingerprint().items() if what != "database"} == looks
    assert cloud.qemu_pid(cloud.domain_of("web")) == pid
    assert cloud.reach("web", BOOT_ID) == booted
    refused = cloud.task("rebuild", hosts=["qemu:///system"], check=False)
    assert "the database is not empty" in refused.stdout

    cloud.apply([*documents, cloud.instance("new", state="deployed")])
    after = everything(cloud)["instances"]
    cards = [card for one in after for card in one["nic"]]
    assert len({card["mac_address"] for card in cards}) == len({card["ip_address"] for card in cards}) == 3
    assert [one for one in after if one["name"] != "new"] == before["instances"]
