# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What a run works by, read once more when it has waited for images: others may have stored something since."""

from __future__ import annotations

import typing as t

from .._core.desired import Desired
from .._ports.store import Store, Transaction
from .converge import Converger
from .outcome import HostOutcome

# As often as others bring in images again and again.
_ROUNDS = 5

See = t.Callable[[Transaction], Desired]


def renew(store: Store, converger: Converger, desired: Desired, see: See) -> tuple[HostOutcome, Desired]:
    """See to images, and return what became of them, and what is wanted now."""
    images = HostOutcome()
    for _round in range(_ROUNDS):
        known = len(images.plan.steps)
        converger.fetch(desired, images, check=False)
        if len(images.plan.steps) == known:
            break
        with store.reading() as tx:
            desired = see(tx)
        images.waiting = [step for step in images.waiting if step.resource in desired.resources]
    return images, desired
