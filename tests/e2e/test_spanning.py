# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""An isolated network on two hosts, by packets: a guest on each, the router on one, and a machine outside.

VXLANs go over the cable between the hosts. The machine outside is a network namespace on the bridge of public traffic,
which both hosts have, and knows nothing of the guests' network.
"""

from __future__ import annotations

import subprocess
import time
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import agent
from support.flows import CLIENT, echoed
from support.moving_hosts import MovingHosts
from support.small_cloud import Documents, SmallCloud

SOURCE, OUTSIDE = "198.51.100.10", "198.51.100.200"
WEB, DB, STRANGER = "10.1.1.2", "10.1.1.3", "10.1.1.99"
# All that an Ethernet cable carries of a packet in a VXLAN, and what of that is data of a ping.
MTU = 1450
FULL = MTU - 28
NETWORKS: Documents = [
    {"kind": "physical_network", "name": "cabling", "isolation_method": "VXLAN"},
    {"kind": "physical_network", "name": "uplink"},
    {"kind": "traffic_type", "traffic_type": "Public", "physical_network": "uplink", "kvm_networklabel": "br-ext"},
    {"kind": "network_offering", "name": "public", "traffic_type": "PUBLIC", "source_nat": False},
    {"kind": "network_offering", "name": "isolated", "guest_ip_type": "Isolated"},
    {"kind": "network_offering", "name": "l2", "guest_ip_type": "L2"},
    {
        "kind": "network",
        "name": "outside",
        "network_offering": "public",
        "physical_network": "uplink",
        "cidr": "198.51.100.0/24",
        "start_ip": SOURCE,
        "end_ip": "198.51.100.20",
    },
    {
        "kind": "network",
        "name": "inside",
        "network_offering": "isolated",
        "physical_network": "cabling",
        "network_domain": "inside.example",
    },
    {"kind": "network", "name": "wire", "network_offering": "l2", "physical_network": "cabling"},
]
RULES: Documents = [
    {"kind": "portforward", "ip_address": SOURCE, "public_port": 8080, "private_port": 80, "vm": "db"}
    | {"open_firewall": True},
    {"kind": "portforward", "ip_address": SOURCE, "public_port": 2222, "vm": "db", "open_firewall": True},
]
OUT = ("ip", "netns", "exec", "out")
SERVER = """
import http.server
class Tell(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.client_address[0].encode())
http.server.HTTPServer(("", 8000), Tell).serve_forever()
"""
# Counts packets that fill the MTU and may not be cut, as they come out of the VXLAN.
COUNT = """
table bridge span {
    chain forward { type filter hook forward priority 0; ip length 1450 ip frag-off & 0x4000 != 0 counter; }
}
"""
Record = t.Callable[[str, float], None]


class Site:
    """The cloud, its guests, and the machine outside. ``web`` is on h1, and the router; ``db`` and ``stranger`` on
    h2."""

    def __init__(self, hosts: MovingHosts, cloud: SmallCloud, router_image: Path) -> None:
        self.hosts, self.cloud = hosts, cloud
        routing = {"kind": "template", "name": "router", "url": f"file://{router_image}", "is_routing": True}
        kept = [one for one in cloud.documents if one["kind"] != "network"]
        guests = [
            cloud.instance("web", host="h1", networks=["inside"]),
            cloud.instance("db", host="h2", networks=["inside"]),
            cloud.instance("stranger", host="h2", networks=["wire"]),
        ]
        self.documents = [*hosts.documents(kept), routing, *NETWORKS, *guests, *RULES]
        self._join_public_bridges()
        self.cloud.apply(self.documents)
        self._plug_in()
        self.run("db", "httpd -p 80 -h /etc; nc -ll -p 2222 -e cat </dev/null >/dev/null 2>&1 &", patience=120)

    def _join_public_bridges(self) -> None:
        self.hosts.cable("ext")
        for host in self.hosts.hosts:
            host.run(["ip", "link", "add", "br-ext", "type", "bridge"])
            host.run(["ip", "link", "set", "ext", "master", "br-ext"])
            host.run(["ip", "link", "set", "br-ext", "up"])

    def _plug_in(self) -> None:
        host = self.hosts.hosts[0]
        for command in (
            "ip netns add out",
            "ip link add out0 type veth peer name eth0 netns out",
            "ip link set out0 master br-ext up",
            f"ip -n out addr add {OUTSIDE}/24 dev eth0",
            "ip -n out link set eth0 up",
        ):
            host.run(command.split())
        self.server = host.popen([*OUT, "python3", "-c", SERVER])

    def where(self, name: str) -> int:
        """The number of the host that the machine runs on."""
        return next(number for number in (1, 2) if f"{name}-" in self.hosts.domains(number))

    def domain_of(self, name: str) -> str:
        return next(one for one in self.hosts.domains(self.where(name)).split() if one.startswith(f"{name}-"))

    def run(self, name: str, script: str, *, patience: float = 30) -> tuple[int, str]:
        """Exit status and output of a shell script in a guest."""
        return agent.run(self.hosts.hosts[self.where(name) - 1], self.domain_of(name), script, patience=patience)

    def await_lease(self, name: str, address: str) -> None:
        deadline = time.monotonic() + 120
        while f" {address}/24 " not in self.run(name, "ip -4 addr show dev eth0", patience=120)[1]:
            assert time.monotonic() < deadline, f"{name} got no lease"
            time.sleep(1)

    def offered(self, name: str) -> str:
        """Address and MTU that a guest is given when it asks by DHCP; it makes nothing of them."""
        tell = """printf '#!/bin/sh\\n[ -z "$ip" ] || echo $ip $mtu\\n' >/tmp/tell; chmod +x /tmp/tell"""
        return self.run(name, f"{tell}; udhcpc -i eth0 -f -n -q -t 5 -O mtu -s /tmp/tell 2>/dev/null")[1].strip()

    def reaches(self, name: str, address: str, *options: str, patience: int = 5) -> bool:
        return self.run(name, f"ping -c 2 -W {patience} {' '.join(options)} {address}")[0] == 0

    def seen_as(self, name: str) -> str:
        """The address that the machine outside sees when a guest calls it."""
        return self.run(name, f"timeout 10 wget -q -O- http://{OUTSIDE}:8000/")[1]

    def answer(self) -> str:
        """The name of the guest that answers the machine outside at the forwarded port."""
        url = f"http://{SOURCE}:8080/hostname"
        script = f"import urllib.request as u; print(u.urlopen('{url}', timeout=10).read().decode())"
        return self.hosts.hosts[0].run([*OUT, "python3", "-c", script], check=False).stdout.strip()

    def lose(self, number: int) -> None:
        """Have all that runs on a host gone, and nothing answer there; its end of the cable stays."""
        host = self.hosts.hosts[number - 1]
        for domain in self.hosts.domains(number).split():
            host.run(["virsh", "destroy", domain])
        host.run(["sh", "-c", "kill $(cat /run/libvirtd.pid)"])
        deadline = time.monotonic() + 30
        while host.run(["virsh", "uri"], check=False).returncode == 0:
            assert time.monotonic() < deadline, "libvirtd does not end"
            time.sleep(0.5)

    def close(self) -> None:
        self.server.kill()
        self.server.wait()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, tiny_image: Path, router_image: Path) -> Iterator[Site]:
    with MovingHosts.started(tmp_path_factory.mktemp("pki")) as hosts:
        cloud = SmallCloud(hosts.hosts[0], tmp_path_factory.mktemp("spanning"), tiny_image)
        made = Site(hosts, cloud, router_image)
        yield made
        made.close()


def test_a_second_run_finds_nothing_to_do_and_there_is_no_drift(site: Site) -> None:
    assert site.cloud.apply(site.documents).changed == 0
    assert site.cloud.apply(site.documents, "--check").changed == 0
    assert site.cloud.answer("drift")["drift"] == []
    assert [site.where(name) for name in ("web", "db", "r-inside")] == [1, 2, 1]


def test_guests_on_both_hosts_have_leases_and_names_from_the_router(site: Site) -> None:
    for name, address in (("web", WEB), ("db", DB)):
        site.await_lease(name, address)
        for other, expected in (("web", WEB), ("db", DB)):
            assert expected in site.run(name, f"nslookup {other}.inside.example 10.1.1.1")[1]


def test_what_fills_the_mtu_passes_between_hosts_in_one_piece(site: Site) -> None:
    second = site.hosts.hosts[1]
    second.run(["nft", "-f", "-"], stdin=COUNT)
    assert site.run("web", "cat /sys/class/net/eth0/mtu") == (0, f"{MTU}\n")
    assert site.run("r-inside", "cat /sys/class/net/guest/mtu") == (0, f"{MTU}\n")
    # As is told to guests that have no virtio to know it by.
    assert [site.offered(name) for name in ("web", "db")] == [f"{WEB} {MTU}", f"{DB} {MTU}"]
    assert site.reaches("web", DB, "-s", str(FULL))
    assert site.reaches("db", "10.1.1.1", "-s", str(FULL))
    counted = second.run(["nft", "list", "table", "bridge", "span"]).stdout
    second.run(["nft", "delete", "table", "bridge", "span"])
    # Two pings either way; Linux lets its answers be cut.
    assert "counter packets 4 bytes" in counted


def test_guests_on_both_hosts_reach_the_outside_by_the_public_address(site: Site) -> None:
    assert site.seen_as("web") == SOURCE
    assert site.seen_as("db") == SOURCE


def test_the_outside_reaches_a_guest_that_is_not_on_the_host_of_the_router(site: Site) -> None:
    assert site.answer() == "db.inside.example"


def test_a_guest_of_another_network_reaches_none_of_them(site: Site) -> None:
    status, said = site.run("stranger", f"ip link set eth0 up && ip address add {STRANGER}/24 dev eth0", patience=120)
    assert status == 0, said
    for address in (WEB, DB, "10.1.1.1"):
        assert not site.reaches("stranger", address, patience=2)
    assert not site.reaches("db", STRANGER, patience=2)


def test_a_guest_that_moves_stays_within_its_network(site: Site) -> None:
    up = "cut -d. -f1 /proc/uptime"
    before = int(site.run("db", up)[1])
    site.cloud.task("instance", name="db", host="h1")
    assert site.where("db") == 1
    assert site.answer() == "db.inside.example"
    assert site.reaches("db", WEB)
    site.cloud.task("instance", name="db", host="h2")
    assert site.where("db") == 2
    assert site.answer() == "db.inside.example"
    assert site.seen_as("db") == SOURCE
    assert int(site.run("db", up)[1]) > before


def test_the_router_leaves_a_host_in_maintenance_while_it_is_used(site: Site, record_property: Record) -> None:
    first = site.hosts.hosts[0]
    given = site.domain_of("r-inside")
    booted = site.run("r-inside", "cut -d. -f1 /proc/uptime")[1]
    command = [*OUT, "python3", "-c", CLIENT, SOURCE, "2222"]
    with first.popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as flow:
        try:
            assert echoed(flow, "one") == "one"
            begun = time.monotonic()
            done = site.cloud.task("host", name="h1", state="maintenance")
            record_property("seconds until a host is left by a guest and a router", round(time.monotonic() - begun, 1))
            assert done.changed == 1
            assert echoed(flow, "two") == "two"
        finally:
            flow.kill()
    assert [site.where(name) for name in ("web", "r-inside", "db")] == [2, 2, 2]
    assert site.hosts.domains(1, "--all") == ""
    assert site.domain_of("r-inside") == given
    assert int(site.run("r-inside", "cut -d. -f1 /proc/uptime")[1]) > int(booted)
    assert site.seen_as("web") == SOURCE
    # It runs with what it was given before.
    assert site.cloud.task("host", name="h1", state="maintenance").changed == 0
    assert site.cloud.answer("drift")["drift"] == []


def test_a_router_whose_host_is_lost_is_made_anew_elsewhere(site: Site, record_property: Record) -> None:
    site.cloud.task("host", name="h1", state="enabled")
    site.cloud.task("router", name="r-inside", host="h2")
    site.cloud.task("instance", name="web", host="h1")
    assert [site.where(name) for name in ("web", "r-inside", "db")] == [1, 2, 2]
    assert site.seen_as("web") == SOURCE
    site.lose(2)
    waits = site.cloud.task("router", name="r-inside", host="h1", check=False)
    assert "cannot be reached" in waits.stdout
    begun = time.monotonic()
    forced = site.cloud.task("router", name="r-inside", host="h1", force=True)
    record_property("seconds until a router is made anew", round(time.monotonic() - begun, 1))
    assert forced.changed == 1
    assert "is forgotten and left behind on it" in " ".join(f"{forced.stdout} {forced.stderr}".split())
    assert site.seen_as("web") == SOURCE
    assert site.offered("web") == f"{WEB} {MTU}"
    assert site.cloud.task("router", name="r-inside").changed == 0
