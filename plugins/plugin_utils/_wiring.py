# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Wiring: the one place where the engine meets its drivers."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import hmac
import os
import pwd
import typing as t
import uuid

from ..module_utils._kinds.registry import KINDS
from ._core.job import Standing
from ._drivers.bounds import Confined, Own
from ._drivers.image import ssh_keys
from ._drivers.image.images import LocalImages
from ._drivers.image.seed import build_seed
from ._drivers.libvirt.connection import connector
from ._drivers.sql.store import SqlStore, open_store
from ._ports.bounds import Bounds
from ._ports.hypervisor import Connect
from ._services.cloud import Cloud
from ._services.hosts import Hosts
from ._settings import Settings

Database = SqlStore


def now() -> str:
    """Now, as ISO 8601 in UTC to the second."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _user() -> str:
    """Who runs this process: before sudo, where that says so."""
    try:
        return os.environ.get("SUDO_USER") or pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _new_id() -> str:
    return str(uuid.uuid4())


def _digest(key: bytes | None) -> t.Callable[[str], str]:
    """Digests by which secrets are known again; without the key, nothing can be kept secret in the first place."""
    return lambda text: hmac.new(key or b"", text.encode(), hashlib.sha256).hexdigest()[:32]


@contextlib.contextmanager
def open_cloud(
    settings: Settings,
    *,
    check: bool,
    progress: t.Callable[[str], None] | None = None,
    timeout: int = 300,
    actor: str | None = None,
) -> t.Iterator[Cloud]:
    """The cloud that ``settings`` name, for one run; ``check`` makes no database where there is none.

    ``actor`` is who is noted as having made changes, the user of this process by default.
    """
    store = open_database(settings, create=not check, timeout=timeout)
    bounds = Own(settings.own())
    hosts = Hosts(connect(settings, bounds))
    try:
        yield cloud(settings, store, hosts, bounds, progress=progress, timeout=timeout, actor=actor)
    finally:
        hosts.close()
        store.close()


def open_database(settings: Settings, *, create: bool, timeout: float) -> Database:
    """The database that ``settings`` name. Raises DriverError."""
    key = settings.secret_key()
    return open_store(settings.api_url, kinds=KINDS, secret_key=key, create=create, timeout=float(timeout), clock=now)


def connect(settings: Settings, bounds: Bounds) -> Connect:
    """What opens hosts."""
    return connector(build_seed, settings.pki_path, bounds)


def confined(settings: Settings) -> Bounds:
    """What callers of a daemon may name of its machine."""
    keeps = (f"{settings.state_dir}/secondary",)
    return Confined(settings.own(), settings.folders, keeps)


def cloud(
    settings: Settings,
    store: Database,
    hosts: Hosts,
    bounds: Bounds,
    *,
    progress: t.Callable[[str], None] | None,
    timeout: int,
    actor: str | None,
    standing: Standing | None = None,
) -> Cloud:
    """The engine on an open database and its hosts; ``bounds`` say what may be named of this machine."""
    staging = f"{settings.state_dir}/staging"
    return Cloud(
        store=store,
        hosts=hosts,
        images=LocalImages(bounds, staging),
        keys=ssh_keys,
        clock=now,
        identify=_new_id,
        progress=progress or (lambda line: None),
        digest=_digest(settings.secret_key()),
        staging=staging,
        timeout=timeout,
        actor=actor or _user(),
        standing=standing,
    )
