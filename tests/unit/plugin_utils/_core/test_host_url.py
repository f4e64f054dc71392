# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""URLs of hosts, and which of them callers of a daemon may name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.host_url import HARMLESS, node_file, objection


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("test:///srv/h1.xml", "/srv/h1.xml"),
        ("test:///srv/h1.xml?cpus=3", "/srv/h1.xml"),
        ("test:/srv/h1.xml", "/srv/h1.xml"),
        ("test:///default", None),
        ("test:///", None),
        ("test://node1/srv/h1.xml", None),
        ("test+unix:///srv/h1.xml", None),
        ("qemu:///system", None),
    ],
)
def test_the_file_of_a_simulated_host(url: str, file: str | None) -> None:
    assert node_file(url) == file


@pytest.mark.parametrize(
    "url",
    [
        "qemu:///system",
        "qemu://node1/system",
        "qemu+tls://node1:1/system",
        "qemu+ssh://root@node1/system?no_tty=1&proxy=netcat",
        "qemu+tcp://[::1]/system?mode=legacy",
        "test:///default",
        "test+tls://node1/default",
        "test:///srv/h1.xml?cpus=3&memory=9",
    ],
)
def test_what_callers_may_name(url: str) -> None:
    assert objection(url) is None


@pytest.mark.parametrize(
    "query",
    [
        *("no_verify=1", "no_tty=1;no_verify=1", "NO_VERIFY=1", "no%5fverify=1", "pkipath=/tmp", "keyfile=/etc/shadow"),
        *("command=/bin/sh", "socket=/run/x", "netcat=/bin/x", "known_hosts=/x", "known_hosts_verify=ignore"),
        *("sshauth=agent", "tls_priority=NORMAL", "name=test:///etc/shadow", "root=/", "anything", "cpus=3"),
    ],
)
def test_parameters_that_name_files_or_trust_anybody_are_refused(query: str) -> None:
    told = objection(f"qemu+ssh://node1/system?{query}")
    assert told
    assert "is not for callers of a daemon; use mode or no_tty or proxy alone" in told


@pytest.mark.parametrize(
    "url",
    [
        "qemu:///session",
        "qemu:///embed",
        "qemu:///system#x",
        "qemu:///",
        "test+unix:///etc/shadow",
        "test://localhost/etc/shadow",
        "test+tls://node1/etc/shadow",
    ],
)
def test_places_that_are_files_are_refused(url: str) -> None:
    assert "name hosts that end in /" in str(objection(url))
    assert "it is no host of the cloud's" in str(objection("lxc:///system"))


@given(st.from_regex(r"[A-Za-z_]{1,12}", fullmatch=True) | st.sampled_from([*HARMLESS["qemu"], *HARMLESS["test"]]))
def test_only_parameters_of_the_list_are_taken(name: str) -> None:
    for scheme, place in (("qemu+tls", "system"), ("test+tls", "default")):
        known = name.lower() in HARMLESS[scheme.partition("+")[0]]
        assert (objection(f"{scheme}://node1/{place}?{name}=1") is None) == known
