# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Simulated hosts: what was done to one is there for the next process, and a look changes nothing."""

from __future__ import annotations

import concurrent.futures
import dataclasses as dc
import stat
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from integration.drivers.libvirt.conftest import opened

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import record_file
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    Configuration,
    Disk,
    HostSeen,
    Journey,
    RecordWanted,
    Route,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt import simulated
from ansible_collections.cairn.cloud.plugins.plugin_utils._ports.hypervisor import Scope
from support.libvirt_objects import OWNER, Objects


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"test://{tmp_path}/hosts/h1.xml?cpus=3&memory=4096"


def file_of(url: str) -> Path:
    return Path(url.removeprefix("test://").partition("?")[0])


def seen(url: str) -> HostSeen:
    with opened(url) as hypervisor:
        return hypervisor.observe(Scope())


def furnish(url: str, directory: Path) -> Objects:
    """One of everything: a domain that runs and starts by itself, and one that does neither."""
    with opened(url) as hypervisor, hypervisor.working():
        objects = Objects(hypervisor, directory)
        pool, network = objects.pool(), objects.network()
        hypervisor.define_pool(pool)
        hypervisor.define_network(network)
        hypervisor.create_volume(objects.volume(pool, "volume-1.qcow2"))
        runs, stopped = objects.domain(Disk("vda", pool.name, "volume-1.qcow2"), network=network), objects.domain()
        for shape in (runs, stopped):
            hypervisor.define_domain(shape)
        hypervisor.autostart_domain(runs.id, True)
        hypervisor.start_domain(runs.id)
        return objects


def test_what_was_done_is_there_for_the_next(url: str, tmp_path: Path) -> None:
    with opened(url) as hypervisor, hypervisor.working():
        objects = Objects(hypervisor, tmp_path)
        pool, network = objects.pool(), objects.network()
        hypervisor.define_pool(pool)
        hypervisor.define_network(network)
        hypervisor.create_volume(objects.volume(pool, "volume-1.qcow2"))
        shape = objects.domain(Disk("vda", pool.name, "volume-1.qcow2"), network=network)
        hypervisor.define_domain(shape)
        hypervisor.autostart_domain(shape.id, True)
        hypervisor.start_domain(shape.id)
        stopped = objects.domain()
        hypervisor.define_domain(stopped)
        before = hypervisor.observe(Scope())
    after = seen(url)
    assert after == before
    assert (after.node.cpus, after.node.memory) == (3, 4096)
    assert {ident: (one.active, one.autostart) for ident, one in after.domains.items()} == {
        shape.id: (True, True),
        stopped.id: (False, False),
    }
    assert stat.S_IMODE(file_of(url).stat().st_mode) == 0o600


def test_a_record_is_there_for_the_next_as_long_as_its_file(url: str, tmp_path: Path) -> None:
    record = RecordWanted(OWNER, "", record_file(OWNER, "0a"), "", '{"text": "<&>"}')
    with opened(url) as hypervisor, hypervisor.working():
        pool = Objects(hypervisor, tmp_path).pool()
        hypervisor.define_pool(pool)
        hypervisor.put_record(dc.replace(record, pool=pool.id))
    with opened(url) as hypervisor:
        pieces: list[bytes] = []
        hypervisor.read_file(pool.id, record.name, pieces.append)
        assert b"".join(pieces).decode() == record.content
        with hypervisor.working():
            hypervisor.delete_volume(pool.id, record.name)
    assert record.name not in file_of(url).read_text()


def test_what_stopped_is_stopped_for_the_next(url: str, tmp_path: Path) -> None:
    furnish(url, tmp_path)
    with opened(url) as hypervisor, hypervisor.working():
        connection = hypervisor._session.connection  # type: ignore[attr-defined]
        connection.listAllStoragePools(0)[0].destroy()
        connection.listAllNetworks(0)[0].destroy()
    after = seen(url)
    assert [pool.active for pool in after.pools.values()] == [False]
    assert [network.active for network in after.networks.values()] == [False]


def test_a_look_writes_nothing(url: str) -> None:
    assert seen(url).domains == {}
    assert not file_of(url).exists()


def test_what_was_done_before_a_failure_is_kept(url: str, tmp_path: Path) -> None:
    with pytest.raises(DriverError, match="it is not there"):
        fail_halfway(url, tmp_path)
    assert len(seen(url).pools) == 1


def fail_halfway(url: str, directory: Path) -> None:
    with opened(url) as hypervisor, hypervisor.working():
        hypervisor.define_pool(Objects(hypervisor, directory).pool())
        hypervisor.start_domain("6a7f0000-0000-4000-8000-000000000001")


def test_processes_at_the_same_time_lose_nothing_of_each_other(url: str, tmp_path: Path) -> None:
    with concurrent.futures.ProcessPoolExecutor(4) as pool:
        made = list(pool.map(furnish_ids, [url] * 8, [tmp_path] * 8))
    assert set(seen(url).domains) == {ident for idents in made for ident in idents}


def furnish_ids(url: str, directory: Path) -> list[str]:
    objects = furnish(url, directory)
    return [shape.id for shape in objects._shapes if shape.name.startswith("vm-")]


@pytest.mark.parametrize("content", ["", "<node>", "<domain/>"])
def test_a_file_that_is_no_host_is_named(url: str, content: str) -> None:
    file_of(url).parent.mkdir()
    file_of(url).write_text(content)
    with pytest.raises(DriverError, match=r"h1\.xml"), opened(url):
        pass
    assert file_of(url).read_text() == content


def test_a_file_that_is_replaced_while_it_is_read_is_read_as_it_was(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(furnish_ids(url, tmp_path))
    read = simulated._kept

    def late(path: str) -> ET.Element | None:
        monkeypatch.undo()
        furnish_ids(url, tmp_path)
        return read(path)

    monkeypatch.setattr(simulated, "_kept", late)
    with opened(url) as hypervisor:
        assert set(hypervisor.observe(Scope()).domains) == before


@pytest.mark.parametrize("content", ["hunter2", "<node>hunter2", "<hunter2/>", "\xff\xfe", "<node><domain>hunter2"])
def test_of_a_file_that_is_no_host_nothing_is_told(url: str, content: str, tmp_path: Path) -> None:
    furnish(url, tmp_path)
    with opened(url) as hypervisor:
        file_of(url).write_text(content, encoding="latin-1")
        for act in (lambda: seen(url), lambda: hypervisor.working().__enter__()):
            with pytest.raises(DriverError) as caught:
                act()
            remedy = "its file describes no host; mend or remove the file of the simulated host"
            assert str(caught.value) == f"host {url} cannot be read: {remedy}"


def test_a_file_that_cannot_be_read_and_numbers_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(DriverError, match="cannot be read: Is a directory; mend or remove the file"):
        seen(f"test://{tmp_path}")
    with pytest.raises(DriverError, match="cannot be simulated: cpus and memory are numbers; mend the URL"):
        seen(f"test://{tmp_path}/h.xml?cpus=many")


def test_a_running_domain_moves_to_another_simulated_host(url: str, tmp_path: Path) -> None:
    objects, other = furnish(url, tmp_path), url.replace("h1.xml", "h2.xml")
    shape = next(one.shape for one in seen(url).domains.values() if one.active and one.shape)
    with opened(url) as here, opened(other) as there, here.working(), there.working():
        pool, network = objects.pool(), objects.network()
        there.define_pool(pool)
        there.define_network(network)
        there.receive_volume(objects.volume(pool, "volume-1.qcow2"))
        old = shape.disks[0]
        moved = dc.replace(shape, cards=tuple(dc.replace(one, network=network.name) for one in shape.cards))
        assert old.volume == "volume-1.qcow2"
        given = Configuration.of({"router.nft": "# nothing"})
        here.configure_router(shape.id, given, 1)
        here.migrate_domain(Journey(shape.id, "h2", {old.volume: pool.name}, moved.cards), there, Route())
        # As on real hosts, what it was given goes with it.
        assert there.observe(Scope()).domains[shape.id].configured == given.digest
    assert not seen(url).domains[shape.id].active
    assert seen(other).domains[shape.id].active
    assert seen(other).domains[shape.id].shape is not None
