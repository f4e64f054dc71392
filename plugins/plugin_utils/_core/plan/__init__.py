# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The plan: the ordered steps from what is seen on a host to what is wanted there.

Pure: two descriptions in, steps out. A step names a call of the hypervisor's port with its
arguments, the field that it mends with before and after, and its impact. Nothing wanted and seen
alike yields a step, so an empty plan is the proof that there is nothing to do.
"""

from __future__ import annotations

from ..world import HostSeen, HostWanted
from .domains import Domains
from .files import Files
from .filters import Filters
from .networks import Networks
from .steps import LAST, Plan, Refused, Step

__all__ = ["LAST", "Plan", "Step", "leftovers", "plan"]


def plan(wanted: HostWanted, seen: HostSeen, refused: Refused | None = None) -> Plan:
    """The steps from ``seen`` to ``wanted`` on one host, of all groups that are not ``refused``."""
    made = Plan(refused=dict(refused or {}))
    domains, networks, files = Domains(wanted, seen, made), Networks(wanted, seen, made), Files(wanted, seen, made)
    filters = Filters(wanted, seen, made)
    if files.mistaken():
        return made
    files.overtaken()
    domains.gone_domains()
    domains.resume()
    networks.gone_leases()
    files.pools()
    files.record()
    networks.networks()
    filters.filters()
    files.files()
    domains.unplug()
    domains.domains()
    files.instance_snapshots()
    files.gone_files()
    filters.gone_filters(domains.filters_in_use())
    networks.gone_networks()
    files.gone_pools()
    if wanted.complete:
        domains.strays()
    return made


def leftovers(wanted: HostWanted, seen: HostSeen) -> Plan:
    """Only what is left in pools of resources that are gone, and the pools that go then. Looks at nothing else."""
    made = Plan()
    files = Files(wanted, seen, made)
    files.overtaken()
    files.gone_files()
    files.gone_pools()
    return made
