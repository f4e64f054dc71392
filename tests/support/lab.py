# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A cloud of the real engine and the real database on hosts in memory."""

from __future__ import annotations

import contextlib
import dataclasses as dc
import functools
import hashlib
import os
import shutil
import tempfile
import typing as t
import uuid
from pathlib import Path

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError, DriverError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document, validate
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.report import Report
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.store import SqlStore, open_store
from ansible_collections.cairn.cloud.plugins.plugin_utils._ports.hypervisor import Hypervisor
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.cloud import Cloud
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.hosts import Hosts
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.result import Result
from support.model_host import ModelHost
from support.model_images import ModelImages, ModelKeys

# Of no installation: 32 bytes in base64.
SECRET_KEY = b"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
STAGING = "/staging"


def document(kind: str, named: str | None = None, /, **fields: t.Any) -> Document:
    """A document as a user writes it; a dash of a kind's name may be left to the identity field."""
    identity = {} if named is None else {KINDS[kind].identity: named}
    return validate(KINDS[kind], identity | fields)


def _now() -> str:
    return "2026-01-01T00:00:00Z"


def _digest(text: str) -> str:
    return hashlib.sha256(f"key {text}".encode()).hexdigest()


def _open(path: Path, create: bool) -> SqlStore:
    return open_store(f"sqlite:///{path}", kinds=KINDS, secret_key=SECRET_KEY, create=create, timeout=10.0, clock=_now)


@functools.cache
def _empty_database() -> bytes:
    """Made once: the schema's migrations take longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cairn.db"
        _open(path, True).close()
        return path.read_bytes()


class Interrupted(BaseException):
    """The process ends here: like KeyboardInterrupt, nothing of ours catches it."""


@dc.dataclass
class Fuse:
    """Burns down with each watched call, and ends the process at the last one."""

    left: int

    def __call__(self, call: str) -> None:
        self.left -= 1
        if self.left == 0:
            raise Interrupted(call)


class Lab:
    """Hosts by URL, made when they are first connected to; ids and MACs are the same in each lab."""

    def __init__(self) -> None:
        fast = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self._folder = tempfile.TemporaryDirectory(dir=fast)
        self.path = Path(self._folder.name) / "cairn.db"
        self.path.write_bytes(_empty_database())
        self.hosts: dict[str, ModelHost] = {}
        self.images = ModelImages()
        self.lost: set[str] = set()
        self.opened: set[str] = set()
        self.progress: list[str] = []
        self.sizes: dict[str, dict[str, int]] = {}
        self._ids = 0
        self.now = _now()

    def close(self) -> None:
        self._folder.cleanup()

    def __enter__(self) -> Lab:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def copy(self) -> Lab:
        """The same cloud once more."""
        other = Lab()
        shutil.copyfile(self.path, other.path)
        other.hosts = {url: host.clone() for url, host in self.hosts.items()}
        other.images.kept, other.images.sources = set(self.images.kept), set(self.images.sources)
        other.images.files = dict(self.images.files)
        other._ids, other.sizes, other.now = self._ids, self.sizes, self.now
        return other

    def connect(self, url: str) -> Hypervisor:
        if url in self.lost:
            raise DriverError(f"host {url} does not answer; start it")
        self.opened.add(url)
        return self.host(url)

    def host(self, url: str = "test:///h1") -> ModelHost:
        if url not in self.hosts:
            self.hosts[url] = ModelHost(url.rpartition("/")[2], **self.sizes.get(url, {}))
        return self.hosts[url]

    def _identify(self) -> str:
        self._ids += 1
        return str(uuid.UUID(bytes=hashlib.sha256(str(self._ids).encode()).digest()[:16]))

    @contextlib.contextmanager
    def store(self) -> t.Iterator[SqlStore]:
        with contextlib.closing(_open(self.path, True)) as store:
            yield store

    @contextlib.contextmanager
    def cloud(self) -> t.Iterator[Cloud]:
        """One process's work."""
        with self.store() as store, contextlib.closing(Hosts(self.connect)) as hosts:
            yield Cloud(
                store=store,
                hosts=hosts,
                images=self.images,
                keys=ModelKeys(),
                clock=lambda: self.now,
                identify=self._identify,
                progress=self.progress.append,
                digest=_digest,
                staging=STAGING,
                timeout=5,
            )

    def apply(self, *documents: Document, whole: bool = True, **how: t.Any) -> Result:
        with self.cloud() as cloud:
            return cloud.apply(documents, whole=whole, **how)

    def check(self, *documents: Document, **how: t.Any) -> Result:
        """A check run; ids that it gives out are given out again."""
        before = self._ids
        try:
            return self.apply(*documents, check=True, **how)
        finally:
            self._ids = before

    def must(self, *documents: Document, **how: t.Any) -> Report:
        """Apply, without a failure."""
        result = self.apply(*documents, **how)
        assert result.errors == [], [*map(str, result.errors)]
        return result.report

    def refusal(self, *documents: Document, **how: t.Any) -> str:
        """Why a check run and a run refuse the documents; both say the same, and change nothing."""
        kept = {*self.images.kept, *self.images.files.items()}
        before = self.path.read_bytes(), {url: host.state() for url, host in self.hosts.items()}, kept
        sentences = []
        for run in (self.check, self.apply):
            try:
                run(*documents, **how)
            except CairnError as error:
                sentences.append(error.sentence)
        assert len(sentences) == 2, "it was not refused"
        assert sentences[0] == sentences[1]
        state = {url: self.hosts[url].state() for url in before[1]}
        assert (self.path.read_bytes(), state, {*self.images.kept, *self.images.files.items()}) == before
        return sentences[0]

    def must_refuse(self, document: Document, sentence: str) -> None:
        """Refuse the document, naming it; ``sentence`` is said in it."""
        told = self.refusal(document)
        assert told.startswith(f"{document.kind.title} '{document.name}'")
        assert sentence in told

    def forget(self) -> None:
        """The database is lost, and an empty one is in its place."""
        self.path.write_bytes(_empty_database())

    def rebuild(self, *urls: str, **how: t.Any) -> Report:
        """Read the cloud back from all hosts, or those that are named."""
        with self.cloud() as cloud:
            return cloud.rebuild(urls or [*self.hosts], **how).report

    def drift(self) -> Report:
        with self.cloud() as cloud:
            return cloud.drift().report

    def read(self, kind: str, **filters: t.Any) -> list[dict[str, t.Any]]:
        with self.cloud() as cloud:
            return cloud.read(KINDS[kind], filters)

    def one(self, kind: str, name: str) -> dict[str, t.Any]:
        (found,) = self.read(kind, **{KINDS[kind].identity: name})
        return found

    def watch(self, watch: t.Callable[[str], None]) -> None:
        """Tell ``watch`` of each change of a host, now and of hosts to come, and of images."""
        self.images.watch = watch
        for url in [*self.hosts, *self.sizes]:
            self.host(url).watch = watch
