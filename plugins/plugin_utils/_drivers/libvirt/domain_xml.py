# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Domains as libvirt's XML: built from a shape, and read back as the same shape.

https://libvirt.org/formatdomain.html
"""

from __future__ import annotations

import dataclasses as dc
import posixpath
import typing as t
import xml.etree.ElementTree as ET

from ..._core.world import Card, Disk, DomainShape, Journey
from . import carried

# The guest images bring drivers for these buses; the first letter of a target names its bus.
_BUSES = {"v": "virtio", "h": "ide", "s": "sata"}
_TO_BYTES = {"b": 1, "bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}

# The root volume, or as long as nothing on it boots, the CD.
_BOOT_ORDER = {"vda": "1", "hdc": "2"}
# QEMU's translation cache takes a fifth of the machine's memory for each guest unless it is told otherwise.
_TRANSLATION_CACHE = "64"
# The variable by which filters know a card's address.
_ADDRESS = "IP"
# How QEMU's cache is called when there is none of the host.
_DIRECT = "none"
# What a running router was given: an element of its own, which is never in a definition and so goes with the machine.
CONFIGURED = "https://cairn.cloud/xmlns/configured/1"


def build(shape: DomainShape, current: str | None = None) -> str:
    """The definition of a domain.

    ``current`` is what it is defined as so far: its devices keep their places on the buses, so that a
    guest finds its disks and cards under the names that it knows.
    """
    root = ET.Element("domain", type=shape.virt_type)
    _text(root, "name", shape.name)
    _text(root, "uuid", shape.id)
    if shape.title:
        _text(root, "title", shape.title)
    carried.add(root, shape.document, **told(shape))
    _text(root, "memory", str(shape.most_memory or shape.memory), unit="MiB")
    _text(root, "currentMemory", str(shape.memory), unit="MiB")
    _text(root, "vcpu", str(shape.most_vcpus or shape.vcpus), current=str(shape.vcpus))
    _machine(root, shape)
    devices = ET.SubElement(root, "devices")
    devices.extend(_disk(disk) for disk in shape.disks)
    devices.extend(_card(card) for card in shape.cards)
    _console_agent_and_entropy(devices)
    if current is not None:
        _keep_places(root, ET.fromstring(current))
    return ET.tostring(root, encoding="unicode")


def read(xml: str) -> DomainShape | None:
    """The shape of a domain; None when it does not carry our metadata. A running one may be read too."""
    root = ET.fromstring(xml)
    document = carried.find(root)
    if document is None:
        return None
    devices = root.find("devices")
    assert devices is not None, "libvirt shows the devices of every domain"
    most_vcpus, most_memory = int(root.findtext("vcpu", "0")), _mebibytes(root.find("memory"))
    vcpus = int(_get(root, "vcpu", "current") or most_vcpus)
    memory = _mebibytes(root.find("currentMemory")) or most_memory
    return DomainShape(
        id=root.findtext("uuid", ""),
        name=root.findtext("name", ""),
        title=root.findtext("title", ""),
        vcpus=vcpus,
        memory=memory,
        virt_type=root.get("type", ""),
        cpu_model=_cpu_model(root.find("cpu")),
        disks=tuple(_read_disk(disk) for disk in devices.iterfind("disk")),
        cards=tuple(_read_card(card) for card in devices.iterfind("interface")),
        document=document,
        most_vcpus=most_vcpus if most_vcpus > vcpus else 0,
        most_memory=most_memory if most_memory > memory else 0,
        keys=tuple(carried.note(root, "keys").split()),
        password=int(carried.note(root, "password") or 0),
    )


def configured(xml: str) -> str:
    """The digest of what a running router was given; empty where it was given nothing."""
    if CONFIGURED not in xml:
        return ""
    return ET.fromstring(xml).findtext(f"metadata/{{{CONFIGURED}}}configured", "")


def configured_by(digest: str) -> str:
    """The element that says so, by itself."""
    element = ET.Element("configured")
    element.text = digest
    return ET.tostring(element, encoding="unicode")


def metadata(shape: DomainShape) -> str:
    """What the domain carries, by itself."""
    return carried.element(shape.document, **told(shape))


def told(shape: DomainShape) -> dict[str, str]:
    """What the guest was told, where that is anything."""
    notes = {"keys": " ".join(shape.keys), "password": str(shape.password or "")}
    return {name: value for name, value in notes.items() if value}


def disk(shape: Disk) -> str:
    """A disk by itself, to be attached or detached."""
    return ET.tostring(_disk(shape), encoding="unicode")


def in_pools(xml: str, journey: Journey) -> str:
    """A definition with its disks and cards as they are where it goes."""
    root, pools = ET.fromstring(xml), journey.pools
    _put_filters(root, journey)
    for element in root.iterfind("devices/disk[@type='volume']"):
        source = element.find("source")
        if source is not None:
            source.set("pool", pools.get(source.get("volume", ""), source.get("pool", "")))
        _put_direct(element, journey)
    return ET.tostring(root, encoding="unicode")


def on_files(xml: str, journey: Journey, paths: t.Mapping[str, str]) -> str:
    """The same of a running domain, with its disks as files: libvirt looks for those of pools too late, and would make
    them."""
    root = ET.fromstring(xml)
    _put_filters(root, journey)
    for element in root.iterfind("devices/disk"):
        source = element.find("source")
        name = _read_disk(element).volume
        if source is None or name not in paths:
            continue
        element.set("type", "file")
        source.attrib = {"file": paths[name]}
        _put_direct(element, journey)
        for chain in element.findall("backingStore"):
            element.remove(chain)
    return ET.tostring(root, encoding="unicode")


def _put_direct(disk: ET.Element, journey: Journey) -> None:
    driver, shape = disk.find("driver"), _read_disk(disk)
    if driver is not None and shape.device == "disk":
        _set_direct(driver, direct=shape.volume in journey.direct)


def _put_filters(root: ET.Element, journey: Journey) -> None:
    wanted = {(card.mac, card.network): card for card in journey.cards}
    for element in root.iterfind("devices/interface"):
        have = _read_card(element)
        card = wanted.get((have.mac, have.network), have)
        if card != have:
            put_filter(element, card)


def copied_disks(xml: str, journey: Journey) -> list[str]:
    """Targets of the disks of a domain that its guest writes to, and that are not where it goes already."""
    disks = map(_read_disk, ET.fromstring(xml).iterfind("devices/disk"))
    written = (one for one in disks if one.device == "disk" and not one.fixed)
    return [one.target for one in written if journey.pools.get(one.volume) not in journey.shared]


def has(xml: str, disk: Disk) -> bool:
    """Whether a domain has a disk; of one that came from another host the pool is not shown while it runs."""
    found = map(_read_disk, ET.fromstring(xml).iterfind("devices/disk"))
    return any(one == disk or one == dc.replace(disk, pool="") for one in found)


def settled(live: DomainShape, stored: DomainShape) -> DomainShape:
    """A running domain with the pools of its disks, which are not shown where it came from another host."""
    pools = {disk.volume: disk.pool for disk in stored.disks}
    disks = (disk if disk.pool else dc.replace(disk, pool=pools.get(disk.volume, "")) for disk in live.disks)
    return dc.replace(live, disks=tuple(disks))


def moved_cards(xml: str, network: str, bridge: str) -> list[tuple[str, str]]:
    """For each card of a running domain on ``network``: itself on ``bridge`` directly, and itself as it is."""
    moves = []
    for card in ET.fromstring(xml).iterfind("devices/interface[@type='network']"):
        source = card.find("source")
        if source is None or source.get("network") != network:
            continue
        source.attrib = {"network": network}
        home = ET.tostring(card, encoding="unicode")
        card.set("type", "bridge")
        source.attrib = {"bridge": bridge}
        moves.append((ET.tostring(card, encoding="unicode"), home))
    return moves


def add_cpu(root: ET.Element, virt_type: str, model: str | None) -> None:
    """The CPU that guests get: ``model``, or under KVM the host's own without one."""
    if model is not None:
        cpu = ET.SubElement(root, "cpu", mode="custom", match="exact")
        _text(cpu, "model", model, fallback="forbid")
    elif virt_type == "kvm":
        ET.SubElement(root, "cpu", mode="host-model")


def filtered_card(xml: str, shape: Card) -> str | None:
    """The card of ``shape``, as the domain has it, under the filter of ``shape``; None where it needs no change."""
    for card in ET.fromstring(xml).iterfind("devices/interface"):
        have = _read_card(card)
        if (have.mac, have.network) != (shape.mac, shape.network) or have == shape:
            continue
        put_filter(card, shape)
        return ET.tostring(card, encoding="unicode")
    return None


def put_filter(card: ET.Element, shape: Card) -> None:
    """Put a card under the filter of ``shape``, and under no other."""
    for reference in card.findall("filterref"):
        card.remove(reference)
    _filter(card, shape)


def _machine(root: ET.Element, shape: DomainShape) -> None:
    os = ET.SubElement(root, "os")
    _text(os, "type", "hvm", arch="x86_64", machine="pc")
    features = ET.SubElement(root, "features")
    ET.SubElement(features, "acpi")
    ET.SubElement(features, "apic")
    if shape.virt_type == "qemu":
        _text(ET.SubElement(features, "tcg"), "tb-cache", _TRANSLATION_CACHE, unit="MiB")
    add_cpu(root, shape.virt_type, shape.cpu_model)
    ET.SubElement(root, "clock", offset="utc")
    _text(root, "on_poweroff", "destroy")
    # A machine that keeps nothing ends when it falls, so that it is seen to have lost what it was given.
    _text(root, "on_reboot", "destroy" if any(disk.fixed for disk in shape.disks) else "restart")
    _text(root, "on_crash", "destroy")


def _disk(shape: Disk) -> ET.Element:
    root = ET.Element("disk", type="volume" if shape.volume else "file", device=shape.device)
    driver = ET.SubElement(root, "driver", name="qemu", type=shape.format)
    if shape.volume:
        ET.SubElement(root, "source", pool=shape.pool, volume=shape.volume)
    ET.SubElement(root, "target", dev=shape.target, bus=_BUSES.get(shape.target[:1], "virtio"))
    if shape.target in _BOOT_ORDER:
        ET.SubElement(root, "boot", order=_BOOT_ORDER[shape.target])
    if shape.device == "cdrom" or shape.fixed:
        ET.SubElement(root, "readonly")
    else:
        driver.set("discard", "unmap")
    _set_direct(driver, direct=shape.direct)
    return root


def _set_direct(driver: ET.Element, *, direct: bool) -> None:
    """https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms: cache none is by O_DIRECT."""
    driver.attrib.pop("cache", None)
    if direct:
        driver.set("cache", _DIRECT)


def _card(shape: Card) -> ET.Element:
    root = ET.Element("interface", type="network")
    ET.SubElement(root, "mac", address=shape.mac)
    ET.SubElement(root, "source", network=shape.network)
    ET.SubElement(root, "model", type="virtio")
    if shape.mtu is not None:  # the guest's driver is told
        ET.SubElement(root, "mtu", size=str(shape.mtu))
    # Without its ROM a card is not booted from, which saves seconds at each start.
    ET.SubElement(root, "rom", enabled="no")
    _filter(root, shape)
    return root


def _filter(card: ET.Element, shape: Card) -> None:
    """https://libvirt.org/formatnwfilter.html#usage-of-variables-in-filters"""
    if not shape.filter:
        return
    reference = ET.SubElement(card, "filterref", filter=shape.filter)
    if shape.address:
        ET.SubElement(reference, "parameter", name=_ADDRESS, value=shape.address)


def _console_agent_and_entropy(devices: ET.Element) -> None:
    ET.SubElement(ET.SubElement(devices, "serial", type="pty"), "target", port="0")
    ET.SubElement(ET.SubElement(devices, "console", type="pty"), "target", type="serial", port="0")
    agent = ET.SubElement(devices, "channel", type="unix")
    ET.SubElement(agent, "target", type="virtio", name="org.qemu.guest_agent.0")
    _text(ET.SubElement(devices, "rng", model="virtio"), "backend", "/dev/urandom", model="random")
    ET.SubElement(devices, "memballoon", model="virtio")


def _keep_places(root: ET.Element, current: ET.Element) -> None:
    machine, kept = root.find("os/type"), current.find("os/type")
    if machine is not None and kept is not None:
        machine.set("machine", kept.get("machine", "pc"))
    places = {_identity(device): device.find("address") for device in current.iterfind("devices/*")}
    for device in root.iterfind("devices/*"):
        identity = _identity(device)
        place = places.get(identity) if identity else None
        if place is not None:
            device.append(place)


def _identity(device: ET.Element) -> tuple[str, str] | None:
    """What tells a disk or card from the others of its domain; None for other devices."""
    if device.tag == "disk":
        return "disk", _get(device, "target", "dev")
    if device.tag == "interface":
        return "interface", _get(device, "mac", "address").lower()
    return None


def _cpu_model(cpu: ET.Element | None) -> str | None:
    """The model that was asked for.

    A running domain with ``host-model`` shows the model of its host; only then is a vendor named:
    https://libvirt.org/formatdomain.html#cpu-model-and-topology
    """
    if cpu is None or cpu.get("mode") != "custom" or cpu.find("vendor") is not None:
        return None
    return cpu.findtext("model")


def _read_disk(disk: ET.Element) -> Disk:
    return Disk(
        target=_get(disk, "target", "dev"),
        pool=_get(disk, "source", "pool"),
        volume=_get(disk, "source", "volume") or posixpath.basename(_get(disk, "source", "file")),
        # A running guest's empty drive is shown without a format.
        format=_get(disk, "driver", "type") or "raw",
        device=disk.get("device", "disk"),
        fixed=disk.get("device") == "disk" and disk.find("readonly") is not None,
        direct=_get(disk, "driver", "cache") == _DIRECT,
    )


def _read_card(card: ET.Element) -> Card:
    reference = card.find("filterref")
    parameters = () if reference is None else reference.iterfind("parameter")
    return Card(
        mac=_get(card, "mac", "address"),
        network=_get(card, "source", "network"),
        filter="" if reference is None else reference.get("filter", ""),
        # Another parameter, or another number of addresses, is none of ours.
        address=" ".join(one.get("value", "") for one in parameters),
    )


def _mebibytes(memory: ET.Element | None) -> int:
    if memory is None:
        return 0
    return int(memory.text or 0) * _TO_BYTES[memory.get("unit", "KiB")] // 2**20


def _get(parent: ET.Element, tag: str, attribute: str) -> str:
    child = parent.find(tag)
    return "" if child is None else child.get(attribute, "")


def _text(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = text
