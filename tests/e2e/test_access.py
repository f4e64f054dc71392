# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Other SSH keys and a password reach a guest that runs, by its agent."""

from __future__ import annotations

import subprocess
from pathlib import Path

from support.small_cloud import SmallCloud

SECRET = "correct horse battery"
OWN = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJzq6vHqYT0lcyTJjWSt1oqVPcEkkNGFwfLbJj8P3gqL somebody@elsewhere"


def test_keys_and_a_password_are_changed_while_the_guest_runs(cloud: SmallCloud, tmp_path: Path) -> None:
    other = tmp_path / "other"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(other)], check=True)
    line = other.with_suffix(".pub").read_text().strip()
    documents = [*cloud.documents, {"kind": "ssh_key", "name": "other", "public_key": line}]
    cloud.apply([*documents, cloud.instance("vm1")])
    cloud.reach("vm1", f"echo '{OWN}' >> /root/.ssh/authorized_keys")

    both = cloud.instance("vm1", password=SECRET) | {"ssh_keys": ["me", "other"]}
    predicted, changed = (cloud.apply([*documents, both], *how, "--diff") for how in (["--check"], []))
    assert predicted.changed == changed.changed == 1
    for said in (predicted, changed):
        assert SECRET not in said.stdout + said.stderr
        assert "(hidden" in said.stdout
    assert cloud.apply([*documents, both]).changed == 0
    keys = cloud.reach("vm1", "cat /root/.ssh/authorized_keys; grep ^root: /etc/shadow")
    assert [known in keys for known in (line, cloud.public_key, OWN)] == [True] * 3
    assert "root:$" in keys

    cloud.apply([*documents, cloud.instance("vm1") | {"ssh_keys": ["me"]}])
    keys = cloud.reach("vm1", "cat /root/.ssh/authorized_keys")
    assert [known in keys for known in (line, cloud.public_key, OWN)] == [False, True, True]
    assert SECRET not in cloud.virsh("dumpxml", cloud.domain_of("vm1"))
    assert SECRET.encode() not in cloud.database.read_bytes()
