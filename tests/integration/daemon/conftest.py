# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A daemon with a simulated cloud of a module's own, and the key of its administrator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.daemon import Daemon


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    with Daemon(tmp_path_factory.mktemp("daemon")) as running:
        yield running


@pytest.fixture(scope="module")
def key(daemon: Daemon) -> str:
    """An API key, made by the socket."""
    return str(daemon.ask("POST", "/v1/run/api_key", {"args": {"name": "tests"}})[1][-1]["result"]["api_key"])
