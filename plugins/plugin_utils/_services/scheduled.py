# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the timer does: snapshots that policies say are due are taken, then those that are too many are removed."""

from __future__ import annotations

import contextlib
import typing as t

from ...module_utils._schema.errors import Busy, CairnError
from ...module_utils._schema.validation import Document
from .._core.report import Report
from .._ports.ambient import Clock
from .._ports.store import Store
from .policies import Policies
from .result import Result, together
from .rules.snapshots import Awaited

Apply = t.Callable[[list[Document]], Result]
_LEASE = "snapshots"


def scheduled_snapshots(store: Store, clock: Clock, apply: Apply, *, check: bool) -> Result:
    """Nobody waits for another who does the same: whatever is due by then is due at the next look, too."""
    if check:
        busy = store.holder(_LEASE)
        return _elsewhere(busy) if busy else _take_and_remove(store, clock(), apply, check=True)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(store.lease(_LEASE, 0))
        except Busy as error:
            return _elsewhere(error.by)
        return _take_and_remove(store, clock(), apply, check=False)


def _elsewhere(by: str) -> Result:
    told = f"{by} is taking the snapshots of policies; nothing was done here, and what is left is due at the next look"
    return Result(Report(warnings=[told]))


def _take_and_remove(store: Store, now: str, apply: Apply, *, check: bool) -> Result:
    """Each is a run of its own: what cannot be done for one volume keeps no other from being done."""
    there = _policies(store)
    due = there.work(now)
    documents = [*(there.take(policy, now) for policy in due.due), *map(there.again, due.again)]
    results = [Result(Report(), [], there.problems), *(_alone(document, apply) for document in documents)]
    there = _policies(store)
    surplus = there.work(now, due.due if check else ()).surplus
    results += [_alone(there.remove(snapshot), apply) for snapshot in surplus]
    return together(results)


def _policies(store: Store) -> Policies:
    with store.reading() as tx:
        return Policies(tx)


def _alone(document: Document, apply: Apply) -> Result:
    try:
        return apply([document])
    except Awaited as error:
        return Result(Report(warnings=[f"{error.sentence}; until then it stays"]))
    except CairnError as error:
        return Result(Report(), [], [error])
