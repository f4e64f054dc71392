# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The program by which a router takes its configuration, and what it has dnsmasq do about it.

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
FILES = ("links", "addresses", "routes", "router.nft", "dnsmasq.conf", "hosts", "leases")
WEB, DB = "06:00:00:00:00:09,10.1.1.9,web\n", "06:00:00:00:00:0a,10.1.1.10,db\n"
SCRIPT = 'mount -t tmpfs tmpfs /run; mkdir /run/router; for given; do sh "$PROGRAM" <"$given" || exit; done'


def told(directory: Path, *configurations: dict[str, str]) -> list[str]:
    """What dnsmasq is told by the last one of the configurations that are given one after the other."""
    stubs, calls = directory / "stubs", directory / "calls"
    stubs.mkdir()
    calls.touch()
    for name in ("nft", "killall"):
        (stubs / name).write_text(f'#!/bin/sh\necho "{name} $*" >>{calls}\n')
        (stubs / name).chmod(0o755)
    paths = []
    for number, files in enumerate(configurations):
        paths.append(directory / f"{number}.tar")
        paths[-1].write_bytes(archive(dict.fromkeys(FILES, "") | files))
    environment = {"PATH": f"{stubs}:{os.environ['PATH']}", "PROGRAM": str(PROGRAM)}
    subprocess.run(["unshare", "--mount", "sh", "-c", SCRIPT, "sh", *paths], check=True, env=environment)
    runs = calls.read_text().split("nft ")[1:]
    assert len(runs) == len(configurations)
    return runs[-1].splitlines()[1:]


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
    assert told(tmp_path, {"leases": WEB, "dnsmasq.conf": "no-hosts\n"}) == ["killall -TERM dnsmasq"]
