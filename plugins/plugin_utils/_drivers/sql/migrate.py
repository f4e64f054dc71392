# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The schema of a database: which one it has, and how it gets ours.

Alembic is imported only where something has to be done, which is once a release.
"""

from __future__ import annotations

import secrets
import uuid
from pathlib import Path

import sqlalchemy as sa

from ....module_utils._schema.errors import DriverError
from ..._ports.ambient import Clock
from .tables import METADATA, REVISION, REVISION_TABLE, installation

MIGRATIONS = Path(__file__).parent / "migrations"


def revision(connection: sa.Connection, name: str) -> str | None:
    """The revision of the database's schema, None when it has none yet.

    Raises DriverError when somebody else's tables are there, or those of a newer release.
    """
    catalogue = sa.inspect(connection)
    if not catalogue.has_table(REVISION_TABLE):
        foreign = sorted(METADATA.tables.keys() & catalogue.get_table_names())
        if foreign:
            raise DriverError(
                f"the database {name} has a table '{foreign[0]}' of something else;"
                " give cairn.cloud a database of its own"
            )
        return None
    table = sa.table(REVISION_TABLE, sa.column("version_num", sa.Text))
    found: str = connection.execute(sa.select(table.c.version_num)).scalar_one()
    if found > REVISION:
        raise DriverError(
            f"the database {name} was made by a newer release (schema {found}, this one knows {REVISION});"
            " upgrade the collection cairn.cloud here"
        )
    return found


def is_current(connection: sa.Connection, name: str) -> bool:
    """Whether the schema is ours as it should be. Raises DriverError as :func:`revision` does."""
    return revision(connection, name) == REVISION


def ensure(connection: sa.Connection, name: str, clock: Clock) -> None:
    """Upgrade, unless another process did so while we waited for our turn."""
    if not is_current(connection, name):
        upgrade(connection, clock=clock)


def upgrade(connection: sa.Connection, *, clock: Clock) -> None:
    """Bring the schema to our revision, within the connection's transaction, and give the installation its identity."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.runtime.migration import MigrationContext, MigrationStep
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(MIGRATIONS))

    def steps(current: tuple[str, ...], _context: MigrationContext) -> list[MigrationStep]:
        return list(script._upgrade_revs(REVISION, current))  # type: ignore[arg-type]

    with EnvironmentContext(Config(), script, fn=steps, destination_rev=REVISION) as environment:
        environment.configure(connection=connection, version_table=REVISION_TABLE, transactional_ddl=True)
        environment.run_migrations()
    _identify(connection, clock)


def _identify(connection: sa.Connection, clock: Clock) -> None:
    """Write the installation's row, where there is none. Its number is random: no two clouds of a site share MACs."""
    if connection.execute(sa.select(installation.c.id)).first() is None:
        row = {"id": str(uuid.uuid4()), "number": secrets.randbelow(1 << 16), "cards": 0, "created": clock()}
        connection.execute(sa.insert(installation), row)
