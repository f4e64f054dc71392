# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A snapshot is a file beside its volume's, of what the volume is just then."""

from __future__ import annotations

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.desired import Desired
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import SnapshotWanted
from support.wanted import H1, PS, ROOT, WEB, Z1, changed, desired, ident, made, on_host, small

ONE = ident("volume_snapshot", "one")


def state(*changes: object, volume: str | None = ROOT, **status: object) -> Desired:
    one = made("volume_snapshot", "one", zone=Z1, volume=volume, storage=PS, host=H1, status=dict(status))
    return desired([ONE], one, *changes)  # type: ignore[arg-type]


def test_it_stands_and_falls_with_its_volumes_instance() -> None:
    host = on_host(state())
    assert host.snapshots == (SnapshotWanted(ONE, PS, f"volume_snapshot-{ONE}.qcow2", f"volume-{ROOT}.qcow2"),)
    assert host.groups == {ONE: WEB}
    assert [pool.id for pool in host.pools] == [PS]


def test_it_is_of_the_file_that_the_volume_has_now() -> None:
    (one,) = on_host(state(changed(WEB, revision=2), changed(ROOT, revision=1), taken=True)).snapshots
    assert (one.volume, one.taken) == (f"volume-{ROOT}-r3.qcow2", True)


def test_a_volume_that_is_gone_or_goes_cannot_be_copied() -> None:
    for found in (state(volume=None), state(changed(ROOT, removing=True))):
        (one,) = on_host(found).snapshots
        assert one.volume is None


def test_what_goes_waits_for_all_that_may_be_a_copy_of_it() -> None:
    host = on_host(state(small()[ROOT], state().resources[ONE].with_removing()))
    assert (host.snapshots, host.gone_owners, host.groups) == ((), {("", ONE)}, {})
