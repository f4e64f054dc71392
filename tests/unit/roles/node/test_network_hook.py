# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The hook of role node: which networks get a VXLAN, by what libvirt's driver of the engine wrote."""

from __future__ import annotations

import importlib.util
import io
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import NetworkShape
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt import network_xml
from support.collection import CHECKOUT

IDENT = "33333333-3333-4333-8333-333333333333"


def load() -> ModuleType:
    path = CHECKOUT / "roles" / "node" / "files" / "network_hook.py"
    spec = importlib.util.spec_from_file_location("role_node_network_hook", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


hook = load()


def given(vni: int | None) -> str:
    """What libvirt gives a hook of networks."""
    shape = NetworkShape(IDENT, "wire", "isolated", "cn1", document="{}", vni=vni)
    return f"<hookData>{network_xml.build(shape)}</hookData>"


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that the hook runs."""
    found: list[str] = []

    def ip(*words: str) -> str:
        found.append(" ".join(words))
        return "default via 192.0.2.1 dev uplink0 \n" if "route" in words else ""

    monkeypatch.setattr(hook, "ip", ip)
    monkeypatch.setattr(hook, "DEVICE_FILE", Path("/nonexistent"))
    return found


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    def calling(operation: str, text: str) -> None:
        monkeypatch.setattr(sys, "argv", ["hook", "wire", operation, "begin", "-"])
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        hook.main()

    return calling


def test_a_network_with_a_number_gets_its_vxlan(ran: list[str], call: Callable[[str, str], None]) -> None:
    call("started", given(70000))
    assert ran == [
        "-4 route show default",
        "link add vx70000 mtu 1450 type vxlan id 70000 group 239.1.17.112 dev uplink0 dstport 4789",
        "link set vx70000 master cn1 up",
    ]


@pytest.mark.parametrize("operation", ["start", "stopped", "port-created", "port-deleted", "updated"])
def test_nothing_is_made_at_other_times(operation: str, ran: list[str], call: Callable[[str, str], None]) -> None:
    call(operation, given(5))
    assert ran == []


@pytest.mark.parametrize(
    "text",
    [given(None), "<hookData><network><name>theirs</name><bridge name='virbr0'/></network></hookData>", "<hookData/>"],
)
def test_other_networks_are_left_alone(text: str, ran: list[str], call: Callable[[str, str], None]) -> None:
    call("started", text)
    assert ran == []


def test_the_interface_may_be_named(tmp_path: Path, ran: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "device").write_text("eth7\n")
    monkeypatch.setattr(hook, "DEVICE_FILE", tmp_path / "device")
    assert hook.device() == "eth7"
    assert ran == []


def test_why_it_fails_is_said(
    ran: list[str], call: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hook, "ip", lambda *words: "")
    with pytest.raises(SystemExit, match="there is no default route to run a VXLAN over; set node_vxlan_device"):
        call("started", given(5))
