# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Which files of this machine may be named: any by its own users, some by whoever asks the management daemon.

Paths are judged by where they lead, links followed.
"""

from __future__ import annotations

import os
import typing as t

from ...module_utils._schema.errors import DriverError
from .._core.host_url import node_file, objection


class Own:
    """For users of this machine, who may do here what their processes may: but the cloud's ``own`` files (or
    directories, with all that is in them) are not written over."""

    def __init__(self, own: t.Iterable[str]) -> None:
        self._own = [os.path.realpath(path) for path in own]

    def host(self, url: str) -> None: ...

    def read(self, path: str) -> None: ...

    def keep(self, directory: str) -> None: ...

    def write(self, path: str) -> None:
        if any(_below(place, own) for place in _places(path) for own in self._own):
            raise DriverError(f"{path} is a file that the cloud itself needs; name another one")


class Confined(Own):
    """For callers from elsewhere: files below ``folders`` alone, and images are kept below ``keeps``, too."""

    def __init__(self, own: t.Iterable[str], folders: t.Iterable[str], keeps: t.Iterable[str]) -> None:
        super().__init__(own)
        self._folders, self._keeps = list(folders), list(keeps)

    def host(self, url: str) -> None:
        refused = objection(url)
        if refused is not None:
            raise DriverError(f"host {url} is not opened by the daemon: {refused}")
        file = node_file(url)
        if file is not None:
            self._confine(file, self._folders)

    def read(self, path: str) -> None:
        self._confine(path, self._folders)

    def keep(self, directory: str) -> None:
        self._confine(directory, [*self._folders, *self._keeps])

    def write(self, path: str) -> None:
        self._confine(path, self._folders)
        super().write(path)

    @staticmethod
    def _confine(path: str, folders: t.Sequence[str]) -> None:
        if all(any(_below(place, os.path.realpath(folder)) for folder in folders) for place in _places(path)):
            return
        words = " or ".join(folders)
        raise DriverError(f"{path} is not below {words}, where callers of the daemon may name files; name one there")


def _places(path: str) -> tuple[str, str]:
    """Where a path leads, and where its own name is: the name of a link is one place, and what it leads to another."""
    folder, name = os.path.split(path.rstrip("/") or "/")
    return os.path.realpath(path), os.path.join(os.path.realpath(folder), name)


def _below(place: str, folder: str) -> bool:
    return place == folder or place.startswith(folder.rstrip("/") + "/")
