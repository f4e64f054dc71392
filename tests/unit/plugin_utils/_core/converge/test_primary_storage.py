# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Primary storage is a pool on each of its hosts."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge import wanted
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge.primary_storage import (
    directory,
    export,
    is_shared,
    pool_shape,
    serves,
    stays,
)
from support.wanted import H1, PS, Z1, changed, desired, ident, made, small


@pytest.mark.parametrize("url", ["file:///a/b", "file:///a/b/", "file:///a//b", "file:///a/./b"])
def test_one_directory_has_one_path(url: str) -> None:
    assert directory(url) == "/a/b"


def test_pool_shape() -> None:
    shape = pool_shape(small()[PS])
    assert (shape.id, shape.name, shape.path) == (PS, f"ps-{PS[:8]}", "/primary")


@pytest.mark.parametrize(
    ("spec", "served"),
    [
        ({"zone": Z1}, True),
        ({"zone": "other"}, False),
        ({"zone": Z1, "cluster": "c1"}, True),
        ({"zone": Z1, "cluster": "c2"}, False),
        ({"zone": Z1, "host": H1}, True),
        ({"zone": Z1, "host": "other"}, False),
    ],
)
def test_which_hosts_a_storage_serves(spec: dict[str, t.Any], served: bool) -> None:
    storage = made("primary_storage", "s", storage_url="file:///s", **spec)
    assert serves(storage, small()[H1]) == served


def test_a_pool_on_each_host_but_those_that_leave() -> None:
    other = made("host", "h2", zone=Z1, cluster="c1", url="test:///h2")
    assert wanted(desired([PS], other)).keys() == {H1, ident("host", "h2")}
    assert wanted(desired([PS], changed(H1, removing=True))) == {}


def test_a_storage_that_goes() -> None:
    (host,) = wanted(desired([PS], changed(PS, removing=True))).values()
    assert (host.pools, host.gone_pools) == ((), (PS,))


SHARED = {"storage_url": "SharedMountPoint:///mnt/a"}


def test_hosts_share_what_is_no_directory_of_their_own() -> None:
    own, common = small()[PS], changed(PS, **SHARED)
    assert (is_shared(own), is_shared(common)) == (False, True)
    assert (pool_shape(common).path, pool_shape(common).shared) == ("/mnt/a", True)
    assert stays(common, common)
    assert not stays(own, own)
    assert not stays(common, made("primary_storage", "b", **SHARED))
    assert not stays(common, None)


def test_a_shared_storage_goes_with_its_mark_and_a_host_leaves_it_as_it_is() -> None:
    (host,) = wanted(desired([PS], changed(PS, removing=True, **SHARED))).values()
    assert (PS, PS) in host.gone_owners
    (host,) = wanted(desired([H1], changed(PS, **SHARED), changed(H1, removing=True))).values()
    assert {pair for pair in host.gone_owners if pair[0] == PS} == {(PS, H1)}


def test_an_export_is_mounted_at_a_place_of_its_own() -> None:
    shape = pool_shape(changed(PS, storage_url="nfs://NAS.example.com/export//a/"))
    assert (shape.source, shape.path, shape.shared) == ("nas.example.com:/export/a", f"/mnt/{PS}", True)
    assert export("file:///a") == export("SharedMountPoint:///a") == ""
