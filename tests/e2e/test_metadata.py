# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Guests ask http://169.254.169.254/ who they are, and get nobody else's metadata, on a host that role node set up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from support.playbook import Ansible, Result
from support.small_cloud import SmallCloud

URL = "http://169.254.169.254/latest"
FIRST, SECOND = "#!/bin/sh\necho of the first \u00e4\n", "#!/bin/sh\necho of the second\n"
# A guest in a network without the service, and in one with it.
SECOND_NETWORKS = ["mute", "lan"]


def run_role(ansible: Ansible, *arguments: str, metadata: bool = True) -> Result:
    """The part of role node that is about metadata, in its form for machines without systemd."""
    host = ansible.directory / "host"
    variables = {"node_runs_systemd": False, "node_metadata": metadata, "node_metadata_dir": str(host / "program")}
    host.mkdir(exist_ok=True)
    tasks: list[dict[str, Any]] = [{"ansible.builtin.setup": {"gather_subset": ["min"]}}]
    for part in ("preflight", "metadata"):
        role = {"name": "cairn.cloud.node", "tasks_from": part}
        tasks.append({"ansible.builtin.include_role": role, "vars": variables})
    return ansible.play(tasks, *arguments, timeout=300)


@pytest.fixture
def answering(cloud: SmallCloud) -> Iterator[SmallCloud]:
    """The cloud, on a host that gives guests their metadata."""
    assert run_role(cloud.ansible, "--check").changed
    assert run_role(cloud.ansible).changed
    assert run_role(cloud.ansible).changed == 0
    yield cloud
    assert run_role(cloud.ansible, metadata=False).changed
    assert run_role(cloud.ansible, metadata=False).changed == 0
    assert "169.254" not in cloud.host.run(["ip", "address"]).stdout
    assert cloud.host.run(["ss", "-Hltn", "sport = :80"]).stdout == ""


def get(path: str, *headers: str) -> str:
    words = " ".join(f"--header '{header}'" for header in headers)
    return f"timeout 20 wget {words} -qO- {URL}/{path} 2>&1"


def test_guests_get_their_own_metadata_and_nobody_elses(answering: SmallCloud) -> None:
    cloud = answering
    quiet = [
        {"kind": "network_offering", "name": "quiet", "user_data": False},
        {"kind": "network", "name": "mute", "network_offering": "quiet", "cidr": "10.78.0.0/24"},
    ]
    documents = [{**one, "network_offering": "shared"} if one["kind"] == "network" else one for one in cloud.documents]
    first = cloud.instance("first", networks=["lan"], user_data=FIRST)
    second = cloud.instance("second", networks=SECOND_NETWORKS, user_data=SECOND)
    documents += [*quiet, first, second]
    cloud.apply(documents)
    found = cloud.instances()

    said = cloud.reach(
        "first",
        "; echo; ".join(
            get(path)
            for path in (
                "meta-data/instance-id",
                "user-data",
                "meta-data/public-keys/0/openssh-key",
                "meta-data/local-ipv4",
            )
        ),
    )
    assert f"{found['first']['id']}-0" in said
    assert "echo of the first ä" in said
    assert cloud.public_key in said
    assert found["first"]["default_ip"] in said
    print(said)
