# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Simulated hosts whose state outlives the process: libvirt's test driver with its node file written back.

The test driver (https://libvirt.org/drvtest.html) reads a host from a file and keeps what is done to it
in memory, lost with the connection. Here the steps of a run are one unit of work: under a lock of the
file, on what the file says by then, and written back to it at the end. What is kept: domains and
whether they run, networks, pools with their volumes, what starts by itself, and the content of records.
A file that is not there yet stands for an empty host; ``cpus`` and ``memory`` (MiB) in the URL say how
large it is.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
import typing as t
import urllib.parse
import xml.etree.ElementTree as ET

import libvirt

from ....module_utils._schema.errors import DriverError

_NAMESPACE = "http://libvirt.org/schemas/domain/test/1.0"
_AUTOSTART = "autostart"  # an element of the node file that the test driver does not know and leaves alone
_TEXT = "text"  # within it, the content of a file
_CPUS, _MEMORY = 16, 65536
_MEND = "mend or remove the file of the simulated host"
_PIECE = 2048


class NodeFile:
    """The file that a simulated host is kept in. Raises DriverError where the URL's numbers are none."""

    def __init__(self, url: str) -> None:
        parts = urllib.parse.urlsplit(url)
        size = dict(urllib.parse.parse_qsl(parts.query))
        self.path, self._url = parts.path, url
        try:
            self._cpus, self._memory = int(size.get("cpus", _CPUS)), int(size.get("memory", _MEMORY))
        except ValueError:
            raise DriverError(f"host {url} cannot be simulated: cpus and memory are numbers; mend the URL") from None
        self._loaded: tuple[int, int, int] | None = None
        self.texts: dict[str, str] = {}

    def open(self) -> t.Any:
        """A connection to the host as the file says it is. Raises DriverError, which quotes nothing of the file."""
        try:
            return self._opened()
        except OSError as error:
            raise DriverError(f"host {self._url} cannot be read: {error.strerror}; {_MEND}") from None
        except (libvirt.libvirtError, SyntaxError, SystemError, ValueError):
            # libvirt quotes the line that it does not understand, and its Python library trips over what is no text.
            raise DriverError(f"host {self._url} cannot be read: its file describes no host; {_MEND}") from None

    def _opened(self) -> t.Any:
        try:
            with open(self.path, "rb") as file:
                self._loaded = _stamp(os.fstat(file.fileno()))
                # It is read twice, and another process may put a new one into its place meanwhile.
                path = f"/proc/self/fd/{file.fileno()}"
                connection, kept = libvirt.open(f"test://{path}"), _kept(path)
        except FileNotFoundError:
            self._loaded = None
            return self._open_empty()
        _restore(connection, kept)
        self.texts = {
            text.get("name", ""): text.text or "" for text in (kept if kept is not None else ()) if _is_text(text)
        }
        return connection

    def changed(self) -> bool:
        """Whether another process wrote the file since it was opened."""
        return self._stamp() != self._loaded

    @contextlib.contextmanager
    def locked(self) -> t.Iterator[None]:
        """Alone with the file, among all processes of this machine."""
        os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
        descriptor = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def write(self, connection: t.Any) -> None:
        """Keep what is on the host; a file that is cut short is never seen."""
        descriptor, name = tempfile.mkstemp(dir=os.path.dirname(self.path), prefix=".node-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(_node(connection, self.texts))
            os.replace(name, self.path)
        except BaseException:
            os.unlink(name)
            raise
        self._loaded = self._stamp()

    def _open_empty(self) -> t.Any:
        with tempfile.NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as file:
            file.write(ET.tostring(_size(self._cpus, self._memory), encoding="unicode"))
            file.flush()
            return libvirt.open(f"test://{file.name}")

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            return _stamp(os.stat(self.path))
        except FileNotFoundError:
            return None


def _stamp(stat: os.stat_result) -> tuple[int, int, int]:
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _size(cpus: int, memory: int) -> ET.Element:
    """An empty host of so many CPUs and so much memory (MiB)."""
    root = ET.Element("node")
    cpu = ET.SubElement(root, "cpu")
    shape = {"mhz": 2000, "model": "x86_64", "active": cpus, "nodes": 1, "sockets": 1, "cores": cpus, "threads": 1}
    for name, value in shape.items():
        ET.SubElement(cpu, name).text = str(value)
    ET.SubElement(root, "memory").text = str(memory * 1024)
    return root


def _node(connection: t.Any, texts: t.Mapping[str, str]) -> str:
    """The host as a node file; what has stopped is named, since libvirt starts all that it reads.

    Objects are put in as libvirt writes them: to parse and build them again would take longer than all the rest.
    """
    info = connection.getInfo()
    root = _size(info[2], info[1])
    kept = ET.SubElement(root, _AUTOSTART)
    parts = []
    for domain in connection.listAllDomains(0):
        parts.append(_domain(domain))
        if domain.autostart():
            ET.SubElement(kept, "domain").text = domain.name()
    for network in connection.listAllNetworks(0):
        parts.append(network.XMLDesc(0))
        _note(kept, "network", network)
    for pool in connection.listAllStoragePools(0):
        volumes = pool.listAllVolumes(0) if pool.isActive() else ()
        parts.append(_within(pool.XMLDesc(0), "".join(volume.XMLDesc(0) for volume in volumes)))
        _note(kept, "pool", pool)
        for name in sorted(texts.keys() & {volume.name() for volume in volumes} if texts else ()):
            ET.SubElement(kept, _TEXT, name=name).text = texts[name]
    return _within(ET.tostring(root, encoding="unicode"), "".join(parts))


def _within(element: str, more: str) -> str:
    """The element with more at its end; libvirt's elements are well-formed, and so is what comes of it."""
    head, tag, tail = element.rpartition("</")
    return f"{head}{more}{tag}{tail}"


def _note(kept: ET.Element, tag: str, item: t.Any) -> None:
    if item.autostart():
        ET.SubElement(kept, tag).text = item.name()
    if not item.isActive():
        ET.SubElement(kept, f"stopped-{tag}").text = item.name()


def _domain(domain: t.Any) -> str:
    state = ET.Element(f"{{{_NAMESPACE}}}runstate")
    state.text = str(domain.state()[0])
    return _within(domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE), ET.tostring(state, encoding="unicode"))


def _kept(path: str) -> ET.Element | None:
    """What starts by itself and what has stopped; it comes before the objects, which are not read again."""
    parser: ET.XMLPullParser[t.Any] = ET.XMLPullParser(["end"])
    with open(path, encoding="utf-8") as file:
        while piece := file.read(_PIECE):
            parser.feed(piece)
            for event in parser.read_events():
                element = t.cast("tuple[str, ET.Element]", event)[1]
                if element.tag == _AUTOSTART:
                    return element
    return None


def _is_text(item: ET.Element) -> bool:
    return item.tag == _TEXT


def _restore(connection: t.Any, kept: ET.Element | None) -> None:
    """Set what the test driver does not read from its file."""
    look_up = {
        "domain": connection.lookupByName,
        "network": connection.networkLookupByName,
        "pool": connection.storagePoolLookupByName,
    }
    for item in kept if kept is not None else ():
        if _is_text(item):
            continue
        what, name = item.tag.removeprefix("stopped-"), item.text or ""
        if what == item.tag:
            look_up[what](name).setAutostart(1)
        else:
            look_up[what](name).destroy()
