# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What may be named of the machine that the engine runs on: its files, and hosts that are asked from it."""

from __future__ import annotations

import typing as t


class Bounds(t.Protocol):
    """All raise DriverError, which tells nothing of what is there, where a thing may not be named."""

    def host(self, url: str) -> None:
        """A host is to be opened by this URL."""

    def read(self, path: str) -> None:
        """An image is to be read from this file."""

    def keep(self, directory: str) -> None:
        """Images are to be kept in this directory, under names of ours."""

    def write(self, path: str) -> None:
        """This file is to be written, and may be there."""
