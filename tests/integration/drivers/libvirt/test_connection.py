# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A host that cannot be reached is named, in seconds, with what libvirt says of it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.seed import build_seed
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt import connection
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt.connection import connector, with_certificate


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """A port whose queue of connections is full: the kernel answers nobody."""
    with socket.socket() as listener, socket.socket() as waiting:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting.connect(listener.getsockname())
        yield listener.getsockname()[1]


def unused_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def refused(url: str) -> str:
    with pytest.raises(DriverError) as caught:
        connector(build_seed)(url)
    assert str(caught.value).startswith(f"host {url} cannot be reached: ")
    assert str(caught.value).endswith("; check that libvirtd runs there and that the URL is right")
    return str(caught.value)


def test_no_libvirtd_at_a_socket(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert "No such file or directory" in refused(f"qemu+unix:///system?socket={tmp_path}/sock")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("scheme", ["qemu", "qemu+tls", "qemu+tcp"])
def test_nobody_listens(scheme: str) -> None:
    assert "Connection refused" in refused(f"{scheme}://127.0.0.1:{unused_port()}/system")


def test_nobody_answers(deaf_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_CONNECT_TIMEOUT", 0.3)
    started = time.monotonic()
    assert "timed out" in refused(f"qemu+tls://127.0.0.1:{deaf_port}/system")
    assert time.monotonic() - started < 5


def test_a_url_that_is_none() -> None:
    refused("no-such-hypervisor:///system")
    refused("qemu+tls://127.0.0.1:port/system")


def test_a_missing_library_is_named_with_its_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "LIBVIRT_MISSING", ImportError("No module named 'libvirt'"))
    with pytest.raises(DriverError, match="install the package python3-libvirt"):
        connector(build_seed)("test:///default")


PKI = "pkipath=%2Fetc%2Fcairn%2Fpki"


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("qemu+tls://node1/system", f"qemu+tls://node1/system?{PKI}"),
        ("qemu://node1:17000/system", f"qemu://node1:17000/system?{PKI}"),
        ("qemu+tls://node1/system?no_verify=0", f"qemu+tls://node1/system?no_verify=0&{PKI}"),
        ("qemu+tls://node1/system?pkipath=/mine", "qemu+tls://node1/system?pkipath=/mine"),
        ("qemu+ssh://root@node1/system", "qemu+ssh://root@node1/system"),
        ("qemu:///system", "qemu:///system"),
        ("test:///default", "test:///default"),
    ],
)
def test_a_host_over_tls_is_shown_our_certificate(url: str, opened: str) -> None:
    assert with_certificate(url, "/etc/cairn/pki") == opened
    assert with_certificate(url, "") == url


def test_certificates_that_are_missing_are_named(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        url = f"qemu+tls://127.0.0.1:{listener.getsockname()[1]}/system"
        with pytest.raises(DriverError) as caught:
            connector(build_seed, str(tmp_path))(url)
    assert f"host {url} cannot be reached: " in str(caught.value)
    assert f"{tmp_path}/cacert.pem" in str(caught.value)
