# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Host: a machine that runs libvirtd, and on which instances run."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import ALLOCATION_STATE, DEDICATION, Kind, allocation_states

HOST = Kind(
    name="host",
    doc="hosts, the machines that instances run on",
    scope=("zone",),
    states=allocation_states(maintenance=True),
    notes=(
        "What runs on a host that is put into maintenance is moved to other hosts of its cluster while it runs, all of"
        " it or nothing; what is stopped stays. Nothing is placed or started there until it is enabled again.",
        "A host of C(test:///path/to/file.xml?cpus=32&memory=131072) is simulated, with so many CPUs and so much "
        "memory (MiB). What is on it is kept in that file of the control node, so that a playbook can be rehearsed.",
    ),
    abandonable=True,
    fields={
        "name": Field(format="name", required=True, doc="Name of the host."),
        "url": Field(
            format="libvirt_url",
            required=True,
            doc=(
                "URL of the host's libvirt.",
                "For example C(qemu:///system), C(qemu+tls://node1/system) or C(qemu+ssh://root@node1/system).",
            ),
        ),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that the host is in."),
        "pod": Field(ref="pod", only_one=True, immutable=True, filterable=True, doc="Pod that the host is in."),
        "cluster": Field(
            ref="cluster", only_one=True, immutable=True, filterable=True, doc="Cluster that the host is in."
        ),
        "host_tags": Field(
            type="list", elements="str", default=[], doc="Tags that service offerings ask for to be placed here."
        ),
        "virt_type": Field(
            choices=("auto", "kvm", "qemu"),
            default="auto",
            doc=(
                "How guests' processors are run, by the kernel (V(kvm)) or by emulation (V(qemu)).",
                "V(auto) runs a few instructions under KVM when the host is added, and emulates where that fails.",
                "A change holds for instances from their next definition on.",
            ),
        ),
        "cpu_model": Field(
            format="name",
            doc=(
                "Processor model that guests see, one of libvirt's names.",
                "The host's own by default under KVM, and V(qemu64) under emulation, where it is the fastest.",
            ),
        ),
        "migration_address": Field(
            format="domain_name",
            emptied=True,
            doc=(
                "Address at which other hosts reach it, to move guests to it.",
                "The host in O(url) by default, or else its host name.",
            ),
        ),
        "migration_tls": Field(
            type="bool",
            default=True,
            doc=(
                "Whether what is moved to and from the host while it runs has to be encrypted on the way.",
                "That needs certificates for QEMU on both, which role C(node) makes where libvirt is reached by TLS.",
                "Between two hosts that both have V(false) it crosses the network in clear; use that for a network that"
                " nobody else is in.",
            ),
        ),
        **DEDICATION,
        "allocation_state": ALLOCATION_STATE,
        "hypervisor_version": Field(computed=True, doc="Version of QEMU on the host."),
        "libvirt_version": Field(computed=True, doc="Version of libvirt on the host."),
        "cpus": Field(type="int", computed=True, doc="Processors of the host."),
        "memory": Field(type="int", unit="MiB", computed=True, doc="Memory of the host."),
        "runs": Field(computed=True, doc="What V(auto) found to run guests with, V(kvm) or V(qemu)."),
    },
)
