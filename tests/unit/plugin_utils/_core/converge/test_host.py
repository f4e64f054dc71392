# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A host has its pools, and nothing of ours once it leaves."""

from __future__ import annotations

import pytest

from support.wanted import H1, NET, PS, TINY, changed, desired, made, on_host


def test_a_host_has_the_pools_that_serve_it() -> None:
    elsewhere = made("primary_storage", "other", zone="z2", storage_url="file:///other")
    assert [pool.id for pool in on_host(desired([H1], elsewhere)).pools] == [PS]


@pytest.mark.parametrize("gone", [H1, PS])
def test_what_leaves_takes_its_pool_copies_and_record_along(gone: str) -> None:
    wanted = on_host(desired([H1], changed(gone, removing=True)))
    assert (wanted.pools, wanted.gone_pools) == ((), (PS,))
    assert wanted.gone_owners == {(PS, TINY), (PS, H1)}


def test_a_host_that_leaves_gives_up_its_networks() -> None:
    assert on_host(desired([H1], changed(H1, removing=True))).gone_networks == (NET,)
    assert on_host(desired([H1])).gone_networks == ()
