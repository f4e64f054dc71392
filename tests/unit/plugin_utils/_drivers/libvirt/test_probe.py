# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A probe that runs with another CPU than guests do proves nothing of them."""

from __future__ import annotations

import dataclasses as dc
import xml.etree.ElementTree as ET

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import DomainShape
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt import domain_xml, probe

GUEST = DomainShape("11111111-1111-4111-8111-111111111111", "web1", "web1", 1, 512, "qemu", None, (), ())


@pytest.mark.parametrize("kind", ["kvm", "qemu"])
def test_the_machine_of_the_probe_has_the_cpu_of_guests(kind: str) -> None:
    guest = ET.fromstring(domain_xml.build(dc.replace(GUEST, virt_type=kind)))
    tried = ET.fromstring(probe.machine(kind))
    assert tried.get("type") == guest.get("type") == kind
    assert [ET.tostring(cpu) for cpu in tried.iter("cpu")] == [ET.tostring(cpu) for cpu in guest.iter("cpu")]
