# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The jobs of management daemons, as rows. What a task was told, and what came of it, is encrypted whole."""

from __future__ import annotations

import typing as t

import sqlalchemy as sa

from ..._core.job import DONE, RUNNING, Job
from .documents import Cipher
from .engine import Database, Mode
from .rows import insert_new
from .tables import job as table


class SqlJobs:
    """Implements the port ``Jobs``."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database, self._cipher = database, cipher

    def add(self, job: Job) -> bool:
        columns = ("id", "action", "actor", "created", "holder", "state", "attempts")
        row = {name: getattr(job, name) for name in columns} | {"request": self._cipher.seal(dict(job.request))}
        with self._database.begin(Mode.ROW, commit=True) as connection:
            return insert_new(connection, table, row)

    def get(self, ident: str) -> Job | None:
        found = self._found(sa.select(table).where(table.c.id == ident))
        return found[0] if found else None

    def begin(self, ident: str, holder: str) -> Job | None:
        mine = (table.c.id == ident, table.c.holder == holder, table.c.state == RUNNING)
        begun = self._execute(sa.update(table).where(*mine).values(attempts=table.c.attempts + 1)) == 1
        return self.get(ident) if begun else None

    def finish(self, job: Job, at: str, result: t.Mapping[str, t.Any]) -> bool:
        values = {"state": DONE, "finished": at, "result": self._cipher.seal(dict(result))}
        return self._execute(sa.update(table).where(*_same(job)).values(**values)) == 1

    def running(self) -> list[Job]:
        return self._found(sa.select(table).where(table.c.state == RUNNING).order_by(table.c.created, table.c.id))

    def hold(self, job: Job, holder: str) -> Job | None:
        taken = self._execute(sa.update(table).where(*_same(job)).values(holder=holder)) == 1
        return self.get(job.id) if taken else None

    def latest(self, limit: int) -> list[Job]:
        return self._found(sa.select(table).order_by(table.c.created.desc(), table.c.id).limit(limit))

    def forget(self, before: str) -> None:
        self._execute(sa.delete(table).where(table.c.state == DONE, table.c.finished < before))

    def _execute(self, statement: sa.Update | sa.Delete) -> int:
        with self._database.begin(Mode.ROW, commit=True) as connection:
            return connection.execute(statement).rowcount

    def _found(self, statement: sa.Select[t.Any]) -> list[Job]:
        with self._database.begin(Mode.READ) as connection:
            rows = [dict(row) for row in connection.execute(statement).mappings()]
        return [Job(**row | {name: self._cipher.unseal(row[name]) for name in ("request", "result")}) for row in rows]


def _same(job: Job) -> tuple[sa.ColumnElement[bool], ...]:
    """That it is still as it was: had by the same daemon, in the same attempt."""
    columns = (table.c.id, table.c.holder, table.c.attempts, table.c.state)
    now = (job.id, job.holder, job.attempts, RUNNING)
    return tuple(column == value for column, value in zip(columns, now, strict=True))
