# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Whether guests really run under KVM on a host.

``/dev/kvm`` and libvirt's capabilities tell that KVM is there, not that it works: in some virtual machines guests
start and then crawl or hang, or start only with a CPU that is not the host's. So a machine without any disk is run,
emulated and under KVM with the CPU that guests get. Its firmware finds nothing to boot and reboots at once
(https://libvirt.org/formatdomain.html#bios-bootloader), which ends the domain.
It is transient and ends with the connection too, so nothing is left behind.
"""

from __future__ import annotations

import contextlib
import time
import typing as t
import uuid
import xml.etree.ElementTree as ET

import libvirt

from .domain_xml import add_cpu
from .session import RUN, Session

KVM, EMULATED = "kvm", "qemu"
_ARCHITECTURE = "x86_64"
_POLL = 0.05
# KVM takes a tenth of a second where it works. A busy host slows down both ways.
_LIMIT = 2.0
_SLOWNESS = 3
_LONGEST = 30.0


def virt_type(session: Session) -> str:
    """``kvm`` where a guest runs under it about as fast as emulated or faster, else ``qemu``."""
    if not session.can(RUN) or not _offered(session):
        return EMULATED
    emulated = _run(session, EMULATED, _LONGEST)
    limit = max(_LIMIT, _SLOWNESS * (emulated or 0.0))
    return EMULATED if _run(session, KVM, limit) is None else KVM


def _offered(session: Session) -> bool:
    try:
        session.connection.getDomainCapabilities(None, _ARCHITECTURE, None, KVM)
    except libvirt.libvirtError:
        return False
    return True


def _run(session: Session, kind: str, limit: float) -> float | None:
    """Seconds until the machine has ended by itself; None where it does not start, or not end in time."""
    try:
        domain = session.connection.createXML(machine(kind), libvirt.VIR_DOMAIN_START_AUTODESTROY)
    except libvirt.libvirtError:
        return None
    started = time.monotonic()
    try:
        while _is_there(domain):
            if time.monotonic() - started > limit:
                return None
            time.sleep(_POLL)
        return time.monotonic() - started
    finally:
        with contextlib.suppress(libvirt.libvirtError):
            domain.destroy()


def _is_there(domain: t.Any) -> bool:
    try:
        return bool(domain.isActive())
    except libvirt.libvirtError as error:
        if error.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN:
            return False
        raise


def machine(kind: str) -> str:
    """The XML of a machine that ends by itself, with the CPU that guests of this ``kind`` get."""
    root = ET.Element("domain", type=kind)
    ET.SubElement(root, "name").text = f"cairn-probe-{uuid.uuid4()}"
    ET.SubElement(root, "memory", unit="MiB").text = "16"
    os = ET.SubElement(root, "os")
    ET.SubElement(os, "type", arch=_ARCHITECTURE, machine="pc").text = "hvm"
    ET.SubElement(os, "bios", rebootTimeout="0")
    add_cpu(root, kind, None)
    for event in ("on_poweroff", "on_reboot", "on_crash"):
        ET.SubElement(root, event).text = "destroy"
    devices = ET.SubElement(root, "devices")
    ET.SubElement(devices, "controller", type="usb", model="none")
    ET.SubElement(devices, "memballoon", model="none")
    return ET.tostring(root, encoding="unicode")
