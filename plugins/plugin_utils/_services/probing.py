# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What is learnt of the outside world before anything is stored: new hosts, images, files of the control node."""

from __future__ import annotations

import contextlib
import typing as t

from ...module_utils._schema.errors import CairnError, DriverError
from ...module_utils._schema.validation import Document
from .._core.converge.primary_storage import directory
from .._core.naming import FETCHED, image_key, shown_url
from .._core.order import removes
from .._core.resource import Resource
from .._core.settings import promised
from .._ports.ambient import Progress
from .._ports.images import ImageFacts, Images
from .._ports.store import Store, Transaction
from .fetch import staged_name
from .hosts import Hosts
from .rules.image import check_source, image_facts
from .session import ProbedHost, Probes


class Prober:
    """Looks at what documents name; images that are fetched for them go to ``staging``."""

    def __init__(self, *, store: Store, hosts: Hosts, images: Images, progress: Progress, staging: str) -> None:
        self._store, self._hosts, self._images = store, hosts, images
        self._progress, self._staging = progress, staging

    def probe(self, documents: list[Document], check: bool) -> Probes:
        """Learn of new hosts and images before anything is stored; refuses what cannot be had."""
        probes = Probes()
        made = [document for document in documents if _is_probed(document)]
        if not made:
            return probes
        with self._store.reading() as tx:
            known = {host.spec["url"] for host in tx.select("host") if host.status.get("cpus")}
            settings = promised(tx.select("configuration"), documents)
            self._hosts.workers = settings["workers"]
            probes.images |= _known_images(tx, {d.kind.name for d in made if d.spec.get("url")})
        urls = {d.spec["url"]: d for d in made if d.kind.name == "host" and d.spec.get("url") not in (None, *known)}
        for url, found in self._hosts.each(urls, lambda d: self._probe_host(d, check)).items():
            if isinstance(found, DriverError):
                raise urls[url].error("url", str(found))
            probes.hosts[url] = found
        probes.silent |= self._silent([document for document in made if _is_taken_away(document)])
        for document in made:
            if document.kind.name == "secondary_storage":
                self._probe_directory(document)
            if document.state == "extracted":
                self._probe_file(document, probes)
            if document.kind.name in FETCHED and document.spec.get("url"):
                key = image_key(document.kind.name, document.spec)
                if key not in probes.images:
                    check_source(document, settings)
                    self._probe_image(document, key, probes, check)
        return probes

    def _probe_host(self, document: Document, check: bool) -> ProbedHost:
        hypervisor = self._hosts.open(document.spec["url"])
        auto = document.spec.get("virt_type", "auto") == "auto"
        return ProbedHost(hypervisor.node(), hypervisor.probe_virt_type() if auto and not check else None)

    def _silent(self, documents: list[Document]) -> set[str]:
        """Hosts that do not answer, of those that instances are to be taken away from all the same."""
        with self._store.reading() as tx:
            named = {one.id: one for d in documents for one in _instances(tx, d)}
            own = {one.spec["host"] for one in named.values() if one.spec.get("host")}
            urls = {host.id: host.spec["url"] for host in tx.select("host", ids=own)}
        asked = self._hosts.each(urls, self._hosts.open, urls.__getitem__)
        return {ident for ident, found in asked.items() if isinstance(found, DriverError)}

    def _probe_directory(self, document: Document) -> None:
        try:
            self._images.admit(directory(document.spec["url"]))
        except DriverError as error:
            raise document.error("url", str(error)) from None

    def _probe_file(self, document: Document, probes: Probes) -> None:
        dest = document.spec["dest"]
        try:
            probes.files[dest] = self._images.digest(dest)
        except DriverError as error:
            raise document.error("dest", str(error)) from None

    def _probe_image(self, document: Document, key: tuple[str, str, str | None], probes: Probes, check: bool) -> None:
        url, format_, checksum = key
        try:
            if check:
                facts = self._images.probe(url, format_, checksum)
            else:
                self._progress(f"{document.kind.title} '{document.name}': fetch {shown_url(url)}")
                # Nothing is written to the store before the image is found good; of two that fetch it, one is kept.
                facts = self._images.fetch(url, format_, checksum, self._staging, staged_name(*key))
                probes.staged.add(key)
        except DriverError as error:
            raise document.error("url", str(error)) from None
        if facts is not None:
            probes.images[key] = facts

    @contextlib.contextmanager
    def unless_refused(self, probes: Probes) -> t.Iterator[None]:
        """Images that were fetched for documents which are then refused do not stay behind."""
        try:
            yield
        except CairnError:
            for key in probes.staged:
                self._images.delete(self._staging, staged_name(*key))
            raise


def _is_probed(document: Document) -> bool:
    """Whether the outside world has a say in it: a host, an image, a file, a directory for images."""
    named = document.kind.name in (*FETCHED, "secondary_storage") and document.spec.get("url")
    asked = document.kind.name == "host" or document.state == "extracted" or _is_taken_away(document)
    return not removes(document) and bool(named or asked)


def _is_taken_away(document: Document) -> bool:
    """Whether an instance is to be on another host, whatever its own one says."""
    return document.kind.name == "instance" and document.force and bool(document.spec.get("host"))


def _instances(tx: Transaction, document: Document) -> list[Resource]:
    """The instance that a document is about, or all of its name."""
    return tx.select("instance", ids=[document.id]) if document.id else tx.named("instance", document.name)


def _known_images(tx: Transaction, kinds: t.Collection[str]) -> dict[tuple[str, str, str | None], ImageFacts]:
    """Images that are kept already, of ``kinds``."""
    kept = [r for kind in FETCHED if kind in kinds for r in tx.select(kind) if r.status.get("sha256")]
    return {image_key(r.kind, r.spec): image_facts(r) for r in kept if r.spec.get("url")}
