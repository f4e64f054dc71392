# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
"""Images by content: which file is the image that the present scripts and parameters would build.

Beside ``NAME.qcow2`` stands ``NAME.qcow2.sha256``: the line that ``sha256sum --check`` reads, and as a comment the key
of the build, a hash over everything that went into it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Image:
    """An image's file, and the build that should be in it."""

    name: str
    key: str
    path: Path

    @property
    def checksum(self) -> Path:
        return self.path.with_name(self.path.name + ".sha256")

    @property
    def work_prefix(self) -> str:
        return f".{self.name}-build-"


def key(scripts: Path, *parameters: str) -> str:
    """Hash the build scripts with their data files, and the parameters."""
    digest = hashlib.sha256()
    for path in sorted(path for path in scripts.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        digest.update(f"{path.relative_to(scripts)}\0{path.stat().st_mode & 0o111:o}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    digest.update("\0".join(parameters).encode())
    return digest.hexdigest()


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_current(image: Image) -> bool:
    """Tell whether the file is there, is of the wanted build and is intact."""
    try:
        lines = image.checksum.read_text().splitlines()
        return f"# build {image.key}" in lines and lines[0].split()[0] == sha256(image.path)
    except (FileNotFoundError, IndexError):
        return False


def _record(image: Image, digest: str) -> None:
    partial = image.checksum.with_name(f".{image.checksum.name}.{os.getpid()}")
    partial.write_text(f"{digest}  {image.path.name}\n# build {image.key}\n")
    partial.chmod(0o644)
    partial.rename(image.checksum)


def store(built: Path, image: Image) -> None:
    """Move a freshly built file into its place."""
    built.chmod(0o644)
    digest = sha256(built)
    image.checksum.unlink(missing_ok=True)
    built.rename(image.path)
    _record(image, digest)


def install(stored: Image, wanted: Image) -> None:
    """Put a cached image in its final place: as a hard link, or as a copy on another file system."""
    partial = wanted.path.with_name(f".{wanted.path.name}.{os.getpid()}")
    try:
        try:
            os.link(stored.path, partial)
        except OSError:
            shutil.copyfile(stored.path, partial)
            partial.chmod(0o644)
        partial.rename(wanted.path)
    finally:
        partial.unlink(missing_ok=True)
    _record(wanted, stored.checksum.read_text().split()[0])


def prune(image: Image) -> None:
    """Remove what older builds of the same image left in the cache."""
    ours = re.compile(re.escape(image.name) + r"-[0-9a-f]{16}\.qcow2(\.sha256)?")
    for path in image.path.parent.iterdir():
        if ours.fullmatch(path.name) and path not in (image.path, image.checksum):
            print(f"removing {path} from the cache", file=sys.stderr)
            path.unlink()


def remove_leftovers(image: Image) -> None:
    """Remove work directories of builds that were killed; the lock says that none is running."""
    for path in image.path.parent.glob(f"{image.work_prefix}*"):
        shutil.rmtree(path)
