# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _resources()
    _allocations()
    op.create_table(
        "installation",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("cards", sa.Integer, nullable=False),
        sa.Column("key_digest", sa.Text),
        sa.Column("created", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_installation"),
    )
    op.create_table(
        "lease",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("expires", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_lease"),
    )


def _resources() -> None:
    op.create_table(
        "resource",
        sa.Column("id", sa.Text, nullable=False),
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
        sa.Column("applyset", sa.Text),
        sa.Column("parent", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_resource"),
        sa.UniqueConstraint("kind", "name", "scope", "slot", name="uq_resource_kind_name_scope_slot"),
    )
    op.create_index("ix_resource_applyset", "resource", ["applyset"])
    op.create_index("ix_resource_parent", "resource", ["parent"])
    op.create_index("ix_resource_slot_kind", "resource", ["slot", "kind"])
    op.create_table(
        "reference",
        sa.Column("from_id", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("to_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("from_id", "field", "to_id", name="pk_reference"),
        _owner("from_id", "fk_reference_from_id"),
    )
    op.create_index("ix_reference_to_id", "reference", ["to_id"])


def _allocations() -> None:
    op.create_table(
        "address",
        sa.Column("network", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("range_id", sa.Text, nullable=False),
        sa.Column("taken", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("network", "number", name="pk_address"),
        _owner("network", "fk_address_network"),
    )
    op.create_index("ix_address_network_taken_number", "address", ["network", "taken", "number"])
    op.create_index("ix_address_range_id", "address", ["range_id"])
    op.create_table(
        "nic",
        sa.Column("instance", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("network", sa.Text, nullable=False),
        sa.Column("mac", sa.Text, nullable=False),
        sa.Column("ip", sa.Text),
        sa.PrimaryKeyConstraint("instance", "position", name="pk_nic"),
        sa.UniqueConstraint("mac", name="uq_nic_mac"),
        _owner("instance", "fk_nic_instance"),
    )
    op.create_index("ix_nic_network", "nic", ["network"])
    op.create_table(
        "allocation",
        sa.Column("resource", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("storage", sa.Text),
        sa.Column("cpus", sa.Integer, nullable=False),
        sa.Column("memory", sa.BigInteger, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("resource", name="pk_allocation"),
        _owner("resource", "fk_allocation_resource"),
    )
    op.create_index("ix_allocation_host_storage", "allocation", ["host", "storage"])


def _owner(column: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["resource.id"], name=name, ondelete="CASCADE", deferrable=True, initially="DEFERRED"
    )
