# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Clouds on hosts in memory."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest

from support import sample
from support.lab import Lab


@pytest.fixture
def lab() -> Iterator[Lab]:
    """An empty cloud."""
    with Lab() as empty:
        yield empty


@functools.cache
def _made(name: str) -> Lab:
    made = Lab()
    made.must(*{"cloud": sample.cloud, "foundation": sample.foundation}[name]())
    return made


@pytest.fixture
def cloud() -> Iterator[Lab]:
    """The sample cloud, applied."""
    with _made("cloud").copy() as copy:
        yield copy


@pytest.fixture
def founded() -> Iterator[Lab]:
    """The sample's foundation on one host, applied."""
    with _made("foundation").copy() as copy:
        yield copy
