# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Plans carried out on hosts in memory."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import owner_of
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.plan import Plan, Step, plan
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.units import GIB
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    DomainSeen,
    FilterSeen,
    HostWanted,
    Lease,
    NetworkSeen,
    NetworkShape,
    VolumeSeen,
)
from support.model_host import ModelHost
from support.wishes import (
    How,
    Machine,
    Wish,
    pool,
    uid,
    wanted_of,
)

PATIENT = ("stop_domain", "reboot_domain", "let_in", "configure_router")


FOREIGN = (uid("foreign", 1), uid("foreign", 2))


WEB = Wish({1: Machine(networks=((1, 1),), group=1)}, {1: "nat"}, {1: (1, 1)})


def make(host: ModelHost, steps: t.Iterable[Step]) -> None:
    for step in steps:
        args = (*step.args, 300) if step.call in PATIENT else step.args
        getattr(host, step.call)(*args)


def carry_out(host: ModelHost, wanted: HostWanted) -> Plan:
    made = plan(wanted, host.observe())
    make(host, made.steps)
    return made


def host_with(wish: Wish) -> ModelHost:
    """A host on which ``wish`` was carried out, with somebody else's things on it."""
    host = ModelHost()
    carry_out(host, wanted_of(wish, How()))
    host.domains[FOREIGN[0]] = DomainSeen(FOREIGN[0], "theirs", owned=False, active=True)
    shape = NetworkShape(FOREIGN[1], "default", "nat", "virbr0", leases=frozenset({Lease("02::1", "1.1.1.1", "x")}))
    host.networks[FOREIGN[1]] = NetworkSeen(shape, active=False, autostart=False, owned=False)
    host.filters[FOREIGN[1]] = FilterSeen(FOREIGN[1], "clean-traffic", None)
    host.files[pool(0).path]["theirs.qcow2"] = VolumeSeen("theirs.qcow2", GIB, GIB, "qcow2")
    return host


def foreign(host: ModelHost) -> t.Any:
    files = {path: {n: f for n, f in found.items() if not owner_of(n)} for path, found in host.files.items()}
    return host.domains.get(FOREIGN[0]), host.networks.get(FOREIGN[1]), host.filters.get(FOREIGN[1]), files


def calls(made: Plan) -> list[str]:
    return [step.call for step in made.steps]


def edited(**changes: t.Any) -> Wish:
    return Wish({1: dc.replace(WEB.machines[1], **changes)}, WEB.networks, WEB.volumes)
