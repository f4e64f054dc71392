# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""An instance is a domain with its volumes, a seed for cloud-init, a drive, and a card and lease for each network."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ..desired import Desired, Draft, Drafts
from ..document import carried
from ..keys import fingerprint
from ..naming import seed_file, volume_file
from ..resource import Nic, Resource, object_name
from ..seed import SeedFiles, seed_files
from ..world import Access, Disk, DomainShape, DomainWanted, Memory, SeedWanted, Told
from . import volume as volumes
from .instance_snapshot import memory_of
from .network import card_of, draw, host_lease, seed_network
from .primary_storage import is_shared, stays
from .security_group import filtered, settle_groups

# In the status of a snapshot of a root volume, and of a root volume that is a copy of it: what its guest was told.
TOLD = "told"
SEED_TARGET, DRIVE_TARGET = "hda", "hdc"


def size_of(instance: Resource, offering: Resource | None) -> tuple[int, int]:
    """CPUs and memory (MiB) of an instance: its own numbers, or its offering's."""
    spec = offering.spec if offering else {}
    return (
        int(instance.spec.get("cpu") or spec.get("cpu_number") or 0),
        int(instance.spec.get("memory") or spec.get("memory") or 0),
    )


def most_of(instance: Resource, size: tuple[int, int]) -> tuple[int, int]:
    """CPUs and memory (MiB) that an instance of ``size`` can have while it runs."""
    vcpus, memory = (instance.spec.get(name) or 0 for name in ("max_cpu", "max_memory"))
    return max(vcpus, size[0]), max(memory, size[1])


def cpu_of(host: Resource) -> tuple[str, str | None]:
    """How guests' processors are run on a host, and the model that they see, the host's own where there is none."""
    virt_type = host.spec["virt_type"] if host.spec["virt_type"] != "auto" else host.status.get("runs", "qemu")
    return virt_type, host.spec.get("cpu_model") or ("qemu64" if virt_type == "qemu" else None)


def access_of(instance: Resource, desired: Desired) -> Access:
    """Whom the instance's guest lets in."""
    template = desired.ref(instance, "template")
    keys = [desired.resources[ident] for ident in instance.spec.get("ssh_keys") or []]
    return Access(
        user=template.spec["login_user"] if template else "root",
        keys=tuple(key.spec.get("public_key") or key.status["public_key"] for key in keys),
        password=instance.spec.get("password"),
    )


def seed_of(instance: Resource, desired: Desired) -> dict[str, str]:
    """The files of the instance's seed."""
    nics = desired.nics.get(instance.id, ())
    stored = desired.ref(instance, "user_data_name")
    return seed_files(
        instance,
        access_of(instance, desired).keys,
        stored.spec.get("user_data") if stored else instance.spec.get("user_data"),
        nics,
        {nic.network: seed_network(desired.resources[nic.network], desired) for nic in nics},
    )


def converge(resource: Resource, desired: Desired, drafts: Drafts) -> None:
    host = desired.ref(resource, "host")
    if host is None:
        return
    draft = drafts[host.id]
    draft.groups[resource.id] = resource.id
    nics = desired.nics.get(resource.id, ())
    last = desired.ref(resource, "last_host")
    if last is not None:
        _leave(resource, last, nics, desired, drafts)
    gone = resource.removing or resource.spec.get("power") == "Destroyed"
    settle_groups(resource, host.id, desired, draft)
    for disk in desired.disks.get(resource.id, []):
        if disk.id not in desired.focus:
            volumes.converge(disk, desired, drafts)
    if gone:
        draft.gone_domains.add(resource.id)
        draft.gone_owners.add(("", resource.id))
        if resource.removing:
            _drop_leases(resource, nics, desired, draft)
        return
    for nic in nics:
        draw(desired.resources[nic.network], desired, draft)
        lease = host_lease(nic, resource, desired)
        if lease:
            draft.leases.setdefault(nic.network, set()).add(lease)
    if desired.disks.get(resource.id):
        draft.domains[resource.id] = _domain(resource, host, nics, desired, draft)


def _domain(resource: Resource, host: Resource, nics: t.Sequence[Nic], desired: Desired, draft: Draft) -> DomainWanted:
    """The domain; its seed and what is in its drive are wanted, too."""
    disks = desired.disks[resource.id]
    pool = disks[0].spec["storage"]
    seed = SeedWanted(resource.id, pool, seed_file(resource, nics), SeedFiles(lambda: seed_of(resource, desired)))
    draft.seeds[seed.name] = seed
    drive = Disk(DRIVE_TARGET, "", "", format="raw", device="cdrom")
    iso = desired.ref(resource, "iso")
    if iso is not None:
        copy = volumes.copy_of(iso, pool, desired)
        draft.bases[pool, copy.name] = copy
        drive = dc.replace(drive, pool=object_name(desired.resources[pool]), volume=copy.name)
    access = access_of(resource, desired)
    shape = _shape(resource, host, seed, drive, disks, nics, desired)
    pairs = zip(shape.cards, nics, strict=True)
    return DomainWanted(
        shape=dc.replace(
            shape,
            cards=tuple(filtered(card, nic, resource, desired, draft) for card, nic in pairs),
            keys=fingerprints(access.keys),
            password=resource.spec.get("password_number") or 0,
        ),
        power=resource.spec["power"],
        access=access,
        may_restart=resource.id in desired.restart,
        reboot=resource.id in desired.reboot,
        memory=memory_to_come(resource, desired),
        told=told_of(disks[0]),
    )


def fingerprints(keys: t.Iterable[str]) -> tuple[str, ...]:
    """Of public keys, as a guest is told them."""
    return tuple(sorted({fingerprint(key) for key in keys} - {""}))


def told_of(root: Resource) -> Told | None:
    """What the guest on a root volume had been told when that was kept; nothing is known of one that is no copy."""
    if not root.spec.get("source"):
        return None
    told = root.status.get(TOLD) or {}
    return Told(tuple(told.get("keys", ())), told.get("password", 0))


def memory_to_come(instance: Resource, desired: Desired) -> Memory | None:
    """What the guest is to go on from, unless it has done so already."""
    snapshot, number = desired.ref(instance, "memory_from"), instance.spec.get("memory_number") or 0
    if snapshot is None or snapshot.removing or instance.status.get("memory_number", 0) >= number:
        return None
    memory = memory_of(snapshot, number)
    return memory and dc.replace(memory, promised=not snapshot.status.get("taken"))


def _leave(resource: Resource, last: Resource, nics: t.Sequence[Nic], desired: Desired, drafts: Drafts) -> None:
    """What the host that an instance is on its way from is to be rid of, once it is not there any more."""
    draft = drafts[last.id]
    draft.groups[resource.id] = resource.id
    draft.gone_domains.add(resource.id)
    root = next(iter(desired.disks.get(resource.id, [])), None)
    # Its seed is beside its root volume.
    if root is None or not stays(desired.ref(root, "storage"), desired.ref(root, "last_storage")):
        draft.gone_owners.add(("", resource.id))
    _drop_leases(resource, nics, desired, draft)
    settle_groups(resource, last.id, desired, draft)
    if not resource.removing:
        drafts[resource.spec["host"]].arrivals[resource.id] = last.id


def _drop_leases(resource: Resource, nics: t.Sequence[Nic], desired: Desired, draft: Draft) -> None:
    for nic in nics:
        lease = host_lease(nic, resource, desired)
        network = desired.resources.get(nic.network)
        if lease and network is not None and not network.removing:
            draft.gone_leases.add((nic.network, lease))


def _shape(
    resource: Resource,
    host: Resource,
    seed: SeedWanted,
    drive: Disk,
    disks: t.Sequence[Resource],
    nics: t.Sequence[Nic],
    desired: Desired,
) -> DomainShape:
    vcpus, memory = size_of(resource, desired.ref(resource, "service_offering"))
    most_vcpus, most_memory = most_of(resource, (vcpus, memory))
    virt_type, cpu_model = cpu_of(host)
    files = [_file(disk, desired.resources[disk.spec["storage"]], desired) for disk in disks]
    pool = object_name(desired.resources[seed.pool])
    return DomainShape(
        id=resource.id,
        name=object_name(resource),
        title=resource.spec.get("display_name") or resource.name,
        vcpus=vcpus,
        memory=memory,
        virt_type=virt_type,
        cpu_model=cpu_model,
        disks=(*files, Disk(SEED_TARGET, pool, seed.name, format="raw", device="cdrom"), drive),
        cards=tuple(card_of(nic, desired.resources[nic.network]) for nic in nics),
        document=carried(resource, desired.resources, nics),
        most_vcpus=most_vcpus if most_vcpus > vcpus else 0,
        most_memory=most_memory if most_memory > memory else 0,
    )


def _file(disk: Resource, storage: Resource, desired: Desired) -> Disk:
    target = f"vd{chr(ord('a') + (disk.spec.get('device_id') or 0))}"
    file = volume_file(disk, volumes.revision(disk, desired))
    return Disk(target, object_name(storage), file, direct=is_shared(storage))
