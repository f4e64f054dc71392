# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""One transaction: all that the store can be asked within it."""

from __future__ import annotations

import sqlalchemy as sa

from ..._core.job import RUNNING, Standing
from .addresses import Addresses
from .allocations import Allocations
from .events import Events
from .resources import Resources
from .tables import address, job, resource


class SqlTransaction(Resources, Addresses, Allocations, Events):
    """Implements the port ``Transaction`` on a connection that is in a transaction."""

    def has_job(self, standing: Standing) -> bool:
        mine = (job.c.id == standing.job, job.c.holder == standing.holder, job.c.attempts == standing.attempt)
        return self._connection.execute(sa.select(job.c.id).where(*mine, job.c.state == RUNNING)).first() is not None

    def delete(self, ident: str) -> None:
        """Forget it for good, with its network cards and addresses.

        Rows that go with it (references, cards, a network's addresses, allocations) are left to the foreign keys.
        """
        self._read.pop(ident, None)
        for card in self.nics([ident]):
            self.drop_nic(card)
        self._connection.execute(sa.delete(address).where(address.c.range_id == ident))
        self._connection.execute(sa.delete(resource).where(resource.c.id == ident))
