# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Security groups and their rules: what may be asked for, and what follows."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.audit import audit
from support.lab import Lab
from support.lab import document as doc


def rule(name: str | None = None, /, **fields: t.Any) -> Document:
    return doc("security_group_rule", name, **{"security_group": "front"} | fields)


REFUSED: list[tuple[Document, str]] = [
    (rule(cidr=["10.0.0.0/8"], user_security_group="inside"), "field cidr: user_security_group says otherwise; give"),
    (rule(protocol="icmp", port=1), "field start_port: icmp has none; leave it out"),
    (rule(icmp_type=8), "field icmp_type: tcp has none; leave it out"),
    (rule(protocol="all", end_port=8), "field end_port: all has none; leave it out"),
    (rule(end_port=8), "field start_port: it is missing; end_port makes sense only with it"),
    (rule(start_port=9, end_port=8), "field end_port: 8 is less than start_port, 9; give the lower one first"),
    (rule(protocol="icmp", icmp_code=0), "field icmp_code: it makes sense only with icmp_type; give that too, or"),
    (rule(user_security_group="nobody"), "field user_security_group: security group 'nobody' not found"),
    (doc("security_group", "inside", state="absent"), "it is still used by instance 'web1', instance 'web2'; remove"),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:50] for _document, sentence in REFUSED])
def test_refusals(cloud: Lab, document: Document, sentence: str) -> None:
    cloud.must_refuse(document, sentence)


@pytest.mark.parametrize(
    ("fields", "stored"),
    [
        ({"port": 22}, {"start_port": 22, "end_port": 22, "cidr": ["0.0.0.0/0"], "name": "ingress tcp 22"}),
        ({"protocol": "icmp"}, {"icmp_type": -1, "icmp_code": -1, "name": "ingress icmp"}),
        (
            {"cidr": ["10.1.0.0/16", "10.0.0.0/16"], "type": "egress"},
            {"cidr": ["10.0.0.0/16", "10.1.0.0/16"], "name": "egress tcp 10.0.0.0_16 10.1.0.0_16"},
        ),
        ({"user_security_group": "inside", "protocol": "all"}, {"name": "ingress all inside"}),
    ],
)
def test_a_rule_is_named_after_what_it_says(founded: Lab, fields: dict[str, t.Any], stored: dict[str, t.Any]) -> None:
    founded.must(doc("security_group", "front"), doc("security_group", "inside"))
    founded.must(rule(**fields), whole=False)
    assert not founded.must(rule(**fields), whole=False).changed
    (found,) = founded.read("security_group_rule")
    assert stored.items() <= found.items()
    founded.must(rule(**fields, state="absent"), whole=False)
    assert founded.read("security_group_rule") == []


def test_what_a_change_names_takes_the_place_of_the_rest(founded: Lab) -> None:
    founded.must(doc("security_group", "front"), doc("security_group", "inside"), rule("one", port=22))
    for fields, kept in (
        ({"user_security_group": "inside"}, (22, 22, None, "inside", None)),
        ({"port": 23}, (23, 23, None, "inside", None)),
        ({"cidr": "10.0.0.0/8"}, (23, 23, ["10.0.0.0/8"], None, None)),
        ({"protocol": "icmp", "icmp_type": 8}, (None, None, ["10.0.0.0/8"], None, 8)),
    ):
        founded.must(rule("one", **fields), whole=False)
        found = founded.one("security_group_rule", "one")
        names = ("start_port", "end_port", "cidr", "user_security_group", "icmp_type")
        assert tuple(found.get(name) for name in names) == kept


@pytest.mark.parametrize("whole", [True, False])
def test_a_group_goes_with_its_rules(cloud: Lab, whole: bool) -> None:
    cloud.must(*(doc("instance", name, security_groups=[]) for name in ("web1", "web2")), whole=whole)
    cloud.must(doc("security_group", "inside", state="absent"), whole=whole)
    cloud.must(doc("security_group", "front", state="absent"), whole=whole)
    assert cloud.read("security_group_rule") == []
    assert audit(cloud) == []
    assert not cloud.drift().changed


def test_a_group_that_a_rule_is_about_stays(cloud: Lab) -> None:
    cloud.must(doc("security_group", "new"), rule(protocol="all", user_security_group="new"))
    told = cloud.refusal(doc("security_group", "new", state="absent"))
    assert told == "security group 'new': it is still used by security group rule 'ingress all new'; remove that first"
