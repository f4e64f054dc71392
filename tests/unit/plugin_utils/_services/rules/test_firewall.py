# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Firewall rules of isolated networks: what may be asked for, and what follows."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.lab import Lab
from support.lab import document as doc
from support.routed import SOURCE, routed


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (doc("firewall", port=1), "field ip_address: it is missing; a rule of type ingress needs it"),
        (doc("firewall", type="egress", port=1), "field network: it is missing; a rule of type egress needs it"),
        (
            doc("firewall", ip_address=SOURCE, network="net1", port=1),
            "field network: its address is of network 'inside'",
        ),
        (
            doc("firewall", type="egress", ip_address=SOURCE, network="inside"),
            "a rule of type egress has none; leave it",
        ),
        (doc("firewall", ip_address=SOURCE, protocol="all"), "field protocol: all is for rules of type egress"),
        (doc("firewall", type="egress", network="net1"), "network 'net1' has no router; name an isolated network"),
        (doc("firewall", ip_address=SOURCE, cidrs=["2001:db8::/32"]), "field cidrs: 2001:db8::/32 is not IPv4"),
        (doc("firewall", ip_address=SOURCE, protocol="icmp", port=1), "field start_port: icmp has none; leave it out"),
        (doc("firewall", ip_address=SOURCE, port=9, end_port=8), "field end_port: 8 is less than start_port, 9"),
    ],
)
def test_refusals(lab: Lab, document: Document, sentence: str) -> None:
    lab.must(*routed())
    lab.must_refuse(document, sentence)


@pytest.mark.parametrize(
    ("fields", "stored"),
    [
        ({"ip_address": SOURCE, "port": 22}, {"end_port": 22, "cidrs": ["0.0.0.0/0"], "network": "inside"}),
        ({"ip_address": SOURCE, "protocol": "icmp"}, {"icmp_type": -1, "icmp_code": -1}),
        (
            {"type": "egress", "network": "inside", "protocol": "all", "cidrs": "10.1.1.2/32"},
            {"cidrs": ["10.1.1.2/32"]},
        ),
    ],
)
def test_a_rule_comes_and_goes(lab: Lab, fields: dict[str, t.Any], stored: dict[str, t.Any]) -> None:
    lab.must(*routed())
    before = lab.host().configurations.copy()
    assert lab.must(doc("firewall", "it", **fields), whole=False).changed
    assert stored.items() <= lab.one("firewall", "it").items()
    assert lab.host().configurations != before
    assert not lab.must(doc("firewall", "it", **fields), whole=False).changed
    lab.must(doc("firewall", "it", state="absent"), whole=False)
    assert lab.host().configurations == before
