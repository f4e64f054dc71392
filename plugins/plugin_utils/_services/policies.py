# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""From policies to the documents by which their snapshots are taken and removed."""

from __future__ import annotations

import datetime
import typing as t

from ...module_utils._kinds.volume_snapshot import VOLUME_SNAPSHOT
from ...module_utils._schema.errors import CairnError
from ...module_utils._schema.validation import Document
from .._core.resource import Resource
from .._core.retention import Made, Policy, Work, work
from .._core.schedule import parse
from .._ports.store import Transaction
from .rules.volume_snapshot_policy import time_zone

_LONGEST_NAME = 63


class Policies:
    """The policies and the snapshots that there are, as one transaction finds them.

    ``problems`` are those of policies that nothing can be done by; the others know nothing of them.
    """

    def __init__(self, tx: Transaction) -> None:
        self.problems: list[CairnError] = []
        self._policies = {one.id: one for one in tx.select("volume_snapshot_policy")}
        self._snapshots = {one.id: one for one in tx.select("volume_snapshot")}
        wanted = {one.spec["volume"] for one in self._policies.values()}
        volumes = tx.select("volume", ids=wanted) if wanted else []
        # One that was never attached has no file yet.
        self._volumes = {one.id: one for one in volumes if one.spec.get("storage")}
        self._known = [*self._understood()]

    def _understood(self) -> t.Iterator[Policy]:
        for one in self._policies.values():
            if one.spec["volume"] in self._volumes:
                try:
                    yield _policy(one)
                except CairnError as error:
                    self.problems.append(error)

    def work(self, now: str, assumed: t.Iterable[str] = ()) -> Work:
        """What is to be done; of policies ``assumed`` as if their snapshots had been taken just now."""
        at = moment(now)
        made = [
            Made(one.id, one.spec.get("policy"), moment(one.created), bool(one.status.get("taken")))
            for one in self._snapshots.values()
        ]
        made += [Made("", policy, at) for policy in assumed]
        return work(self._known, made, at)

    def take(self, policy: str, now: str) -> Document:
        """The document of a new snapshot."""
        made = self._policies[policy]
        volume = self._volumes[made.spec["volume"]]
        stamp = f"-{made.spec['interval_type']}-{now.replace(':', '')}"
        name = volume.name
        if len(name + stamp) > _LONGEST_NAME:
            # With a part of its id, since the beginning of a name may be that of others.
            name = f"{name[: _LONGEST_NAME - len(stamp) - 9]}-{volume.id[:8]}"
        spec = {"name": name + stamp, "zone": volume.spec["zone"], "volume": volume.id, "policy": policy}
        return Document(VOLUME_SNAPSHOT, name + stamp, spec, owner=_owner(volume))

    def again(self, snapshot: str) -> Document:
        """The document by which a snapshot that did not come about is taken up again."""
        return Document(VOLUME_SNAPSHOT, self._snapshots[snapshot].name, {}, id=snapshot)

    def remove(self, snapshot: str) -> Document:
        return Document(VOLUME_SNAPSHOT, self._snapshots[snapshot].name, {}, state="absent", id=snapshot)


def moment(written: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(written)


def _policy(policy: Resource) -> Policy:
    spec, zone = policy.spec, time_zone(policy.spec["time_zone"])
    if zone is None:
        told = f"there is no time zone '{spec['time_zone']}' here any more; install package tzdata, or name another one"
        raise CairnError(f"{policy.label}: {told}")
    since = max(moment(policy.created), moment(policy.status.get("last") or policy.created))
    return Policy(
        policy.id, spec["volume"], parse(spec["interval_type"], spec["schedule"]), zone, spec["max_snaps"], since
    )


def _owner(resource: Resource) -> dict[str, str | None]:
    owner = resource.owner
    return {"domain": owner.domain, "account": owner.account, "project": owner.project or None}
