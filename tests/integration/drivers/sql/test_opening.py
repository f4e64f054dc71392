# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Opening a database: made, upgraded, previewed or refused, with one sentence for each refusal."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql import migrate, tables
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.store import SqlStore, open_store

from .conftest import Make, Open


def engine(url: str) -> sa.Engine:
    return sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool)


def table_names(url: str) -> list[str]:
    with engine(url).connect() as connection:
        return sa.inspect(connection).get_table_names()


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def refusal(url: str, *, create: bool = True, timeout: float = 1.0) -> str:
    with pytest.raises(DriverError) as caught:
        open_store(url, kinds=KINDS, create=create, clock=lambda: "", timeout=timeout)
    return caught.value.sentence


def test_migrations_make_exactly_the_tables(store: SqlStore, url: str) -> None:
    options = {"version_table": tables.REVISION_TABLE, "compare_type": True, "compare_server_default": True}
    with engine(url).connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, tables.METADATA) == []
        found = sa.inspect(connection)
        for table in tables.METADATA.tables.values():
            assert found.get_pk_constraint(table.name)["name"] == table.primary_key.name
            assert {key["name"]: key["options"] for key in found.get_foreign_keys(table.name)} == {
                key.name: {"ondelete": "CASCADE", "deferrable": True, "initially": "DEFERRED"}
                for key in table.foreign_key_constraints
            }


def test_our_revision_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(migrate.MIGRATIONS)).get_heads() == [tables.REVISION]


def test_a_database_is_made_once(open_: Open, url: str, make: Make) -> None:
    with open_().transaction(commit=True) as tx:
        tx.insert(make("zone", "z"))
    with engine(url).connect() as connection:
        before = connection.execute(sa.select(tables.installation)).all()
    with open_().reading() as tx:
        assert [one.name for one in tx.select()] == ["z"]
    with engine(url).connect() as connection:
        assert connection.execute(sa.select(tables.installation)).all() == before
    assert before[0].created == "2026-02-03T04:05:06Z"
    assert 0 <= before[0].number <= 65535


def test_without_create_nothing_is_made(open_: Open, url: str, make: Make) -> None:
    store = open_(create=False)
    with store.transaction(commit=False) as tx:
        tx.insert(make("zone", "z"))
        with store.reading() as other:
            other.select()
        assert tx.find("zone", "", "z")
    with store.reading() as tx:
        assert tx.select() == []
    with pytest.raises(ValueError, match="opened without create"), store.transaction(commit=True):
        pass
    if url.startswith("sqlite"):
        assert not list(file_of(url).parent.iterdir())
    else:
        assert table_names(url) == []


def test_without_create_a_database_of_ours_is_used(store: SqlStore, open_: Open, make: Make) -> None:
    with store.transaction(commit=True) as tx:
        tx.insert(make("zone", "z"))
    with open_(create=False).transaction(commit=True) as tx:
        tx.delete(tx.named("zone", "z")[0].id)
    with store.reading() as tx:
        assert tx.select() == []


def test_a_newer_schema_is_refused(store: SqlStore, url: str) -> None:
    with engine(url).begin() as connection:
        connection.execute(sa.text("UPDATE cairn_schema SET version_num = '9999'"))
    for create in (True, False):
        assert "made by a newer release (schema 9999" in refusal(url, create=create)


def test_an_older_schema(store: SqlStore, url: str, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for one, until there is a second migration: the one there is takes a name that is free."""
    with store.transaction(commit=True) as tx:
        tx.insert(make("zone", "z"))
    with engine(url).begin() as connection:
        connection.execute(sa.text("UPDATE cairn_schema SET version_num = '0000'"))
    upgraded: list[str] = []
    monkeypatch.setattr(migrate, "upgrade", lambda connection, clock: upgraded.append(connection.dialect.name))
    if url.startswith("sqlite"):
        with closing(open_store(url, kinds=KINDS, create=False, clock=str)) as preview, preview.reading() as tx:
            assert [one.name for one in tx.select()] == ["z"]
        assert upgraded == ["sqlite"]
    else:
        assert "made by an older release (schema 0000, this one needs" in refusal(url, create=False)
    open_store(url, kinds=KINDS, create=True, clock=str).close()
    assert upgraded[-1] == engine(url).dialect.name


def test_tables_of_something_else_are_refused(url: str) -> None:
    with engine(url).begin() as connection:
        connection.execute(sa.text("CREATE TABLE address (street TEXT)"))
    assert "has a table 'address' of something else" in refusal(url)
    assert "has a table 'address' of something else" in refusal(url, create=False)
    assert table_names(url) == ["address"]


def test_a_password_is_never_shown() -> None:
    sentence = refusal("postgresql://ann:hunter2@127.0.0.1:1/cloud?sslpassword=hunter3&application_name=x")
    assert sentence.startswith("the database postgresql://ann@127.0.0.1:1/cloud cannot be reached: ")
    assert "hunter" not in sentence
    assert "\n" not in sentence


def test_postgresql_refusals(fresh_postgres_url: str) -> None:
    nowhere = sa.make_url(fresh_postgres_url).set(database="nothing").render_as_string()
    assert 'refuses us: database "nothing" does not exist; correct the URL' in refusal(nowhere)
    with engine(fresh_postgres_url).begin() as connection:
        connection.execute(sa.text("CREATE ROLE guest LOGIN"))
    as_guest = sa.make_url(fresh_postgres_url).set(username="guest").render_as_string()
    assert "does not let the user do this; make the user the owner of the database" in refusal(as_guest)


def in_file(path: Path, *, create: bool = True) -> closing[SqlStore]:
    return closing(open_store(f"sqlite:///{path}", kinds=KINDS, create=create, clock=str))


class TestFiles:
    """What only a database that is a file can meet."""

    def test_it_is_private(self, tmp_path: Path) -> None:
        path = tmp_path / "an odd #name.db"
        with in_file(path) as store, store.reading() as tx:
            tx.select()
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
        assert modes == {f"{path.name}{suffix}": 0o600 for suffix in ("", "-wal", "-shm")}

    def test_a_rolled_back_transaction_leaves_the_file_as_it_was(self, tmp_path: Path, make: Make) -> None:
        path = tmp_path / "cairn.db"
        with in_file(path) as store, store.transaction(commit=True) as tx:
            tx.insert(make("zone", "z"))
        before = hashlib.sha256(path.read_bytes()).hexdigest()
        with in_file(path, create=False) as store, store.transaction(commit=False) as tx:
            # More than SQLite's cache holds, so that it writes before the end.
            for number in range(2000):
                tx.insert(make("zone", f"z{number}", status={"fill": "x" * 2000}))
            tx.delete(tx.named("zone", "z")[0].id)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == before
        assert [file.name for file in tmp_path.iterdir()] == ["cairn.db"]

    def test_commits_survive_a_loss_of_power(self, tmp_path: Path) -> None:
        with in_file(tmp_path / "c.db") as store, store.reading() as tx:
            assert tx._connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert tx._connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"

    def test_refusals(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        text = tmp_path / "text"
        text.write_text("not a database, and longer than the header of one is" * 100)
        for create in (True, False):
            assert refusal(f"sqlite:///{text}", create=create) == (
                f"the database sqlite:///{text} is not an SQLite database; give another path, or move that file away"
            )
            missing = refusal(f"sqlite:///{tmp_path}/none/c.db", create=create)
            assert missing.endswith(f"there is no directory {tmp_path}/none; make it")
            assert refusal(f"sqlite:///{tmp_path}", create=create).endswith("is a directory; name a file in it")
        monkeypatch.setattr(os, "access", lambda *_arguments: False)
        assert "cannot be written to; run as its owner" in refusal(f"sqlite:///{tmp_path}/c.db")

    def test_a_locked_file(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path}/c.db"
        open_store(url, kinds=KINDS, create=True, clock=str).close()
        with closing(sqlite3.connect(tmp_path / "c.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with closing(open_store(url, kinds=KINDS, create=True, clock=str, timeout=0.2)) as store:
                with store.reading() as tx:
                    assert tx.select() == []
                with pytest.raises(DriverError) as caught, store.transaction(commit=True):
                    pass
        assert caught.value.sentence == (
            f"the database {url} is locked by another process;"
            " wait for it to end, or give the task a longer wait_timeout"
        )


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ("nonsense:hunter2", "is not one"),
        ("postgresql://h:port/db", "is not one"),
        ("sqlite://", "three slashes"),
        ("sqlite:///", "three slashes"),
        ("sqlite:///:memory:", "three slashes"),
        ("sqlite:///c.db?mode=ro", "three slashes"),
        ("sqlite://host/c.db", "three slashes"),
        ("mysql://u:hunter2@h/db", "of the sort 'mysql' cannot be used"),
    ],
)
def test_other_urls_are_refused(bad: str, problem: str) -> None:
    sentence = refusal(bad)
    assert problem in sentence
    assert "hunter2" not in sentence
    assert sentence.endswith("write it like sqlite:////var/lib/cairn/cairn.db or postgresql://user@host/database")
