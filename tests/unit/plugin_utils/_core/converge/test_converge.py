# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What is wanted of hosts follows from the focus alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge import CONVERGE, wanted
from support.wanted import H1, WEB, desired, ident, made, on_host, small


def test_only_known_kinds_converge() -> None:
    assert CONVERGE.keys() <= KINDS.keys()


def test_a_zone_or_an_offering_wants_nothing_of_any_host() -> None:
    assert wanted(desired([ident("zone", "z1"), ident("service_offering", "small"), "gone"])) == {}


def test_hosts_that_the_focus_does_not_concern_are_not_asked() -> None:
    other = made("host", "h2", zone="elsewhere", cluster="c2", url="test:///h2")
    assert wanted(desired([WEB], other)).keys() == {H1}


@given(st.sets(st.sampled_from(sorted(small()))))
def test_a_part_wants_nothing_that_the_whole_does_not(focus: set[str]) -> None:
    whole = on_host(desired())
    for part in wanted(desired(focus)).values():
        assert set(part.pools) <= set(whole.pools)
        assert set(part.bases) <= set(whole.bases)
        assert set(part.volumes) <= set(whole.volumes)
        assert set(part.domains) <= set(whole.domains)
        shapes = {shape.id: shape for shape in whole.networks}
        assert all(shape.leases <= shapes[shape.id].leases for shape in part.networks)
        assert not part.gone_domains + part.gone_networks + part.gone_pools + part.gone_leases


def test_a_complete_run_says_so() -> None:
    assert on_host(desired(complete=True)).complete
    assert not on_host(desired()).complete
