# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Each test of the store is run on SQLite and on PostgreSQL, on an empty database of its own."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.store import SqlStore, open_store

KEY = b"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

Open = Callable[..., SqlStore]
Make = Callable[..., Resource]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that is empty, or not there yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/cairn.db"
    return str(request.getfixturevalue("fresh_postgres_url"))


@pytest.fixture
def open_(url: str) -> Iterator[Open]:
    """Opens stores on the database; they are closed with the test."""
    with ExitStack() as stack:

        def open_one(**changes: object) -> SqlStore:
            arguments = {"kinds": KINDS, "create": True, "clock": lambda: "2026-02-03T04:05:06Z", "secret_key": KEY}
            store = open_store(url, **(arguments | {"timeout": 20.0} | changes))  # type: ignore[arg-type]
            stack.callback(store.close)
            return store

        yield open_one


@pytest.fixture(params=[False, True], ids=["", "held"])
def store(open_: Open, request: pytest.FixtureRequest) -> SqlStore:
    """What holds of transactions holds of those that keep all resources in memory, too."""
    store = open_()
    store.transaction = functools.partial(store.transaction, whole=request.param)  # type: ignore[method-assign]
    return store


@pytest.fixture
def make() -> Make:
    """Makes resources with ids that are told apart and sorted by when they were made."""
    numbers = itertools.count(1)

    def make_one(kind: str, name: str, **columns: object) -> Resource:
        columns.setdefault("spec", {})
        return Resource(id=f"00000000-0000-4000-8000-{next(numbers):012}", kind=kind, name=name, **columns)  # type: ignore[arg-type]

    return make_one
