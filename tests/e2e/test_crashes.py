# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Runs that are killed before and after what they do to the database, the host and images; the next run finishes.

Each call is met once, and each commit, with SQLite; each commit with PostgreSQL, too. With CAIRN_CRASHES=all, each
moment after which something is different is, with both; that takes hours.
"""

from __future__ import annotations

import itertools
import os
import typing as t
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.crashing import CrashingCloud, Documents, finish, kill, note
from support.faults import chosen, committing, gaps
from support.private_libvirt import PrivateLibvirt

INSTANCES = 10
LEAST, LEAST_COMMITS = 40, 10
DATABASES = ("sqlite", "postgresql")
THOROUGH = os.environ.get("CAIRN_CRASHES") == "all"


@pytest.fixture(params=DATABASES)
def made(
    request: pytest.FixtureRequest, libvirt_host: PrivateLibvirt, tmp_path: Path
) -> Iterator[Callable[[], CrashingCloud]]:
    """Makes empty clouds, each with a database that has no schema yet; nothing of them stays on the host."""
    numbers, clouds = itertools.count(1), []

    def make() -> CrashingCloud:
        root = libvirt_host.storage / tmp_path.name / str(next(numbers))
        server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
        cloud = CrashingCloud(root, libvirt_host.uri, server.new_database() if server else f"sqlite:///{root}/cairn.db")
        cloud.prepare()
        clouds.append(cloud)
        return cloud

    yield make
    for cloud in clouds:
        cloud.sweep()


def instance(name: str, state: str = "deployed", /, **fields: t.Any) -> dict[str, t.Any]:
    default = {"service_offering": "tiny", "networks": ["crash"], "force": True}
    return {"kind": "instance", "name": name, "state": state} | default | fields


def volume(name: str, vm: str | None = None, /, **fields: t.Any) -> dict[str, t.Any]:
    return {"kind": "volume", "name": name, "state": "attached" if vm else "detached", "vm": vm} | fields


def ten(cloud: CrashingCloud) -> Documents:
    """Ten instances, of which two run, and volumes."""
    states = ["started", "started"] + ["deployed"] * (INSTANCES - 2)
    instances = [instance(f"vm{number}", state) for number, state in enumerate(states)]
    instances[1]["security_groups"] = ["open"]
    volumes = [volume("one", "vm1", size=1), volume("two", "vm3", size=1)]
    return [*cloud.infrastructure(), *grouped(22), *instances, *volumes]


def others(cloud: CrashingCloud) -> Documents:
    """The same cloud after each sort of change."""
    instances = [
        instance("vm0", "started", service_offering="small"),
        instance("vm1", "started", display_name="Front", security_groups=["open", "closed"]),
        instance("vm2", "stopped", root_disk_size=1),
        instance("vm3", networks=[]),
        *(instance(f"vm{number}") for number in range(4, INSTANCES - 1)),
        instance("vm10"),
    ]
    volumes = [volume("one", "vm1", size=2), volume("two", size=2), volume("three", "vm1", size=1)]
    foundation = cloud.infrastructure()
    next(one for one in foundation if one["name"] == "crash")["network_domain"] = "other.test"
    return [*foundation, *grouped(80), *instances, *volumes]


def grouped(port: int) -> Documents:
    """Two security groups, and a rule of one."""
    groups: Documents = [{"kind": "security_group", "name": name} for name in ("open", "closed")]
    return [*groups, {"kind": "security_group_rule", "name": "in", "security_group": "open", "start_port": port}]


def test_a_run_killed_anywhere_is_finished_by_the_next(made: Callable[[], CrashingCloud]) -> None:
    cloud = made()
    ways = {"make": ten(cloud), "change": others(cloud), "remove": []}
    assert finish(cloud, []) == {}
    runs = {}
    for way, documents in ways.items():
        note(cloud, documents)
        runs[way] = gaps(cloud.log)
    moments = (committing if cloud.on_server else chosen)(runs)
    if THOROUGH:
        moments = {way: [gap[0] for gap in found] for way, found in runs.items()}
    assert sum(map(len, moments.values())) >= (LEAST_COMMITS if cloud.on_server else LEAST)
    for turn in itertools.zip_longest(*moments.values()):
        for (way, documents), moment in zip(ways.items(), turn, strict=True):
            if moment is not None:
                kill(cloud, documents, moment)
            assert finish(cloud, documents) == {}, f"{way}, killed {moment}"


def test_a_run_killed_while_it_makes_the_database_is_finished_by_the_next(made: Callable[[], CrashingCloud]) -> None:
    documents = [{"kind": "zone", "name": "home"}]
    first = made()
    note(first, documents)
    for gap in gaps(first.log):
        cloud = made()
        kill(cloud, documents, gap[0])
        assert finish(cloud, documents) == {}, gap


@pytest.mark.parametrize("made", DATABASES[:1], indirect=True)
def test_a_snapshot_or_a_revert_killed_anywhere_is_finished_by_the_next(made: Callable[[], CrashingCloud]) -> None:
    cloud = made()
    before = [*cloud.infrastructure(), instance("vm0", "started"), volume("one", "vm0", size=1)]
    snapshot = {"kind": "instance_snapshot", "name": "kept", "vm": "vm0", "snapshot_memory": True}
    ways = {"take": [*before, snapshot], "revert": [*before, snapshot | {"state": "revert"}]}
    assert finish(cloud, before) == {}
    runs = {}
    for way, documents in ways.items():
        note(cloud, documents)
        runs[way] = gaps(cloud.log)
    moments = {way: [gap[0] for gap in found] for way, found in runs.items()} if THOROUGH else chosen(runs)
    for moment in moments["take"]:
        assert finish(cloud, before) == {}
        kill(cloud, ways["take"], moment)
        assert finish(cloud, ways["take"]) == {}, f"take, killed {moment}"
    for moment in moments["revert"]:
        kill(cloud, ways["revert"], moment)
        assert finish(cloud, ways["take"]) == {}, f"revert, killed {moment}"
    assert finish(cloud, []) == {}
