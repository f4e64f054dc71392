# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Filters of network cards."""

from __future__ import annotations

import typing as t

from ....module_utils._schema.field import Impact
from ..naming import filter_owner
from ..world import FILTERS
from .steps import Part


class Filters(Part):
    """Plans filters; a host that cannot filter (a simulated one) has none."""

    def filters(self) -> None:
        for shape in self.wanted.filters if FILTERS in self.seen.node.features else ():
            seen, owner = self.seen.filters.get(shape.id), filter_owner(shape.name) or ""
            if seen is None:
                self.add(owner, "define_filter", shape, field="filter", before="absent", after="as described")
            elif seen.shape != shape:
                how: dict[str, t.Any] = {"before": "differs", "after": "as described", "impact": Impact.LIVE}
                self.add(owner, "define_filter", shape, field="filter", **how)

    def gone_filters(self, used: t.Container[str]) -> None:
        """Filters of known resources that nobody wants and no machine is under."""
        wanted = {shape.id for shape in self.wanted.filters}
        for ident, seen in sorted(self.seen.filters.items()):
            owner = filter_owner(seen.name) or ""
            if owner in self.wanted.filter_owners and ident not in wanted and seen.name not in used:
                self.add(owner, "remove_filter", ident, field="filter", before="defined", after="absent")
