# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What others changed is told by a look at the store, whichever way it is looked at."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.gather import everything
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.others import Others
from support.lab import Lab
from support.lab import document as doc

# What another run does, whether that is a change of instance web1 or its volumes, and whether of itself.
DONE: list[tuple[list[Document], bool, bool]] = [
    ([], False, False),
    ([doc("instance", "web2", state="stopped")], False, False),
    ([doc("zone", "z1", dns1="192.0.2.77")], False, False),
    ([doc("instance_snapshot", "now", vm="web1")], False, False),
    ([doc("instance", "web1", state="stopped")], True, True),
    ([doc("instance", "web1", tags={"a": "b"})], True, True),
    ([doc("instance", "web1", state="absent")], True, True),
    ([doc("volume", "data", state="detached")], True, False),
    ([doc("volume_snapshot", "before", state="reverted", force=True)], True, False),
    ([doc("volume", "spare", vm="web1")], True, False),
]


@pytest.mark.parametrize(("documents", "changed", "itself"), DONE)
@pytest.mark.parametrize("whole", [True, False])
def test_changes(cloud: Lab, documents: list[Document], changed: bool, itself: bool, whole: bool) -> None:
    with cloud.store() as store, store.reading() as tx:
        known = everything(tx)
    web = cloud.one("instance", "web1")
    host = next(one.id for one in known.of("host") if one.name == web["host"])
    if documents:
        cloud.must(*documents, whole=whole)
    with cloud.store() as store:
        others = Others(store)
        assert others.changed(web["id"], known) is changed
        assert others.changed_itself(web["id"], known) is itself
        assert (web["id"] in others.changed_on(host, [web["id"], host, "of nobody"], known)) is changed
        for group in (host, "of nobody"):
            assert not others.changed(group, known)
            assert not others.changed_itself(group, known)


def test_what_a_run_removes_is_its_own(cloud: Lab) -> None:
    web = cloud.one("instance", "web1")
    with cloud.store() as store, store.transaction(commit=True) as tx:
        tx.mark_removing(web["id"])
        for volume in tx.select("volume", parent=web["id"]):
            tx.mark_removing(volume.id)
        for volume in tx.referrers(web["id"]):
            tx.update(volume.with_spec(vm=None))
    with cloud.store() as store, store.reading() as tx:
        known = everything(tx)
    with cloud.store() as store:
        assert not Others(store).changed(web["id"], known)
        assert not Others(store).changed_itself(web["id"], known)
