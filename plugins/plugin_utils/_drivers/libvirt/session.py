# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""One open connection to a host: what its hypervisor can do, and its errors as our sentences."""

from __future__ import annotations

import contextlib
import typing as t

import libvirt

from ....module_utils._schema.errors import DriverError
from ..._core.world import FILTERS, SHARES
from .simulated import NodeFile

# What a hypervisor can do that not all can. libvirt's simulated one (https://libvirt.org/drvtest.html) keeps
# definitions and states and moves no data; whatever it cannot do is done to the definition alone.
UPLOAD = "upload"  # volumes have content
GROW = "grow"  # volumes and disks of running guests are resized
PLUG = "plug"  # disks are plugged into running guests
BRIDGES = "bridges"  # networks have bridges that can be looked at
TWO_DEFINITIONS = "two-definitions"  # a running network shows what it will be next time, too
RUN = "run"  # guests execute instructions
# What fits into one message of libvirt's protocol; larger pieces of a stream are cut in two and are slower.
CHUNK = 240 * 1024
_ALL = frozenset({UPLOAD, GROW, PLUG, BRIDGES, TWO_DEFINITIONS, RUN, FILTERS, SHARES})
_FEATURES: t.Mapping[str, frozenset[str]] = {"TEST": frozenset()}

_REMEDIES = {
    libvirt.VIR_ERR_AUTH_FAILED: "check the user's rights and the certificates or keys",
    libvirt.VIR_ERR_OPERATION_TIMEOUT: "another operation holds the object; try again when it has ended",
    libvirt.VIR_ERR_NO_STORAGE_VOL: "apply again, which makes files that are missing",
    libvirt.VIR_ERR_NO_STORAGE_POOL: "apply again, which makes the pool",
    libvirt.VIR_ERR_NO_NETWORK: "apply again, which makes the network",
    libvirt.VIR_ERR_NO_NWFILTER: "apply again, which makes the filter",
    libvirt.VIR_ERR_NO_DOMAIN: "apply again, which defines it",
}
_LONGEST = 500


class Session:
    """A connection, the URL that it was opened with, and its features."""

    def __init__(self, *, connection: t.Any, url: str, node_file: NodeFile | None = None) -> None:
        self.connection, self.url, self._node_file = connection, url, node_file
        self.features = _FEATURES.get(connection.getType(), _ALL)

    def alive(self) -> bool:
        """Whether the host answers, and a simulated one is as its file says."""
        try:
            up = self.connection.isAlive() == 1 and self.connection.getLibVersion() > 0
        except libvirt.libvirtError:
            return False
        return up and not (self._node_file is not None and self._node_file.changed())

    @contextlib.contextmanager
    def working(self) -> t.Iterator[None]:
        """Steps that belong together; a simulated host keeps them at the end, also where one failed."""
        kept = self._node_file
        if kept is None:
            yield
            return
        try:
            with kept.locked():
                if kept.changed():
                    self.connection.close()
                    self.connection = kept.open()
                try:
                    yield
                finally:
                    kept.write(self.connection)
        except OSError as error:
            problem = f"its file cannot be written: {error.strerror}; make its directory writable"
            raise self.error("the simulated host", problem) from error

    def keep_text(self, name: str, text: str) -> None:
        """Keep the content of a file, which a simulated host's volumes do not."""
        if self._node_file is not None:
            self._node_file.texts[name] = text

    def text(self, name: str) -> str | None:
        return self._node_file.texts.get(name) if self._node_file is not None else None

    def can(self, feature: str) -> bool:
        return feature in self.features

    @contextlib.contextmanager
    def about(self, what: str) -> t.Iterator[None]:
        """Turn libvirt's errors into sentences about ``what`` (``domain 'web1'``)."""
        try:
            yield
        except libvirt.libvirtError as error:
            remedy = _REMEDIES.get(error.get_error_code())
            raise self.error(what, message(error) + (f"; {remedy}" if remedy else "")) from error

    def error(self, what: str, problem: str) -> DriverError:
        return DriverError(f"{what} on {self.url}: {problem}")


def message(error: libvirt.libvirtError) -> str:
    """What libvirt says, on one line."""
    text = " ".join((error.get_error_message() or str(error)).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


Key = t.TypeVar("Key")
Found = t.TypeVar("Found")


def found(look_up: t.Callable[[Key], Found], key: Key, *absent: int) -> Found | None:
    """What ``look_up`` finds; None where libvirt says, by one of the codes ``absent``, that it is not there."""
    try:
        return look_up(key)
    except libvirt.libvirtError as error:
        if error.get_error_code() in absent:
            return None
        raise
