# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Extraction: what is on images and volumes, as files of the management machine.

An image is copied from secondary storage. A volume is read from its host, which is not written to, and put together
with the image that it lies over here. Whether a volume is still what a file holds is told by when its own file was
last written to, so that nothing is read in vain.
"""

from __future__ import annotations

import typing as t

from ...module_utils._schema.errors import DriverError
from .._core.converge.volume import copy_of, image_of, revision
from .._core.desired import Desired, Extraction
from .._core.naming import IMAGES, volume_file
from .._core.plan import Plan, Step
from .._core.resource import Resource
from .._core.world import HostSeen, VolumeSeen
from .._ports.hypervisor import Hypervisor, Scope
from .._ports.images import Images, Layer
from .hosts import Hosts

# Calls that change what is on a volume, or end what was writing to it.
_WRITES = ("create_volume", "resize_volume", "stop_domain", "reboot_domain", "detach_disk")
_GONE = "its file is gone from its host; apply again, which makes it anew, empty"
_OPEN = "a guest has it open; stop its instance and extract it again"
_WRITTEN = "it was written to while it was read; stop what writes to it and extract it again"


def plan_extractions(desired: Desired, plans: t.Mapping[str, Plan], seen: t.Mapping[str, HostSeen]) -> list[Step]:
    """The files that are missing, or hold something else, as steps. Plans and observations are by the host's id."""
    steps = []
    for ident, extraction in desired.extractions.items():
        resource = desired.resources[ident]
        if resource.kind in IMAGES:
            same, call = extraction.found == resource.status.get("sha256"), "extract_image"
        else:
            same, call = _same(resource, desired, extraction, plans, seen), "extract_volume"
        if extraction.found is None or not same:
            before = "absent" if extraction.found is None else "another file"
            steps.append(Step("", ident, call, (), "dest", before, extraction.dest))
    return steps


def _same(
    volume: Resource,
    desired: Desired,
    extraction: Extraction,
    plans: t.Mapping[str, Plan],
    seen: t.Mapping[str, HostSeen],
) -> bool:
    """Whether the file is what the volume was extracted as, and nobody wrote to the volume since."""
    host, known = volume.spec["host"], volume.status.get("extracted", {})
    if host not in seen:
        return True  # Nothing can be said of a volume whose host does not answer, which is an error of its own.
    file = _file(volume, desired, seen[host])
    both = (volume.id, volume.spec.get("vm"))
    changes = any(step.call in _WRITES and step.resource in both for step in plans[host].steps)
    alike = file is not None and [known.get("file"), known.get("written")] == [file.name, file.written]
    return extraction.found == known.get("sha256") and alike and not changes


def _file(volume: Resource, desired: Desired, seen: HostSeen) -> VolumeSeen | None:
    pool = seen.pools.get(volume.spec["storage"])
    return pool.volumes.get(volume_file(volume, revision(volume, desired))) if pool else None


class Extractor:
    """Writes the files. Keyword-only; everything that touches the world is passed in."""

    def __init__(self, *, hosts: Hosts, images: Images) -> None:
        self._hosts, self._images = hosts, images

    def image(self, image: Resource, desired: Desired, source: str) -> None:
        """``source`` is its file on secondary storage. Raises DriverError."""
        extraction = desired.extractions[image.id]
        self._images.copy(source, extraction.dest, image.status.get("sha256"), replaces=extraction.found)

    def volume(self, volume: Resource, desired: Desired) -> dict[str, t.Any]:
        """Returns what is to be noted of the volume. Raises DriverError."""
        hypervisor = self._hosts.open(desired.url_of(volume.spec["host"]))
        name, pool = volume_file(volume, revision(volume, desired)), volume.spec["storage"]
        before = self._at_rest(hypervisor, volume, desired)
        extraction, layer = desired.extractions[volume.id], self._layer(volume, desired, before.backing)
        written: list[str] = []

        def send(sink: t.Callable[[bytes], None]) -> None:
            hypervisor.read_file(pool, name, sink)
            written.append(self._at_rest(hypervisor, volume, desired).written)
            if written != [before.written]:
                raise DriverError(_WRITTEN)

        sha256 = self._images.flatten(extraction.dest, send, layer, replaces=extraction.found)
        return {"extracted": {"sha256": sha256, "file": name, "written": before.written}}

    @staticmethod
    def _at_rest(hypervisor: Hypervisor, volume: Resource, desired: Desired) -> VolumeSeen:
        instance = volume.spec.get("vm")
        domains = frozenset({instance} if instance else ())
        seen = hypervisor.observe(Scope(domains, frozenset(), frozenset({volume.spec["storage"]})))
        file = _file(volume, desired, seen)
        if file is None:
            raise DriverError(_GONE)
        if any(disk.volume == file.name for one in seen.domains.values() if one.live for disk in one.live.disks):
            raise DriverError(_OPEN)
        return file

    @staticmethod
    def _layer(volume: Resource, desired: Desired, backing: str | None) -> Layer | None:
        """The image that the volume lies over, here: the host has a copy of it."""
        if backing is None:
            return None
        image = image_of(volume, desired)
        copy = copy_of(image, volume.spec["storage"], desired) if image else None
        if copy is None or copy.name != backing:
            raise DriverError(f"it lies over {backing}, which is none of its images; take a volume snapshot instead")
        return Layer(copy.source, copy.format)
