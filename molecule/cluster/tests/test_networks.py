# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Guests on different nodes reach each other by the networks that they have in common, and by no others."""

from __future__ import annotations

import json
import shlex
import time
import typing as t

import pytest

from support.machines.control import Control
from support.machines.lab import NETWORK

# Runs a shell command in the guest of a host, by its agent; the answer is JSON with its exit status and output.
RUN = """
import base64, json, sys, time, libvirt, libvirt_qemu
libvirt.registerErrorHandler(lambda *_: None, None)
(guest,) = libvirt.open(sys.argv[1]).listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE)
def ask(what, **arguments):
    text = json.dumps({"execute": what, "arguments": arguments})
    return json.loads(libvirt_qemu.qemuAgentCommand(guest, text, 20, 0))["return"]
pid = ask("guest-exec", path="/bin/busybox", arg=["sh", "-c", sys.argv[2]], **{"capture-output": True})["pid"]
state = {"exited": False}
while not state["exited"]:
    time.sleep(0.2)
    state = ask("guest-exec-status", pid=pid)
print(json.dumps([state["exitcode"], base64.b64decode(state.get("out-data", "")).decode()]))
"""
# In the order of the instances' networks: lan, wire, other-wire.
WIRE, OTHER_WIRE = "eth1", "eth2"
FULL = 1450 - 28


class Guest:
    """The guest on a node, reached from the machine that manages."""

    def __init__(self, manager: t.Any, node: str) -> None:
        self._manager = manager
        self._url = f"qemu+tls://{node}/system?pkipath=/etc/cairn/pki"

    def run(self, command: str) -> tuple[int, str]:
        done = self._manager.run(shlex.join(["/opt/cairn/bin/python", "-c", RUN, self._url, command]))
        assert done.rc == 0, done.stderr
        status, output = json.loads(done.stdout)
        return status, output

    def listens(self) -> bool:
        words = ["/opt/cairn/bin/python", "-c", RUN, self._url, "true"]
        return bool(self._manager.run(shlex.join(words)).rc == 0)

    def address(self, card: str, address: str) -> None:
        status, output = self.run(f"ip link set {card} up && ip address replace {address}/24 dev {card}")
        assert status == 0, output

    def reaches(self, address: str, *options: str) -> bool:
        return self.run(f"ping -c 2 -W 5 {' '.join(options)} {address}")[0] == 0


@pytest.fixture(scope="module")
def guests(machines: dict[str, t.Any], nodes: list[str]) -> list[Guest]:
    """The guests of the first two nodes, with addresses on both wires."""
    found = [Guest(machines["m1"], node) for node in nodes[:2]]
    deadline = time.monotonic() + 180
    for number, guest in enumerate(found, 1):
        while not guest.listens():
            assert time.monotonic() < deadline, "the guest's agent does not answer"
            time.sleep(2)
        guest.address(WIRE, f"10.88.0.{number}")
        guest.address(OTHER_WIRE, f"10.89.0.{number}")
    return found


def test_guests_on_different_nodes_reach_each_other(guests: list[Guest]) -> None:
    assert guests[0].reaches("10.88.0.2")
    assert guests[1].reaches("10.89.0.1")


def test_what_fits_into_a_vxlan_passes_in_one_piece(guests: list[Guest]) -> None:
    assert guests[0].run(f"cat /sys/class/net/{WIRE}/mtu") == (0, "1450\n")
    assert guests[0].reaches("10.88.0.2", "-s", str(FULL))


def test_what_is_on_one_wire_is_not_on_another(guests: list[Guest]) -> None:
    guests[0].address(WIRE, "10.90.0.1")
    guests[1].address(OTHER_WIRE, "10.90.0.2")
    # Linux would answer for the address on its other cards, too.
    guests[1].run(f"ip link set {WIRE} down")
    assert not guests[0].reaches("10.90.0.2")
    guests[1].run(f"ip link set {WIRE} up")
    assert guests[0].reaches("10.90.0.2")


def test_what_guests_say_is_on_the_underlay_in_vxlans_of_their_nodes_alone(
    machines: dict[str, t.Any], nodes: list[str], guests: list[Guest], control: Control
) -> None:
    first, second = (control.addresses[node] for node in nodes[:2])
    with control.underlay() as packets:
        assert guests[0].reaches("10.88.0.2", "-s", str(FULL))
        assert guests[1].reaches("10.89.0.1")
    carried = [packet for packet in packets if packet.vni]
    ends = {(packet.source, packet.target) for packet in carried}
    assert {(first, second), (second, first)} <= ends
    # Whom a guest looks for it looks for in the group of the network's number.
    assert {end for pair in ends for end in pair if not end.startswith("239.")} == {first, second}
    assert {packet.vni for packet in carried if packet.inner.startswith("10.88.")} == {4096}
    assert {packet.vni for packet in carried if packet.inner.startswith("10.89.")} == {4097}
    assert {packet.source for packet in packets if not packet.source.startswith(NETWORK)} <= {"0.0.0.0"}


def test_a_vxlan_that_is_lost_is_made_again(
    machines: dict[str, t.Any], nodes: list[str], guests: list[Guest], control: Control
) -> None:
    machines[nodes[1]].check_output("ip link delete vx4096")
    assert not guests[0].reaches("10.88.0.2")
    assert control.apply() == 1
    assert guests[0].reaches("10.88.0.2")
    assert control.apply() == 0


def test_guests_go_on_without_the_daemon(machines: dict[str, t.Any], guests: list[Guest]) -> None:
    manager = machines["m1"]
    manager.check_output("systemctl stop cairn-daemon")
    try:
        assert not manager.file("/run/cairn/cairn.sock").exists
        assert guests[0].reaches("10.88.0.2")
        assert guests[1].reaches("10.89.0.1")
    finally:
        manager.check_output("systemctl start cairn-daemon")
