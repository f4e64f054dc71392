# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of service offerings: fixed ones name their size, customized ones do not."""

from __future__ import annotations

import dataclasses as dc

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.lab import Lab
from support.lab import document as doc

REFUSED: list[tuple[Document, str]] = [
    (doc("service_offering", "new", cpu_number=1), "field memory: it is missing; an offering needs it unless is_custo"),
    (
        doc("service_offering", "new", is_customized=True, cpu_number=1),
        "field cpu_number: a customized offering leaves it to its instances; leave it out",
    ),
    (doc("service_offering", "small", memory=1024), "field memory: it cannot change once the service offering exists"),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:50] for _document, sentence in REFUSED])
def test_refusals(cloud: Lab, document: Document, sentence: str) -> None:
    cloud.must_refuse(document, sentence)


@pytest.mark.parametrize("sort", ["L2", "Isolated"])
def test_only_shared_networks_are_public(founded: Lab, sort: str) -> None:
    founded.must_refuse(
        doc("network_offering", "public", guest_ip_type=sort, traffic_type="PUBLIC"),
        "field traffic_type: only shared networks hand out public addresses",
    )


def test_an_offering_of_an_earlier_release_can_be_changed(founded: Lab) -> None:
    with founded.store() as store, store.transaction(commit=True) as tx:
        (offering,) = tx.select("network_offering")
        earlier = {name: value for name, value in offering.spec.items() if name != "traffic_type"}
        tx.update(dc.replace(offering, spec=earlier))
    assert founded.must(doc("network_offering", "shared", display_text="For all"), whole=False).changed
    assert founded.must(doc("network", "more", network_offering="shared", cidr="10.9.0.0/24")).changed
