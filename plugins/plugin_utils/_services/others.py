# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Whether other runs have changed what a run works on, while it did so: what is stored last is what is wanted."""

from __future__ import annotations

import typing as t

from .._core.desired import Desired
from .._core.overtaken import overtaken
from .._core.resource import Resource
from .._ports.store import Store


class Others:
    """Looks at the store. Groups are instances with their volumes, routers, and volumes of none; others are of no
    concern."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def changed_on(self, host: str, groups: t.Iterable[str], desired: Desired) -> set[str]:
        """Those of the ``groups`` of a host that are other ones by now, by one look at all of them."""
        known = [group for group in groups if group in desired.belongings]
        mine = [group for group in known if host in _hosts_of(desired.resources[group])]
        # What it had once, when it did not answer.
        found = {group for group in known if group not in mine and self.changed(group, desired)}
        if not mine:
            return found
        with self._store.reading() as tx:
            return found | overtaken(desired.belongings, tx.referrers(host), mine)

    def changed(self, group: str, desired: Desired) -> bool:
        if group not in desired.belongings:
            return False
        with self._store.reading() as tx:
            return bool(overtaken(desired.belongings, [*tx.select(ids=[group]), *tx.referrers(group)], [group]))

    def changed_itself(self, group: str, desired: Desired) -> bool:
        """Without its volumes, which costs a third."""
        if group not in desired.belongings:
            return False
        with self._store.reading() as tx:
            now = tx.get(group)
        return now is None or now.removing or now.spec != desired.resources[group].spec


def _hosts_of(one: Resource) -> tuple[str | None, ...]:
    return one.spec.get("host"), one.spec.get("last_host")
