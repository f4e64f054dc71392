# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Instance: a virtual machine."""

from __future__ import annotations

from .._schema.field import Field, Impact
from .._schema.kind import ABSENT, PRESENT, Kind, State

_RUNNING = {"power": "Running"}
_STOPPED = {"power": "Stopped"}

INSTANCE = Kind(
    name="instance",
    doc="instances, the virtual machines",
    scope=("zone",),
    after=("primary_storage", "traffic_type", "vlan_ip_range"),
    owned=True,
    taggable=True,
    states={
        "present": PRESENT,
        "deployed": State(doc="The instance exists; a new one is not started.", creates=_STOPPED),
        "started": State(doc="The instance exists and runs.", sets=_RUNNING),
        "stopped": State(doc="The instance exists and does not run.", sets=_STOPPED),
        "restarted": State(doc="The instance is restarted now, each time.", sets=_RUNNING, action="restart"),
        "restored": State(
            doc="The root volume is made anew from the template now, each time; what was on it is lost.",
            action="restore",
        ),
        "destroyed": State(
            doc="The instance is gone from its host; volumes and addresses are kept, V(present) brings it back.",
            sets={"power": "Destroyed"},
        ),
        "expunged": State(doc="The instance, its root volume and addresses are gone for good.", removes=True),
        "absent": ABSENT,
    },
    notes=(
        "A change of size up to O(max_cpu) and O(max_memory) is made while the instance runs, and needs no O(force).",
        "V(present) leaves an instance that was stopped by a task as it is, and starts one that stopped by itself.",
        "A change that needs a stop is held back with a warning while the instance runs, unless O(force=true).",
        "Volumes of their own that are attached to an instance are detached and kept when it is removed.",
    ),
    abandonable=True,
    fields={
        "name": Field(format="hostname", required=True, doc="Name of the instance, and host name of the guest."),
        "display_name": Field(format="line", impact=Impact.LIVE, doc="Name for people, the name by default."),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that it is in."),
        "service_offering": Field(
            ref="service_offering", only_one=True, impact=Impact.RESTART, filterable=True, doc="Size of the instance."
        ),
        "cpu": Field(
            type="int",
            minimum=1,
            maximum=512,
            impact=Impact.RESTART,
            doc="Number of virtual CPUs, with a customized offering.",
        ),
        "memory": Field(
            type="int",
            minimum=16,
            maximum=16777216,
            unit="MiB",
            impact=Impact.RESTART,
            doc="Memory in MiB, with a customized offering.",
        ),
        "max_cpu": Field(
            type="int",
            minimum=1,
            maximum=512,
            impact=Impact.RESTART,
            doc=(
                "Number of virtual CPUs up to which the instance gets another size while it runs.",
                "The guest sees them as CPUs that can be plugged in.",
            ),
        ),
        "max_memory": Field(
            type="int",
            minimum=16,
            maximum=16777216,
            unit="MiB",
            impact=Impact.RESTART,
            doc=(
                "Memory in MiB up to which the instance gets another size while it runs.",
                "The guest starts with all of it and gives back, by its balloon driver, what it is not to have.",
            ),
        ),
        "template": Field(
            ref="template",
            only_one=True,
            unless="iso",
            immutable=True,
            filterable=True,
            doc=(
                "Template that it starts from.",
                "An instance that is made with O(iso) alone has none, and an empty root volume.",
            ),
        ),
        "iso": Field(
            ref="iso",
            filterable=True,
            impact=Impact.LIVE,
            doc=(
                "ISO in its drive, from which it starts as long as its root volume does not.",
                "Without O(template), O(root_disk_size) or O(disk_offering) says how large the root volume is.",
            ),
        ),
        "networks": Field(
            type="list",
            elements="str",
            ref="network",
            only_one=True,
            impact=Impact.RESTART,
            doc="Networks that it is plugged into; the first one is the default network.",
        ),
        "ip_address": Field(
            format="ipv4", impact=Impact.RESTART, doc="Address on the default network, the next free one by default."
        ),
        "ip_to_networks": Field(
            type="list",
            elements="dict",
            impact=Impact.RESTART,
            options={
                "network": Field(
                    ref="network", required=True, doc="Network of the address, also named in O(networks)."
                ),
                "ip": Field(format="ipv4", required=True, doc="Address on that network."),
            },
            doc="Fixed addresses on other networks than the default one.",
        ),
        "root_disk_size": Field(
            type="int",
            minimum=1,
            maximum=65536,
            unit="GiB",
            impact=Impact.LIVE,
            doc="Size of the root volume, the offering's or the template's by default; it can grow and never shrinks.",
        ),
        "disk_offering": Field(
            ref="disk_offering",
            immutable=True,
            filterable=True,
            doc="Offering of a data volume made with the instance, or of the root volume where it has no template.",
        ),
        "disk_size": Field(
            type="int",
            minimum=1,
            maximum=65536,
            unit="GiB",
            impact=Impact.LIVE,
            doc="Size of a data volume made with the instance; it can grow and never shrinks.",
        ),
        "ssh_keys": Field(
            type="list",
            elements="str",
            ref="ssh_key",
            aliases=("ssh_key",),
            impact=Impact.LIVE,
            doc=(
                "SSH keys that the guest lets in from its first start on.",
                "A change is told to the running guest by its agent; keys that others put there stay.",
            ),
        ),
        "password": Field(
            format="password",
            secret=True,
            impact=Impact.LIVE,
            doc="Password of the template's O(cairn.cloud.template#module:login_user), told to the guest by its agent.",
        ),
        "user_data": Field(
            format="text",
            secret=True,
            immutable=True,
            doc="Text for cloud-init, C(#cloud-config) or a script, at most 64 KiB.",
        ),
        "user_data_name": Field(ref="user_data", immutable=True, doc="Kept user data instead of O(user_data)."),
        "affinity_groups": Field(
            type="list",
            elements="str",
            ref="affinity_group",
            filterable=True,
            immutable=True,
            doc="Affinity groups that decide on its host.",
        ),
        "security_groups": Field(
            type="list",
            elements="str",
            ref="security_group",
            aliases=("security_group",),
            filterable=True,
            impact=Impact.LIVE,
            doc=(
                "Security groups that decide what it lets in and out, on all its networks; none lets everything pass.",
                "A change holds at once, also for connections that are open.",
            ),
        ),
        "host": Field(
            ref="host",
            filterable=True,
            impact=Impact.LIVE,
            doc=(
                "Host to run on, chosen by placement by default.",
                "Another one than it is on moves the instance there, with its volumes: live while it runs.",
                "From a host that does not answer only O(force=true) takes it, which says that the host is off. All its"
                " volumes have to be on storage that both hosts share. It is started anew there.",
            ),
        ),
        "group": Field(format="name", filterable=True, doc="Group that it is shown in, also by the inventory."),
        "last_host": Field(param=False, ref="host", doc="Host that it is on its way from, until that is rid of it."),
        "power": Field(param=False, default="Running", filterable=True, doc="V(Running), V(Stopped) or V(Destroyed)."),
        "revision": Field(param=False, type="int", default=0, doc="How often the root volume was made anew."),
        "memory_from": Field(param=False, doc="Id of the instance snapshot whose memory the guest goes on from, once."),
        "memory_number": Field(param=False, type="int", default=0, doc="How often it was reverted to memory."),
        "password_number": Field(param=False, type="int", default=0, doc="How often the password was set."),
        "default_ip": Field(computed=True, doc="Address on the default network."),
        "nic": Field(
            type="list", elements="dict", computed=True, doc="Network cards: network, its type, address, MAC."
        ),
        "login_user": Field(computed=True, doc="User to log in as."),
    },
)
