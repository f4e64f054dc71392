# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What became of the steps of a run, host by host, and how that is said to people."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ...module_utils._schema.errors import CairnError, DriverError
from .._core.desired import Desired
from .._core.plan import Plan, Step
from .._core.resource import Resource
from .._core.world import HostSeen

WORDS = {
    "define_pool": "make the storage pool on {host}",
    "remove_pool": "remove the storage pool from {host}",
    "define_network": "make the network on {host}",
    "start_network": "start the network on {host}",
    "remove_network": "remove the network from {host}",
    "set_lease": "set the DHCP lease on {host}",
    "drop_lease": "drop a DHCP lease on {host}",
    "define_filter": "define the filter on {host}",
    "remove_filter": "remove the filter from {host}",
    "filter_card": "filter the machine's network card on {host}",
    "put_base": "copy the image to {host}",
    "create_volume": "make a volume on {host}",
    "resize_volume": "grow a volume on {host}",
    "take_snapshot": "take the snapshot on {host}",
    "take_instance_snapshot": "take the snapshot of all disks on {host}",
    "delete_volume": "delete a file on {host}",
    "put_seed": "write the cloud-init seed on {host}",
    "put_record": "write down the cloud on {host}",
    "define_domain": "define the machine on {host}",
    "start_domain": "start the machine on {host}",
    "stop_domain": "stop the machine on {host}",
    "reboot_domain": "restart the machine on {host}",
    "restore_domain": "have the machine go on from its snapshot's memory on {host}",
    "resume_domain": "have the paused machine go on on {host}",
    "undefine_domain": "remove the machine from {host}",
    "retitle_domain": "rename or describe the machine on {host}",
    "attach_disk": "attach a disk on {host}",
    "detach_disk": "detach a disk on {host}",
    "scale_domain": "scale the machine on {host}",
    "change_media": "change the CD in the machine's drive on {host}",
    "let_in": "let the SSH keys and the password into the guest on {host}",
    "configure_router": "configure the router on {host}",
    "receive_volume": "make a volume for the machine that comes to {host}",
    "carry_file": "copy a file of the machine to {host}",
    "migrate_domain": "move the running machine away from {host}",
    "autostart_domain": "set whether the machine starts with {host}",
    "fetch_image": "fetch the image to secondary storage",
    "delete_image": "delete the image from secondary storage",
    "extract_image": "copy the image from secondary storage to a file",
    "extract_volume": "copy the volume to a file of {host}",
}


@dc.dataclass
class HostOutcome:
    """What became of one host: its plan, what was seen, steps that were made, errors by resource or group, and
    what is to be added to the status of resources. ``waiting`` are steps for images whose snapshots are still to be
    taken."""

    plan: Plan = dc.field(default_factory=Plan)
    seen: HostSeen | None = None
    done: list[Step] = dc.field(default_factory=list)
    errors: dict[str, CairnError] = dc.field(default_factory=dict)
    learnt: dict[str, dict[str, t.Any]] = dc.field(default_factory=dict)
    waiting: list[Step] = dc.field(default_factory=list)
    lost: bool = False


def sentence(step: Step, host: Resource | None) -> str:
    return WORDS[step.call].format(host=f"host {host.name}" if host else "the management machine")


def possible(outcome: HostOutcome, steps: list[Step], images: t.Collection[str], desired: Desired) -> list[Step]:
    """The steps that can be made without ``images``, which cannot be had; what is left as it is for that is noted."""
    possible, left = dc.replace(outcome.plan, steps=steps).split(images)
    for step in left:
        if step.group and step.group not in images:
            outcome.errors.setdefault(
                step.group, lacking(step.group, outcome.plan.needs[step.group] & {*images}, desired)
            )
    return possible


def lacking(group: str, images: t.Collection[str], desired: Desired) -> DriverError:
    label, needed = desired.resources[group].label, desired.resources[min(images)].label
    return DriverError(f"{label}: it is left as it is, since {needed} cannot be had; mend that and apply again")


def overtaken(group: str, desired: Desired) -> DriverError:
    return DriverError(f"{desired.resources[group].label}: another run changed it meanwhile; apply again")
