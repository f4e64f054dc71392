# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Moments of a run at which its process can be killed, each with a name.

Every call of a driver that changes something outside of the process is watched: verbs of the hypervisor's port and the
calls of libvirt that they are made of, transactions and leases of the database and its commits, images. A moment is
``before`` or ``after`` such a call, with the number of the call: ``before virDomain.create 3``. Nothing of this is in
the drivers: the process that is to be killed puts watched functions in the place of theirs.
"""

from __future__ import annotations

import collections
import functools
import os
import re
import signal
import typing as t
from pathlib import Path

import libvirt
from sqlalchemy.engine.default import DefaultDialect

from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.images import LocalImages
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.incoming import Incoming
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt.hypervisor import LibvirtHypervisor
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.leases import Leases

# Methods of libvirt's Python classes that change nothing, or nothing outside of the process.
_LOOKS = re.compile(
    r"_.*|(?!create|define).*[Ll]ookup.*|list.*|get.*|is[A-Z].*|XMLDesc|info|name|UUID.*|ID|path|autostart|newStream|"
    r"c_pointer|connect|close|domain|key|virConnGetLastError|virConnResetLastError|numOf.*|register.*|"
    # Asked again until something has ended: how often is chance.
    r"state|jobStats|jobInfo|blockJobInfo"
)
_WATCHED: t.Mapping[type, t.Callable[[str], bool]] = {
    **{
        class_: lambda name: not _LOOKS.fullmatch(name)
        for class_ in (
            libvirt.virConnect,
            libvirt.virDomain,
            libvirt.virNetwork,
            libvirt.virNWFilter,
            libvirt.virStoragePool,
            libvirt.virStorageVol,
            libvirt.virStream,
        )
    },
    LibvirtHypervisor: lambda name: not name.startswith("_"),
    LocalImages: {"fetch", "delete"}.__contains__,
    Incoming: {"write", "flush", "become"}.__contains__,
    Leases: {"_take", "_leave"}.__contains__,
    DefaultDialect: {"do_begin", "do_commit"}.__contains__,
}


class Moments:
    """Notes each moment in ``log``, and ends the process without mercy at the one named ``last``."""

    def __init__(self, *, log: Path | None = None, last: str | None = None) -> None:
        self._log, self._last = log, last
        self._calls: collections.Counter[str] = collections.Counter()

    def watch(self) -> None:
        """Watch this process from now on. For processes that only live for this: nothing is put back."""
        for class_, watched in _WATCHED.items():
            for name, call in list(vars(class_).items()):
                if callable(call) and watched(name):
                    setattr(class_, name, self._watched(f"{class_.__name__}.{name}", call))

    def _watched(self, name: str, call: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
        @functools.wraps(call)
        def watched(*args: t.Any, **kwargs: t.Any) -> t.Any:
            self._calls[name] += 1
            number = self._calls[name]
            self._reached(f"before {name} {number}")
            result = call(*args, **kwargs)
            self._reached(f"after {name} {number}")
            return result

        return watched

    def _reached(self, moment: str) -> None:
        if self._log is not None:
            with self._log.open("a", encoding="utf-8") as log:
                log.write(f"{moment}\n")
        if moment == self._last:
            os.kill(os.getpid(), signal.SIGKILL)


def gaps(log: Path) -> list[tuple[str, ...]]:
    """The moments of a log, those together between which nothing happened: one of them stands for all."""
    found: list[list[str]] = [[]]
    for moment in log.read_text(encoding="utf-8").splitlines():
        if found[-1] and found[-1][-1].startswith("before ") and moment == f"after {found[-1][-1][len('before ') :]}":
            found.append([])
        found[-1].append(moment)
    return [tuple(gap) for gap in found]


def committing(runs: t.Mapping[str, t.Sequence[tuple[str, ...]]]) -> dict[str, list[str]]:
    """Of the gaps of several runs, those next to a commit to the database; one moment for each."""
    return {
        run: [gap[0] for gap in found if any(".do_commit " in moment for moment in gap)] for run, found in runs.items()
    }


def called(moment: str) -> str:
    """A moment without the number of its call; each commit to the database counts for itself."""
    return moment if ".do_commit " in moment else moment.rpartition(" ")[0]


def chosen(runs: t.Mapping[str, t.Sequence[tuple[str, ...]]]) -> dict[str, list[str]]:
    """Of the gaps of several runs, as few as have a moment before and one after each call; one moment for each gap."""
    picked: dict[str, list[str]] = {run: [] for run in runs}
    open_ = {name: {called(moment) for gap in found for moment in gap} for name, found in runs.items()}
    for wanted in sorted(set().union(*open_.values())):
        having = [run for run in runs if wanted in open_[run]]
        if not having:
            continue
        run = min(having, key=lambda name: len(picked[name]))
        gap = max(
            (gap for gap in runs[run] if wanted in map(called, gap)),
            key=lambda gap: len(open_[run] & set(map(called, gap))),
        )
        picked[run].append(gap[0])
        for names in open_.values():
            names -= {called(moment) for moment in gap}
    return picked
