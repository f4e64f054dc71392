# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""All kinds, by name, in the order in which they are made: what is referred to comes first."""

from __future__ import annotations

from .._schema.kind import Kind
from .affinity_group import AFFINITY_GROUP
from .api_key import API_KEY
from .cluster import CLUSTER
from .configuration import CONFIGURATION
from .disk_offering import DISK_OFFERING
from .firewall import FIREWALL
from .host import HOST
from .instance import INSTANCE
from .instance_snapshot import INSTANCE_SNAPSHOT
from .ip_address import IP_ADDRESS
from .iso import ISO
from .loadbalancer_rule import LOADBALANCER_RULE
from .loadbalancer_rule_member import LOADBALANCER_RULE_MEMBER
from .network import NETWORK
from .network_offering import NETWORK_OFFERING
from .physical_network import PHYSICAL_NETWORK
from .pod import POD
from .portforward import PORTFORWARD
from .primary_storage import PRIMARY_STORAGE
from .remote_access_vpn import REMOTE_ACCESS_VPN
from .router import ROUTER
from .secondary_storage import SECONDARY_STORAGE
from .security_group import SECURITY_GROUP
from .security_group_rule import SECURITY_GROUP_RULE
from .service_offering import SERVICE_OFFERING
from .ssh_key import SSH_KEY
from .static_nat import STATIC_NAT
from .template import TEMPLATE
from .traffic_type import TRAFFIC_TYPE
from .user_data import USER_DATA
from .vlan_ip_range import VLAN_IP_RANGE
from .volume import VOLUME
from .volume_snapshot import VOLUME_SNAPSHOT
from .volume_snapshot_policy import VOLUME_SNAPSHOT_POLICY
from .vpn_user import VPN_USER
from .zone import ZONE


def _by_reference(kinds: list[Kind]) -> dict[str, Kind]:
    """Kinds sorted so that each stands after all that it refers to, by name where that leaves a choice."""
    named = {kind.name: kind for kind in sorted(kinds, key=lambda kind: kind.name)}
    done: dict[str, Kind] = {}

    def visit(kind: Kind, path: tuple[str, ...]) -> None:
        if kind.name in path:
            raise ValueError(f"kinds refer to each other in a circle: {' -> '.join((*path, kind.name))}")
        for ref in sorted({str(field.ref) for field in kind.references.values()} | set(kind.after)):
            visit(named[ref], (*path, kind.name))
        done.setdefault(kind.name, kind)

    for kind in named.values():
        visit(kind, ())
    return done


KINDS = _by_reference(
    [
        AFFINITY_GROUP,
        API_KEY,
        CLUSTER,
        CONFIGURATION,
        DISK_OFFERING,
        FIREWALL,
        HOST,
        INSTANCE,
        INSTANCE_SNAPSHOT,
        IP_ADDRESS,
        ISO,
        LOADBALANCER_RULE,
        LOADBALANCER_RULE_MEMBER,
        NETWORK,
        NETWORK_OFFERING,
        PHYSICAL_NETWORK,
        POD,
        PORTFORWARD,
        PRIMARY_STORAGE,
        REMOTE_ACCESS_VPN,
        ROUTER,
        SECONDARY_STORAGE,
        SECURITY_GROUP,
        SECURITY_GROUP_RULE,
        SERVICE_OFFERING,
        SSH_KEY,
        STATIC_NAT,
        TEMPLATE,
        TRAFFIC_TYPE,
        USER_DATA,
        VLAN_IP_RANGE,
        VOLUME,
        VOLUME_SNAPSHOT,
        VOLUME_SNAPSHOT_POLICY,
        VPN_USER,
        ZONE,
    ]
)
SYNONYMS = {synonym: kind.name for kind in KINDS.values() for synonym in kind.synonyms}
# What modules return once, when a resource is made; an apply returns them by name of the resource.
ONCE = {name: f"{name}s" for kind in KINDS.values() for name in kind.once}
ORDER = {name: rank for rank, name in enumerate(KINDS)}
