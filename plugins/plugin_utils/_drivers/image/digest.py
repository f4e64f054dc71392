# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Digests of images: of files, and of what goes by."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ....module_utils._schema.errors import DriverError


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Digests:
    """The SHA-256 of what goes by, and the digest of the checksum (``sha512:digits``) that it must have."""

    def __init__(self, checksum: str | None) -> None:
        self._algorithm, _colon, self._wanted = (checksum or "").partition(":")
        self._sha256 = hashlib.sha256()
        self._own = hashlib.new(self._algorithm, usedforsecurity=False) if checksum else None

    def update(self, chunk: bytes) -> None:
        self._sha256.update(chunk)
        if self._own is not None:
            self._own.update(chunk)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    def check(self, name: str) -> None:
        if self._own is not None and self._own.hexdigest() != self._wanted.lower():
            raise DriverError(
                f"the image {name} has not the checksum that it must have: expected {self._algorithm}:{self._wanted},"
                f" got {self._algorithm}:{self._own.hexdigest()}; correct it, or find out who changed the image"
            )
