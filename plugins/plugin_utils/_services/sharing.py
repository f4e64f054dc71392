# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Storages that hosts share: what several of them would do to the same files is done once.

Which directory is the right one is decided by the first host that has it, which leaves a mark there; that this was done
is stored at once. From then on a host without the mark has another directory, and nothing is done on it.
"""

from __future__ import annotations

import contextlib
import dataclasses as dc
import typing as t

from .._core.converge.primary_storage import is_shared
from .._core.desired import Desired
from .._core.plan import Plan, Step
from .._ports.hypervisor import Hypervisor
from .._ports.store import Store

# In the status of a shared storage: a host has marked its directory.
MARKED = "marked"


class Sharing:
    """Steps on files that other hosts have, too."""

    def __init__(self, store: Store, timeout: int) -> None:
        self._store, self._timeout = store, timeout

    @contextlib.contextmanager
    def alone(self, step: Step, hypervisor: Hypervisor, desired: Desired) -> t.Iterator[None]:
        """Make a step while no other host makes it, and after a look at what they have done."""
        pool = shared_pool(step, desired)
        if pool is None and not step.exclusive:
            yield
            return
        with self._store.lease(f"{step.call}:{pool or step.host}:{step.resource}", self._timeout):
            if pool is not None and step.call != "define_pool":
                hypervisor.refresh_pool(pool)
            yield

    def open(self, step: Step, hypervisor: Hypervisor) -> None:
        """Define the pool of a shared storage; the first host of all marks its directory."""
        storage = step.args[0].id
        with self._store.reading() as tx:
            found = tx.get(storage)
        first = found is not None and not found.status.get(MARKED)
        hypervisor.define_pool(step.args[0], first=first)
        if first:
            with self._store.transaction(commit=True) as tx:
                found = tx.get(storage)
                if found is not None:
                    tx.update(found.with_status(**{MARKED: True}))


def shared_pool(step: Step, desired: Desired) -> str | None:
    """The shared storage on which several hosts may want to make the same step."""
    if step.call not in _ALIKE:
        return None
    ident = _ALIKE[step.call](step)
    storage = desired.resources.get(ident)
    return ident if storage is not None and is_shared(storage) else None


_ALIKE: dict[str, t.Callable[[Step], str]] = {
    "define_pool": lambda step: str(step.args[0].id),
    "put_base": lambda step: str(step.args[0].pool),
    "delete_volume": lambda step: str(step.args[0]),
}


def once(plans: t.Iterable[Plan], desired: Desired) -> None:
    """Of hosts that would do the same to shared files, the first one does and tells it.

    A copy of an image is still asked for by each, which waits for it, and finds it there.
    """
    known: set[tuple[str, tuple[t.Any, ...]]] = set()
    for plan in plans:
        steps = []
        for step in plan.steps:
            if step.call == "define_pool" or shared_pool(step, desired) is None:
                steps.append(step)
            elif (step.call, step.args) not in known:
                known.add((step.call, step.args))
                steps.append(step)
            elif step.call == "put_base":
                steps.append(dc.replace(step, routine=True))
        plan.steps = steps
