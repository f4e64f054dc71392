# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What goes through a running guest's agent: other SSH keys, a password, commands."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

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


def _command(problem: str, *argv: str, **more: Any) -> dict[str, Any]:
    """A task that fails unless what is registered as ``told`` is as it has to be."""
    command = {"name": "vm1", "argv": [*argv]} | more
    return {"cairn.cloud.instance_command": command, "register": "told", "failed_when": problem, "changed_when": False}


def test_commands_run_in_a_guest(cloud: SmallCloud) -> None:
    cloud.apply([*cloud.documents, cloud.instance("vm1")])
    cloud.reach("vm1", "true")
    shell = ("sh", "-c")
    tasks = [
        _command(
            "told.rc != 3 or told.stdout != 'given, /root root' or told.stderr != 'oops'",
            *(*shell, "cat; printf '%s' \"$HOME $USER\"; printf oops >&2; exit 3"),
            stdin="given, ",
        ),
        _command(
            "told.stdout | int != 1000000 or told.rc != 0",
            *shell,
            "wc -c; ls /tmp/tmp.* && exit 1 || true",
            stdin="x" * 1_000_000,
        ),
        _command("told.rc != 137", *shell, "kill -9 $$"),
        _command("told.stdout != 'AP8='", "cat", stdin="AP8=", encoding="base64"),
        _command("told.stdout | length != 2000000", *shell, "head -c 2000000 /dev/zero | tr '\\0' x"),
        _command("'more than an agent tells' not in told.msg", *shell, "head -c 6000000 /dev/zero | tr '\\0' x"),
        _command("'goes on after 1 seconds' not in told.msg", "sleep", "5", timeout=1),
        _command("'/no/such' not in told.msg", "/no/such"),
    ]
    assert cloud.ansible.play(tasks).changed == 0
    by_agent = ("-e", "ansible_connection=cairn.cloud.guest_agent")
    raw = cloud.ansible.run("ansible", "vm1", "-i", "cloud.cairn.yml", *by_agent, "-m", "raw", "-a", "hostname; id -u")
    assert raw.stdout.split()[-2:] == ["vm1.cairn.internal", "0"]
