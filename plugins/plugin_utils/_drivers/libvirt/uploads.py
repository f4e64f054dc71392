# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Files that are copied to a pool: templates and seeds.

A volume cannot be renamed, so a copy is made under its final name. Before it starts, an empty volume
(:data:`.volumes.MARK`) marks it as unfinished; afterwards the marker is deleted. A copy that was cut
short, by whatever, keeps its marker: it is not seen, and the next attempt replaces it.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import typing as t

import libvirt

from ....module_utils._schema.errors import DriverError
from ..._core.naming import is_record
from ..._core.units import MIB
from ..._core.world import BaseWanted, RecordWanted, SeedWanted
from . import pool_xml
from .overlay import HEAD, with_backing
from .pools import Pools
from .session import CHUNK, UPLOAD, Session
from .volumes import delete_if_there, whole

SeedBuilder = t.Callable[[t.Mapping[str, str]], bytes]

_AVAILABLE = 3  # in the list that virStoragePoolGetInfo gives


class Uploads:
    """``put_base``, ``put_seed`` and ``put_record`` of the port."""

    def __init__(self, session: Session, pools: Pools, seed_builder: SeedBuilder) -> None:
        self._session, self._pools, self._build_seed = session, pools, seed_builder

    def put_base(self, base: BaseWanted) -> None:
        pool = self._pools.get(base.pool)
        try:
            with open(base.source, "rb") as source:
                self._put(pool, base.name, base.format, source, os.fstat(source.fileno()).st_size)
        except OSError as error:
            problem = f"{base.source} cannot be read: {error.strerror}; bring the image back to secondary storage"
            raise DriverError(f"template file '{base.name}': {problem}") from error

    def put_seed(self, seed: SeedWanted) -> None:
        pool = self._pools.get(seed.pool)
        content = self._build_seed(seed.files) if self._session.can(UPLOAD) else b""
        self._put(pool, seed.name, "raw", io.BytesIO(content), len(content))

    def put_record(self, record: RecordWanted) -> None:
        pool, content = self._pools.get(record.pool), record.content.encode()
        if not self._session.can(UPLOAD):
            self._session.keep_text(record.name, record.content)
        self._put(pool, record.name, "raw", io.BytesIO(content), len(content))
        with self._session.about(f"file '{record.name}'"):
            for volume in pool.listAllVolumes(0):
                name = volume.name()
                if is_record(name, record.owner) and name != record.name:
                    delete_if_there(pool, name)

    def put_file(self, pool_id: str, name: str, content: t.BinaryIO, base: str | None) -> None:
        """Write a file as it is, but for the path of the file that it lies over."""
        pool, size = self._pools.get(pool_id), content.seek(0, os.SEEK_END)
        content.seek(0)
        if base is not None:
            head = content.read(HEAD)
            content.seek(0)
            try:
                content.write(with_backing(head, base))
            except ValueError as error:
                raise self._session.error(f"file '{name}'", str(error)) from error
            content.seek(0)
        self._put(pool, name, "raw", content, size)

    def _put(self, pool: t.Any, name: str, format: str, source: t.BinaryIO, size: int) -> None:
        def make() -> None:
            self._check_room(pool, name, size)
            self._copy(pool, name, format, source, size)

        with self._session.about(f"file '{name}'"):
            whole(pool, name, make)

    def _check_room(self, pool: t.Any, name: str, size: int) -> None:
        available = pool.info()[_AVAILABLE]
        if available < size:
            raise self._no_room(pool, name, f"{available // MIB} MiB free, {-(-size // MIB)} MiB needed")

    def _no_room(self, pool: t.Any, name: str, figures: str) -> DriverError:
        problem = f"no room in storage pool '{pool.name()}': {figures}; free space there or use another storage"
        return self._session.error(f"file '{name}'", problem)

    def _copy(self, pool: t.Any, name: str, format: str, source: t.BinaryIO, size: int) -> None:
        if not self._session.can(UPLOAD):
            pool.createXML(pool_xml.build_volume(name, format, size), 0)
            return
        # Raw and empty, so that nothing of it is left behind the end of what is copied; once the copy is
        # done libvirt finds the format by looking into the file.
        volume = pool.createXML(pool_xml.build_volume(name, "raw", 0), 0)
        try:
            self._send(volume, source, size)
        except libvirt.libvirtError as error:
            if os.strerror(errno.ENOSPC) in str(error) or self._is_full(pool):
                raise self._no_room(pool, name, "it became full while the file was copied") from error
            raise
        # Fails while another file is copied to the same pool; libvirt refreshes it after that one.
        with contextlib.suppress(libvirt.libvirtError):
            pool.refresh(0)

    def _send(self, volume: t.Any, source: t.BinaryIO, size: int) -> None:
        stream = self._session.connection.newStream(0)
        volume.upload(stream, 0, 0, libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM)
        try:
            for length, is_data in _extents(source, size):
                if is_data:
                    _send_data(stream, source, length)
                else:
                    stream.sendHole(length, 0)
            stream.finish()
        except BaseException:
            with contextlib.suppress(libvirt.libvirtError):
                stream.abort()
            raise

    @staticmethod
    def _is_full(pool: t.Any) -> bool:
        with contextlib.suppress(libvirt.libvirtError):
            pool.refresh(0)
            return bool(pool.info()[_AVAILABLE] < MIB)
        return False


def _send_data(stream: t.Any, source: t.BinaryIO, length: int) -> None:
    while length:
        piece = source.read(min(CHUNK, length))
        if not piece:
            raise OSError(errno.EIO, "it became shorter while it was copied")
        length -= len(piece)
        while piece:
            piece = piece[stream.send(piece) :]


def _extents(source: t.BinaryIO, size: int) -> t.Iterator[tuple[int, bool]]:
    """The file as lengths of data (True, with ``source`` standing at it) and of holes (False)."""
    try:
        descriptor = source.fileno()
    except OSError:
        yield size, True
        return
    position = 0
    while position < size:
        data = _seek(descriptor, position, os.SEEK_DATA, size)
        if data > position:
            yield data - position, False
        if data == size:
            return
        position = _seek(descriptor, data, os.SEEK_HOLE, size)
        source.seek(data)
        yield position - data, True


def _seek(descriptor: int, position: int, whence: int, size: int) -> int:
    try:
        return min(os.lseek(descriptor, position, whence), size)
    except OSError as error:
        if error.errno == errno.ENXIO:  # no more data behind the position
            return size
        raise
