# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Subnets hand out hosts' addresses and nothing else; MACs are unique and locally administered."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.address import (
    Subnet,
    addresses,
    check_range,
    mac,
    number,
    overlaps,
    serial,
    subnet,
)


@st.composite
def subnets(draw: st.DrawFn) -> Subnet:
    prefix = draw(st.integers(20, 29))
    start = draw(st.integers(0, (1 << prefix) - 1)) << (32 - prefix)
    net = ipaddress.IPv4Network((start, prefix))
    gateway = draw(st.none() | st.integers(1, net.num_addresses - 2).map(lambda n: str(net[n])))
    return subnet(str(net), gateway, None)


@given(subnets(), st.data())
def test_ranges_hold_hosts_addresses_only(within: Subnet, data: st.DataObject) -> None:
    net = ipaddress.IPv4Network(within.cidr)
    first, last = sorted(data.draw(st.tuples(*[st.integers(1, net.num_addresses - 2)] * 2)))
    start, end = str(net[first]), str(net[last])
    check_range(within, start, end)
    found = addresses(within, start, end)
    assert not {str(net[0]), str(net[-1]), within.gateway} & set(found)
    assert set(found) | {within.gateway} == {str(net[n]) for n in range(first, last + 1)} | {within.gateway}
    assert [number(one) for one in found] == sorted({number(one) for one in found})


@given(subnets())
def test_a_whole_subnet_is_all_of_it_but_three(within: Subnet) -> None:
    assert len(addresses(within)) == ipaddress.IPv4Network(within.cidr).num_addresses - 3


@given(subnets(), st.integers(0, (1 << 32) - 1), st.integers(0, (1 << 32) - 1))
def test_what_is_not_a_range_of_the_subnet_is_refused(within: Subnet, one: int, other: int) -> None:
    hosts = list(ipaddress.IPv4Network(within.cidr).hosts())
    start, end = ipaddress.IPv4Address(one), ipaddress.IPv4Address(other)
    if start > end or start not in hosts or end not in hosts:
        with pytest.raises(ValueError, match=r"; (swap them|give one of it)$"):
            check_range(within, str(start), str(end))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (("10.1.1.0/24", None, None), ("10.1.1.0/24", "10.1.1.1", "255.255.255.0")),
        (("10.1.1.0/24", "10.1.1.254", "255.255.255.0"), ("10.1.1.0/24", "10.1.1.254", "255.255.255.0")),
        ((None, "10.1.1.9", "255.255.255.248"), ("10.1.1.8/29", "10.1.1.9", "255.255.255.248")),
    ],
)
def test_subnet(given: tuple[str | None, ...], wanted: tuple[str, str, str]) -> None:
    assert subnet(*given) == Subnet(*wanted)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ((None, None, None), "a shared network needs its subnet; give cidr, or gateway and netmask"),
        ((None, "10.1.1.1", None), "a shared network needs its subnet; give cidr, or gateway and netmask"),
        (("10.1.1.0/24", None, "255.255.0.0"), "netmask 255.255.0.0 is not that of 10.1.1.0/24; leave it out"),
        (("10.1.1.0/24", "10.2.1.1", None), "gateway 10.2.1.1 is not a host's address of 10.1.1.0/24; give one of it"),
        (("10.1.1.0/24", "10.1.1.0", None), "gateway 10.1.1.0 is not a host's address of 10.1.1.0/24; give one of it"),
        (
            (None, "10.1.1.255", "255.255.255.0"),
            "gateway 10.1.1.255 is not a host's address of 10.1.1.0/24; give one of it",
        ),
    ],
)
def test_subnets_that_make_no_sense(given: tuple[str | None, ...], sentence: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011
        subnet(*given)
    assert str(error.value) == sentence


@given(subnets(), subnets())
def test_overlaps_is_to_share_an_address(one: Subnet, other: Subnet) -> None:
    first, second = ipaddress.IPv4Network(one.cidr), ipaddress.IPv4Network(other.cidr)
    shared = max(first[0], second[0]) <= min(first[-1], second[-1])
    assert overlaps(one.cidr, other.cidr) == overlaps(other.cidr, one.cidr) == shared


@given(st.integers(0, 65535), st.integers(1, (1 << 24) - 1), st.integers(1, (1 << 24) - 1))
def test_macs_are_unique_local_and_of_one_card(installation: int, one: int, other: int) -> None:
    text = mac(installation, one)
    first = int(text.split(":")[0], 16)
    assert (first & 0b10, first & 0b01) == (0b10, 0)
    assert (text == mac(installation, other)) == (one == other)
    assert text != mac(installation ^ 1, one)
    assert len(text) == 17


@pytest.mark.parametrize("serial", [0, -1, 1 << 24])
def test_there_are_only_so_many_macs(serial: int) -> None:
    with pytest.raises(ValueError, match="beyond the 16777215"):
        mac(0, serial)


def test_a_mac_says_what_it_was_made_of() -> None:
    assert serial(mac(513, 70000)) == (513, 70000)
    assert serial("52:54:00:00:00:01") == (-1, 0)
