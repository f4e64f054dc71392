# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Security groups and the guard of addresses, by packets between three guests that run all the time.

``front`` is in the groups web and inside, ``back`` in inside, and ``other`` in none.
"""

from __future__ import annotations

import base64
import json
import re
import time
import typing as t
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.playbook import Result
from support.private_libvirt import PrivateLibvirt
from support.small_cloud import Documents, SmallCloud

GROUPS: t.Mapping[str, list[str]] = {"front": ["web", "inside"], "back": ["inside"], "other": []}
RULES: Documents = [
    {"kind": "security_group_rule", "security_group": "web", "port": 80},
    {"kind": "security_group_rule", "security_group": "web", "protocol": "icmp", "icmp_type": 8},
    {"kind": "security_group_rule", "security_group": "inside", "protocol": "all", "user_security_group": "inside"},
]


class Three:
    """The cloud with its three guests, and what happens in them."""

    def __init__(self, cloud: SmallCloud) -> None:
        self.cloud = cloud
        self.rules, self.groups = list(RULES), dict(GROUPS)
        self.forged = False
        self.apply(again=True)
        found = cloud.instances()
        self.address = {name: found[name]["default_ip"] for name in GROUPS}
        self.far = found["other"]["nic"][1]["ip_address"]
        self.mac = {name: found[name]["nic"][0]["mac_address"] for name in GROUPS}
        self.domain = {name: cloud.domain_of(name) for name in GROUPS}
        self.pids = {name: cloud.qemu_pid(self.domain[name]) for name in GROUPS}
        for name in GROUPS:
            self.run(name, "for port in 80 81; do httpd -p $port -h /etc; done", patience=120)

    def apply(self, *, again: bool = False) -> Result:
        """Apply the cloud as it is wanted by now; once more finds nothing to do."""
        documents = [dict(one) for one in self.cloud.documents]
        next(one for one in documents if one["kind"] == "network_offering")["forged_transmits"] = self.forged
        documents += [{"kind": "security_group", "name": name} for name in ("web", "inside")] + self.rules
        documents.append({"kind": "network", "name": "far", "cidr": "10.79.0.0/24"})
        for name, groups in self.groups.items():
            networks = ["lan", "far"] if name == "other" else ["lan"]
            documents.append(self.cloud.instance(name, networks=networks, security_groups=groups))
        result = self.cloud.apply(documents, prune=True)
        if again:
            assert self.cloud.apply(documents, prune=True).changed == 0
        return result

    def run(self, name: str, script: str, *, patience: float = 30) -> tuple[int, str]:
        """Exit status and output of a shell script in a guest, by its agent."""
        asked = {"path": "/bin/sh", "arg": ["-c", script], "capture-output": True}
        pid = self._ask(name, "guest-exec", asked, patience)["pid"]
        deadline = time.monotonic() + patience
        while not (told := self._ask(name, "guest-exec-status", {"pid": pid}, patience))["exited"]:
            assert time.monotonic() < deadline, f"{script} does not end in {name}"
            time.sleep(0.2)
        # One that was killed has no exit status.
        return told.get("exitcode", -1), base64.b64decode(told.get("out-data", "")).decode()

    def _ask(self, name: str, command: str, arguments: dict[str, t.Any], patience: float) -> dict[str, t.Any]:
        text = json.dumps({"execute": command, "arguments": arguments})
        deadline = time.monotonic() + patience
        while True:
            asked = ["virsh", "qemu-agent-command", self.domain[name], text]
            result = self.cloud.host.run(asked, check=False)
            if result.returncode == 0:
                answer: dict[str, t.Any] = json.loads(result.stdout)["return"]
                return answer
            assert time.monotonic() < deadline, result.stderr
            time.sleep(1)

    def answers(self, source: str, target: str, port: int) -> bool:
        script = f"timeout 4 wget -q -O- http://{self.address[target]}:{port}/hostname"
        return self.run(source, script)[0] == 0

    def pings(self, source: str, target: str) -> bool:
        return self.run(source, f"ping -c 1 -W 3 {self.address[target]}")[0] == 0

    def hears(self, target: str) -> int:
        """How many pings the guest has got so far."""
        words = [line.split() for line in self.run(target, "grep Icmp: /proc/net/snmp")[1].splitlines()]
        return int(dict(zip(*words, strict=True))["InEchos"])

    def reached(self, target: str, source: str, script: str) -> bool:
        """Whether a ping of the script, which runs in ``source``, comes to ``target``."""
        before = self.hears(target)
        self.run(source, script)
        return self.hears(target) > before

    def neighbour(self, name: str, address: str) -> str:
        """The MAC that the guest has in mind for an address."""
        words = self.run(name, f"ip neigh show {address}")[1].split()
        return words[words.index("lladdr") + 1] if "lladdr" in words else ""

    def still_the_same(self) -> None:
        """No guest was restarted."""
        assert {name: self.cloud.qemu_pid(self.domain[name]) for name in GROUPS} == self.pids

    # Attacks of ``other``, each undone at its end.

    def as_another_mac(self) -> bool:
        """Pings front from a MAC of nobody, without asking for front's."""
        known = f"ip neigh replace {self.address['front']} lladdr {self.mac['front']} dev eth0"
        script = f"ip link set eth0 address 02:00:00:00:00:99; {known}; ping -c 2 -W 1 {self.address['front']}; "
        script += f"ip link set eth0 address {self.mac['other']}; ip neigh flush dev eth0"
        return self.reached("front", "other", script)

    def as_another_address(self) -> bool:
        """Pings front from back's address."""
        script = f"ip addr add {self.address['back']}/32 dev eth0; "
        script += f"ping -c 2 -W 1 -I {self.address['back']} {self.address['front']}; "
        script += f"ip addr del {self.address['back']}/32 dev eth0"
        return self.reached("front", "other", script)

    def as_another_neighbour(self) -> bool:
        """Tells front by ARP that back's address is at other's MAC."""
        self.run("front", "ip neigh flush dev eth0")
        assert self.pings("front", "back")
        script = f"ip addr add {self.address['back']}/32 dev eth0; "
        script += f"arping -A -c 2 -I eth0 -s {self.address['back']} {self.address['front']}; "
        script += f"ip addr del {self.address['back']}/32 dev eth0"
        self.run("other", script)
        believed = self.neighbour("front", self.address["back"]) == self.mac["other"]
        self.run("front", "ip neigh flush dev eth0")
        return believed


@pytest.fixture(scope="module")
def three(libvirt_host: PrivateLibvirt, tmp_path_factory: pytest.TempPathFactory, tiny_image: Path) -> Iterator[Three]:
    with SmallCloud(libvirt_host, tmp_path_factory.mktemp("groups"), tiny_image) as small:
        yield Three(small)
    assert "cairn-" not in small.virsh("nwfilter-list")


def test_an_allowed_port_answers_and_others_do_not(three: Three) -> None:
    assert three.answers("other", "front", 80)
    assert not three.answers("other", "front", 81)
    assert not three.answers("other", "back", 80)
    assert three.pings("other", "front")
    assert not three.pings("other", "back")


def test_replies_pass_and_an_instance_without_groups_is_open(three: Three) -> None:
    assert three.answers("back", "other", 81)
    assert three.pings("back", "other")


def test_guests_of_one_group_reach_each_other(three: Three) -> None:
    assert three.answers("front", "back", 81)
    assert three.answers("back", "front", 81)


def test_what_the_host_calls_is_not_answered_without_a_rule(three: Three) -> None:
    def calls(port: int) -> bool:
        script = f"exec 3<>/dev/tcp/{three.address['front']}/{port}"
        return three.cloud.host.run(["timeout", "3", "bash", "-c", script], check=False).returncode == 0

    assert calls(80)
    assert not calls(81)


def test_a_limited_guest_is_not_routed_to_another_network(three: Three) -> None:
    assert three.reached("other", "front", f"ping -c 1 -W 2 {three.address['other']}")
    assert not three.reached("other", "front", f"ping -c 2 -W 2 {three.far}")


ATTACKS = (Three.as_another_mac, Three.as_another_address, Three.as_another_neighbour)


def test_forged_addresses_reach_nobody_unless_the_offering_lets_them(three: Three) -> None:
    assert three.reached("front", "other", f"ping -c 1 -W 2 {three.address['front']}")
    assert [attack.__name__ for attack in ATTACKS if attack(three)] == []
    three.forged = True
    three.apply()
    assert [attack.__name__ for attack in ATTACKS if not attack(three)] == []
    three.forged = False
    three.apply()
    assert [attack.__name__ for attack in ATTACKS if attack(three)] == []
    three.still_the_same()


def test_a_guest_gets_its_address_again(three: Three) -> None:
    for name in ("front", "other"):
        assert three.run(name, "udhcpc -n -q -i eth0 -s /bin/true")[0] == 0


def test_changed_rules_and_groups_hold_at_once(three: Three) -> None:
    more = {"kind": "security_group_rule", "name": "more", "security_group": "web", "start_port": 81}
    three.rules.append(more)
    three.apply()
    assert three.answers("other", "front", 81)
    three.rules.remove(more)
    three.groups["back"] = []
    three.apply()
    assert not three.answers("other", "front", 81)
    assert three.answers("other", "back", 81)
    assert not three.answers("back", "front", 81)
    three.groups["back"] = ["inside"]
    limit = {"kind": "security_group_rule", "security_group": "inside", "type": "egress", "port": 80}
    three.rules.append(limit)
    three.apply(again=True)
    assert three.answers("back", "other", 80)
    assert not three.answers("back", "other", 81)
    three.rules.remove(limit)
    three.apply()
    three.still_the_same()


def test_a_single_task_changes_what_it_is_about(three: Three) -> None:
    rule = {"security_group": "web", "name": "single", "port": 81}
    assert three.cloud.task("security_group_rule", **rule).changed == 1
    assert three.answers("other", "front", 81)
    assert three.cloud.task("security_group_rule", **rule).changed == 0
    assert three.cloud.task("security_group_rule", **rule, state="absent").changed == 1
    assert not three.answers("other", "front", 81)


def test_what_was_done_by_hand_is_named_and_mended(three: Three) -> None:
    cloud = three.cloud
    names = [line.split()[1] for line in cloud.virsh("nwfilter-list").splitlines() if "cairn-" in line]
    edited = [name for name in names if "'80'" in cloud.virsh("nwfilter-dumpxml", name)]
    for name in edited:
        _define(cloud, re.sub("'80'", "'81'", cloud.virsh("nwfilter-dumpxml", name)))
    assert three.answers("other", "front", 81)
    entries = cloud.answer("drift")["drift"]
    assert {entry["kind"] for entry in entries} == {"security_group"}
    three.apply()
    assert not three.answers("other", "front", 81)
    three.still_the_same()


def test_a_cloud_from_before_is_filtered_without_a_restart(three: Three) -> None:
    cloud, domain = three.cloud, three.domain["back"]
    for flag in ("--live", "--config"):
        where = () if flag == "--live" else ("--inactive",)
        card = ET.fromstring(cloud.virsh("dumpxml", domain, *where)).find("devices/interface")
        assert card is not None
        card.remove(t.cast("ET.Element", card.find("filterref")))
        path = cloud.state / "card.xml"
        path.write_text(ET.tostring(card, encoding="unicode"))
        cloud.virsh("update-device", domain, str(path), flag)
    for name in [line.split()[1] for line in cloud.virsh("nwfilter-list").splitlines() if "cairn-" in line]:
        cloud.host.run(["virsh", "nwfilter-undefine", name], check=False)
    assert three.answers("other", "back", 80)
    assert three.apply(again=True).changed == 1
    assert not three.answers("other", "back", 80)
    three.still_the_same()


def _define(cloud: SmallCloud, xml: str) -> None:
    path = cloud.state / "filter.xml"
    path.write_text(xml)
    cloud.virsh("nwfilter-define", str(path))
