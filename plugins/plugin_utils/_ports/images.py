# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the cloud asks of the place where images are kept, and of images themselves."""

from __future__ import annotations

import dataclasses as dc
import typing as t
from collections.abc import Callable

Sink = Callable[[bytes], None]
# Hands over an image to a sink, piece by piece.
Send = Callable[[Sink], None]


@dc.dataclass(frozen=True)
class ImageFacts:
    """An image that was looked into and found safe: its format (qcow2, raw or iso), sizes in bytes, its SHA-256."""

    format: str
    virtual_size: int
    physical_size: int
    sha256: str


class Layer(t.NamedTuple):
    """An image's file that another one lies over, and its format (qcow2 or raw)."""

    path: str
    format: str


class Images(t.Protocol):
    """Images on secondary storage, directories of the management machine. All raise DriverError."""

    def admit(self, directory: str) -> None:
        """Refuses a directory in which no images may be kept."""

    def inspect(self, path: str, format: str) -> ImageFacts:
        """Look into an image; refuses one that is not of ``format`` or does not stand alone
        (a backing file, an external data file, encryption)."""

    def probe(self, url: str, format: str, checksum: str | None) -> ImageFacts | None:
        """Check what can be checked of an image without keeping it: a file wholly, a URL by asking for its
        headers (then None is returned)."""

    def fetch(self, url: str, format: str, checksum: str | None, directory: str, name: str) -> ImageFacts:
        """Bring the image to ``directory`` as ``name``, checked and looked into before it gets that name.

        Nothing is left behind when it is refused. One that is there already is used as it is.
        """

    def receive(self, format: str, directory: str, name: str, send: Send) -> ImageFacts:
        """Keep an image that ``send`` hands over piece by piece, checked like one that is fetched."""

    def digest(self, path: str) -> str | None:
        """The SHA-256 of a file that may be written to; None where there is none. Refuses what is no file."""

    def copy(self, source: str, path: str, sha256: str | None, *, replaces: str | None) -> None:
        """Make ``path`` a copy of the file ``source``, which must have that SHA-256.

        A file that is there is replaced if its own is ``replaces``; another one is left as it is, which is an error.
        """

    def flatten(self, path: str, send: Send, over: Layer | None, *, replaces: str | None) -> str:
        """Make ``path`` the QCOW2 image that ``send`` hands over, standing alone: with what it lies ``over``.

        A file that is there is replaced or not, as with :meth:`copy`. Returns the SHA-256.
        """

    def present(self, directory: str, name: str) -> bool: ...

    def delete(self, directory: str, name: str) -> None: ...
