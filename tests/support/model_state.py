# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What there is on a host in memory, and what all calls that change it have in common."""

from __future__ import annotations

import contextlib
import copy
import functools
import typing as t

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.units import GIB
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    FILTERS,
    SHARES,
    Configuration,
    Disk,
    DomainSeen,
    FilterSeen,
    NetworkSeen,
    NodeFacts,
    PoolSeen,
    Route,
    VolumeSeen,
)

_P = t.ParamSpec("_P")
_R = t.TypeVar("_R")
_M = t.TypeVar("_M", bound="ModelState")


class Unsafe(AssertionError):
    """The host was asked for something that must never be asked for."""


def step(method: t.Callable[t.Concatenate[_M, _P], _R]) -> t.Callable[t.Concatenate[_M, _P], _R]:
    """A call that changes the host: counted, and watched before and after."""

    @functools.wraps(method)
    def watched(self: _M, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        self.watch(method.__name__)
        told = method(self, *args, **kwargs)
        self.calls.append(method.__name__)
        self.watch(method.__name__)
        return told

    return watched


class ModelState:
    """Pools, networks and domains by id, files by directory. ``watch`` is told of each call, twice, and may raise."""

    def __init__(self, name: str = "host", *, cpus: int = 8, memory: int = 16384, capacity: int = 1000 * GIB) -> None:
        self.facts = NodeFacts(name, cpus, memory, "8.2.0", "10.0.0", frozenset({FILTERS, SHARES}))
        self.capacity = capacity
        # Directories by their paths that are mounted here; other hosts may have the same ones.
        self.mounts: t.Mapping[str, dict[str, VolumeSeen]] = {}
        self.pools: dict[str, PoolSeen] = {}
        self.files: dict[str, dict[str, VolumeSeen]] = {}
        self.networks: dict[str, NetworkSeen] = {}
        self.domains: dict[str, DomainSeen] = {}
        self.filters: dict[str, FilterSeen] = {}
        self.texts: dict[str, str] = {}
        self.configurations: dict[str, Configuration] = {}
        # Files that a guest has run with: no memory of another guest may be put over them.
        self.used: set[str] = set()
        # Files that a guest is still to bring the content of.
        self.half: set[str] = set()
        # By root volume's file: fingerprints of SSH keys that its guest lets in, and the number of its password.
        self.guests: dict[str, tuple[frozenset[str], int]] = {}
        self.calls: list[str] = []
        self.routes: list[Route] = []
        self.watch: t.Callable[[str], None] = lambda call: None
        self.reading: t.Callable[[str], None] = lambda name: None

    def working(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()

    def clone(self) -> t.Self:
        other = copy.copy(self)
        other.pools, other.networks, other.domains = dict(self.pools), dict(self.networks), dict(self.domains)
        other.filters, other.configurations = dict(self.filters), dict(self.configurations)
        other.files = {path: dict(files) for path, files in self.files.items()}
        other.texts, other.calls, other.used = dict(self.texts), [], set(self.used)
        other.guests, other.half = dict(self.guests), set(self.half)
        return other

    def state(self) -> dict[str, t.Any]:
        """All that is on the host, to be compared."""
        files = {path: dict(files) for path, files in self.files.items() if files}
        return {
            "pools": dict(self.pools),
            "files": files,
            "networks": dict(self.networks),
            "domains": dict(self.domains),
            "filters": dict(self.filters),
        }

    def open_disks(self) -> list[tuple[str, Disk]]:
        return [(one.id, disk) for one in self.domains.values() if one.live for disk in one.live.disks]
