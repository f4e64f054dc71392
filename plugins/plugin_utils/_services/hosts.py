# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Connections to hosts: opened when needed, many at once, kept for the run."""

from __future__ import annotations

import concurrent.futures
import typing as t

from ...module_utils._schema.errors import DriverError
from .._core.host_url import simulated
from .._core.resource import Resource
from .._ports.hypervisor import Connect, Hypervisor

T = t.TypeVar("T")
Release = t.Callable[[str, Hypervisor], None]


class Hosts:
    """The hosts of one run, by URL. ``workers`` is how many are worked on at a time.

    ``release`` is what becomes of a connection when the run ends; by default it is closed.
    """

    def __init__(self, connect: Connect, workers: int = 32, release: Release | None = None) -> None:
        self._connect, self.workers, self._release = connect, workers, release or _close
        self._open: dict[str, Hypervisor] = {}

    def open(self, url: str) -> Hypervisor:
        """Raises DriverError when the host does not answer."""
        if url not in self._open:
            self._open[url] = self._connect(url)
        return self._open[url]

    def reach(self, hosts: t.Iterable[Resource]) -> None:
        """Connect to all of ``hosts``. Raises DriverError naming those that do not answer."""
        urls = {host.id: host.spec["url"] for host in hosts}
        results = self.each(urls, self.open, urls.__getitem__)
        failed = [result for result in results.values() if isinstance(result, DriverError)]
        if failed:
            more = f" (and {len(failed) - 1} more hosts do not answer)" if len(failed) > 1 else ""
            raise DriverError(f"{failed[0]}{more}")

    def each(
        self, items: t.Mapping[str, t.Any], work: t.Callable[[t.Any], T], url: t.Callable[[str], str] = str
    ) -> dict[str, T | DriverError]:
        """Do ``work`` on each item, of the host that ``url`` makes of its key; a DriverError is its result, any other
        error is raised.

        Real hosts are waited for, in threads. Nothing is waited for with simulated ones: threads would make them
        fight for the interpreter, and take half as long again.
        """

        def guarded(item: t.Any) -> T | DriverError:
            try:
                return work(item)
            except DriverError as error:
                return error

        real = {key: item for key, item in items.items() if not simulated(url(key))}
        if len(real) < 2:
            return {key: guarded(item) for key, item in items.items()}
        with concurrent.futures.ThreadPoolExecutor(min(self.workers, len(real))) as pool:
            waited = dict(zip(real, pool.map(guarded, real.values()), strict=True))
            played = {key: guarded(item) for key, item in items.items() if key not in real}
        return {key: (waited if key in real else played)[key] for key in items}

    def close(self) -> None:
        for url, hypervisor in self._open.items():
            self._release(url, hypervisor)
        self._open.clear()


def _close(_url: str, hypervisor: Hypervisor) -> None:
    hypervisor.close()
