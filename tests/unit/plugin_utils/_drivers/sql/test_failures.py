# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What a database says is told as one sentence; our own defects keep their traceback."""

from __future__ import annotations

import sqlite3

import pytest
import sqlalchemy as sa

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.failures import failure, told


class ServerError(Exception):
    def __init__(self, text: str, sqlstate: str | None = None) -> None:
        super().__init__(text)
        self.sqlstate = sqlstate


def sqlite_error(code: int) -> sa.exc.OperationalError:
    original = sqlite3.OperationalError("words")
    original.sqlite_errorcode = code
    return sa.exc.OperationalError("SELECT", None, original)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_BUSY, "is locked by another process"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "is locked by another process"),
        (sqlite3.SQLITE_FULL, "cannot grow, the disk is full"),
        (sqlite3.SQLITE_CORRUPT, "is damaged; restore it from a backup"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "cannot be written to"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened"),
        (sqlite3.SQLITE_IOERR_FSYNC, "cannot be read or written"),
        (sqlite3.SQLITE_NOTADB, "is not an SQLite database"),
    ],
)
def test_sqlite(code: int, words: str) -> None:
    found = failure("sqlite:///x", sqlite_error(code))
    assert found
    assert found.sentence.startswith(f"the database sqlite:///x {words}")


@pytest.mark.parametrize(
    ("text", "sqlstate", "sentence"),
    [
        (
            "canceling",
            "55P03",
            "is locked by another process; wait for it to end, or give the task a longer wait_timeout",
        ),
        ("could not extend", "53100", "cannot grow, the disk is full; free some space on its server"),
        (
            'connection failed: on socket "/x" failed: FATAL:  role "ann" does not exist\nmore',
            None,
            'refuses us: role "ann" does not exist; correct the URL, or what the server lets us do',
        ),
        (
            "connection failed: refused\n\tIs the server running?",
            None,
            "cannot be reached: connection failed: refused; see that the server runs and that the URL is right",
        ),
        ("", None, "cannot be reached: no reason given; see that the server runs and that the URL is right"),
    ],
)
def test_postgresql(text: str, sqlstate: str | None, sentence: str) -> None:
    found = failure("postgresql://h/d", sa.exc.OperationalError("", None, ServerError(text, sqlstate)))
    assert found
    assert found.sentence == f"the database postgresql://h/d {sentence}"


def test_no_connection_left() -> None:
    found = failure("x", sa.exc.TimeoutError())
    assert found
    assert "all its connections in use" in found.sentence


@pytest.mark.parametrize(
    "defect",
    [
        sa.exc.ArgumentError("x"),
        sa.exc.ProgrammingError("", None, ServerError("no such column", "42703")),
        sa.exc.IntegrityError("", None, ServerError("duplicate", "23505")),
        sqlite_error(sqlite3.SQLITE_ERROR),
    ],
)
def test_our_defects_stay_what_they_are(defect: sa.exc.SQLAlchemyError) -> None:
    with pytest.raises(type(defect)), told("x"):
        raise defect


def test_the_cause_is_kept_for_those_who_look() -> None:
    error = sqlite_error(sqlite3.SQLITE_BUSY)
    with pytest.raises(DriverError) as caught, told("x"):
        raise error
    assert caught.value.__cause__ is error
