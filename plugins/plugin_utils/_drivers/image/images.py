# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Images in directories of this machine: fetched, checked, and looked into before they get their names."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

from ....module_utils._schema.errors import DriverError
from ..._core.naming import shown_url
from ..._ports.bounds import Bounds
from ..._ports.images import ImageFacts, Layer, Send
from . import extraction, iso9660, qcow2, qemu_img
from .digest import Digests, sha256_of
from .incoming import incoming
from .source import Stream, ask, check_file, local_path, opened

CHUNK = 1 << 20


class LocalImages:
    """Implements the port ``Images``. ``bounds`` say which files may be named; ``staging`` is a directory of ours."""

    def __init__(self, bounds: Bounds, staging: str = "") -> None:
        self._bounds, self._staging = bounds, staging

    def admit(self, directory: str) -> None:
        self._bounds.keep(directory)

    def inspect(self, path: str, format: str) -> ImageFacts:
        """Look into an image; refuses one that is not of ``format`` or does not stand alone."""
        file = check_file(Path(path), path)
        try:
            sha256 = sha256_of(file)
        except OSError as error:
            raise DriverError(f"the image {path} cannot be read: {error.strerror}; see the kernel's log") from None
        return _facts(file, format, path, sha256)

    def probe(self, url: str, format: str, checksum: str | None) -> ImageFacts | None:
        """Check what can be checked of an image without keeping it; None where that takes fetching it."""
        path = self._local(url)
        if path is None:
            ask(url, plain=checksum is not None)
            return None
        name = shown_url(url)
        digests = Digests(checksum)
        with opened(url, plain=False) as stream:
            for chunk in _chunks(stream, name):
                digests.update(chunk)
        digests.check(name)
        return _facts(path, format, name, digests.sha256)

    def fetch(self, url: str, format: str, checksum: str | None, directory: str, name: str) -> ImageFacts:
        """Bring the image to ``directory`` as ``name``; one that is there already is used as it is."""
        self._local(url)
        final = self._place(directory, name)
        if final.is_file():
            return self.inspect(str(final), format)
        label = shown_url(url)
        digests = Digests(checksum)
        with opened(url, plain=checksum is not None) as stream, incoming(final.parent, stream.needs) as file:
            for chunk in _chunks(stream, label):
                digests.update(chunk)
                file.write(chunk)
            file.flush()
            digests.check(label)
            facts = _facts(file.path, format, label, digests.sha256)
            file.become(name)
        return facts

    def receive(self, format: str, directory: str, name: str, send: Send) -> ImageFacts:
        """Keep an image that ``send`` hands over; one that is there already is used as it is."""
        final = self._place(directory, name)
        if final.is_file():
            return self.inspect(str(final), format)
        digests = Digests(None)
        with incoming(final.parent, 0) as file:

            def take(chunk: bytes) -> None:
                digests.update(chunk)
                file.write(chunk)

            send(take)
            file.flush()
            facts = _facts(file.path, format, name, digests.sha256)
            file.become(name)
        return facts

    def _local(self, url: str) -> Path | None:
        """The file that a URL names, None where it names none of this machine. Raises DriverError."""
        path = local_path(url)
        if path is not None and os.path.dirname(path) != self._staging:
            self._bounds.read(str(path))
        return path

    def _place(self, directory: str, name: str) -> Path:
        if directory != self._staging:
            self._bounds.keep(directory)
        return _in(directory, name)

    def digest(self, path: str) -> str | None:
        self._bounds.write(path)
        return extraction.digest(Path(path))

    def copy(self, source: str, path: str, sha256: str | None, *, replaces: str | None) -> None:
        self._bounds.write(path)
        extraction.copy(Path(source), Path(path), sha256, replaces)

    def flatten(self, path: str, send: Send, over: Layer | None, *, replaces: str | None) -> str:
        self._bounds.write(path)
        return extraction.flatten(Path(path), send, over, replaces)

    def present(self, directory: str, name: str) -> bool:
        return _in(directory, name).is_file()

    def delete(self, directory: str, name: str) -> None:
        path = _in(directory, name)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise DriverError(f"the image {path} cannot be removed: {error.strerror}; correct its rights") from None


def _chunks(stream: Stream, name: str) -> t.Iterator[bytes]:
    """The image piece by piece. Raises DriverError when it ends early."""
    got = 0
    while chunk := stream.read(CHUNK):
        got += len(chunk)
        yield chunk
    if stream.size is not None and got != stream.size:
        raise DriverError(f"the image {name} ended after {got} of {stream.size} bytes; try again")


def _facts(path: Path, format: str, name: str, sha256: str) -> ImageFacts:
    driver, length = format.lower(), path.stat().st_size
    # A CD's image is a raw disk as far as QEMU is concerned.
    refused = qcow2.objection(_begin(path, qcow2.HEADER_SIZE), "raw" if driver == "iso" else driver)
    if refused is None and driver == "iso":
        refused = iso9660.objection(_begin(path, iso9660.HEADER_SIZE), length)
    if refused is not None:
        raise DriverError(f"the image {name} {refused}")
    if driver == "iso":
        return ImageFacts(driver, length, length, sha256)
    size = qemu_img.virtual_size(path, driver, name)
    if driver == "qcow2":
        qemu_img.check(path, driver, name)
    return ImageFacts(driver, size, length, sha256)


def _begin(path: Path, count: int) -> bytes:
    with path.open("rb") as file:
        return file.read(count)


def _in(directory: str, name: str) -> Path:
    """The path of an image; names come from ids and never lead out of the directory."""
    if Path(name).name != name:
        raise ValueError(f"'{name}' is not the name of a file")
    return Path(directory) / name
