# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Images on secondary storage: fetched from their URL, or received from the volume snapshot that they are made from.

A snapshot may be one that the same run takes. Then its image waits until that is done.
"""

from __future__ import annotations

import hashlib
import typing as t

from ...module_utils._schema.errors import DriverError
from .._core.converge.primary_storage import directory
from .._core.desired import Desired
from .._core.naming import image_file, image_format, image_key, is_image, snapshot_file
from .._core.plan import Step
from .._core.resource import Resource
from .._core.world import HostWanted
from .._ports.images import Images
from .._ports.store import Store
from .hosts import Hosts


class Fetcher:
    """Brings images to where they are kept, and takes them away. Keyword-only; what touches the world is passed in."""

    def __init__(self, *, hosts: Hosts, images: Images, store: Store, staging: str, timeout: int) -> None:
        self._hosts, self._images, self._store = hosts, images, store
        self._staging, self._timeout = staging, timeout

    def plan(self, desired: Desired, wanted: t.Mapping[str, HostWanted]) -> list[Step]:
        """Images that are missing from secondary storage, or too many there."""
        bases = {base.owner for host in wanted.values() for base in host.bases}
        steps = []
        for ident in sorted(bases | {i for i in desired.focus if is_image(desired.resources[i])}):
            image = desired.resources[ident]
            present = self._images.present(place_of(image, desired), image_file(image))
            if image.removing == present:
                call, states = ("delete_image", "present absent") if present else ("fetch_image", "absent present")
                before, after = states.split()
                steps.append(Step("", ident, call, (), "image", before, after))
        return steps

    def make(self, step: Step, desired: Desired) -> dict[str, t.Any] | None:
        """Carry out a step; what is to be noted of the image, if anything. Raises DriverError."""
        image = desired.resources[step.resource]
        place, name = place_of(image, desired), image_file(image)
        if step.call == "delete_image":
            self._images.delete(place, name)
        elif not image.spec.get("url"):
            return self._receive(image, desired, place, name)
        else:
            self._fetch(image, place, name)
        return None

    def unstage(self, desired: Desired, failed: t.Container[str]) -> None:
        """Images that are where they belong wait no longer; a run that was cut short may have left them waiting."""
        for image in (desired.resources[ident] for ident in sorted(desired.focus)):
            if not is_image(image) or image.id in failed or not self._images.present(self._staging, _staged(image)):
                continue
            if image.removing or self._images.present(place_of(image, desired), image_file(image)):
                self._images.delete(self._staging, _staged(image))

    def _fetch(self, image: Resource, place: str, name: str) -> None:
        """From where it was staged when it was looked into; from its URL when it has to be had again."""
        url, sort, checksum = image_key(image.kind, image.spec)
        staged = _staged(image)
        with self._store.lease(f"fetch_image:{image.id}", self._timeout):
            here = self._images.present(self._staging, staged)
            url = f"file://{self._staging}/{staged}" if here else url
            checksum = f"sha256:{image.status['sha256']}" if image.status.get("sha256") else checksum
            self._images.fetch(url, sort, checksum, place, name)

    def _receive(self, image: Resource, desired: Desired, place: str, name: str) -> dict[str, t.Any]:
        """From the volume snapshot that it is made from, on whichever host that is."""
        snapshot = desired.resources[image.spec["source"]]
        hypervisor = self._hosts.open(desired.url_of(snapshot.spec["host"]))
        pool, file = snapshot.spec["storage"], snapshot_file(snapshot.id)
        with self._store.lease(f"fetch_image:{image.id}", self._timeout):
            sort = image_format(image.kind, image.spec)
            facts = self._images.receive(sort, place, name, lambda sink: hypervisor.read_file(pool, file, sink))
        return {"size": facts.virtual_size, "physical_size": facts.physical_size, "sha256": facts.sha256}


def untaken(step: Step, desired: Desired) -> Resource | None:
    """The volume snapshot that an image is to be made from and that was not taken so far. Raises DriverError when this
    run cannot have it either."""
    image = desired.resources[step.resource]
    if step.call != "fetch_image" or image.spec.get("url"):
        return None
    snapshot = desired.resources.get(image.spec["source"])
    if snapshot is None:
        raise DriverError("the volume snapshot that it was made from is gone; bring its file back from a backup")
    if snapshot.status.get("taken"):
        return None
    if snapshot.removing or not snapshot.spec.get("volume"):
        raise DriverError(f"{snapshot.label}, which it is to be made from, was never taken; remove it")
    if not {snapshot.id, snapshot.parent} & desired.focus:
        raise DriverError(f"{snapshot.label}, which it is to be made from, is not complete yet; apply that again first")
    return snapshot


def place_of(image: Resource, desired: Desired) -> str:
    """The directory of secondary storage that an image is kept in."""
    return directory(desired.resources[image.spec["secondary"]].spec["url"])


def _staged(image: Resource) -> str:
    return staged_name(*image_key(image.kind, image.spec))


def staged_name(url: str, format: str, checksum: str | None) -> str:
    """The name under which an image waits until it is stored: the same for the same image."""
    return f"{hashlib.sha256(repr((url, format, checksum)).encode()).hexdigest()[:32]}.{format}"
