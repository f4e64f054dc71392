# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Filters that a run defined and routers that it configured, while others changed what these are to do.

A filter is defined as a whole, by what the run knew when it began, and a router configured as a whole. So who has done
so looks at the store once more: whatever was stored meanwhile is then in it, and whoever stores later does it after us.
"""

from __future__ import annotations

import dataclasses as dc

from .._core.naming import filter_owner
from .._ports.store import Store
from .converge import Converger
from .gather import gather
from .outcome import HostOutcome
from .realize import Decision

# As often as others come in between again and again.
_ROUNDS = 5


def settle(
    store: Store, converger: Converger, outcomes: dict[str, HostOutcome], forced: frozenset[str] = frozenset()
) -> None:
    """Define them anew where they are not as the store says by now; errors are added to ``outcomes``."""
    made = outcomes
    for _round in range(_ROUNDS):
        owners = _defined(made)
        if not owners:
            return
        with store.reading() as tx:
            found = tx.select("security_group", "router", ids=owners)
            desired = gather(tx, [Decision(None, one, one) for one in found], whole=False)
            desired = dc.replace(desired, forced=forced)
        made = converger.run(desired, check=False) if found else {}
        for host, outcome in made.items():
            outcomes.setdefault(host, HostOutcome()).errors.update(outcome.errors)


def _defined(outcomes: dict[str, HostOutcome]) -> set[str]:
    """Whose filters were defined, and which routers configured."""
    done = [step for outcome in outcomes.values() for step in outcome.done]
    routers = {step.resource for step in done if step.call == "configure_router"}
    return routers | {filter_owner(step.args[0].name) or "" for step in done if step.call == "define_filter"}
