# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""One of several processes that work on one database at the same time; a script that ``START`` starts.

``URL allocate NUMBER ROUNDS`` makes instances with cards, under names of which some are also wanted by others, and
prints what it got as JSON. ``URL hold KEY`` takes a lease, says so, and keeps it until it is killed. ``URL count KEY
FILE ROUNDS`` adds to the number in a file, each time under the lease.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from pathlib import Path

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import Conflict
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.store import SqlStore, open_store

NETWORK = "the-network"
ADDRESSES = [f"10.0.{high}.{low}" for high in range(4) for low in range(256)]


def ensure_network(store: SqlStore) -> None:
    with store.transaction(commit=True) as tx:
        if tx.get(NETWORK) is None:
            tx.insert(Resource(NETWORK, "network", "net", {}))
            tx.add_addresses(NETWORK, NETWORK, ADDRESSES)


def allocate(store: SqlStore, number: str, rounds: str) -> None:
    ensure_network(store)
    won, cards = [], []
    for turn in range(int(rounds)):
        for name in (f"shared{turn}", f"own{number}x{turn}"):
            instance = Resource(str(uuid.uuid4()), "instance", name, {"networks": [NETWORK]})
            try:
                with store.transaction(commit=True) as tx:
                    ip = tx.take_address(NETWORK)
                    tx.insert(instance)
                    card = tx.add_nic(instance.id, NETWORK, 0, ip)
            except Conflict:
                continue
            won.append(name)
            cards.append((card.mac, card.ip))
    print(json.dumps({"won": won, "cards": cards}))


def hold(store: SqlStore, key: str) -> None:
    with store.lease(key, 30):
        print("held", flush=True)
        time.sleep(600)


def count(store: SqlStore, key: str, path: str, rounds: str) -> None:
    for _turn in range(int(rounds)):
        with store.lease(key, 120):
            found = int(Path(path).read_text())
            time.sleep(0.001)
            Path(path).write_text(str(found + 1))


if __name__ == "__main__":
    opened = open_store(sys.argv[1], kinds=KINDS, create=True, clock=lambda: "2026-01-01T00:00:00Z", timeout=120.0)
    {"allocate": allocate, "hold": hold, "count": count}[sys.argv[2]](opened, *sys.argv[3:])
    opened.close()
