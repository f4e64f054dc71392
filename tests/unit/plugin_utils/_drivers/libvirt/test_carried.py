# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""An object is ours when it carries a resource, and only then."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt import carried

FOREIGN = {
    "no metadata": "<domain/>",
    "empty metadata": "<domain><metadata/></domain>",
    "another's metadata": "<domain><metadata><a:b xmlns:a='https://example.org/a'>{}</a:b></metadata></domain>",
    "our namespace elsewhere": f"<domain><a:resource xmlns:a='{carried.NAMESPACE}'/></domain>",
    "another element of our namespace": f"<domain><metadata><a:b xmlns:a='{carried.NAMESPACE}'/></metadata></domain>",
}


@pytest.mark.parametrize("document", ['{"a": "<&>\\"\'é"}', "{}", ""])
def test_a_document_comes_back_as_it_was(document: str) -> None:
    root = ET.Element("domain")
    carried.add(root, document)
    xml = ET.tostring(root, encoding="unicode")
    assert carried.is_in(xml)
    assert carried.find(ET.fromstring(xml)) == document


@pytest.mark.parametrize("xml", FOREIGN.values(), ids=FOREIGN)
def test_other_objects_are_not_ours(xml: str) -> None:
    assert not carried.is_in(xml)
    assert carried.find(ET.fromstring(xml)) is None


def test_the_element_by_itself_has_no_prefix() -> None:
    assert carried.element("<") == "<resource>&lt;</resource>"


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        (carried.element("{}", keys="a"), True),
        (f"<cairn:resource xmlns:cairn='{carried.NAMESPACE}'>{{}}</cairn:resource>", True),
        ("<other/>", False),
        (f"<a:other xmlns:a='{carried.NAMESPACE}'/>", False),
    ],
)
def test_what_libvirt_gives_of_the_namespace_is_ours_by_its_name(text: str, ours: bool) -> None:
    assert carried.is_element(text) is ours
