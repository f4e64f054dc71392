#!/usr/bin/python3
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Give what the engine keeps in its state directory to the user that it runs as.

Root runs this where that user may change what paths lead to while it runs. So each file is opened relative to its
folder, no link is followed, and only what was opened and looked at is given away. Links are refused: the engine makes
none.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import json
import os
import pwd
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

DATABASE = "cairn.db"
# The first is made where it is missing; of the last, the folder alone is the engine's.
IMAGES, STAGING, EXCHANGE = "secondary", "staging", "exchange"


class Refused(Exception):
    """Something cannot be given away; the message says why."""


class Owner:
    """Gives files to a user, or, for a check, only says that they would be given."""

    def __init__(self, uid: int, gid: int, *, check: bool) -> None:
        self._ids, self._check = (uid, gid), check
        self.changed = False

    def state(self, directory: Path) -> None:
        """All of a state directory that the engine keeps. Raises Refused."""
        try:
            top = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except FileNotFoundError:
            self.changed = True
            return
        with closed(top):
            self._make(top, IMAGES)
            for name in sorted(os.listdir(top)):
                if name.startswith(DATABASE):
                    self._file(top, name, directory / name)
                elif name in (IMAGES, STAGING, EXCHANGE):
                    self._folder(top, name, directory / name, whole=name != EXCHANGE)

    def _make(self, top: int, name: str) -> None:
        if self._check:
            self.changed |= name not in os.listdir(top)
            return
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, 0o750, dir_fd=top)
            self.changed = True

    def _folder(self, parent: int, name: str, path: Path, *, whole: bool = True) -> None:
        with opened(parent, name, path, os.O_RDONLY | os.O_DIRECTORY) as folder:
            if folder is None:
                return
            self._give(folder)
            for entry in sorted(os.listdir(folder)) if whole else ():
                with contextlib.suppress(FileNotFoundError):
                    mode = os.stat(entry, dir_fd=folder, follow_symlinks=False).st_mode
                    give = self._folder if stat.S_ISDIR(mode) else self._file
                    give(folder, entry, path / entry)

    def _file(self, parent: int, name: str, path: Path) -> None:
        with opened(parent, name, path, os.O_PATH) as file:
            if file is None:
                return
            seen = os.fstat(file)
            if not stat.S_ISREG(seen.st_mode):
                raise Refused(f"{path} is a link or a device, and not the engine's; remove it")
            # A second name may be anywhere: that of a file which was never the engine's.
            if seen.st_nlink > 1 and not self._has(seen):
                raise Refused(f"{path} has other names, and may be another's; remove it")
            self._give(file)

    def _has(self, seen: os.stat_result) -> bool:
        return (seen.st_uid, seen.st_gid) == self._ids

    def _give(self, descriptor: int) -> None:
        if self._has(os.fstat(descriptor)):
            return
        self.changed = True
        if not self._check:
            # What is open, whatever its path leads to by now.
            os.chown(f"/proc/self/fd/{descriptor}", *self._ids)


@contextlib.contextmanager
def closed(descriptor: int) -> Iterator[int]:
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def opened(parent: int, name: str, path: Path, flags: int) -> Iterator[int | None]:
    """What a folder has under a name, itself; None where that is gone. Raises Refused for a link that should be one."""
    try:
        descriptor = os.open(name, flags | os.O_NOFOLLOW, dir_fd=parent)
    except FileNotFoundError:
        yield None
        return
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise Refused(f"{path} is not a folder; remove it, or mount what it leads to in its place") from None
        raise
    with closed(descriptor):
        yield descriptor


def ids(user: str, *, check: bool) -> tuple[int, int]:
    """User and group; of a user that a check run has not made yet, numbers that nobody has."""
    try:
        found = pwd.getpwnam(user)
    except KeyError:
        if check:
            return -1, -1
        raise Refused(f"there is no user {user}; make it") from None
    return found.pw_uid, found.pw_gid


def give(directory: Path, owner: tuple[int, int], *, check: bool) -> bool:
    """Give a state directory's content away, all of it or nothing; whether anything changes. Raises Refused."""
    looked = Owner(*owner, check=True)
    looked.state(directory)
    if not check:
        Owner(*owner, check=False).state(directory)
    return looked.changed


def main() -> None:
    parser = argparse.ArgumentParser(description="Give what the engine keeps to the user that it runs as.")
    parser.add_argument("user", help="the user, whose own group goes with it")
    parser.add_argument("directory", type=Path, help="the state directory")
    parser.add_argument("--check", action="store_true", help="only say whether anything would change")
    given = parser.parse_args()
    try:
        changed = give(given.directory, ids(given.user, check=given.check), check=given.check)
    except (Refused, OSError) as error:
        sys.exit(str(error))
    print(json.dumps({"changed": changed}))


if __name__ == "__main__":
    main()
