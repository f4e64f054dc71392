# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Opening hosts by their URL (https://libvirt.org/uri.html)."""

from __future__ import annotations

import contextlib
import socket
import typing as t
import urllib.parse

from ....module_utils._schema.errors import DriverError
from ....module_utils._schema.formats import libvirt_parameters
from ..._core.host_url import node_file
from ..._ports.bounds import Bounds
from ..._ports.hypervisor import Connect, Hypervisor

try:
    import libvirt
except ImportError as error:
    LIBVIRT_MISSING: ImportError | None = error
else:
    LIBVIRT_MISSING = None
    from . import simulated
    from .hypervisor import LibvirtHypervisor
    from .session import Session, message

# https://libvirt.org/remote.html: transports that are a TCP connection of libvirt's own, and their ports.
_PORTS = {"tls": 16514, "tcp": 16509}
_CONNECT_TIMEOUT = 5.0
_CHECK = "check that libvirtd runs there and that the URL is right"


def connector(
    seed_builder: t.Callable[[t.Mapping[str, str]], bytes], pki_path: str = "", bounds: Bounds | None = None
) -> Connect:
    """What opens hosts; ``seed_builder`` makes an ISO image of files, ``pki_path`` has our certificate for TLS, and
    ``bounds`` say which may be opened."""

    def connect(url: str) -> Hypervisor:
        if bounds is not None:
            bounds.host(url)
        if LIBVIRT_MISSING is not None:
            raise DriverError(
                f"host {url} cannot be reached: the Python library libvirt is missing ({LIBVIRT_MISSING}); "
                "install the package python3-libvirt, or libvirt-python from PyPI, for this Python"
            )
        _knock(url)
        kept = simulated.NodeFile(url) if node_file(url) is not None else None
        session = Session(connection=_open(url, kept, pki_path), url=url, node_file=kept)
        return LibvirtHypervisor(session=session, seed_builder=seed_builder, knock=lambda: _knock(url))

    return connect


def _open(url: str, kept: simulated.NodeFile | None, pki_path: str) -> t.Any:
    # libvirt would print each error to stderr; ours are exceptions.
    libvirt.registerErrorHandler(_say_nothing, None)
    try:
        return libvirt.open(with_certificate(url, pki_path)) if kept is None else kept.open()
    except libvirt.libvirtError as error:
        raise DriverError(f"host {url} cannot be reached: {_told(url, error)}; {_CHECK}") from error


def _told(url: str, error: libvirt.libvirtError) -> str:
    """What libvirt says; but of a file that another machine's test driver does not understand it quotes a line."""
    quotes = url.startswith("test") and error.get_error_domain() not in (libvirt.VIR_FROM_REMOTE, libvirt.VIR_FROM_RPC)
    return "it is no simulated host" if quotes else message(error)


def with_certificate(url: str, pki_path: str) -> str:
    """The URL with the directory of our certificate, where it leads over TLS and does not name one itself."""
    parts = urllib.parse.urlsplit(url)
    named = any(name == "pkipath" for name, _value in libvirt_parameters(parts.query))
    if not pki_path or not parts.hostname or _transport(parts) != "tls" or named:
        return url
    parameter = urllib.parse.urlencode({"pkipath": pki_path}, quote_via=urllib.parse.quote)
    return parts._replace(query=f"{parts.query}&{parameter}" if parts.query else parameter).geturl()


def _say_nothing(_context: None, _error: tuple[t.Any, ...]) -> None:
    """An error handler for libvirt."""


def _knock(url: str) -> None:
    """Fail in seconds where nobody answers; libvirt itself waits as long as the kernel does, which is minutes."""
    parts = urllib.parse.urlsplit(url)
    port = _PORTS.get(_transport(parts))
    if port is None or not parts.hostname:
        return
    try:
        address = (parts.hostname, parts.port or port)
        with contextlib.closing(socket.create_connection(address, timeout=_CONNECT_TIMEOUT)):
            return
    except (OSError, ValueError) as error:
        raise DriverError(f"host {url} cannot be reached: {error}; {_CHECK}") from error


def _transport(parts: urllib.parse.SplitResult) -> str:
    """``qemu+tls`` says so; a host without a transport is asked over TLS."""
    _scheme, plus, transport = parts.scheme.partition("+")
    return transport if plus else "tls"
