# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Guests ask http://169.254.169.254/ who they are, and get nobody else's metadata, on a host that role node set up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.playbook import Ansible, Result
from support.private_libvirt import PrivateLibvirt
from support.small_cloud import SmallCloud

URL = "http://169.254.169.254/latest"
NETWORK, GATEWAY = "10.77.0.0/24", "10.77.0.1"
FIRST, SECOND = "#!/bin/sh\necho of the first \u00e4\n", "#!/bin/sh\necho of the second\n"


def run_role(ansible: Ansible, *arguments: str, metadata: str = "enabled", check: bool = True) -> Result:
    """The part of role node that is about metadata, in its form for machines without systemd."""
    host = ansible.directory / "host"
    variables = {"node_runs_systemd": False, "node_metadata": metadata, "node_metadata_dir": str(host / "program")}
    host.mkdir(exist_ok=True)
    tasks: list[dict[str, Any]] = [{"ansible.builtin.setup": {"gather_subset": ["min"]}}]
    for part in ("preflight", "metadata"):
        role = {"name": "cairn.cloud.node", "tasks_from": part}
        tasks.append({"ansible.builtin.include_role": role, "vars": variables})
    return ansible.play(tasks, *arguments, check=check, timeout=300)


@pytest.fixture
def answering(cloud: SmallCloud) -> Iterator[SmallCloud]:
    """The cloud, on a host that gives guests their metadata."""
    assert run_role(cloud.ansible, "--check").changed
    assert run_role(cloud.ansible).changed
    assert run_role(cloud.ansible).changed == 0
    yield cloud
    assert run_role(cloud.ansible, metadata="disabled").changed
    assert "169.254" not in cloud.host.run(["ip", "address"]).stdout
    assert cloud.host.run(["ss", "-Hltn", "sport = :80"]).stdout == ""


def get(path: str, *headers: str) -> str:
    words = "".join(f"--header '{header}' " for header in headers)
    return f"timeout 60 wget {words}-qO- {URL}/{path} 2>&1; echo"


def send(text: str) -> str:
    return f"printf '{text}' | timeout 60 nc 169.254.169.254 80; echo"


def ask_as(address: str, *, mac: str, own_mac: str) -> str:
    """Ask with another address and MAC, and become oneself again."""
    card = "ip link set eth0 down; ip link set eth0 address {}; ip link set eth0 up"
    via = f"via {GATEWAY}"
    steps = [card.format(mac), f"ip address add {address}/32 dev eth0", f"ip route replace default {via}"]
    steps += [f"ip route add 169.254.169.254 {via} src {address}", get("user-data"), card.format(own_mac)]
    return "; ".join([*steps, f"ip address del {address}/32 dev eth0", f"ip route replace default {via}"])


def test_a_host_whose_port_is_taken_is_left_as_it_is(libvirt_host: PrivateLibvirt, tmp_path: Path) -> None:
    server = [sys.executable, "-m", "http.server", "80", "--bind", "0.0.0.0"]
    taken = libvirt_host.popen(server, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        refused = run_role(Ansible(tmp_path, libvirt_host), check=False)
    finally:
        os.killpg(taken.pid, signal.SIGKILL)
        taken.wait()
    assert "another service listens on port 80 of all addresses of localhost" in refused.stdout
    assert refused.changed == 0
    assert "169.254" not in libvirt_host.run(["ip", "address"]).stdout


def gets_its_own(cloud: SmallCloud, first: dict[str, Any], other: str) -> None:
    """Whatever its headers say, and without a crash whatever it sends; ``other`` is another guest's address."""
    paths = ("instance-id", "local-ipv4", "public-keys/0/openssh-key", "placement/availability-zone", "public-ipv4")
    asked = [get(f"meta-data/{path}") for path in paths]
    asked += ["echo forged", get("user-data", f"Host: {other}", f"X-Forwarded-For: {other}")]
    asked += [send(r"PUT /latest/api/token HTTP/1.1\r\nX-aws-ec2-metadata-token-ttl-seconds: 60\r\n\r\n")]
    asked += [send(r"\000\377 junk\r\n\r\n"), get("user-data", "X-aws-ec2-metadata-token: forged")]
    said = cloud.reach("first", "; ".join(asked))
    for expected in (f"{first['id']}-0", first["default_ip"], cloud.public_key, "home", "404 Not Found"):
        assert expected in said
    assert "echo of the first ä" in said.partition("forged")[2]
    assert "X-aws-ec2-metadata-token-ttl-seconds: 60" in said
    assert "HTTP/1.1 400 Bad Request" in said
    assert "401 Unauthorized" in said
    assert "Traceback" not in said


def gets_it_where_the_network_has_it(cloud: SmallCloud) -> None:
    """Not by its default network, and by the other one."""
    way = f"ip route add 169.254.169.254 via {GATEWAY}"
    said = cloud.reach("second", f"{get('user-data')}; echo way; {way}; {get('user-data')}")
    without, _way, within = said.partition("way")
    assert "404 Not Found" in without
    assert "of the second" not in without
    assert "of the second" in within


def gets_nobody_elses(cloud: SmallCloud, own_mac: str, other: dict[str, Any]) -> None:
    """Though the first guest had won the other's address, and then its MAC too, from its host."""
    (bridge,) = {line.split()[2] for line in cloud.host.run(["ip", "route"]).stdout.splitlines() if NETWORK in line}
    (port,) = {line.split()[0] for line in cloud.virsh("domiflist", cloud.domain_of("first")).splitlines()}
    cloud.host.run(["bridge", "fdb", "replace", other["mac_address"], "dev", port, "master", "static"])
    neighbour = ["ip", "neigh", "replace", other["ip_address"], "dev", bridge, "nud", "permanent", "lladdr"]
    for mac in (own_mac, other["mac_address"]):
        cloud.host.run([*neighbour, mac])
        said = cloud.reach("first", ask_as(other["ip_address"], mac=mac, own_mac=own_mac))
        assert "404 Not Found" in said
        assert "of the second" not in said


def test_guests_get_their_own_metadata_and_nobody_elses(answering: SmallCloud) -> None:
    cloud = answering
    documents = [one for one in cloud.documents if one["kind"] not in ("network", "network_offering")]
    documents += [
        # Who asks is told without the filters that keep a guest from sending as another.
        {"kind": "network_offering", "name": "shared", "forged_transmits": True},
        {"kind": "network_offering", "name": "quiet", "user_data": False},
        {"kind": "network", "name": "lan", "network_offering": "shared", "cidr": NETWORK},
        {"kind": "network", "name": "mute", "network_offering": "quiet", "cidr": "10.78.0.0/24"},
        cloud.instance("first", networks=["lan"], user_data=FIRST),
        cloud.instance("second", networks=["mute", "lan"], user_data=SECOND),
    ]
    cloud.apply(documents)
    found = cloud.instances()
    other = found["second"]["nic"][1]
    gets_its_own(cloud, found["first"], other["ip_address"])
    gets_it_where_the_network_has_it(cloud)
    gets_nobody_elses(cloud, found["first"]["nic"][0]["mac_address"], other)
