# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""An isolated network with its virtual router, by packets: two guests inside, and a machine outside.

The machine outside is a network namespace on the host's public bridge. It knows nothing of the guests' network.
"""

from __future__ import annotations

import json
import subprocess
import time
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.ssh_keys import exchange
from support import agent
from support.flows import CLIENT, echoed
from support.playbook import Result
from support.private_libvirt import PrivateLibvirt
from support.small_cloud import Documents, SmallCloud

SOURCE, SPARE, OUTSIDE = "192.0.2.10", "192.0.2.11", "192.0.2.200"
NETWORKS: Documents = [
    {"kind": "network_offering", "name": "public", "traffic_type": "PUBLIC", "source_nat": False},
    {"kind": "network_offering", "name": "isolated", "guest_ip_type": "Isolated"},
    {
        "kind": "network",
        "name": "outside",
        "network_offering": "public",
        "cidr": "192.0.2.0/24",
        "start_ip": SOURCE,
        "end_ip": "192.0.2.20",
    },
    {"kind": "network", "name": "inside", "network_offering": "isolated", "network_domain": "inside.example"},
]
RULES: Documents = [
    {"kind": "ip_address", "ip_address": SPARE, "network": "inside"},
    {"kind": "portforward", "ip_address": SOURCE, "public_port": 8080, "private_port": 80, "vm": "web"},
    {"kind": "portforward", "ip_address": SOURCE, "public_port": 2222, "vm": "web", "open_firewall": True},
    {"kind": "firewall", "ip_address": SOURCE, "port": 8080, "cidrs": [f"{OUTSIDE}/32"]},
    {"kind": "static_nat", "ip_address": SPARE, "vm": "db"},
    {"kind": "firewall", "ip_address": SPARE, "port": 80},
    {"kind": "firewall", "type": "egress", "network": "inside", "port": 8001},
    *(
        {"kind": "loadbalancer_rule", "ip_address": SOURCE, "open_firewall": True, "algorithm": "roundrobin"} | one
        for one in (
            {"name": "pages", "public_port": 8082, "private_port": 82},
            {"name": "echo", "public_port": 2223, "private_port": 2222, "cidr": "192.0.2.192/26"},
        )
    ),
    *({"kind": "loadbalancer_rule_member", "name": name, "vms": ["web", "db"]} for name in ("pages", "echo")),
    {"kind": "remote_access_vpn", "ip_address": SOURCE},
]
# Private and public keys of clients, of which the first one is let in.
LAPTOP, STRANGER = exchange(), exchange()
USER = {"kind": "vpn_user", "name": "laptop", "public_key": LAPTOP[1]}
HOSTNAMES = {"web.inside.example", "db.inside.example"}
# Tells who calls: the address that a guest has outside.
SERVER = """
import http.server, threading
class Tell(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.client_address[0].encode())
for port in (8000, 8001):
    threading.Thread(target=http.server.HTTPServer(("", port), Tell).serve_forever).start()
"""


class Site:
    """The cloud, its guests, and the machine outside."""

    def __init__(self, cloud: SmallCloud, image: Path) -> None:
        self.cloud, self.host = cloud, cloud.host
        self.rules = list(RULES)
        self.fields: dict[str, dict[str, t.Any]] = {"web": {}, "db": {}}
        routing = {"kind": "template", "name": "router", "url": f"file://{image}", "is_routing": True}
        shared = [{"kind": "network", "name": "lan", "cidr": "10.77.0.0/24", "network_offering": "shared"}]
        kept = [one for one in cloud.documents if one["kind"] != "network"]
        self.ground = [*kept, routing, *shared, *NETWORKS]
        self.apply()
        self.domain = {name: cloud.domain_of(name) for name in ("web", "db")}
        self.router = cloud.domain_of("r-inside")
        self.processes: list[subprocess.Popen[t.Any]] = []
        self.bridge = cloud.virsh("net-dumpxml", self.network("outside")).split("bridge name='")[1].split("'")[0]
        self._plug_in()
        for name in self.domain:
            self.serve(name)

    @property
    def documents(self) -> Documents:
        guests = [self.cloud.instance(name, networks=["inside"], **more) for name, more in self.fields.items()]
        return [*self.ground, *guests, *self.rules]

    def apply(self, *arguments: str) -> None:
        self.result: Result = self.cloud.apply(self.documents, *arguments, prune=True)

    def serve(self, name: str) -> None:
        """Have a guest that was just started answer on some ports."""
        servers = "httpd -p 80 -h /etc; httpd -p 81 -h /etc; nc -ll -p 2222 -e cat </dev/null >/dev/null 2>&1 &"
        servers += " httpd -f -p 82 -h /etc </dev/null >/dev/null 2>&1 & echo $! >/tmp/balanced"
        self.run(name, servers, patience=120)

    def await_lease(self, name: str, address: str) -> None:
        deadline = time.monotonic() + 120
        while f" {address}/24 " not in self.run(name, "ip -4 addr show dev eth0", patience=120)[1]:
            assert time.monotonic() < deadline, f"{name} got no lease"
            time.sleep(1)

    def network(self, name: str) -> str:
        names = self.cloud.virsh("net-list", "--all", "--name").split()
        return next(one for one in names if one.startswith(f"{name}-"))

    def _plug_in(self) -> None:
        """A network namespace with an address on the public bridge and no route but to that network."""
        for command in (
            "ip netns add out",
            "ip link add out0 type veth peer name eth0 netns out",
            f"ip link set out0 master {self.bridge} up",
            f"ip -n out addr add {OUTSIDE}/24 dev eth0",
            "ip -n out link set eth0 up",
            "ip -n out link set lo up",
        ):
            self.host.run(command.split())
        self.processes.append(self.host.popen([*OUT, "python3", "-c", SERVER]))

    def join(self) -> None:
        """Have the machine outside be a client of the VPN, by an interface that is called as its user."""
        self.processes.append(self.host.popen([*OUT, "wireguard-go", "-f", "laptop"], **QUIET))
        deadline = time.monotonic() + 30
        while self.host.run(["wg", "show", "laptop"], check=False).returncode:
            assert time.monotonic() < deadline, "wireguard-go does not start"
            time.sleep(0.2)
        (told,) = self.cloud.answer("vpn_user_info", name="laptop")["vpn_users"]
        self.peer = f"PublicKey = {told['server_public_key']}\nEndpoint = {told['endpoint']}\n"
        self.peer += f"AllowedIPs = {', '.join(told['allowed_networks'])}\n"
        for command in (
            f"ip -n out addr add {told['ip_address']}/32 dev laptop",
            "ip -n out link set laptop up",
            *(f"ip -n out route add {network} dev laptop" for network in told["allowed_networks"]),
        ):
            self.host.run(command.split())
        self.client, self.inner = told["ip_address"], self.cloud.instances()["web"]["default_ip"]

    def be(self, private_key: str) -> None:
        """Have the client begin anew, with this key."""
        given = f"[Interface]\nPrivateKey = {private_key}\n[Peer]\n{self.peer}"
        self.host.run(["wg", "setconf", "laptop", "/dev/stdin"], stdin=given)

    def gets_in(self, patience: float = 60) -> float:
        """Seconds until the client is answered by a guest's own address."""
        begun = time.monotonic()
        while not self.calls(self.inner, 81):
            assert time.monotonic() < begun + patience, self.host.run(["wg", "show", "laptop"]).stdout
        return round(time.monotonic() - begun, 1)

    def on_router(self, script: str) -> str:
        """The output of a shell script in the router."""
        self.domain["router"] = self.router
        return self.run("router", script)[1]

    def leave(self) -> None:
        self.host.run(["ip", "-n", "out", "link", "del", "laptop"], check=False)
        for process in self.processes:
            process.kill()
            process.wait()
        self.host.run(["ip", "netns", "del", "out"], check=False)
        self.host.run(["ip", "link", "del", "out0"], check=False)
        rules = [one | {"state": "absent"} for one in reversed(self.rules)]
        self.cloud.apply([*self.ground, *rules])

    def answer(self, address: str, port: int, patience: float = 4) -> str:
        """The name of the guest by which the machine outside is answered; empty where it is not."""
        url = f"http://{address}:{port}/hostname"
        script = f"import urllib.request as u; print(u.urlopen('{url}', timeout={patience}).read().decode())"
        return self.host.run([*OUT, "python3", "-c", script], check=False).stdout.strip()

    def calls(self, address: str, port: int, patience: float = 4) -> bool:
        """Whether the machine outside gets a page from a guest."""
        return self.answer(address, port, patience) != ""

    def await_answers(self, expected: set[str], patience: float = 90) -> float:
        """Seconds until calls of the load balancer, one after the other, are answered by all of these and by no other,
        each at once."""
        begun = time.monotonic()
        while True:
            since = time.monotonic()
            if {self.answer(SOURCE, 8082, 3) for _again in range(4)} == expected:
                return since - begun
            assert since < begun + patience, f"it is not {expected} who answer"

    def memory_of_router(self) -> str:
        return self.on_router("free -m | sed -n '/Mem/p'; ps -o rss,args | grep -F /usr/sbin/ | grep -v grep")

    def is_refused(self, address: str, port: int) -> bool:
        """Whether it gets none, for longer than one that it gets would take."""
        return not self.calls(address, port, patience=2)

    def seen_as(self, name: str, port: int = 8000) -> str:
        """The address that the machine outside sees when a guest calls it; empty where it is not reached."""
        return self.run(name, f"timeout 4 wget -q -O- http://{OUTSIDE}:{port}/")[1]

    def run(self, name: str, script: str, *, patience: float = 30) -> tuple[int, str]:
        """Exit status and output of a shell script in a guest, by its agent."""
        return agent.run(self.host, self.domain[name], script, patience=patience)


Record = t.Callable[[str, float], None]
OUT = ("ip", "netns", "exec", "out")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@pytest.fixture(scope="module")
def site(
    libvirt_host: PrivateLibvirt, tmp_path_factory: pytest.TempPathFactory, tiny_image: Path, router_image: Path
) -> Iterator[Site]:
    with SmallCloud(libvirt_host, tmp_path_factory.mktemp("router"), tiny_image) as small:
        made = Site(small, router_image)
        yield made
        made.leave()


def test_a_second_run_finds_nothing_to_do_and_a_check_says_so(site: Site) -> None:
    site.apply()
    assert site.result.changed == 0
    site.apply("--check")
    assert site.result.changed == 0


def test_guests_get_their_leases_and_know_each_other_by_name(site: Site) -> None:
    addresses = {name: one["default_ip"] for name, one in site.cloud.instances().items()}
    for name, other in (("web", "db"), ("db", "web")):
        site.await_lease(name, addresses[name])
        for asked in (other, f"{other}.inside.example"):
            assert addresses[other] in site.run(name, f"nslookup {asked} 10.1.1.1")[1]


def test_guests_reach_the_outside_by_their_public_addresses(site: Site) -> None:
    assert site.seen_as("web") == SOURCE
    assert site.seen_as("db") == SPARE


def test_what_may_not_go_out_does_not(site: Site) -> None:
    assert site.seen_as("web", 8001) == ""


def test_the_outside_reaches_what_is_forwarded_and_let_in(site: Site) -> None:
    assert site.calls(SOURCE, 8080)
    assert site.calls(SPARE, 80)
    assert site.is_refused(SPARE, 81)
    assert site.is_refused(SOURCE, 80)


def test_a_guest_calls_its_neighbour_by_a_public_address(site: Site) -> None:
    assert site.run("db", f"timeout 4 wget -q -O- http://{SOURCE}:8080/hostname")[1].strip() == "web.inside.example"


def test_the_inventory_reaches_guests_that_no_route_leads_to(site: Site) -> None:
    raw = ("-i", "cloud.cairn.yml", "-m", "ansible.builtin.raw", "-a", "hostname")
    told = site.cloud.ansible.run("ansible", "web:db", *raw).stdout
    assert {line for line in told.splitlines() if line in HOSTNAMES} == HOSTNAMES


def test_members_are_called_in_turn_from_outside_and_inside(site: Site, record_property: Record) -> None:
    # One that was not up yet when the router began is called when it has answered twice.
    site.await_answers(HOSTNAMES)
    inside = f"for n in 1 2 3 4; do timeout 4 wget -q -O- http://{SOURCE}:8082/hostname; done"
    assert set(site.run("db", inside)[1].split()) == HOSTNAMES
    record_property("memory of a router, and of its programs (KiB)", site.memory_of_router())


def test_a_member_that_does_not_answer_is_called_no_more_until_it_does(site: Site, record_property: Record) -> None:
    site.run("web", "kill $(cat /tmp/balanced)")
    # Its port is closed, which who calls at once does not notice.
    assert {site.answer(SOURCE, 8082, 10) for _again in range(4)} == {"db.inside.example"}
    # Longer than it takes until it is given up.
    time.sleep(10)
    assert {site.answer(SOURCE, 8082) for _again in range(4)} == {"db.inside.example"}
    site.run("web", "httpd -f -p 82 -h /etc </dev/null >/dev/null 2>&1 & echo $! >/tmp/balanced")
    record_property("seconds until a member whose server is back is called", round(site.await_answers(HOSTNAMES), 1))
    site.cloud.virsh("suspend", site.domain["web"])
    try:
        seconds = site.await_answers({"db.inside.example"})
        record_property("seconds until a member that hangs is called no more", round(seconds, 1))
        # Three looks that take two seconds each, and calls that are given up after three.
        assert seconds < 40
    finally:
        site.cloud.virsh("resume", site.domain["web"])
    record_property("seconds until a member that goes on is called again", round(site.await_answers(HOSTNAMES), 1))


def test_a_flow_through_the_load_balancer_goes_on_when_its_members_change(site: Site) -> None:
    command = [*OUT, "python3", "-c", CLIENT, SOURCE, "2223"]
    with site.host.popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as flow:
        try:
            assert echoed(flow, "one") == "one"
            site.rules = [
                one | {"vms": ["db"]} if one.get("name") == "pages" and "vms" in one else one for one in RULES
            ]
            site.apply()
            assert site.result.changed == 1
            assert {site.answer(SOURCE, 8082) for _again in range(4)} == {"db.inside.example"}
            assert echoed(flow, "two") == "two"
            site.rules = list(RULES)
            site.apply()
            assert {site.answer(SOURCE, 8082) for _again in range(4)} == HOSTNAMES
            assert echoed(flow, "three") == "three"
        finally:
            flow.kill()


def test_a_changed_rule_holds_at_once_and_open_flows_go_on(site: Site, record_property: Record) -> None:
    command = [*OUT, "python3", "-c", CLIENT, SOURCE, "2222"]
    with site.host.popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as flow:
        try:
            assert echoed(flow, "one") == "one"
            rule = next(one for one in RULES if one.get("port") == 8080)
            named = rule | {"name": f"ingress {SOURCE} tcp 8080 {OUTSIDE}_32", "cidrs": ["198.51.100.0/24"]}
            site.rules = [named if one is rule else one for one in RULES]
            begun = time.monotonic()
            site.apply()
            record_property("seconds that a run takes to change a rule", round(time.monotonic() - begun, 1))
            assert site.result.changed == 1
            assert echoed(flow, "two") == "two"
            assert site.is_refused(SOURCE, 8080)
            site.rules = list(RULES)
            site.apply()
            assert site.calls(SOURCE, 8080)
            assert echoed(flow, "three") == "three"
        finally:
            flow.kill()


def test_a_client_of_the_vpn_reaches_guests_and_another_key_does_not(site: Site, record_property: Record) -> None:
    site.rules = [*RULES, USER]
    site.apply()
    assert site.result.changed == 1
    site.join()
    site.be(STRANGER[0])
    assert site.is_refused(site.inner, 81)
    site.be(LAPTOP[0])
    record_property("seconds until a client of the VPN is let in", site.gets_in())
    assert site.answer(site.inner, 81) == "web.inside.example"
    assert site.answer(site.cloud.instances()["db"]["default_ip"], 81) == "db.inside.example"
    site.apply()
    assert site.result.changed == 0


def test_a_client_of_the_vpn_reaches_nothing_but_guests_and_none_calls_it(site: Site) -> None:
    # The router's resolver is for guests.
    script = "import socket; socket.create_connection(('10.1.1.1', 53), 3)"
    assert site.host.run([*OUT, "python3", "-c", script], check=False).returncode != 0
    # By its address outside the same server is called.
    assert site.seen_as("web") == SOURCE
    assert site.run("web", f"timeout 4 wget -q -O- http://{site.client}:8000/")[1] == ""
    # What comes as somebody else ends in the router.
    assert site.on_router("wg show vpn allowed-ips").split() == [LAPTOP[1], f"{site.client}/32"]


def test_the_private_key_of_the_vpn_is_within_the_router_alone(site: Site) -> None:
    private = site.on_router("wg show vpn private-key").strip()
    assert len(private) == 44
    assert private not in site.cloud.virsh("dumpxml", site.router)
    assert private not in site.cloud.virsh("dumpxml", "--inactive", site.router)
    assert site.on_router(f"grep -rlF '{private}' /run /tmp /etc /var") == ""
    asked = site.cloud.task("remote_access_vpn", "-vvv", "--diff", ip_address=SOURCE, listen_port=51821)
    undone = site.cloud.task("remote_access_vpn", "-vvv", "--diff", ip_address=SOURCE, listen_port=51820)
    events = json.dumps(site.cloud.answer("event_info"))
    assert "listen_port" in events
    for told in (asked.stdout, asked.stderr, undone.stdout, undone.stderr, events):
        assert private not in told
    # Records, logs, states of domains, the database, and what Ansible left.
    places = [str(site.host.workdir), str(site.cloud.directory)]
    found = site.host.run(["grep", "-rlF", "-D", "skip", private, *places], check=False, timeout=300)
    assert (found.returncode, found.stdout) == (1, "")
    # The client may have followed the router to the other port, and is told to come back.
    site.be(LAPTOP[0])
    site.gets_in()


def test_open_sessions_of_the_vpn_go_on_and_a_revoked_user_is_out_at_once(site: Site) -> None:
    command = [*OUT, "python3", "-c", CLIENT, site.inner, "2222"]
    with site.host.popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as flow:
        try:
            assert echoed(flow, "one") == "one"
            received = int(site.on_router("wg show vpn transfer").split()[1])
            other = {"kind": "vpn_user", "name": "phone", "public_key": STRANGER[1]}
            site.rules = [*RULES, USER, other]
            site.apply()
            assert site.result.changed == 1
            assert echoed(flow, "two") == "two"
            # It counts from the beginning where a session begins anew.
            counted = [line.split() for line in site.on_router("wg show vpn transfer").splitlines()]
            assert [int(line[1]) > received > 0 for line in counted if line[0] == LAPTOP[1]] == [True]
            site.rules = [*RULES, other]
            site.apply()
            assert site.is_refused(site.inner, 81)
            assert echoed(flow, "three") == ""
        finally:
            flow.kill()
    site.rules = [*RULES, USER]
    site.apply()
    site.gets_in()


def test_what_stands_for_a_guest_follows_it_to_another_address(site: Site) -> None:
    site.fields["db"] = {"ip_address": "10.1.1.77", "force": True}
    site.apply()
    site.await_lease("db", "10.1.1.77")
    site.serve("db")
    assert site.calls(SPARE, 80)
    assert "10.1.1.77" in site.run("web", "nslookup db 10.1.1.1")[1]
    site.fields["db"] = {"ip_address": "10.1.1.77"}
    site.apply()
    assert site.result.changed == 0


def test_a_killed_router_is_drift_and_serves_again(site: Site, record_property: Record) -> None:
    site.cloud.virsh("destroy", site.router)
    assert site.is_refused(SOURCE, 8080)
    assert site.cloud.answer("drift")["drift"]
    begun = time.monotonic()
    site.apply()
    while not site.calls(SOURCE, 8080):
        assert time.monotonic() < begun + 180
    record_property("seconds from a run's beginning until a killed router serves", round(time.monotonic() - begun, 1))
    assert site.seen_as("web") == SOURCE
    assert {site.answer(SOURCE, 8082) for _again in range(4)} == HOSTNAMES
    # A client notices after 15 seconds that its session is gone.
    record_property("seconds from then on until a client of the VPN is let in", site.gets_in(120))
    site.apply()
    assert site.result.changed == 0


def test_a_router_is_restarted_by_its_state(site: Site) -> None:
    before = site.cloud.qemu_pid(site.router)
    done = site.cloud.task("router", name="r-inside", state="restarted")
    assert done.changed == 1
    assert site.cloud.qemu_pid(site.router) != before
    assert site.calls(SOURCE, 8080)
