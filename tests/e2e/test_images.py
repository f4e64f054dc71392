# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What is on templates and volumes comes out of the cloud as files, and volumes start as images: compared by QEMU.

No guest runs.
"""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.private_libvirt import PrivateLibvirt
from support.small_cloud import SmallCloud


def run(*command: object) -> str:
    return subprocess.run([*map(str, command)], check=True, capture_output=True, text=True).stdout


def write(image: Path, pattern: int, where: str) -> None:
    run("qemu-io", "-f", "qcow2", "-c", f"write -P {pattern} {where} 64k", image)


def alike(one: Path, other: Path) -> bool:
    """Whether a guest sees the same on both."""
    return "identical" in run("qemu-img", "compare", "-f", "qcow2", "-F", "qcow2", one, other)


@pytest.fixture
def still(libvirt_host: PrivateLibvirt, tmp_path: Path) -> Iterator[SmallCloud]:
    """A cloud whose template boots nothing."""
    image = tmp_path / "image.qcow2"
    run("qemu-img", "create", "-q", "-f", "qcow2", image, "16M")
    write(image, 1, "0")
    with SmallCloud(libvirt_host, tmp_path, image) as small:
        yield small


def changes(cloud: SmallCloud, kind: str, **options: object) -> int:
    """What a task changes; a check run says the same."""
    predicted = cloud.task(kind, "--check", **options).changed
    done = cloud.task(kind, **options).changed
    assert done == predicted
    return done


def file_of(cloud: SmallCloud, volume: str) -> Path:
    (found,) = cloud.answer("volume_info", name=volume)["volumes"]
    return cloud.host.storage / "primary" / f"volume-{found['id']}.qcow2"


def test_templates_and_volumes_are_extracted(still: SmallCloud) -> None:
    vm = still.instance("vm1", state="deployed", root_disk_size=1)
    still.apply([*still.documents, vm])
    out = still.directory / "out"
    out.mkdir()

    template = {"name": "tiny", "state": "extracted", "dest": str(out / "template.qcow2")}
    assert [changes(still, "template", **template) for _turn in range(2)] == [1, 0]
    assert (out / "template.qcow2").read_bytes() == still.image.read_bytes()
    assert stat.S_IMODE((out / "template.qcow2").stat().st_mode) == 0o600

    root, disk = {"name": "ROOT-vm1", "state": "extracted", "dest": str(out / "root.qcow2")}, file_of(still, "ROOT-vm1")
    write(disk, 2, "8M")
    assert [changes(still, "volume", **root) for _turn in range(2)] == [1, 0]
    assert "backing" not in run("qemu-img", "info", out / "root.qcow2")
    assert alike(out / "root.qcow2", disk)
    write(disk, 3, "100M")
    assert [changes(still, "volume", **root) for _turn in range(2)] == [1, 0]
    assert alike(out / "root.qcow2", disk)

    (out / "root.qcow2").write_text("a person's own")
    refused = still.task("volume", check=False, **root)
    assert "root.qcow2 is there and is another file; name another one, or say force: true" in refused.stdout
    assert (out / "root.qcow2").read_text() == "a person's own"
    assert changes(still, "volume", force=True, **root) == 1
    assert alike(out / "root.qcow2", disk)
    assert sorted(path.name for path in out.iterdir()) == ["root.qcow2", "template.qcow2"]


def test_a_volume_starts_as_an_image(still: SmallCloud) -> None:
    raw = still.directory / "goods.img"
    run("qemu-img", "convert", "-O", "raw", still.image, raw)
    vm = still.instance("vm1", state="deployed", root_disk_size=1)
    one = {"kind": "volume", "name": "one", "url": f"file://{still.image}", "vm": "vm1", "size": 2}
    two = {"kind": "volume", "name": "two", "url": f"file://{raw}", "format": "RAW"}
    documents = [*still.documents, vm, one, two]
    assert still.apply(documents, "--check").changed == 1
    assert [still.apply(documents).changed for _turn in range(2)] == [1, 0]
    assert [still.apply([*documents[:-1], {**two, "vm": "vm1"}]).changed for _turn in range(2)] == [1, 0]
    for name, size in (("one", 2), ("two", 1)):
        disk, whole = file_of(still, name), still.directory / f"{name}.qcow2"
        assert f"{size} GiB" in run("qemu-img", "info", disk)
        assert disk.stat().st_blocks * 512 < 1 << 20
        options = {"name": name, "state": "extracted", "dest": str(whole)}
        assert [changes(still, "volume", **options) for _turn in range(2)] == [1, 0]
        run("qemu-img", "resize", "-q", "--shrink", whole, "16M")
        assert alike(whole, still.image)
    hostile = still.directory / "hostile.qcow2"
    run("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", "/etc/passwd", hostile)
    refused = still.task("volume", check=False, name="three", url=f"file://{hostile}")
    assert "has a backing file" in refused.stdout
    names = [volume["name"] for volume in still.answer("volume_info")["volumes"]]
    assert names == ["ROOT-vm1", "one", "two"]
    for name in ("one", "two"):
        assert changes(still, "volume", name=name, state="absent") == 1
    for folder in ("primary", "secondary"):
        assert not list((still.host.storage / folder).glob("volume-*-image.*"))
