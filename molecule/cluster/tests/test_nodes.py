# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What happens to guests when their node is to be empty, and when it starts anew; seen by commands that run in them."""

from __future__ import annotations

import contextlib
import itertools
import re
import time
import typing as t

import pytest

from support.machines.control import Control

RUNNING = "virsh --connect qemu:///system --quiet list --name"


def guests(machine: t.Any) -> list[str]:
    """The names of the guests that run on a node, without what makes them unique."""
    return sorted(name.rpartition("-")[0] for name in machine.check_output(RUNNING).split())


def run(control: Control, instance: str, command: str) -> str:
    """What a shell command in a guest says; the control node has no way to it but the daemon's."""
    task = {"cairn.cloud.instance_command": {"name": instance, "argv": ["sh", "-c", command]}, "register": "told"}
    out = control.directory / "told"
    control.play([task, {"ansible.builtin.copy": {"content": "{{ told.stdout }}", "dest": str(out), "mode": "0600"}}])
    return out.read_text()


def answers(control: Control, instance: str) -> bool:
    """Whether the agent of a guest carries out commands."""
    asked = {"cairn.cloud.instance_command": {"name": instance, "argv": ["true"]}, "ignore_errors": True}
    return "ignored=0" in control.play([asked])


def started(node: t.Any) -> str:
    """When the machine began, in ticks of the kernel's clock; empty while it does not answer."""
    with contextlib.suppress(RuntimeError):
        return str(node.check_output("cut -d' ' -f22 /proc/1/stat"))
    return ""


def uptime(control: Control, instance: str) -> float:
    return float(run(control, instance, "cut -d' ' -f1 /proc/uptime"))


@pytest.fixture(scope="module")
def on(nodes: list[str]) -> list[str]:
    """The guests of the first two nodes."""
    return [f"on-{node}" for node in nodes[:2]]


def test_a_node_is_emptied_and_filled_again(
    machines: dict[str, t.Any], nodes: list[str], control: Control, on: list[str]
) -> None:
    """Its guest moves while it runs, by TLS, with its disks and its cards."""
    before = uptime(control, on[1])
    run(control, on[1], "ip address replace 10.88.0.2/24 dev eth1; ip link set eth1 up")
    run(control, on[0], "ip address replace 10.88.0.1/24 dev eth1; ip link set eth1 up")
    run(control, on[0], "(ping -i 0.2 -w 120 10.88.0.2 > /tmp/pings 2>&1) > /dev/null 2>&1 &")
    control.play([{"cairn.cloud.host": {"name": nodes[1], "state": "maintenance"}}])
    assert guests(machines[nodes[1]]) == []
    assert guests(machines[nodes[0]]) == on
    assert uptime(control, on[1]) > before
    numbers = [int(found) for found in re.findall(r"seq=(\d+)", run(control, on[0], "killall ping; cat /tmp/pings"))]
    gaps = [later - earlier for earlier, later in itertools.pairwise(numbers)]
    print(f"the longest silence was {max(gaps) * 0.2:.1f} s")
    assert max(gaps) * 0.2 < 10
    # The documents say where the guest is, and nothing of whether the host is enabled.
    control.play([{"cairn.cloud.host": {"name": nodes[1], "state": "enabled"}}])
    assert control.apply() == 1
    assert guests(machines[nodes[1]]) == on[1:]
    assert uptime(control, on[1]) > before
    assert control.apply() == 0


def test_guests_come_back_with_their_node(
    machines: dict[str, t.Any], nodes: list[str], control: Control, on: list[str]
) -> None:
    """By themselves, with all that is around them: nothing is left to be done."""
    node, guest = machines[nodes[1]], on[1]
    before = uptime(control, guest)
    first = started(node)
    node.check_output("systemd-run --on-active=1 systemctl reboot")
    deadline = time.monotonic() + 300
    while started(node) in ("", first) or node.run(RUNNING).stdout.strip() == "":
        assert time.monotonic() < deadline, "the node or its guest does not come back"
        time.sleep(2)
    assert node.check_output("systemctl is-system-running --wait") == "running"
    while not answers(control, guest):
        assert time.monotonic() < deadline, "the guest does not answer"
        time.sleep(2)
    assert uptime(control, guest) < before
    assert control.apply() == 0
