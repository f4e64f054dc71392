# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The tables of the database. ``migrations`` tell how a disk gets them; a test holds the two together."""

from __future__ import annotations

import sqlalchemy as sa

# The revision of ``migrations`` that makes these tables. Revisions are numbered, so that older and newer can be told.
REVISION = "0003"
REVISION_TABLE = "cairn_schema"

METADATA = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)


def _owner(column: str, to: str = "resource.id") -> sa.Column[str]:
    """Id of a resource that the row goes with. Checked at commit, so that rows may be written in any order."""
    key = sa.ForeignKey(to, ondelete="CASCADE", deferrable=True, initially="DEFERRED")
    return sa.Column(column, sa.Text, key, nullable=False)


# One row. ``number`` (0 to 65535) is the installation's part of each MAC, ``cards`` how many network cards it ever
# numbered. ``key_digest`` is the SHA-256 of the key that secrets are encrypted with, once there is one.
installation = sa.Table(
    "installation",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("cards", sa.Integer, nullable=False),
    sa.Column("key_digest", sa.Text),
    sa.Column("created", sa.Text, nullable=False),
)

# ``slot`` is empty for a resource that is wanted, and the id for one that is being removed: its name is free at once.
resource = sa.Table(
    "resource",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("slot", sa.Text, nullable=False),
    sa.Column("spec", sa.JSON, nullable=False),
    sa.Column("status", sa.JSON, nullable=False),
    sa.Column("domain", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("project", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("applyset", sa.Text, index=True),
    sa.Column("parent", sa.Text, index=True),
    sa.UniqueConstraint("kind", "name", "scope", "slot"),
    sa.Index(None, "slot", "kind"),
)

# Which resource's spec refers to which, by what field; derived from the specs at each write.
reference = sa.Table(
    "reference",
    METADATA,
    _owner("from_id"),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("to_id", sa.Text, nullable=False, index=True),
    sa.PrimaryKeyConstraint("from_id", "field", "to_id"),
)

# The addresses that networks hand out, and VPNs to their clients, one row each; ``number`` is the address as a number.
address = sa.Table(
    "address",
    METADATA,
    _owner("network"),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("range_id", sa.Text, nullable=False, index=True),
    sa.Column("taken", sa.Boolean, nullable=False),
    sa.PrimaryKeyConstraint("network", "number"),
    sa.Index(None, "network", "taken", "number"),
)

nic = sa.Table(
    "nic",
    METADATA,
    _owner("instance"),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("network", sa.Text, nullable=False, index=True),
    sa.Column("mac", sa.Text, nullable=False, unique=True),
    sa.Column("ip", sa.Text),
    sa.PrimaryKeyConstraint("instance", "position"),
)

# What a resource takes of a host: virtual CPUs, memory in MiB; of a storage there: size in bytes.
allocation = sa.Table(
    "allocation",
    METADATA,
    _owner("resource"),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("storage", sa.Text),
    sa.Column("cpus", sa.Integer, nullable=False),
    sa.Column("memory", sa.BigInteger, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("resource"),
    sa.Index(None, "host", "storage"),
)

# What was changed, in the order in which it was stored; only ever added to. ``resource`` is an id that may be gone.
event = sa.Table(
    "event",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False, index=True),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("resource", sa.Text, nullable=False, index=True),
    sa.Column("before", sa.JSON, nullable=False),
    sa.Column("after", sa.JSON, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
)

# Who works alone on what; ``expires`` is in seconds since 1970.
lease = sa.Table(
    "lease",
    METADATA,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("expires", sa.Double, nullable=False),
)

# What management daemons have taken on. ``request`` and ``result`` are encrypted; ``holder`` is the daemon's own id,
# for which it has a lease while it lives.
job = sa.Table(
    "job",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("created", sa.Text, nullable=False, index=True),
    sa.Column("finished", sa.Text),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("result", sa.Text),
)
