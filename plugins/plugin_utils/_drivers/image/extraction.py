# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Images as files for people: written beside their place and then named, readable by their owner alone."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from ....module_utils._schema.errors import DriverError
from ..._ports.images import Layer, Send
from . import qcow2, qemu_img
from .digest import sha256_of
from .incoming import Incoming, Occupied, incoming

CHUNK = 1 << 20


def digest(path: Path) -> str | None:
    """The SHA-256 of a file, None where there is none. Raises DriverError where none can be written."""
    if not path.parent.is_dir():
        raise DriverError(f"the directory {path.parent} does not exist; make it first")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise DriverError(f"nothing can be written to {path.parent}; correct its rights, or name another directory")
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DriverError(f"{path} is not a file; name one")
        return sha256_of(path)
    except FileNotFoundError:
        if path.is_symlink():
            raise DriverError(f"{path} is a link that leads nowhere; remove it, or name another file") from None
        return None
    except OSError as error:
        raise DriverError(f"{path} cannot be read: {error.strerror}; correct its rights") from None


def copy(source: Path, path: Path, sha256: str | None, replaces: str | None) -> None:
    try:
        with source.open("rb") as file, incoming(path.parent, os.fstat(file.fileno()).st_blocks * 512) as made:
            found = hashlib.sha256()
            while chunk := file.read(CHUNK):
                found.update(chunk)
                made.write(chunk)
            made.flush()
            if sha256 not in (None, found.hexdigest()):
                problem = "it is not what was fetched; remove it, so that it is fetched anew"
                raise DriverError(f"the image {source} was changed: {problem}")
            _name(made, path, replaces)
    except OSError as error:
        raise DriverError(f"the image {source} cannot be read: {error.strerror}; correct its rights") from None


def flatten(path: Path, send: Send, over: Layer | None, replaces: str | None) -> str:
    """Whatever file the image names, it is only read together with ``over``."""
    with incoming(path.parent, 0) as file:
        send(file.write)
        file.flush()
        with file.path.open("rb") as begun:
            refused = qcow2.objection(begun.read(qcow2.HEADER_SIZE), "qcow2", layered=over is not None)
        if refused is not None:
            raise DriverError(f"the volume's file {refused}")
        if over is None:
            return _finish(file, path, replaces)
        with incoming(path.parent, 0) as whole:
            qemu_img.flatten(file.path, over.path, over.format, whole.path)
            whole.sync()
            return _finish(whole, path, replaces)


def _finish(file: Incoming, path: Path, replaces: str | None) -> str:
    qemu_img.check(file.path, "qcow2", path.name)
    found = sha256_of(file.path)
    _name(file, path, replaces)
    return found


def _name(file: Incoming, path: Path, replaces: str | None) -> None:
    """Give the file its name, unless what is there is not what was looked at: nothing, or a file with that SHA-256."""
    found = digest(path)
    if found not in (None, replaces):
        raise Occupied(path)
    file.become(path.name, new=found is None)
