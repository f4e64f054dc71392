# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
"""The image `debian-12`."""
from pathlib import Path
import packages


def build(work: Path, sources: list[packages.Source], target: Path) -> None:
    raise packages.BuildError("not yet")
