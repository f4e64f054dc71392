# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The program by which a router takes its configuration, and what it has dnsmasq and HAProxy do about it.

It runs with a /run of its own; what would touch the machine is replaced by what writes down how it was called.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt.guests import archive
from support.collection import CHECKOUT

PROGRAM = CHECKOUT / "roles/guest_image/files/builder/router/usr/sbin/configure"
FILES = (
    "links",
    "addresses",
    "routes",
    "router.nft",
    "dnsmasq.conf",
    "hosts",
    "leases",
    "haproxy.cfg",
    "wireguard.conf",
)
WEB, DB = "06:00:00:00:00:09,10.1.1.9,web\n", "06:00:00:00:00:0a,10.1.1.10,db\n"
BALANCED = "listen 192.0.2.10:443\n  bind 192.0.2.10:443\n"
# What stands for the load balancer notes the signal when the program has ended.
SCRIPT = """
mount -t tmpfs tmpfs /run; mkdir /run/router; echo $$ >/run/router/balance.pid
trap 'echo "balance USR2" >>"$CALLS"' USR2
for given; do sh "$PROGRAM" <"$given" || exit; done
"""
STUBS = {
    **{name: f'echo "{name} $*" >>"$CALLS"\n' for name in ("nft", "killall", "ip")},
    "wg": 'echo "wg $1 $2" >>"$CALLS"; ! grep faulty "$3" >&2\n',
    "haproxy": '! grep -q faulty "$4" || { echo "it is faulty" >&2; exit 1; }\n',
    # There is one process more each time.
    "pidof": 'echo >>"$CALLS.pidof"; seq "$(wc -l <"$CALLS.pidof")" | xargs\n',
    "netstat": 'echo "tcp  0  0 192.0.2.10:443  0.0.0.0:*  LISTEN"\n',
    "sleep": "exit 0\n",
}


def configure(
    directory: Path, *configurations: dict[str, str]
) -> tuple[list[list[str]], subprocess.CompletedProcess[str]]:
    """What is called for each of the configurations, which are given one after the other, and how it ends."""
    stubs, calls = directory / "stubs", directory / "calls"
    stubs.mkdir()
    calls.touch()
    for name, text in STUBS.items():
        (stubs / name).write_text(f"#!/bin/sh\n{text}")
        (stubs / name).chmod(0o755)
    paths = []
    for number, files in enumerate(configurations):
        paths.append(directory / f"{number}.tar")
        paths[-1].write_bytes(archive(dict.fromkeys(FILES, "") | files))
    environment = {"PATH": f"{stubs}:{os.environ['PATH']}", "PROGRAM": str(PROGRAM), "CALLS": str(calls)}
    command = ["unshare", "--mount", "sh", "-c", SCRIPT, "sh", *map(str, paths)]
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    return [one.splitlines()[1:] for one in calls.read_text().split("nft ")[1:]], done


def told(directory: Path, *configurations: dict[str, str]) -> list[str]:
    """What is told by the last one of the configurations."""
    runs, done = configure(directory, *configurations)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(runs) == len(configurations)
    return runs[-1]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({"leases": WEB}, {"leases": WEB}, []),
        ({"leases": WEB}, {"leases": WEB + DB}, ["killall -HUP dnsmasq"]),
        ({"leases": WEB + DB}, {"leases": WEB}, ["killall -TERM dnsmasq"]),
        ({"leases": WEB}, {"leases": ""}, ["killall -TERM dnsmasq"]),
        ({"leases": WEB}, {"leases": WEB.replace("web", "shop")}, ["killall -TERM dnsmasq"]),
        ({"hosts": "10.1.1.9 web\n"}, {"hosts": "10.1.1.9 shop\n"}, ["killall -HUP dnsmasq"]),
        ({"dnsmasq.conf": "no-hosts\n"}, {"dnsmasq.conf": "no-resolv\n"}, ["killall -TERM dnsmasq"]),
    ],
)
def test_dnsmasq_reads_again_and_forgets(
    tmp_path: Path, before: dict[str, str], after: dict[str, str], said: list[str]
) -> None:
    assert told(tmp_path, before, after) == said


def test_the_first_configuration_starts_it(tmp_path: Path) -> None:
    said = told(tmp_path, {"leases": WEB, "dnsmasq.conf": "no-hosts\n", "haproxy.cfg": BALANCED})
    assert said == ["killall -TERM dnsmasq", "balance USR2"]


@pytest.mark.parametrize(("after", "said"), [(BALANCED, []), ("", ["balance USR2"]), (f"{BALANCED}  balance source\n",
                         ["balance USR2"])])  # fmt: skip
def test_the_load_balancer_reads_again_what_changed(tmp_path: Path, after: str, said: list[str]) -> None:
    assert told(tmp_path, {"haproxy.cfg": BALANCED}, {"haproxy.cfg": after}) == said


@pytest.mark.parametrize(
    ("after", "problem"),
    [("faulty\n", "it is faulty"), (f"{BALANCED}  bind 192.0.2.10:80\n", "the load balancer does not start")],
)
def test_a_load_balancer_that_does_not_serve_is_told(tmp_path: Path, after: str, problem: str) -> None:
    runs, done = configure(tmp_path, {"haproxy.cfg": BALANCED}, {"haproxy.cfg": after})
    assert done.returncode == 1
    assert problem in done.stderr
    assert ("balance USR2" in runs[-1]) is (problem != "it is faulty")


def test_a_vpn_has_an_interface_and_its_address(tmp_path: Path) -> None:
    address = "vpn 10.1.2.1/24\n"
    _runs, done = configure(tmp_path, {"wireguard.conf": "[Interface]\n", "addresses": address})
    assert (done.returncode, done.stderr) == (0, "")
    said = (tmp_path / "calls").read_text().splitlines()
    assert said[:3] == ["ip link add vpn type wireguard", "wg syncconf vpn", "ip link set vpn up"]
    assert "ip addr add 10.1.2.1/24 dev vpn" in said


def test_without_a_vpn_there_is_no_interface(tmp_path: Path) -> None:
    assert configure(tmp_path, {})[1].returncode == 0
    assert "vpn" not in (tmp_path / "calls").read_text()


def test_what_is_wrong_with_a_key_is_told_without_the_key(tmp_path: Path) -> None:
    _runs, done = configure(tmp_path, {"wireguard.conf": "PrivateKey = faulty\n"})
    assert (done.returncode, done.stderr) == (1, "the VPN cannot be set up\n")
