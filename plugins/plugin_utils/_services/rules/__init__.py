# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The rules of each kind that has some of its own."""

from __future__ import annotations

from ....module_utils._schema.kind import Kind
from .api_key import ApiKeyRules
from .base import Rules
from .configuration import ConfigurationRules
from .firewall import FirewallRules
from .host import HostRules
from .image import IsoRules, TemplateRules
from .instance import InstanceRules
from .instance_snapshot import InstanceSnapshotRules
from .ip_address import IpAddressRules
from .loadbalancer_rule import LoadbalancerRuleMemberRules, LoadbalancerRuleRules
from .network import NetworkRules, VlanIpRangeRules
from .offering import NetworkOfferingRules, ServiceOfferingRules
from .pod import PodRules
from .portforward import PortforwardRules, StaticNatRules
from .remote_access_vpn import RemoteAccessVpnRules, VpnUserRules
from .router import RouterRules
from .security_group import SecurityGroupRuleRules, SecurityGroupRules
from .ssh_key import SshKeyRules
from .storage import PrimaryStorageRules
from .user_data import UserDataRules
from .volume import VolumeRules
from .volume_snapshot import VolumeSnapshotRules
from .volume_snapshot_policy import VolumeSnapshotPolicyRules

RULES: dict[str, Rules] = {
    "api_key": ApiKeyRules(),
    "configuration": ConfigurationRules(),
    "firewall": FirewallRules(),
    "host": HostRules(),
    "instance": InstanceRules(),
    "instance_snapshot": InstanceSnapshotRules(),
    "ip_address": IpAddressRules(),
    "iso": IsoRules(),
    "loadbalancer_rule": LoadbalancerRuleRules(),
    "loadbalancer_rule_member": LoadbalancerRuleMemberRules(),
    "network": NetworkRules(),
    "network_offering": NetworkOfferingRules(),
    "pod": PodRules(),
    "portforward": PortforwardRules(),
    "primary_storage": PrimaryStorageRules(),
    "remote_access_vpn": RemoteAccessVpnRules(),
    "router": RouterRules(),
    "security_group": SecurityGroupRules(),
    "security_group_rule": SecurityGroupRuleRules(),
    "service_offering": ServiceOfferingRules(),
    "ssh_key": SshKeyRules(),
    "static_nat": StaticNatRules(),
    "template": TemplateRules(),
    "user_data": UserDataRules(),
    "vlan_ip_range": VlanIpRangeRules(),
    "volume": VolumeRules(),
    "volume_snapshot": VolumeSnapshotRules(),
    "volume_snapshot_policy": VolumeSnapshotPolicyRules(),
    "vpn_user": VpnUserRules(),
}
_NONE = Rules()


def rules_of(kind: Kind) -> Rules:
    return RULES.get(kind.name, _NONE)
