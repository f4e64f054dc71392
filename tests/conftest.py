# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Fixtures for all tests: the collection on the import path, and the real services that tests run against.

A service that cannot be started is an error of the test that asks for it, never a skipped test.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.collection import make_dev_tree, make_importable
from support.playbook import Ansible
from support.postgres import PostgresServer
from support.private_libvirt import PrivateLibvirt

make_importable(make_dev_tree())


@pytest.fixture(scope="session")
def libvirt_host() -> Iterator[PrivateLibvirt]:
    """A private libvirt host that the whole test session shares; clean up what you define on it."""
    with PrivateLibvirt() as host:
        yield host


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server that the whole test session shares."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PostgresServer) -> str:
    """The URL of one database that the whole test session shares."""
    return postgres_server.new_database()


@pytest.fixture
def fresh_postgres_url(postgres_server: PostgresServer) -> str:
    """The URL of an empty database for one test."""
    return postgres_server.new_database()


@pytest.fixture
def ansible(tmp_path: Path) -> Ansible:
    """Ansible's commands, run from a directory of this test."""
    return Ansible(tmp_path)
