# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Fixtures for all tests: the collection on the import path, and the real services that tests run against."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.collection import make_dev_tree, make_importable
from support.private_libvirt import PrivateLibvirt

make_importable(make_dev_tree())


@pytest.fixture(scope="session")
def libvirt_host() -> Iterator[PrivateLibvirt]:
    """A private libvirt host that the whole test session shares; clean up what you define on it."""
    with PrivateLibvirt() as host:
        yield host
