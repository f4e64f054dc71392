# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A domain that is built from a shape is read back as that shape, also from what libvirt makes of it."""

from __future__ import annotations

import dataclasses as dc
import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import Card, Disk, DomainShape, Journey
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt import domain_xml

IDENT = "11111111-1111-4111-8111-111111111111"
SHAPE = DomainShape(
    id=IDENT,
    name="web1-11111111",
    title="web1",
    vcpus=2,
    memory=512,
    virt_type="qemu",
    cpu_model="qemu64",
    disks=(Disk("vda", "pool", "root.qcow2"), Disk("hda", "pool", "seed.iso", "raw", "cdrom")),
    cards=(Card("02:00:00:00:00:01", "lan"), Card("02:00:00:00:00:02", "wan")),
    document='{"kind": "instance"}',
)
# What libvirt 9 shows of a running domain that was defined as SHAPE, shortened.
RUNNING = f"""
<domain type='qemu' id='1'>
  <name>web1-11111111</name>
  <uuid>{IDENT}</uuid>
  <title>web1</title>
  <metadata>
    <cairn:resource xmlns:cairn="https://cairn.cloud/xmlns/resource/1">{{"kind": "instance"}}</cairn:resource>
  </metadata>
  <memory unit='KiB'>524288</memory>
  <currentMemory unit='KiB'>524288</currentMemory>
  <vcpu placement='static'>2</vcpu>
  <os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type><boot dev='hd'/></os>
  <cpu mode='custom' match='exact' check='full'>
    <model fallback='forbid'>qemu64</model>
    <feature policy='require' name='hypervisor'/>
  </cpu>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='volume' device='disk'>
      <driver name='qemu' type='qcow2' discard='unmap'/>
      <source pool='pool' volume='root.qcow2' index='2'/>
      <backingStore type='file' index='3'>
        <format type='qcow2'/><source file='/srv/template.qcow2'/><backingStore/>
      </backingStore>
      <target dev='vda' bus='virtio'/>
      <alias name='virtio-disk0'/>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x05' function='0x0'/>
    </disk>
    <disk type='volume' device='cdrom'>
      <driver name='qemu' type='raw'/>
      <source pool='pool' volume='seed.iso' index='1'/>
      <backingStore/>
      <target dev='hda' bus='ide'/>
      <readonly/>
      <address type='drive' controller='0' bus='0' target='0' unit='0'/>
    </disk>
    <controller type='pci' index='0' model='pci-root'/>
    <interface type='network'>
      <mac address='02:00:00:00:00:01'/>
      <source network='lan' portid='93ac6c63-8738-49b4-a281-c4a03fd9c533' bridge='cn1'/>
      <target dev='vnet0'/>
      <model type='virtio'/>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x07' function='0x0'/>
    </interface>
    <interface type='network'>
      <mac address='02:00:00:00:00:02'/>
      <source network='wan' portid='93ac6c63-8738-49b4-a281-c4a03fd9c534' bridge='cn2'/>
      <target dev='vnet1'/>
      <model type='virtio'/>
    </interface>
    <memballoon model='virtio'/>
  </devices>
</domain>
"""

# What XML can hold. libvirt takes no title of two lines; documents are JSON, which escapes the rest.
text = st.text(st.characters(min_codepoint=32, exclude_categories=["C", "Zl", "Zp"]), max_size=20)
names = text.filter(bool)
macs = st.binary(min_size=5, max_size=5).map(lambda octets: ":".join(["02", octets.hex(":")]))
disks = st.builds(
    Disk,
    target=st.sampled_from(["vda", "vdb", "vdaa", "hda", "sda"]),
    pool=names,
    volume=names,
    format=st.sampled_from(["qcow2", "raw"]),
    device=st.sampled_from(["disk", "cdrom"]),
)
shapes = st.builds(
    DomainShape,
    id=st.uuids().map(str),
    name=names,
    title=text,
    vcpus=st.integers(1, 512),
    memory=st.integers(1, 2**24),
    virt_type=st.sampled_from(["qemu", "kvm"]),
    cpu_model=st.none() | names,
    disks=st.lists(disks, max_size=4).map(tuple),
    cards=st.lists(st.builds(Card, mac=macs, network=names), max_size=4).map(tuple),
    document=text,
    keys=st.lists(st.sampled_from(["SHA256:a", "SHA256:b/+"]), max_size=2).map(tuple),
    password=st.integers(0, 3),
)


@given(shapes)
def test_a_shape_comes_back_as_it_was(shape: DomainShape) -> None:
    assert domain_xml.read(domain_xml.build(shape)) == shape


@given(shapes, shapes)
def test_what_a_domain_was_before_changes_nothing_of_its_shape(shape: DomainShape, earlier: DomainShape) -> None:
    assert domain_xml.read(domain_xml.build(shape, domain_xml.build(earlier))) == shape


def test_a_running_domain_has_the_shape_that_it_was_defined_with() -> None:
    assert domain_xml.read(RUNNING) == SHAPE


def test_a_running_guests_empty_drive_is_as_it_was_defined() -> None:
    drive = Disk("hdc", "", "", "raw", "cdrom")
    running = """
    <disk type='file' device='cdrom'>
      <driver name='qemu'/>
      <target dev='hdc' bus='ide'/>
      <readonly/>
      <address type='drive' controller='0' bus='1' target='0' unit='0'/>
    </disk>
    <controller type='pci' """
    seen = domain_xml.read(RUNNING.replace("<controller type='pci' ", running, 1))
    assert seen is not None
    assert seen.disks == (*SHAPE.disks, drive)


def test_a_domain_without_our_metadata_has_no_shape() -> None:
    assert domain_xml.read(RUNNING.replace("https://cairn.cloud", "https://example.org")) is None


def test_the_hosts_own_model_is_not_taken_for_one_that_was_asked_for() -> None:
    # https://libvirt.org/formatdomain.html#cpu-model-and-topology: host-model becomes custom when a domain starts.
    expanded = RUNNING.replace("qemu64</model>", "Skylake-Client</model><vendor>Intel</vendor>")
    seen = domain_xml.read(expanded)
    assert seen is not None
    assert seen.cpu_model is None


def test_redefined_devices_keep_their_places_and_new_ones_get_none() -> None:
    wider = dc.replace(SHAPE, disks=(*SHAPE.disks, Disk("vdb", "pool", "data.qcow2")))
    root = ET.fromstring(domain_xml.build(wider, RUNNING))
    slots = {_of(d, "target", "dev"): _of(d, "address", "slot") for d in root.iterfind("devices/disk")}
    assert slots == {"vda": "0x05", "hda": "", "vdb": ""}
    assert [a.get("slot") for a in root.iterfind("devices/interface/address")] == ["0x07"]
    assert _of(root, "os/type", "machine") == "pc-i440fx-7.2"


def test_guests_are_emulated_with_a_bounded_translation_cache_only() -> None:
    assert "<tb-cache" in domain_xml.build(SHAPE)
    assert "<tb-cache" not in domain_xml.build(dc.replace(SHAPE, virt_type="kvm"))


def test_a_card_is_moved_to_the_bridge_and_home_again() -> None:
    ((moved, home),) = domain_xml.moved_cards(RUNNING, "lan", "cn9")
    first, second = ET.fromstring(moved), ET.fromstring(home)
    assert (first.get("type"), _attributes(first, "source")) == ("bridge", {"bridge": "cn9"})
    assert (second.get("type"), _attributes(second, "source")) == ("network", {"network": "lan"})
    assert _of(first, "target", "dev") == _of(second, "target", "dev") == "vnet0"


def _of(parent: ET.Element, path: str, attribute: str) -> str:
    return _attributes(parent, path).get(attribute, "")


def _attributes(parent: ET.Element, path: str) -> dict[str, str]:
    child = parent.find(path)
    return {} if child is None else child.attrib


def test_a_card_is_made_with_its_mtu_and_not_looked_at_again() -> None:
    card = Card("02:00:00:00:00:01", "wire", mtu=1450)
    xml = domain_xml.build(dc.replace(SHAPE, cards=(card,)))
    (mtu,) = ET.fromstring(xml).iterfind("devices/interface/mtu")
    assert mtu.get("size") == "1450"
    assert domain_xml.filtered_card(xml, dc.replace(card, mtu=None)) is None
    assert ET.fromstring(domain_xml.build(SHAPE)).find("devices/interface/mtu") is None


def test_a_fixed_disk_is_read_only_and_its_machine_ends_rather_than_reboots() -> None:
    shape = dc.replace(SHAPE, disks=(Disk("vda", "pool", "router.qcow2", fixed=True),))
    xml = domain_xml.build(shape)
    assert domain_xml.read(xml) == shape
    root = ET.fromstring(xml)
    assert root.find("devices/disk/readonly") is not None
    assert root.findtext("on_reboot") == "destroy"
    assert ET.fromstring(domain_xml.build(SHAPE)).findtext("on_reboot") == "restart"


def test_what_a_running_router_was_given_is_read_beside_its_resource() -> None:
    element = '<c:configured xmlns:c="https://cairn.cloud/xmlns/configured/1">0123abcd</c:configured></metadata>'
    running = RUNNING.replace("</metadata>", element)
    assert domain_xml.configured(running) == "0123abcd"
    assert domain_xml.read(running) == domain_xml.read(RUNNING)
    assert domain_xml.configured(RUNNING) == ""
    assert domain_xml.configured_by("0123abcd") == "<configured>0123abcd</configured>"


def test_a_disk_that_its_machine_does_not_write_to_is_not_copied_when_it_moves() -> None:
    journey = Journey(SHAPE.id, "h2", {}, ())
    assert domain_xml.copied_disks(domain_xml.build(SHAPE), journey) == ["vda"]
    fixed = dc.replace(SHAPE, disks=tuple(dc.replace(disk, fixed=disk.target == "vda") for disk in SHAPE.disks))
    assert domain_xml.copied_disks(domain_xml.build(fixed), journey) == []


def test_what_other_hosts_see_is_kept_in_no_memory_where_it_is_shared() -> None:
    root, seed = SHAPE.disks
    shape = dc.replace(SHAPE, disks=(dc.replace(root, direct=True), seed))
    assert domain_xml.read(domain_xml.build(shape)) == shape
    assert domain_xml.build(shape).count('cache="none"') == 1


def test_a_machine_that_moves_has_its_disks_as_they_are_where_it_goes() -> None:
    data = Disk("vdb", "pool", "data.qcow2")
    xml = domain_xml.build(dc.replace(SHAPE, disks=(*SHAPE.disks, data)))
    pools = {"root.qcow2": "common", "seed.iso": "common", "data.qcow2": "other"}
    journey = Journey(SHAPE.id, "h2", pools, (), frozenset({"common"}), frozenset({"root.qcow2"}))
    assert domain_xml.copied_disks(xml, journey) == ["vdb"]
    moved = domain_xml.read(domain_xml.in_pools(xml, journey))
    assert moved is not None
    assert [(disk.pool, disk.direct) for disk in moved.disks] == [("common", True), ("common", False), ("other", False)]
    live = domain_xml.on_files(xml, journey, {"root.qcow2": "/mnt/root.qcow2"})
    assert live.count('cache="none"') == 1
    assert 'file="/mnt/root.qcow2"' in live
    back = dc.replace(journey, direct=frozenset())
    assert "cache=" not in domain_xml.in_pools(domain_xml.in_pools(xml, journey), back)
