# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A file that is on its way into a directory: under another name until it is whole, and gone if it never is."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
import shutil
import typing as t
from pathlib import Path

from ....module_utils._schema.errors import DriverError

PREFIX = ".cairn-incoming-"


class Occupied(DriverError):
    """The place of a file has become that of another one."""

    def __init__(self, path: Path) -> None:
        told = "was written by others meanwhile, and is left as it is"
        super().__init__(f"{path} {told}; look at it, then extract again or name another file")


class Incoming:
    """Writes a file; made by :func:`incoming`. Blocks of zeros become holes, as raw disks are mostly empty.

    All methods raise DriverError when the directory does not take it.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._size = 0

    def write(self, chunk: bytes) -> None:
        with _told(self.path.parent):
            if chunk.count(0) == len(chunk):
                os.lseek(self._descriptor, len(chunk), os.SEEK_CUR)
            else:
                rest = memoryview(chunk)
                while rest:
                    rest = rest[os.write(self._descriptor, rest) :]
            self._size += len(chunk)

    def flush(self) -> None:
        with _told(self.path.parent):
            os.ftruncate(self._descriptor, self._size)
            os.fsync(self._descriptor)

    def sync(self) -> None:
        """Like :meth:`flush`, of a file that another program wrote."""
        with _told(self.path.parent):
            os.fsync(self._descriptor)

    def become(self, name: str, *, new: bool = False) -> None:
        """Give the file its name, replacing another one, so that it survives a loss of power.

        Raises Occupied where it is to be ``new`` and a file of that name is there.
        """
        final = self.path.with_name(name)
        with _told(self.path.parent):
            if new:
                _claim(self.path, final)
            self.path.rename(final)
            # Of two names of one file, rename() takes none away.
            self.path.unlink(missing_ok=True)
            descriptor = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


@contextlib.contextmanager
def incoming(directory: Path, needs: int) -> t.Iterator[Incoming]:
    """A new file in the directory, mode 0600, removed at the end unless it got its name. Raises DriverError.

    ``needs`` is how many bytes it is going to take, as far as is known.
    """
    with _told(directory):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        sweep(directory)
        free = shutil.disk_usage(directory).free
        if free < needs:
            raise DriverError(f"there is no space left in {directory}: {size(free)} free, {size(needs)} needed")
        path, descriptor = _create(directory)
    try:
        yield Incoming(path, descriptor)
    finally:
        # After become() there is no file of that name any more.
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _claim(path: Path, final: Path) -> None:
    """Take a name that nobody has: by a link to the file, or an empty file where file systems have no links."""
    try:
        final.hardlink_to(path)
    except FileExistsError:
        raise Occupied(final) from None
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP):
            raise
        try:
            os.close(os.open(final, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        except FileExistsError:
            raise Occupied(final) from None


def _create(directory: Path) -> tuple[Path, int]:
    """A new file with a lock, by which it is told from one that a dead process left."""
    while True:
        path = directory / f"{PREFIX}{secrets.token_hex(8)}"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # Another process may have taken it for a left one before it had its lock.
        if os.fstat(descriptor).st_nlink:
            return path, descriptor
        os.close(descriptor)


def sweep(directory: Path) -> None:
    """Remove what processes left that were killed: nobody holds the lock of such a file."""
    for path in directory.glob(f"{PREFIX}*"):
        with contextlib.suppress(FileNotFoundError, PermissionError, BlockingIOError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def size(count: int) -> str:
    """A number of bytes for people: ``1.5 GiB``."""
    value, unit = float(count), "bytes"
    for unit in ("bytes", "KiB", "MiB", "GiB", "TiB"):
        if value < 1024 or unit == "TiB":
            break
        value /= 1024
    return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"


@contextlib.contextmanager
def _told(directory: Path) -> t.Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            free = size(shutil.disk_usage(directory).free)
            raise DriverError(f"there is no space left in {directory}: {free} free; free some space") from None
        raise DriverError(f"nothing can be written to {directory}: {error.strerror}; correct its rights") from None
