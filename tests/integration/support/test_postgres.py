# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The PostgreSQL server of the tests is real, is reached through its socket only, and leaves nothing behind."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy.pool import NullPool

from support.postgres import SETTINGS, PostgresError, PostgresServer


def query(url: str, statement: str) -> str:
    engine = sqlalchemy.create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return str(connection.execute(sqlalchemy.text(statement)).scalar_one())


def test_sqlalchemy_connects(postgres_url: str) -> None:
    assert query(postgres_url, "SELECT version()").startswith("PostgreSQL")
    assert query(postgres_url, "SHOW listen_addresses") == ""


def test_fresh_databases_are_empty_and_distinct(fresh_postgres_url: str, postgres_url: str) -> None:
    assert fresh_postgres_url != postgres_url
    assert query(fresh_postgres_url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0"


def test_nothing_is_left_after_close() -> None:
    with closing(PostgresServer()) as server:
        directory = Path(query(server.url(), "SHOW data_directory")).parent
        pid = int((directory / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
    assert not directory.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_server_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SETTINGS, "max_connections", "many")
    with pytest.raises(PostgresError, match="max_connections"):
        PostgresServer()
