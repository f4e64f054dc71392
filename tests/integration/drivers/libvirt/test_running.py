# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What concerns running guests, bridges and the contents of files, on real QEMU."""

from __future__ import annotations

import dataclasses as dc
import json
import os
import re
import time
from pathlib import Path

import libvirt
import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    BaseWanted,
    Disk,
    DomainShape,
    NetworkShape,
    PoolShape,
    SeedWanted,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt import domains, uploads
from support.libvirt_objects import OWNER, Objects
from support.private_libvirt import PrivateLibvirt


@pytest.fixture
def pool(real: Objects) -> PoolShape:
    shape = real.pool()
    real.hypervisor.define_pool(shape)
    return shape


@pytest.fixture
def network(real: Objects) -> NetworkShape:
    shape = real.network()
    real.hypervisor.define_network(shape)
    return shape


def running(real: Objects, pool: PoolShape, network: NetworkShape | None = None) -> DomainShape:
    real.hypervisor.create_volume(real.volume(pool, "root.qcow2"))
    shape = real.domain(Disk("vda", pool.name, "root.qcow2"), network=network)
    real.hypervisor.define_domain(shape)
    real.hypervisor.start_domain(shape.id)
    return shape


def links(host: PrivateLibvirt) -> dict[str, dict[str, object]]:
    return {link["ifname"]: link for link in json.loads(host.run(["ip", "-json", "link"]).stdout)}


def wait_until_idle(host: PrivateLibvirt, domain_id: str) -> None:
    """Wait until a guest's firmware has looked at all drives.

    A tray that it moves just when libvirt does can be another one to libvirt than to QEMU for ever after.
    """
    deadline, before = time.monotonic() + 60, -1
    while time.monotonic() < deadline:
        now = processor_time(host, domain_id)
        if before >= 0 and now - before < 50_000_000:
            return
        before = now
        time.sleep(1)
    raise AssertionError(f"domain {domain_id} is still busy")


def processor_time(host: PrivateLibvirt, domain_id: str) -> int:
    """In nanoseconds, since the domain started."""
    said = host.run(["virsh", "--quiet", "domstats", "--cpu-total", domain_id]).stdout
    found = re.search(r"cpu\.time=(\d+)", said)
    assert found, said
    return int(found[1])


def plugged(host: PrivateLibvirt, bridge: str) -> list[str]:
    return [name for name, link in links(host).items() if link.get("master") == bridge]


def base(pool: PoolShape, source: Path, format: str = "raw") -> BaseWanted:
    return BaseWanted(OWNER, pool.id, f"template.{format}", format, str(source))


def test_a_deleted_bridge_is_put_back_with_the_guests_on_it(
    real: Objects, pool: PoolShape, network: NetworkShape, libvirt_host: PrivateLibvirt
) -> None:
    shape = running(real, pool, network)
    (card,) = plugged(libvirt_host, network.bridge)
    mac = links(libvirt_host)[network.bridge]["address"]
    libvirt_host.run(["ip", "link", "delete", network.bridge])
    assert not real.seen().networks[network.id].bridge_up
    real.hypervisor.start_network(network.id)
    assert real.seen().networks[network.id].bridge_up
    assert plugged(libvirt_host, network.bridge) == [card]
    assert links(libvirt_host)[network.bridge]["address"] == mac
    assert real.seen().domains[shape.id].live == shape


def test_guests_stay_on_a_network_that_is_redefined(
    real: Objects, pool: PoolShape, network: NetworkShape, libvirt_host: PrivateLibvirt
) -> None:
    shape = running(real, pool, network)
    (card,) = plugged(libvirt_host, network.bridge)
    moved = dc.replace(network, bridge=f"{network.bridge[:10]}-b", forwarders=("9.9.9.9",))
    real.hypervisor.define_network(moved)
    assert real.seen().networks[network.id].shape == moved
    assert plugged(libvirt_host, moved.bridge) == [card]
    assert real.seen().domains[shape.id].live == shape


def test_a_document_or_lease_does_not_restart_a_network(
    real: Objects, network: NetworkShape, libvirt_host: PrivateLibvirt
) -> None:
    before = links(libvirt_host)[network.bridge]["ifindex"]
    changed = dc.replace(network, document='{"tags":{}}')
    real.hypervisor.define_network(changed)
    assert real.seen().networks[network.id].shape == changed
    assert links(libvirt_host)[network.bridge]["ifindex"] == before


def test_an_existing_bridge_is_used_and_missed_when_it_is_gone(
    real: Objects, pool: PoolShape, libvirt_host: PrivateLibvirt
) -> None:
    libvirt_host.run(["ip", "link", "add", "br-test", "type", "bridge"])
    network = real.network(mode="bridge", bridge="br-test", domain=None, gateway=None, netmask=None)
    real.hypervisor.define_network(network)
    assert real.seen().networks[network.id].shape == network
    running(real, pool, network)
    assert len(plugged(libvirt_host, "br-test")) == 1
    libvirt_host.run(["ip", "link", "delete", "br-test"])
    assert not real.seen().networks[network.id].bridge_up
    with pytest.raises(DriverError, match="the host has no bridge 'br-test'; make it there"):
        real.hypervisor.start_network(network.id)


def test_a_vxlan_that_no_hook_makes_is_missed(real: Objects, libvirt_host: PrivateLibvirt) -> None:
    network = real.network(mode="isolated", domain=None, gateway=None, netmask=None, forwarders=(), vni=4711)
    with pytest.raises(DriverError, match="the host has not made its VXLAN 4711; prepare the host with role node"):
        real.hypervisor.define_network(network)
    assert real.seen().networks[network.id].shape == network
    assert not real.seen().networks[network.id].bridge_up
    # What the hook of role node would do; lo stands for the cable.
    libvirt_host.run(["ip", "link", "add", "vx4711", "type", "vxlan", "id", "4711", "dev", "lo", "dstport", "4789"])
    try:
        assert real.seen().networks[network.id].bridge_up
        real.hypervisor.start_network(network.id)
    finally:
        libvirt_host.run(["ip", "link", "delete", "vx4711"])
    assert not real.seen().networks[network.id].bridge_up


def test_a_running_guest_gets_a_disk_that_grows(real: Objects, pool: PoolShape) -> None:
    shape = running(real, pool)
    data, disk = real.volume(pool, "data.qcow2"), Disk("vdb", pool.name, "data.qcow2")
    real.hypervisor.create_volume(data)
    for _turn in range(2):
        real.hypervisor.attach_disk(shape.id, disk)
        real.hypervisor.resize_volume(dc.replace(data, capacity=2**30), shape.id, "vdb")
    seen = real.seen()
    wanted = dc.replace(shape, disks=(*shape.disks, disk))
    assert (seen.domains[shape.id].shape, seen.domains[shape.id].live) == (wanted, wanted)
    assert seen.pools[pool.id].volumes["data.qcow2"].capacity == 2**30


def test_a_guest_that_keeps_its_disk_is_named(real: Objects, pool: PoolShape, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domains, "_UNPLUG_TIMEOUT", 0.5)
    shape, disk = running(real, pool), Disk("vdb", pool.name, "data.qcow2")
    real.hypervisor.create_volume(real.volume(pool, "data.qcow2"))
    real.hypervisor.attach_disk(shape.id, disk)
    for _turn in range(2):
        with pytest.raises(DriverError, match=f"'{shape.name}' .* does not let go of disk vdb; unmount it"):
            real.hypervisor.detach_disk(shape.id, disk)
    real.hypervisor.stop_domain(shape.id, 0)
    real.hypervisor.detach_disk(shape.id, disk)
    assert real.seen().domains[shape.id].shape == shape


def test_a_guest_that_does_not_shut_down_is_unplugged_after_the_timeout(real: Objects, pool: PoolShape) -> None:
    shape = running(real, pool)
    started = time.monotonic()
    real.hypervisor.stop_domain(shape.id, 1)
    assert 1 <= time.monotonic() - started < 5
    assert not real.seen().domains[shape.id].active


def test_a_template_is_copied_byte_by_byte(real: Objects, pool: PoolShape, tmp_path: Path) -> None:
    source = tmp_path / "image"
    source.write_bytes(os.urandom(3 * 2**20 + 7))
    real.hypervisor.put_base(base(pool, source))
    copy = Path(pool.path, "template.raw")
    assert copy.read_bytes() == source.read_bytes()
    assert set(real.seen().pools[pool.id].volumes) == {"template.raw"}
    source.write_bytes(b"another")
    real.hypervisor.put_base(base(pool, source))
    assert copy.stat().st_size == 3 * 2**20 + 7


def test_a_sparse_template_stays_sparse(real: Objects, pool: PoolShape, tmp_path: Path) -> None:
    source = tmp_path / "image"
    with source.open("wb") as image:
        image.seek(2**30)
        image.write(b"x" * 4096)
        image.truncate(2**32)
    real.hypervisor.put_base(base(pool, source))
    copy = Path(pool.path, "template.raw").stat()
    assert copy.st_size == 2**32
    assert copy.st_blocks * 512 < 2**20
    with Path(pool.path, "template.raw").open("rb") as image:
        image.seek(2**30 - 1)
        assert image.read(4098) == b"\0" + b"x" * 4096 + b"\0"


def test_the_format_of_a_copied_template_is_seen(real: Objects, pool: PoolShape, libvirt_host: PrivateLibvirt) -> None:
    source = libvirt_host.storage / f"{pool.name}.qcow2"
    libvirt_host.run(["qemu-img", "create", "-q", "-f", "qcow2", source, "5G"])
    real.hypervisor.put_base(base(pool, source, "qcow2"))
    seen = real.seen().pools[pool.id].volumes["template.qcow2"]
    assert (seen.format, seen.capacity) == ("qcow2", 5 * 2**30)


def test_a_copy_that_was_cut_short_is_not_seen_and_is_made_again(
    real: Objects, pool: PoolShape, tmp_path: Path
) -> None:
    source, copy, mark = tmp_path / "image", Path(pool.path, "template.raw"), Path(pool.path, "template.raw.partial")
    source.write_bytes(b"whole" * 1000)
    copy.write_bytes(b"who")
    mark.touch()
    assert "template.raw" not in real.seen().pools[pool.id].volumes
    real.hypervisor.put_base(base(pool, source))
    assert copy.read_bytes() == source.read_bytes()
    assert not mark.exists()


@pytest.mark.parametrize("name", ["template.raw", "template.raw.partial"])
def test_what_was_cut_short_is_deleted_by_either_name(real: Objects, pool: PoolShape, name: str) -> None:
    for file in ("template.raw", "template.raw.partial"):
        Path(pool.path, file).touch()
    real.seen()
    real.hypervisor.delete_volume(pool.id, name)
    assert list(Path(pool.path).iterdir()) == []


def test_a_copy_that_fails_leaves_nothing(
    real: Objects, pool: PoolShape, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "image"
    source.write_bytes(os.urandom(2**20))

    def shortened(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(uploads, "_send_data", shortened)
    with pytest.raises(DriverError, match="cannot be read: Input/output error; bring the image back"):
        real.hypervisor.put_base(base(pool, source))
    assert list(Path(pool.path).iterdir()) == []
    with pytest.raises(DriverError, match="No such file or directory"):
        real.hypervisor.put_base(base(pool, tmp_path / "missing"))


def test_a_pool_without_room_is_named(real: Objects, libvirt_host: PrivateLibvirt, tmp_path: Path) -> None:
    pool, source = real.pool(), tmp_path / "image"
    libvirt_host.run(["mkdir", pool.path])
    libvirt_host.run(["mount", "-t", "tmpfs", "-o", "size=2M", "none", pool.path])
    real.hypervisor.define_pool(pool)
    source.write_bytes(os.urandom(3 * 2**20))
    with pytest.raises(DriverError, match=rf"no room in storage pool '{pool.name}': 2 MiB free, 3 MiB needed; free"):
        real.hypervisor.put_base(base(pool, source))


def test_a_pool_that_becomes_full_is_named_and_left_as_it_was(
    real: Objects, libvirt_host: PrivateLibvirt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, source = real.pool(), tmp_path / "image"
    libvirt_host.run(["mkdir", pool.path])
    libvirt_host.run(["mount", "-t", "tmpfs", "-o", "size=2M", "none", pool.path])
    real.hypervisor.define_pool(pool)
    source.write_bytes(os.urandom(3 * 2**20))
    monkeypatch.setattr(uploads.Uploads, "_check_room", lambda *_: None)
    with pytest.raises(DriverError, match="it became full while the file was copied; free space there"):
        real.hypervisor.put_base(base(pool, source))
    assert libvirt_host.run(["ls", pool.path]).stdout == ""


def test_a_seed_is_for_its_owner_only(real: Objects, pool: PoolShape) -> None:
    real.hypervisor.put_seed(SeedWanted(OWNER, pool.id, "seed.iso", {"user-data": "secret", "meta-data": "{}"}))
    seed = Path(pool.path, "seed.iso")
    assert seed.stat().st_mode & 0o777 == 0o600
    assert b"secret" in seed.read_bytes()
    assert b"cidata" in seed.read_bytes()[:65536].lower()


def test_a_pool_whose_directory_is_gone_is_not_active_and_is_made_again(real: Objects, pool: PoolShape) -> None:
    Path(pool.path).rmdir()
    seen = real.seen().pools[pool.id]
    assert (seen.shape, seen.active) == (pool, False)
    real.hypervisor.define_pool(pool)
    assert real.seen().pools[pool.id].active


def test_an_existing_directory_keeps_its_mode_and_files(real: Objects) -> None:
    pool = real.pool()
    Path(pool.path).mkdir(mode=0o750)
    Path(pool.path, "file").touch()
    real.hypervisor.define_pool(pool)
    assert Path(pool.path).stat().st_mode & 0o777 == 0o750
    assert set(real.seen().pools[pool.id].volumes) == {"file"}


def test_the_probe_says_how_guests_run_and_leaves_nothing(real: Objects, libvirt_host: PrivateLibvirt) -> None:
    assert real.hypervisor.probe_virt_type() in ("qemu", "kvm")
    connection = libvirt.open(libvirt_host.uri)
    assert not [d for d in connection.listAllDomains(0) if d.name().startswith("cairn-probe")]
    connection.close()


def test_a_node_has_all_memory_of_its_kernel(real: Objects) -> None:
    total = int(re.search(r"MemTotal: +(\d+) kB", Path("/proc/meminfo").read_text())[1])  # type: ignore[index]
    assert real.hypervisor.node().memory == total // 1024


def test_a_simulated_host_emulates(simulated: Objects) -> None:
    assert simulated.hypervisor.probe_virt_type() == "qemu"


def test_what_is_in_a_drive_changes_while_the_guest_runs(
    real: Objects, pool: PoolShape, tmp_path: Path, libvirt_host: PrivateLibvirt
) -> None:
    (tmp_path / "cd").write_bytes(bytes(1 << 20))
    real.hypervisor.put_base(BaseWanted(OWNER, pool.id, "cd.iso", "raw", str(tmp_path / "cd")))
    real.hypervisor.create_volume(real.volume(pool, "root.qcow2"))
    empty = Disk("hdc", "", "", "raw", "cdrom")
    shape = real.domain(Disk("vda", pool.name, "root.qcow2"), empty)
    real.hypervisor.define_domain(shape)
    real.hypervisor.start_domain(shape.id)
    wait_until_idle(libvirt_host, shape.id)
    for drive in (Disk("hdc", pool.name, "cd.iso", "raw", "cdrom"), empty):
        real.hypervisor.change_media(shape.id, drive)
        real.hypervisor.change_media(shape.id, drive)
        seen = real.seen().domains[shape.id]
        assert seen.shape == seen.live == dc.replace(shape, disks=(shape.disks[0], drive))


def test_a_running_guest_gets_processors_and_memory(real: Objects, pool: PoolShape) -> None:
    real.hypervisor.create_volume(real.volume(pool, "root.qcow2"))
    small = dc.replace(real.domain(Disk("vda", pool.name, "root.qcow2")), most_vcpus=2, most_memory=64)
    real.hypervisor.define_domain(small)
    real.hypervisor.start_domain(small.id)
    assert real.seen().domains[small.id].shape == small
    large = dc.replace(small, vcpus=2, memory=64, most_vcpus=0, most_memory=0)
    for _turn in range(2):
        real.hypervisor.scale_domain(small.id, 2, 64)
    seen = real.seen().domains[small.id]
    assert seen.shape == large
    assert seen.live is not None
    assert seen.live.vcpus == 2
