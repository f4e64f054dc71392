# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Hosts for tests of the libvirt driver: the simulated one, a private real one, and both in turn."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.seed import build_seed
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt.connection import connector
from ansible_collections.cairn.cloud.plugins.plugin_utils._ports.hypervisor import Hypervisor
from support.libvirt_objects import Objects
from support.private_libvirt import PrivateLibvirt

NODE = """
<node>
  <cpu><mhz>2000</mhz><model>x86_64</model><active>8</active><nodes>1</nodes>
    <sockets>1</sockets><cores>8</cores><threads>1</threads></cpu>
  <memory>16777216</memory>
</node>
"""


@pytest.fixture
def simulated_url(tmp_path: Path) -> str:
    node = tmp_path / "node.xml"
    node.write_text(NODE)
    return f"test://{node}"


@contextlib.contextmanager
def opened(url: str) -> Iterator[Hypervisor]:
    hypervisor = connector(build_seed)(url)
    try:
        yield hypervisor
    finally:
        hypervisor.close()


@pytest.fixture
def simulated(simulated_url: str, tmp_path: Path) -> Iterator[Objects]:
    with opened(simulated_url) as hypervisor:
        yield Objects(hypervisor, tmp_path)


@pytest.fixture
def real(libvirt_host: PrivateLibvirt) -> Iterator[Objects]:
    with opened(libvirt_host.uri) as hypervisor:
        objects = Objects(hypervisor, libvirt_host.storage)
        yield objects
        objects.remove()


@pytest.fixture(params=["simulated", "real"])
def objects(request: pytest.FixtureRequest) -> Objects:
    """What holds on every host is tested on both."""
    found: Objects = request.getfixturevalue(request.param)
    return found
